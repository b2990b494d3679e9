import { Schema } from "effect"
import { InboundConnector } from "./InboundConnector.ts"
import { MailDestination } from "./MailDestination.ts"
import { OutboundConnector } from "./OutboundConnector.ts"
import { InboundDomain, PublishedDomain } from "./OwnDomain.ts"

/** A mail that waits for the next try. Times are epoch milliseconds. */
export const QueuedMail = Schema.Struct({
  id: Schema.NonEmptyString,
  from: Schema.NonEmptyString,
  domain: Schema.NonEmptyString,
  firstTriedAt: Schema.Finite,
  tries: Schema.Int,
  nextTryAt: Schema.Finite,
  isTlsRequired: Schema.Boolean,
  /** The message of mail flow that waits; absent: nothing but the try itself. */
  message: Schema.optionalKey(Schema.NonEmptyString),
})
export type QueuedMail = typeof QueuedMail.Type

/** A recipient's MTA-STS policy as it was fetched (CRY-203). */
export const CachedPolicy = Schema.Struct({
  domain: Schema.NonEmptyString,
  id: Schema.String,
  text: Schema.String,
  fetchedAt: Schema.Finite,
})
export type CachedPolicy = typeof CachedPolicy.Type

/** What the tenant and the outside world have set for the transport of mail. */
export interface TransportState {
  /** Undefined: never set, which is off (CRY-185). */
  readonly allowLegacyTlsClients?: boolean
  /** Hours until a mail that cannot be delivered is returned. */
  readonly messageExpirationHours: number
  /** What reports to senders outside come from; absent: postmaster of the default domain. */
  readonly externalPostmasterAddress?: string
  /** By name in lower case. */
  readonly connectors: Readonly<Record<string, OutboundConnector>>
  /** By name in lower case. */
  readonly inboundConnectors: Readonly<Record<string, InboundConnector>>
  readonly inboundDomains: Readonly<Record<string, InboundDomain>>
  /** Domains of the organization, by name; absent: as the service set them up. */
  readonly publishedDomains: Readonly<Record<string, PublishedDomain>>
  /** Domains outside, by name. */
  readonly destinations: Readonly<Record<string, MailDestination>>
  readonly policies: Readonly<Record<string, CachedPolicy>>
  /** Oldest first. */
  readonly queue: readonly QueuedMail[]
}

export const initialTransportState: TransportState = {
  messageExpirationHours: 24,
  connectors: {},
  inboundConnectors: {},
  inboundDomains: {},
  publishedDomains: {},
  destinations: {},
  policies: {},
  queue: [],
}

const name = Schema.NonEmptyString

export const transportEvents = {
  TransportConfigChanged: {
    allowLegacyTlsClients: Schema.optionalKey(Schema.Boolean),
    messageExpirationHours: Schema.optionalKey(Schema.Finite),
    /** Null: back to the default. */
    externalPostmasterAddress: Schema.optionalKey(Schema.NullOr(Schema.NonEmptyString)),
  },
  /** Created, or as it is from now on. */
  OutboundConnectorSet: { connector: OutboundConnector },
  OutboundConnectorRemoved: { name },
  InboundConnectorSet: { connector: InboundConnector },
  InboundConnectorRemoved: { name },
  InboundDomainSet: { inbound: InboundDomain },
  DomainRecordsPublished: { records: PublishedDomain },
  MailDestinationDescribed: { destination: MailDestination },
  MtaStsPolicyCached: { cached: CachedPolicy },
  MailQueued: { mail: QueuedMail },
  /** Delivered or returned: it waits no longer. */
  MailUnqueued: { id: name },
}

const TransportEvent = Schema.TaggedUnion(transportEvents)
export type TransportEvent = typeof TransportEvent.Type

export const evolveTransport = (state: TransportState, event: TransportEvent): TransportState => {
  switch (event._tag) {
    case "TransportConfigChanged": {
      const {
        allowLegacyTlsClients: allow,
        messageExpirationHours: hours,
        externalPostmasterAddress: postmaster,
      } = event
      const { externalPostmasterAddress: before, ...rest } = state
      const address = postmaster === undefined ? before : (postmaster ?? undefined)
      return {
        ...rest,
        ...(address === undefined ? {} : { externalPostmasterAddress: address }),
        ...(allow === undefined ? {} : { allowLegacyTlsClients: allow }),
        ...(hours === undefined ? {} : { messageExpirationHours: hours }),
      }
    }
    case "OutboundConnectorSet": {
      const { connector } = event
      const key = connector.name.toLowerCase()
      return { ...state, connectors: { ...state.connectors, [key]: connector } }
    }
    case "OutboundConnectorRemoved": {
      const { [event.name.toLowerCase()]: _, ...connectors } = state.connectors
      return { ...state, connectors }
    }
    case "InboundConnectorSet": {
      const { connector } = event
      const key = connector.name.toLowerCase()
      return { ...state, inboundConnectors: { ...state.inboundConnectors, [key]: connector } }
    }
    case "InboundConnectorRemoved": {
      const { [event.name.toLowerCase()]: _, ...inboundConnectors } = state.inboundConnectors
      return { ...state, inboundConnectors }
    }
    case "InboundDomainSet": {
      const { inbound } = event
      const inboundDomains = { ...state.inboundDomains, [inbound.domain]: inbound }
      return { ...state, inboundDomains }
    }
    case "DomainRecordsPublished": {
      const { records } = event
      const publishedDomains = { ...state.publishedDomains, [records.domain]: records }
      return { ...state, publishedDomains }
    }
    case "MailDestinationDescribed": {
      const { destination } = event
      const destinations = { ...state.destinations, [destination.domain]: destination }
      return { ...state, destinations }
    }
    case "MtaStsPolicyCached": {
      const { cached } = event
      return { ...state, policies: { ...state.policies, [cached.domain]: cached } }
    }
    case "MailQueued": {
      const others = state.queue.filter(({ id }) => id !== event.mail.id)
      return { ...state, queue: [...others, event.mail] }
    }
    case "MailUnqueued":
      return { ...state, queue: state.queue.filter(({ id }) => id !== event.id) }
  }
}
