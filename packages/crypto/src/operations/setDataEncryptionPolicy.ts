import { type Call, decideByGates, deny, gate, pass, type Ruling } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { parseKeyUri, permissionOf } from "../customer-key/AzureKeyVault.ts"
import { type DataEncryptionPolicy, principalOf } from "../customer-key/DataEncryptionPolicy.ts"
import { destroyPolicyKeys } from "../customer-key/policyKeys.ts"
import { policyOf } from "../customer-key/policyLookup.ts"
import { policyFound } from "../decisions/policyGates.ts"
import { type CryptoEvent, type CryptoWorld, vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { mailboxPolicyRoles, notRecognized } from "./mailboxPolicies.ts"
import { adminAudit, noPolicy, rollPolicy } from "./policyOperations.ts"

interface PurgeFacets {
  readonly permittedKeys: number
  readonly hasReason: boolean
  readonly hasContact: boolean
}

const reasonGiven = gate<PurgeFacets>()({
  name: "purge-reason",
  facts: ["CRY-122"],
  reads: ["hasReason", "hasContact"],
  check: ({ hasReason, hasContact }) =>
    hasReason && hasContact
      ? pass("Reason and contact are given.")
      : deny(
          "A purge needs a reason and a contact.",
          { hasReason, hasContact },
          {
            code: "AmbiguousParameterSet",
            message:
              "PermanentDataPurgeRequested requires PermanentDataPurgeReason and PermanentDataPurgeContact.",
          },
        ),
})

const permissionsRemoved = gate<PurgeFacets>()({
  name: "purge-permissions-removed",
  facts: ["CRY-122", "CRY-123"],
  reads: ["permittedKeys"],
  check: ({ permittedKeys }) => {
    if (permittedKeys > 0) {
      return deny(
        "The service may still use a key of this policy.",
        { permittedKeys },
        {
          code: "CustomerKey.PurgePermissionsStillPresent",
          message:
            "Remove the wrapKey and unwrapKey permissions from both keys before you request a data purge.",
        },
      )
    }
    return pass("The service may use none of the keys any more.")
  },
})

/** How many of the policy's keys the service may still wrap or unwrap with. */
const permittedKeysOf = (world: CryptoWorld, policy: DataEncryptionPolicy): number =>
  policy.rootKeys.filter((uri) => {
    const vault = vaultOf(world, parseKeyUri(uri)?.vault ?? "")
    const keys = permissionOf(vault, principalOf(policy.kind))?.keys ?? []
    return keys.includes("wrapKey") || keys.includes("unwrapKey")
  }).length

interface SetPolicy {
  readonly Name?: string
  readonly Description?: string
  readonly Enabled?: boolean
  readonly Refresh?: boolean
  readonly Replace?: boolean
  readonly AzureKeyIDs?: readonly string[]
  readonly PermanentDataPurgeRequested?: boolean
  readonly PermanentDataPurgeReason?: string
  readonly PermanentDataPurgeContact?: string
}

const requestPurge = (
  { world, now, actor }: Call<CryptoWorld>,
  policy: DataEncryptionPolicy,
  params: SetPolicy,
): Ruling<CryptoEvent> => {
  const { PermanentDataPurgeReason: reason = "", PermanentDataPurgeContact: contact = "" } = params
  const decision = decideByGates([policyFound, reasonGiven, permissionsRemoved], {
    ...noPolicy,
    policy: policy.name,
    isFound: true,
    hasReason: reason !== "",
    hasContact: contact !== "",
    permittedKeys: permittedKeysOf(world, policy),
  })
  const requested: CryptoEvent = {
    _tag: "DataPurgeRequested",
    policyId: policy.id,
    reason,
    contact,
    requestedBy: actor.id,
    at: now,
  }
  return decision.outcome === "allow"
    ? {
        decision,
        events: [requested],
        audit: [adminAudit("Set-DataEncryptionPolicy", policy.name)],
      }
    : { decision }
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
    const cmdlet = "Set-DataEncryptionPolicy"
    if (policy === undefined) {
      return { decision: decideByGates([policyFound], { ...noPolicy, policy: identity }) }
    }
    if (params.PermanentDataPurgeRequested === true) return requestPurge(call, policy, params)
    if (params.Refresh === true) return rollPolicy(call, { cmdlet, policy })
    if (params.Replace === true) return rollPolicy(call, { cmdlet, policy, keys: AzureKeyIDs })
    return {
      decision: decideByGates([policyFound], { ...noPolicy, policy: identity, isFound: true }),
      events: [changePolicy(policy, params)],
      audit: [adminAudit(cmdlet, policy.name)],
    }
  },
})

interface SigningFacets {
  readonly isPurgeRequested: boolean
  readonly isSecondPerson: boolean
}

const requestedPurge = gate<SigningFacets>()({
  name: "purge-requested",
  facts: ["CRY-122"],
  reads: ["isPurgeRequested"],
  check: ({ isPurgeRequested }) =>
    isPurgeRequested
      ? pass("The tenant has asked for the purge.")
      : deny("Nobody has asked for a purge under this policy."),
})

const secondPerson = gate<SigningFacets>()({
  name: "purge-approver",
  facts: ["CRY-122"],
  reads: ["isSecondPerson"],
  check: ({ isSecondPerson }) =>
    isSecondPerson
      ? pass("Somebody else than the requester signs.")
      : deny("Whoever asked for the purge cannot sign for it as well."),
})

export const signDataPurge = cryptoOperation({
  name: "sign-data-purge",
  summary:
    "The approver signs; Microsoft deletes the policy and its availability key: nobody reads the mailboxes again.",
  params: Schema.Struct({ policy: text("Name or GUID of the mailbox policy") }),
  roles: ["Global Administrator", "Compliance Administrator"],
  facts: ["CRY-122", "CRY-126", "CRY-127"],
  decide: ({ world, actor }, { policy: identity }) =>
    Effect.gen(function* () {
      const policy = policyOf(world, { kind: "Mailbox", identity })
      const decision = decideByGates([policyFound, requestedPurge, secondPerson], {
        ...noPolicy,
        policy: identity,
        isFound: policy !== undefined,
        isPurgeRequested: policy?.purgeRequest !== undefined,
        isSecondPerson: policy?.purgeRequest?.requestedBy !== actor.id,
      })
      if (decision.outcome !== "allow" || policy === undefined) return { decision }
      return { decision, events: yield* destroyPolicyKeys(policy) }
    }),
})
