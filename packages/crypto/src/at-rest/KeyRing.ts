import { Effect, Option, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { BlobStore } from "../BlobStore.ts"
import { KeyVault } from "../KeyVault.ts"
import { oaepSeedBytes, rsaUnwrap, rsaWrap, unwrapKey, wrapKey } from "../Primitives.ts"

/**
 * A key under a key, as it lies on disk: RSA keys wrap with RSA-OAEP-256, AES keys with AES-KW
 * (CRY-209). One copy for each key that can unwrap it.
 */
const WrappedKey = Schema.fromJsonString(
  Schema.Struct({
    format: Schema.Literal("twin-wrapped-key/1"),
    keyId: Schema.String,
    wrappedBy: Schema.String,
    algorithm: Schema.Literals(["A256KW", "RSA-OAEP-256"]),
    bytes: Schema.Uint8ArrayFromBase64,
  }),
)
type WrappedKey = typeof WrappedKey.Type

/** Where a wrapped copy lies. */
export const wrappedKeyBlob = (keyId: string, wrappedBy: string): string =>
  `wrapped-keys/${keyId}/by/${wrappedBy}`

const text = new TextEncoder()
const decode = Schema.decodeUnknownOption(WrappedKey)
const encode = Schema.encodeSync(WrappedKey)

const write = Effect.fnUntraced(function* (wrapped: WrappedKey) {
  const blobs = yield* BlobStore
  const blobId = wrappedKeyBlob(wrapped.keyId, wrapped.wrappedBy)
  yield* blobs.put(blobId, text.encode(encode(wrapped)))
})

/** Wraps under an AES key and stores the copy. */
export const storeWrapped = Effect.fnUntraced(function* (o: {
  readonly keyId: string
  readonly key: Uint8Array
  readonly wrappedBy: string
  readonly wrappingKey: Uint8Array
}) {
  const { keyId, wrappedBy } = o
  const bytes = yield* Effect.orDie(Effect.fromResult(wrapKey(o.wrappingKey, o.key)))
  yield* write({ format: "twin-wrapped-key/1", keyId, wrappedBy, algorithm: "A256KW", bytes })
})

/** Wraps under an RSA key of the vault, which only needs its public half. */
export const storeWrappedByPair = Effect.fnUntraced(function* (o: {
  readonly keyId: string
  readonly key: Uint8Array
  readonly wrappedBy: string
}) {
  const { keyId, wrappedBy, key } = o
  const vault = yield* KeyVault
  const random = yield* SecureRandom.SecureRandom
  const publicKey = yield* vault.publicKey(wrappedBy)
  const bytes = rsaWrap({ publicKey, key, seed: yield* random.randomBytes(oaepSeedBytes) })
  yield* write({ format: "twin-wrapped-key/1", keyId, wrappedBy, algorithm: "RSA-OAEP-256", bytes })
})

/** Reads the copy that `wrappedBy` protects; none where there is none or it is no wrapped key. */
const read = Effect.fnUntraced(function* (keyId: string, wrappedBy: string) {
  const blobs = yield* BlobStore
  const bytes = yield* Effect.option(blobs.get(wrappedKeyBlob(keyId, wrappedBy)))
  return Option.flatMap(bytes, (it) => decode(Buffer.from(it).toString("utf8")))
})

/** The key again, through a copy under an AES key that is at hand. */
export const unwrapStored = Effect.fnUntraced(function* (o: {
  readonly keyId: string
  readonly wrappedBy: string
  readonly wrappingKey: Uint8Array
}) {
  const found = yield* read(o.keyId, o.wrappedBy)
  if (Option.isNone(found)) return Option.none<Uint8Array>()
  return yield* Effect.option(Effect.fromResult(unwrapKey(o.wrappingKey, found.value.bytes)))
})

/** The key again, through a copy under a key of the vault, whichever kind that is. */
export const unwrapByVault = Effect.fnUntraced(function* (keyId: string, wrappedBy: string) {
  const vault = yield* KeyVault
  const found = yield* read(keyId, wrappedBy)
  if (Option.isNone(found)) return Option.none<Uint8Array>()
  const { algorithm, bytes } = found.value
  const opened = Effect.gen(function* () {
    if (algorithm === "A256KW") {
      return yield* Effect.fromResult(unwrapKey(yield* vault.symmetricKey(wrappedBy), bytes))
    }
    return yield* Effect.fromResult(rsaUnwrap(yield* vault.privateKey(wrappedBy), bytes))
  })
  return yield* Effect.option(opened)
})

/** Removes the copies of a key except those under `keep`: after a re-wrap the old way in is gone. */
export const forgetWrapped = Effect.fnUntraced(function* (
  keyId: string,
  keep: readonly string[] = [],
) {
  const blobs = yield* BlobStore
  const kept = keep.map((it) => wrappedKeyBlob(keyId, it))
  for (const blobId of yield* blobs.list(wrappedKeyBlob(keyId, ""))) {
    if (!kept.includes(blobId)) yield* blobs.remove(blobId)
  }
})

export const hasWrapped = Effect.fnUntraced(function* (keyId: string, wrappedBy: string) {
  return Option.isSome(yield* read(keyId, wrappedBy))
})
