import { Schema } from "effect"
import { UsageRight } from "./UsageRight.ts"

/**
 * A use licence as it lies on the reader's device, for one person and one content (MIP-028). The
 * signed licence itself, with the wrapped content key, is a blob; this is what it says.
 */
export const UseLicenceRecord = Schema.Struct({
  contentId: Schema.NonEmptyString,
  /** Lower case. */
  address: Schema.NonEmptyString,
  rights: Schema.Array(UsageRight),
  issuedAt: Schema.Finite,
  /** Epoch milliseconds until when it opens without asking the service. */
  validUntil: Schema.Finite,
  contentExpiresAt: Schema.optionalKey(Schema.Finite),
  /** Blob that holds the signed licence. */
  blobId: Schema.NonEmptyString,
})
export type UseLicenceRecord = typeof UseLicenceRecord.Type

/**
 * The rights account certificate of a person, and with it the client licensor certificate that lets
 * the person publish without asking (MIP-023, MIP-024).
 */
export const RightsAccountCertificate = Schema.Struct({
  address: Schema.NonEmptyString,
  /** Tenant id of the organization whose service issued both: the person's own. */
  issuedBy: Schema.optionalKey(Schema.String),
  issuedAt: Schema.Finite,
  expiresAt: Schema.Finite,
})
export type RightsAccountCertificate = typeof RightsAccountCertificate.Type

/** Days a rights account certificate lasts; not configurable (MIP-024). */
export const certificateValidityDays = 31

/** What the service remembered of somebody's groups, and when it looked (MIP-040). */
export const CachedMembership = Schema.Struct({
  address: Schema.NonEmptyString,
  /** Object ids. */
  groups: Schema.Array(Schema.String),
  at: Schema.Finite,
})
export type CachedMembership = typeof CachedMembership.Type

/** Hours for which the service believes what it remembers of a membership (MIP-040). */
export const membershipCacheHours = 3
