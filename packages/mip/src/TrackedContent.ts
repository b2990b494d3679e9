import { Schema } from "effect"

/** One request for a licence, as the tracking log shows it (MIP-221, MIP-222). */
export const AccessAttempt = Schema.Struct({
  at: Schema.Finite,
  address: Schema.String,
  isGranted: Schema.Boolean,
  /** What the licence allows; empty where there is none. */
  rights: Schema.Array(Schema.String),
  /** The service's error where it refused. */
  error: Schema.optionalKey(Schema.String),
  ipAddress: Schema.String,
})
export type AccessAttempt = typeof AccessAttempt.Type

/** A content registered for tracking and revocation (MIP-220). */
export const TrackedContent = Schema.Struct({
  contentId: Schema.NonEmptyString,
  /** Full name with extension; of the first attachment opened, where several share an id (MIP-223). */
  contentName: Schema.String,
  owner: Schema.String,
  issuer: Schema.String,
  registeredAt: Schema.Finite,
  revokedAt: Schema.optionalKey(Schema.Finite),
  revokedBy: Schema.optionalKey(Schema.String),
})
export type TrackedContent = typeof TrackedContent.Type

/**
 * File types that can be tracked: Office only (MIP-219). The names are those of documents; a body of
 * a message has none and is not tracked.
 */
export const canBeTracked = (name: string): boolean =>
  /\.(doc|docx|docm|dot|dotx|dotm|xls|xlsx|xlsm|xlsb|xlt|xltx|xltm|ppt|pptx|pptm|pps|ppsx|ppsm|pot|potx|potm)$/i.test(
    name,
  )
