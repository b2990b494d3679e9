import { Effect } from "effect"
import { KeyVault } from "../KeyVault.ts"
import { type CryptoEvent, type CryptoWorld, keyOf } from "../State.ts"

/** The tenant's own RMS root, made and kept by Microsoft (CRY-138). */
export const microsoftManagedTenantKey = "rms-tenant-key/microsoft-managed"

/** The RSA pair of an account, to which use licences are issued (CRY-136). */
export const accountKey = (principal: string): string => `account-key/${principal.toLowerCase()}`

/** The key that protects new content. */
export const activeTenantKey = (_world: CryptoWorld): string => microsoftManagedTenantKey

/** The active key, made when the tenant protects for the first time. */
export const ensureTenantKey = Effect.fnUntraced(function* (world: CryptoWorld) {
  const vault = yield* KeyVault
  const keyId = activeTenantKey(world)
  yield* vault.createKeyPair(keyId)
  const events: readonly CryptoEvent[] =
    keyOf(world, keyId) === undefined
      ? [{ _tag: "KeyCreated", keyId, kind: "RmsTenantKey", wrappedBy: [] }]
      : []
  return { keyId, events }
})
