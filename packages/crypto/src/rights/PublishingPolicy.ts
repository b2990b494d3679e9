import { Schema } from "effect"

/** Who may do what with one protected content; rights are the service's literals (VIEW, EDIT, ...). */
export const Grant = Schema.Struct({
  /** An address, a group's address, `@domain`, or a name that mip understands. */
  who: Schema.NonEmptyString,
  rights: Schema.Array(Schema.NonEmptyString),
})
export type Grant = typeof Grant.Type

/**
 * What the publishing licence says, encrypted inside the content so that only the service reads it.
 * This package keeps and guards it; what it means for whom is mip's.
 */
export const PublishingPolicy = Schema.Struct({
  contentId: Schema.NonEmptyString,
  owner: Schema.NonEmptyString,
  /** Epoch milliseconds. */
  issuedAt: Schema.Finite,
  labelId: Schema.optionalKey(Schema.NonEmptyString),
  templateId: Schema.optionalKey(Schema.NonEmptyString),
  grants: Schema.Array(Grant),
  /** Epoch milliseconds after which nobody but the owner is admitted. */
  contentExpiresAt: Schema.optionalKey(Schema.Finite),
  /** Days that a use licence may serve without asking again; 0: always ask, -1: no limit. */
  offlineDays: Schema.optionalKey(Schema.Int),
  isRevocable: Schema.optionalKey(Schema.Boolean),
  doubleKeyUrl: Schema.optionalKey(Schema.NonEmptyString),
})
export type PublishingPolicy = typeof PublishingPolicy.Type

/**
 * One principal's permission to open one content until a moment: the rights, and the content key
 * under that principal's own key, signed by the service (CRY-136).
 */
export const UseLicence = Schema.Struct({
  format: Schema.Literal("twin-use-licence/1"),
  contentId: Schema.NonEmptyString,
  /** Lower case. */
  principal: Schema.NonEmptyString,
  rights: Schema.Array(Schema.NonEmptyString),
  /** Epoch milliseconds, both inclusive. */
  issuedAt: Schema.Finite,
  validUntil: Schema.Finite,
  /** The tenant key that signed it. */
  tenantKeyId: Schema.NonEmptyString,
  /** Base64; RSA-OAEP-256 under the principal's account key. */
  wrappedContentKey: Schema.NonEmptyString,
  /** Base64; RS256 over everything above. */
  signature: Schema.NonEmptyString,
  /**
   * Base64; what the device keeps once the customer's key service has opened the inner layer: the
   * content key under the account key. Not signed: only the right key authenticates the content.
   */
  unlockedContentKey: Schema.optionalKey(Schema.NonEmptyString),
})
export type UseLicence = typeof UseLicence.Type
