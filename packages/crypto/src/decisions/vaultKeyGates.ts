import { deny, gate, pass, unknown } from "@twin/kernel"
import { keyOfVault } from "../customer-key/AzureKeyVault.ts"
import { rsaModulusBits } from "../RsaKeyPair.ts"
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
  readonly sku: string
  readonly sizeBits: number
  readonly keyType: string
}

export const keyMaterial = gate<NewKeyFacets>()({
  name: "key-material",
  facts: ["CRY-039", "CRY-040", "CRY-054"],
  reads: ["destination", "sku", "sizeBits", "keyType"],
  check: ({ destination, sku, sizeBits, keyType }) => {
    if (destination === "HSM" && sku === "Standard") {
      return deny(
        "A standard vault has no HSM keys.",
        { destination, sku },
        {
          code: "BadParameter",
          message: "Operation create is not allowed: HSM keys need a premium vault.",
        },
      )
    }
    return keyType === "RSA" && sizeBits !== rsaModulusBits
      ? unknown("The twin makes RSA keys of one size only.", { sizeBits, modelled: rsaModulusBits })
      : pass("The vault can make such a key.", { destination, sku, keyType, sizeBits })
  },
})

export interface PurgeFacets {
  readonly isPurgeProtected: boolean
}

export const purgeProtection = gate<PurgeFacets>()({
  name: "purge-protection",
  facts: ["CRY-061"],
  reads: ["isPurgeProtected"],
  check: ({ isPurgeProtected }) =>
    isPurgeProtected
      ? deny(
          "Purge protection keeps a deleted key until its retention time has passed.",
          {},
          {
            code: "Forbidden",
            message:
              'Operation "purge" is not allowed because purge protection is enabled for this vault.',
          },
        )
      : pass("Nothing protects the deleted key from being purged."),
})
