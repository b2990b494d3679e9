import type { Services } from "@twin/kernel"
import { Context, Effect } from "effect"
import type { SecureRandom } from "effect/crypto"
import { BlobStore, type MemoryBlobStore, makeMemoryBlobStore } from "./BlobStore.ts"
import { KeyVault, type MemoryKeyVault, makeMemoryKeyVault } from "./KeyVault.ts"

/** All that an operation with keys and stored bytes may need. */
export type CryptoServices = KeyVault | BlobStore | SecureRandom.SecureRandom

/** An empty key vault and an empty blob store in memory, for a new simulation. */
export const memoryServices: Effect.Effect<Services<CryptoServices>> = Effect.gen(function* () {
  return servicesOf(yield* makeMemoryKeyVault, yield* makeMemoryBlobStore)
})

const servicesOf = (keys: MemoryKeyVault, blobs: MemoryBlobStore): Services<CryptoServices> => ({
  context: Context.make(KeyVault, keys.vault).pipe(Context.add(BlobStore, blobs.store)),
  copy: Effect.gen(function* () {
    return servicesOf(yield* keys.copy, yield* blobs.copy)
  }),
})
