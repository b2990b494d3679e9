import { constants, type KeyObject, privateDecrypt, publicEncrypt } from "node:crypto"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import type { Certificate } from "../certificates/Certificate.ts"
import { bufferOf } from "../certificates/issueCertificate.ts"
import {
  type CmsLibraries,
  cmsLibraries,
  isSameBytes,
  nameAndSerial,
  readCms,
} from "./cmsLibraries.ts"
import { contentCiphers, decipher, encipher } from "./contentCiphers.ts"
import type { SmimeCipher } from "./SmimeAlgorithm.ts"
import { SmimeUnusable } from "./SmimeUnusable.ts"

const dataOid = "1.2.840.113549.1.7.1"
const envelopedOid = "1.2.840.113549.1.7.3"
const rsaOid = "1.2.840.113549.1.1.1"

export interface Enveloping {
  readonly content: Uint8Array
  readonly recipients: readonly Certificate[]
  readonly cipher: SmimeCipher["name"]
  /** Name recipients by key identifier instead of issuer and serial (CRY-207). */
  readonly usesKeyIdentifier?: boolean
}

/**
 * Encrypts for every recipient: CMS EnvelopedData (PKCS #7), the content key in RSA as PKCS #1 1.5
 * (CRY-208). Key, vector and padding come from the random bytes in force. A cipher that this package
 * lacks is an error, and so is a certificate whose key is not RSA.
 */
export const envelopMessage = Effect.fn("envelopMessage")(function* (
  o: Enveloping,
): Effect.fn.Return<Uint8Array, SmimeUnusable, SecureRandom.SecureRandom> {
  const cipher = contentCiphers.find(({ name }) => name === o.cipher)
  if (cipher === undefined) return yield* new SmimeUnusable({ reason: "algorithm" })
  if (o.recipients.some(({ x509 }) => x509.publicKey.asymmetricKeyType !== "rsa")) {
    return yield* new SmimeUnusable({ reason: "algorithm" })
  }
  const random = yield* SecureRandom.SecureRandom
  const key = yield* random.randomBytes(cipher.keyBytes)
  const iv = yield* random.randomBytes(cipher.ivBytes)
  const wrapped: Uint8Array[] = []
  for (const { x509 } of o.recipients) {
    const filling = yield* random.randomBytes(modulusBytes(x509.publicKey))
    wrapped.push(wrapKey(x509.publicKey, key, filling))
  }
  const encrypted = encipher(cipher, key, iv, o.content)
  const libraries = yield* cmsLibraries
  return build(libraries, o, { oid: cipher.oid, iv, encrypted, wrapped })
})

const modulusBytes = (key: KeyObject): number =>
  Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 2048) / 8)

/** RFC 8017, 7.2.1, with padding from given bytes, so that a seed makes the same message again. */
const wrapKey = (publicKey: KeyObject, key: Uint8Array, filling: Uint8Array): Uint8Array => {
  const size = modulusBytes(publicKey)
  const padding = filling.subarray(0, size - key.length - 3).map((byte) => (byte === 0 ? 1 : byte))
  const block = Buffer.concat([Uint8Array.of(0, 2), padding, Uint8Array.of(0), key])
  return publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, block)
}

interface Parts {
  readonly oid: string
  readonly iv: Uint8Array
  readonly encrypted: Uint8Array
  readonly wrapped: readonly Uint8Array[]
}

const build = ([pkijs, asn1]: CmsLibraries, o: Enveloping, parts: Parts): Uint8Array => {
  const usesKeyId = o.usesKeyIdentifier === true
  const recipientInfos = o.recipients.map(({ der }, index) => {
    const encryptedKey = new asn1.OctetString({
      valueHex: bufferOf(parts.wrapped[index] ?? new Uint8Array()),
    })
    const keyId = usesKeyId ? keyIdentifierOf([pkijs, asn1], der) : undefined
    const rid =
      keyId === undefined
        ? nameAndSerial([pkijs, asn1], der)
        : new asn1.OctetString({
            idBlock: { tagClass: 3, tagNumber: 0 },
            valueHex: bufferOf(keyId),
          })
    return new pkijs.RecipientInfo({
      variant: 1,
      value: new pkijs.KeyTransRecipientInfo({
        version: keyId === undefined ? 0 : 2,
        rid,
        keyEncryptionAlgorithm: new pkijs.AlgorithmIdentifier({
          algorithmId: rsaOid,
          algorithmParams: new asn1.Null(),
        }),
        encryptedKey,
      }),
    })
  })
  const enveloped = new pkijs.EnvelopedData({
    version: usesKeyId ? 2 : 0,
    recipientInfos,
    encryptedContentInfo: new pkijs.EncryptedContentInfo({
      contentType: dataOid,
      contentEncryptionAlgorithm: new pkijs.AlgorithmIdentifier({
        algorithmId: parts.oid,
        algorithmParams: new asn1.OctetString({ valueHex: bufferOf(parts.iv) }),
      }),
      encryptedContent: new asn1.OctetString({ valueHex: bufferOf(parts.encrypted) }),
      disableSplit: true,
    }),
  })
  const info = new pkijs.ContentInfo({ contentType: envelopedOid, content: enveloped.toSchema() })
  return new Uint8Array(info.toSchema().toBER())
}

