import type { CryptoServices } from "@twin/crypto"
import type { Call } from "@twin/kernel"
import { refusalOf } from "@twin/kernel"
import { callAfter, effectiveRights, republishContent } from "@twin/mip"
import { Effect } from "effect"
import { evaluateRuleProtection, type SendFacets } from "../decisions/evaluateSend.ts"
import type { LowerEvent } from "../LowerEvent.ts"
import type { CopyProtection, MessageAttachment } from "../MailMessage.ts"
import { type AttachmentContent, encodeContent, type MessageContent } from "../MessageContent.ts"
import { rightsTemplateOf } from "../rightsTemplate.ts"
import type { RuleRecipient } from "../rules/RuleMessage.ts"
import type { RuleCopy } from "../rules/runRules.ts"
import { type ExchangeWorld, irmConfigurationOf } from "../State.ts"
import type { Draft, DraftAttachment, Protecting } from "./Draft.ts"
import { type Inspected, type InTransit, openedFile } from "./inspect.ts"
import { protectMessage } from "./protectMessage.ts"

/** Why some recipients get nothing (the message trace calls it the status). */
export interface Returned {
  readonly recipients: readonly RuleRecipient[]
  readonly status: "Failed" | "Pending" | "Dropped"
  readonly code: string
  readonly text: string
  /** Set where the recipients wait in the queue. */
  readonly queueId?: string
}

/** A copy as it leaves transport. */
export interface Finished {
  readonly copy: RuleCopy
  readonly recipients: readonly RuleRecipient[]
  readonly subject: string
  readonly bytes: Uint8Array
  readonly protection: CopyProtection
  readonly attachments: readonly MessageAttachment[]
  /** Only for mail that leaves in clear: what the mailbox shows. */
  readonly clearBody?: string
}

export interface FinishedCopy {
  readonly finished?: Finished
  readonly returned: readonly Returned[]
  readonly events: readonly LowerEvent[]
}

/** Everything that is known about the message when its copies are finished. */
export interface Finishing {
  readonly draft: Draft
  readonly facets: SendFacets
  readonly transit: InTransit
  readonly inspected: Inspected
}

const returns = (
  copy: RuleCopy,
  status: Returned["status"],
  code: string,
  text: string,
): FinishedCopy => ({
  returned: [{ recipients: copy.recipients, status, code, text }],
  events: [],
})

/**
 * Carries out what the rules decided for some of the recipients: protection is put on or taken off
 * once, after all rules, and what was opened for inspection is closed again (EXO-089, EXO-092).
 */
export const finishCopy = Effect.fn("finishCopy")(function* (
  call: Call<ExchangeWorld>,
  o: Finishing,
  copy: RuleCopy,
): Effect.fn.Return<FinishedCopy, never, CryptoServices> {
  if (copy.rejection !== undefined) {
    const { code, text } = copy.rejection.value
    return returns(copy, "Failed", code, text)
  }
  if (copy.deletedBy !== undefined) return returns(copy, "Dropped", "", "")
  if (copy.deferredBy !== undefined) {
    return returns(copy, "Pending", "4.7.0", "Message delivery is deferred: a rule failed.")
  }
  const clear = yield* clearContent(call, o, copy)
  if (copy.protection !== undefined && clear !== undefined) {
    return yield* protectedByRule(call, o, copy, clear)
  }
  const isKept = o.transit.protection.kind !== "none" && !copy.isProtectionRemoved
  const finished = isKept
    ? yield* keptProtected(call, o, copy)
    : { finished: inClear(o, copy, clear), returned: [], events: [] }
  return finished
})

/** Body and files without protection of the message, with what the rules wrote into it. */
const clearContent = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  { transit, inspected: { content } }: Finishing,
  copy: RuleCopy,
): Effect.fn.Return<MessageContent | undefined, never, CryptoServices> {
  if (content === undefined) return undefined
  const attachments: AttachmentContent[] = []
  for (const file of content.attachments) {
    attachments.push(
      copy.isAttachmentProtectionRemoved ? yield* openedFile(call, transit, file, "own") : file,
    )
  }
  return { ...edited(content, copy), attachments }
})

/** Subject and body after the rules (EXO-138). */
const edited = (content: MessageContent, copy: RuleCopy): MessageContent => {
  const before = copy.disclaimers.filter(({ place }) => place === "Prepend")
  const after = copy.disclaimers.filter(({ place }) => place === "Append")
  return {
    ...content,
    subject: copy.message.subject,
    body: [...before.map(({ text }) => text), content.body, ...after.map(({ text }) => text)].join(
      "\n",
    ),
  }
}

const inClear = (o: Finishing, copy: RuleCopy, clear: MessageContent | undefined): Finished => {
  const content = clear ?? { subject: copy.message.subject, body: "", attachments: [] }
  return {
    copy,
    recipients: copy.recipients,
    subject: content.subject,
    bytes: encodeContent(content),
    protection: {
      kind: "none",
      by: "sender",
      ...(o.transit.protection.labelId === undefined
        ? {}
        : { labelId: o.transit.protection.labelId }),
    },
    attachments: content.attachments.map((file) => afterRemoval(o, copy, file)),
    clearBody: content.body,
  }
}

