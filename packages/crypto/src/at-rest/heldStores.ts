import { Effect, Schema } from "effect"
import { BlobStore } from "../BlobStore.ts"
import type { CryptoServices } from "../CryptoServices.ts"
import { BlobNotFound, KeyNotFound } from "../Errors.ts"
import { KeyVault } from "../KeyVault.ts"

/** The three separate stores of SharePoint: only all three together find, decrypt and reassemble (CRY-030). */
export const Store = Schema.Literals(["BlobStore", "ContentDatabase", "KeyStore"])
export type Store = typeof Store.Type

/** Maps and wrapped keys lie in the content database, chunks in the blob store (CRY-028). */
const storeOf = (blobId: string): Store =>
  /^(?:content-database|wrapped-keys)\//.test(blobId) ? "ContentDatabase" : "BlobStore"

/** Of the keys, only Microsoft's roots lie in the key store: no customer's, no availability key. */
const isInKeyStore = (keyId: string): boolean => keyId.startsWith("service-root-key/")

/** Runs with nothing but what lies in these stores: a thief, a disk, an administrator of the machine. */
export const withOnly = (stores: readonly Store[]) => {
  const isHeld = (blobId: string): boolean => stores.includes(storeOf(blobId))
  const hasKey = (keyId: string): boolean => stores.includes("KeyStore") && isInKeyStore(keyId)
  const only =
    <K>(read: (keyId: string) => Effect.Effect<K, KeyNotFound>) =>
    (keyId: string): Effect.Effect<K, KeyNotFound> =>
      hasKey(keyId) ? read(keyId) : Effect.fail(new KeyNotFound({ keyId }))
  return <A, E>(effect: Effect.Effect<A, E, CryptoServices>): Effect.Effect<A, E, CryptoServices> =>
    Effect.gen(function* () {
      const blobs = yield* BlobStore
      const vault = yield* KeyVault
      const heldBlobs = BlobStore.of({
        ...blobs,
        get: (blobId) =>
          isHeld(blobId) ? blobs.get(blobId) : Effect.fail(new BlobNotFound({ blobId })),
        find: (blobId) => (isHeld(blobId) ? blobs.find(blobId) : Effect.succeed(undefined)),
        list: (prefix) => Effect.map(blobs.list(prefix), (ids) => ids.filter(isHeld)),
      })
      const heldKeys = KeyVault.of({
        ...vault,
        symmetricKey: only(vault.symmetricKey),
        privateKey: only(vault.privateKey),
        publicKey: only(vault.publicKey),
        // Backups are made inside the vault; who holds stores alone has no way to ask for one.
        backUp: ({ backupKeyId }) => Effect.fail(new KeyNotFound({ keyId: backupKeyId })),
        restore: () => Effect.succeed(false),
        has: (keyId) => (hasKey(keyId) ? vault.has(keyId) : Effect.succeed(false)),
      })
      return yield* effect.pipe(
        Effect.provideService(BlobStore, heldBlobs),
        Effect.provideService(KeyVault, heldKeys),
      )
    })
}
