import { Effect, HashMap, Option } from "effect"
import { contentMapBlob } from "../at-rest/ContentMap.ts"
import { BlobStore } from "../BlobStore.ts"
import type { CryptoWorld } from "../State.ts"
import { type DiskFile, writeDisk } from "./DiskImage.ts"
import { volumesHolding } from "./Server.ts"
import type { Volume } from "./VolumeEvent.ts"
import { openVolume } from "./volumeKeys.ts"

const imageBlob = (volumeId: string): string => `volumes/${volumeId}/image`
const residueBlob = (volumeId: string): string => `volumes/${volumeId}/residue`

/** The blobs that a volume holds, as its file system names them: ciphertext of the service. */
const filesOn = Effect.fnUntraced(function* (world: CryptoWorld, volumeId: string) {
  const blobs = yield* BlobStore
  const held = new Set(
    [...HashMap.values(world.crypto.objects)]
      .filter(({ workload, objectId }) => volumesHolding(workload, objectId).includes(volumeId))
      .map(({ objectId }) => objectId),
  )
  const maps = new Set([...held].map(contentMapBlob))
  const files: DiskFile[] = []
  for (const name of yield* blobs.list()) {
    const isChunk = /\/\d+$/.test(name) && held.has(name.slice(0, name.lastIndexOf("/")))
    if (!isChunk && !maps.has(name)) continue
    const bytes = yield* Effect.option(blobs.get(name))
    if (Option.isSome(bytes)) files.push({ name, bytes: bytes.value })
  }
  return files
})

/**
 * The sectors of a disk as they lie there. A disk in its machine holds what the service stores now; a
 * disk that was taken away holds what it held then. None: the volume has no keys yet.
 */
export const sectorsOf = Effect.fnUntraced(function* (world: CryptoWorld, volume: Volume) {
  const blobs = yield* BlobStore
  const taken = yield* Effect.option(blobs.get(imageBlob(volume.volumeId)))
  if (Option.isSome(taken)) return taken
  // What lies on the platter does not depend on who looks: the safe's copy always knows the key.
  const way = { protector: "ExternalKey", place: "SecretSafe" } as const
  const fvek = yield* openVolume(world, volume, way)
  if (Option.isNone(fvek)) return Option.none<Uint8Array>()
  return Option.some(writeDisk(fvek.value, yield* filesOn(world, volume.volumeId)))
})

/** A disk leaves its machine with what it holds; the service goes on with the other copies. */
export const takeImage = Effect.fnUntraced(function* (world: CryptoWorld, volume: Volume) {
  const blobs = yield* BlobStore
  const sectors = yield* sectorsOf(world, volume)
  if (Option.isSome(sectors)) yield* blobs.put(imageBlob(volume.volumeId), sectors.value)
})

/** A disk that comes home is filled again from the other copies. */
export const dropImage = Effect.fnUntraced(function* (volumeId: string) {
  const blobs = yield* BlobStore
  yield* blobs.remove(imageBlob(volumeId))
})

/** A format writes new structures over the old: the sectors stay as they were until they are reused. */
export const keepResidue = Effect.fnUntraced(function* (world: CryptoWorld, volume: Volume) {
  const blobs = yield* BlobStore
  const sectors = yield* sectorsOf(world, volume)
  if (Option.isSome(sectors)) yield* blobs.put(residueBlob(volume.volumeId), sectors.value)
  yield* blobs.remove(imageBlob(volume.volumeId))
})

export const residueOf = Effect.fnUntraced(function* (volumeId: string) {
  const blobs = yield* BlobStore
  return yield* Effect.option(blobs.get(residueBlob(volumeId)))
})
