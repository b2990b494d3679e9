import { Schema } from "effect"
import { ownValue } from "../ownValue.ts"
import {
  KeyPermission,
  keyOfVault,
  type Vault,
  type VaultKey,
  VaultKeyVersion,
  VaultSku,
} from "./AzureKeyVault.ts"

const Name = Schema.NonEmptyString

/** What happens in a customer's key vaults. Names are in lower case. */
export const vaultEvents = {
  VaultCreated: {
    vault: Name,
    subscription: Name,
    location: Schema.String,
    sku: VaultSku,
    retentionDays: Schema.Int,
    isPurgeProtected: Schema.Boolean,
  },
  /** No permissions: the principal was removed. */
  VaultPermissionsSet: {
    vault: Name,
    principal: Name,
    keys: Schema.Array(KeyPermission),
    at: Schema.Finite,
  },
  VaultKeyAdded: { vault: Name, key: Name, version: VaultKeyVersion },
  VaultKeyChanged: {
    vault: Name,
    key: Name,
    version: Name,
    isEnabled: Schema.optionalKey(Schema.Boolean),
    expiresAt: Schema.optionalKey(Schema.Finite),
    at: Schema.Finite,
  },
  VaultKeyDeleted: { vault: Name, key: Name, at: Schema.Finite },
  VaultKeyRecovered: { vault: Name, key: Name },
  VaultKeyPurged: { vault: Name, key: Name },
} as const

/** Vaults by name. Few for each tenant: six at most for Customer Key (CRY-038). */
export type Vaults = Readonly<Record<string, Vault>>

const events = Schema.TaggedUnion(vaultEvents)
export type VaultEvent = typeof events.Type

const changeVault = (vaults: Vaults, name: string, change: (it: Vault) => Vault): Vaults => {
  const vault = ownValue(vaults, name)
  return vault === undefined ? vaults : { ...vaults, [name]: change(vault) }
}

const changeKey = (
  vaults: Vaults,
  at: { readonly vault: string; readonly key: string },
  change: (it: VaultKey) => VaultKey,
): Vaults =>
  changeVault(vaults, at.vault, (vault) => {
    const key = ownValue(vault.keys, at.key)
    return key === undefined ? vault : { ...vault, keys: { ...vault.keys, [at.key]: change(key) } }
  })

/** Pure and total: an event about an unknown vault or key changes nothing. */
export const evolveVaults = (vaults: Vaults, event: VaultEvent): Vaults =>
  events.match(event, {
    VaultCreated: ({ vault, subscription, location, sku, retentionDays, isPurgeProtected }) => ({
      ...vaults,
      [vault]: {
        name: vault,
        subscription,
        location,
        sku,
        retentionDays,
        isPurgeProtected,
        permissions: {},
        keys: {},
      },
    }),
    VaultPermissionsSet: ({ vault, principal, keys, at }) =>
      changeVault(vaults, vault, (it) => ({
        ...it,
        permissions: { ...it.permissions, [principal]: { keys, changedAt: at } },
      })),
    VaultKeyAdded: ({ vault, key, version }) =>
      changeVault(vaults, vault, (it) => ({
        ...it,
        keys: {
          ...it.keys,
          [key]: {
            name: key,
            isPurged: false,
            versions: [...(keyOfVault(it, key)?.versions ?? []), version],
          },
        },
      })),
    VaultKeyChanged: ({ version, at, isEnabled, expiresAt, ...where }) =>
      changeKey(vaults, where, (key) => ({
        ...key,
        versions: key.versions.map((it) =>
          it.version === version
            ? {
                ...it,
                ...(isEnabled === undefined ? {} : { isEnabled }),
                ...(expiresAt === undefined ? {} : { expiresAt }),
                changedAt: at,
              }
            : it,
        ),
      })),
    VaultKeyDeleted: ({ at, ...where }) =>
      changeKey(vaults, where, (key) => ({ ...key, deletedAt: at })),
    VaultKeyRecovered: (where) =>
      changeKey(vaults, where, ({ name, versions, isPurged }) => ({ name, versions, isPurged })),
    VaultKeyPurged: (where) => changeKey(vaults, where, (key) => ({ ...key, isPurged: true })),
  })
