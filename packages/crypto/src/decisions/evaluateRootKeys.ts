import {
  type Decision,
  decideByGates,
  decidingGate,
  deny,
  type Gate,
  type GateRules,
  gate,
  instant,
  pass,
} from "@twin/kernel"
import {
  type KeyPermission,
  keyOfVault,
  parseKeyUri,
  permissionOf,
  type Vault,
  type VaultKeyVersion,
} from "../customer-key/AzureKeyVault.ts"
import { isPaid } from "../customer-key/AzureSubscription.ts"
import { type PolicyKind, principalOf } from "../customer-key/DataEncryptionPolicy.ts"
import { keyAnswer, versionOf } from "../customer-key/keyAnswer.ts"
import { recoveryLevelOf, requiredRecoveryLevel } from "../customer-key/recoveryLevel.ts"
import { azureSubscriptionOf, type CryptoWorld, vaultOf } from "../State.ts"

/** What the validation of root keys looks at: each number counts the keys that have the defect. */
export interface RootKeyFacets {
  readonly keys: number
  readonly missing: number
  readonly vaults: number
  readonly subscriptions: number
  readonly notRsa: number
  readonly notPermitted: number
  readonly unreachable: number
  readonly disabled: number
  readonly expiring: number
  readonly notYetValid: number
  readonly shortRetention: number
  readonly unpaid: number
  readonly outsideTenant: number
  readonly notOperable: number
  readonly isRecoveryLevelChecked: boolean
  readonly notProtected: number
}

const keyCount = gate<RootKeyFacets>()({
  name: "root-key-count",
  facts: ["CRY-077"],
  reads: ["keys"],
  check: ({ keys }) =>
    keys >= 2
      ? pass("Two root keys are given.", { keys })
      : deny(
          "A policy needs two root keys.",
          { keys },
          {
            code: "CustomerKey.TwoKeysRequired",
            message: "At least two Azure Key Vault keys are required for a data encryption policy.",
          },
        ),
})

const keysFound = gate<RootKeyFacets>()({
  name: "root-keys-found",
  facts: ["CRY-055", "CRY-064"],
  reads: ["missing"],
  check: ({ missing }) =>
    missing === 0
      ? pass("Each address names a key that exists.")
      : deny(
          "An address names no key that exists.",
          { missing },
          {
            code: "CustomerKey.KeyNotFound",
            message:
              "A key was not found in its key vault, or its address is not a key identifier.",
          },
        ),
})

const apart = gate<RootKeyFacets>()({
  name: "root-keys-apart",
  facts: ["CRY-037", "CRY-077"],
  reads: ["keys", "vaults", "subscriptions"],
  check: ({ keys, vaults, subscriptions }) =>
    vaults === keys && subscriptions === keys
      ? pass("The keys lie in different vaults of different subscriptions.", { vaults })
      : deny(
          "The keys have to lie in different vaults of different subscriptions.",
          {
            vaults,
            subscriptions,
          },
          {
            code: "CustomerKey.KeysNotSeparate",
            message: "The two keys must be in two key vaults in two Azure subscriptions.",
          },
        ),
})

const subscriptionsPaid = gate<RootKeyFacets>()({
  name: "azure-subscriptions-paid",
  facts: ["CRY-036"],
  reads: ["unpaid"],
  check: ({ unpaid }) =>
    unpaid === 0
      ? pass("The subscriptions are paid for.")
      : deny(
          "A free, trial, sponsored, MSDN or legacy subscription does not serve for Customer Key.",
          { unpaid },
          {
            code: "CustomerKey.SubscriptionNotPaid",
            message: "Customer Key requires paid Azure subscriptions.",
          },
        ),
})

const subscriptionsOfTenant = gate<RootKeyFacets>()({
  name: "azure-subscriptions-tenant",
  facts: ["CRY-037"],
  reads: ["outsideTenant"],
  check: ({ outsideTenant }) =>
    outsideTenant === 0
      ? pass("The subscriptions belong to the organization's own directory.")
      : deny(
          "A subscription belongs to another directory than the organization.",
          { outsideTenant },
          {
            code: "CustomerKey.SubscriptionNotInTenant",
            message:
              "Both subscriptions must be in the Microsoft Entra tenant of the organization.",
          },
        ),
})

