import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
  unknown,
} from "@twin/kernel"
import { Result } from "effect"
import { appIds } from "../CloudApp.ts"
import {
  type ConditionalAccessPolicy,
  namedLocationLimit,
  policyLimit,
} from "../ConditionalAccessPolicy.ts"
import { groupOf, userOf } from "../directory.ts"
import { roleNameOf } from "../Role.ts"
import { parseDeviceFilter } from "../rules/deviceFilter.ts"
import type { IdentityWorld } from "../State.ts"
import { agreementOf } from "./evaluateAgreementChange.ts"

interface PolicyChangeFacets {
  readonly isPresent: boolean
  readonly beyondTheTwin: string
  readonly missing: string
  readonly unknownTarget: string
  readonly unknownTerms: string
  readonly passwordChange: "absent" | "fits" | "contradicts"
  readonly misfit: string
  readonly filterProblem: string
  readonly count: number
  readonly state: ConditionalAccessPolicy["state"]
  readonly securityDefaults: boolean
}

const policyGate = gate<PolicyChangeFacets>()

const bad = (message: string) => ({ code: "BadRequest", message })

const policyPresent = policyGate({
  name: "policy-present",
  facts: ["IDN-145"],
  reads: ["isPresent"],
  check: ({ isPresent }) =>
    isPresent
      ? pass("The organization has this policy.")
      : deny(
          "The organization has no such policy.",
          {},
          {
            code: "NotFound",
            message: "The policy was not found.",
          },
        ),
})

const policyModelled = policyGate({
  name: "policy-modelled",
  facts: ["IDN-160", "IDN-169"],
  reads: ["beyondTheTwin"],
  check: ({ beyondTheTwin }) =>
    beyondTheTwin === ""
      ? pass("Everything in the policy is something the twin can obey.")
      : unknown("The policy has conditions or controls that the twin does not model.", {
          beyondTheTwin,
        }),
})

const policyComplete = policyGate({
  name: "policy-complete",
  facts: ["IDN-151"],
  reads: ["missing"],
  check: ({ missing }) =>
    missing === ""
      ? pass("The policy has users, a target and a control.")
      : deny(
          "The policy lacks something without which it cannot be enforced.",
          { missing },
          bad(`Policy is missing ${missing}.`),
        ),
})

const targetsKnown = policyGate({
  name: "policy-targets",
  facts: ["IDN-155", "IDN-158"],
  reads: ["unknownTarget"],
  check: ({ unknownTarget }) =>
    unknownTarget === ""
      ? pass("Everybody the policy names is known.")
      : deny(
          "The policy names somebody the directory does not know.",
          { unknownTarget },
          bad(`Invalid value ${unknownTarget} in the users condition.`),
        ),
})

const termsKnown = policyGate({
  name: "policy-terms",
  facts: ["IDN-169", "IDN-280"],
  reads: ["unknownTerms"],
  check: ({ unknownTerms }) =>
    unknownTerms === ""
      ? pass("The tenant has the terms of use that the policy asks for, or it asks for none.")
      : deny(
          "The policy asks for terms of use that the tenant does not have.",
          { unknownTerms },
          bad(`Invalid value ${unknownTerms} in the termsOfUse grant control.`),
        ),
})

const passwordChangeFits = policyGate({
  name: "password-change",
  facts: ["IDN-170"],
  reads: ["passwordChange"],
  check: ({ passwordChange }) =>
    passwordChange === "contradicts"
      ? deny(
          "A password change goes only with a second factor, a user risk and all applications.",
          { passwordChange },
          bad("The passwordChange control needs mfa with AND, a user risk condition and all apps."),
        )
      : pass("The controls of the policy go together.", { passwordChange }),
})

const controlsFit = policyGate({
  name: "policy-controls",
  facts: ["IDN-174", "IDN-182"],
  reads: ["misfit"],
  check: ({ misfit }) =>
    misfit === ""
      ? pass("The controls go with the target of the policy.")
      : deny("A control does not go with the target of the policy.", { misfit }, bad(misfit)),
})

const deviceFilterReadable = policyGate({
  name: "device-filter",
  facts: ["IDN-168"],
  reads: ["filterProblem"],
  check: ({ filterProblem }) =>
    filterProblem === ""
      ? pass("The filter for devices can be read, or there is none.")
      : deny(
          "The filter for devices cannot be read.",
          { filterProblem },
          bad(`The device filter rule is invalid: ${filterProblem}`),
        ),
})

const policiesLeft = policyGate({
  name: "policy-limit",
  facts: ["IDN-152"],
  reads: ["count"],
  check: ({ count }) =>
    count < policyLimit
      ? pass("The tenant has room for the policy.", { count, policyLimit })
      : deny(
          "The tenant has as many policies as it can have.",
          { count, policyLimit },
          bad("The maximum number of policies has been reached."),
        ),
})

const securityDefaultsOff = policyGate({
  name: "security-defaults-off",
  facts: ["IDN-153"],
  reads: ["state", "securityDefaults"],
  check: ({ state, securityDefaults }) =>
    securityDefaults && state === "enabled"
      ? deny(
          "Conditional Access and security defaults cannot be used together.",
          { state, securityDefaults },
          bad(
            "Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a Conditional Access policy.",
          ),
        )
      : pass("Security defaults are not in the way.", { state, securityDefaults }),
})

const shape: GateRules<PolicyChangeFacets> = [
  policyModelled,
  policyComplete,
  targetsKnown,
  termsKnown,
  passwordChangeFits,
  controlsFit,
  deviceFilterReadable,
  securityDefaultsOff,
]
const createGates: GateRules<PolicyChangeFacets> = [...shape, policiesLeft]
const updateGates: GateRules<PolicyChangeFacets> = [policyPresent, ...shape]

