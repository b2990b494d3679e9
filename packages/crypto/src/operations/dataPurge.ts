import {
  type Call,
  decideByGates,
  deny,
  exchangeAdminAudit,
  gate,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Effect, HashMap, Schema } from "effect"
import { parseKeyUri, permissionOf } from "../customer-key/AzureKeyVault.ts"
import { type DataEncryptionPolicy, principalOf } from "../customer-key/DataEncryptionPolicy.ts"
import { destroyPolicyKeys } from "../customer-key/policyKeys.ts"
import { policyOf } from "../customer-key/policyLookup.ts"
import { policyFound } from "../decisions/policyGates.ts"
import { ownValue } from "../ownValue.ts"
import { type CryptoEvent, type CryptoWorld, vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { noPolicy } from "./policyOperations.ts"

interface PurgeFacets {
  readonly permittedKeys: number
  readonly hasReason: boolean
  readonly hasContact: boolean
  readonly goneVaults: number
  readonly isForced: boolean
}

const vaultsThere = gate<PurgeFacets>()({
  name: "purge-vaults",
  facts: ["CRY-125"],
  reads: ["goneVaults", "isForced"],
  check: ({ goneVaults, isForced }) =>
    goneVaults === 0 || isForced
      ? pass("The vaults of the policy are there, or the command is forced.", { goneVaults })
      : deny(
          "A vault of the policy is gone, so its permissions cannot be looked at: -Force is needed.",
          { goneVaults },
          {
            code: "CustomerKey.VaultNotFound",
            message:
              "A key vault of the policy could not be found. Use the Force parameter if the vault no longer exists.",
          },
        ),
})

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

/** How many of the policy's vaults are not there any more. */
const goneVaultsOf = (world: CryptoWorld, policy: DataEncryptionPolicy): number =>
  policy.rootKeys.filter((uri) => vaultOf(world, parseKeyUri(uri)?.vault ?? "") === undefined)
    .length

/** What a request for a purge says. */
export interface PurgeRequest {
  readonly PermanentDataPurgeReason?: string
  readonly PermanentDataPurgeContact?: string
  readonly Force?: boolean
}

/** Step 2 of a purge: the tenant asks, once the service may use no key any more (CRY-122). */
export const requestPurge = (
  { world, now, actor }: Call<CryptoWorld>,
  policy: DataEncryptionPolicy,
  params: PurgeRequest,
): Ruling<CryptoEvent> => {
  const { PermanentDataPurgeReason: reason = "", PermanentDataPurgeContact: contact = "" } = params
  const decision = decideByGates([policyFound, reasonGiven, vaultsThere, permissionsRemoved], {
    ...noPolicy,
    policy: policy.name,
    isFound: true,
    hasReason: reason !== "",
    hasContact: contact !== "",
    permittedKeys: permittedKeysOf(world, policy),
    goneVaults: goneVaultsOf(world, policy),
    isForced: params.Force === true,
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
        audit: [exchangeAdminAudit("Set-DataEncryptionPolicy", policy.name, { ...params })],
      }
    : { decision }
}

interface SigningFacets {
  readonly isPurgeRequested: boolean
  readonly isDocumentIssued: boolean
  readonly hasApprovers: boolean
  readonly isApprover: boolean
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

const documentIssued = gate<SigningFacets>()({
  name: "purge-document",
  facts: ["CRY-122"],
  reads: ["isDocumentIssued"],
  check: ({ isDocumentIssued }) =>
    isDocumentIssued
      ? pass("Support has issued the document that is to be signed.")
      : deny("Support has not been asked for the document that is to be signed."),
})

const approver = gate<SigningFacets>()({
  name: "purge-approver",
  facts: ["CRY-050", "CRY-122"],
  reads: ["hasApprovers", "isApprover", "isSecondPerson"],
  check: ({ hasApprovers, isApprover, isSecondPerson }) => {
    if (hasApprovers && !isApprover) {
      return deny("Only somebody whom the onboarding named may sign.", { isApprover })
    }
    return isSecondPerson || hasApprovers
      ? pass("Somebody signs who may.", { isApprover })
      : deny("Whoever asked for the purge cannot sign for it as well.")
  },
})

const signingFacets = (
  world: CryptoWorld,
  policy: DataEncryptionPolicy | undefined,
  actor: string,
): SigningFacets => {
  const approvers = ownValue(world.crypto.customerTenant.offers, "Mailbox")?.approvers ?? []
  return {
    isPurgeRequested: policy?.purgeRequest !== undefined,
    isDocumentIssued: policy?.purgeRequest?.documentAt !== undefined,
    hasApprovers: approvers.length > 0,
    isApprover: approvers.includes(actor.toLowerCase()),
    isSecondPerson: policy?.purgeRequest?.requestedBy !== actor,
  }
}

const roles = ["Global Administrator", "Compliance Administrator"] as const

export const openPurgeTicket = cryptoOperation({
  name: "open-purge-ticket",
  summary: "Asks support for the document with which the purge of a policy's data is approved.",
  params: Schema.Struct({ policy: text("Name or GUID of the mailbox policy") }),
  roles: [...roles, "Exchange Administrator"],
  facts: ["CRY-122"],
  decide: ({ world, actor, now }, { policy: identity }) => {
    const policy = policyOf(world, { kind: "Mailbox", identity })
    const decision = decideByGates([policyFound, requestedPurge], {
      ...noPolicy,
      policy: identity,
      isFound: policy !== undefined,
      ...signingFacets(world, policy, actor.id),
    })
    if (decision.outcome !== "allow" || policy === undefined) return { decision }
    const event: CryptoEvent = { _tag: "DataPurgeDocumentIssued", policyId: policy.id, at: now }
    return { decision, events: [event] }
  },
})

export const signDataPurge = cryptoOperation({
  name: "sign-data-purge",
  summary:
    "The approver signs; Microsoft deletes the policy and its availability key: nobody reads the mailboxes again.",
  params: Schema.Struct({ policy: text("Name or GUID of the mailbox policy") }),
  roles,
  facts: ["CRY-050", "CRY-122", "CRY-126", "CRY-127"],
  decide: ({ world, actor }, { policy: identity }) =>
    Effect.gen(function* () {
      const policy = policyOf(world, { kind: "Mailbox", identity })
      const gates = [policyFound, requestedPurge, documentIssued, approver] as const
      const decision = decideByGates(gates, {
        ...noPolicy,
        policy: identity,
        isFound: policy !== undefined,
        ...signingFacets(world, policy, actor.id),
      })
      if (decision.outcome !== "allow" || policy === undefined) return { decision }
      const marked = [...HashMap.entries(world.crypto.customerKey.mailboxes)]
        .filter(([, policyId]) => policyId === policy.id)
        .map(([mailbox]) => mailbox)
        .toSorted()
      const output = marked.map((Identity) => ({ Identity, MarkedForPermanentDeletion: true }))
      return { decision, events: yield* destroyPolicyKeys(policy), output }
    }),
})
