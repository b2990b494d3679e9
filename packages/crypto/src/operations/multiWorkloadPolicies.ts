import { decideByGates, notRecognized } from "@twin/kernel"
import { Schema } from "effect"
import { rootAnswers } from "../at-rest/rootRoute.ts"
import { policyOf } from "../customer-key/policyLookup.ts"
import { keysReachable, policyFound, policyUsable } from "../decisions/policyGates.ts"
import { type CryptoEvent, dataEncryptionPolicies, policyById } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { listed, newPolicyParams } from "./mailboxPolicies.ts"
import {
  assignPolicy,
  commandAudit,
  createPolicy,
  isPolicyKeyReachable,
  listPolicies,
  noPolicy,
  policyOutput,
  rollPolicy,
} from "./policyOperations.ts"
import { oneParameterSet, parameterSetOf, withChange } from "./setDataEncryptionPolicy.ts"

/** CRY-079. */
const roles = ["Compliance Administrator", "Global Administrator"] as const
const kind = "MultiWorkload"
const identity = Schema.optionalKey(Schema.NullOr(text("Name or GUID of the policy")))

export const newM365Policy = cryptoOperation({
  name: "New-M365DataAtRestEncryptionPolicy",
  summary: "Creates a multi-workload data encryption policy for the whole tenant.",
  params: newPolicyParams,
  roles,
  roleRefusal: notRecognized("New-M365DataAtRestEncryptionPolicy"),
  facts: ["CRY-037", "CRY-048", "CRY-052", "CRY-067", "CRY-077", "CRY-079", "CRY-082"],
  binding: { positional: ["Name"], switches: ["Confirm"] },
  decide: (call, given) =>
    createPolicy(call, {
      cmdlet: "New-M365DataAtRestEncryptionPolicy",
      kind,
      given,
      name: given.Name,
      keys: given.AzureKeyIDs,
      description: given.Description ?? "",
      isEnabled: given.Enabled ?? true,
    }),
})

