import { MailKind, type OutgoingMail } from "@twin/kernel"
import { Option, Schema } from "effect"
import { textBytes } from "../MessageContent.ts"

/** What a copy that waits brings along: its bytes, and the mail for each of its recipients. */
export interface QueuedContent {
  readonly bytes: Uint8Array
  /** One for each delivery of the copy, in the same order. */
  readonly mail: readonly OutgoingMail[]
}

const Stored = Schema.fromJsonString(
  Schema.Struct({
    bytes: Schema.Uint8ArrayFromBase64,
    mail: Schema.Array(
      Schema.Struct({
        kind: MailKind,
        from: Schema.NonEmptyString,
        to: Schema.NonEmptyString,
        subject: Schema.String,
        text: Schema.String,
        link: Schema.optionalKey(Schema.String),
        attachments: Schema.optionalKey(Schema.Array(Schema.String)),
      }),
    ),
  }),
)
const encode = Schema.encodeSync(Stored)
const decode = Schema.decodeUnknownOption(Stored)

/** One byte form, to be sealed. */
export const encodeQueued = (content: QueuedContent): Uint8Array => textBytes(encode(content))

/** None for bytes that are something else. */
export const decodeQueued = (bytes: Uint8Array): Option.Option<QueuedContent> =>
  decode(new TextDecoder().decode(bytes))
