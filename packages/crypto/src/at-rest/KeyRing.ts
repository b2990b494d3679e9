import { Effect, Option, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { BlobStore } from "../BlobStore.ts"
import { KeyVault } from "../KeyVault.ts"
import { oaepSeedBytes, rsaUnwrap, rsaWrap, unwrapKey, wrapKey } from "../Primitives.ts"

/**
 * A key under a key, as it lies on disk: RSA keys wrap with RSA-OAEP-256, AES keys with AES-KW
 * (CRY-209). One copy for each key that can unwrap it.
 */
interface WrappedKey {
  readonly format: "twin-wrapped-key/1"
  readonly keyId: string
  readonly wrappedBy: string
  readonly algorithm: "A256KW" | "RSA-OAEP-256"
  /** Base64 of the wrapped bytes, which carry their own integrity. */
  readonly bytes: string
}

/** Where a wrapped copy lies. */
export const wrappedKeyBlob = (keyId: string, wrappedBy: string): string =>
  `wrapped-keys/${keyId}/by/${wrappedBy}`

/** None where it is no wrapped key. Read for every access, so it goes without a schema. */
const decode = (bytes: Uint8Array): Option.Option<WrappedKey> => {
  try {
    const found = JSON.parse(Buffer.from(bytes).toString("utf8")) as Partial<WrappedKey> | null
    const isKnown = found?.algorithm === "A256KW" || found?.algorithm === "RSA-OAEP-256"
    return isKnown && found.format === "twin-wrapped-key/1" && typeof found.bytes === "string"
      ? Option.some(found as WrappedKey)
      : Option.none()
  } catch {
    return Option.none()
  }
}

const write = Effect.fnUntraced(function* (
  o: Pick<WrappedKey, "keyId" | "wrappedBy" | "algorithm">,
  wrapped: Uint8Array,
) {
  const blobs = yield* BlobStore
  const { keyId, wrappedBy, algorithm } = o
  const bytes = Buffer.from(wrapped).toString("base64")
  const record: WrappedKey = { format: "twin-wrapped-key/1", keyId, wrappedBy, algorithm, bytes }
  yield* blobs.adopt(wrappedKeyBlob(keyId, wrappedBy), Buffer.from(JSON.stringify(record)))
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
  yield* write({ keyId, wrappedBy, algorithm: "A256KW" }, bytes)
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
  yield* write({ keyId, wrappedBy, algorithm: "RSA-OAEP-256" }, bytes)
})

/** Reads the copy that `wrappedBy` protects; none where there is none or it is no wrapped key. */
const read = (keyId: string, wrappedBy: string) =>
  Effect.flatMap(BlobStore, (blobs) =>
    Effect.match(blobs.view(wrappedKeyBlob(keyId, wrappedBy)), {
      onFailure: Option.none<WrappedKey>,
      onSuccess: decode,
    }),
  )

const bytesOf = ({ bytes }: WrappedKey): Uint8Array => Buffer.from(bytes, "base64")

/** The key again, through a copy under an AES key that is at hand. */
export const unwrapStored = Effect.fnUntraced(function* (o: {
  readonly keyId: string
  readonly wrappedBy: string
  readonly wrappingKey: Uint8Array
}) {
  const found = yield* read(o.keyId, o.wrappedBy)
  if (Option.isNone(found)) return Option.none<Uint8Array>()
  return Result.getSuccess(unwrapKey(o.wrappingKey, bytesOf(found.value)))
})

/** The key again, through a copy under a key of the vault, whichever kind that is. */
export const unwrapByVault = Effect.fnUntraced(function* (keyId: string, wrappedBy: string) {
  const vault = yield* KeyVault
  const found = yield* read(keyId, wrappedBy)
  if (Option.isNone(found)) return Option.none<Uint8Array>()
  const { algorithm } = found.value
  const bytes = bytesOf(found.value)
  const opened =
    algorithm === "A256KW"
      ? Effect.map(vault.symmetricKey(wrappedBy), (key) => unwrapKey(key, bytes))
      : Effect.map(vault.privateKey(wrappedBy), (key) => rsaUnwrap(key, bytes))
  return yield* Effect.match(opened, {
    onFailure: Option.none<Uint8Array>,
    onSuccess: Result.getSuccess,
  })
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

/** Removes the copies under these keys, without looking through everything that is stored. */
export const forgetUnder = Effect.fnUntraced(function* (
  keyId: string,
  wrappers: readonly string[],
) {
  const blobs = yield* BlobStore
  for (const wrappedBy of wrappers) yield* blobs.remove(wrappedKeyBlob(keyId, wrappedBy))
})

export const hasWrapped = (keyId: string, wrappedBy: string) =>
  Effect.map(read(keyId, wrappedBy), Option.isSome)
