import { Schema } from "effect"

const mailAddress = Schema.NonEmptyString
const objectId = Schema.NonEmptyString

/** What a sender may choose; a label is chosen apart (EXO-005). */
export const ProtectionChoice = Schema.Literals(["none", "encrypt-only", "do-not-forward"])
export type ProtectionChoice = typeof ProtectionChoice.Type

/** Protection as it lies on a copy. */
export const CopyProtection = Schema.Struct({
  /**
   * `template`: a label or template with fixed rights. `foreign`: another organization's service
   * protected it, and this tenant's keys do not open it (EXO-090).
   */
  kind: Schema.Literals(["none", "encrypt-only", "do-not-forward", "template", "foreign"]),
  /** Of the message itself; absent without own protection. */
  contentId: Schema.optionalKey(Schema.String),
  /** The label it comes from. */
  labelId: Schema.optionalKey(Schema.String),
  templateId: Schema.optionalKey(Schema.String),
  /** Who put it on: the sender's client, or the mail flow rule of that name. */
  by: Schema.Literals(["sender", "rule"]),
  rule: Schema.optionalKey(Schema.String),
})
export type CopyProtection = typeof CopyProtection.Type

/** What has become of an attachment on its way (EXO-051 to EXO-055, EXO-148). */
export const AttachmentState = Schema.Literals([
  /** Not protected itself; inside a protected message nevertheless unreadable from outside. */
  "clear",
  /** Protected with the message. */
  "inherited",
  /** Came with protection of its own and keeps it. */
  "own",
])
export type AttachmentState = typeof AttachmentState.Type

export const MessageAttachment = Schema.Struct({
  name: Schema.NonEmptyString,
  sizeBytes: Schema.Int,
  /** SHA-256 of the unprotected bytes, hex: tells nothing about them. */
  digest: Schema.NonEmptyString,
  isPasswordProtected: Schema.Boolean,
  state: AttachmentState,
  /** Shared by the attachments that inherit (EXO-060); the file's own where it has one. */
  contentId: Schema.optionalKey(Schema.String),
})
export type MessageAttachment = typeof MessageAttachment.Type

/**
 * What lies in the mailbox. `wrapper`: a mail with a link, the content is in the portal (EXO-064).
 * `native`: the protected message itself, which an Outlook client opens inline.
 */
export const DeliveryForm = Schema.Literals(["plain", "native", "wrapper"])
export type DeliveryForm = typeof DeliveryForm.Type

export const Delivery = Schema.Struct({
  /** The address that the message was sent to, lower case: an alias stays an alias (EXO-065). */
  recipient: mailAddress,
  /** Primary address of the mailbox where it lies. */
  mailbox: mailAddress,
  field: Schema.Literals(["to", "cc", "bcc"]),
  form: DeliveryForm,
  isInternal: Schema.Boolean,
  /** Token behind the button of a wrapper, or behind the link that other apps show. */
  link: Schema.optionalKey(Schema.String),
  /** Where the bytes of this mailbox lie: an object at rest, or outside (`outsideBlob`). */
  storedAs: objectId,
})
export type Delivery = typeof Delivery.Type

/** The message as some of its recipients got it: rules may have forked it (EXO-119). */
export const MessageCopy = Schema.Struct({
  subject: Schema.String,
  protection: CopyProtection,
  attachments: Schema.Array(MessageAttachment),
  /** Branding template that a rule named (EXO-073). */
  branding: Schema.optionalKey(Schema.String),
  /** Printed in the wrapper, and therefore fixed when sent (EXO-166, EXO-167). */
  expiresAt: Schema.optionalKey(Schema.Finite),
  /** Where the portal keeps the content; absent where nobody needs the portal. */
  portalObject: Schema.optionalKey(objectId),
  deliveries: Schema.Array(Delivery),
  /** Rules that fired, in order. */
  rules: Schema.Array(Schema.Struct({ rule: Schema.String, kind: Schema.String })),
})
export type MessageCopy = typeof MessageCopy.Type

/** Why some recipients got nothing. */
export const ReturnedCopy = Schema.Struct({
  recipients: Schema.Array(mailAddress),
  status: Schema.Literals(["Failed", "Pending", "Dropped"]),
  code: Schema.String,
  text: Schema.String,
  /** Set while it waits in the queue, and after it was given up there. */
  queueId: Schema.optionalKey(Schema.NonEmptyString),
})
export type ReturnedCopy = typeof ReturnedCopy.Type

/** One try to hand a copy to the servers of a domain outside: an event of the trace (EXO-180). */
export const TransportHop = Schema.Struct({
  at: Schema.Finite,
  domain: Schema.NonEmptyString,
  recipients: Schema.Array(mailAddress),
  event: Schema.Literals(["SEND", "DEFER", "FAIL"]),
  /** Server and TLS, or what stood in the way. */
  detail: Schema.String,
})
export type TransportHop = typeof TransportHop.Type

/** A message that went through the mail flow of this organization. */
export const MailMessage = Schema.Struct({
  /** GUID: what steps and questions name. */
  id: Schema.NonEmptyString,
  /** Internet Message-ID with its angle brackets: what admins name (EXO-169). */
  messageId: Schema.NonEmptyString,
  from: mailAddress,
  isFromMailbox: Schema.Boolean,
  to: Schema.Array(mailAddress),
  cc: Schema.Array(mailAddress),
  bcc: Schema.Array(mailAddress),
  sentAt: Schema.Finite,
  /** Client of the sender: only Outlook on the web offers revocation (EXO-170). */
  sentWith: Schema.String,
  sizeBytes: Schema.Int,
  inReplyTo: Schema.optionalKey(Schema.String),
  /** Where the sender's own copy lies, and its protection is that of the first copy. */
  sentItem: Schema.optionalKey(objectId),
  sentItemProtection: CopyProtection,
  sentItemAttachments: Schema.Array(MessageAttachment),
  subject: Schema.String,
  copies: Schema.Array(MessageCopy),
  returned: Schema.Array(ReturnedCopy),
  /** Tries to leave the organization, oldest first; absent: none. */
  hops: Schema.optionalKey(Schema.Array(TransportHop)),
})
export type MailMessage = typeof MailMessage.Type

/** The blob of a mailbox that is not this organization's: the bytes as they left. */
export const outsideBlob = (storedAs: string): string => `${storedAs}/0`

/** One person's copy and where it lies. */
export interface DeliveredCopy {
  readonly copy: MessageCopy
  readonly delivery: Delivery
}

/** The copy that lies in somebody's mailbox, by mailbox or by the address it was sent to. */
export const copyFor = (message: MailMessage, address: string): DeliveredCopy | undefined => {
  const wanted = address.toLowerCase()
  for (const copy of message.copies) {
    const delivery = copy.deliveries.find(
      ({ mailbox, recipient }) => mailbox === wanted || recipient === wanted,
    )
    if (delivery !== undefined) return { copy, delivery }
  }
  return undefined
}

/** Whether anybody got a mail with a link: only that can be revoked (EXO-168). */
export const isLinkBased = (message: MailMessage): boolean =>
  message.copies.some(({ deliveries }) => deliveries.some(({ form }) => form === "wrapper"))

export const isProtected = ({ kind }: CopyProtection): boolean => kind !== "none"

export const unprotected: CopyProtection = { kind: "none", by: "sender" }
