import { constants, type KeyObject, privateEncrypt, sign, verify } from "node:crypto"
import { sha256 } from "./Digest.ts"
import { maskFrom, xor } from "./maskGeneration.ts"
import { join } from "./Opened.ts"

/** RS256: RSASSA-PKCS1-v1_5 with SHA-256, deterministic (CRY-212). */
export const rsaSign = (privateKey: KeyObject, message: Uint8Array): Uint8Array =>
  sign("sha256", message, { key: privateKey, padding: constants.RSA_PKCS1_PADDING })

/** A signature with what it is to be checked against. */
interface Claim {
  readonly publicKey: KeyObject
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

export const rsaVerify = ({ publicKey, message, signature }: Claim): boolean =>
  verify("sha256", message, { key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature)

/** Bytes of the salt of PS256 (CRY-212). */
export const pssSaltBytes = 32

/**
 * PS256: RSASSA-PSS with SHA-256, MGF1-SHA-256 and 32 bytes of salt (CRY-212). The salt is given:
 * OpenSSL would draw it from the system.
 */
export const pssSign = (o: {
  readonly privateKey: KeyObject
  readonly message: Uint8Array
  readonly salt: Uint8Array
}): Uint8Array => {
  const bits = o.privateKey.asymmetricKeyDetails?.modulusLength ?? 0
  const encoded = encodePss(o.message, o.salt, bits - 1)
  // "Encrypting" with the private key and without padding is RSA's signature primitive.
  return privateEncrypt({ key: o.privateKey, padding: constants.RSA_NO_PADDING }, encoded)
}

/** EMSA-PSS encoding, RFC 8017 section 9.1.1; for moduli of whole bytes. */
const encodePss = (message: Uint8Array, salt: Uint8Array, bits: number): Uint8Array => {
  const size = Math.ceil(bits / 8)
  const hash = sha256(join(new Uint8Array(8), sha256(message), salt))
  const padding = size - salt.length - hash.length - 2
  if (padding < 0) throw new Error("the RSA key is too short for this signature")
  const block = join(new Uint8Array(padding), Uint8Array.of(1), salt)
  const masked = xor(block, maskFrom("sha256", hash, block.length))
  masked[0] = (masked[0] ?? 0) & (0xff >> (8 * size - bits))
  return join(masked, hash, Uint8Array.of(0xbc))
}

export const pssVerify = ({ publicKey, message, signature }: Claim): boolean =>
  verify(
    "sha256",
    message,
    { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pssSaltBytes },
    signature,
  )
