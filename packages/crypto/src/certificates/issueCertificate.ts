import { createHash, type KeyObject, sign } from "node:crypto"
import { DateTime, Effect } from "effect"
import { SecureRandom } from "effect/crypto"

/** Hash below a signature. SHA-1 is here because the rules have to be able to refuse it (CRY-180). */
export type SignatureHash = "sha1" | "sha256" | "sha384" | "sha512"

/** What a certificate is to say. */
export interface CertificateWish {
  readonly commonName: string
  /** Names of hosts, for servers. */
  readonly hosts?: readonly string[]
  /** Mail addresses, for people. */
  readonly addresses?: readonly string[]
  /** The public key. */
  readonly subject: KeyObject
  /** Signed by itself unless given. */
  readonly issuer?: { readonly certificate: Uint8Array; readonly key: KeyObject }
  /** The private key of a certificate that signs itself. */
  readonly selfKey?: KeyObject
  readonly isAuthority?: boolean
  /** Epoch milliseconds, cut to seconds. */
  readonly notBefore: number
  readonly notAfter: number
  readonly hash?: SignatureHash
}

const signatureIds: Record<SignatureHash, string> = {
  sha1: "1.2.840.113549.1.1.5",
  sha256: "1.2.840.113549.1.1.11",
  sha384: "1.2.840.113549.1.1.12",
  sha512: "1.2.840.113549.1.1.13",
}

/**
 * A real X.509 certificate (DER), signed with RSA. Its serial comes from the random bytes in force, so
 * that a seed makes the same certificate again. A wish without a key to sign with is a defect.
 */
export const issueCertificate = Effect.fn("issueCertificate")(function* (
  wish: CertificateWish,
): Effect.fn.Return<Uint8Array, never, SecureRandom.SecureRandom> {
  const random = yield* SecureRandom.SecureRandom
  const serial = Uint8Array.from(yield* random.randomBytes(16))
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  const libraries = yield* Effect.promise(() => Promise.all([import("pkijs"), import("asn1js")]))
  return buildCertificate(libraries, wish, serial)
})

type Libraries = readonly [typeof import("pkijs"), typeof import("asn1js")]

const buildCertificate = (
  [pkijs, asn1]: Libraries,
  wish: CertificateWish,
  serial: Uint8Array,
): Uint8Array => {
  const key = wish.issuer?.key ?? wish.selfKey
  if (key === undefined) throw new Error("a certificate needs a key that signs it")
  const named = (commonName: string) =>
    new pkijs.RelativeDistinguishedNames({
      typesAndValues: [
        new pkijs.AttributeTypeAndValue({
          type: "2.5.4.3",
          value: new asn1.Utf8String({ value: commonName }),
        }),
      ],
    })
  const certificate = new pkijs.Certificate()
  certificate.version = 2
  certificate.serialNumber = new asn1.Integer({ valueHex: bufferOf(serial) })
  certificate.subject = named(wish.commonName)
  certificate.issuer =
    wish.issuer === undefined
      ? named(wish.commonName)
      : pkijs.Certificate.fromBER(bufferOf(wish.issuer.certificate)).subject
  certificate.notBefore.value = dateOf(wish.notBefore)
  certificate.notAfter.value = dateOf(wish.notAfter)
  const spki = wish.subject.export({ type: "spki", format: "der" })
  certificate.subjectPublicKeyInfo = pkijs.PublicKeyInfo.fromBER(bufferOf(spki))
  certificate.extensions = extensionsOf([pkijs, asn1], wish, spki)
  const algorithm = new pkijs.AlgorithmIdentifier({
    algorithmId: signatureIds[wish.hash ?? "sha256"],
    algorithmParams: new asn1.Null(),
  })
  certificate.signature = algorithm
  certificate.signatureAlgorithm = algorithm
  const toSign = new Uint8Array(certificate.encodeTBS().toBER())
  const signature = sign(wish.hash ?? "sha256", toSign, key)
  certificate.tbsView = toSign
  certificate.signatureValue = new asn1.BitString({ valueHex: bufferOf(signature) })
  return new Uint8Array(certificate.toSchema(true).toBER())
}

const extensionsOf = ([pkijs, asn1]: Libraries, wish: CertificateWish, spki: Uint8Array) => {
  const isAuthority = wish.isAuthority ?? false
  const constraints = new pkijs.BasicConstraints({ cA: isAuthority })
  const usageBits = isAuthority ? 0x06 : 0xe0
  const usage = new asn1.BitString({
    valueHex: bufferOf(Uint8Array.of(usageBits)),
    unusedBits: isAuthority ? 1 : 5,
  })
  const keyId = createHash("sha1").update(spki).digest()
  const alternative = [
    ...(wish.hosts ?? []).map((value) => new pkijs.GeneralName({ type: 2, value })),
    ...(wish.addresses ?? []).map((value) => new pkijs.GeneralName({ type: 1, value })),
  ]
  const extension = (extnID: string, critical: boolean, value: ArrayBuffer) =>
    new pkijs.Extension({ extnID, critical, extnValue: value })
  return [
    extension("2.5.29.19", true, constraints.toSchema().toBER()),
    extension("2.5.29.15", true, usage.toBER()),
    extension("2.5.29.14", false, new asn1.OctetString({ valueHex: bufferOf(keyId) }).toBER()),
    ...(alternative.length === 0
      ? []
      : [
          extension(
            "2.5.29.17",
            false,
            new pkijs.GeneralNames({ names: alternative }).toSchema().toBER(),
          ),
        ]),
  ]
}

/** A buffer of its own, without what stands around the bytes. */
export const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer

/** Certificates know whole seconds only. */
const dateOf = (epochMillis: number) =>
  DateTime.toDateUtc(DateTime.makeUnsafe(Math.floor(epochMillis / 1000) * 1000))
