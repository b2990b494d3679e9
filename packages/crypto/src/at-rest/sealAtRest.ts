import { decidingGate } from "@twin/kernel"
import { Effect, Option } from "effect"
import { SecureRandom } from "effect/crypto"
import { BlobStore } from "../BlobStore.ts"
import { decideSealing, hierarchyFacetsOf } from "../decisions/evaluateStoredBytes.ts"
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
import { type ReadRequest, rootRoute } from "./rootRoute.ts"
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
  const hierarchy = hierarchyOf(world, workload, container)
  const facets = hierarchyFacetsOf(world, hierarchy, request)
  const decision = decideSealing(facets)
  const refused = (gate: string): readonly CryptoEvent[] => [
    { _tag: "StoreRefused", objectId, workload, container, gate },
  ]
  if (decision.outcome !== "allow") return refused(decidingGate(decision).name)
  const { key, events } = yield* unlockOrCreate(world, hierarchy, request, rootRoute(facets))
  if (Option.isNone(key)) return refused("key-hierarchy")
  const { keyId } = hierarchy.levels[0]

  const blobs = yield* BlobStore
  const hasOwnKeys = workload === "SharePoint"
  const sealing: ChunkSealing = { objectId, containerKey: key.value, hasOwnKeys }
  const mapBlob = contentMapBlob(objectId)
  // The map of an earlier save under the same container key, if there is one.
  const before = Option.getOrUndefined(openContentMap(yield* blobs.find(mapBlob), key.value))
  const chunks = chunksOf(o.plaintext)
  const kept = before === undefined ? [] : yield* unchangedChunks(sealing, before, chunks)
  const random = yield* SecureRandom.SecureRandom
  // One draw for all of it: the nonce of the map, then a part for each chunk.
  const drawn = yield* random.randomBytes(gcmIvBytes + chunks.length * chunkRandomBytes)
  const { entries, nextBlob, sealed } = sealChunks(sealing, {
    chunks,
    kept,
    firstBlob: before?.nextBlob ?? 0,
    random: drawn.subarray(gcmIvBytes),
  })
  const sizeBytes = o.plaintext.length
  const map: ContentMap = {
    format: "twin-content-map/4",
    objectId,
    workload,
    container,
    keyId,
    sizeBytes,
    nextBlob,
    chunks: entries,
  }
  sealed.push([mapBlob, encodeContentMap(map, key.value, drawn.subarray(0, gcmIvBytes))])
  yield* blobs.adopt(sealed)
  if (before !== undefined) yield* removeReplaced(objectId, before.chunks, entries)
  const stored = { objectId, workload, container, keyId, sizeBytes }
  const newChunks = sealed.length - 1
  const saved: CryptoEvent = { _tag: "ObjectStored", ...stored, chunks: entries.length, newChunks }
  return [...events, saved]
})

/** The entries of the chunks that stay as they are; undefined at the place of each that changed. */
const unchangedChunks = (
  sealing: ChunkSealing,
  before: ContentMap,
  chunks: readonly Uint8Array[],
) =>
  Effect.flatMap(BlobStore, (blobs) =>
    Effect.forEach(chunks, (chunk, index) => {
      const entry = before.chunks[index]
      if (entry === undefined || entry.sizeBytes !== chunk.length) return Effect.undefined
      return Effect.map(blobs.find(chunkBlob(sealing.objectId, entry.blob)), (bytes) =>
        Option.exists(openChunk(sealing, entry, bytes), (it) => Buffer.from(it).equals(chunk))
          ? entry
          : undefined,
      )
    }),
  )

/** Every chunk that is not kept gets a number that was never used, a nonce and a key of its own. */
const sealChunks = (
  sealing: ChunkSealing,
  o: {
    readonly chunks: readonly Uint8Array[]
    readonly kept: readonly (ChunkEntry | undefined)[]
    readonly firstBlob: number
    readonly random: Uint8Array
  },
) => {
  const entries: ChunkEntry[] = []
  const sealed: [string, Uint8Array][] = []
  let nextBlob = o.firstBlob
  for (const [index, plaintext] of o.chunks.entries()) {
    const old = o.kept[index]
    if (old !== undefined) {
      entries.push(old)
      continue
    }
    const random = o.random.subarray(index * chunkRandomBytes, (index + 1) * chunkRandomBytes)
    const { bytes, entry } = sealChunk(sealing, { blob: nextBlob, plaintext, random })
    sealed.push([chunkBlob(sealing.objectId, nextBlob), bytes])
    entries.push(entry)
    nextBlob += 1
  }
  return { entries, nextBlob, sealed }
}

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
