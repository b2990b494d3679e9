import { Effect } from "effect"
import { BlobStore } from "../BlobStore.ts"
import { type CryptoEvent, type CryptoWorld, storedObjectOf } from "../State.ts"
import { contentMapBlob } from "./ContentMap.ts"

/** Removes the chunks and the map of an object, and returns the events to append. */
export const eraseAtRest = Effect.fnUntraced(function* (world: CryptoWorld, objectId: string) {
  if (storedObjectOf(world, objectId) === undefined) return []
  const blobs = yield* BlobStore
  for (const id of yield* blobs.list(`${objectId}/`)) yield* blobs.remove(id)
  yield* blobs.remove(contentMapBlob(objectId))
  const erased: readonly CryptoEvent[] = [{ _tag: "ObjectErased", objectId }]
  return erased
})
