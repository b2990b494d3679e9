import { Option, Schema } from "effect"
import { gcmIvBytes, gcmTagBytes, gmac, hmacSha256, isEqual } from "../Primitives.ts"
import { Workload } from "../Workload.ts"

/** One chunk of an object: which blob, and the key of its own under the container's key. */
const ChunkEntry = Schema.Struct({
  blob: Schema.Int,
  sizeBytes: Schema.Int,
  /** Which of the blob containers it lies in, drawn anew for each chunk; SharePoint alone (CRY-027). */
  store: Schema.optionalKey(Schema.Int),
  /** The nonce of the chunk. */
  iv: Schema.String,
  /** The chunk's own tag: a blob put in place of another is noticed. */
  tag: Schema.String,
  /** Absent in Exchange, where the mailbox key itself encrypts (CRY-081). */
  wrappedKey: Schema.optionalKey(Schema.String),
})
export type ChunkEntry = typeof ChunkEntry.Type

/**
 * The content database's record of an object: how to find, decrypt and reassemble it (CRY-028). It
 * holds no key in the clear, and a code under the container's key guards it against change.
 */
export const ContentMap = Schema.Struct({
  format: Schema.Literal("twin-content-map/4"),
  objectId: Schema.String,
  workload: Workload,
  container: Schema.String,
  keyId: Schema.String,
  sizeBytes: Schema.Int,
  /** Numbers of blobs are never used twice. */
  nextBlob: Schema.Int,
  chunks: Schema.Array(ChunkEntry),
})
export type ContentMap = typeof ContentMap.Type

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(ContentMap))

/** Where the record lies; the chunks lie at `${objectId}/0`, `/1`, ... */
export const contentMapBlob = (objectId: string): string => `content-database/${objectId}`
export const chunkBlob = (objectId: string, blob: number): string => `${objectId}/${blob}`

const purpose = Buffer.from("content map")

/** The code is made under a key of its own: no key serves two purposes. */
const macKeyOf = (containerKey: Uint8Array): Uint8Array => {
  const known = macKeys.get(containerKey)
  if (known !== undefined) return known
  const made = hmacSha256(containerKey, purpose)
  macKeys.set(containerKey, made)
  return made
}

/** A function of the key alone, kept while the key itself is kept. */
const macKeys = new WeakMap<Uint8Array, Uint8Array>()

/** The record is JSON; before it stand the nonce and the code over it. */
const recordAt = gcmIvBytes + gcmTagBytes

/** `iv`: a new nonce for each record that is written. */
export const encodeContentMap = (
  map: ContentMap,
  containerKey: Uint8Array,
  iv: Uint8Array,
): Uint8Array => {
  const record = JSON.stringify(map)
  const bytes = Buffer.allocUnsafeSlow(recordAt + Buffer.byteLength(record))
  bytes.write(record, recordAt)
  bytes.set(iv, 0)
  const message = bytes.subarray(recordAt)
  bytes.set(gmac({ key: macKeyOf(containerKey), iv, message }), gcmIvBytes)
  return bytes
}

/** The record, if the key vouches for it: then it is what `encodeContentMap` wrote. */
export const openContentMap = (
  bytes: Uint8Array | undefined,
  containerKey: Uint8Array,
): Option.Option<ContentMap> => {
  if (bytes === undefined || bytes.length < recordAt) return Option.none()
  const iv = bytes.subarray(0, gcmIvBytes)
  const message = bytes.subarray(recordAt)
  const mac = gmac({ key: macKeyOf(containerKey), iv, message })
  if (!isEqual(bytes.subarray(gcmIvBytes, recordAt), mac)) return Option.none()
  return Option.some(JSON.parse(textOf(message)) as ContentMap)
}

/** The record without any key, as somebody sees it who holds the content database alone. */
export const peekContentMap = (bytes: Uint8Array): Option.Option<ContentMap> =>
  decode(textOf(bytes.subarray(recordAt)))

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")
