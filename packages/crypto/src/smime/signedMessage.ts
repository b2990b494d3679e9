import { createHash, type KeyObject, sign, verify } from "node:crypto"
import { DateTime, Effect, Result } from "effect"
import { type Certificate, certificateFrom } from "../certificates/Certificate.ts"
import { bufferOf } from "../certificates/issueCertificate.ts"
import {
  type CmsLibraries,
  cmsLibraries,
  isSameBytes,
  nameAndSerial,
  readCms,
} from "./cmsLibraries.ts"
import type { SmimeHash } from "./SmimeAlgorithm.ts"
import { SmimeUnusable } from "./SmimeUnusable.ts"

const dataOid = "1.2.840.113549.1.7.1"
const signedDataOid = "1.2.840.113549.1.7.2"
const contentTypeOid = "1.2.840.113549.1.9.3"
const digestOid = "1.2.840.113549.1.9.4"
const timeOid = "1.2.840.113549.1.9.5"
const rsaOid = "1.2.840.113549.1.1.1"

/** Identifier of a hash in CMS, and its name in OpenSSL. */
const hashes: Record<SmimeHash["name"], { readonly oid: string; readonly algorithm: string }> = {
  MD5: { oid: "1.2.840.113549.2.5", algorithm: "md5" },
  SHA1: { oid: "1.3.14.3.2.26", algorithm: "sha1" },
  SHA256: { oid: "2.16.840.1.101.3.4.2.1", algorithm: "sha256" },
  SHA384: { oid: "2.16.840.1.101.3.4.2.2", algorithm: "sha384" },
  SHA512: { oid: "2.16.840.1.101.3.4.2.3", algorithm: "sha512" },
}

/** Signature algorithms that name the hash themselves. */
const rsaWithHash: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "md5",
  "1.2.840.113549.1.1.5": "sha1",
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
}

export interface Signing {
  readonly content: Uint8Array
  readonly certificate: Certificate
  readonly key: KeyObject
  readonly hash: SmimeHash["name"]
  /** Without the content: it stands in clear beside the signature. */
  readonly isDetached: boolean
  /** Epoch milliseconds. */
  readonly at: number
  /** Certificates to send along besides the signer's (CRY-207). */
  readonly along?: readonly Uint8Array[]
}

/** Signs: CMS SignedData (PKCS #7) with signed attributes (CRY-208). */
export const signMessage = (signing: Signing): Effect.Effect<Uint8Array> =>
  Effect.map(cmsLibraries, (libraries) => signWith(libraries, signing))

const signWith = ([pkijs, asn1]: CmsLibraries, signing: Signing): Uint8Array => {
  const { content, certificate, hash } = signing
  const { oid, algorithm } = hashes[hash]
  const digest = createHash(algorithm).update(content).digest()
  const attribute = (type: string, value: object) => new pkijs.Attribute({ type, values: [value] })
  const attributes = new pkijs.SignedAndUnsignedAttributes({
    type: 0,
    attributes: [
      attribute(contentTypeOid, new asn1.ObjectIdentifier({ value: dataOid })),
      attribute(
        timeOid,
        new asn1.UTCTime({ valueDate: DateTime.toDateUtc(DateTime.makeUnsafe(signing.at)) }),
      ),
      attribute(digestOid, new asn1.OctetString({ valueHex: bufferOf(digest) })),
    ],
  })
  const toSign = asSet(attributes.toSchema().toBER())
  const hashId = () =>
    new pkijs.AlgorithmIdentifier({ algorithmId: oid, algorithmParams: new asn1.Null() })
  const signer = new pkijs.SignerInfo({
    version: 1,
    sid: nameAndSerial([pkijs, asn1], certificate.der),
    digestAlgorithm: hashId(),
    signedAttrs: attributes,
    signatureAlgorithm: new pkijs.AlgorithmIdentifier({
      algorithmId: rsaOid,
      algorithmParams: new asn1.Null(),
    }),
    signature: new asn1.OctetString({ valueHex: bufferOf(sign(algorithm, toSign, signing.key)) }),
  })
  const signed = new pkijs.SignedData({
    version: 1,
    digestAlgorithms: [hashId()],
    encapContentInfo: new pkijs.EncapsulatedContentInfo({
      eContentType: dataOid,
      ...(signing.isDetached
        ? {}
        : { eContent: new asn1.OctetString({ valueHex: bufferOf(content) }) }),
    }),
    certificates: [certificate.der, ...(signing.along ?? [])].map((der) =>
      pkijs.Certificate.fromBER(bufferOf(der)),
    ),
    signerInfos: [signer],
  })
  const info = new pkijs.ContentInfo({ contentType: signedDataOid, content: signed.toSchema(true) })
  return new Uint8Array(info.toSchema().toBER())
}

