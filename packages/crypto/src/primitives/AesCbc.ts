import { createCipheriv, createDecipheriv, createHmac } from "node:crypto"
import { isEqual } from "./Digest.ts"
import { attempt, join, type Opened, refuse } from "./Opened.ts"

/** AES-CBC with PKCS#7 padding (CRY-133). It has no integrity of its own: authenticate the result. */
export const encryptCbc = (key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array => {
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, iv)
  return join(cipher.update(plaintext), cipher.final())
}

export const decryptCbc = (key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Opened =>
  attempt("AES-CBC", () => {
    const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, iv)
    return join(decipher.update(ciphertext), decipher.final())
  })

/** AES-ECB with PKCS#7 padding: what Office used before 2023-10 (CRY-133). Equal blocks stay equal. */
export const encryptEcb = (key: Uint8Array, plaintext: Uint8Array): Uint8Array => {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null)
  return join(cipher.update(plaintext), cipher.final())
}

export const decryptEcb = (key: Uint8Array, ciphertext: Uint8Array): Opened =>
  attempt("AES-ECB", () => {
    const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null)
    return join(decipher.update(ciphertext), decipher.final())
  })

/** The two halves of a key of 32 or 64 bytes: code first, encryption second (CRY-212). */
const halvesOf = (key: Uint8Array) => {
  const half = key.length / 2
  return {
    half,
    macKey: key.subarray(0, half),
    encryptionKey: key.subarray(half),
    hash: half === 16 ? "sha256" : "sha512",
  }
}

const tagOf = (o: {
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly ciphertext: Uint8Array
  readonly aad: Uint8Array
}): Uint8Array => {
  const { half, macKey, hash } = halvesOf(o.key)
  const aadBits = Buffer.alloc(8)
  aadBits.writeBigUInt64BE(BigInt(o.aad.length) * 8n)
  const code = createHmac(hash, macKey).update(o.aad).update(o.iv).update(o.ciphertext)
  return code.update(aadBits).digest().subarray(0, half)
}

/**
 * Encrypts, then authenticates: A128CBC-HS256 with a key of 32 bytes, A256CBC-HS512 with one of 64
 * (CRY-209, CRY-212). Ciphertext with the tag at its end; another key length is a defect.
 */
export const sealCbcHmac = (o: {
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly plaintext: Uint8Array
  readonly aad: Uint8Array
}): Uint8Array => {
  const ciphertext = encryptCbc(halvesOf(o.key).encryptionKey, o.iv, o.plaintext)
  return join(ciphertext, tagOf({ ...o, ciphertext }))
}

/** Nothing is decrypted before the tag is found right. */
export const openCbcHmac = (o: {
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly sealed: Uint8Array
  readonly aad: Uint8Array
}): Opened => {
  const algorithm = "AES-CBC-HMAC"
  if (o.key.length !== 32 && o.key.length !== 64) return refuse(algorithm, "key-length")
  if (o.iv.length !== 16) return refuse(algorithm, "iv-length")
  const { half, encryptionKey } = halvesOf(o.key)
  const split = o.sealed.length - half
  if (split < 16 || split % 16 !== 0) return refuse(algorithm, "input-length")
  const ciphertext = o.sealed.subarray(0, split)
  if (!isEqual(o.sealed.subarray(split), tagOf({ ...o, ciphertext }))) {
    return refuse(algorithm, "integrity")
  }
  return decryptCbc(encryptionKey, o.iv, ciphertext)
}
