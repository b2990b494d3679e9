import { createHash, X509Certificate } from "node:crypto"
import { Result } from "effect"
import { CertificateUnusable } from "./CertificateUnusable.ts"
import type { ChainLevel, PinnedCertificate } from "./Pin.ts"

/** Bytes above this are refused before anybody parses them. */
export const certificateLimitBytes = 65_536

/** An X.509 certificate as it was parsed, and what the rules ask about it. */
export interface Certificate {
  readonly x509: X509Certificate
  readonly der: Uint8Array
  /** Epoch milliseconds. */
  readonly notBefore: number
  readonly notAfter: number
  readonly isSelfIssued: boolean
  /** Whether SHA-1 or MD5 stands below its signature (CRY-180). */
  readonly hasWeakSignature: boolean
}

/** Reads one certificate, PEM or DER. Whatever else the bytes are: one typed error. */
export const certificateFrom = (
  given: Uint8Array | string,
): Result.Result<Certificate, CertificateUnusable> => {
  if (given.length > certificateLimitBytes) {
    return Result.fail(new CertificateUnusable({ reason: "too-large" }))
  }
  try {
    const x509 = new X509Certificate(given)
    // An unusable key shows only when it is asked for.
    void x509.publicKey
    const { validFromDate, validToDate } = x509
    return Result.succeed({
      x509,
      der: x509.raw,
      notBefore: validFromDate.getTime(),
      notAfter: validToDate.getTime(),
      isSelfIssued: x509.subject === x509.issuer,
      hasWeakSignature: /sha1|md5|md2/i.test(x509.signatureAlgorithm ?? ""),
    })
  } catch {
    return Result.fail(new CertificateUnusable({ reason: "not-a-certificate" }))
  }
}

export const commonNameOf = ({ x509 }: Certificate): string =>
  /^CN=(.*)$/m.exec(x509.subject ?? "")?.[1] ?? ""

/** SHA-256 of the public key with its algorithm: what a pin of a key compares. */
export const publicKeySha256 = ({ x509 }: Certificate): string =>
  createHash("sha256").update(spkiOf(x509)).digest("hex")

export const spkiOf = (x509: X509Certificate): Uint8Array =>
  x509.publicKey.export({ type: "spki", format: "der" })

/** Whether one really signed the other. */
export const hasSigned = (issuer: Certificate, certificate: Certificate): boolean => {
  try {
    return (
      certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.x509.publicKey)
    )
  } catch {
    return false
  }
}

/** Name in the certificate, alternative names first; a wildcard stands for one label. */
export const isNamed = ({ x509 }: Certificate, host: string): boolean =>
  x509.checkHost(host, { subject: "default", wildcards: true, partialWildcards: false }) !==
  undefined

/** A chain, the end entity first, as pins see it (CRY-191). */
export const pinnableCertificates = (chain: readonly Certificate[]): readonly PinnedCertificate[] =>
  chain.map((it, index) => {
    const level: ChainLevel =
      index === 0 ? "leaf" : index === chain.length - 1 && it.isSelfIssued ? "root" : "subordinate"
    return {
      level,
      commonName: commonNameOf(it),
      subject: it.x509.subject.replaceAll("\n", ", "),
      serial: it.x509.serialNumber,
      thumbprint: it.x509.fingerprint,
      thumbprint256: it.x509.fingerprint256,
      publicKey: publicKeySha256(it),
    }
  })
