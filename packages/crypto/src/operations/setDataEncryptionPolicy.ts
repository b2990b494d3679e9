import {
  type Decision,
  decideByGates,
  deny,
  gate,
  notRecognized,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import type { CryptoServices } from "../CryptoServices.ts"
import type { DataEncryptionPolicy } from "../customer-key/DataEncryptionPolicy.ts"
import { policyOf } from "../customer-key/policyLookup.ts"
import { policyFound, policyLimit, policyName, switchingOff } from "../decisions/policyGates.ts"
import { type CryptoEvent, type CryptoWorld, dataEncryptionPolicies } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { requestPurge } from "./dataPurge.ts"
import { mailboxPolicyRoles } from "./mailboxPolicies.ts"
import { type Command, commandAudit, noPolicy, rollPolicy } from "./policyOperations.ts"

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

/** What the parameters ask for, and whether that is one thing. Name, description and switch go with each. */
export const parameterSetOf = (
  params: SetPolicy,
  purge: "can-be-requested" | "no-purge",
): { readonly sets: string; readonly isOne: boolean } => {
  const isPurgeSaid =
    params.PermanentDataPurgeReason !== undefined ||
    params.PermanentDataPurgeContact !== undefined ||
    params.Force === true
  const sets = [
    ...(params.Refresh === true ? ["RefreshKey"] : []),
    ...(params.Replace === true || params.AzureKeyIDs !== undefined ? ["ReplaceKey"] : []),
    ...(params.PermanentDataPurgeRequested === true || isPurgeSaid
      ? ["TenantAdminPurgeKeyRequest"]
      : []),
  ]
  const isReplaceWhole = (params.Replace === true) === (params.AzureKeyIDs !== undefined)
  const isPurgeWhole =
    purge === "no-purge" || !isPurgeSaid || params.PermanentDataPurgeRequested === true
  return { sets: sets.join(", "), isOne: sets.length <= 1 && isReplaceWhole && isPurgeWhole }
}

const isChange = ({ Name, Description, Enabled }: SetPolicy): boolean =>
  [Name, Description, Enabled].some((it) => it !== undefined)

/** Whether a policy may have this name and be switched so, and the event of it (CRY-071, 078, 080). */
export const changePolicy = (
  world: CryptoWorld,
  policy: DataEncryptionPolicy,
  { Name, Description, Enabled }: SetPolicy,
): { readonly decision: Decision; readonly events: readonly CryptoEvent[] } => {
  const others = dataEncryptionPolicies(world).filter(
    ({ kind, id }) => kind === policy.kind && id !== policy.id,
  )
  const name = Name ?? policy.name
  const limits = policy.kind === "Mailbox" ? [policyLimit] : []
  const decision = decideByGates([policyFound, policyName, ...limits, switchingOff], {
    ...noPolicy,
    policy: name,
    isFound: true,
    isNameTaken: others.some((it) => it.name.toLowerCase() === name.toLowerCase()),
    activePolicies: others.filter(({ isEnabled }) => isEnabled).length,
    isActivated: Enabled === true && !policy.isEnabled,
    isSwitchedOff: Enabled === false,
    isAssigned: policy.id === world.crypto.customerKey.tenantPolicyId,
  })
  const event: CryptoEvent = {
    _tag: "DataEncryptionPolicyChanged",
    policyId: policy.id,
    ...(Name === undefined ? {} : { name: Name }),
    ...(Description === undefined ? {} : { description: Description }),
    ...(Enabled === undefined ? {} : { isEnabled: Enabled }),
  }
  return { decision, events: decision.outcome === "allow" ? [event] : [] }
}

/** What a command does besides changing name, description and switch; those go along with it. */
export const withChange = Effect.fnUntraced(function* (
  world: CryptoWorld,
  o: {
    readonly command: Command
    readonly policy: DataEncryptionPolicy
    readonly params: SetPolicy
    readonly deed: Effect.Effect<Ruling<CryptoEvent>, never, CryptoServices> | undefined
  },
): Effect.fn.Return<Ruling<CryptoEvent>, never, CryptoServices> {
  const { policy, params, deed } = o
  const changed = changePolicy(world, policy, params)
  const audit = [commandAudit(o.command, policy.name)]
  if (deed === undefined) return changed.events.length === 0 ? changed : { ...changed, audit }
  if (!isChange(params)) return yield* deed
  if (changed.decision.outcome !== "allow") return changed
  const done = yield* deed
  if (done.decision.outcome !== "allow") return done
  return { ...done, events: [...changed.events, ...(done.events ?? [])] }
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
  facts: ["CRY-071", "CRY-078", "CRY-090", "CRY-106", "CRY-107", "CRY-108", "CRY-122", "CRY-123"],
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
    const sets = decideByGates([oneParameterSet], parameterSetOf(params, "can-be-requested"))
    if (sets.outcome !== "allow") return { decision: sets }
    const deed =
      params.PermanentDataPurgeRequested === true
        ? Effect.sync(() => requestPurge(call, policy, params))
        : params.Refresh === true
          ? rollPolicy(call, { ...command, policy })
          : params.Replace === true
            ? rollPolicy(call, { ...command, policy, keys: AzureKeyIDs })
            : undefined
    return Effect.map(withChange(call.world, { command, policy, params, deed }), (ruling) =>
      ruling.decision.outcome === "allow" && params.Confirm !== false
        ? { ...ruling, warnings: [confirmed] }
        : ruling,
    )
  },
})

/** The cmdlet pauses unless it is told not to; nobody sits here to answer. */
const confirmed =
  "The cmdlet asks for confirmation; the twin answers Yes. Use -Confirm:$false to skip it."
