import { createCipheriv, createDecipheriv } from "node:crypto"
import type { SmimeCipher } from "./SmimeAlgorithm.ts"

/** How a content cipher is called in CMS and in OpenSSL. */
interface ContentCipher {
  readonly name: SmimeCipher["name"]
  readonly oid: string
  readonly algorithm: string
  readonly keyBytes: number
  readonly ivBytes: number
}

/** What this package can do for real. RC2 is none of it: OpenSSL has left it behind. */
export const contentCiphers: readonly ContentCipher[] = [
  cipher("AES256", "2.16.840.1.101.3.4.1.42", "aes-256-cbc", 32, 16),
  cipher("AES192", "2.16.840.1.101.3.4.1.22", "aes-192-cbc", 24, 16),
  cipher("AES128", "2.16.840.1.101.3.4.1.2", "aes-128-cbc", 16, 16),
  cipher("3DES", "1.2.840.113549.3.7", "des-ede3-cbc", 24, 8),
  // Three times the same key is DES itself.
  cipher("DES", "1.3.14.3.2.7", "des-ede3-cbc", 8, 8),
]

function cipher(
  name: SmimeCipher["name"],
  oid: string,
  algorithm: string,
  keyBytes: number,
  ivBytes: number,
): ContentCipher {
  return { name, oid, algorithm, keyBytes, ivBytes }
}

const keyFor = ({ name }: ContentCipher, key: Uint8Array): Uint8Array =>
  name === "DES" ? Buffer.concat([key, key, key]) : key

export const encipher = (
  it: ContentCipher,
  key: Uint8Array,
  iv: Uint8Array,
  content: Uint8Array,
): Uint8Array => {
  const cbc = createCipheriv(it.algorithm, keyFor(it, key), iv)
  return Buffer.concat([cbc.update(content), cbc.final()])
}

/** Throws where key, length or padding do not fit. */
export const decipher = (
  it: ContentCipher,
  key: Uint8Array,
  iv: Uint8Array,
  content: Uint8Array,
): Uint8Array => {
  if (key.length !== it.keyBytes) throw new Error("key length")
  const cbc = createDecipheriv(it.algorithm, keyFor(it, key), iv)
  return Buffer.concat([cbc.update(content), cbc.final()])
}
