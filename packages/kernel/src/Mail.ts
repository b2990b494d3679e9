import { Schema } from "effect"

/** What a mail is for, so that a reader can find "the code" without reading prose. */
export const MailKind = Schema.Literals([
  "message",
  "sharing-notification",
  "invitation",
  "verification-code",
  "one-time-passcode",
  "encrypted-message",
  "approval-request",
  "notification",
  "alert",
])
export type MailKind = typeof MailKind.Type

/** A mail as it lies in a mailbox of the simulation. */
export const Mail = Schema.Struct({
  id: Schema.NonEmptyString,
  kind: MailKind,
  from: Schema.NonEmptyString,
  to: Schema.NonEmptyString,
  subject: Schema.String,
  text: Schema.String,
  /** The secret that the recipient types elsewhere: a verification code, a passcode. */
  code: Schema.optionalKey(Schema.String),
  /** Where the button of the mail leads: a link token, a message id, a request id. */
  link: Schema.optionalKey(Schema.String),
  /** Blobs that travel with the mail, by id. */
  attachments: Schema.Array(Schema.String),
  sentAt: Schema.Number,
  /** When it reaches the mailbox; absent for a mail that got lost. */
  arrivesAt: Schema.optionalKey(Schema.Number),
})
export type Mail = typeof Mail.Type

/** A mail as an operation hands it over; id and time are added with the journal record. */
export interface OutgoingMail extends Omit<Mail, "id" | "sentAt" | "arrivesAt" | "attachments"> {
  readonly attachments?: readonly string[]
  /** Milliseconds on the way; 0 unless a fault delays it. */
  readonly delayMillis?: number
  /** The mail is lost on the way. */
  readonly isLost?: boolean
}

/** The mails that lie in a mailbox at a moment, oldest first. */
export const mailboxOf = (mails: Iterable<Mail>, owner: string, now: number): readonly Mail[] =>
  [...mails].filter(
    (mail) =>
      mail.to.toLowerCase() === owner.toLowerCase() &&
      mail.arrivesAt !== undefined &&
      mail.arrivesAt <= now,
  )
