import { type Decision, decideByGates, deny, gate, isoOf, pass } from "@twin/kernel"
import { Result } from "effect"
import {
  type Certificate,
  certificateFrom,
  hasSigned,
  isNamed,
} from "../certificates/Certificate.ts"
import type { CertificateUnusable } from "../certificates/CertificateUnusable.ts"

/** What a verifier knows when a chain is presented. */
export interface ChainRequest {
  /** End entity first; PEM or DER. The root may be left out. */
  readonly chain: readonly (Uint8Array | string)[]
  readonly trustedRoots: readonly (Uint8Array | string)[]
  /** Epoch milliseconds. */
  readonly now: number
  /** The name that has to stand in the certificate; not asked unless given. */
  readonly host?: string | undefined
  /** Serial numbers (hexadecimal) that are revoked. */
  readonly revoked?: readonly string[]
}

/** How a chain stands: facets for the gates here and for those of mail transport. */
export interface ChainFacets {
  readonly certificates: number
  /** The first certificate that its neighbour did not sign or may not have signed; -1: none. */
  readonly brokenAt: number
  readonly isTrusted: boolean
  readonly root: string
  readonly hasWeakSignature: boolean
  readonly isExpired: boolean
  readonly isNotYetValid: boolean
  readonly notAfter: string
  readonly hasHost: boolean
  readonly isNameRight: boolean
  readonly host: string
  readonly isRevoked: boolean
}

const signatures = gate<ChainFacets>()({
  name: "certificate-signatures",
  facts: ["CRY-180", "CRY-191"],
  reads: ["brokenAt", "certificates"],
  check: ({ brokenAt, certificates }) =>
    brokenAt === -1
      ? pass("Each certificate is signed by the next one.", { certificates })
      : deny("A certificate is not signed by the authority that it names.", { brokenAt }),
})

const hash = gate<ChainFacets>()({
  name: "signature-hash",
  facts: ["CRY-180"],
  reads: ["hasWeakSignature"],
  check: ({ hasWeakSignature }) =>
    hasWeakSignature
      ? deny("The chain rests on a signature with SHA-1, which is refused since June 2016.")
      : pass("No signature of the chain rests on SHA-1; the root's own does not count."),
})

const trust = gate<ChainFacets>()({
  name: "certificate-trust",
  facts: ["CRY-192", "CRY-196"],
  reads: ["isTrusted", "root"],
  check: ({ isTrusted, root }) =>
    isTrusted
      ? pass("The chain ends at a root that is trusted.", { root })
      : deny("The chain ends at no root that is trusted.", { root }, untrustedRoot),
})

/** CRY-192. */
export const untrustedRoot = {
  code: "UntrustedRoot",
  message: "The root of the certificate chain is not a trusted root authority.",
} as const

const expiry = gate<ChainFacets>()({
  name: "certificate-expiry",
  facts: ["CRY-190", "CRY-204"],
  reads: ["isExpired", "isNotYetValid", "notAfter"],
  check: ({ isExpired, isNotYetValid, notAfter }) => {
    if (isExpired) return deny("A certificate of the chain has expired.", { notAfter })
    return isNotYetValid
      ? deny("A certificate of the chain is not valid yet.", { notAfter })
      : pass("Every certificate of the chain is within its time.", { notAfter })
  },
})

const name = gate<ChainFacets>()({
  name: "certificate-name",
  facts: ["CRY-186", "CRY-201"],
  reads: ["hasHost", "isNameRight", "host"],
  check: ({ hasHost, isNameRight, host }) => {
    if (!hasHost) return pass("Nobody asks whose certificate it is.")
    return isNameRight
      ? pass("The certificate is made out to this name.", { host })
      : deny("The certificate is made out to another name.", { host })
  },
})

const revocation = gate<ChainFacets>()({
  name: "certificate-revocation",
  facts: ["CRY-195", "CRY-201"],
  reads: ["isRevoked"],
  check: ({ isRevoked }) =>
    isRevoked
      ? deny("The authority has revoked a certificate of the chain.")
      : pass("No certificate of the chain is revoked."),
})

/** Whether a presented chain is good at this moment, for this name (CRY-180, CRY-192, CRY-201). */
export const evaluateCertificateChain = (
  request: ChainRequest,
): Result.Result<Decision, CertificateUnusable> =>
  Result.map(chainFacets(request), (facets) =>
    decideByGates([signatures, hash, trust, expiry, name, revocation], facets),
  )

const readAll = (
  given: readonly (Uint8Array | string)[],
): Result.Result<readonly Certificate[], CertificateUnusable> =>
  Result.gen(function* () {
    const read: Certificate[] = []
    for (const it of given) read.push(yield* certificateFrom(it))
    return read
  })

/** Reads the chain and looks at every side of it; a chain of nothing is broken and not trusted. */
export const chainFacets = (
  request: ChainRequest,
): Result.Result<ChainFacets, CertificateUnusable> =>
  Result.gen(function* () {
    const given = yield* readAll(request.chain)
    const roots = yield* readAll(request.trustedRoots)
    const chain = completed(given, roots)
    const last = chain.at(-1)
    const [leaf] = chain
    const weak = chain.filter((it) => it.hasWeakSignature && !isOwnSignature(it))
    const notAfter = Math.min(...chain.map((it) => it.notAfter))
    const revoked = new Set((request.revoked ?? []).map((it) => it.toLowerCase()))
    return {
      certificates: chain.length,
      brokenAt:
        chain.length === 0 ? 0 : chain.findIndex((it, index) => !isSignedByNext(chain, it, index)),
      isTrusted: last !== undefined && roots.some((it) => isSame(it, last)),
      root: last?.x509.subject?.replaceAll("\n", ", ") ?? "",
      hasWeakSignature: weak.length > 0,
      isExpired: chain.some((it) => it.notAfter < request.now),
      isNotYetValid: chain.some((it) => it.notBefore > request.now),
      notAfter: chain.length === 0 ? "" : isoOf(notAfter),
      hasHost: request.host !== undefined,
      isNameRight: leaf !== undefined && request.host !== undefined && isNamed(leaf, request.host),
      host: request.host ?? "",
      isRevoked: chain.some((it) => revoked.has(it.x509.serialNumber.toLowerCase())),
    }
  })

const isOwnSignature = (it: Certificate): boolean => it.isSelfIssued && hasSigned(it, it)

const isSame = (a: Certificate, b: Certificate): boolean => Buffer.compare(a.der, b.der) === 0

/** The trusted root that signed the last one is added where the sender left it out. */
const completed = (
  given: readonly Certificate[],
  roots: readonly Certificate[],
): readonly Certificate[] => {
  const last = given.at(-1)
  if (last === undefined || last.isSelfIssued) return given
  const root = roots.find((it) => hasSigned(it, last))
  return root === undefined ? given : [...given, root]
}

/** The last one counts as it is: whether it is an anchor is the business of trust. */
const isSignedByNext = (chain: readonly Certificate[], it: Certificate, index: number): boolean => {
  const issuer = chain[index + 1]
  if (issuer === undefined) return !it.isSelfIssued || hasSigned(it, it)
  return issuer.x509.ca && hasSigned(issuer, it)
}
