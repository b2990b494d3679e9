import type { CryptoServices } from "@twin/crypto"
import { userOf } from "@twin/identity"
import type { Call } from "@twin/kernel"
import {
  classifyText,
  effectOf,
  evaluateServiceLabel,
  groupAddressesOf,
  type InsertedMarks,
  type Label,
  labelOf,
  marksFor,
  resolvesVariables,
} from "@twin/mip"
import { Effect } from "effect"
import { attachmentTypeOf } from "../AttachmentType.ts"
import type { LowerEvent } from "../LowerEvent.ts"
import type { RuleRecipient } from "../rules/RuleMessage.ts"
import type { RuleCopy } from "../rules/runRules.ts"
import { type ExchangeWorld, scopeOf } from "../State.ts"
import type { Draft } from "./Draft.ts"
import { readersOf } from "./finishCopy.ts"
import type { Inspected, InTransit } from "./inspect.ts"
import { protectMessage } from "./protectMessage.ts"
import { isOwnMailbox } from "./recipients.ts"

/** A message after the policies of automatic labelling have looked at it. */
export interface LabelledInTransit {
  readonly transit: InTransit
  readonly events: readonly LowerEvent[]
  /** A policy labelled it. That it encrypts, rules see like any protection (MIP-150). */
  readonly label?: Label
}

/** Types of attachments that are looked into (MIP-149). */
const isRead = (name: string): boolean => {
  const type = attachmentTypeOf(name)
  return type === "office" || type === "pdf"
}

const isOutside = ({ scope }: RuleRecipient): boolean => scope !== "InOrganization"

/** Body and attachments; the subject is not looked at. */
export const textOfMail = ({ content }: Inspected): string =>
  content === undefined
    ? ""
    : [
        content.body,
        ...content.attachments
          .filter(({ name }) => isRead(name))
          .map(({ bytes }) => new TextDecoder().decode(bytes)),
      ].join("\n")

/**
 * Mail on its way is labelled by policies of automatic labelling, before the rules: only the message
 * gets the label, attachments take its encryption (MIP-149). Mail from outside is encrypted only where
 * an owner is named for it (MIP-148).
 */
export const labelInTransit = Effect.fn("labelInTransit")(function* (
  call: Call<ExchangeWorld>,
  o: {
    readonly draft: Draft
    readonly recipients: readonly RuleRecipient[]
    readonly transit: InTransit
    readonly inspected: Inspected
  },
): Effect.fn.Return<LabelledInTransit, never, CryptoServices> {
  const { draft, recipients, transit, inspected } = o
  const { content } = inspected
  const { world, now } = call
  const untouched = { transit, events: [] }
  const isOn = world.mip.labeling.policies.some(({ mode }) => mode !== "Disable")
  if (!isOn || content === undefined) return untouched
  const classification = yield* classifyText(world, textOfMail(inspected))
  const { labelId } = transit.protection
  const { decision, label, policy } = evaluateServiceLabel({
    world,
    now,
    workload: "Exchange",
    places: [
      draft.from,
      ...groupAddressesOf(world, draft.from, now),
      ...recipients.map(({ address }) => address),
    ],
    classification,
    isSharedOutside: recipients.some(isOutside) || scopeOf(world, draft.from) !== "InOrganization",
    ...(labelId === undefined ? {} : { labelId }),
    // A label on a message was chosen by somebody, or came with a default.
    ...(labelId === undefined ? {} : { labelMethod: draft.labelMethod ?? "Privileged" }),
  })
  if (decision.outcome !== "allow" || label === undefined || policy === undefined) return untouched
  const labelled: LabelledInTransit = {
    transit: { ...transit, protection: { ...transit.protection, labelId: label.id } },
    events: [],
    label,
  }
  const effect = effectOf(label)
  if (effect === "none" || effect === "remove") return labelled
  const owner = isOwnMailbox(world, draft.from)
    ? draft.from
    : policy.externalMailRightsManagementOwner
  if (owner === undefined) return labelled
  const sealed = yield* protectMessage(call, {
    draft: {
      ...draft,
      issuer: owner,
      isByService: true,
      subject: content.subject,
      body: content.body,
      attachments: content.attachments.map((file) => attached(draft, transit, file)),
    },
    protecting: { kind: "label", label: label.id },
    readers: readersOf(recipients),
    by: "service",
    rule: policy.name,
  })
  if (sealed.bytes === undefined) return { ...untouched, events: sealed.events }
  return {
    transit: {
      bytes: sealed.bytes,
      protection: sealed.protection,
      attachments: sealed.attachments,
    },
    events: sealed.events,
    label,
  }
})

/** A file of the message as if it were attached anew; its own protection stays (MIP-135). */
const attached = (
  draft: Draft,
  transit: InTransit,
  file: { readonly name: string; readonly bytes: Uint8Array },
): Draft["attachments"][number] => {
  const known = transit.attachments.find(({ name }) => name === file.name)
  const source = draft.attachments.find(({ name }) => name === file.name)
  return {
    name: file.name,
    bytes: file.bytes,
    digest: known?.digest ?? "unknown",
    sizeBytes: known?.sizeBytes ?? file.bytes.length,
    isPasswordProtected: known?.isPasswordProtected ?? false,
    ...(known?.state === "own" && known.contentId !== undefined
      ? { contentId: known.contentId }
      : {}),
    ...(source?.labelId === undefined ? {} : { labelId: source.labelId }),
  }
}

/** Header and footer that Exchange puts into the copies that leave it (MIP-140): never a watermark. */
export const mailMarks = (
  { world, now, actor }: Call<ExchangeWorld>,
  draft: Draft,
  labelId: string | undefined,
): InsertedMarks => {
  const label = labelId === undefined ? undefined : labelOf(world, labelId)
  if (label === undefined || draft.inReplyTo !== undefined) return {}
  const sender = userOf(world, draft.from)
  return marksFor(label, {
    label: label.displayName,
    name: draft.subject,
    location: draft.subject,
    userName: sender?.displayName ?? draft.from,
    principalName: sender?.userPrincipalName ?? draft.from,
    now,
    app: "Outlook",
    isVariableSupported: resolvesVariables(actor.client, now),
  })
}

/** A copy with the marks around its body. */
export const withMarks = (copy: RuleCopy, { header, footer }: InsertedMarks): RuleCopy => ({
  ...copy,
  disclaimers: [
    ...copy.disclaimers,
    ...(header === undefined ? [] : [{ text: header, place: "Prepend" as const }]),
    ...(footer === undefined ? [] : [{ text: footer, place: "Append" as const }]),
  ],
})
