import { Schema } from "effect"

/** Parameters that several actions share, with the same name and meaning everywhere. */
export const message = Schema.NonEmptyString.annotate({
  description: "A message: its id, its Message-ID, or the link of a mail",
})

export const addresses = (description: string) =>
  Schema.Array(Schema.NonEmptyString).annotate({ description })

export const body = Schema.String.annotate({ description: "What the message says" })

/** A file to attach. */
export const Attachment = Schema.Struct({
  name: Schema.NonEmptyString.annotate({ description: "File name with extension" }),
  content: Schema.optionalKey(
    Schema.String.annotate({ description: "What the file says, as text" }),
  ),
  document: Schema.optionalKey(
    Schema.NonEmptyString.annotate({
      description: "A local document instead, protected or not, by id or name",
    }),
  ),
  sizeBytes: Schema.optionalKey(
    Schema.Int.annotate({ description: "What the file weighs, where that is more than its text" }),
  ),
  isPasswordProtected: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Locked with a password: nobody looks into it" }),
  ),
})
export type Attachment = typeof Attachment.Type
