import { createCipheriv, createDecipheriv } from "node:crypto"
import { attempt, isAesKey, join, type Opened, refuse } from "./Opened.ts"

const wrapIv = Buffer.from("a6a6a6a6a6a6a6a6", "hex")
const paddedWrapIv = Buffer.from("a65959a6", "hex")
const wrapName = (key: Uint8Array, padding = "") => `id-aes${key.length * 8}-wrap${padding}`

/** AES key wrap, RFC 3394: 8 bytes longer than its input, which is at least 16 and a multiple of 8. */
export const wrapKey = (wrappingKey: Uint8Array, key: Uint8Array): Opened => {
  if (!isAesKey(wrappingKey)) return refuse("AES-KW", "key-length")
  if (key.length < 16 || key.length % 8 !== 0) return refuse("AES-KW", "input-length")
  return attempt("AES-KW", () => {
    const cipher = createCipheriv(wrapName(wrappingKey), wrappingKey, wrapIv)
    return join(cipher.update(key), cipher.final())
  })
}

/** Node alone would accept an empty input (CRY-211): anything below 24 bytes is refused here. */
export const unwrapKey = (wrappingKey: Uint8Array, wrapped: Uint8Array): Opened => {
  if (!isAesKey(wrappingKey)) return refuse("AES-KW", "key-length")
  if (wrapped.length < 24 || wrapped.length % 8 !== 0) return refuse("AES-KW", "input-length")
  return attempt("AES-KW", () => {
    const decipher = createDecipheriv(wrapName(wrappingKey), wrappingKey, wrapIv)
    return join(decipher.update(wrapped), decipher.final())
  })
}

/** Bytes that key wrap with padding takes at most: its length field has 32 bits, memory has fewer. */
const paddedLimit = 2 ** 20

/** AES key wrap with padding, RFC 5649: one byte and more (CRY-210). */
export const wrapPadded = (wrappingKey: Uint8Array, key: Uint8Array): Opened => {
  if (!isAesKey(wrappingKey)) return refuse("AES-KWP", "key-length")
  if (key.length < 1 || key.length > paddedLimit) return refuse("AES-KWP", "input-length")
  return attempt("AES-KWP", () => {
    const cipher = createCipheriv(wrapName(wrappingKey, "-pad"), wrappingKey, paddedWrapIv)
    return join(cipher.update(key), cipher.final())
  })
}

export const unwrapPadded = (wrappingKey: Uint8Array, wrapped: Uint8Array): Opened => {
  if (!isAesKey(wrappingKey)) return refuse("AES-KWP", "key-length")
  if (wrapped.length < 16 || wrapped.length % 8 !== 0) return refuse("AES-KWP", "input-length")
  return attempt("AES-KWP", () => {
    const decipher = createDecipheriv(wrapName(wrappingKey, "-pad"), wrappingKey, paddedWrapIv)
    return join(decipher.update(wrapped), decipher.final())
  })
}
