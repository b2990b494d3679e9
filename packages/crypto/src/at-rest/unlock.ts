import { Effect, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import type { BlobStore } from "../BlobStore.ts"
import { KeyVault } from "../KeyVault.ts"
import { type CryptoEvent, type CryptoWorld, keyOf } from "../State.ts"
import { cachedKey, type Hierarchy, type Level, serviceRootKey } from "./Hierarchy.ts"
import { hasWrapped, storeWrapped, unwrapByVault, unwrapStored } from "./KeyRing.ts"
import {
  type ReadRequest,
  type RootRoute,
  rootAnswers,
  rootFacetsOf,
  rootRoute,
} from "./rootRoute.ts"

const routeOf = (world: CryptoWorld, hierarchy: Hierarchy, request: ReadRequest): RootRoute =>
  rootRoute(rootFacetsOf(world, hierarchy, request))

/** The highest key below the roots, through the root that the unwrap algorithm names. */
export const unlockTop = (
  world: CryptoWorld,
  hierarchy: Hierarchy,
  request: ReadRequest,
  route: RootRoute = routeOf(world, hierarchy, request),
): Effect.Effect<Option.Option<Uint8Array>, never, KeyVault | BlobStore> => {
  const { policy, workload, levels } = hierarchy
  const top = levels.at(-1) ?? levels[0]
  switch (route) {
    case "service-root":
      return unwrapByVault(top.keyId, serviceRootKey(workload))
    case "customer-key": {
      const answers = policy === undefined ? [] : rootAnswers(world, policy, request.now)
      const uri = answers.find(({ result }) => result === "Success")?.uri ?? ""
      return unwrapByVault(top.keyId, uri)
    }
    case "availability-key":
      return unwrapByVault(top.keyId, policy?.availabilityKeyId ?? "")
    case "cached-key":
      return Effect.flatMap(KeyVault, (vault) =>
        Effect.option(vault.symmetricKey(cachedKey(top.keyId))),
      )
    case "none":
      return Effect.succeedNone
  }
}

/** Unwraps from a root down to the container's key; none where a level does not open. */
export const unlock = (
  world: CryptoWorld,
  hierarchy: Hierarchy,
  request: ReadRequest = {},
  route: RootRoute = routeOf(world, hierarchy, request),
): Effect.Effect<Option.Option<Uint8Array>, never, KeyVault | BlobStore> => {
  const { levels } = hierarchy
  let key = unlockTop(world, hierarchy, request, route)
  for (let at = levels.length - 2; at >= 0; at--) {
    const keyId = levels[at]?.keyId ?? ""
    const wrappedBy = levels[at + 1]?.keyId ?? ""
    key = Effect.flatMap(key, (above) =>
      Option.isNone(above)
        ? Effect.succeedNone
        : unwrapStored({ keyId, wrappedBy, wrappingKey: above.value }),
    )
  }
  return key
}

/** Whether the world knows every key above a container: then none has to be made. */
const isComplete = (world: CryptoWorld, { levels, policy, workload }: Hierarchy): boolean =>
  levels.every(({ keyId }) => keyOf(world, keyId) !== undefined) &&
  (policy !== undefined || keyOf(world, serviceRootKey(workload)) !== undefined)

interface Unlocked {
  readonly key: Option.Option<Uint8Array>
  /** Of the keys that were made. */
  readonly events: readonly CryptoEvent[]
}

/** The container's key, made with every level above it that does not exist yet. */
export const unlockOrCreate = (
  world: CryptoWorld,
  hierarchy: Hierarchy,
  request: ReadRequest,
  route: RootRoute,
): Effect.Effect<Unlocked, never, KeyVault | BlobStore | SecureRandom.SecureRandom> =>
  isComplete(world, hierarchy)
    ? Effect.flatMap(unlock(world, hierarchy, request, route), (key) =>
        Option.isSome(key)
          ? Effect.succeed({ key, events: [] })
          : createMissing(world, hierarchy, request),
      )
    : createMissing(world, hierarchy, request)

const createMissing = Effect.fnUntraced(function* (
  world: CryptoWorld,
  hierarchy: Hierarchy,
  request: ReadRequest,
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
