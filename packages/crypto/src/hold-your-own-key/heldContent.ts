import { Effect, Option, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { BlobStore } from "../BlobStore.ts"
import { KeyVault } from "../KeyVault.ts"
import { gcmIvBytes, oaepSeedBytes, openGcm, rsaUnwrap, rsaWrap, sealGcm } from "../Primitives.ts"
import type { HeldContent, RightsServer } from "./RightsServer.ts"

const wrappedBytes = 256

/** Encrypts under the one key of the cluster: wrapped content key, nonce, ciphertext (CRY-172). */
export const sealHeld = Effect.fnUntraced(function* (
  server: RightsServer,
  { contentId, blobId }: HeldContent,
  plaintext: Uint8Array,
) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const random = yield* SecureRandom.SecureRandom
  const publicKey = yield* Effect.orDie(vault.publicKey(server.keyId))
  const key = yield* random.randomBytes(32)
  const seed = yield* random.randomBytes(oaepSeedBytes)
  const iv = yield* random.randomBytes(gcmIvBytes)
  const wrapped = rsaWrap({ publicKey, key, seed })
  const sealed = sealGcm({ key, iv, plaintext, aad: Buffer.from(contentId), head: iv })
  yield* blobs.put(blobId, Buffer.concat([wrapped, sealed]))
})

/** None: the bytes or the cluster's key are gone, or somebody changed the bytes. */
export const openHeld = Effect.fnUntraced(function* (
  server: RightsServer,
  { contentId, blobId }: HeldContent,
) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const privateKey = yield* Effect.option(vault.privateKey(server.keyId))
  const bytes = yield* Effect.option(blobs.get(blobId))
  if (Option.isNone(privateKey) || Option.isNone(bytes)) return Option.none<Uint8Array>()
  const stored = bytes.value
  const key = rsaUnwrap(privateKey.value, stored.subarray(0, wrappedBytes))
  const rest = stored.subarray(wrappedBytes)
  return Result.getSuccess(
    Result.flatMap(key, (it) =>
      openGcm({
        key: it,
        iv: rest.subarray(0, gcmIvBytes),
        sealed: rest.subarray(gcmIvBytes),
        aad: Buffer.from(contentId),
      }),
    ),
  )
})
