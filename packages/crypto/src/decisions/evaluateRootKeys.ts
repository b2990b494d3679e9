import {
  type Decision,
  decideByGates,
  deny,
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
import { type PolicyKind, principalOf } from "../customer-key/DataEncryptionPolicy.ts"
import { keyAnswer, versionOf } from "../customer-key/keyAnswer.ts"
import { type CryptoWorld, vaultOf } from "../State.ts"

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
  readonly shortRetention: number
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
  facts: ["CRY-041", "CRY-042", "CRY-043"],
  reads: ["notPermitted", "unreachable"],
  check: ({ notPermitted, unreachable }) => {
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
  facts: ["CRY-048", "CRY-059"],
  reads: ["disabled", "expiring"],
  check: ({ disabled, expiring }) => {
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
    return expiring === 0
      ? pass("The keys are enabled and never expire.")
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
  rsaOnly,
  permitted,
  attributes,
  retention,
]

/** Root keys that somebody wants a policy of this kind to use. */
export interface RootKeyRequest {
  readonly kind: PolicyKind
  readonly uris: readonly string[]
  readonly now: number
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
  const count = (test: (it: Found) => boolean): number => found.filter(test).length
  return {
    keys: o.uris.length,
    missing: o.uris.length - found.length,
    vaults: new Set(found.map(({ vault }) => vault.name)).size,
    subscriptions: new Set(found.map(({ vault }) => vault.subscription)).size,
    notRsa: count(({ version }) => version.keyType === "EC"),
    notPermitted: Math.max(
      count(({ vault }) =>
        needed.some((it) => permissionOf(vault, principal)?.keys.includes(it) !== true),
      ),
      answers.filter(({ refusal }) => refusal?.code === "Forbidden").length,
    ),
    unreachable: answers.filter(({ result }) => result === "SystemError").length,
    disabled: count(({ version }) => !version.isEnabled),
    expiring: count(
      ({ version }) => version.expiresAt !== undefined && version.expiresAt < noExpiry(),
    ),
    shortRetention: count(({ vault }) => vault.retentionDays < 90),
  }
}

/** 12/31/9999: the one date that counts as none (CRY-048). */
const noExpiry = (): number => instant("9999-12-31T00:00:00Z")

/** Whether these keys can be the roots of a policy of this kind. */
export const evaluateRootKeys = (world: CryptoWorld, o: RootKeyRequest): Decision =>
  decideByGates(rootKeyRules, rootKeyFacetsOf(world, o))
