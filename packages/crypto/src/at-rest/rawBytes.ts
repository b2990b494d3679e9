import { Effect } from "effect"
import { BlobStore } from "../BlobStore.ts"
import type { CryptoWorld } from "../State.ts"
import { contentMapBlob } from "./ContentMap.ts"

/** One blob of an object, as it lies on disk. */
export interface RawBlob {
  readonly blobId: string
  readonly bytes: Uint8Array
}

/** Everything that is stored of an object: its chunks and its record in the content database. */
export const rawBlobsOf = Effect.fn("rawBlobsOf")(function* (objectId: string) {
  const blobs = yield* BlobStore
  const found: RawBlob[] = []
  for (const blobId of [contentMapBlob(objectId), ...(yield* blobs.list(`${objectId}/`))]) {
    // A blob of another object that is named below this one is none of this object's chunks.
    if (blobId !== contentMapBlob(objectId) && !/^\d+$/.test(blobId.slice(objectId.length + 1))) {
      continue
    }
    const bytes = yield* Effect.orElseSucceed(blobs.get(blobId), () => undefined)
    if (bytes !== undefined) found.push({ blobId, bytes })
  }
  return found
})

/** The stored bytes of an object one after the other, as somebody reads them off the disk. */
export const rawBytesOf = Effect.fn("rawBytesOf")(function* (objectId: string) {
  return new Uint8Array(Buffer.concat((yield* rawBlobsOf(objectId)).map(({ bytes }) => bytes)))
})

/** The needle in the encodings in which plain content would show: UTF-8, UTF-16, base64. */
const formsOf = (needle: string | Uint8Array): readonly Buffer[] => {
  if (typeof needle !== "string") return [Buffer.from(needle)]
  const bytes = Buffer.from(needle, "utf8")
  // Only whole groups of three bytes look the same in every base64 text that begins with them.
  const base64 = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString("base64")
  const forms = [bytes, Buffer.from(needle, "utf16le"), Buffer.from(base64)]
  return forms.filter(({ length }) => length > 0)
}

export const bytesContain = (bytes: Uint8Array, needle: string | Uint8Array): boolean =>
  formsOf(needle).some((form) => Buffer.from(bytes).includes(form))

/**
 * Whether a text or byte string stands anywhere in what is stored of an object. What is encrypted
 * does not contain its plaintext; an object that is not stored contains nothing.
 */
export const storedBytesContain = Effect.fn("storedBytesContain")(function* (
  _world: CryptoWorld,
  objectId: string,
  needle: string | Uint8Array,
) {
  const blobs = yield* rawBlobsOf(objectId)
  return blobs.some(({ bytes }) => bytesContain(bytes, needle))
})
