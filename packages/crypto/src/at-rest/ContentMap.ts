import { canonicalJson } from "@twin/kernel"
import { Option, Schema } from "effect"
import { deriveKey, hmacSha256, isEqual } from "../Primitives.ts"
import { Workload } from "../Workload.ts"

/** One chunk of an object: which blob, and the key of its own under the container's key. */
const ChunkEntry = Schema.Struct({
  blob: Schema.Int,
  sizeBytes: Schema.Int,
  /** The blob's own tag: a blob put in place of another is noticed. */
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
  format: Schema.Literal("twin-content-map/1"),
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

const macOf = (map: ContentMap, containerKey: Uint8Array): Uint8Array =>
  hmacSha256(deriveKey(containerKey, "content map"), Buffer.from(canonicalJson(map)))

export const encodeContentMap = (map: ContentMap, containerKey: Uint8Array): Uint8Array => {
  const mac = Buffer.from(macOf(map, containerKey)).toString("base64")
  return Buffer.from(canonicalJson({ map, mac }))
}

/** The record, if the key vouches for it. */
export const openContentMap = (
  bytes: Uint8Array,
  containerKey: Uint8Array,
): Option.Option<ContentMap> =>
  decode(Buffer.from(bytes).toString("utf8")).pipe(
    Option.filter(({ map, mac }) => isEqual(Buffer.from(mac, "base64"), macOf(map, containerKey))),
    Option.map(({ map }) => map),
  )

/** The record without any key, as somebody sees it who holds the content database alone. */
export const peekContentMap = (bytes: Uint8Array): Option.Option<ContentMap> =>
  Option.map(decode(Buffer.from(bytes).toString("utf8")), ({ map }) => map)
