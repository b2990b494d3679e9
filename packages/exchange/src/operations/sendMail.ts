import { BlobStore, type CryptoServices } from "@twin/crypto"
import {
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { attachmentLabel, isLabelMandatory, labelForNewContent, localDocumentOf } from "@twin/mip"
import { Effect, Option, Schema } from "effect"
import { attachmentTypeOf } from "../AttachmentType.ts"
import type { LowerEvent } from "../LowerEvent.ts"
import { type MailMessage, ProtectionChoice } from "../MailMessage.ts"
import { textBytes } from "../MessageContent.ts"
import { type DraftAttachment, digestOf, type Protecting } from "../mail-flow/Draft.ts"
import { type Transported, transport } from "../mail-flow/transport.ts"
import { Importance } from "../rules/RuleConditions.ts"
import type { ExchangeEvent, ExchangeWorld } from "../State.ts"
import { Attachment, addresses, body } from "./params.ts"

const SendMail = Schema.Struct({
  to: Schema.optionalKey(addresses("Recipients; groups reach their members")),
  cc: Schema.optionalKey(addresses("Recipients of a copy")),
  bcc: Schema.optionalKey(addresses("Recipients whom the others do not see")),
  subject: Schema.String.annotate({ description: "Subject; it is not encrypted" }),
  body: Schema.optionalKey(body),
  attachments: Schema.optionalKey(
    Schema.Array(Attachment).annotate({ description: "Files that travel with the message" }),
  ),
  protection: Schema.optionalKey(
    ProtectionChoice.annotate({ description: "What the sender chooses in Outlook" }),
  ),
  label: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Sensitivity label, by name or id" }),
  ),
  meeting: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "The message is an invitation to a meeting" }),
  ),
  importance: Schema.optionalKey(Importance.annotate({ description: "Normal unless given" })),
  classification: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Message classification of Outlook" }),
  ),
})
type SendMail = typeof SendMail.Type

export const sendMail = operation({
  name: "send-mail",
  summary: "Sends a message, protected or not, through mail flow.",
  params: SendMail,
  facts: ["EXO-003", "EXO-005", "EXO-038", "EXO-039", "EXO-040", "EXO-051", "EXO-089"],
  secrets: ["body", "attachments"],
  decide: Effect.fnUntraced(function* (
    call: Call<ExchangeWorld>,
    params: SendMail,
  ): Effect.fn.Return<Ruling<ExchangeEvent | LowerEvent>, never, CryptoServices> {
    const files = yield* attachmentsOf(call, params.attachments ?? [])
    if (files.refused !== undefined) return { decision: files.refused }
    const choice = labelChoice(call, params, files.attachments)
    if (choice.decision.outcome !== "allow") return { decision: choice.decision }
    const sent = yield* transport(call, {
      from: call.actor.id,
      to: params.to ?? [],
      cc: params.cc ?? [],
      bcc: params.bcc ?? [],
      subject: params.subject,
      body: params.body ?? "",
      attachments: files.attachments,
      protecting: choice.protecting,
      ...(choice.labelMethod === undefined ? {} : { labelMethod: choice.labelMethod }),
      ...(params.meeting === undefined ? {} : { isMeeting: params.meeting }),
      importance: params.importance ?? "Normal",
      ...(params.classification === undefined ? {} : { classification: params.classification }),
      isByService: false,
      isReplyToOwnProtection: false,
    })
    const ruling = rulingOf(sent)
    return { ...ruling, warnings: [...(ruling.warnings ?? []), ...choice.warnings] }
  }),
})

const mandatory = gate<{ readonly isMissing: boolean }>()({
  name: "mandatory-label",
  facts: ["MIP-133", "MIP-137"],
  reads: ["isMissing"],
  check: ({ isMissing }) =>
    isMissing
      ? deny(
          "The policy demands a label before the message is sent.",
          {},
          {
            code: "LabelRequired",
            message: "Your organization requires a sensitivity label on this message. Select one.",
          },
        )
      : pass("No label is missing where one has to be."),
})

interface LabelChoice {
  readonly decision: Decision
  readonly protecting: Protecting
  readonly labelMethod?: "Standard" | "Privileged"
  readonly warnings: readonly string[]
}

