import { Effect, Option, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { BlobStore } from "../BlobStore.ts"
import { KeyVault } from "../KeyVault.ts"
import { decryptCbc, deriveKey, encryptCbc, hmacSha256, isEqual } from "../Primitives.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { currentDkmKey, type DkmSecret, dkmKeyId } from "./DkmEvent.ts"

const secretBlob = (secretId: string): string => `dkm/secrets/${secretId}`

const ivBytes = 16
const codeBytes = 32

const codeOf = (key: Uint8Array, secretId: string, sealed: Uint8Array): Uint8Array =>
  hmacSha256(deriveKey(key, "dkm code"), Buffer.concat([sealed, Buffer.from(secretId)]))

/** AES-256-CBC, then HMAC-SHA-256 over nonce, ciphertext and name (CRY-209). */
const seal = (o: {
  readonly key: Uint8Array
  readonly secretId: string
  readonly plaintext: Uint8Array
  readonly iv: Uint8Array
}): Uint8Array => {
  const ciphertext = encryptCbc(deriveKey(o.key, "dkm encryption"), o.iv, o.plaintext)
  const sealed = Buffer.concat([o.iv, ciphertext])
  return Buffer.concat([sealed, codeOf(o.key, o.secretId, sealed)])
}

const open = (key: Uint8Array, secretId: string, bytes: Uint8Array): Option.Option<Uint8Array> => {
  const split = bytes.length - codeBytes
  if (split < ivBytes) return Option.none()
  const sealed = bytes.subarray(0, split)
  if (!isEqual(bytes.subarray(split), codeOf(key, secretId, sealed))) return Option.none()
  const encryptionKey = deriveKey(key, "dkm encryption")
  return Result.getSuccess(
    decryptCbc(encryptionKey, sealed.subarray(0, ivBytes), sealed.subarray(ivBytes)),
  )
}

/**
 * Writes a secret under the current key of the group; the first secret of all makes the first key.
 * The key itself is drawn when it is first used: a rollover by the clock only names it.
 */
export const writeSecret = Effect.fnUntraced(function* (
  world: CryptoWorld,
  o: Omit<DkmSecret, "keyId"> & { readonly plaintext: Uint8Array; readonly at: number },
) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const random = yield* SecureRandom.SecureRandom
  const { secretId, kind, owner, provider, plaintext, at } = o
  const current = currentDkmKey(world.crypto.dkm)
  const keyId = current?.keyId ?? dkmKeyId(1)
  yield* vault.createSymmetricKey(keyId)
  const key = yield* Effect.orDie(vault.symmetricKey(keyId))
  const iv = yield* random.randomBytes(ivBytes)
  yield* blobs.put(secretBlob(secretId), seal({ key, secretId, plaintext, iv }))
  const events: CryptoEvent[] = []
  if (current === undefined) events.push({ _tag: "DkmKeyRolled", keyId, at })
  events.push({ _tag: "DkmSecretWritten", secretId, kind, owner, provider, keyId, at })
  return events
})

/** What a member of the group gets; none where the key is gone or the bytes were changed. */
export const openSecret = Effect.fnUntraced(function* ({ secretId, keyId }: DkmSecret) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const key = yield* Effect.option(vault.symmetricKey(keyId))
  const bytes = yield* Effect.option(blobs.get(secretBlob(secretId)))
  return Option.flatMap(key, (it) => Option.flatMap(bytes, (sealed) => open(it, secretId, sealed)))
})

/** The stored copy goes when the secret itself is destroyed: a purge leaves nothing behind. */
export const forgetSecret = Effect.fnUntraced(function* (secretId: string) {
  const blobs = yield* BlobStore
  yield* blobs.remove(secretBlob(secretId))
})

/** As it lies on disk, for whoever has the disk and nothing else. */
export const rawSecret = Effect.fnUntraced(function* (secretId: string) {
  const blobs = yield* BlobStore
  return yield* Effect.orElseSucceed(blobs.get(secretBlob(secretId)), () => new Uint8Array(0))
})
