import { Schema } from "effect"

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** What a message says, with its files: the plaintext that is protected and stored. */
export interface MessageContent {
  readonly subject: string
  readonly body: string
  readonly attachments: readonly AttachmentContent[]
}

export interface AttachmentContent {
  readonly name: string
  /** Clear bytes, or a protected envelope. */
  readonly bytes: Uint8Array
}

const Stored = Schema.Struct({
  subject: Schema.String,
  body: Schema.String,
  attachments: Schema.Array(Schema.Struct({ name: Schema.String, base64: Schema.String })),
})
const isStored = Schema.is(Stored)

/** One byte form for a message, whoever stores it. */
export const encodeContent = (content: MessageContent): Uint8Array =>
  encoder.encode(
    JSON.stringify({
      subject: content.subject,
      body: content.body,
      attachments: content.attachments.map(({ name, bytes }) => ({
        name,
        base64: Buffer.from(bytes).toString("base64"),
      })),
    } satisfies typeof Stored.Type),
  )

/** Undefined for bytes that are no message, such as ciphertext. */
export const decodeContent = (bytes: Uint8Array): MessageContent | undefined => {
  let parsed: unknown
  try {
    parsed = JSON.parse(decoder.decode(bytes))
  } catch {
    return undefined
  }
  if (!isStored(parsed)) return undefined
  return {
    subject: parsed.subject,
    body: parsed.body,
    attachments: parsed.attachments.map(({ name, base64 }) => ({
      name,
      bytes: Uint8Array.from(Buffer.from(base64, "base64")),
    })),
  }
}

/** Text as bytes, UTF-8. */
export const textBytes = (text: string): Uint8Array => encoder.encode(text)
