import { constants, type KeyObject, privateDecrypt, publicEncrypt } from "node:crypto"
import { digest, type Hash } from "./Digest.ts"
import { maskFrom, xor } from "./maskGeneration.ts"
import { attempt, join, nothing, type Opened } from "./Opened.ts"

/** Hash of the label and of the mask: RSA-OAEP is SHA-1, RSA-OAEP-256 is SHA-256 (CRY-209, CRY-211). */
export type OaepHash = "sha1" | "sha256"

const nameOf = (hash: OaepHash) => (hash === "sha1" ? "RSA-OAEP" : "RSA-OAEP-256")

/** Bytes of the seed that `rsaWrap` wants: the length of the hash. */
export const oaepSeedBytes = 32
const hashBytes = { sha1: 20, sha256: 32 } as const

/**
 * RSA-OAEP, with SHA-256 unless another hash is named. OpenSSL would draw the padding's seed from the
 * system; here it is given, so that the same run wraps to the same bytes.
 */
export const rsaWrap = (o: {
  readonly publicKey: KeyObject
  readonly key: Uint8Array
  /** As many bytes as the hash has. */
  readonly seed: Uint8Array
  readonly hash?: OaepHash
  readonly label?: Uint8Array
}): Uint8Array => {
  const size = (o.publicKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8
  const encoded = encodeOaep({ ...o, hash: o.hash ?? "sha256", size })
  return publicEncrypt({ key: o.publicKey, padding: constants.RSA_NO_PADDING }, encoded)
}

/** EME-OAEP encoding, RFC 8017 section 7.1.1. */
const encodeOaep = (o: {
  readonly key: Uint8Array
  readonly seed: Uint8Array
  readonly hash: OaepHash & Hash
  readonly label?: Uint8Array
  readonly size: number
}): Uint8Array => {
  const room = o.size - 2 * hashBytes[o.hash] - 2
  if (o.seed.length !== hashBytes[o.hash] || o.key.length > room) {
    throw new Error(`${nameOf(o.hash)} does not take a message or seed of this length`)
  }
  const padding = new Uint8Array(room - o.key.length)
  const block = join(digest(o.hash, o.label ?? nothing), padding, Uint8Array.of(1), o.key)
  const maskedBlock = xor(block, maskFrom(o.hash, o.seed, block.length))
  const maskedSeed = xor(o.seed, maskFrom(o.hash, maskedBlock, o.seed.length))
  return join(Uint8Array.of(0), maskedSeed, maskedBlock)
}

export const rsaUnwrap = (
  privateKey: KeyObject,
  wrapped: Uint8Array,
  label?: Uint8Array,
  hash: OaepHash = "sha256",
): Opened =>
  attempt(nameOf(hash), () =>
    privateDecrypt(
      {
        key: privateKey,
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        // Node takes the same hash for the mask (CRY-211).
        oaepHash: hash,
        ...(label === undefined ? {} : { oaepLabel: label }),
      },
      wrapped,
    ),
  )
