import { type Decision, days, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import {
  evaluateAccountChange,
  evaluateReenabling,
  evaluateRoleChange,
  evaluateTransferConfirmation,
  factsOfAccountChange,
} from "../decisions/evaluateAccountChange.ts"
import { lockboxMail, outcomeOf } from "../Happening.ts"
import { ApprovalStep } from "../LockboxRole.ts"
import { calendarLater } from "../ServiceTeamAccount.ts"
import { type DatacenterWorld, engineerOf } from "../State.ts"
import { callerOf, type DatacenterCall, engineerAlias } from "./caller.ts"

const engineer = Schema.NonEmptyString.annotate({ description: "Alias of the person" })
const role = Schema.NonEmptyString.annotate({ description: "Lockbox role" })

/** Each change leaves a record and tells the person's manager (DCO-041). */
const changed = (
  { world, actor, now }: DatacenterCall,
  o: {
    readonly what: string
    readonly engineer: string
    readonly decision: Decision
    readonly events: readonly DatacenterEvent[]
  },
): Ruling<DatacenterEvent> => {
  const isAllowed = o.decision.outcome === "allow"
  const manager = engineerOf(world, o.engineer)?.manager
  return conclude(world, now, {
    decision: o.decision,
    events: isAllowed ? o.events : [],
    happenings: [
      {
        draft: {
          ...callerOf(actor),
          kind: "lifecycle",
          what: o.what,
          ...outcomeOf(o.decision),
          account: o.engineer,
        },
      },
    ],
    output: isAllowed ? [{ id: o.engineer, engineer: o.engineer }] : [],
    mail:
      isAllowed && manager !== undefined
        ? [
            lockboxMail({
              to: manager,
              subject: `Account change: ${o.what}`,
              text: `${o.engineer} was changed by ${actor.id}.`,
            }),
          ]
        : [],
  })
}

const RoleChange = Schema.Struct({ engineer, role })
const Designation = Schema.Struct({
  engineer,
  role,
  step: Schema.optionalKey(ApprovalStep).annotate({
    description: "Level of the approval chain; Manager when absent",
  }),
})
const Person = Schema.Struct({ engineer })
const Transfer = Schema.Struct({
  engineer,
  manager: Schema.NonEmptyString.annotate({ description: "Alias of the new manager" }),
})
const Workstation = Schema.Struct({
  engineer,
  compliant: Schema.Boolean.annotate({ description: "Result of the health check" }),
})

/** DCO-035: the right to ask for a role, by a manager's approval. */
export const assignLockboxRole = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof RoleChange.fields
>({
  name: "assign-lockbox-role",
  summary: "A manager lets a person ask for a Lockbox role.",
  params: RoleChange,
  facts: ["DCO-016", "DCO-017", "DCO-035"],
  decide: (call, params) => {
    const alias = params.engineer.toLowerCase()
    return changed(call, {
      what: "assign-lockbox-role",
      engineer: alias,
      decision: evaluateRoleChange(
        factsOfAccountChange(
          call.world,
          {
            manager: engineerAlias(call.actor),
            engineer: alias,
            role: params.role,
            gains: "membership",
          },
          call.now,
        ),
      ),
      events: [{ _tag: "LockboxRoleAssigned", engineer: alias, role: params.role }],
    })
  },
})

export const removeLockboxRole = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof RoleChange.fields
>({
  name: "remove-lockbox-role",
  summary: "A manager takes the right to ask for a role away; what hangs on it ends at once.",
  params: RoleChange,
  facts: ["DCO-035", "DCO-036"],
  decide: (call, params) => {
    const alias = params.engineer.toLowerCase()
    const manager = engineerAlias(call.actor)
    return changed(call, {
      what: "remove-lockbox-role",
      engineer: alias,
      decision: evaluateAccountChange(
        factsOfAccountChange(call.world, { manager, engineer: alias }, call.now),
      ),
      events: [{ _tag: "LockboxRoleRemoved", engineer: alias, role: params.role }],
    })
  },
})

/** DCO-047: who decides on requests for a role. */
export const designateApprover = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof Designation.fields
>({
  name: "designate-approver",
  summary: "A manager makes a person an approver for a Lockbox role.",
  params: Designation,
  facts: ["DCO-017", "DCO-047", "DCO-061"],
  decide: (call, params) => {
    const alias = params.engineer.toLowerCase()
    return changed(call, {
      what: "designate-approver",
      engineer: alias,
      decision: evaluateRoleChange(
        factsOfAccountChange(
          call.world,
          {
            manager: engineerAlias(call.actor),
            engineer: alias,
            role: params.role,
            gains: "designation",
          },
          call.now,
        ),
      ),
      events: [
        {
          _tag: "ApproverDesignated",
          engineer: alias,
          role: params.role,
          step: params.step ?? "Manager",
        },
      ],
    })
  },
})

type Evaluate = typeof evaluateAccountChange

const aboutPerson = (o: {
  readonly name: string
  readonly summary: string
  readonly facts: Parameters<typeof operation>[0]["facts"]
  readonly evaluate: Evaluate
  readonly event: (call: DatacenterCall, alias: string) => DatacenterEvent
}) =>
  operation<DatacenterWorld, DatacenterEvent, typeof Person.fields>({
    name: o.name,
    summary: o.summary,
    params: Person,
    facts: o.facts,
    decide: (call, params) => {
      const alias = params.engineer.toLowerCase()
      const manager = engineerAlias(call.actor)
      return changed(call, {
        what: o.name,
        engineer: alias,
        decision: o.evaluate(
          factsOfAccountChange(call.world, { manager, engineer: alias }, call.now),
        ),
        events: [o.event(call, alias)],
      })
    },
  })

export const renewBackgroundCheck = aboutPerson({
  name: "renew-background-check",
  summary: "Records a passed background check; it counts for two years.",
  facts: ["DCO-028"],
  evaluate: evaluateAccountChange,
  event: ({ world, now }, alias) => ({
    _tag: "ScreeningRenewed",
    engineer: alias,
    validUntil: calendarLater(now, { years: world.datacenter.settings.screeningYears }),
  }),
})

export const renewTraining = aboutPerson({
  name: "renew-training",
  summary: "Records a finished training; it counts for a year.",
  facts: ["DCO-029"],
  evaluate: evaluateAccountChange,
  event: ({ world, now }, alias) => ({
    _tag: "TrainingRenewed",
    engineer: alias,
    validUntil: calendarLater(now, { months: world.datacenter.settings.trainingMonths }),
  }),
})

export const reenableEngineer = aboutPerson({
  name: "re-enable-engineer",
  summary: "A manager switches an account on again after its cause is cured.",
  facts: ["DCO-028", "DCO-029", "DCO-030"],
  evaluate: evaluateReenabling,
  event: ({ now }, alias) => ({ _tag: "EngineerEnabled", engineer: alias, at: now }),
})

export const unlockEngineer = aboutPerson({
  name: "unlock-engineer",
  summary: "A manager unlocks an account that failed sign-ins had locked.",
  facts: ["DCO-032"],
  evaluate: evaluateAccountChange,
  event: ({ now }, alias) => ({ _tag: "EngineerUnlocked", engineer: alias, at: now }),
})

export const confirmTransfer = aboutPerson({
  name: "confirm-transfer",
  summary: "The new manager keeps a transferred person's eligibilities.",
  facts: ["DCO-033"],
  evaluate: evaluateTransferConfirmation,
  event: (_call, alias) => ({ _tag: "EngineerTransferConfirmed", engineer: alias }),
})

export const terminateEngineer = aboutPerson({
  name: "terminate-engineer",
  summary: "Employment ends: eligibilities, account and open elevations go at the same instant.",
  facts: ["DCO-034"],
  evaluate: evaluateAccountChange,
  event: ({ now }, alias) => ({ _tag: "EngineerRemoved", engineer: alias, at: now }),
})

/** DCO-033: eligibilities get an end date until the new manager confirms them. */
export const transferEngineer = operation<DatacenterWorld, DatacenterEvent, typeof Transfer.fields>(
  {
    name: "transfer-engineer",
    summary: "A person moves to another manager; eligibilities lapse unless confirmed.",
    params: Transfer,
    facts: ["DCO-033"],
    decide: (call, params) => {
      const alias = params.engineer.toLowerCase()
      const manager = engineerAlias(call.actor)
      return changed(call, {
        what: "transfer-engineer",
        engineer: alias,
        decision: evaluateAccountChange(
          factsOfAccountChange(call.world, { manager, engineer: alias }, call.now),
        ),
        events: [
          {
            _tag: "EngineerTransferred",
            engineer: alias,
            manager: params.manager.toLowerCase(),
            expiresAt: call.now + days(call.world.datacenter.settings.transferGraceDays),
          },
        ],
      })
    },
  },
)

/** DCO-068: the health check of a secure workstation, as the service records it. */
export const checkWorkstation = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof Workstation.fields
>({
  name: "check-workstation",
  summary: "Records the health check of a person's secure workstation.",
  params: Workstation,
  facts: ["DCO-068"],
  decide: (call, params) => {
    const alias = params.engineer.toLowerCase()
    const manager = engineerAlias(call.actor)
    return changed(call, {
      what: "check-workstation",
      engineer: alias,
      decision: evaluateAccountChange(
        factsOfAccountChange(call.world, { manager, engineer: alias }, call.now),
      ),
      events: [{ _tag: "WorkstationChecked", engineer: alias, isCompliant: params.compliant }],
    })
  },
})
