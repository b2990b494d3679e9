import { type Call, decideByGates, operation } from "@twin/kernel"
import { Schema } from "effect"
import type { DlpPolicy } from "../DlpPolicy.ts"
import { named } from "../decisions/dlpGates.ts"
import { dlpPoliciesOf, type SpoWorld } from "../State.ts"
import { complianceRoles, dlpPolicies, findPolicy, scansAfter } from "./dlpChange.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"

const mode = Schema.Literals([
  "Enable",
  "TestWithNotifications",
  "TestWithoutNotifications",
  "Disable",
]).annotate({ description: "Enable acts, the tests only match" })

const locations = {
  SharePointLocation: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({ description: "All, or addresses of sites" }),
  ),
  OneDriveLocation: Schema.optionalKey(
    Schema.Array(Schema.String).annotate({ description: "All, or addresses of OneDrives" }),
  ),
}

const common = { roles: complianceRoles } as const
const policyRow = (it: DlpPolicy) => ({
  Name: it.name,
  Mode: it.mode,
  SharePointLocation: [...it.sharePointLocation],
  OneDriveLocation: [...it.oneDriveLocation],
  Priority: it.priority,
})

export const newDlpCompliancePolicy: SpoOperation = operation({
  ...common,
  name: "New-DlpCompliancePolicy",
  summary: "Creates a policy of data loss prevention for stored files.",
  params: Schema.Struct({
    Name: Schema.NonEmptyString.annotate({ description: "Name of the policy" }),
    ...locations,
    Mode: Schema.optionalKey(mode),
    Priority: Schema.optionalKey(Schema.Int),
    Comment: Schema.optionalKey(Schema.String),
  }),
  binding: { positional: ["Name"] },
  facts: ["SPO-191", "SPO-195", "SPO-200"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const decision = decideByGates([named], {
      isNameFree: findPolicy(call.world, given.Name) === undefined,
    })
    if (decision.outcome !== "allow") return { decision }
    const policy: DlpPolicy = {
      name: given.Name,
      mode: given.Mode ?? "Enable",
      sharePointLocation: given.SharePointLocation ?? [],
      oneDriveLocation: given.OneDriveLocation ?? [],
      priority: given.Priority ?? dlpPoliciesOf(call.world).length,
      createdAt: call.now,
    }
    return {
      decision,
      events: [{ _tag: "DlpPolicyCreated", policy }],
      output: [policyRow(policy)],
    }
  },
})

export const setDlpCompliancePolicy: SpoOperation = operation({
  ...common,
  name: "Set-DlpCompliancePolicy",
  summary: "Changes a policy of data loss prevention.",
  params: Schema.Struct({
    Identity: Schema.NonEmptyString,
    Mode: Schema.optionalKey(mode),
    Priority: Schema.optionalKey(Schema.Int),
  }),
  binding: { positional: ["Identity"], pipeline: "Identity" },
  facts: ["SPO-195", "SPO-205"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const { world, now } = call
    const before = findPolicy(world, given.Identity)
    const decision = dlpPolicies.known(given.Identity, before !== undefined)
    if (before === undefined) return { decision }
    const policy = {
      ...before,
      mode: given.Mode ?? before.mode,
      priority: given.Priority ?? before.priority,
    }
    const changed = dlpPoliciesOf(world).map((it) => (it.name === policy.name ? policy : it))
    return {
      decision,
      events: [
        { _tag: "DlpPolicyChanged", policy, at: now },
        ...scansAfter(call, { dlpPolicies: changed }),
      ],
    }
  },
})

export const removeDlpCompliancePolicy: SpoOperation = operation({
  ...common,
  name: "Remove-DlpCompliancePolicy",
  summary: "Removes a policy of data loss prevention with its rules.",
  params: Schema.Struct({
    Identity: Schema.NonEmptyString,
    Confirm: Schema.optionalKey(Schema.Boolean),
  }),
  binding: { positional: ["Identity"], pipeline: "Identity", switches: ["Confirm"] },
  facts: ["SPO-205"],
  decide: (call: Call<SpoWorld>, given): SpoRuling => {
    const { world, now } = call
    const policy = findPolicy(world, given.Identity)
    const decision = dlpPolicies.known(given.Identity, policy !== undefined)
    if (policy === undefined) return { decision }
    return {
      decision,
      events: [
        { _tag: "DlpPolicyRemoved", name: policy.name, at: now },
        ...scansAfter(call, {
          dlpPolicies: dlpPoliciesOf(world).filter((it) => it.name !== policy.name),
        }),
      ],
    }
  },
})

export const getDlpCompliancePolicy: SpoOperation = operation({
  ...common,
  name: "Get-DlpCompliancePolicy",
  summary: "Shows policies of data loss prevention.",
  params: Schema.Struct({ Identity: Schema.optionalKey(Schema.NonEmptyString) }),
  binding: { positional: ["Identity"] },
  facts: ["SPO-200"],
  isReadOnly: true,
  decide: ({ world }: Call<SpoWorld>, { Identity }): SpoRuling =>
    dlpPolicies.list({
      all: dlpPoliciesOf(world).toSorted(
        (a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1),
      ),
      identity: Identity,
      find: (it) => findPolicy(world, it),
      shown: policyRow,
    }),
})
