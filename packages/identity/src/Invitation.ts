import { Schema } from "effect"

export const InvitationStatus = Schema.Literals([
  "PendingAcceptance",
  "Completed",
  "InProgress",
  "Error",
])

/** A request to an external person, and where its link leads (IDN-015, IDN-017). */
export const Invitation = Schema.Struct({
  id: Schema.NonEmptyString,
  /** Lower case. */
  invitedUserEmailAddress: Schema.NonEmptyString,
  inviteRedirectUrl: Schema.String,
  /** The secret part of `inviteRedeemUrl`. */
  ticket: Schema.NonEmptyString,
  status: InvitationStatus,
  /** Object id of the guest. */
  userId: Schema.NonEmptyString,
  invitedBy: Schema.String,
  at: Schema.Number,
})
export type Invitation = typeof Invitation.Type

/** Where the button of the invitation leads (IDN-019). */
export const redeemUrlOf = (invitation: Invitation, tenantId: string): string =>
  `https://login.microsoftonline.com/redeem?rd=https%3a%2f%2finvitations.microsoft.com%2fredeem%2f%3ftenant%3d${tenantId}%26user%3d${invitation.id}%26ticket%3d${invitation.ticket}%26ver%3d2.0`

/** The secret part of a link, whether the link is given whole or as that part alone. */
export const ticketIn = (link: string): string =>
  /(?:ticket=|ticket%3d)([\w-]+)/i.exec(link)?.[1] ?? link.trim()
