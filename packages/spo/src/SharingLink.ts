import { Schema } from "effect"

/** Who a link works for (SPO-020 to SPO-024), by Graph's words. */
export const LinkScope = Schema.Literals(["anonymous", "organization", "users", "existingAccess"])
export type LinkScope = typeof LinkScope.Type

/** What a link grants (SPO-025); `restrictedView` blocks download, `createOnly` is upload only. */
export const LinkRole = Schema.Literals(["view", "edit", "review", "restrictedView", "createOnly"])
export type LinkRole = typeof LinkRole.Type

/** What the recipient was to the directory when the link was made: a code is only for `ad-hoc`. */
export const LinkMember = Schema.Struct({
  /** Lower case, as the sharer typed it: it may be an alias. */
  address: Schema.NonEmptyString,
  addedAs: Schema.Literals(["member", "guest", "ad-hoc"]),
})
export type LinkMember = typeof LinkMember.Type

/** A link to one item, with a life of its own (SPO-028). A removed link stays known as removed. */
export const SharingLink = Schema.Struct({
  /** GUID: the `UniqueSharingId` of audit records. */
  id: Schema.NonEmptyString,
  /** The secret part of the URL. */
  token: Schema.NonEmptyString,
  itemId: Schema.NonEmptyString,
  scope: LinkScope,
  role: LinkRole,
  createdBy: Schema.NonEmptyString,
  createdAt: Schema.Number,
  expiresAt: Schema.optionalKey(Schema.Number),
  /** SHA-256 over the link id and the password; the password itself is kept nowhere. */
  passwordDigest: Schema.optionalKey(Schema.NonEmptyString),
  members: Schema.Array(LinkMember),
  /** Members who have redeemed an organization link (SPO-022). */
  redeemedBy: Schema.Array(Schema.String),
  /** Whose mailbox the link was sent to: they hold the URL. */
  sentTo: Schema.Array(Schema.String),
  removedAt: Schema.optionalKey(Schema.Number),
})
export type SharingLink = typeof SharingLink.Type

/** Whether a link has run out; the instant itself is too late (SPO-037, SPO-308). */
export const isExpired = (link: Pick<SharingLink, "expiresAt">, now: number): boolean =>
  link.expiresAt !== undefined && now >= link.expiresAt
