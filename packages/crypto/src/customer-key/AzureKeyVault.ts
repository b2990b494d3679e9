import { Schema } from "effect"
import { ownValue } from "../ownValue.ts"
import type { VaultCondition, VaultLoad } from "./vaultCondition.ts"
import { type AnyVaultRole, permissionsOfRole } from "./vaultRoles.ts"

/** CRY-039: software keys are for tests; production wants HSM keys. */
export const VaultSku = Schema.Literals(["Standard", "Premium"])
export type VaultSku = typeof VaultSku.Type

/** CRY-040: only RSA keys can be roots. AES keys (`oct-HSM`) live in a Managed HSM only (CRY-056). */
export const VaultKeyType = Schema.Literals(["RSA", "RSA-HSM", "EC", "EC-HSM", "oct-HSM"])
export type VaultKeyType = typeof VaultKeyType.Type

/** Sizes of RSA keys in bits (CRY-040). */
export const rsaSizes = [2048, 3072, 4096] as const

/** A vault shares its HSMs, a Managed HSM has its own, with a security domain (CRY-054). */
export const VaultKind = Schema.Literals(["KeyVault", "ManagedHsm"])
export type VaultKind = typeof VaultKind.Type

/** FIPS 140-2 level of what holds a key: software, HSMs that are shared, HSMs of one's own (CRY-054). */
export const fipsLevelOf = (kind: VaultKind, keyType: VaultKeyType): 1 | 2 | 3 => {
  if (kind === "ManagedHsm") return 3
  return keyType.endsWith("-HSM") ? 2 : 1
}

/** Who says what a principal may do with keys (CRY-043, CRY-066). */
export const PermissionModel = Schema.Literals(["AccessPolicy", "AzureRbac", "LocalRbac"])
export type PermissionModel = typeof PermissionModel.Type

/** What the firewall of a vault lets through. */
export const NetworkRules = Schema.Struct({
  defaultAction: Schema.Literals(["Allow", "Deny"]),
  /** `AzureServices`: trusted services of Microsoft come through in any case. */
  bypass: Schema.Literals(["AzureServices", "None"]),
  ipAddresses: Schema.Array(Schema.NonEmptyString),
})
export type NetworkRules = typeof NetworkRules.Type

export const openNetwork: NetworkRules = {
  defaultAction: "Allow",
  bypass: "AzureServices",
  ipAddresses: [],
}

/** Operations that a principal may be permitted or a key may be made for (CRY-041, CRY-056). */
export const KeyPermission = Schema.Literals([
  "get",
  "list",
  "create",
  "import",
  "update",
  "delete",
  "backup",
  "restore",
  "recover",
  "purge",
  "encrypt",
  "decrypt",
  "wrapKey",
  "unwrapKey",
  "sign",
  "verify",
])
export type KeyPermission = typeof KeyPermission.Type

export const VaultKeyVersion = Schema.Struct({
  /** 32 hexadecimal digits (CRY-055). */
  version: Schema.NonEmptyString,
  keyType: VaultKeyType,
  sizeBits: Schema.Int,
  keyOps: Schema.Array(KeyPermission),
  isEnabled: Schema.Boolean,
  createdAt: Schema.Finite,
  /** Epoch milliseconds of the last change of an attribute. */
  changedAt: Schema.Finite,
  /** Epoch milliseconds since when it has been switched off; absent while it is on. */
  disabledAt: Schema.optionalKey(Schema.Finite),
  /** Epoch milliseconds; absent: since it was made (CRY-058). */
  notBefore: Schema.optionalKey(Schema.Finite),
  /** Epoch milliseconds; absent: for ever (CRY-058). */
  expiresAt: Schema.optionalKey(Schema.Finite),
})
export type VaultKeyVersion = typeof VaultKeyVersion.Type

/** A key of a vault with all its versions, oldest first; a deletion concerns them all. */
export interface VaultKey {
  readonly name: string
  readonly versions: readonly VaultKeyVersion[]
  /** Epoch milliseconds; recoverable until the retention time has passed (CRY-060). */
  readonly deletedAt?: number
  /** Epoch milliseconds of the newest backup (CRY-049). */
  readonly backedUpAt?: number
  readonly isPurged: boolean
}

/** An entry of the vault's access policy (CRY-043). */
export interface VaultPermission {
  readonly keys: readonly KeyPermission[]
  readonly changedAt: number
}

/** The roles of a principal on a vault or a Managed HSM. */
export interface RoleAssignment {
  readonly roles: readonly AnyVaultRole[]
  readonly changedAt: number
}

