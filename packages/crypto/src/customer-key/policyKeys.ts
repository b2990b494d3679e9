import { Effect, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import {
  type Container,
  cachedKey,
  destroyedLevel,
  type Hierarchy,
  hierarchyOf,
  policyKeyOf,
  serviceRootKey,
  sharePointAvailabilityKey,
} from "../at-rest/Hierarchy.ts"
import { forgetUnder, forgetWrapped, storeWrapped, storeWrappedByPair } from "../at-rest/KeyRing.ts"
import { ensureServiceRoot, unlock, unlockTop } from "../at-rest/unlock.ts"
import { forgetSecret } from "../dkm/dkmSecret.ts"
import { KeyVault } from "../KeyVault.ts"
import { type CryptoEvent, type CryptoWorld, evolveCrypto, keyOf } from "../State.ts"
import type { DataEncryptionPolicy } from "./DataEncryptionPolicy.ts"

/** The names of the keys of a new policy. */
export const namesOfPolicyKeys = (
  policyId: string,
  kind: DataEncryptionPolicy["kind"],
): Pick<DataEncryptionPolicy, "depKeyId" | "availabilityKeyId"> =>
  kind === "SharePointGeo"
    ? {
        depKeyId: `tenant-intermediate-key/${policyId}`,
        availabilityKeyId: sharePointAvailabilityKey,
      }
    : { depKeyId: `dep-key/${policyId}`, availabilityKeyId: `availability-key/${policyId}` }

/**
 * Makes the key of a new policy and wraps it under each customer key and the availability key: three
 * copies, nothing in the clear (CRY-081, CRY-094). The availability key comes with the policy (CRY-088).
 */
export const createPolicyKeys = Effect.fnUntraced(function* (
  world: CryptoWorld,
  policy: DataEncryptionPolicy,
) {
  const vault = yield* KeyVault
  const random = yield* SecureRandom.SecureRandom
  const events: CryptoEvent[] = []
  if (policy.kind === "SharePointGeo") yield* vault.createKeyPair(policy.availabilityKeyId)
  else yield* vault.createSymmetricKey(policy.availabilityKeyId)
  if (keyOf(world, policy.availabilityKeyId) === undefined) {
    const keyId = policy.availabilityKeyId
    events.push({ _tag: "KeyCreated", keyId, kind: "AvailabilityKey", wrappedBy: [] })
  }
  const key = yield* policy.kind === "SharePointGeo"
    ? newCachedKey(policy.depKeyId)
    : random.randomBytes(32)
  yield* wrapPolicyKey(policy, key)
  const { keyId, kind } = policyKeyOf(policy)
  const wrappedBy = [...policy.rootKeys, policy.availabilityKeyId]
  return [...events, { _tag: "KeyCreated" as const, keyId, kind, wrappedBy }]
})

/** An intermediate key whose copy in the front ends' cache really exists, apart from the roots. */
const newCachedKey = Effect.fnUntraced(function* (keyId: string) {
  const vault = yield* KeyVault
  yield* vault.createSymmetricKey(cachedKey(keyId))
  return yield* Effect.orDie(vault.symmetricKey(cachedKey(keyId)))
})

/** The third copy: an RSA key in SharePoint, an AES key elsewhere (CRY-088, CRY-094). */
const wrapUnderAvailabilityKey = Effect.fnUntraced(function* (
  { kind, depKeyId: keyId, availabilityKeyId }: DataEncryptionPolicy,
  key: Uint8Array,
) {
  const wrappedBy = availabilityKeyId
  if (kind === "SharePointGeo") {
    return yield* Effect.orDie(storeWrappedByPair({ keyId, key, wrappedBy }))
  }
  const wrappingKey = yield* Effect.orDie((yield* KeyVault).symmetricKey(availabilityKeyId))
  return yield* storeWrapped({ keyId, key, wrappedBy, wrappingKey })
})

/** Writes the copy under each root, and removes copies under roots that no longer count. */
const wrapPolicyKey = Effect.fnUntraced(function* (
  policy: DataEncryptionPolicy,
  key: Uint8Array,
  former: readonly string[] = [],
) {
  const { depKeyId: keyId, availabilityKeyId, rootKeys } = policy
  for (const wrappedBy of rootKeys) {
    yield* Effect.orDie(storeWrappedByPair({ keyId, key, wrappedBy }))
  }
  yield* wrapUnderAvailabilityKey(policy, key)
  const kept = [...rootKeys, availabilityKeyId]
  yield* forgetUnder(
    keyId,
    former.filter((it) => !kept.includes(it)),
  )
})

/**
 * Wraps the key of a policy under other roots; the key and the availability key stay (CRY-107). None
 * where the key cannot be unwrapped at the moment.
 */
export const rollPolicyKey = Effect.fnUntraced(function* (
  world: CryptoWorld,
  policy: DataEncryptionPolicy,
  o: { readonly rootKeys: readonly string[]; readonly now: number },
) {
  const level = policyKeyOf(policy)
  const hierarchy: Hierarchy = {
    workload: policy.kind === "SharePointGeo" ? "SharePoint" : "Exchange",
    levels: [level],
    policy,
  }
  const key = yield* unlockTop(world, hierarchy, { origin: "System", now: o.now })
  if (Option.isNone(key)) return Option.none<readonly CryptoEvent[]>()
  yield* wrapPolicyKey({ ...policy, rootKeys: o.rootKeys }, key.value, policy.rootKeys)
  const wrappedBy = [...o.rootKeys, policy.availabilityKeyId]
  const events: readonly CryptoEvent[] = [{ _tag: "KeyRewrapped", keyId: level.keyId, wrappedBy }]
  return Option.some(events)
})

/**
 * Gives a policy another availability key and wraps the policy's key under it; the customer's roots and
 * the key itself stay (CRY-091). None where the key cannot be unwrapped at the moment.
 */
export const rollAvailabilityKey = Effect.fnUntraced(function* (
  world: CryptoWorld,
  policy: DataEncryptionPolicy,
  o: { readonly availabilityKeyId: string; readonly now: number },
) {
  const level = policyKeyOf(policy)
  const hierarchy: Hierarchy = {
    workload: policy.kind === "SharePointGeo" ? "SharePoint" : "Exchange",
    levels: [level],
    policy,
  }
  const isRecovery = policy.kind === "SharePointGeo"
  const key = yield* unlockTop(world, hierarchy, { origin: "System", now: o.now, isRecovery })
  if (Option.isNone(key)) return Option.none<readonly CryptoEvent[]>()
  const vault = yield* KeyVault
  const { availabilityKeyId } = o
  if (policy.kind === "SharePointGeo") yield* vault.createKeyPair(availabilityKeyId)
  else yield* vault.createSymmetricKey(availabilityKeyId)
  // The customer's roots may be gone: their copies stay as they are.
  yield* wrapUnderAvailabilityKey({ ...policy, availabilityKeyId }, key.value)
  yield* forgetUnder(policy.depKeyId, [policy.availabilityKeyId])
  yield* vault.destroyKey(policy.availabilityKeyId)
  yield* forgetSecret(policy.availabilityKeyId)
  const events: readonly CryptoEvent[] = [
    { _tag: "KeyCreated", keyId: availabilityKeyId, kind: "AvailabilityKey", wrappedBy: [] },
    { _tag: "KeyDestroyed", keyId: policy.availabilityKeyId },
    {
      _tag: "KeyRewrapped",
      keyId: level.keyId,
      wrappedBy: [...policy.rootKeys, availabilityKeyId],
    },
    { _tag: "AvailabilityKeyRolled", policyId: policy.id, availabilityKeyId },
  ]
  return Option.some(events)
})

/** The world as it will be once these events are in. */
export const worldAfter = (world: CryptoWorld, events: readonly CryptoEvent[]): CryptoWorld => ({
  ...world,
  crypto: events.reduce(evolveCrypto, world.crypto),
})

/**
 * Wraps the keys of mailboxes or sites under the key that will be in force for them; content is not
 * encrypted again (CRY-074). None where a key cannot be unwrapped at the moment: nothing has changed.
 */
export const moveContainers = Effect.fnUntraced(function* (
  o: {
    readonly before: CryptoWorld
    readonly after: CryptoWorld
    readonly now: number
    readonly isRecovery?: boolean
  },
  containers: readonly Container[],
) {
  const request = { origin: "System", now: o.now } as const
  const wraps: (Parameters<typeof storeWrapped>[0] & { readonly former: readonly string[] })[] = []
  const events: CryptoEvent[] = []
  for (const { workload, container, keyId } of containers) {
    const from = hierarchyOf(o.before, workload, container, keyId)
    const to = hierarchyOf(o.after, workload, container, keyId)
    const [own, above] = to.levels
    const isMoving = above !== undefined && above.keyId !== from.levels[1]?.keyId
    if (!isMoving || destroyedLevel(o.before, from) !== undefined) continue
    // Back to Microsoft's keys (CRY-117): the first mailbox finds no Microsoft-managed key yet.
    if (to.policy === undefined) events.push(...(yield* ensureServiceRoot(o.after, to)))
    const { isRecovery = false } = o
    const key = yield* unlock(o.before, from, { ...request, isRecovery })
    const wrappingKey = yield* unlockTop(o.after, to, { ...request, isRecovery })
    if (Option.isNone(key) || Option.isNone(wrappingKey))
      return Option.none<readonly CryptoEvent[]>()
    wraps.push({
      keyId: own.keyId,
      key: key.value,
      wrappedBy: above.keyId,
      wrappingKey: wrappingKey.value,
      former: from.levels[1] === undefined ? [serviceRootKey(workload)] : [from.levels[1].keyId],
    })
  }
  for (const wrap of wraps) {
    yield* storeWrapped(wrap)
    yield* forgetUnder(wrap.keyId, wrap.former)
  }
  return Option.some<readonly CryptoEvent[]>([
    ...events,
    ...wraps.map(({ keyId, wrappedBy }) => ({
      _tag: "KeyRewrapped" as const,
      keyId,
      wrappedBy: [wrappedBy],
    })),
  ])
})

/** Destroys what is left of a policy's key: the availability key and every wrapped copy (CRY-126). */
export const destroyPolicyKeys = Effect.fnUntraced(function* (policy: DataEncryptionPolicy) {
  const vault = yield* KeyVault
  yield* vault.destroyKey(policy.availabilityKeyId)
  yield* forgetSecret(policy.availabilityKeyId)
  yield* forgetWrapped(policy.depKeyId)
  const events: readonly CryptoEvent[] = [
    { _tag: "KeyDestroyed", keyId: policy.availabilityKeyId },
    { _tag: "KeyDestroyed", keyId: policy.depKeyId },
    { _tag: "DataPurged", policyId: policy.id },
  ]
  return events
})
