import { decidingGate } from "@twin/kernel"
import { Effect, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import { BlobStore } from "../BlobStore.ts"
import { evaluateSealing } from "../decisions/evaluateStoredBytes.ts"
import { gcmIvBytes } from "../Primitives.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import type { Workload } from "../Workload.ts"
import { type ChunkSealing, chunkRandomBytes, chunksOf, openChunk, sealChunk } from "./Chunk.ts"
import {
  type ChunkEntry,
  type ContentMap,
  chunkBlob,
  contentMapBlob,
  encodeContentMap,
  openContentMap,
} from "./ContentMap.ts"
import { hierarchyOf } from "./Hierarchy.ts"
import type { ReadRequest } from "./rootRoute.ts"
import { unlockOrCreate } from "./unlock.ts"

/** Content on its way to disk. */
export interface Sealing {
  readonly workload: Workload
  /** Site url or mailbox address. */
  readonly container: string
  readonly objectId: string
  readonly plaintext: Uint8Array
}

/**
 * Service encryption: writes chunks and map, makes the keys that are missing, and returns the events
 * to append. Saving an object again writes only the chunks that changed, each with a new key
 * (CRY-025, CRY-026). When a key cannot be reached nothing is written and the only event is
 * `StoreRefused`: ask `evaluateSealing` first to tell the person why.
 */
export const sealAtRest = Effect.fnUntraced(function* (
  world: CryptoWorld,
  o: Sealing,
  request: ReadRequest = {},
) {
  const { workload, container, objectId } = o
  const decision = evaluateSealing(world, o, request)
  const refused = (gate: string): readonly CryptoEvent[] => [
    { _tag: "StoreRefused", objectId, workload, container, gate },
  ]
  if (decision.outcome !== "allow") return refused(decidingGate(decision).name)
  const hierarchy = hierarchyOf(world, workload, container)
  const { key, events } = yield* unlockOrCreate(world, hierarchy, request)
  if (Option.isNone(key)) return refused("key-hierarchy")
  const { keyId } = hierarchy.levels[0]

  const blobs = yield* BlobStore
  const hasOwnKeys = workload === "SharePoint"
  const sealing: ChunkSealing = { objectId, containerKey: key.value, hasOwnKeys }
  const mapBlob = contentMapBlob(objectId)
  // The map of an earlier save under the same container key, if there is one.
  const before = Option.getOrUndefined(openContentMap(yield* blobs.find(mapBlob), key.value))
  const { entries, nextBlob, newChunks, mapIv } = yield* writeChunks(sealing, o.plaintext, before)
  const sizeBytes = o.plaintext.length
  const map: ContentMap = {
    format: "twin-content-map/3",
    objectId,
    workload,
    container,
    keyId,
    sizeBytes,
    nextBlob,
    chunks: entries,
  }
  yield* blobs.adopt(mapBlob, encodeContentMap(map, key.value, mapIv))
  if (before !== undefined) yield* removeReplaced(objectId, before.chunks, entries)
  const stored = { objectId, workload, container, keyId, sizeBytes }
  const saved: CryptoEvent = { _tag: "ObjectStored", ...stored, chunks: entries.length, newChunks }
  return [...events, saved]
})

const writeChunks = Effect.fnUntraced(function* (
  sealing: ChunkSealing,
  plaintext: Uint8Array,
  before: ContentMap | undefined,
) {
  const blobs = yield* BlobStore
  const random = yield* SecureRandom.SecureRandom
  const chunks = chunksOf(plaintext)
  // One draw for all of it: the nonce of the map, then a part for each chunk.
  const drawn = yield* random.randomBytes(gcmIvBytes + chunks.length * chunkRandomBytes)
  const entries: ChunkEntry[] = []
  let nextBlob = before?.nextBlob ?? 0
  let newChunks = 0
  let drawnAt = gcmIvBytes
  for (const [index, chunk] of chunks.entries()) {
    const own = drawn.subarray(drawnAt, drawnAt + chunkRandomBytes)
    drawnAt += chunkRandomBytes
    const old = before?.chunks[index]
    if (old !== undefined && (yield* holds(sealing, old, chunk))) {
      entries.push(old)
      continue
    }
    const blob = nextBlob
    const { bytes, entry } = sealChunk(sealing, { blob, plaintext: chunk, random: own })
    yield* blobs.adopt(chunkBlob(sealing.objectId, blob), bytes)
    entries.push(entry)
    nextBlob += 1
    newChunks += 1
  }
  return { entries, nextBlob, newChunks, mapIv: drawn.subarray(0, gcmIvBytes) }
})

/** Whether a stored chunk already holds exactly this content. */
const holds = Effect.fnUntraced(function* (
  sealing: ChunkSealing,
  entry: ChunkEntry,
  plaintext: Uint8Array,
) {
  if (entry.sizeBytes !== plaintext.length) return false
  const blobs = yield* BlobStore
  const opened = openChunk(
    sealing,
    entry,
    yield* blobs.find(chunkBlob(sealing.objectId, entry.blob)),
  )
  return Option.exists(opened, (it) => Buffer.from(it).equals(plaintext))
})

const removeReplaced = Effect.fnUntraced(function* (
  objectId: string,
  before: readonly ChunkEntry[],
  after: readonly ChunkEntry[],
) {
  const blobs = yield* BlobStore
  const kept = new Set(after.map(({ blob }) => blob))
  for (const { blob } of before) {
    if (!kept.has(blob)) yield* blobs.remove(chunkBlob(objectId, blob))
  }
})
