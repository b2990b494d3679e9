import { decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { Schema } from "effect"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { outcomeOf } from "../Happening.ts"
import { type DatacenterWorld, engineerOf } from "../State.ts"
import { callerOf } from "./caller.ts"

const Drift = Schema.Struct({
  kind: Schema.Literals([
    "standing-privilege",
    "request-and-approve-pair",
    "physical-access",
    "unapproved-network-rule",
  ]).annotate({ description: "What is no longer as promised" }),
  engineer: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Person whose account drifts",
  }),
  role: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Role of the pair; ServiceEngineerOperations when absent",
  }),
  source: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Segment the unapproved rule starts from",
  }),
  target: Schema.optionalKey(Schema.NonEmptyString).annotate({
    description: "Partition the unapproved rule opens",
  }),
})

const happens = gate<{ readonly kind: string; readonly hasTarget: boolean }>()({
  name: "drift",
  facts: ["DCO-274", "DCO-283"],
  reads: ["kind", "hasTarget"],
  check: ({ kind, hasTarget }) =>
    hasTarget
      ? pass("Something is no longer as promised; validation has to find it.", { kind })
      : deny(
          "This kind of drift needs a person of the service.",
          { kind },
          { code: "NotEligible", message: "The account could not be found." },
        ),
})

const eventsOf = (params: typeof Drift.Type): readonly DatacenterEvent[] => {
  const engineer = (params.engineer ?? "").toLowerCase()
  const role = params.role ?? "ServiceEngineerOperations"
  switch (params.kind) {
    case "standing-privilege":
      return [{ _tag: "StandingPrivilegeAppeared", engineer, privilege: "Administrators" }]
    case "request-and-approve-pair":
      return [
        { _tag: "LockboxRoleAssigned", engineer, role },
        { _tag: "ApproverDesignated", engineer, role, step: "Manager" },
      ]
    case "physical-access":
      return [{ _tag: "PhysicalAccessAppeared", engineer }]
    case "unapproved-network-rule": {
      const source = params.source ?? "exchange-nam-01"
      const target = params.target ?? "sharepoint-nam-01"
      const id = `unapproved ${source} ${target}`
      return [{ _tag: "NetworkRuleAppeared", rule: { id, source, target, protocol: "WinRM" } }]
    }
  }
}

/**
 * Breaks a promise past every control, as a direct edit would, so that a scenario can show that
 * validation notices. The gates go on refusing: none of them trusts what drifts here.
 */
export const introduceDrift = operation<DatacenterWorld, DatacenterEvent, typeof Drift.fields>({
  name: "introduce-drift",
  summary: "Lets the service drift from what it promises, for validation to find.",
  params: Drift,
  facts: ["DCO-274", "DCO-283", "DCO-017"],
  decide: ({ world, actor, now }, params) => {
    const isAboutPerson = params.kind !== "unapproved-network-rule"
    const decision = decideByGates([happens], {
      kind: params.kind,
      hasTarget: !isAboutPerson || engineerOf(world, params.engineer ?? "") !== undefined,
    })
    return conclude(world, now, {
      decision,
      events: decision.outcome === "allow" ? eventsOf(params) : [],
      happenings: [
        {
          draft: {
            ...callerOf(actor),
            kind: "change",
            what: `drift ${params.kind}`,
            ...outcomeOf(decision),
          },
        },
      ],
    })
  },
})
