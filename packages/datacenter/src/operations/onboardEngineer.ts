import { decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { Schema } from "effect"
import { Environment } from "../Component.ts"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { lockboxMail, outcomeOf } from "../Happening.ts"
import { Service } from "../Service.ts"
import {
  calendarLater,
  ScreeningKind,
  type ServiceTeamAccount,
  screeningsFor,
} from "../ServiceTeamAccount.ts"
import { type DatacenterWorld, engineerOf } from "../State.ts"
import { callerOf, engineerAlias } from "./caller.ts"

const OnboardEngineer = Schema.Struct({
  engineer: Schema.NonEmptyString.annotate({ description: "Alias of the new colleague" }),
  displayName: Schema.NonEmptyString.annotate({ description: "Name" }),
  team: Schema.NonEmptyString.annotate({ description: "Service team" }),
  services: Schema.NonEmptyArray(Service).annotate({
    description: "Services whose assets the person may ask for",
  }),
  environment: Schema.optionalKey(Environment).annotate({
    description: "Cloud environment; worldwide when absent",
  }),
  screenings: Schema.Array(ScreeningKind).annotate({ description: "Checks that were passed" }),
  backgroundCheck: Schema.Boolean.annotate({
    description: "true: the cloud background check was passed now",
  }),
  training: Schema.Boolean.annotate({ description: "true: the training was done now" }),
})

interface OnboardingFacets {
  readonly missingScreening: string
  readonly hasBackgroundCheck: boolean
  readonly hasTraining: boolean
  readonly isAuthorisedManager: boolean
  readonly isNew: boolean
}

const notEligible = { code: "NotEligible", message: "The account cannot be created." }

/** In the order of DCO-027; any missing condition means no account. */
const onboardingGates = [
  gate<OnboardingFacets>()({
    name: "personnel-screening",
    facts: ["DCO-027", "DCO-037"],
    reads: ["missingScreening"],
    check: ({ missingScreening }) =>
      missingScreening === ""
        ? pass("Every screening that the environment demands was passed.")
        : deny(
            "A screening that the environment demands is missing.",
            { missingScreening },
            notEligible,
          ),
  }),
  gate<OnboardingFacets>()({
    name: "background-check",
    facts: ["DCO-027", "DCO-028"],
    reads: ["hasBackgroundCheck"],
    check: ({ hasBackgroundCheck }) =>
      hasBackgroundCheck
        ? pass("The cloud background check was passed.")
        : deny("The cloud background check was not passed.", { hasBackgroundCheck }, notEligible),
  }),
  gate<OnboardingFacets>()({
    name: "training",
    facts: ["DCO-027", "DCO-029"],
    reads: ["hasTraining"],
    check: ({ hasTraining }) =>
      hasTraining
        ? pass("The training for the role was done.")
        : deny("The training for the role was not done.", { hasTraining }, notEligible),
  }),
  gate<OnboardingFacets>()({
    name: "authorised-manager",
    facts: ["DCO-027"],
    reads: ["isAuthorisedManager"],
    check: ({ isAuthorisedManager }) =>
      isAuthorisedManager
        ? pass("An authorised manager approves the account.")
        : deny(
            "Only an authorised manager approves an account.",
            { isAuthorisedManager },
            notEligible,
          ),
  }),
  gate<OnboardingFacets>()({
    name: "new-account",
    facts: ["DCO-022"],
    reads: ["isNew"],
    check: ({ isNew }) =>
      isNew
        ? pass("The person has no service team account yet.")
        : deny("Each person has one service team account.", { isNew }, notEligible),
  }),
] as const

/** SM-7 from nothing to Active; the account holds no right but to read system metadata (DCO-015). */
export const onboardEngineer = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof OnboardEngineer.fields
>({
  name: "onboard-engineer",
  summary: "A manager approves a service team account after screening and training.",
  params: OnboardEngineer,
  facts: ["DCO-015", "DCO-027", "DCO-041"],
  decide: ({ world, actor, now }, params) => {
    const by = engineerAlias(actor)
    const manager = engineerOf(world, by)
    const alias = params.engineer.toLowerCase()
    const environment = params.environment ?? "worldwide"
    const decision = decideByGates(onboardingGates, {
      missingScreening:
        screeningsFor[environment].find((it) => !params.screenings.includes(it)) ?? "",
      hasBackgroundCheck: params.backgroundCheck,
      hasTraining: params.training,
      isAuthorisedManager:
        manager?.state === "Active" && manager.isAuthorisedManager && by !== alias,
      isNew: engineerOf(world, alias) === undefined,
    })
    const { settings } = world.datacenter
    const account: ServiceTeamAccount = {
      id: alias,
      displayName: params.displayName,
      team: params.team,
      manager: by === "" ? "none" : by,
      state: "Active",
      isAuthorisedManager: false,
      isSecurityResponder: false,
      eligibilities: params.services.map((service) => ({ service, environment })),
      lockboxRoles: [],
      approverFor: [],
      screenings: params.screenings,
      screeningValidUntil: calendarLater(now, { years: settings.screeningYears }),
      trainingValidUntil: calendarLater(now, { months: settings.trainingMonths }),
      lastUsedAt: now,
      smartCards: params.services,
      isWorkstationCompliant: true,
      hasPhysicalAccess: false,
      standingPrivileges: [],
    }
    const isAllowed = decision.outcome === "allow"
    return conclude(world, now, {
      decision,
      events: isAllowed ? [{ _tag: "EngineerOnboarded", account }] : [],
      happenings: [
        {
          draft: {
            ...callerOf(actor),
            kind: "lifecycle",
            what: "onboard-engineer",
            ...outcomeOf(decision),
          },
        },
      ],
      output: isAllowed ? [{ id: alias, engineer: alias, state: "Active", privileges: 0 }] : [],
      mail: isAllowed
        ? [
            lockboxMail({
              to: account.manager,
              subject: "Service team account created",
              text: `${account.displayName} can now ask for roles; the account itself gives none.`,
            }),
          ]
        : [],
    })
  },
})
