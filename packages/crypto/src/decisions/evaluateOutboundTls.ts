import { anyRoute, type Decision, decideByGates, deny, gate, instant, pass } from "@twin/kernel"
import { Result } from "effect"
import { type Certificate, certificateFrom } from "../certificates/Certificate.ts"
import { daneVerdict } from "../transport/daneVerdict.ts"
import type { MailDestination, MailHost } from "../transport/MailDestination.ts"
import { type MtaStsAnswer, mtaStsPolicyOf } from "../transport/MtaStsCache.ts"
import { listsHost } from "../transport/MtaStsPolicy.ts"
import { type NegotiatedTls, negotiateTls } from "../transport/negotiateTls.ts"
import { coversDomain, type OutboundConnector } from "../transport/OutboundConnector.ts"
import { everySuite, usualGroups } from "../transport/TlsClient.ts"
import { type CloudInstance, serverGroups, tlsPolicyOf } from "../transport/TlsPolicy.ts"
import type { CachedPolicy } from "../transport/TransportState.ts"
import { chainProblem, isNamedAs } from "./chainProblem.ts"
import { chainFacets } from "./evaluateCertificateChain.ts"
import { type OutboundTlsFacets, outboundTlsGates } from "./outboundTlsGates.ts"

/**
 * What an undescribed domain counts as: another tenant of Exchange Online, or an ordinary server,
 * which speaks TLS with a certificate in its own name that everybody trusts, and publishes nothing.
 */
export type AssumedServer = "exchange-online" | "ordinary"

/** One try to send to one domain, with everything that is known at that moment. */
export interface OutboundTlsRequest {
  readonly domain: string
  readonly now: number
  readonly cloud: CloudInstance
  /** Undefined: nobody described the servers of this domain. */
  readonly destination: MailDestination | undefined
  /** What a domain counts as that nobody described; undefined: nobody answers for it. */
  readonly assumed?: AssumedServer | undefined
  readonly connector?: OutboundConnector | undefined
  readonly cachedPolicy?: CachedPolicy | undefined
  /** A mail flow rule asks for TLS (EXO-135). */
  readonly isTlsRequired?: boolean
  /** The last try before the mail is returned. */
  readonly isFinal?: boolean
  readonly isStrictRfc?: boolean
  readonly isDnsSpoofed?: boolean
  readonly isTlsStripped?: boolean
}

export interface OutboundTls {
  readonly decision: Decision
  /** The server that takes the mail. */
  readonly host?: string
  /** Undefined in clear, or where nothing is sent. */
  readonly tls?: NegotiatedTls
  readonly isDaneUsed: boolean
  readonly mtaSts: MtaStsAnswer
}

/** DANE for outbound mail is on for everybody since then (EXO-215). */
const daneSince = "2022-03-01"

/**
 * Whether and how mail may leave for a domain (CRY-199 to CRY-204). The servers are tried in the order
 * of preference; one that is in order is enough. Nothing here falls back to less than a connector, a
 * record or a policy asks for.
 */
export const evaluateOutboundTls = (request: OutboundTlsRequest): OutboundTls => {
  const { destination } = request
  const none = { policy: undefined, source: "none" } as const
  if (destination === undefined && request.assumed === "ordinary") return toOrdinary(request)
  const isInside = destination?.isExchangeOnline ?? request.assumed === "exchange-online"
  if (isInside) return insideTheService(request)
  if (destination === undefined || destination.hosts.length === 0) return notFound(request, none)
  const seen = asSeen(request, destination)
  const mtaSts =
    request.connector?.mtaStsMode === "None"
      ? none
      : mtaStsPolicyOf({
          destination,
          cached: request.cachedPolicy,
          now: request.now,
          isSpoofed: request.isDnsSpoofed === true,
        })
  const tries = seen.hosts
    .toSorted((a, b) => a.preference - b.preference || (a.host < b.host ? -1 : 1))
    .map((host) => tryHost(request, seen, host, mtaSts))
  const [first, ...rest] = tries.map(({ facets }) => ({
    route: facets.host,
    decision: decideByGates(outboundTlsGates, facets),
  }))
  if (first === undefined) return notFound(request, mtaSts)
  const index = [first, ...rest].findIndex(({ decision }) => decision.outcome === "allow")
  const winner = tries[index]
  return {
    decision: anyRoute([first, ...rest]),
    ...(winner === undefined ? {} : { host: winner.facets.host }),
    ...(winner?.tls === undefined ? {} : { tls: winner.tls }),
    isDaneUsed: winner !== undefined && winner.facets.dane !== "",
    mtaSts,
  }
}