const recoveryLevel = gate<RootKeyFacets>()({
  name: "recovery-level",
  facts: ["CRY-046", "CRY-047"],
  reads: ["isRecoveryLevelChecked", "notProtected"],
  check: ({ isRecoveryLevelChecked, notProtected }) => {
    if (!isRecoveryLevelChecked) return pass("The recovery level is not asked for here.")
    return notProtected === 0
      ? pass(`Each key shows the recovery level ${requiredRecoveryLevel}.`)
      : deny(
          `A key does not show the recovery level ${requiredRecoveryLevel}.`,
          { notProtected },
          {
            code: "CustomerKey.RecoveryLevelNotAcceptable",
            message: `The Recovery Level of a key is not ${requiredRecoveryLevel}: soft delete or the mandatory retention period is missing.`,
          },
        )
  },
})

const rsaOnly = gate<RootKeyFacets>()({
  name: "root-key-type",
  facts: ["CRY-040"],
  reads: ["notRsa"],
  check: ({ notRsa }) =>
    notRsa === 0
      ? pass("The keys are RSA keys.")
      : deny(
          "Only RSA keys can wrap.",
          { notRsa },
          {
            code: "CustomerKey.KeyTypeNotSupported",
            message: "The key type must be RSA or RSA-HSM.",
          },
        ),
})

const permitted = gate<RootKeyFacets>()({
  name: "root-key-permissions",
  facts: ["CRY-041", "CRY-042", "CRY-043", "CRY-066"],
  reads: ["notPermitted", "notOperable", "unreachable"],
  check: ({ notPermitted, notOperable, unreachable }) => {
    if (unreachable > 0) {
      return deny(
        "A key vault does not answer.",
        { unreachable },
        {
          code: "CustomerKey.KeyUnavailable",
          message: "A key vault could not be reached. Try again later.",
        },
      )
    }
    if (notOperable > 0) {
      return deny(
        "A key was not made for wrapping and unwrapping.",
        { notOperable },
        {
          code: "CustomerKey.KeyOperationsMissing",
          message: "A key does not support the operations wrapKey and unwrapKey.",
        },
      )
    }
    return notPermitted === 0
      ? pass("The service may get the keys, wrap and unwrap with them.")
      : deny(
          "The service principal of this workload lacks a permission on a key.",
          { notPermitted },
          {
            code: "CustomerKey.KeyAccessDenied",
            message: "The service does not have get, wrapKey and unwrapKey permissions on a key.",
          },
        )
  },
})

const attributes = gate<RootKeyFacets>()({
  name: "root-key-attributes",
  facts: ["CRY-048", "CRY-058", "CRY-059"],
  reads: ["disabled", "expiring", "notYetValid"],
  check: ({ disabled, expiring, notYetValid }) => {
    if (disabled > 0) {
      return deny(
        "A key is disabled.",
        { disabled },
        {
          code: "CustomerKey.KeyDisabled",
          message: "Operation unwrapKey is not allowed on a disabled key.",
        },
      )
    }
    if (notYetValid > 0) {
      return deny(
        "A key is not valid yet, so nothing can be wrapped with it.",
        { notYetValid },
        {
          code: "CustomerKey.KeyNotYetValid",
          message: "Operation wrapKey is not allowed on a key that is not yet valid.",
        },
      )
    }
    return expiring === 0
      ? pass("The keys are enabled, valid, and never expire.")
      : deny(
          "A key has an expiry date.",
          { expiring },
          {
            code: "CustomerKey.KeyExpirySet",
            message: "A key used with Customer Key must not have an expiration date.",
          },
        )
  },
})

const retention = gate<RootKeyFacets>()({
  name: "soft-delete-retention",
  facts: ["CRY-045"],
  reads: ["shortRetention"],
  check: ({ shortRetention }) =>
    shortRetention === 0
      ? pass("A deleted key can be recovered for ninety days.")
      : deny(
          "A vault keeps deleted keys for less than ninety days.",
          { shortRetention },
          {
            code: "CustomerKey.RecoveryWindowTooShort",
            message: "Soft delete must be enabled with a retention of 90 days.",
          },
        ),
})

