import type { CryptoServices } from "@twin/crypto"
import type { Call, Client, Decision } from "@twin/kernel"
import {
  callAfter,
  doNotForward,
  effectOf,
  encryptOnly,
  inheritedProtection,
  labelOf,
  type Protection,
  protectContent,
} from "@twin/mip"
import { Effect } from "effect"
import { attachmentTypeOf, inheritsProtection, type ProtectedBy } from "../AttachmentType.ts"
import type { LowerEvent } from "../LowerEvent.ts"
import type { CopyProtection, MessageAttachment } from "../MailMessage.ts"
import { type AttachmentContent, encodeContent } from "../MessageContent.ts"
import { type ExchangeWorld, irmConfigurationOf } from "../State.ts"
import type { Draft, DraftAttachment, Protecting } from "./Draft.ts"

/** A message as it travels. */
export interface Sealed {
  readonly decision: Decision
  /** Absent where the decision refuses. */
  readonly bytes?: Uint8Array
  readonly protection: CopyProtection
  readonly attachments: readonly MessageAttachment[]
  readonly events: readonly LowerEvent[]
}

/** What to protect, for whom, and who does it. */
export interface ProtectMessage {
  readonly draft: Draft
  readonly protecting: Exclude<Protecting, { readonly kind: "none" }>
  /** Everybody who is to be able to read it, as addressed and as known (EXO-040). */
  readonly readers: readonly string[]
  readonly by: ProtectedBy
  /** A mail flow rule does it: no client, no onboarding policy. */
  readonly rule?: string
}

/** How the mip package is told: permissions by recipients, a label, or a template. */
const wishOf = (protecting: ProtectMessage["protecting"], readers: readonly string[]) => {
  switch (protecting.kind) {
    case "encrypt-only":
      return { custom: encryptOnly(readers) }
    case "do-not-forward":
      return { custom: doNotForward(readers) }
    case "label":
      return { label: protecting.label, recipients: readers }
    case "template":
      return { template: protecting.templateId }
  }
}

/**
 * Protects a message and what hangs on it: supported files first, with the same protection and one
 * content id for all of them (EXO-051, EXO-060), then the whole message around them.
 */
export const protectMessage = Effect.fn("protectMessage")(function* (
  call: Call<ExchangeWorld>,
  o: ProtectMessage,
): Effect.fn.Return<Sealed, never, CryptoServices> {
  const { draft, protecting, readers, rule } = o
  const sender = { address: issuerOf(draft), client: composingClient(call.actor.client, o.by) }
  const files = yield* protectAttachments(call, o)
  if (files.refused !== undefined) {
    return { ...nothing, decision: files.refused, events: files.events }
  }
  const body = yield* protectContent(callAfter(call, files.events), {
    ...sender,
    ...wishOf(protecting, readers),
    form: "mail",
    name: draft.subject,
    content: encodeContent({
      subject: draft.subject,
      body: draft.body,
      attachments: files.contents,
    }),
    // Copies of one message may be protected apart: each has an id of its own.
    contentId: call.draw.guid(`message ${rule ?? "sender"} ${readers.join(" ")}`),
    ...(draft.isMeeting === undefined ? {} : { isMeeting: draft.isMeeting }),
    isServerSide: isServerSide(o),
    isHosted: true,
  })
  const events = [...files.events, ...body.events]
  if (body.bytes === undefined) return { ...nothing, decision: body.decision, events }
  return {
    decision: body.decision,
    bytes: body.bytes,
    protection: protectionOn(body.protection, { labelId: body.labelId, rule }),
    attachments: files.attachments,
    events,
  }
})

const issuerOf = ({ issuer, from }: Draft): string => issuer ?? from

/** No person chooses a label or template: policies of persons are not asked. */
const isServerSide = ({ rule, draft }: ProtectMessage): boolean =>
  rule !== undefined || draft.isByService || draft.issuer !== undefined

const nothing = { protection: { kind: "none", by: "sender" }, attachments: [] } as const

/** Outlook on the web and mobile, and every rule, let the service protect; desktop does it itself. */
const composingClient = (client: Client, by: ProtectedBy): Client => ({
  ...client,
  app: by === "desktop-client" ? "outlook-desktop" : "outlook-web",
})

