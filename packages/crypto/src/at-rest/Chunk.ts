import { createCipheriv, createDecipheriv } from "node:crypto"
import { Option, Result } from "effect"
import { gcmIvBytes, gcmTagBytes, unwrapKey, wrapKey } from "../Primitives.ts"
import { blobContainerCount } from "./blobContainerCount.ts"
import type { ChunkEntry } from "./ContentMap.ts"

/** A twin parameter: the service does not publish the size of its chunks. */
export const chunkBytes = 65_536

/** Large content is cut into larger pieces, so that the cost of a piece does not count. */
export const largeChunkBytes = 1024 * 1024

/** Into pieces of which size content of this size is cut. */
export const chunkSizeOf = (contentBytes: number): number =>
  contentBytes < largeChunkBytes ? chunkBytes : largeChunkBytes

/** Random bytes that sealing one chunk uses up: a nonce, a key of its own, and a place to lie. */
export const chunkRandomBytes = gcmIvBytes + 32 + 1

/** Parts of at most `chunkSizeOf` bytes; an empty content is one empty chunk (CRY-025). */
export const chunksOf = (plaintext: Uint8Array): readonly Uint8Array[] => {
  const size = chunkSizeOf(plaintext.length)
  const chunks: Uint8Array[] = []
  for (let offset = 0; offset < plaintext.length || chunks.length === 0; offset += size) {
    chunks.push(plaintext.subarray(offset, offset + size))
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

/**
 * Seals one chunk with new key and nonce, taken from `random`: AES-256-GCM, bound to the object. The
 * blob is the ciphertext alone, as the cipher hands it out; nonce and tag go into the content map.
 */
export const sealChunk = (
  sealing: ChunkSealing,
  o: { readonly blob: number; readonly plaintext: Uint8Array; readonly random: Uint8Array },
): { readonly bytes: Uint8Array; readonly entry: ChunkEntry } => {
  const iv = o.random.subarray(0, gcmIvBytes)
  const placeAt = gcmIvBytes + 32
  const key = sealing.hasOwnKeys ? o.random.subarray(gcmIvBytes, placeAt) : sealing.containerKey
  const cipher = createCipheriv("aes-256-gcm", key, iv)
  cipher.setAAD(Buffer.from(sealing.objectId))
  const bytes = cipher.update(o.plaintext)
  // A stream mode has nothing left at the end but its tag.
  cipher.final()
  const entry: ChunkEntry = {
    blob: o.blob,
    sizeBytes: o.plaintext.length,
    iv: base64(iv),
    tag: base64(cipher.getAuthTag()),
  }
  if (!sealing.hasOwnKeys) return { bytes, entry }
  const wrappedKey = base64(Result.getOrThrow(wrapKey(sealing.containerKey, key)))
  // 256 is a multiple of the number of containers, so that each is as likely as any other.
  const store = (o.random[placeAt] ?? 0) % blobContainerCount
  return { bytes, entry: { ...entry, store, wrappedKey } }
}

/** The chunk's content, if key, object, place and bytes all fit. */
export const openChunk = (
  sealing: ChunkSealing,
  entry: ChunkEntry,
  bytes: Uint8Array | undefined,
): Option.Option<Uint8Array> => {
  if (bytes === undefined) return Option.none()
  if (sealing.hasOwnKeys !== (entry.wrappedKey !== undefined)) return Option.none()
  const key =
    entry.wrappedKey === undefined
      ? Result.succeed(sealing.containerKey)
      : unwrapKey(sealing.containerKey, Buffer.from(entry.wrappedKey, "base64"))
  if (Result.isFailure(key)) return Option.none()
  try {
    const iv = Buffer.from(entry.iv, "base64")
    const options = { authTagLength: gcmTagBytes }
    const decipher = createDecipheriv("aes-256-gcm", key.success, iv, options)
    decipher.setAAD(Buffer.from(sealing.objectId))
    decipher.setAuthTag(Buffer.from(entry.tag, "base64"))
    const plaintext = decipher.update(bytes)
    // Only the end checks the tag: nothing leaves before it.
    decipher.final()
    return Option.some(plaintext)
  } catch {
    return Option.none()
  }
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64")
