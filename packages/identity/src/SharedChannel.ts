import { Schema } from "effect"

/**
 * A Teams shared channel: the only place for B2B direct connect. People of other organizations are
 * managed in it and have no user object here (IDN-122).
 */
export const SharedChannel = Schema.Struct({
  id: Schema.NonEmptyString,
  displayName: Schema.NonEmptyString,
  owner: Schema.NonEmptyString,
  /** Lower-case addresses. */
  members: Schema.Array(Schema.NonEmptyString),
  createdAt: Schema.Number,
})
export type SharedChannel = typeof SharedChannel.Type

/** How long a token of B2B direct connect lives (IDN-123). */
export const directConnectTokenHours = 1