interface ReachableFacets {
  readonly domain: string
  readonly isFinal: boolean
}

const reachable = gate<ReachableFacets>()({
  name: "destination",
  facts: ["CRY-204", "EXO-203"],
  reads: ["domain", "isFinal"],
  check: ({ domain, isFinal }) =>
    deny("No mail server of this domain can be found.", { domain }, dnsFailure(isFinal)),
})

const dnsFailure = (isFinal: boolean) =>
  isFinal
    ? { code: "5.4.312", message: "5.4.312 Message expired, DNS query failed" }
    : { code: "4.4.312", message: "4.4.312 DNS query failed" }

const notFound = (
  { domain, isFinal = false }: OutboundTlsRequest,
  mtaSts: MtaStsAnswer,
): OutboundTls => ({
  decision: decideByGates([reachable], { domain, isFinal }),
  isDaneUsed: false,
  mtaSts,
})

const assumption = gate<OutboundTlsFacets>()({
  name: "mail-server",
  facts: ["CRY-200"],
  reads: ["domain"],
  check: ({ domain }) =>
    pass(
      "Nobody described the mail servers of this domain, so it counts as an ordinary one: TLS with a certificate in its own name that everybody trusts.",
      { domain },
    ),
})

/** A domain that nobody described, with the demands and disturbances that are on. */
const toOrdinary = (request: OutboundTlsRequest): OutboundTls => {
  const { connector, domain } = request
  const isForged = request.isDnsSpoofed === true
  const tls = request.isTlsStripped === true ? undefined : strongestTls
  const tlsDomain = connector?.tlsDomain ?? ""
  const isOwnName = coversDomain(tlsDomain, domain) || coversDomain(`*.${domain}`, tlsDomain)
  const host = isForged ? attackersHost : domain
  const facets: OutboundTlsFacets = {
    domain,
    host,
    isFinal: request.isFinal ?? false,
    hasTls: tls !== undefined,
    version: tls?.version ?? "",
    suite: tls?.suite ?? "",
    hasForwardSecrecy: tls?.hasForwardSecrecy ?? false,
    tlsSettings: connector?.tlsSettings ?? "",
    isTlsRequired: request.isTlsRequired ?? false,
    chainProblem: isForged ? "NoCertificate" : "",
    tlsDomain,
    isTlsDomainNamed: !isForged && isOwnName,
    isDaneAsked: isDaneAskedBy(request),
    isDaneMandatory: connector?.smtpDaneMode === "Mandatory",
    dnssec: "insecure",
    dane: "",
    stsMode: "none",
    stsSource: "none",
    isStsListed: false,
    stsCertificateProblem: "",
  }
  return {
    decision: decideByGates([assumption, ...outboundTlsGates], facets),
    host,
    ...(tls === undefined ? {} : { tls }),
    isDaneUsed: false,
    mtaSts: { policy: undefined, source: "none" },
  }
}

const isDaneAskedBy = ({ connector, now }: OutboundTlsRequest): boolean =>
  (connector?.smtpDaneMode ?? "Opportunistic") !== "None" && now >= instant(daneSince)

const insideService = gate<{ readonly version: string; readonly suite: string }>()({
  name: "inside-the-service",
  facts: ["CRY-199", "EXO-197"],
  reads: ["version", "suite"],
  check: ({ version, suite }) =>
    pass("Between servers and tenants of the service TLS with forward secrecy is always used.", {
      version,
      suite,
    }),
})

/** What two servers agree on that both keep to what is recommended (CRY-199). */
const strongestTls: NegotiatedTls = {
  version: "TLS 1.2",
  suite: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  group: "secp384r1",
  hasForwardSecrecy: true,
}

/** CRY-199: nothing from outside has a say between two servers of the service. */
const insideTheService = (request: OutboundTlsRequest): OutboundTls => ({
  decision: decideByGates([insideService], strongestTls),
  host: `${request.domain.replaceAll(".", "-")}.mail.protection.outlook.com`,
  tls: strongestTls,
  isDaneUsed: false,
  mtaSts: { policy: undefined, source: "none" },
})

/** Where forged answers of the DNS lead. */
const attackersHost = "mail.attacker.example"