export const getM365Policy = cryptoOperation({
  name: "Get-M365DataAtRestEncryptionPolicy",
  summary: "Lists multi-workload policies; an unknown identity lists them all.",
  params: Schema.Struct({ Identity: identity }),
  roles,
  roleRefusal: notRecognized("Get-M365DataAtRestEncryptionPolicy"),
  facts: ["CRY-070", "CRY-079"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: ({ world }, { Identity }) => ({
    decision: decideByGates([listed], {}),
    output: listPolicies(world, kind, Identity),
  }),
})

export const setM365Policy = cryptoOperation({
  name: "Set-M365DataAtRestEncryptionPolicy",
  summary: "Changes a multi-workload policy, or rolls or replaces its keys.",
  params: Schema.Struct({
    Identity: text("Name or GUID of the policy"),
    Name: Schema.optionalKey(text("New name")),
    Description: Schema.optionalKey(Schema.String),
    Enabled: Schema.optionalKey(Schema.Boolean),
    Refresh: Schema.optionalKey(Schema.Boolean),
    Replace: Schema.optionalKey(Schema.Boolean),
    AzureKeyIDs: Schema.optionalKey(Schema.Array(text("Address of a key"))),
    Force: Schema.optionalKey(Schema.Boolean),
    Confirm: Schema.optionalKey(Schema.Boolean),
  }),
  roles,
  roleRefusal: notRecognized("Set-M365DataAtRestEncryptionPolicy"),
  facts: ["CRY-078", "CRY-080", "CRY-107", "CRY-108", "CRY-121"],
  binding: { positional: ["Identity"], switches: ["Refresh", "Replace", "Force", "Confirm"] },
  decide: (call, params) => {
    const command = { cmdlet: "Set-M365DataAtRestEncryptionPolicy", given: params }
    const policy = policyOf(call.world, { kind, identity: params.Identity })
    if (policy === undefined) {
      return { decision: decideByGates([policyFound], { ...noPolicy, policy: params.Identity }) }
    }
    const sets = decideByGates([oneParameterSet], parameterSetOf(params, "no-purge"))
    if (sets.outcome !== "allow") return { decision: sets }
    const deed =
      params.Refresh === true
        ? rollPolicy(call, { ...command, policy })
        : params.Replace === true
          ? rollPolicy(call, { ...command, policy, keys: params.AzureKeyIDs ?? [] })
          : undefined
    return withChange(call.world, { command, policy, params, deed })
  },
})

export const setM365Assignment = cryptoOperation({
  name: "Set-M365DataAtRestEncryptionPolicyAssignment",
  summary: "Assigns the one multi-workload policy of the tenant; another one is replaced.",
  params: Schema.Struct({ DataEncryptionPolicy: text("Name or GUID of the policy") }),
  roles,
  roleRefusal: notRecognized("Set-M365DataAtRestEncryptionPolicyAssignment"),
  facts: ["CRY-067", "CRY-069", "CRY-070", "CRY-073", "CRY-079"],
  binding: { positional: ["DataEncryptionPolicy"] },
  decide: (call, { DataEncryptionPolicy: wanted }) => {
    const policy = policyOf(call.world, { kind, identity: wanted })
    const current = policyById(call.world, call.world.crypto.customerKey.tenantPolicyId)
    const concerned = [policy, current].filter((it) => it !== undefined)
    const decision = decideByGates([policyFound, policyUsable, keysReachable], {
      ...noPolicy,
      policy: wanted,
      isFound: policy !== undefined,
      isEnabled: policy?.isEnabled ?? false,
      isPurgeRequested: false,
      areKeysReachable: concerned.every((it) => isPolicyKeyReachable(call.world, it, call.now)),
    })
    if (policy === undefined) return { decision }
    const assigned: CryptoEvent = { _tag: "TenantPolicyAssigned", policyId: policy.id }
    const audit = commandAudit(
      {
        cmdlet: "Set-M365DataAtRestEncryptionPolicyAssignment",
        given: { DataEncryptionPolicy: wanted },
      },
      policy.name,
    )
    return assignPolicy(call, { decision, events: [assigned], audit })
  },
})

export const getM365Assignment = cryptoOperation({
  name: "Get-M365DataAtRestEncryptionPolicyAssignment",
  summary: "Shows the multi-workload policy that is assigned.",
  params: Schema.Struct({}),
  roles,
  roleRefusal: notRecognized("Get-M365DataAtRestEncryptionPolicyAssignment"),
  facts: ["CRY-070"],
  isReadOnly: true,
  decide: ({ world }) => {
    const policy = policyById(world, world.crypto.customerKey.tenantPolicyId)
    const output = policy === undefined ? [] : [policyOutput(policy)]
    return { decision: decideByGates([listed], {}), output }
  },
})

export const testM365Policy = cryptoOperation({
  name: "Test-M365DataAtRestEncryptionPolicy",
  summary: "Checks whether the service reaches the root keys of multi-workload policies.",
  params: Schema.Struct({ Identity: identity }),
  roles,
  roleRefusal: notRecognized("Test-M365DataAtRestEncryptionPolicy"),
  facts: ["CRY-041", "CRY-064"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: ({ world, now }, { Identity }) => {
    const all = dataEncryptionPolicies(world).filter((policy) => policy.kind === kind)
    const one = Identity ? policyOf(world, { kind, identity: Identity }) : undefined
    const policies = Identity ? [one].filter((it) => it !== undefined) : all
    const decision = decideByGates([policyFound], {
      ...noPolicy,
      policy: Identity ?? "",
      isFound: policies.length > 0,
    })
    const output = policies.flatMap((policy) =>
      rootAnswers(world, policy, now).map(({ uri, result, status, refusal }) => ({
        Identity: policy.name,
        AzureKeyID: uri,
        Result: result,
        Status: status ?? null,
        Code: refusal?.code ?? "",
        Message: refusal?.message ?? "",
      })),
    )
    return { decision, output: decision.outcome === "allow" ? output : [] }
  },
})
