import { type Decision, decidingGate } from "@twin/kernel"
import { Effect, Option } from "effect"
import { BlobStore } from "../BlobStore.ts"
import {
  decideStoredBytes,
  evaluateStoredBytes,
  hierarchyFacetsOf,
} from "../decisions/evaluateStoredBytes.ts"
import { StoredBytesUnreadable } from "../Errors.ts"
import type { KeyVault } from "../KeyVault.ts"
import { type CryptoWorld, type StoredObject, storedObjectOf } from "../State.ts"
import { type ChunkSealing, openChunk } from "./Chunk.ts"
import { chunkBlob, contentMapBlob, openContentMap } from "./ContentMap.ts"
import { hierarchyOf } from "./Hierarchy.ts"
import { type ReadRequest, rootRoute } from "./rootRoute.ts"
import { unlock } from "./unlock.ts"

/**
 * The service reads: asks the gates, then really unwraps from the root down and decrypts. The bytes
 * have the last word: what the gates allow and the keys do not open is `damaged`.
 */
export const openAtRest = (
  world: CryptoWorld,
  objectId: string,
  request: ReadRequest = {},
): Effect.Effect<Uint8Array, StoredBytesUnreadable, BlobStore | KeyVault> =>
  Effect.suspend(() => {
    const stored = storedObjectOf(world, objectId)
    if (stored === undefined) return refuse(objectId, evaluateStoredBytes(world, objectId, request))
    const hierarchy = hierarchyOf(world, stored.workload, stored.container, stored.keyId)
    const facets = hierarchyFacetsOf(world, hierarchy, request)
    const decision = decideStoredBytes(world, stored, facets)
    if (decision.outcome !== "allow") return refuse(objectId, decision)
    return readUnder(unlock(world, hierarchy, request, rootRoute(facets)), stored)
  })

const refuse = (objectId: string, decision: Decision) => {
  const { name, reason } = decidingGate(decision)
  const refusal = { objectId, reason: "refused", gate: name, detail: reason } as const
  return Effect.fail(new StoredBytesUnreadable(refusal))
}

/** Unwraps and decrypts without asking anybody: what the bytes and keys at hand make possible. */
export const readStored = (world: CryptoWorld, stored: StoredObject, request: ReadRequest) => {
  const { workload, container, keyId } = stored
  return readUnder(unlock(world, hierarchyOf(world, workload, container, keyId), request), stored)
}

const readUnder = Effect.fnUntraced(function* (
  containerKey: ReturnType<typeof unlock>,
  { objectId, workload }: StoredObject,
) {
  const blobs = yield* BlobStore
  const damaged = (detail: string) =>
    new StoredBytesUnreadable({ objectId, reason: "damaged", detail })
  const key = yield* containerKey
  if (Option.isNone(key)) return yield* damaged("a key above it does not unwrap.")
  const map = openContentMap(yield* blobs.find(contentMapBlob(objectId)), key.value)
  if (Option.isNone(map) || map.value.objectId !== objectId) {
    return yield* damaged("the content database has no valid map of it.")
  }
  const hasOwnKeys = workload === "SharePoint"
  const sealing: ChunkSealing = { objectId, containerKey: key.value, hasOwnKeys }
  const { chunks, sizeBytes } = map.value
  // Every byte of it is written below, or nothing is handed out.
  const plaintext = chunks.length === 1 ? undefined : Buffer.allocUnsafeSlow(sizeBytes)
  let offset = 0
  for (const entry of chunks) {
    const opened = openChunk(sealing, entry, yield* blobs.find(chunkBlob(objectId, entry.blob)))
    if (Option.isNone(opened)) return yield* damaged("a chunk is missing or was changed.")
    if (plaintext === undefined) return bytesOf(opened.value)
    plaintext.set(opened.value, offset)
    offset += opened.value.length
  }
  if (plaintext === undefined || offset !== sizeBytes) {
    return yield* damaged("the chunks are not all there.")
  }
  return bytesOf(plaintext)
})

/** The same memory as plain bytes. */
const bytesOf = (buffer: Uint8Array): Uint8Array =>
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