/** The sender's label; else that of the attachments, else the default for mail (MIP-132, MIP-134). */
const labelChoice = (
  { world, actor, now }: Call<ExchangeWorld>,
  params: SendMail,
  attachments: readonly DraftAttachment[],
): LabelChoice => {
  const chosen = protectingOf(params)
  const isFree = chosen.kind === "none"
  const labels = attachments.flatMap(({ labelId }) => (labelId === undefined ? [] : [labelId]))
  const inherited = isFree ? attachmentLabel(world, actor.id, labels, now) : undefined
  const byDefault = isFree ? labelForNewContent(world, actor.id, "mail", now) : undefined
  const label = inherited?.action === "Automatic" ? inherited.label : byDefault
  const isMissing =
    params.label === undefined &&
    label === undefined &&
    isLabelMandatory(world, actor.id, "mail", now)
  return {
    decision: decideByGates([mandatory], { isMissing }),
    protecting: label === undefined ? chosen : { kind: "label", label: label.id },
    ...(label === undefined ? {} : { labelMethod: "Standard" }),
    warnings:
      inherited?.action === "Recommended"
        ? [`The attachments have the label '${inherited.label.displayName}': it is recommended.`]
        : [],
  }
}

/** A label says what is to be done; an option beside it is the choice a label leaves to the sender. */
const protectingOf = ({ label, protection = "none" }: SendMail): Protecting =>
  label === undefined ? { kind: protection } : { kind: "label", label }

/** What a sent, answered or forwarded message comes to. */
export const rulingOf = (sent: Transported): Ruling<ExchangeEvent | LowerEvent> => {
  const { decision, message, events, mail, audit = [] } = sent
  if (message === undefined) return { decision, events, mail }
  const rows = message.copies.flatMap((copy) =>
    copy.deliveries.map(({ recipient, form, link }) => ({
      recipient,
      form,
      protection: copy.protection.kind,
      contentId: copy.protection.contentId ?? null,
      link: link ?? null,
      expiresAt: copy.expiresAt ?? null,
      rules: copy.rules.map(({ rule }) => rule),
    })),
  )
  const [first] = rows
  return {
    decision,
    events,
    mail,
    audit,
    output: [
      {
        id: message.id,
        message: message.id,
        messageId: message.messageId,
        subject: message.copies[0]?.subject ?? message.subject,
        ...(typeof first?.link === "string" ? { link: first.link } : {}),
        deliveries: rows,
        returned: message.returned.map(({ recipients, status, code, text }) => ({
          recipients,
          status,
          code,
          text,
        })),
      },
    ],
    warnings: [
      ...message.returned.map(
        ({ recipients, status, text }) => `${status} for ${recipients.join(", ")}: ${text}`,
      ),
      ...oldFormats(message),
    ],
  }
}

/** EXO-053: the service does not protect the formats of 97-2003. */
const oldFormats = ({ copies }: MailMessage): readonly string[] => {
  const names = copies
    .filter(({ protection }) => protection.contentId !== undefined)
    .flatMap(({ attachments }) => attachments)
    .filter(({ name, state }) => state === "clear" && attachmentTypeOf(name) === "office-97")
    .map(({ name }) => name)
  return [...new Set(names)].map(
    (name) => `'${name}' has no protection of its own: the service protects newer formats only.`,
  )
}

interface Files {
  readonly attachments: readonly DraftAttachment[]
  readonly refused?: Decision
}

const documentKnown = gate<{ readonly missing: string }>()({
  name: "attached-document",
  facts: ["EXO-148"],
  reads: ["missing"],
  check: ({ missing }) =>
    missing === ""
      ? pass("Every document to attach is there.")
      : deny("There is no such document to attach.", { document: missing }),
})

/** Text becomes bytes, documents are taken as they lie, with the protection they have (EXO-148). */
const attachmentsOf = Effect.fnUntraced(function* (
  { world }: Call<ExchangeWorld>,
  given: readonly Attachment[],
): Effect.fn.Return<Files, never, CryptoServices> {
  const blobs = yield* BlobStore
  const attachments: DraftAttachment[] = []
  for (const file of given) {
    const { document, isPasswordProtected = false } = file
    if (document === undefined) {
      const bytes = textBytes(file.content ?? "")
      const sizeBytes = Math.max(file.sizeBytes ?? 0, bytes.length)
      const digest = digestOf(bytes)
      attachments.push({ name: file.name, bytes, digest, sizeBytes, isPasswordProtected })
      continue
    }
    const known = localDocumentOf(world, document)
    const bytes =
      known === undefined ? Option.none() : yield* Effect.option(blobs.get(known.blobId))
    if (known === undefined || Option.isNone(bytes)) {
      return {
        attachments,
        refused: decideByGates([documentKnown], { missing: document }),
      }
    }
    attachments.push({
      name: file.name,
      bytes: bytes.value,
      digest: known.plaintextDigest ?? digestOf(bytes.value),
      sizeBytes: Math.max(file.sizeBytes ?? 0, bytes.value.length),
      isPasswordProtected,
      ...(known.contentId === undefined ? {} : { contentId: known.contentId }),
      ...(known.labelId === undefined ? {} : { labelId: known.labelId }),
    })
  }
  return { attachments }
})
