import {
  type AssumedServer,
  describedDomains,
  mailDestinationOf,
  type OutboundQuestion,
  type OutboundTls,
  outboundTlsOf,
} from "@twin/crypto"
import {
  domainOf,
  foreignOrganizationByDomain,
  isOwnDomain,
  peopleOf,
  personOf,
} from "@twin/identity"
import type { ExchangeWorld } from "../State.ts"

/** Whether the mail of a domain is that of another tenant of the service (CRY-199). */
export const isOtherTenant = (world: ExchangeWorld, domain: string): boolean =>
  mailDestinationOf(world, domain)?.isExchangeOnline ??
  foreignOrganizationByDomain(world, domain) !== undefined

/** What a domain counts as that nobody described; undefined: nobody in the world uses it. */
const assumedServer = (
  world: ExchangeWorld,
  domain: string,
  address: string | undefined,
): AssumedServer | undefined => {
  if (isOtherTenant(world, domain)) return "exchange-online"
  const isUsed =
    (address !== undefined && personOf(world, address) !== undefined) ||
    peopleOf(world).some((it) => [it.address, ...it.aliases].some((a) => domainOf(a) === domain))
  return isUsed ? "ordinary" : undefined
}

export interface NextHopQuestion
  extends Pick<OutboundQuestion, "domain" | "now" | "isFinal" | "isTlsRequired" | "isForeignHop"> {
  /** Somebody there: tells at once that the domain exists. */
  readonly address?: string
}

/** Whether and how mail leaves for a domain: connector, DANE, MTA-STS, as good as it gets. */
export const nextHopOf = (
  world: ExchangeWorld,
  { address, ...question }: NextHopQuestion,
): OutboundTls => {
  const domain = question.domain.toLowerCase()
  const isDescribed = mailDestinationOf(world, domain) !== undefined
  const assumed = isDescribed ? undefined : assumedServer(world, domain, address)
  return outboundTlsOf(world, { ...question, domain, assumed })
}

/** Domains outside about which the world says something, sorted. */
export const outsideDomains = (world: ExchangeWorld): readonly string[] =>
  [
    ...new Set([
      ...describedDomains(world),
      ...peopleOf(world).map(({ address }) => domainOf(address)),
    ]),
  ]
    .filter((it) => !isOwnDomain(world, it))
    .toSorted()
