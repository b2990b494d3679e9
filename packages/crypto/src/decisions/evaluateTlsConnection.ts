import { type Decision, decideByGates, type GateRules, unknown } from "@twin/kernel"
import { type ChainList, isListed } from "../certificates/CertificateAuthority.ts"
import { matchesPin, type Pin } from "../certificates/Pin.ts"
import { type RevocationMode, revocationHostsOf } from "../certificates/revocationHosts.ts"
import {
  type ChainVariant,
  chainListOf,
  pinnable,
  type ServedChain,
  servedChains,
} from "../certificates/ServedChain.ts"
import { type ClientHello, type NegotiatedTls, negotiateTls } from "../transport/negotiateTls.ts"
import { type PolicyQuestion, type TlsPolicy, tlsPolicyOf } from "../transport/TlsPolicy.ts"
import { sortedVersions } from "../transport/TlsVersion.ts"
import {
  handshakeGates,
  type TlsConnectionFacets,
  trustGates,
  verificationGates,
} from "./tlsConnectionGates.ts"

/** What a client trusts and insists on, beyond what it can speak. */
export interface ClientTrust {
  /** The published list of authorities that it was configured with; without one its own store counts. */
  readonly chainList?: ChainList | undefined
  /** Whether its own store is as new as CRY-196 asks. */
  readonly hasCurrentTrustStore?: boolean | undefined
  /** Signature algorithms that it can verify; all unless given. */
  readonly signatures?: readonly string[] | undefined
  readonly pins?: readonly Pin[] | undefined
  readonly revocation?: RevocationMode | undefined
  /** Hosts that a firewall keeps from it. */
  readonly blockedHosts?: readonly string[] | undefined
}

export interface TlsConnectionRequest extends PolicyQuestion {
  /** The name of the product, where a table says that it is unable (CRY-182). */
  readonly unableProduct?: string | undefined
  readonly hello: ClientHello
  readonly trust: ClientTrust
  readonly chainVariant?: ChainVariant | undefined
  /** What stands between client and service and presents a certificate of its own. */
  readonly interceptor?: { readonly isTrusted: boolean; readonly name: string } | undefined
}

export interface TlsConnection {
  readonly decision: Decision
  readonly policy: TlsPolicy
  /** Undefined where the handshake does not come to an agreement. */
  readonly agreed: NegotiatedTls | undefined
  readonly chain: ServedChain
}

/**
 * A client connects to a service (CRY-174 to CRY-197): version, suite and curve first, then what the
 * client thinks of the certificate. While a service moves between two roots, and the client accepts
 * only one of them, the answer is unknown.
 */
export const evaluateTlsConnection = (request: TlsConnectionRequest): TlsConnection => {
  const policy = tlsPolicyOf(request)
  const negotiation = negotiateTls(request.hello, policy)
  const [first, ...others] = servedChains({ ...request, variant: request.chainVariant })
  const decide = (chain: ServedChain): Decision =>
    decideByGates(gates, connectionFacets(request, policy, chain))
  const decision = decide(first)
  const differing = others.find((chain) => decide(chain).outcome !== decision.outcome)
  return {
    decision:
      differing === undefined
        ? decision
        : { outcome: "unknown", gates: [...decision.gates, undecided(request, first, differing)] },
    policy,
    agreed: negotiation.failed === undefined ? negotiation.agreed : undefined,
    chain: others.at(-1) ?? first,
  }
}

const gates: GateRules<TlsConnectionFacets> = [
  ...handshakeGates,
  ...trustGates,
  ...verificationGates,
]

const undecided = (
  { cloud }: TlsConnectionRequest,
  one: ServedChain,
  other: ServedChain,
): Decision["gates"][0] =>
  chainListOf(cloud) === "Government"
    ? {
        name: "chain-served",
        facts: ["CRY-197"],
        ...unknown(
          "The cloud's list has several chains; this client accepts only some of them, and which one it meets is not published.",
          { chains: [one, other].map(({ subordinate }) => subordinate.name) },
        ),
      }
    : {
        name: "root-change",
        facts: ["CRY-190"],
        ...unknown(
          "The service is moving from one root to another; this client accepts only one of the two, and which one it meets is not published.",
          { roots: [one.root.name, other.root.name] },
        ),
      }

const connectionFacets = (
  request: TlsConnectionRequest,
  policy: TlsPolicy,
  chain: ServedChain,
): TlsConnectionFacets => {
  const { hello, trust, cloud, service, at } = request
  const negotiation = negotiateTls(hello, policy)
  const agreed = negotiation.failed === undefined ? negotiation.agreed : undefined
  const blocked = new Set(trust.blockedHosts)
  const { interceptor } = request
  const signature = / ECC /.test(chain.subordinate.name) ? "ES384" : "RS384"
  return {
    service,
    cloud,
    isSmtp: service.startsWith("Smtp"),
    isLegacyEndpoint: service === "SmtpLegacySubmission",
    unableProduct: request.unableProduct ?? "",
    failed: negotiation.failed ?? "",
    offered: sortedVersions(hello.versions).join(", "),
    accepted: policy.versions.join(", "),
    version: agreed?.version ?? "",
    suite: agreed?.suite ?? "",
    group: agreed?.group ?? "",
    hasForwardSecrecy: agreed?.hasForwardSecrecy ?? false,
    chainList: trust.chainList ?? "",
    servedList: chainListOf(cloud),
    root: interceptor?.name ?? chain.root.name,
    hasCurrentTrustStore: trust.hasCurrentTrustStore ?? true,
    isIntercepted: interceptor !== undefined,
    isInterceptorTrusted: interceptor?.isTrusted ?? false,
    isRootInForce: !hasEnded(chain, at),
    isSignatureKnown: trust.signatures?.includes(signature) ?? true,
    signature,
    hasPins: (trust.pins ?? []).length > 0,
    isPinMatched:
      interceptor === undefined
        ? matchesPin(trust.pins ?? [], pinnable(chain))
        : matchesPin(trust.pins ?? [], [{ level: "root", commonName: interceptor.name }]),
    chain: `${chain.name} < ${chain.subordinate.name} < ${chain.root.name}`,
    revocation: trust.revocation ?? "none",
    isRevocationReachable: revocationHostsOf(chain.subordinate.name, chainListOf(cloud)).some(
      (it) => !blocked.has(it),
    ),
  }
}

const hasEnded = ({ root }: ServedChain, at: number): boolean =>
  root.expires !== undefined && !isListed({ ...root, removed: root.expires }, at)
