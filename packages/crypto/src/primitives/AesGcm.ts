import { createCipheriv, createDecipheriv } from "node:crypto"
import { attempt, isAesKey, join, nothing, type Opened, refuse } from "./Opened.ts"

/** Bytes of an AES-GCM nonce and tag (CRY-209: 96 and 128 bits). */
export const gcmIvBytes = 12
export const gcmTagBytes = 16

const gcmName = (key: Uint8Array) => `aes-${key.length * 8}-gcm` as "aes-256-gcm"

/**
 * AES-GCM: ciphertext with the tag at its end. The nonce must be new for each message of a key; a
 * wrong key or nonce length is a defect of the caller.
 */
export const sealGcm = (o: {
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly plaintext: Uint8Array
  readonly aad: Uint8Array
  /** Put before the ciphertext as it is; saves copying what may be large. */
  readonly head?: Uint8Array
}): Uint8Array => {
  const cipher = createCipheriv(gcmName(o.key), o.key, o.iv, { authTagLength: gcmTagBytes })
  cipher.setAAD(o.aad)
  const ciphertext = cipher.update(o.plaintext)
  return join(o.head ?? nothing, ciphertext, cipher.final(), cipher.getAuthTag())
}

/** Opens what `sealGcm` made; nonces longer than 128 bytes are refused (CRY-211). */
export const openGcm = (o: {
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly sealed: Uint8Array
  readonly aad: Uint8Array
}): Opened => {
  const algorithm = "AES-GCM"
  if (!isAesKey(o.key)) return refuse(algorithm, "key-length")
  if (o.iv.length < 1 || o.iv.length > 128) return refuse(algorithm, "iv-length")
  const split = o.sealed.length - gcmTagBytes
  if (split < 0) return refuse(algorithm, "input-length")
  return attempt(algorithm, () => {
    const decipher = createDecipheriv(gcmName(o.key), o.key, o.iv, { authTagLength: gcmTagBytes })
    decipher.setAAD(o.aad)
    decipher.setAuthTag(o.sealed.subarray(split))
    const opened = decipher.update(o.sealed.subarray(0, split))
    // A stream mode leaves nothing for the end, but only the end checks the tag.
    decipher.final()
    return opened
  })
}

/**
 * GMAC (NIST SP 800-38D): the code over a message that stays readable, which is GCM without content.
 * As with content, the nonce must be new for each message of a key.
 */
export const gmac = (o: {
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly message: Uint8Array
}): Uint8Array => {
  const cipher = createCipheriv(gcmName(o.key), o.key, o.iv, { authTagLength: gcmTagBytes })
  cipher.setAAD(o.message)
  cipher.final()
  return cipher.getAuthTag()
}
