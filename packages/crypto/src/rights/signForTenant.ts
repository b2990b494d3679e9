import { Effect } from "effect"
import { KeyVault } from "../KeyVault.ts"
import { rsaSign } from "../Primitives.ts"
import type { CryptoWorld } from "../State.ts"
import { ensureTenantKey } from "./TenantKey.ts"

/**
 * Signs with the active tenant key what the service hands out, templates above all: after a rekey the
 * next signature is the new key's at once (CRY-141). Whether the key may be used, the caller has asked.
 */
export const signForTenant = Effect.fn("signForTenant")(function* (
  world: CryptoWorld,
  message: Uint8Array,
) {
  const { keyId, events } = yield* ensureTenantKey(world)
  const privateKey = yield* Effect.orDie((yield* KeyVault).privateKey(keyId))
  return { tenantKeyId: keyId, signature: rsaSign(privateKey, message), events }
})
