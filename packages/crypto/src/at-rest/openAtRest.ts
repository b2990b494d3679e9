import { decidingGate } from "@twin/kernel"
import { Effect, Option } from "effect"
import { BlobStore } from "../BlobStore.ts"
import { evaluateStoredBytes } from "../decisions/evaluateStoredBytes.ts"
import { StoredBytesUnreadable } from "../Errors.ts"
import { type CryptoWorld, storedObjectOf } from "../State.ts"
import { type ChunkSealing, openChunk } from "./Chunk.ts"
import { chunkBlob, contentMapBlob, openContentMap } from "./ContentMap.ts"
import { chainOf } from "./Hierarchy.ts"
import { unlock } from "./unlock.ts"

/**
 * The service reads: asks the gates, then really unwraps from the root down and decrypts. The bytes
 * have the last word: what the gates allow and the keys do not open is `damaged`.
 */
export const openAtRest = Effect.fn("openAtRest")(function* (world: CryptoWorld, objectId: string) {
  const blobs = yield* BlobStore
  const decision = evaluateStoredBytes(world, objectId)
  const stored = storedObjectOf(world, objectId)
  if (stored === undefined || decision.outcome !== "allow") {
    const { name, reason } = decidingGate(decision)
    return yield* new StoredBytesUnreadable({
      objectId,
      reason: "refused",
      gate: name,
      detail: reason,
    })
  }
  const damaged = (detail: string) =>
    new StoredBytesUnreadable({ objectId, reason: "damaged", detail })
  const key = yield* unlock(chainOf(world, stored.workload, stored.container))
  if (Option.isNone(key)) return yield* damaged("a key above it does not unwrap.")
  const mapBytes = yield* Effect.option(blobs.get(contentMapBlob(objectId)))
  const map = Option.flatMap(mapBytes, (it) => openContentMap(it, key.value))
  if (Option.isNone(map) || map.value.objectId !== objectId) {
    return yield* damaged("the content database has no valid map of it.")
  }
  const hasOwnKeys = stored.workload === "SharePoint"
  const sealing: ChunkSealing = { objectId, containerKey: key.value, hasOwnKeys }
  const plaintext = new Uint8Array(map.value.sizeBytes)
  let offset = 0
  for (const entry of map.value.chunks) {
    const bytes = yield* Effect.option(blobs.get(chunkBlob(objectId, entry.blob)))
    const opened = Option.flatMap(bytes, (it) => openChunk(sealing, entry, it))
    if (Option.isNone(opened)) return yield* damaged("a chunk is missing or was changed.")
    plaintext.set(opened.value, offset)
    offset += opened.value.length
  }
  return plaintext
})
