import { Schema } from "effect"
import { ownValue } from "../ownValue.ts"
import {
  KeyPermission,
  keyOfVault,
  NetworkRules,
  openNetwork,
  PermissionModel,
  type Vault,
  type VaultKey,
  VaultKeyVersion,
  VaultKind,
  VaultSku,
} from "./AzureKeyVault.ts"
import { ThrottledOperation, throttling, VaultCondition } from "./vaultCondition.ts"
import { AnyVaultRole } from "./vaultRoles.ts"

const Name = Schema.NonEmptyString

/** What happens in a customer's key vaults. Names are in lower case. */
export const vaultEvents = {
  VaultCreated: {
    vault: Name,
    kind: VaultKind,
    permissionModel: PermissionModel,
    subscription: Name,
    location: Schema.String,
    sku: VaultSku,
    retentionDays: Schema.Int,
    isPurgeProtected: Schema.Boolean,
    at: Schema.Finite,
  },
  VaultChanged: {
    vault: Name,
    isPurgeProtected: Schema.optionalKey(Schema.Boolean),
    permissionModel: Schema.optionalKey(PermissionModel),
  },
  /** The security domain of a Managed HSM was downloaded (CRY-066). */
  ManagedHsmActivated: { vault: Name },
  VaultNetworkSet: { vault: Name, network: NetworkRules, at: Schema.Finite },
  VaultConditionSet: { vault: Name, condition: VaultCondition, at: Schema.Finite },
  VaultUsed: { vault: Name, kind: ThrottledOperation, count: Schema.Int, at: Schema.Finite },
  /** No roles: the assignment was removed. */
  VaultRolesSet: {
    vault: Name,
    principal: Name,
    roles: Schema.Array(AnyVaultRole),
    at: Schema.Finite,
  },
  VaultDeleted: { vault: Name, at: Schema.Finite },
  VaultRecovered: { vault: Name, at: Schema.Finite },
  VaultPurged: { vault: Name },
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
    notBefore: Schema.optionalKey(Schema.Finite),
    keyOps: Schema.optionalKey(Schema.Array(KeyPermission)),
    at: Schema.Finite,
  },
  /** A key with all its versions came back out of a backup (CRY-114). */
  VaultKeyRestored: { vault: Name, key: Name, versions: Schema.Array(VaultKeyVersion) },
  /** A backup was written, with all versions of that moment (CRY-049). */
  VaultKeyBackedUp: { vault: Name, key: Name, at: Schema.Finite },
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

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((it) => b.includes(it))

const switched = (
  version: VaultKeyVersion,
  isEnabled: boolean | undefined,
  at: number,
): VaultKeyVersion => {
  const { disabledAt, ...it } = version
  if (isEnabled === undefined) return version
  return isEnabled
    ? { ...it, isEnabled }
    : { ...it, isEnabled, disabledAt: version.isEnabled ? at : (disabledAt ?? at) }
}

const recovered = (vault: Vault): Vault => {
  const { deletedAt: _deletedAt, ...it } = vault
  return it
}

/** Pure and total: an event about an unknown vault or key changes nothing. */
export const evolveVaults = (vaults: Vaults, event: VaultEvent): Vaults =>
  events.match(event, {
    VaultCreated: ({ _tag, vault, at, ...created }): Vaults => ({
      ...vaults,
      [vault]: {
        ...created,
        name: vault,
        permissions: {},
        assignments: {},
        network: openNetwork,
        networkChangedAt: at,
        condition: "none",
        conditionSince: at,
        isActivated: created.kind === "KeyVault",
        isPurged: false,
        loads: [],
        keys: {},
      },
    }),
    VaultChanged: ({ vault, isPurgeProtected, permissionModel }) =>
      changeVault(vaults, vault, (it) => ({
        ...it,
        ...(isPurgeProtected === undefined ? {} : { isPurgeProtected }),
        ...(permissionModel === undefined ? {} : { permissionModel }),
      })),
    ManagedHsmActivated: ({ vault }) =>
      changeVault(vaults, vault, (it) => ({ ...it, isActivated: true })),
    VaultNetworkSet: ({ vault, network, at }) =>
      changeVault(vaults, vault, (it) => ({ ...it, network, networkChangedAt: at })),
    VaultConditionSet: ({ vault, condition, at }) =>
      changeVault(vaults, vault, (it) => ({
        ...it,
        condition,
        // Out of one trouble into another: it was in trouble all the time.
        conditionSince: it.condition !== "none" && condition !== "none" ? it.conditionSince : at,
      })),
    VaultUsed: ({ vault, kind, count, at }) =>
      changeVault(vaults, vault, (it) => ({
        ...it,
        loads: [
          ...it.loads.filter((load) => at - load.at < throttling.windowMilliseconds),
          { kind, count, at },
        ],
      })),
    VaultRolesSet: ({ vault, principal, roles, at }) =>
      changeVault(vaults, vault, (it) => ({
        ...it,
        assignments: { ...it.assignments, [principal]: { roles, changedAt: at } },
      })),
    // Role assignments of Azure go with the vault and do not come back; access policies do (CRY-063).
    VaultDeleted: ({ vault, at }) =>
      changeVault(vaults, vault, (it) => ({
        ...it,
        deletedAt: at,
        assignments: it.kind === "KeyVault" ? {} : it.assignments,
      })),
    VaultRecovered: ({ vault }) => changeVault(vaults, vault, recovered),
    VaultPurged: ({ vault }) => changeVault(vaults, vault, (it) => ({ ...it, isPurged: true })),
    VaultPermissionsSet: ({ vault, principal, keys, at }) =>
      changeVault(vaults, vault, (it) => {
        const before = ownValue(it.permissions, principal)
        // Saying the same again changes nothing, so it counts from when it was said first.
        const changedAt =
          before !== undefined && isSameSet(before.keys, keys) ? before.changedAt : at
        return { ...it, permissions: { ...it.permissions, [principal]: { keys, changedAt } } }
      }),
    VaultKeyAdded: ({ vault, key, version }) =>
      changeVault(vaults, vault, (it) => ({
        ...it,
        keys: {
          ...it.keys,
          [key]: {
            ...keyOfVault(it, key),
            name: key,
            isPurged: false,
            versions: [...(keyOfVault(it, key)?.versions ?? []), version],
          },
        },
      })),
    VaultKeyRestored: ({ versions, ...where }) =>
      changeVault(vaults, where.vault, (it) => ({
        ...it,
        keys: {
          ...it.keys,
          [where.key]: { name: where.key, isPurged: false, versions },
        },
      })),
    VaultKeyChanged: ({ version, at, isEnabled, expiresAt, notBefore, keyOps, ...where }) =>
      changeKey(vaults, where, (key) => ({
        ...key,
        versions: key.versions.map((it) =>
          it.version === version
            ? {
                ...switched(it, isEnabled, at),
                ...(expiresAt === undefined ? {} : { expiresAt }),
                ...(notBefore === undefined ? {} : { notBefore }),
                ...(keyOps === undefined ? {} : { keyOps }),
                changedAt: at,
              }
            : it,
        ),
      })),
    VaultKeyBackedUp: ({ at, ...where }) =>
      changeKey(vaults, where, (key) => ({ ...key, backedUpAt: at })),
    VaultKeyDeleted: ({ at, ...where }) =>
      changeKey(vaults, where, (key) => ({ ...key, deletedAt: at })),
    VaultKeyRecovered: (where) => changeKey(vaults, where, ({ deletedAt: _over, ...key }) => key),
    VaultKeyPurged: (where) => changeKey(vaults, where, (key) => ({ ...key, isPurged: true })),
  })
