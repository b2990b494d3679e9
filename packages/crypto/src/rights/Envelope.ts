import { canonicalJson } from "@twin/kernel"
import { Option, Schema } from "effect"

/**
 * How the content is encrypted: AES-256-CBC today, AES-128-ECB in Office documents and mail before
 * October 2023 (CRY-133).
 */
export const ContentCipher = Schema.Literals(["AES-256-CBC", "AES-128-ECB"])
export type ContentCipher = typeof ContentCipher.Type

/** The readable part of a publishing licence: names and wrapped keys, nothing of the policy itself. */
export const PublishingLicence = Schema.Struct({
  contentId: Schema.NonEmptyString,
  tenantKeyId: Schema.NonEmptyString,
  contentCipher: ContentCipher,
  /** Base64; RSA-OAEP-256 under the tenant key (CRY-132). */
  wrappedContentKey: Schema.NonEmptyString,
  wrappedPolicyKey: Schema.NonEmptyString,
  /**
   * Double key: what the tenant key wraps is then no content key but the key of this inner box, and
   * in the box lies the content key under the customer's second key (CRY-145, CRY-146).
   */
  doubleKey: Schema.optionalKey(
    Schema.Struct({
      /** Address of the version of the second key, as its service named it (CRY-150). */
      kid: Schema.NonEmptyString,
      /** Base64; AES-256-GCM, nonce first, around the RSA-OAEP-256 wrap under the second key. */
      box: Schema.NonEmptyString,
    }),
  ),
  /** Base64; AES-256-GCM under the policy key: nonce, ciphertext, tag. */
  policy: Schema.NonEmptyString,
})
export type PublishingLicence = typeof PublishingLicence.Type

/** Protected content in its parts, as they lie one after the other in the bytes. */
export interface Envelope {
  readonly licence: PublishingLicence
  /** The exact bytes that the tenant key signed. */
  readonly licenceBytes: Uint8Array
  readonly signature: Uint8Array
  /** Authenticates nonce and ciphertext, for this licence, under the content key. */
  readonly contentMac: Uint8Array
  /** The nonce, where the cipher has one, and the ciphertext. */
  readonly content: Uint8Array
}

const magic = Buffer.from("TWINRMS1")
const signatureBytes = 256
const macBytes = 32
const headBytes = magic.length + 4
const Licence = Schema.fromJsonString(PublishingLicence)
const decode = Schema.decodeUnknownOption(Licence, { onExcessProperty: "error" })

export const licenceBytesOf = (licence: PublishingLicence): Uint8Array =>
  Buffer.from(canonicalJson(licence))

/** magic, length of the licence, licence, signature, code, content. */
export const encodeEnvelope = (o: Omit<Envelope, "licence">): Uint8Array => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(o.licenceBytes.length)
  return new Uint8Array(
    Buffer.concat([magic, length, o.licenceBytes, o.signature, o.contentMac, o.content]),
  )
}

/** Takes the bytes apart; nothing of it is believed before the signature is checked. */
export const decodeEnvelope = (bytes: Uint8Array): Option.Option<Envelope> => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isEnvelope(bytes)) return Option.none()
  const licenceEnd = headBytes + buffer.readUInt32BE(magic.length)
  const signatureEnd = licenceEnd + signatureBytes
  const contentStart = signatureEnd + macBytes
  if (contentStart > buffer.length) return Option.none()
  const licenceBytes = buffer.subarray(headBytes, licenceEnd)
  return Option.map(decode(licenceBytes.toString("utf8")), (licence) => ({
    licence,
    licenceBytes,
    signature: buffer.subarray(licenceEnd, signatureEnd),
    contentMac: buffer.subarray(signatureEnd, contentStart),
    content: buffer.subarray(contentStart),
  }))
}

/** Whether the bytes claim to be protected content. A claim only: the signature proves it. */
export const isEnvelope = (bytes: Uint8Array): boolean =>
  bytes.length >= headBytes && Buffer.from(bytes.subarray(0, magic.length)).equals(magic)
