import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto"
import { attempt, nothing, type Opened, refuse } from "./Opened.ts"

/** The hashes that RSA padding and codes of this package are built on. */
export type Hash = "sha1" | "sha256" | "sha384" | "sha512"

export const digest = (hash: Hash, bytes: Uint8Array): Uint8Array =>
  createHash(hash).update(bytes).digest()

export const sha256 = (bytes: Uint8Array): Uint8Array => digest("sha256", bytes)

export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array =>
  createHmac("sha256", key).update(message).digest()

/** Equal in constant time; different lengths are different. */
export const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)

/** HKDF-SHA-256, RFC 5869: at most 255 blocks of 32 bytes come out. */
export const hkdfSha256 = (o: {
  readonly key: Uint8Array
  readonly salt: Uint8Array
  readonly info: Uint8Array
  readonly size: number
}): Opened =>
  o.size < 1 || o.size > 255 * 32
    ? refuse("HKDF-SHA-256", "input-length")
    : attempt(
        "HKDF-SHA-256",
        () => new Uint8Array(hkdfSync("sha256", o.key, o.salt, o.info, o.size)),
      )

/** A 32-byte key for another purpose (HKDF-SHA-256), so that no key serves two algorithms. */
export const deriveKey = (key: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", key, nothing, purpose, 32))
