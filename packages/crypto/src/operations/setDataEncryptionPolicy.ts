import { decideByGates, deny, gate, notRecognized, pass } from "@twin/kernel"
import { Schema } from "effect"
import type { DataEncryptionPolicy } from "../customer-key/DataEncryptionPolicy.ts"
import { policyOf } from "../customer-key/policyLookup.ts"
import { policyFound } from "../decisions/policyGates.ts"
import type { CryptoEvent } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { requestPurge } from "./dataPurge.ts"
import { mailboxPolicyRoles } from "./mailboxPolicies.ts"
import { commandAudit, noPolicy, rollPolicy } from "./policyOperations.ts"

/** Parameters of both cmdlets that change a policy. */
export interface SetPolicy {
  readonly Name?: string
  readonly Description?: string
  readonly Enabled?: boolean
  readonly Refresh?: boolean
  readonly Replace?: boolean
  readonly AzureKeyIDs?: readonly string[]
  readonly PermanentDataPurgeRequested?: boolean
  readonly PermanentDataPurgeReason?: string
  readonly PermanentDataPurgeContact?: string
  readonly Force?: boolean
}

/** RefreshKey, ReplaceKey and the purge request exclude each other; replacing needs keys. */
export const oneParameterSet = gate<{ readonly sets: string; readonly isOne: boolean }>()({
  name: "parameter-set",
  facts: ["CRY-107", "CRY-108", "CRY-122"],
  reads: ["sets", "isOne"],
  check: ({ sets, isOne }) =>
    isOne
      ? pass("The parameters go together.", { sets })
      : deny(
          "The parameters belong to different commands.",
          { sets },
          {
            code: "AmbiguousParameterSet",
            message:
              "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.",
          },
        ),
})

/** What the parameters ask for, and whether that is one thing. */
export const parameterSetOf = (
  params: SetPolicy,
): { readonly sets: string; readonly isOne: boolean } => {
  const sets = [
    ...(params.Refresh === true ? ["RefreshKey"] : []),
    ...(params.Replace === true || params.AzureKeyIDs !== undefined ? ["ReplaceKey"] : []),
    ...(params.PermanentDataPurgeRequested === true ? ["TenantAdminPurgeKeyRequest"] : []),
  ]
  const isReplaceWhole = (params.Replace === true) === (params.AzureKeyIDs !== undefined)
  return { sets: sets.join(", "), isOne: sets.length <= 1 && isReplaceWhole }
}

/** Names, description and switch: no key is touched. */
export const changePolicy = (
  policy: DataEncryptionPolicy,
  { Name, Description, Enabled }: SetPolicy,
): CryptoEvent => ({
  _tag: "DataEncryptionPolicyChanged",
  policyId: policy.id,
  ...(Name === undefined ? {} : { name: Name }),
  ...(Description === undefined ? {} : { description: Description }),
  ...(Enabled === undefined ? {} : { isEnabled: Enabled }),
})

export const setDataEncryptionPolicy = cryptoOperation({
  name: "Set-DataEncryptionPolicy",
  summary:
    "Changes a mailbox policy, rolls or replaces its keys, or requests the purge of its data.",
  params: Schema.Struct({
    Identity: text("Name or GUID of the policy"),
    Name: Schema.optionalKey(text("New name")),
    Description: Schema.optionalKey(Schema.String),
    Enabled: Schema.optionalKey(Schema.Boolean),
    Refresh: Schema.optionalKey(Schema.Boolean),
    Replace: Schema.optionalKey(Schema.Boolean),
    AzureKeyIDs: Schema.optionalKey(Schema.Array(text("Address of a key"))),
    PermanentDataPurgeRequested: Schema.optionalKey(Schema.Boolean),
    PermanentDataPurgeReason: Schema.optionalKey(Schema.String),
    PermanentDataPurgeContact: Schema.optionalKey(Schema.String),
    Force: Schema.optionalKey(Schema.Boolean),
    Confirm: Schema.optionalKey(Schema.Boolean),
  }),
  roles: mailboxPolicyRoles,
  roleRefusal: notRecognized("Set-DataEncryptionPolicy"),
  facts: ["CRY-090", "CRY-106", "CRY-107", "CRY-108", "CRY-122", "CRY-123"],
  binding: {
    positional: ["Identity"],
    switches: ["Refresh", "Replace", "PermanentDataPurgeRequested", "Force", "Confirm"],
  },
  decide: (call, params) => {
    const { Identity: identity, AzureKeyIDs = [] } = params
    const policy = policyOf(call.world, { kind: "Mailbox", identity })
    const command = { cmdlet: "Set-DataEncryptionPolicy", given: params }
    if (policy === undefined) {
      return { decision: decideByGates([policyFound], { ...noPolicy, policy: identity }) }
    }
    const sets = decideByGates([oneParameterSet], parameterSetOf(params))
    if (sets.outcome !== "allow") return { decision: sets }
    if (params.PermanentDataPurgeRequested === true) return requestPurge(call, policy, params)
    if (params.Refresh === true) return rollPolicy(call, { ...command, policy })
    if (params.Replace === true) return rollPolicy(call, { ...command, policy, keys: AzureKeyIDs })
    return {
      decision: decideByGates([policyFound], { ...noPolicy, policy: identity, isFound: true }),
      events: [changePolicy(policy, params)],
      audit: [commandAudit(command, policy.name)],
    }
  },
})
