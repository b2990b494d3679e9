import { type Certificate, isNamed } from "../certificates/Certificate.ts"
import { coversDomain } from "../transport/OutboundConnector.ts"
import type { ChainFacets } from "./evaluateCertificateChain.ts"

/**
 * What is wrong with a chain, in the words of a validity status; empty: nothing. The name is asked
 * for MTA-STS.
 */
export const chainProblem = (chain: ChainFacets, asksName: boolean): string => {
  if (chain.certificates === 0) return "NoCertificate"
  if (chain.brokenAt !== -1 || !chain.isTrusted) return "UntrustedRoot"
  if (chain.hasWeakSignature) return "WeakSignature"
  if (chain.isExpired) return "Expired"
  if (chain.isNotYetValid) return "NotYetValid"
  if (chain.isRevoked) return "Revoked"
  return asksName && !chain.isNameRight ? "SubjectMismatch" : ""
}

/** A name in the certificate that the connector's domain covers: itself, or below a leading star. */
export const isNamedAs = (leaf: Certificate | undefined, wanted: string): boolean => {
  if (leaf === undefined || wanted === "") return false
  if (!wanted.startsWith("*.")) return isNamed(leaf, wanted)
  const names = (leaf.x509.subjectAltName ?? "").split(", ").map((it) => it.replace(/^DNS:/, ""))
  return names.some((it) => coversDomain(wanted, it.replace(/^\*\./, "")))
}
