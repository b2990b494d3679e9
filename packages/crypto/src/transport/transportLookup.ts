import { ownValue } from "../ownValue.ts"
import type { CryptoWorld } from "../State.ts"
import type { InboundConnector } from "./InboundConnector.ts"
import type { MailDestination } from "./MailDestination.ts"
import type { OutboundConnector } from "./OutboundConnector.ts"
import { type InboundDomain, type PublishedDomain, unpublished } from "./OwnDomain.ts"
import type { QueuedMail, TransportState } from "./TransportState.ts"

const byName = <A extends { readonly name: string }>(all: Readonly<Record<string, A>>) =>
  Object.values(all).toSorted((a, b) => (a.name < b.name ? -1 : 1))

/** Settings of the whole organization for the transport of mail. */
export const transportSettingsOf = (
  world: CryptoWorld,
): Pick<
  TransportState,
  "allowLegacyTlsClients" | "messageExpirationHours" | "externalPostmasterAddress"
> => world.crypto.transport

/** All connectors for mail that leaves, by name. */
export const outboundConnectorsOf = (world: CryptoWorld): readonly OutboundConnector[] =>
  byName(world.crypto.transport.connectors)

/** A connector by name or GUID, in any case. */
export const outboundConnectorOf = (
  world: CryptoWorld,
  identity: string,
): OutboundConnector | undefined =>
  ownValue(world.crypto.transport.connectors, identity.toLowerCase()) ??
  outboundConnectorsOf(world).find((it) => it.guid === identity.toLowerCase())

/** All connectors for mail that comes in, by name. */
export const inboundConnectorsOf = (world: CryptoWorld): readonly InboundConnector[] =>
  byName(world.crypto.transport.inboundConnectors)

/** A connector by name, in any case. */
export const inboundConnectorOf = (
  world: CryptoWorld,
  identity: string,
): InboundConnector | undefined =>
  ownValue(world.crypto.transport.inboundConnectors, identity.toLowerCase())

/** What the owner of a domain outside has set up; undefined where nobody described it. */
export const mailDestinationOf = (
  world: CryptoWorld,
  domain: string,
): MailDestination | undefined =>
  ownValue(world.crypto.transport.destinations, domain.toLowerCase())

/** Domains outside that somebody described, sorted. */
export const describedDomains = (world: CryptoWorld): readonly string[] =>
  Object.keys(world.crypto.transport.destinations).toSorted()

/** What the service does for mail to a domain; undefined where DNSSEC was never switched on. */
export const inboundDomainOf = (world: CryptoWorld, domain: string): InboundDomain | undefined =>
  ownValue(world.crypto.transport.inboundDomains, domain.toLowerCase())

/** What the organization has published about a domain of its own. */
export const publishedDomainOf = (world: CryptoWorld, domain: string): PublishedDomain =>
  ownValue(world.crypto.transport.publishedDomains, domain.toLowerCase()) ?? unpublished(domain)

/** Mails that wait for their next try, oldest first. */
export const mailQueueOf = (world: CryptoWorld): readonly QueuedMail[] =>
  world.crypto.transport.queue