const keyIdentifierOf = ([pkijs]: CmsLibraries, der: Uint8Array): Uint8Array | undefined =>
  pkijs.Certificate.fromBER(bufferOf(der))
    .extensions?.find((it) => it.extnID === "2.5.29.14")
    // An octet string inside the value: tag and length come first.
    ?.extnValue.valueBlock.valueHexView.subarray(2)

export interface OpenedMessage {
  readonly content: Uint8Array
  readonly cipher: SmimeCipher["name"]
}

/**
 * Opens with the key that belongs to a certificate. Other people's messages are `not-a-recipient`,
 * changed ones `damaged` or other content: encryption alone does not say that nothing was changed.
 */
export const openMessage = (
  cms: Uint8Array,
  recipient: { readonly certificate: Certificate; readonly key: KeyObject },
): Effect.Effect<OpenedMessage, SmimeUnusable> =>
  Effect.flatMap(cmsLibraries, (libraries) =>
    Effect.fromResult(readCms(() => openWith(libraries, cms, recipient), cms)),
  )

const unusable = (reason: SmimeUnusable["reason"]): never => {
  throw new SmimeUnusable({ reason })
}

const openWith = (
  [pkijs, asn1]: CmsLibraries,
  cms: Uint8Array,
  { certificate, key }: { readonly certificate: Certificate; readonly key: KeyObject },
): OpenedMessage => {
  const info = pkijs.ContentInfo.fromBER(bufferOf(cms))
  if (info.contentType !== envelopedOid) unusable("other-content")
  const enveloped = new pkijs.EnvelopedData({ schema: info.content })
  const own = nameAndSerial([pkijs, asn1], certificate.der)
  const ownKeyId = keyIdentifierOf([pkijs, asn1], certificate.der)
  const mine = enveloped.recipientInfos.flatMap(({ value }) => {
    if (!(value instanceof pkijs.KeyTransRecipientInfo)) return []
    const { rid } = value
    if (rid instanceof pkijs.IssuerAndSerialNumber) {
      const isOwn = rid.serialNumber.isEqual(own.serialNumber) && rid.issuer.isEqual(own.issuer)
      return isOwn ? [value] : []
    }
    const named: unknown = rid?.valueBlock?.valueHexView
    const isOwn =
      ownKeyId !== undefined && named instanceof Uint8Array && isSameBytes(named, ownKeyId)
    return isOwn ? [value] : []
  })
  const [info1] = mine
  if (info1 === undefined) return unusable("not-a-recipient")
  if (info1.keyEncryptionAlgorithm.algorithmId !== rsaOid) return unusable("algorithm")
  const { contentEncryptionAlgorithm } = enveloped.encryptedContentInfo
  const cipher = contentCiphers.find(({ oid }) => oid === contentEncryptionAlgorithm.algorithmId)
  if (cipher === undefined) return unusable("algorithm")
  try {
    const contentKey = privateDecrypt(
      { key, padding: constants.RSA_PKCS1_PADDING },
      info1.encryptedKey.valueBlock.valueHexView,
    )
    const iv = new Uint8Array(contentEncryptionAlgorithm.algorithmParams.getValue())
    const bytes = new Uint8Array(enveloped.encryptedContentInfo.getEncryptedContent())
    return { content: decipher(cipher, contentKey, iv, bytes), cipher: cipher.name }
  } catch {
    return unusable("damaged")
  }
}
