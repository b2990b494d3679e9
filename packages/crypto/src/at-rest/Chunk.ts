import { Option, Result } from "effect"
import { gcmIvBytes, gcmTagBytes, openGcm, sealGcm, unwrapKey, wrapKey } from "../Primitives.ts"
import type { ChunkEntry } from "./ContentMap.ts"

/** A twin parameter: the service does not publish the size of its chunks. */
export const chunkBytes = 65_536

/** Marks a chunk of this format: AES-256-GCM, nonce, ciphertext, tag. */
const magic = Buffer.from("TWC1")
const headBytes = magic.length + gcmIvBytes

/** Random bytes that sealing one chunk uses up: a nonce and, where it has one, a key of its own. */
export const chunkRandomBytes = gcmIvBytes + 32

/** Parts of at most `chunkBytes`; an empty content is one empty chunk (CRY-025). */
export const chunksOf = (plaintext: Uint8Array): readonly Uint8Array[] => {
  const chunks: Uint8Array[] = []
  for (let offset = 0; offset < plaintext.length || chunks.length === 0; offset += chunkBytes) {
    chunks.push(plaintext.subarray(offset, offset + chunkBytes))
  }
  return chunks
}

/** How the chunks of one object are sealed. */
export interface ChunkSealing {
  readonly objectId: string
  readonly containerKey: Uint8Array
  /** SharePoint: each chunk has a key of its own. Exchange: the mailbox key encrypts (CRY-081). */
  readonly hasOwnKeys: boolean
}

/** Seals one chunk with new key and nonce, taken from `random`. */
export const sealChunk = (
  sealing: ChunkSealing,
  o: { readonly blob: number; readonly plaintext: Uint8Array; readonly random: Uint8Array },
): { readonly bytes: Uint8Array; readonly entry: ChunkEntry } => {
  const iv = o.random.subarray(0, gcmIvBytes)
  const key = sealing.hasOwnKeys ? o.random.subarray(gcmIvBytes) : sealing.containerKey
  const aad = Buffer.from(sealing.objectId)
  const head = Buffer.concat([magic, iv])
  const bytes = sealGcm({ key, iv, plaintext: o.plaintext, aad, head })
  const tag = base64(bytes.subarray(bytes.length - gcmTagBytes))
  return {
    bytes,
    entry: {
      blob: o.blob,
      sizeBytes: o.plaintext.length,
      tag,
      ...(sealing.hasOwnKeys
        ? { wrappedKey: base64(Result.getOrThrow(wrapKey(sealing.containerKey, key))) }
        : {}),
    },
  }
}

/** The chunk's content, if key, object, place and bytes all fit. */
export const openChunk = (
  sealing: ChunkSealing,
  entry: ChunkEntry,
  bytes: Uint8Array,
): Option.Option<Uint8Array> => {
  const isChunk = Buffer.from(bytes.subarray(0, magic.length)).equals(magic)
  const tag = base64(bytes.subarray(Math.max(headBytes, bytes.length - gcmTagBytes)))
  if (!isChunk || tag !== entry.tag || sealing.hasOwnKeys !== (entry.wrappedKey !== undefined)) {
    return Option.none()
  }
  const key =
    entry.wrappedKey === undefined
      ? Result.succeed(sealing.containerKey)
      : unwrapKey(sealing.containerKey, Buffer.from(entry.wrappedKey, "base64"))
  return Result.getSuccess(
    Result.flatMap(key, (it) =>
      openGcm({
        key: it,
        iv: bytes.subarray(magic.length, headBytes),
        sealed: bytes.subarray(headBytes),
        aad: Buffer.from(sealing.objectId),
      }),
    ),
  )
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64")