/** What a sender sees when somebody forges DNS or takes STARTTLS away. */
const asSeen = (request: OutboundTlsRequest, destination: MailDestination): MailDestination => {
  const hosts = destination.hosts.map((host) =>
    request.isTlsStripped === true ? { ...host, hasStartTls: false } : host,
  )
  if (request.isDnsSpoofed !== true) return { ...destination, hosts }
  const forged: MailHost = {
    host: attackersHost,
    preference: 0,
    hasStartTls: request.isTlsStripped !== true,
    versions: ["TLS 1.2"],
    chain: [],
    tlsa: [],
    dnssec: "insecure",
    tlsaAnswer: "answer",
  }
  return {
    ...destination,
    // A signed zone cannot be forged, only be made not to verify.
    dnssec: destination.dnssec === "insecure" ? "insecure" : "bogus",
    hosts: [forged],
  }
}

interface HostTry {
  readonly facets: OutboundTlsFacets
  readonly tls: NegotiatedTls | undefined
}

const tryHost = (
  request: OutboundTlsRequest,
  destination: MailDestination,
  host: MailHost,
  mtaSts: MtaStsAnswer,
): HostTry => {
  const { connector, now } = request
  const tls = agreedWith(request, host)
  const chain = readable(host)
  const facets = chainFacets({
    chain: host.chain,
    trustedRoots: destination.trustedRoots,
    now,
    host: host.host,
    revoked: destination.revoked,
  })
  const isDaneAsked = isDaneAskedBy(request)
  const dnssec = dnssecOf(destination, host)
  const isAuthentic = isDaneAsked && dnssec === "secure" && host.tlsa.length > 0
  const presented = { records: host.tlsa, chain: tls === undefined ? [] : chain, host: host.host }
  const tlsDomain = connector?.tlsDomain ?? ""
  return {
    tls,
    facets: {
      domain: request.domain,
      host: host.host,
      isFinal: request.isFinal ?? false,
      hasTls: tls !== undefined,
      version: tls?.version ?? "",
      suite: tls?.suite ?? "",
      hasForwardSecrecy: tls?.hasForwardSecrecy ?? false,
      tlsSettings: connector?.tlsSettings ?? "",
      isTlsRequired: request.isTlsRequired ?? false,
      chainProblem: Result.match(facets, {
        onFailure: () => "UnreadableCertificate",
        onSuccess: (it) => chainProblem(it, false),
      }),
      tlsDomain,
      isTlsDomainNamed: isNamedAs(chain[0], tlsDomain),
      isDaneAsked,
      isDaneMandatory: connector?.smtpDaneMode === "Mandatory",
      dnssec,
      dane: isAuthentic
        ? daneVerdict({ ...presented, now, isStrictRfc: request.isStrictRfc ?? false })
        : "",
      stsMode: mtaSts.policy?.mode ?? "none",
      stsSource: mtaSts.source,
      isStsListed: mtaSts.policy !== undefined && listsHost(mtaSts.policy, host.host),
      stsCertificateProblem: Result.match(facets, {
        onFailure: () => "UnreadableCertificate",
        onSuccess: (it) => chainProblem(it, true),
      }),
    },
  }
}

/** The service is the client here: the other side chooses version and suite (CRY-178). */
const agreedWith = (request: OutboundTlsRequest, host: MailHost): NegotiatedTls | undefined => {
  if (!host.hasStartTls) return undefined
  const own = tlsPolicyOf({ cloud: request.cloud, service: "ExchangeOnline", at: request.now })
  const server = {
    name: host.host,
    versions: host.versions,
    suites: everySuite,
    groups: serverGroups,
  }
  const result = negotiateTls({ ...own, groups: usualGroups }, server)
  return result.failed === undefined ? result.agreed : undefined
}

const readable = (host: MailHost): readonly Certificate[] => {
  const chain: Certificate[] = []
  for (const pem of host.chain) {
    const certificate = certificateFrom(pem)
    if (Result.isFailure(certificate)) break
    chain.push(certificate.success)
  }
  return chain
}

const dnssecOf = (destination: MailDestination, host: MailHost): string => {
  if (destination.dnssec === "bogus" || host.dnssec === "bogus") return "bogus"
  // No answer about the record of a signed zone is no proof that there is none (EXO-221).
  if (host.tlsaAnswer === "servfail" && host.dnssec === "secure") return "bogus"
  return destination.dnssec === "secure" && host.dnssec === "secure" ? "secure" : "insecure"
}
