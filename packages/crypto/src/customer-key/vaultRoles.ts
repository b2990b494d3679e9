import { Schema } from "effect"
import type { KeyPermission } from "./AzureKeyVault.ts"

const cryptoUse: readonly KeyPermission[] = [
  "get",
  "list",
  "update",
  "backup",
  "encrypt",
  "decrypt",
  "wrapKey",
  "unwrapKey",
  "sign",
  "verify",
]
const manage: readonly KeyPermission[] = ["create", "import", "delete", "restore", "recover"]
const serviceUse: readonly KeyPermission[] = ["get", "wrapKey", "unwrapKey"]

/**
 * What the built-in data-plane roles of a key vault bring (CRY-043). Purging is in none of the
 * administrators' hands by default: it has a role of its own (CRY-061).
 */
export const vaultRoles = {
  "Key Vault Administrator": [...cryptoUse, ...manage],
  "Key Vault Crypto Officer": [...cryptoUse, ...manage],
  "Key Vault Crypto User": cryptoUse,
  "Key Vault Crypto Service Encryption User": serviceUse,
  "Key Vault Reader": ["get", "list"],
  "Key Vault Purge Operator": ["purge"],
} as const satisfies Readonly<Record<string, readonly KeyPermission[]>>

/** The local roles of a Managed HSM; roles of the subscription count for nothing there (CRY-066). */
export const managedHsmRoles = {
  "Managed HSM Administrator": [],
  "Managed HSM Crypto Officer": ["get", "list", "delete", "recover", "purge"],
  "Managed HSM Crypto User": [...cryptoUse, "create", "import", "delete", "restore"],
  "Managed HSM Policy Administrator": [],
  "Managed HSM Crypto Auditor": ["get", "list"],
  "Managed HSM Crypto Service Encryption User": serviceUse,
  "Managed HSM Backup": ["backup"],
} as const satisfies Readonly<Record<string, readonly KeyPermission[]>>

/** Any role that can be assigned on a vault or a Managed HSM. */
export const VaultRole = Schema.Literals([
  "Key Vault Administrator",
  "Key Vault Crypto Officer",
  "Key Vault Crypto User",
  "Key Vault Crypto Service Encryption User",
  "Key Vault Reader",
  "Key Vault Purge Operator",
])
export type VaultRole = typeof VaultRole.Type

export const ManagedHsmRole = Schema.Literals([
  "Managed HSM Administrator",
  "Managed HSM Crypto Officer",
  "Managed HSM Crypto User",
  "Managed HSM Policy Administrator",
  "Managed HSM Crypto Auditor",
  "Managed HSM Crypto Service Encryption User",
  "Managed HSM Backup",
])
export type ManagedHsmRole = typeof ManagedHsmRole.Type

export const AnyVaultRole = Schema.Literals([...VaultRole.literals, ...ManagedHsmRole.literals])
export type AnyVaultRole = typeof AnyVaultRole.Type

/** What a role permits with keys. */
export const permissionsOfRole = (role: AnyVaultRole): readonly KeyPermission[] =>
  ({ ...vaultRoles, ...managedHsmRoles })[role]
