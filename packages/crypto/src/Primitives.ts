import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto"
import { Result } from "effect"
import { DoesNotOpen } from "./Errors.ts"

/** Bytes, or the reason why the primitive refuses. Never a part of the plaintext. */
export type Opened = Result.Result<Uint8Array, DoesNotOpen>

const refuse = (algorithm: string, reason: DoesNotOpen["reason"]): Opened =>
  Result.fail(new DoesNotOpen({ algorithm, reason }))

/** Node throws on wrong keys and damaged bytes alike: both are one refusal here. */
const attempt = (algorithm: string, open: () => Uint8Array): Opened => {
  try {
    return Result.succeed(open())
  } catch {
    return refuse(algorithm, "integrity")
  }
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Bytes of an AES-GCM nonce and tag (CRY-209: 96 and 128 bits). */
export const gcmIvBytes = 12
export const gcmTagBytes = 16

const gcmName = (key: Uint8Array) => `aes-${key.length * 8}-gcm` as "aes-256-gcm"
const isAesKey = (key: Uint8Array): boolean => [16, 24, 32].includes(key.length)

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

const nothing = new Uint8Array(0)

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

const wrapIv = Buffer.from("a6a6a6a6a6a6a6a6", "hex")
const wrapName = (key: Uint8Array) => `id-aes${key.length * 8}-wrap`

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

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" } as const

/**
 * RSA-OAEP-256 (SHA-256 for the hash and for MGF1). OpenSSL would draw the padding's seed from the
 * system; here it is given, so that the same run wraps to the same bytes.
 */
export const rsaWrap = (o: {
  readonly publicKey: KeyObject
  readonly key: Uint8Array
  readonly seed: Uint8Array
}): Uint8Array => {
  const modulusBytes = (o.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8
  const encoded = encodeOaep(o.key, o.seed, modulusBytes)
  return publicEncrypt({ key: o.publicKey, padding: constants.RSA_NO_PADDING }, encoded)
}

/** Bytes of the seed that `rsaWrap` wants: the length of the hash. */
export const oaepSeedBytes = 32

/** EME-OAEP encoding, RFC 8017 section 7.1.1, with an empty label. */
const encodeOaep = (message: Uint8Array, seed: Uint8Array, size: number): Uint8Array => {
  const room = size - 2 * oaepSeedBytes - 2
  if (seed.length !== oaepSeedBytes || message.length > room) {
    throw new Error("RSA-OAEP-256 does not take a message or seed of this length")
  }
  const padding = new Uint8Array(room - message.length)
  const block = join(sha256(new Uint8Array(0)), padding, Uint8Array.of(1), message)
  const maskedBlock = xor(block, maskFrom(seed, block.length))
  const maskedSeed = xor(seed, maskFrom(maskedBlock, seed.length))
  return join(Uint8Array.of(0), maskedSeed, maskedBlock)
}

/** MGF1 with SHA-256. */
const maskFrom = (seed: Uint8Array, size: number): Uint8Array => {
  const blocks: Uint8Array[] = []
  for (let counter = 0; counter * 32 < size; counter++) {
    blocks.push(sha256(join(seed, Uint8Array.of(0, 0, counter >> 8, counter & 0xff))))
  }
  return join(...blocks).subarray(0, size)
}

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array =>
  a.map((byte, index) => byte ^ (b[index] ?? 0))

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest()

export const rsaUnwrap = (privateKey: KeyObject, wrapped: Uint8Array, label?: Uint8Array): Opened =>
  attempt("RSA-OAEP-256", () =>
    privateDecrypt(
      { key: privateKey, ...oaep, ...(label === undefined ? {} : { oaepLabel: label }) },
      wrapped,
    ),
  )

/** RS256: RSASSA-PKCS1-v1_5 with SHA-256, deterministic. */
export const rsaSign = (privateKey: KeyObject, message: Uint8Array): Uint8Array =>
  sign("sha256", message, { key: privateKey, padding: constants.RSA_PKCS1_PADDING })

export const rsaVerify = (o: {
  readonly publicKey: KeyObject
  readonly message: Uint8Array
  readonly signature: Uint8Array
}): boolean =>
  verify(
    "sha256",
    o.message,
    { key: o.publicKey, padding: constants.RSA_PKCS1_PADDING },
    o.signature,
  )

export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array =>
  createHmac("sha256", key).update(message).digest()

/** Equal in constant time; different lengths are different. */
export const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)

/** A 32-byte key for another purpose (HKDF-SHA-256), so that no key serves two algorithms. */
export const deriveKey = (key: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", key, new Uint8Array(0), purpose, 32))

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
