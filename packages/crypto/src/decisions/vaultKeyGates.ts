import { deny, gate, pass } from "@twin/kernel"
import { keyOfVault, rsaSizes } from "../customer-key/AzureKeyVault.ts"
import { type CryptoWorld, vaultOf } from "../State.ts"

export interface KeyFacets {
  readonly key: string
  readonly isKnown: boolean
  readonly isDeleted: boolean
}

/** A deleted key still has its name (CRY-062). */
export const nameFree = gate<KeyFacets>()({
  name: "key-name",
  facts: ["CRY-062"],
  reads: ["key", "isDeleted"],
  check: ({ key, isDeleted }) =>
    isDeleted
      ? deny(
          "A deleted key holds this name until it is recovered or purged.",
          { key },
          {
            code: "ObjectIsDeletedButRecoverable",
            message: `Key ${key} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.`,
          },
        )
      : pass("The name can be used.", { key }),
})

export const keyKnown = gate<KeyFacets>()({
  name: "key",
  facts: ["CRY-060", "CRY-064"],
  reads: ["key", "isKnown", "isDeleted"],
  check: ({ key, isKnown, isDeleted }) =>
    isKnown && !isDeleted
      ? pass("The vault holds the key.", { key })
      : deny(
          "The vault holds no such key.",
          { key, isDeleted },
          {
            code: "KeyNotFound",
            message: `A key with (name/id) ${key} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
          },
        ),
})

export const keyDeleted = gate<KeyFacets>()({
  name: "deleted-key",
  facts: ["CRY-060"],
  reads: ["key", "isDeleted"],
  check: ({ key, isDeleted }) =>
    isDeleted
      ? pass("The key is deleted and still recoverable.", { key })
      : deny(
          "There is no deleted key of that name.",
          { key },
          {
            code: "KeyNotFound",
            message: `A deleted key with (name/id) ${key} was not found in this key vault.`,
          },
        ),
})

export const keyFacets = (world: CryptoWorld, vault: string, name: string): KeyFacets => {
  const key = keyOfVault(vaultOf(world, vault), name)
  return {
    key: name,
    isKnown: key !== undefined,
    isDeleted: key?.deletedAt !== undefined,
  }
}

export interface NewKeyFacets {
  readonly destination: "Software" | "HSM"
  readonly kind: "KeyVault" | "ManagedHsm"
  readonly sku: string
  readonly sizeBits: number
  readonly keyType: "RSA" | "EC" | "oct"
}

export const keyMaterial = gate<NewKeyFacets>()({
  name: "key-material",
  facts: ["CRY-039", "CRY-040", "CRY-054", "CRY-056"],
  reads: ["destination", "kind", "sku", "sizeBits", "keyType"],
  check: ({ destination, kind, sku, sizeBits, keyType }) => {
    const refuse = (reason: string, message: string) =>
      deny(reason, { destination, kind, sku, keyType, sizeBits }, { code: "BadParameter", message })
    if (keyType === "oct" && kind !== "ManagedHsm") {
      return refuse(
        "AES keys live in a Managed HSM only.",
        "Property kty has invalid value: oct keys are not supported by this vault.",
      )
    }
    if (kind === "KeyVault" && destination === "HSM" && sku === "Standard") {
      return refuse(
        "A standard vault has no HSM keys.",
        "Operation create is not allowed: HSM keys need a premium vault.",
      )
    }
    const sizes: readonly number[] = keyType === "RSA" ? rsaSizes : aesSizes
    return keyType !== "EC" && !sizes.includes(sizeBits)
      ? refuse(
          "There is no key of this type and size.",
          `Property key_size has invalid value: ${sizes.join(", ")} are possible.`,
        )
      : pass("Such a key can be made here.", { destination, kind, sku, keyType, sizeBits })
  },
})

/** Sizes of AES keys in bits, Managed HSM only. */
export const aesSizes = [128, 192, 256] as const

export interface RestoreFacets {
  readonly file: string
  readonly isBackupKnown: boolean
  readonly isNameTaken: boolean
  readonly isOwnSubscription: boolean
  readonly isKindAlike: boolean
}

export const backupFile = gate<RestoreFacets>()({
  name: "key-backup",
  facts: ["CRY-049"],
  reads: ["file", "isBackupKnown", "isKindAlike"],
  check: ({ file, isBackupKnown, isKindAlike }) =>
    isBackupKnown && isKindAlike
      ? pass("The file is a backup of a key.", { file })
      : deny(
          "The file is no backup that this vault can read.",
          { file },
          { code: "BadParameter", message: "The specified backup blob is not valid." },
        ),
})

export const backupSubscription = gate<RestoreFacets>()({
  name: "key-backup-subscription",
  facts: ["CRY-049"],
  reads: ["isOwnSubscription"],
  check: ({ isOwnSubscription }) =>
    isOwnSubscription
      ? pass("The backup comes from this subscription.")
      : deny(
          "A backup is of use only in the subscription that it came from.",
          {},
          {
            code: "BadParameter",
            message:
              "The specified backup blob was created in another subscription and cannot be restored here.",
          },
        ),
})

export const restoreName = gate<RestoreFacets>()({
  name: "key-restore-name",
  facts: ["CRY-114"],
  reads: ["isNameTaken"],
  check: ({ isNameTaken }) =>
    isNameTaken
      ? deny(
          "The vault has a key of this name already, in use or deleted.",
          {},
          {
            code: "Conflict",
            message:
              "A key with this name already exists in the vault. A backup cannot be restored over it.",
          },
        )
      : pass("The vault has no key of this name."),
})
