import { deny, type GateRules, gate, pass } from "@twin/kernel"
import { smtpTlsRefusal } from "../transport/SmtpEndpoint.ts"
import { untrustedRoot } from "./evaluateCertificateChain.ts"

/** One handshake, flat: what both offer, what they agree on, and how the client sees the certificate. */
export interface TlsConnectionFacets {
  readonly service: string
  readonly cloud: string
  readonly isSmtp: boolean
  readonly isLegacyEndpoint: boolean
  /** Empty: no table says that the client is unable. */
  readonly unableProduct: string
  /** What they have nothing in common of: version, suite, group, or empty. */
  readonly failed: string
  readonly offered: string
  readonly accepted: string
  readonly version: string
  readonly suite: string
  readonly group: string
  readonly hasForwardSecrecy: boolean
  /** Empty: the client relies on its own trust store. */
  readonly chainList: string
  readonly servedList: string
  readonly root: string
  readonly hasCurrentTrustStore: boolean
  readonly isIntercepted: boolean
  readonly isInterceptorTrusted: boolean
  readonly isRootInForce: boolean
  readonly isSignatureKnown: boolean
  readonly signature: string
  readonly hasPins: boolean
  readonly isPinMatched: boolean
  readonly chain: string
  readonly revocation: string
  readonly isRevocationReachable: boolean
}

const version = gate<TlsConnectionFacets>()({
  name: "tls-version",
  facts: [
    "CRY-174",
    "CRY-175",
    "CRY-177",
    "CRY-182",
    "CRY-183",
    "CRY-184",
    "CRY-185",
    "EXO-201",
    "EXO-202",
    "SPO-298",
  ],
  reads: ["failed", "offered", "accepted", "isSmtp", "isLegacyEndpoint", "unableProduct", "cloud"],
  check: ({ failed, offered, accepted, isSmtp, isLegacyEndpoint, unableProduct, cloud }) => {
    if (failed !== "version") {
      return pass("Client and service have a protocol version in common.", { offered, accepted })
    }
    const details = {
      offered,
      accepted,
      cloud,
      ...(unableProduct === "" ? {} : { client: unableProduct }),
    }
    if (isSmtp) {
      return deny(
        isLegacyEndpoint
          ? "The endpoint for older clients is not open to this tenant, so it asks for TLS 1.2 as well."
          : "The endpoint takes mail over TLS 1.2 only, whatever the tenant allows elsewhere.",
        details,
        smtpTlsRefusal,
      )
    }
    return deny(
      "The service refuses every protocol version that the client can speak.",
      details,
      alert("protocol_version", 70),
    )
  },
})

const suite = gate<TlsConnectionFacets>()({
  name: "cipher-suite",
  facts: ["CRY-176", "CRY-178", "CRY-179", "CRY-181"],
  reads: ["failed", "suite", "hasForwardSecrecy"],
  check: ({ failed, suite: chosen, hasForwardSecrecy }) =>
    failed === "suite"
      ? deny(
          "The client offers none of the cipher suites that the service accepts.",
          {},
          alert("handshake_failure", 40),
        )
      : pass("The first suite of the service that the client offers as well is taken.", {
          suite: chosen,
          hasForwardSecrecy,
        }),
})

const group = gate<TlsConnectionFacets>()({
  name: "key-exchange-group",
  facts: ["CRY-181", "CRY-196"],
  reads: ["failed", "group"],
  check: ({ failed, group: chosen }) =>
    failed === "group"
      ? deny(
          "The client supports none of the curves over which keys are agreed.",
          {},
          alert("handshake_failure", 40),
        )
      : pass("The keys are agreed in a way that both support.", { group: chosen }),
})

/** The alert with which a handshake ends. */
const alert = (name: string, code: number) => ({
  code: name,
  message: `The TLS handshake was ended with the alert ${name} (${code}).`,
})

/** What both parties have to have in common. */
export const handshakeGates: GateRules<TlsConnectionFacets> = [version, suite, group]

const signature = gate<TlsConnectionFacets>()({
  name: "signature-algorithm",
  facts: ["CRY-196"],
  reads: ["isSignatureKnown", "signature"],
  check: ({ isSignatureKnown, signature: algorithm }) =>
    isSignatureKnown
      ? pass("The client can verify how the certificate is signed.", { algorithm })
      : deny("The client cannot verify how the certificate is signed.", { algorithm }),
})

const chainList = gate<TlsConnectionFacets>()({
  name: "chain-list",
  facts: ["CRY-197"],
  reads: ["chainList", "servedList"],
  check: ({ chainList: configured, servedList }) =>
    configured === "" || configured === servedList
      ? pass("The client relies on no other cloud's list of authorities.", { servedList })
      : deny(
          "The client was given the list of authorities of another cloud.",
          { configured, servedList },
          untrustedRoot,
        ),
})

const root = gate<TlsConnectionFacets>()({
  name: "certificate-trust",
  facts: ["CRY-187", "CRY-190", "CRY-196"],
  reads: ["hasCurrentTrustStore", "isIntercepted", "isInterceptorTrusted", "isRootInForce", "root"],
  check: ({
    hasCurrentTrustStore,
    isIntercepted,
    isInterceptorTrusted,
    isRootInForce,
    root: at,
  }) => {
    if (isIntercepted) {
      return isInterceptorTrusted
        ? pass("The client trusts whoever answers in place of the service.", { root: at })
        : deny(
            "Somebody answers whose root the client does not trust.",
            { root: at },
            untrustedRoot,
          )
    }
    if (!hasCurrentTrustStore) {
      return deny(
        "The trust store of the client is older than the roots of the service.",
        { root: at },
        untrustedRoot,
      )
    }
    return isRootInForce
      ? pass("The chain ends at a root that clients trust.", { root: at })
      : deny("The root at which the chain ends has expired.", { root: at })
  },
})

/** What the client's own trust says. */
export const trustGates: GateRules<TlsConnectionFacets> = [signature, chainList, root]

const pin = gate<TlsConnectionFacets>()({
  name: "certificate-pin",
  facts: ["CRY-191", "CRY-192", "CRY-193", "CRY-194"],
  reads: ["hasPins", "isPinMatched", "chain"],
  check: ({ hasPins, isPinMatched, chain }) => {
    if (!hasPins) return pass("The client insists on no particular certificate.")
    return isPinMatched
      ? pass("The chain holds a certificate that the client insists on.", { chain })
      : deny(
          "The chain is good for everybody else, but the client insists on a certificate that is not in it.",
          { chain },
          untrustedRoot,
        )
  },
})

const revocation = gate<TlsConnectionFacets>()({
  name: "revocation-check",
  facts: ["CRY-195"],
  reads: ["revocation", "isRevocationReachable"],
  check: ({ revocation: mode, isRevocationReachable }) => {
    if (mode === "none") return pass("The client does not ask whether the certificate is revoked.")
    if (isRevocationReachable) {
      return pass("The authority can be asked whether the certificate is revoked.", { mode })
    }
    return mode === "soft"
      ? pass("The authority cannot be asked, and the client goes on without an answer.", { mode })
      : deny("The authority cannot be asked, and the client insists on an answer.", { mode })
  },
})

/** What the client insists on beyond trust. */
export const verificationGates: GateRules<TlsConnectionFacets> = [pin, revocation]