/** A label without encryption protects nothing: the copy then has a label and no content id. */
const protectionOn = (
  protection: Protection | undefined,
  { labelId, rule }: { readonly labelId: string | undefined; readonly rule: string | undefined },
): CopyProtection => {
  const by = rule === undefined ? { by: "sender" as const } : { by: "rule" as const, rule }
  const labelled = labelId === undefined ? {} : { labelId }
  if (protection === undefined) return { kind: "none", ...labelled, ...by }
  const kind = protection.kind === "user-defined" ? "template" : protection.kind
  const { contentId, templateId } = protection
  return {
    kind,
    contentId,
    ...labelled,
    ...(templateId === undefined ? {} : { templateId }),
    ...by,
  }
}

interface ProtectedFiles {
  readonly contents: readonly AttachmentContent[]
  readonly attachments: readonly MessageAttachment[]
  readonly events: readonly LowerEvent[]
  readonly refused?: Decision
}

const protectAttachments = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  o: ProtectMessage,
): Effect.fn.Return<ProtectedFiles, never, CryptoServices> {
  const { draft, by } = o
  const { EnablePdfEncryption: isPdfEncryptionEnabled } = irmConfigurationOf(call.world)
  const wish = attachmentWish(call, o)
  const shared = call.draw.guid(`attachments ${o.rule ?? "sender"} ${o.readers.join(" ")}`)
  const contents: AttachmentContent[] = []
  const attachments: MessageAttachment[] = []
  const events: LowerEvent[] = []
  for (const file of draft.attachments) {
    const type = attachmentTypeOf(file.name)
    const inherits =
      wish !== undefined &&
      file.contentId === undefined &&
      !file.isPasswordProtected &&
      inheritsProtection({ type, by, isPdfEncryptionEnabled })
    if (!inherits) {
      contents.push({ name: file.name, bytes: file.bytes })
      attachments.push(attachmentAsIs(file))
      continue
    }
    const done = yield* protectContent(callAfter(call, events), {
      ...wish,
      address: issuerOf(draft),
      client: composingClient(call.actor.client, by),
      form: "mail-attachment",
      name: file.name,
      content: file.bytes,
      contentId: shared,
      isServerSide: isServerSide(o),
    })
    events.push(...done.events)
    if (done.bytes === undefined) return { contents, attachments, events, refused: done.decision }
    contents.push({ name: file.name, bytes: done.bytes })
    attachments.push({ ...attachmentAsIs(file), state: "inherited", contentId: shared })
  }
  return { contents, attachments, events }
})

export const attachmentAsIs = (file: DraftAttachment): MessageAttachment => ({
  name: file.name,
  sizeBytes: file.sizeBytes,
  digest: file.digest,
  isPasswordProtected: file.isPasswordProtected,
  state: file.contentId === undefined ? "clear" : "own",
  ...(file.contentId === undefined ? {} : { contentId: file.contentId }),
})

/** What files inherit; undefined where the label of the message encrypts nothing (MIP-135). */
const attachmentWish = (
  call: Call<ExchangeWorld>,
  { draft, protecting, readers }: ProtectMessage,
) => {
  const mail: Protection = {
    contentId: "message",
    name: draft.subject,
    form: "mail",
    kind: "template",
    issuer: draft.from,
    owner: draft.from,
    issuedAt: call.now,
    grants: [],
  }
  switch (protecting.kind) {
    case "encrypt-only":
      return inheritedProtection({ ...mail, ...encryptOnly(readers) })
    case "do-not-forward":
      return inheritedProtection({ ...mail, ...doNotForward(readers) })
    case "template":
      return inheritedProtection({ ...mail, templateId: protecting.templateId })
    case "label": {
      const label = labelOf(call.world, protecting.label)
      const encryption = label?.encryption
      if (label === undefined || encryption === undefined) return undefined
      switch (effectOf(label)) {
        case "template":
          return inheritedProtection({
            ...mail,
            labelId: label.id,
            ...(encryption.templateId === undefined ? {} : { templateId: encryption.templateId }),
          })
        case "user-defined":
          return inheritedProtection({
            ...mail,
            ...(encryption.doNotForward ? doNotForward(readers) : encryptOnly(readers)),
          })
        case "none":
        case "remove":
          return undefined
      }
    }
  }
}