/** Signed attributes are signed as a SET, and stand in the message under another tag (RFC 5652, 5.4). */
const asSet = (ber: ArrayBuffer): Uint8Array => {
  const bytes = new Uint8Array(ber.slice(0))
  bytes[0] = 0x31
  return bytes
}

export interface VerifiedMessage {
  readonly content: Uint8Array
  readonly signer: Certificate
  /** Other certificates that came along, in their order. */
  readonly along: readonly Certificate[]
  readonly hash: string
}

/**
 * Verifies every signature, each over the content that is there or given. Says nothing about whom the
 * signer's certificate is trusted by. Changed bytes, foreign bytes and no signer are each one error.
 */
export const verifyMessage = (
  cms: Uint8Array,
  detached?: Uint8Array,
): Effect.Effect<VerifiedMessage, SmimeUnusable> =>
  Effect.flatMap(cmsLibraries, (libraries) =>
    Effect.fromResult(readCms(() => verifyWith(libraries, cms, detached), cms)),
  )

const unusable = (reason: SmimeUnusable["reason"]): never => {
  throw new SmimeUnusable({ reason })
}

const verifyWith = (
  [pkijs]: CmsLibraries,
  cms: Uint8Array,
  detached: Uint8Array | undefined,
): VerifiedMessage => {
  const info = pkijs.ContentInfo.fromBER(bufferOf(cms))
  if (info.contentType !== signedDataOid) unusable("other-content")
  const signed = new pkijs.SignedData({ schema: info.content })
  const inside = signed.encapContentInfo.eContent?.getValue()
  const content = inside === undefined ? detached : new Uint8Array(inside)
  if (content === undefined) return unusable("other-content")
  const certificates = (signed.certificates ?? []).flatMap((it) => {
    const read = certificateFrom(new Uint8Array(it.toSchema().toBER()))
    return Result.isSuccess(read) ? [read.success] : []
  })
  let signer: Certificate | undefined
  let hash = ""
  for (const one of signed.signerInfos) {
    const found = certificates.find((it) => isSigner([pkijs], one, it))
    if (found === undefined) return unusable("no-signer")
    hash = verifyOne(one, found, content, signed.encapContentInfo.eContentType)
    signer = found
  }
  if (signer === undefined) return unusable("no-signer")
  const own = signer
  return { content, signer: own, along: certificates.filter((it) => it !== own), hash }
}

type SignerInfo = InstanceType<CmsLibraries[0]["SignerInfo"]>

const isSigner = (
  [pkijs]: readonly [CmsLibraries[0]],
  signer: SignerInfo,
  { der }: Certificate,
): boolean => {
  const { sid } = signer
  const certificate = pkijs.Certificate.fromBER(bufferOf(der))
  if (sid instanceof pkijs.IssuerAndSerialNumber) {
    return (
      sid.serialNumber.isEqual(certificate.serialNumber) && sid.issuer.isEqual(certificate.issuer)
    )
  }
  const key = certificate.extensions?.find((it) => it.extnID === "2.5.29.14")
  const keyId = key?.extnValue.valueBlock.valueHexView.subarray(2)
  const named: unknown = sid?.valueBlock?.valueHexView
  return keyId !== undefined && named instanceof Uint8Array && isSameBytes(keyId, named)
}

const verifyOne = (
  signer: SignerInfo,
  { x509 }: Certificate,
  content: Uint8Array,
  contentType: string,
): string => {
  const hash = Object.values(hashes).find(({ oid }) => oid === signer.digestAlgorithm.algorithmId)
  if (hash === undefined) return unusable("algorithm")
  const { algorithmId } = signer.signatureAlgorithm
  const named = algorithmId === rsaOid ? hash.algorithm : rsaWithHash[algorithmId]
  if (named !== hash.algorithm) return unusable("algorithm")
  const digest = createHash(hash.algorithm).update(content).digest()
  const signature = signer.signature.valueBlock.valueHexView
  const { signedAttrs } = signer
  if (signedAttrs === undefined) {
    return verify(hash.algorithm, content, x509.publicKey, signature)
      ? hash.algorithm
      : unusable("signature")
  }
  const values = (type: string) =>
    signedAttrs.attributes.filter((it) => it.type === type).flatMap((it) => it.values)
  const digests = values(digestOid)
  const types = values(contentTypeOid)
  const given: unknown = digests[0]?.valueBlock?.valueHexView
  const isDigestRight = given instanceof Uint8Array && isSameBytes(given, digest)
  const isTypeRight = types.length === 1 && String(types[0]?.valueBlock?.toString()) === contentType
  if (digests.length !== 1 || !isDigestRight || !isTypeRight) return unusable("damaged")
  const set = asSet(bufferOf(new Uint8Array(signedAttrs.encodedValue)))
  return verify(hash.algorithm, set, x509.publicKey, signature)
    ? hash.algorithm
    : unusable("signature")
}