const words: readonly string[] = ["All", "None", "GuestsOrExternalUsers"]

const missingPart = ({ conditions, grantControls, sessionControls }: ConditionalAccessPolicy) => {
  const { users, applications } = conditions
  const named = [users.includeUsers, users.includeGroups, users.includeRoles].flat()
  if (named.length === 0 && users.includeGuestsOrExternalUsers === undefined) return "users"
  const targets = [
    applications.includeApplications,
    applications.includeUserActions,
    applications.includeAuthenticationContexts ?? [],
  ].flat()
  if (targets.length === 0) {
    return "a target resource"
  }
  return grantControls === undefined && sessionControls === undefined ? "a control" : ""
}

const unknownTargetOf = (world: IdentityWorld, { conditions }: ConditionalAccessPolicy): string => {
  const { users } = conditions
  const people = [...users.includeUsers, ...users.excludeUsers]
  const groups = [...users.includeGroups, ...users.excludeGroups]
  const roles = [...users.includeRoles, ...users.excludeRoles]
  return (
    people.find((id) => !words.includes(id) && userOf(world, id) === undefined) ??
    groups.find((id) => groupOf(world, id) === undefined) ??
    roles.find((id) => roleNameOf(id) === undefined) ??
    ""
  )
}

const passwordChangeOf = (
  policy: ConditionalAccessPolicy,
): PolicyChangeFacets["passwordChange"] => {
  const grant = policy.grantControls
  if (grant?.builtInControls.includes("passwordChange") !== true) return "absent"
  const { conditions } = policy
  return grant.operator === "AND" &&
    grant.builtInControls.includes("mfa") &&
    conditions.userRiskLevels.length > 0 &&
    conditions.applications.includeApplications.includes("All")
    ? "fits"
    : "contradicts"
}

const filterProblemOf = ({ conditions }: ConditionalAccessPolicy): string => {
  if (conditions.deviceFilter === undefined) return ""
  const parsed = parseDeviceFilter(conditions.deviceFilter.rule)
  return Result.isSuccess(parsed)
    ? ""
    : `${parsed.failure.message} at character ${parsed.failure.at + 1}`
}

/** What enforces restrictions by itself, or holds the applications that do. */
const restrictingResources: readonly string[] = [
  appIds.exchangeOnline,
  appIds.sharePointOnline,
  "Office365",
]

/** A control that the target does not take; empty where all do (IDN-174, IDN-182). */
const misfitOf = ({ conditions, sessionControls, state }: ConditionalAccessPolicy): string => {
  const { includeApplications: apps, includeUserActions } = conditions.applications
  if (sessionControls?.persistentBrowser !== undefined && !apps.includes("All")) {
    return "The persistent browser session control works only with all cloud apps selected."
  }
  if (
    sessionControls?.applicationEnforcedRestrictions === true &&
    !apps.some((app) => app === "All" || restrictingResources.includes(app))
  ) {
    return "App enforced restrictions work with Exchange Online and SharePoint Online only."
  }
  return includeUserActions.length > 0 && state === "enabledForReportingButNotEnforced"
    ? "A policy on user actions cannot be report-only."
    : ""
}

/** Whether a policy may be saved. */
export const evaluatePolicyChange = (question: {
  readonly world: IdentityWorld
  readonly change: "create" | "update"
  readonly policy: ConditionalAccessPolicy
  readonly beyondTheTwin: readonly string[]
}): Decision => {
  const { world, change, policy, beyondTheTwin } = question
  const policies = world.identity.conditionalAccess
  return decideByGates(change === "create" ? createGates : updateGates, {
    isPresent: Object.hasOwn(policies, policy.id),
    beyondTheTwin: beyondTheTwin.join(", "),
    missing: missingPart(policy),
    unknownTarget: unknownTargetOf(world, policy),
    unknownTerms:
      policy.grantControls?.termsOfUse.find((it) => agreementOf(world, it) === undefined) ?? "",
    passwordChange: passwordChangeOf(policy),
    misfit: misfitOf(policy),
    filterProblem: filterProblemOf(policy),
    count: Object.keys(policies).length,
    state: policy.state,
    securityDefaults: world.identity.securityDefaults.isEnabled,
  })
}

interface LocationFacets {
  readonly count: number
  readonly ranges: number
  readonly badRange: string
  readonly kind: "ip" | "country" | "none"
}

const locationGate = gate<LocationFacets>()

const locationFits = locationGate({
  name: "named-location",
  facts: ["IDN-165"],
  reads: ["count", "ranges", "badRange", "kind"],
  check: ({ count, ranges, badRange, kind }) => {
    const details = { count, ranges, kind }
    if (kind === "none") {
      return deny(
        "A named location needs address ranges or countries.",
        details,
        bad("The named location is empty."),
      )
    }
    if (badRange !== "") {
      return deny(
        "An address range is malformed or too wide.",
        { ...details, badRange },
        bad(`Invalid CIDR range ${badRange}.`),
      )
    }
    return count >= namedLocationLimit || ranges > 2000
      ? deny(
          "There are more locations or ranges than the service keeps.",
          details,
          bad("The maximum number of named locations or ranges has been reached."),
        )
      : pass("The location can be used in policies.", details)
  },
})

/** Whether a named location may be saved; a mask must be longer than eight bits (IDN-165). */
export const evaluateNamedLocation = (facets: LocationFacets): Decision =>
  decideByGates([locationFits], facets)