/** Files that inherited are in clear with the message; their own protection goes only when asked. */
const afterRemoval = (
  { transit }: Finishing,
  copy: RuleCopy,
  file: AttachmentContent,
): MessageAttachment => {
  const known = transit.attachments.find(({ name }) => name === file.name)
  const base = {
    name: file.name,
    sizeBytes: known?.sizeBytes ?? file.bytes.length,
    digest: known?.digest ?? "unknown",
    isPasswordProtected: known?.isPasswordProtected ?? false,
  }
  const isOwn = known?.state === "own" && known.contentId !== undefined
  return isOwn && !copy.isAttachmentProtectionRemoved
    ? { ...base, state: "own", contentId: known.contentId }
    : { ...base, state: "clear" }
}

/** The protection that the message came with stays; edits are written under it again (EXO-092). */
const keptProtected = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  o: Finishing,
  copy: RuleCopy,
): Effect.fn.Return<FinishedCopy, never, CryptoServices> {
  const { transit, inspected } = o
  const { contentId } = transit.protection
  const isEdited =
    copy.message.subject !== o.draft.subject ||
    copy.disclaimers.some(({ place }) => place !== "Envelope")
  const kept: Finished = {
    copy,
    recipients: copy.recipients,
    subject: copy.message.subject,
    bytes: transit.bytes,
    protection: transit.protection,
    attachments: transit.attachments,
  }
  if (!isEdited || inspected.asSent === undefined || contentId === undefined) {
    return withReaders(call, { finished: kept, returned: [], events: [] })
  }
  const plaintext = encodeContent(edited(inspected.asSent, copy))
  const again = yield* republishContent(call, { contentId, plaintext })
  // EXO-091: what cannot be closed again is returned, and the clear message is not attached.
  if (again === undefined) return returns(copy, "Failed", "5.7.1", reencryptionFailed)
  return withReaders(call, {
    finished: { ...kept, bytes: again.bytes },
    returned: [],
    events: again.events,
  })
})

const reencryptionFailed = "The message can't be encrypted again after inspection."

const protectingOf = (world: ExchangeWorld, name: string): Protecting | undefined => {
  const template = rightsTemplateOf(world, name)
  if (template === undefined) return undefined
  return template.kind === "template"
    ? { kind: "template", templateId: template.templateId }
    : { kind: template.kind }
}

/** A rule protects: with the tenant's gates, for the recipients of this copy (EXO-040, EXO-125). */
const protectedByRule = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  o: Finishing,
  copy: RuleCopy,
  clear: MessageContent,
): Effect.fn.Return<FinishedCopy, never, CryptoServices> {
  const name = copy.protection?.value.template ?? ""
  const protecting = protectingOf(call.world, name)
  if (protecting === undefined || protecting.kind === "none") {
    return returns(copy, "Failed", "5.7.1", `The RMS template '${name}' can't be found.`)
  }
  const admitted = evaluateRuleProtection({ ...o.facets, wanted: protecting.kind })
  if (admitted.outcome !== "allow") {
    return returns(copy, "Failed", "5.7.1", refusalOf(admitted)?.message ?? "Refused.")
  }
  const attachments = clear.attachments.map((file) => redraft(o, copy, file))
  const sealed = yield* protectMessage(call, {
    draft: { ...o.draft, subject: clear.subject, body: clear.body, attachments },
    protecting,
    readers: readersOf(copy.recipients),
    by: "service",
    rule: copy.protection?.rule ?? "",
  })
  if (sealed.bytes === undefined) {
    const text = refusalOf(sealed.decision)?.message ?? "The message can't be encrypted."
    return { ...returns(copy, "Failed", "5.7.1", text), events: sealed.events }
  }
  const { labelId } = o.transit.protection
  const finished: Finished = {
    copy,
    recipients: copy.recipients,
    subject: clear.subject,
    bytes: sealed.bytes,
    protection: { ...(labelId === undefined ? {} : { labelId }), ...sealed.protection },
    attachments: sealed.attachments,
  }
  return withReaders(call, { finished, returned: [], events: sealed.events })
})

/** A file of the opened message as if it were attached anew. */
const redraft = (o: Finishing, copy: RuleCopy, file: AttachmentContent): DraftAttachment => {
  const { state: _, contentId, ...known } = afterRemoval(o, copy, file)
  return { ...known, bytes: file.bytes, ...(contentId === undefined ? {} : { contentId }) }
}

/** Everybody under the address that was written and under the one that is known. */
export const readersOf = (recipients: readonly RuleRecipient[]): readonly string[] =>
  [...new Set(recipients.flatMap(({ address, original }) => [address, original]))].toSorted()

/**
 * `RejectIfRecipientHasNoRights`: mail is returned for recipients whom the protection leaves out;
 * without it they get a message that they cannot open (EXO-029, EXO-040).
 */
const withReaders = (
  call: Call<ExchangeWorld>,
  done: FinishedCopy & { readonly finished: Finished },
): FinishedCopy => {
  const { finished, events } = done
  const { contentId } = finished.protection
  const { world } = callAfter(call, events)
  if (!irmConfigurationOf(world).RejectIfRecipientHasNoRights || contentId === undefined) {
    return done
  }
  const left = finished.recipients.filter(
    ({ original }) =>
      !effectiveRights(world, contentId, original, call.now, { isPortal: true }).rights.includes(
        "VIEW",
      ),
  )
  if (left.length === 0) return done
  const text = "The recipient has no rights to the protected message."
  return {
    finished: { ...finished, recipients: finished.recipients.filter((it) => !left.includes(it)) },
    returned: [{ recipients: left, status: "Failed", code: "5.7.1", text }],
    events,
  }
}
