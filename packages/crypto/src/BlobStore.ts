import { Context, Effect, HashMap, Option } from "effect"
import { BlobNotFound } from "./Errors.ts"

/**
 * The bytes as they lie on disk: ciphertext, wrapped keys, maps. Whoever holds a disk holds this and
 * nothing of the key vault.
 */
export class BlobStore extends Context.Service<
  BlobStore,
  {
    /** Writes or overwrites; the store keeps a copy of its own. */
    readonly put: (blobId: string, bytes: Uint8Array) => Effect.Effect<void>
    /** As `put` for each, without a copy: the caller hands the bytes over and touches them no more. */
    readonly adopt: (
      blobs: Iterable<readonly [blobId: string, bytes: Uint8Array]>,
    ) => Effect.Effect<void>
    /** A copy: changing it changes nothing that is stored. */
    readonly get: (blobId: string) => Effect.Effect<Uint8Array, BlobNotFound>
    /** The store's own bytes, for whoever only reads them; undefined where there are none. */
    readonly find: (blobId: string) => Effect.Effect<Uint8Array | undefined>
    readonly remove: (blobId: string) => Effect.Effect<void>
    /** Ids that begin with the prefix (all without one), sorted. */
    readonly list: (prefix?: string) => Effect.Effect<readonly string[]>
  }
>()("@twin/crypto/BlobStore") {}

/** A store in memory, and how to take an independent copy of it. */
export interface MemoryBlobStore {
  readonly store: BlobStore["Service"]
  readonly copy: Effect.Effect<MemoryBlobStore>
}

export const makeMemoryBlobStore: Effect.Effect<MemoryBlobStore> = Effect.suspend(() =>
  storeOf(HashMap.empty()),
)

const storeOf = (start: HashMap.HashMap<string, Uint8Array>): Effect.Effect<MemoryBlobStore> =>
  Effect.sync(() => {
    let blobs = start
    const set = (blobId: string, bytes: Uint8Array): void => {
      blobs = HashMap.set(blobs, blobId, bytes)
    }
    const found = (blobId: string): Uint8Array | undefined =>
      Option.getOrUndefined(HashMap.get(blobs, blobId))
    const store = BlobStore.of({
      put: (blobId, bytes) => Effect.sync(() => set(blobId, copyOf(bytes))),
      adopt: (all) =>
        Effect.sync(() => {
          for (const [blobId, bytes] of all) set(blobId, bytes)
        }),
      get: (blobId) =>
        Effect.suspend(() => {
          const bytes = found(blobId)
          return bytes === undefined
            ? Effect.fail(new BlobNotFound({ blobId }))
            : Effect.succeed(copyOf(bytes))
        }),
      find: (blobId) => Effect.sync(() => found(blobId)),
      remove: (blobId) =>
        Effect.sync(() => {
          blobs = HashMap.remove(blobs, blobId)
        }),
      list: (prefix = "") =>
        Effect.sync(() =>
          [...HashMap.keys(blobs)].filter((id) => id.startsWith(prefix)).toSorted(),
        ),
    })
    return { store, copy: Effect.suspend(() => storeOf(blobs)) }
  })

const copyOf = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes)