/** A customer's key vault or Managed HSM in Azure. */
export interface Vault {
  /** Of a Managed HSM: `{name}.managedhsm`, so that it never meets a vault of the same name. */
  readonly name: string
  readonly kind: VaultKind
  readonly permissionModel: PermissionModel
  readonly subscription: string
  readonly location: string
  readonly sku: VaultSku
  /** 7 to 90 (CRY-060). */
  readonly retentionDays: number
  readonly isPurgeProtected: boolean
  /** Application id of a service principal -> what it may do with keys. */
  readonly permissions: Readonly<Record<string, VaultPermission>>
  /** Application id or account -> roles; counts where roles say who may do what. */
  readonly assignments: Readonly<Record<string, RoleAssignment>>
  readonly network: NetworkRules
  readonly networkChangedAt: number
  readonly condition: VaultCondition
  /** Epoch milliseconds of the last change of the condition. */
  readonly conditionSince: number
  /** A Managed HSM is of no use until its security domain was downloaded (CRY-066). */
  readonly isActivated: boolean
  /** Epoch milliseconds; recoverable until the retention time has passed (CRY-060). */
  readonly deletedAt?: number
  readonly isPurged: boolean
  readonly loads: readonly VaultLoad[]
  readonly keys: Readonly<Record<string, VaultKey>>
}

/** The key, whether it is deleted or not; undefined where it never was or was purged (CRY-060). */
export const keyOfVault = (vault: Vault | undefined, name: string): VaultKey | undefined => {
  const key = vault && ownValue(vault.keys, name.toLowerCase())
  return key?.isPurged === true ? undefined : key
}

/** What a principal may do with the keys of a vault; nothing unless it was granted. */
export const permissionOf = (
  vault: Vault | undefined,
  principal: string,
): VaultPermission | undefined => {
  if (vault === undefined) return undefined
  const id = principal.toLowerCase()
  if (vault.permissionModel === "AccessPolicy") return ownValue(vault.permissions, id)
  const found = ownValue(vault.assignments, id)
  return found === undefined
    ? undefined
    : { keys: found.roles.flatMap(permissionsOfRole), changedAt: found.changedAt }
}

/** The principals that a customer grants to, one for each kind of policy (CRY-042, CRY-139). */
export const servicePrincipals = {
  Exchange: "00000002-0000-0ff1-ce00-000000000000",
  SharePoint: "00000003-0000-0ff1-ce00-000000000000",
  M365DataAtRestEncryption: "c066d759-24ae-40e7-a56f-027002b5d3e4",
  Onboarding: "19f7f505-34aa-44a4-9dcc-6a768854d2ea",
  RightsManagement: "00000012-0000-0000-c000-000000000000",
} as const

/** A key by vault, name and, where given, version. Names know no case. */
export interface KeyUri {
  readonly vault: string
  readonly name: string
  readonly version?: string
}

/** The name under which a Managed HSM is kept. */
export const managedHsmName = (name: string): string => `${name.toLowerCase()}.managedhsm`

/** The name as its owner gave it. */
export const shownName = ({ kind, name }: Pick<Vault, "kind" | "name">): string =>
  kind === "ManagedHsm" ? name.replace(/\.managedhsm$/, "") : name

/** `https://{vault}.vault.azure.net` or `https://{hsm}.managedhsm.azure.net` (CRY-055). */
export const vaultUri = (vault: string): string =>
  vault.endsWith(".managedhsm")
    ? `https://${vault.toLowerCase()}.azure.net`
    : `https://${vault.toLowerCase()}.vault.azure.net`

/** `{base}/keys/{name}/{version}` (CRY-055); also accepts `/key/`, as some pages print it. */
export const parseKeyUri = (uri: string): KeyUri | undefined => {
  const match =
    /^https:\/\/([a-z0-9-]{3,24})\.(vault|managedhsm)\.azure\.net(?::443)?\/keys?\/([a-z0-9-]{1,127})(?:\/([0-9a-f]{32}))?\/?$/i.exec(
      uri.trim(),
    )
  if (match === null) return undefined
  const [, vault = "", kind = "", name = "", version] = match
  return {
    vault: kind.toLowerCase() === "vault" ? vault.toLowerCase() : managedHsmName(vault),
    name: name.toLowerCase(),
    ...(version === undefined ? {} : { version: version.toLowerCase() }),
  }
}

export const keyUri = (vault: string, name: string, version?: string): string =>
  [`${vaultUri(vault)}/keys/${name.toLowerCase()}`, version]
    .filter((it) => it !== undefined)
    .join("/")
