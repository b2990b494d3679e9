import { FactId, MailKind, Outcome } from "@twin/kernel"
import { Schema } from "effect"

const about = <S extends Schema.Top>(schema: S, description: string) =>
  schema.annotate({ description })
const text = (description: string) => Schema.NonEmptyString.annotate({ description })
const optional = Schema.optionalKey

/** Which client somebody uses; what is left out stays as the actor has it. */
export const ClientOverride = Schema.Struct({
  app: optional(
    about(
      Schema.Literals([
        "office-desktop",
        "office-mobile",
        "office-web",
        "outlook-desktop",
        "outlook-mobile",
        "outlook-web",
        "other-mail-app",
        "encrypted-message-portal",
        "browser",
        "pdf-reader",
        "powershell",
        "service-workstation",
      ]),
      "The software in use",
    ),
  ),
  device: optional(about(Schema.Literals(["managed", "unmanaged"]), "Who manages the device")),
  ipAddress: optional(text("Where the request comes from")),
}).annotate({ identifier: "ClientOverride" })
export type ClientOverride = typeof ClientOverride.Type

/** What an answer has to look like; at least one of the members is given. */
const answerFields = {
  outcome: optional(about(Outcome, "What was decided")),
  gate: optional(text("Name of the gate that decided (the last one asked)")),
  passes: optional(
    about(Schema.Array(Schema.NonEmptyString), "Gates that were asked and let the question pass"),
  ),
  code: optional(text("Error code that the service shows with its refusal")),
  message: optional(text("Words that occur in the service's message")),
  has: optional(about(Schema.Array(Schema.NonEmptyString), "Usage rights that are in force")),
  lacks: optional(about(Schema.Array(Schema.NonEmptyString), "Usage rights that are not")),
}

export const DecisionExpectation = Schema.Struct({
  ...answerFields,
  of: optional(text("Id of the step whose decision is meant; the last one that decided if absent")),
})

export const CanExpectation = Schema.Struct({
  ...answerFields,
  who: text("Whom the question is about: a name, a mail address, or anonymous"),
  do: text("The action: open, edit, print, share, read, ..."),
  on: text("The thing: a file, a message, a document, a component"),
  using: optional(about(ClientOverride, "Through which client")),
})

export const MailExpectation = Schema.Struct({
  to: text("Whose mailbox"),
  kind: optional(about(MailKind, "What the mail is for")),
  from: optional(text("Sender")),
  subject: optional(text("Words that occur in the subject")),
  text: optional(text("Words that occur in the text")),
  hasCode: optional(about(Schema.Boolean, "Whether the mail carries a code")),
  count: optional(about(Schema.Int, "How many such mails have arrived; at least one if absent")),
})

export const AuditExpectation = Schema.Struct({
  operation: text("Operation of the audit record, e.g. SecureLinkCreated"),
  user: optional(text("UserId of the record: a name or an address")),
  object: optional(text("Words that occur in the ObjectId")),
  property: optional(
    about(
      Schema.Record(Schema.String, Schema.Json),
      "Further properties of the record and their values",
    ),
  ),
  count: optional(about(Schema.Int, "How many such records there are; at least one if absent")),
})

export const ValueExpectation = Schema.Struct({
  of: text("A PowerShell expression that reads, e.g. (Get-SPOTenant).SharingCapability"),
  as: optional(text("Who reads; an administrator who may, if absent")),
  is: optional(about(Schema.Json, "The value")),
  contains: optional(about(Schema.Json, "A value among the values, or words in the text")),
})

export const BytesExpectation = Schema.Struct({
  of: text("The file, message or document whose stored bytes are looked at"),
  contain: optional(text("Plaintext that is looked for in the stored bytes")),
  found: optional(about(Schema.Boolean, "Whether it is found there; false if absent")),
  openFor: optional(text("Somebody for whom the bytes are really decrypted")),
  opens: optional(about(Schema.Boolean, "Whether that works; true if absent")),
})

export const ErrorExpectation = Schema.Struct({
  id: optional(text("FullyQualifiedErrorId, as PowerShell shows it")),
  message: optional(text("Words that occur in the message")),
  of: optional(text("Id of the step that failed; the last step if absent")),
})

/** One thing that must hold at this point, and which claims it proves. */
export const Expectation = Schema.Struct({
  that: optional(text("In words for the audience; made from the expectation if absent")),
  decision: optional(about(DecisionExpectation, "What an earlier step was answered")),
  can: optional(about(CanExpectation, "What the access oracle answers now; leaves no trace")),
  mail: optional(about(MailExpectation, "What has arrived in a mailbox")),
  audit: optional(about(AuditExpectation, "What the unified audit log holds")),
  value: optional(about(ValueExpectation, "What a cmdlet reads")),
  bytes: optional(about(BytesExpectation, "What lies in storage, and for whom it opens")),
  error: optional(about(ErrorExpectation, "That a step ended with an error")),
  claims: optional(about(Schema.Array(FactId), "Ids of the claims that this proves")),
  counterproof: optional(
    about(
      Schema.Struct({
        without: about(
          Schema.Array(Schema.NonEmptyString).check(Schema.isMinLength(1)),
          "Ids of steps without which this must fail",
        ),
      }),
      "The decisive steps: the suite leaves them out and sees this fail",
    ),
  ),
}).annotate({ identifier: "Expectation" })
export type Expectation = typeof Expectation.Type

/** The kinds of expectation; exactly one is given. */
export const expectationKinds = [
  "decision",
  "can",
  "mail",
  "audit",
  "value",
  "bytes",
  "error",
] as const
export type ExpectationKind = (typeof expectationKinds)[number]
