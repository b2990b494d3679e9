import { Option, Schema } from "effect"
import { hmacSha256, isEqual } from "../Primitives.ts"
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
  format: Schema.Literal("twin-content-map/2"),
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

const Guarded = Schema.fromJsonString(Schema.Struct({ map: ContentMap, mac: Schema.String }))
const decode = Schema.decodeUnknownOption(Guarded)

/** Where the record lies; the chunks lie at `${objectId}/0`, `/1`, ... */
export const contentMapBlob = (objectId: string): string => `content-database/${objectId}`
export const chunkBlob = (objectId: string, blob: number): string => `${objectId}/${blob}`

const purpose = Buffer.from("content map")

/** The code is made under a key of its own: no key serves two algorithms. */
const macOf = (map: Uint8Array, containerKey: Uint8Array): Uint8Array =>
  hmacSha256(macKeyOf(containerKey), map)

const macKeyOf = (containerKey: Uint8Array): Uint8Array => {
  const known = macKeys.get(containerKey)
  if (known !== undefined) return known
  const made = hmacSha256(containerKey, purpose)
  macKeys.set(containerKey, made)
  return made
}

/** A function of the key alone, kept while the key itself is kept. */
const macKeys = new WeakMap<Uint8Array, Uint8Array>()

/** `{"map":...,"mac":"..."}`: the code is over the bytes between these two. */
const head = '{"map":'
const middle = ',"mac":"'
const end = '"}'
const macChars = 44
const tailChars = middle.length + macChars + end.length

export const encodeContentMap = (map: ContentMap, containerKey: Uint8Array): Uint8Array => {
  const text = JSON.stringify(map)
  const mac = Buffer.from(macOf(Buffer.from(text), containerKey)).toString("base64")
  return Buffer.from(`${head}${text}${middle}${mac}${end}`)
}

/** The record, if the key vouches for it: then it is what `encodeContentMap` wrote. */
export const openContentMap = (
  bytes: Uint8Array | undefined,
  containerKey: Uint8Array,
): Option.Option<ContentMap> => {
  if (bytes === undefined) return Option.none()
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const map = all.subarray(head.length, Math.max(head.length, all.length - tailChars))
  const mac = all.subarray(map.byteOffset - all.byteOffset + map.length + middle.length)
  const given = Buffer.from(mac.toString("latin1", 0, macChars), "base64")
  if (!isEqual(given, macOf(map, containerKey))) return Option.none()
  return Option.some(JSON.parse(map.toString("utf8")) as ContentMap)
}

/** The record without any key, as somebody sees it who holds the content database alone. */
export const peekContentMap = (bytes: Uint8Array): Option.Option<ContentMap> =>
  Option.map(decode(Buffer.from(bytes).toString("utf8")), ({ map }) => map)
