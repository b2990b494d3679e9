import { Effect, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import { KeyVault } from "../KeyVault.ts"
import { type CryptoEvent, type CryptoWorld, keyOf } from "../State.ts"
import type { Level } from "./Hierarchy.ts"
import { hasWrapped, storeWrapped, unwrapByVault, unwrapStored } from "./KeyRing.ts"

/** Unwraps level by level from the root down to the container's key; none where a level does not open. */
export const unlock = Effect.fnUntraced(function* (chain: readonly Level[]) {
  const [root, first, ...rest] = chain.toReversed()
  if (root === undefined || first === undefined) return Option.none<Uint8Array>()
  let key = yield* unwrapByVault(first.keyId, root.keyId)
  let above = first
  for (const level of rest) {
    if (Option.isNone(key)) return key
    const wrapping = { wrappedBy: above.keyId, wrappingKey: key.value }
    key = yield* unwrapStored({ keyId: level.keyId, ...wrapping })
    above = level
  }
  return key
})

/** The container's key, made with every level above it that does not exist yet. */
export const unlockOrCreate = Effect.fnUntraced(function* (
  world: CryptoWorld,
  chain: readonly Level[],
) {
  const vault = yield* KeyVault
  const random = yield* SecureRandom.SecureRandom
  const events: CryptoEvent[] = []
  const created = ({ keyId, kind }: Level, wrappedBy: readonly string[]) => {
    // Two saves of one operation see the same world: the key exists, its event is repeated.
    if (keyOf(world, keyId) === undefined) {
      events.push({ _tag: "KeyCreated", keyId, kind, wrappedBy })
    }
  }
  const [root, ...below] = chain.toReversed()
  if (root === undefined) return { key: Option.none<Uint8Array>(), events }
  yield* vault.createSymmetricKey(root.keyId)
  created(root, [])
  let above = root
  let wrappingKey = yield* Effect.option(vault.symmetricKey(root.keyId))
  for (const level of below) {
    if (Option.isNone(wrappingKey)) break
    const wrapping = { keyId: level.keyId, wrappedBy: above.keyId, wrappingKey: wrappingKey.value }
    if (!(yield* hasWrapped(level.keyId, above.keyId))) {
      yield* storeWrapped({ ...wrapping, key: yield* random.randomBytes(32) })
    }
    created(level, [above.keyId])
    wrappingKey = yield* unwrapStored(wrapping)
    above = level
  }
  return { key: wrappingKey, events }
})
