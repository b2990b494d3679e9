import { isFaultOn } from "@twin/kernel"
import { evaluateOutboundTls, type OutboundTls } from "../decisions/evaluateOutboundTls.ts"
import { dnsSpoofed, tlsStripped } from "../faults.ts"
import type { CryptoWorld } from "../State.ts"
import type { MailDestination, MailHost } from "./MailDestination.ts"
import { legacyMxHost, type MxRecord } from "./OwnDomain.ts"
import { inboundDomainOf, publishedDomainOf } from "./transportLookup.ts"

/**
 * How a sender outside that asks for DANE and MTA-STS finds the organization (CRY-203, CRY-204): with
 * the records that are published, the certificates of the service and the faults that are on.
 */
export const inboundRouteOf = (world: CryptoWorld, domain: string, now: number): OutboundTls => {
  const { mx, chain: _, ...published } = publishedDomainOf(world, domain)
  const hosts = mx.flatMap((record) => hostOf(world, domain, record))
  const destination: MailDestination = {
    ...published,
    isExchangeOnline: false,
    hosts,
    trustedRoots: hosts.flatMap(({ chain }) => chain.slice(-1)),
    revoked: [],
  }
  return evaluateOutboundTls({
    domain,
    now,
    cloud: "Worldwide",
    destination,
    isDnsSpoofed: isFaultOn(world, dnsSpoofed),
    isTlsStripped: isFaultOn(world, tlsStripped),
  })
}

/** Nothing for a name that the service does not have: nobody answers there. */
const hostOf = (
  world: CryptoWorld,
  domain: string,
  { host, preference }: MxRecord,
): readonly MailHost[] => {
  const server = { host, preference, hasStartTls: true, versions: ["TLS 1.2", "TLS 1.3"] } as const
  const inbound = inboundDomainOf(world, domain)
  if (inbound?.hasDnssec === true && host === inbound.mxHost) {
    const { chain = [], tlsa } = inbound
    const records = tlsa === undefined ? [] : [tlsa]
    return [{ ...server, chain, tlsa: records, dnssec: "secure", tlsaAnswer: "answer" }]
  }
  if (host !== legacyMxHost(domain)) return []
  const { chain } = publishedDomainOf(world, domain)
  return [{ ...server, chain, tlsa: [], dnssec: "insecure", tlsaAnswer: "answer" }]
}
