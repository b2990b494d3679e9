import { Schema } from "effect"
import { mostExact } from "./OutboundConnector.ts"

/** Demands on mail that comes in from certain domains (EXO-198, EXO-200). */
export const InboundConnector = Schema.Struct({
  name: Schema.NonEmptyString,
  isEnabled: Schema.Boolean,
  senderDomains: Schema.Array(Schema.NonEmptyString),
  requireTls: Schema.Boolean,
  guid: Schema.optionalKey(Schema.NonEmptyString),
  /** `Partner` unless given. */
  connectorType: Schema.optionalKey(Schema.Literals(["Partner", "OnPremises"])),
  comment: Schema.optionalKey(Schema.String),
  /** The name that the sending server has to show. */
  tlsSenderCertificateName: Schema.optionalKey(Schema.NonEmptyString),
  restrictDomainsToCertificate: Schema.optionalKey(Schema.Boolean),
  /** IPv4 addresses and ranges from /24 to /32. */
  senderIPAddresses: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  restrictDomainsToIPAddresses: Schema.optionalKey(Schema.Boolean),
})
export type InboundConnector = typeof InboundConnector.Type

/** The connector that mail from a domain meets: enabled, its pattern the most exact one. */
export const inboundConnectorFor = (
  connectors: readonly InboundConnector[],
  domain: string,
): InboundConnector | undefined =>
  mostExact(
    connectors.filter((it) => it.isEnabled),
    ({ senderDomains }) => senderDomains,
    domain,
  )
