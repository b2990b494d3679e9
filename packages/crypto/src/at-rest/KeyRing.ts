import type { KeyObject } from "node:crypto"
import { Effect, Option, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { BlobStore } from "../BlobStore.ts"
import type { KeyNotFound } from "../Errors.ts"
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
  yield* blobs.adopt([[wrappedKeyBlob(keyId, wrappedBy), Buffer.from(JSON.stringify(record))]])
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

const stored = (keyId: string, wrappedBy: string) =>
  Effect.flatMap(BlobStore, (blobs) => blobs.find(wrappedKeyBlob(keyId, wrappedBy)))

/**
 * What a copy unwrapped to, for as long as both the stored bytes and the key that opened them exist: the
 * service keeps the keys it uses (CRY-131). Whoever has not that very key in hand finds nothing here.
 */
const lastUnwrapped = new WeakMap<
  Uint8Array,
  { readonly by: Uint8Array | KeyObject; readonly key: Uint8Array }
>()

/** Opens a copy with a key in hand; none where it is no wrapped key or not wrapped under this one. */
const openCopy = (copy: Uint8Array, by: Uint8Array | KeyObject): Option.Option<Uint8Array> => {
  const last = lastUnwrapped.get(copy)
  if (last !== undefined && last.by === by) return Option.some(last.key)
  const record = decode(copy)
  if (Option.isNone(record)) return Option.none()
  const { algorithm, bytes } = record.value
  const wrapped = Buffer.from(bytes, "base64")
  const isAes = algorithm === "A256KW"
  if (isAes !== by instanceof Uint8Array) return Option.none()
  const opened = by instanceof Uint8Array ? unwrapKey(by, wrapped) : rsaUnwrap(by, wrapped)
  if (Result.isFailure(opened)) return Option.none()
  lastUnwrapped.set(copy, { by, key: opened.success })
  return Option.some(opened.success)
}

const isUnderAesKey = (copy: Uint8Array): boolean => {
  const last = lastUnwrapped.get(copy)
  if (last !== undefined) return last.by instanceof Uint8Array
  return Option.exists(decode(copy), ({ algorithm }) => algorithm === "A256KW")
}

/** The key again, through a copy under an AES key that is at hand. */
export const unwrapStored = (o: {
  readonly keyId: string
  readonly wrappedBy: string
  readonly wrappingKey: Uint8Array
}) =>
  Effect.map(stored(o.keyId, o.wrappedBy), (copy) =>
    copy === undefined ? Option.none<Uint8Array>() : openCopy(copy, o.wrappingKey),
  )

/** The key again, through a copy under a key of the vault, whichever kind that is. */
export const unwrapByVault = (keyId: string, wrappedBy: string) =>
  Effect.flatMap(stored(keyId, wrappedBy), (copy) =>
    copy === undefined ? Effect.succeedNone : openByVault(copy, wrappedBy),
  )

const openByVault = (copy: Uint8Array, wrappedBy: string) =>
  Effect.flatMap(KeyVault, (vault) => {
    const isAes = isUnderAesKey(copy)
    const by: Effect.Effect<Uint8Array | KeyObject, KeyNotFound> = isAes
      ? vault.symmetricKey(wrappedBy)
      : vault.privateKey(wrappedBy)
    return Effect.match(by, {
      onFailure: Option.none<Uint8Array>,
      onSuccess: (key) => openCopy(copy, key),
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
  Effect.map(stored(keyId, wrappedBy), (copy) => copy !== undefined && Option.isSome(decode(copy)))
