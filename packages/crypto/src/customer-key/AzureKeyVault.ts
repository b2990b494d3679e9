import { Schema } from "effect"
import { ownValue } from "../ownValue.ts"

/** CRY-039: software keys are for tests; production wants HSM keys. */
export const VaultSku = Schema.Literals(["Standard", "Premium"])
export type VaultSku = typeof VaultSku.Type

/** CRY-040: only RSA keys wrap. EC is there to be refused. */
export const VaultKeyType = Schema.Literals(["RSA", "RSA-HSM", "EC"])
export type VaultKeyType = typeof VaultKeyType.Type

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
  readonly isPurged: boolean
}

/** An entry of the vault's access policy (CRY-043). */
export interface VaultPermission {
  readonly keys: readonly KeyPermission[]
  readonly changedAt: number
}

/** A customer's key vault in Azure. */
export interface Vault {
  readonly name: string
  readonly subscription: string
  readonly location: string
  readonly sku: VaultSku
  /** 7 to 90 (CRY-060). */
  readonly retentionDays: number
  readonly isPurgeProtected: boolean
  /** Application id of a service principal -> what it may do with keys. */
  readonly permissions: Readonly<Record<string, VaultPermission>>
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
): VaultPermission | undefined => vault && ownValue(vault.permissions, principal.toLowerCase())

/** The principals that a customer grants to, one for each kind of policy (CRY-042, CRY-139). */
export const servicePrincipals = {
  Exchange: "00000002-0000-0ff1-ce00-000000000000",
  SharePoint: "00000003-0000-0ff1-ce00-000000000000",
  M365DataAtRestEncryption: "c066d759-24ae-40e7-a56f-027002b5d3e4",
  RightsManagement: "00000012-0000-0000-c000-000000000000",
} as const

/** A key by vault, name and, where given, version. Names know no case. */
export interface KeyUri {
  readonly vault: string
  readonly name: string
  readonly version?: string
}

/** `https://{vault}.vault.azure.net/keys/{name}/{version}`; also accepts `/key/`, as some pages print it. */
export const parseKeyUri = (uri: string): KeyUri | undefined => {
  const match =
    /^https:\/\/([a-z0-9-]{3,24})\.vault\.azure\.net(?::443)?\/keys?\/([a-z0-9-]{1,127})(?:\/([0-9a-f]{32}))?\/?$/i.exec(
      uri.trim(),
    )
  if (match === null) return undefined
  const [, vault = "", name = "", version] = match
  return {
    vault: vault.toLowerCase(),
    name: name.toLowerCase(),
    ...(version === undefined ? {} : { version: version.toLowerCase() }),
  }
}

export const keyUri = (vault: string, name: string, version?: string): string =>
  [`https://${vault.toLowerCase()}.vault.azure.net/keys/${name.toLowerCase()}`, version]
    .filter((it) => it !== undefined)
    .join("/")
