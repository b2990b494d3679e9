import { Effect, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import { KeyVault } from "../KeyVault.ts"
import { type CryptoEvent, type CryptoWorld, keyOf } from "../State.ts"
import { cachedKey, type Hierarchy, type Level, serviceRootKey } from "./Hierarchy.ts"
import { hasWrapped, storeWrapped, unwrapByVault, unwrapStored } from "./KeyRing.ts"
import { type ReadRequest, rootAnswers, rootFacetsOf, rootRoute } from "./rootRoute.ts"

/** The highest key below the roots, through the root that the unwrap algorithm names. */
export const unlockTop = Effect.fnUntraced(function* (
  world: CryptoWorld,
  hierarchy: Hierarchy,
  request: ReadRequest,
) {
  const vault = yield* KeyVault
  const { policy, workload, levels } = hierarchy
  const top = levels.at(-1) ?? levels[0]
  switch (rootRoute(rootFacetsOf(world, hierarchy, request))) {
    case "service-root":
      return yield* unwrapByVault(top.keyId, serviceRootKey(workload))
    case "customer-key": {
      const answers = policy === undefined ? [] : rootAnswers(world, policy, request.now)
      const uri = answers.find(({ result }) => result === "Success")?.uri ?? ""
      return yield* unwrapByVault(top.keyId, uri)
    }
    case "availability-key":
      return yield* unwrapByVault(top.keyId, policy?.availabilityKeyId ?? "")
    case "cached-key":
      return yield* Effect.option(vault.symmetricKey(cachedKey(top.keyId)))
    case "none":
      return Option.none<Uint8Array>()
  }
})

/** Unwraps from a root down to the container's key; none where a level does not open. */
export const unlock = Effect.fnUntraced(function* (
  world: CryptoWorld,
  hierarchy: Hierarchy,
  request: ReadRequest = {},
) {
  let key = yield* unlockTop(world, hierarchy, request)
  const [top, ...below] = hierarchy.levels.toReversed()
  let above = top
  for (const level of below) {
    if (Option.isNone(key) || above === undefined) return key
    const wrapping = { wrappedBy: above.keyId, wrappingKey: key.value }
    key = yield* unwrapStored({ keyId: level.keyId, ...wrapping })
    above = level
  }
  return key
})

/** The container's key, made with every level above it that does not exist yet. */
export const unlockOrCreate = Effect.fnUntraced(function* (
  world: CryptoWorld,
  hierarchy: Hierarchy,
  request: ReadRequest = {},
) {
  const random = yield* SecureRandom.SecureRandom
  const { events, created } = newKeys(world)
  if (hierarchy.policy === undefined) events.push(...(yield* ensureServiceRoot(world, hierarchy)))
  let key = yield* unlockTop(world, hierarchy, request)
  const [top, ...below] = hierarchy.levels.toReversed()
  let above = top
  for (const level of below) {
    if (Option.isNone(key) || above === undefined) break
    const wrapping = { keyId: level.keyId, wrappedBy: above.keyId, wrappingKey: key.value }
    key = yield* unwrapStored(wrapping)
    if (Option.isNone(key) && !(yield* hasWrapped(level.keyId, above.keyId))) {
      const made = yield* random.randomBytes(32)
      yield* storeWrapped({ ...wrapping, key: made })
      key = Option.some(made)
    }
    created(level, [above.keyId])
    above = level
  }
  return { key, events }
})

type Created = (level: Level, wrappedBy: readonly string[]) => void

/** Collects an event for each key that the world does not know yet. */
const newKeys = (world: CryptoWorld): { events: CryptoEvent[]; created: Created } => {
  const events: CryptoEvent[] = []
  return {
    events,
    // Two saves of one operation see the same world: the key exists, its event is repeated.
    created: ({ keyId, kind }, wrappedBy) => {
      if (keyOf(world, keyId) === undefined) {
        events.push({ _tag: "KeyCreated", keyId, kind, wrappedBy })
      }
    },
  }
}

/** Microsoft's root of the workload, and the key right below it; the events of those that are new. */
export const ensureServiceRoot = Effect.fnUntraced(function* (
  world: CryptoWorld,
  { workload, levels }: Hierarchy,
) {
  const { events, created } = newKeys(world)
  const vault = yield* KeyVault
  const random = yield* SecureRandom.SecureRandom
  const root: Level = { keyId: serviceRootKey(workload), kind: "ServiceRootKey" }
  const top = levels.at(-1) ?? levels[0]
  if (keyOf(world, root.keyId) !== undefined && keyOf(world, top.keyId) !== undefined) return events
  yield* vault.createSymmetricKey(root.keyId)
  created(root, [])
  if (!(yield* hasWrapped(top.keyId, root.keyId))) {
    const wrappingKey = yield* Effect.orDie(vault.symmetricKey(root.keyId))
    const key = yield* random.randomBytes(32)
    yield* storeWrapped({ keyId: top.keyId, key, wrappedBy: root.keyId, wrappingKey })
  }
  created(top, [root.keyId])
  return events
})
