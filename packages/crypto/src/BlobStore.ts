import { Context, Effect, HashMap, Option, Ref } from "effect"
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
    /** As `put`, without the copy: the caller hands the bytes over and touches them no more. */
    readonly adopt: (blobId: string, bytes: Uint8Array) => Effect.Effect<void>
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
  Effect.gen(function* () {
    const blobs = yield* Ref.make(start)
    const find = (blobId: string): Effect.Effect<Uint8Array | undefined> =>
      Effect.map(Ref.get(blobs), (all) => Option.getOrUndefined(HashMap.get(all, blobId)))
    const store = BlobStore.of({
      put: (blobId, bytes) => Ref.update(blobs, HashMap.set(blobId, copyOf(bytes))),
      adopt: (blobId, bytes) => Ref.update(blobs, HashMap.set(blobId, bytes)),
      get: Effect.fnUntraced(function* (blobId) {
        const found = yield* find(blobId)
        if (found === undefined) return yield* new BlobNotFound({ blobId })
        return copyOf(found)
      }),
      find,
      remove: (blobId) => Ref.update(blobs, HashMap.remove(blobId)),
      list: (prefix = "") =>
        Effect.map(Ref.get(blobs), (all) =>
          [...HashMap.keys(all)].filter((id) => id.startsWith(prefix)).toSorted(),
        ),
    })
    return { store, copy: Effect.flatMap(Ref.get(blobs), storeOf) }
  })

const copyOf = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes)
