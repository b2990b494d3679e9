import { Schema } from "effect"

/** What the service does for mail to a verified domain (CRY-204; EXO-224). */
export const InboundDomain = Schema.Struct({
  domain: Schema.NonEmptyString,
  hasDnssec: Schema.Boolean,
  hasDane: Schema.Boolean,
  /** The host below `mx.microsoft` to publish in the MX record. */
  mxHost: Schema.String,
  /** What that host presents: PEM, end entity first, the root last. */
  chain: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  /** The record that the service publishes at `_25._tcp.<mxHost>` while DANE is on, as text. */
  tlsa: Schema.optionalKey(Schema.NonEmptyString),
})
export type InboundDomain = typeof InboundDomain.Type

export const MxRecord = Schema.Struct({
  host: Schema.NonEmptyString,
  /** Lower comes first. */
  preference: Schema.Int,
  ttlSeconds: Schema.Int,
})
export type MxRecord = typeof MxRecord.Type

/** What the organization itself publishes about a domain of its own, at its DNS host. */
export const PublishedDomain = Schema.Struct({
  domain: Schema.NonEmptyString,
  mx: Schema.Array(MxRecord),
  /** `bogus`: signed, and the signatures do not verify. */
  dnssec: Schema.Literals(["insecure", "secure", "bogus"]),
  mtaStsRecord: Schema.optionalKey(Schema.String),
  mtaStsFile: Schema.optionalKey(Schema.String),
  /** What the host of the service without DNSSEC presents: PEM, end entity first, the root last. */
  chain: Schema.Array(Schema.NonEmptyString),
})
export type PublishedDomain = typeof PublishedDomain.Type

const hostLabel = (domain: string): string => domain.toLowerCase().replaceAll(".", "-")

/** The host that every domain of the service has; its zone is not signed. */
export const legacyMxHost = (domain: string): string =>
  `${hostLabel(domain)}.mail.protection.outlook.com`

/** The host in the signed zone (EXO-224); the service chooses the partition, a letter. */
export const securedMxHost = (domain: string, partition: string): string =>
  `${hostLabel(domain)}.${partition}-v1.mx.microsoft`

/** As long as nobody publishes anything: the host of the service, in a zone without signatures. */
export const unpublished = (domain: string): PublishedDomain => ({
  domain: domain.toLowerCase(),
  mx: [{ host: legacyMxHost(domain), preference: 0, ttlSeconds: 3600 }],
  dnssec: "insecure",
  chain: [],
})