/** In the order of the validation. */
export const rootKeyRules: GateRules<RootKeyFacets> = [
  keyCount,
  keysFound,
  apart,
  subscriptionsPaid,
  subscriptionsOfTenant,
  rsaOnly,
  permitted,
  attributes,
  retention,
  recoveryLevel,
]

/** Root keys that somebody wants a policy of this kind to use. */
export interface RootKeyRequest {
  readonly kind: PolicyKind
  readonly uris: readonly string[]
  readonly now: number
  /** The legacy way of onboarding asked for the recovery level of all keys (CRY-047). */
  readonly isLegacy?: boolean
}

interface Found {
  readonly vault: Vault
  readonly version: VaultKeyVersion
}

export const rootKeyFacetsOf = (world: CryptoWorld, o: RootKeyRequest): RootKeyFacets => {
  const principal = principalOf(o.kind)
  const found = o.uris.flatMap((uri): Found[] => {
    const parsed = parseKeyUri(uri)
    const vault = parsed === undefined ? undefined : vaultOf(world, parsed.vault)
    const version = parsed && vault && versionOf(vault, parsed)
    const key = parsed && keyOfVault(vault, parsed.name)
    const isGone = key === undefined || key.deletedAt !== undefined
    return vault === undefined || version === undefined || isGone ? [] : [{ vault, version }]
  })
  const answers = o.uris.map((uri) =>
    keyAnswer(world, { uri, principal, operation: "unwrapKey", now: o.now }),
  )
  const needed: readonly KeyPermission[] = ["get", "wrapKey", "unwrapKey"]
  const subscriptionOf = ({ vault }: Found) => azureSubscriptionOf(world, vault.subscription)
  const count = (test: (it: Found) => boolean): number => found.filter(test).length
  return {
    keys: o.uris.length,
    missing: o.uris.length - found.length,
    vaults: new Set(found.map(({ vault }) => vault.name)).size,
    // Identifiers of subscriptions know no case.
    subscriptions: new Set(found.map(({ vault }) => vault.subscription.toLowerCase())).size,
    notRsa: count(({ version }) => !version.keyType.startsWith("RSA")),
    notPermitted: Math.max(
      count(({ vault }) =>
        needed.some((it) => permissionOf(vault, principal)?.keys.includes(it) !== true),
      ),
      answers.filter(
        ({ status, refusal }) => status === 401 || (refusal?.code ?? "").startsWith("Forbidden"),
      ).length,
    ),
    notOperable: count(({ version }) =>
      (["wrapKey", "unwrapKey"] as const).some((it) => !version.keyOps.includes(it)),
    ),
    unreachable: answers.filter(({ result }) => result === "SystemError").length,
    disabled: count(({ version }) => !version.isEnabled),
    expiring: count(
      ({ version }) => version.expiresAt !== undefined && version.expiresAt < noExpiry(),
    ),
    notYetValid: count(({ version }) => (version.notBefore ?? o.now) > o.now),
    shortRetention: count(({ vault }) => vault.retentionDays < 90),
    unpaid: count((it) => !isPaid(subscriptionOf(it).offer)),
    outsideTenant: count((it) => !subscriptionOf(it).isInTenant),
    isRecoveryLevelChecked: o.kind === "SharePointGeo" || o.isLegacy === true,
    notProtected: count(({ vault }) => recoveryLevelOf(world, vault) !== requiredRecoveryLevel),
  }
}

/** 12/31/9999: the one date that counts as none (CRY-048). */
export const noExpiry = (): number => instant("9999-12-31T00:00:00Z")

/** Every gate that does not pass, not only the first: what a validation reports (CRY-051). */
export const failedRootKeyRules = (world: CryptoWorld, o: RootKeyRequest): readonly Gate[] => {
  const facets = rootKeyFacetsOf(world, o)
  return rootKeyRules
    .map((rule) => decidingGate(decideByGates([rule], facets)))
    .filter(({ verdict }) => verdict !== "pass")
}

/** Whether these keys can be the roots of a policy of this kind. */
export const evaluateRootKeys = (world: CryptoWorld, o: RootKeyRequest): Decision =>
  decideByGates(rootKeyRules, rootKeyFacetsOf(world, o))
