import {
  availabilityKeyAudit,
  BlobStore,
  type CryptoServices,
  eraseAtRest,
  openAtRest,
  sealAtRest,
} from "@twin/crypto"
import { personOf } from "@twin/identity"
import { type AuditEntry, type Call, days, type OutgoingMail } from "@twin/kernel"
import { callAfter, prelicense } from "@twin/mip"
import { Effect, Option } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import { type Delivery, isProtected, type MessageCopy, outsideBlob } from "../MailMessage.ts"
import { textBytes } from "../MessageContent.ts"
import type { WaitingCopy } from "../messageStore.ts"
import { isDefaultTemplate } from "../OmeConfiguration.ts"
import { protectedForm, recipientKindOf } from "../recipientExperience.ts"
import type { RuleRecipient } from "../rules/RuleMessage.ts"
import { brandingOf, type ExchangeWorld, omeConfigurationOf, subscriptionOf } from "../State.ts"
import { hasAdvancedMessageEncryption, hasExpiryAndRevocation } from "../SubscriptionPlan.ts"
import type { Finished } from "./finishCopy.ts"
import { nativeText, wrapperText } from "./mailText.ts"
import { decodeQueued, encodeQueued } from "./QueuedContent.ts"
import { isOwnMailbox, mailboxOfAddress } from "./recipients.ts"

/** Where the portal keeps what its readers open; sealed like a mailbox. */
export const portalContainer = "encrypted-message-portal"

export interface Delivered {
  readonly copy: MessageCopy
  readonly events: readonly LowerEvent[]
  readonly mail: readonly OutgoingMail[]
}

interface Delivering {
  readonly messageId: string
  readonly from: string
  readonly index: number
  readonly finished: Finished
}

/**
 * Puts a copy where its readers find it: mailboxes of the organization sealed at rest, others as the
 * bytes that left, wrappers without content, and the content behind them in the portal.
 */
export const deliver = Effect.fn("deliver")(function* (
  call: Call<ExchangeWorld>,
  o: Delivering,
): Effect.fn.Return<Delivered, never, CryptoServices> {
  const plan = planOf(call, o)
  const events = yield* handIn(call, { ...plan, bytes: o.finished.bytes })
  return { ...plan, events }
})

/** What the service itself does with stored bytes, without a person who asks. */
const asService = (now: number) => ({ origin: "System", now }) as const

interface HandingIn extends Plan {
  readonly bytes: Uint8Array
}

const handIn = Effect.fn("handIn")(function* (
  call: Call<ExchangeWorld>,
  { copy, mail, bytes }: HandingIn,
): Effect.fn.Return<readonly LowerEvent[], never, CryptoServices> {
  const events: LowerEvent[] = []
  const seal = Effect.fnUntraced(function* (container: string, objectId: string) {
    const next = callAfter(call, events)
    const sealing = { workload: "Exchange", container, objectId, plaintext: bytes } as const
    // The transport service writes, not the reader: that goes on after a revocation (CRY-086).
    events.push(...(yield* sealAtRest(next.world, sealing, asService(call.now))))
  })
  if (copy.portalObject !== undefined) yield* seal(portalContainer, copy.portalObject)
  const blobs = yield* BlobStore
  for (const [index, delivery] of copy.deliveries.entries()) {
    const text = mail[index]?.text ?? ""
    if (delivery.isInternal) yield* seal(delivery.mailbox, delivery.storedAs)
    else {
      const isWrapper = delivery.form === "wrapper"
      yield* blobs.put(outsideBlob(delivery.storedAs), isWrapper ? textBytes(text) : bytes)
    }
  }
  const { contentId } = copy.protection
  if (contentId !== undefined) {
    const recipients = copy.deliveries
      .filter(({ isInternal }) => isInternal)
      .map(({ mailbox }) => mailbox)
    events.push(...(yield* prelicense(callAfter(call, events), { bytes, contentId, recipients })))
  }
  return events
})

/** Where what waits for servers outside lies; sealed like a mailbox. */
const queueContainer = "mail-queue"

/** A copy as it will be handed in, sealed until a server takes it. */
export const setAside = Effect.fn("setAside")(function* (
  call: Call<ExchangeWorld>,
  o: Delivering & { readonly queueId: string },
): Effect.fn.Return<
  { readonly waiting: WaitingCopy; readonly events: readonly LowerEvent[] },
  never,
  CryptoServices
> {
  const { copy, mail } = planOf(call, o)
  const storedAs = `queue/${o.queueId}`
  const plaintext = encodeQueued({ bytes: o.finished.bytes, mail })
  const sealing = { workload: "Exchange", container: queueContainer, objectId: storedAs } as const
  const events = yield* sealAtRest(call.world, { ...sealing, plaintext }, asService(call.now))
  return { waiting: { message: o.messageId, copy, storedAs }, events }
})

/** Hands in what was set aside, and removes it; undefined where the service cannot read it now. */
export const deliverWaiting = Effect.fn("deliverWaiting")(function* (
  call: Call<ExchangeWorld>,
  { copy, storedAs }: WaitingCopy,
): Effect.fn.Return<Omit<Delivered, "copy"> | undefined, never, CryptoServices> {
  const stored = yield* Effect.option(openAtRest(call.world, storedAs, asService(call.now)))
  const content = Option.getOrUndefined(Option.flatMap(stored, decodeQueued))
  if (content === undefined) return undefined
  const { bytes, mail } = content
  const events: LowerEvent[] = [...(yield* handIn(call, { copy, mail, bytes }))]
  events.push(...(yield* eraseAtRest(callAfter(call, events).world, storedAs)))
  return { events, mail }
})

/** Removes what was set aside and will never be handed in. */
export const dropWaiting = (
  call: Call<ExchangeWorld>,
  { storedAs }: WaitingCopy,
): Effect.Effect<readonly LowerEvent[], never, CryptoServices> => eraseAtRest(call.world, storedAs)

interface Plan {
  readonly copy: MessageCopy
  /** One for each delivery, in the same order. */
  readonly mail: readonly OutgoingMail[]
}

/** Who gets what in which form; nothing is written yet. */
const planOf = (call: Call<ExchangeWorld>, o: Delivering): Plan => {
  const { world, now } = call
  const { finished, messageId } = o
  const branding = brandingFor(world, finished)
  const expiresAt = branding === undefined ? undefined : expiryOf(world, branding, now)
  const deliveries = finished.recipients.map((it) =>
    deliveryTo(call, o, { recipient: it, isBranded: branding !== undefined }),
  )
  const hasWrapper = deliveries.some(({ form }) => form === "wrapper")
  const copy: MessageCopy = {
    subject: finished.subject,
    protection: finished.protection,
    attachments: finished.attachments,
    deliveries,
    rules: finished.copy.hits.map(({ rule, kind }) => ({ rule, kind })),
    ...(branding === undefined ? {} : { branding }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(hasWrapper ? { portalObject: `portal/${messageId}/${o.index}` } : {}),
  }
  return { copy, mail: deliveries.map((delivery) => mailFor(world, o, { copy, delivery })) }
}

/** EXO-126, EXO-127: branding dresses what is encrypted; templates of one's own need the licence. */
const brandingFor = (world: ExchangeWorld, { copy, protection }: Finished): string | undefined => {
  const named = copy.branding?.value
  if (named === undefined || protection.contentId === undefined) return undefined
  const template = omeConfigurationOf(world, named)
  if (template === undefined) return undefined
  return isDefaultTemplate(template.name) || hasAdvancedMessageEncryption(subscriptionOf(world))
    ? template.name
    : undefined
}

/** EXO-165, EXO-167: from a template of one's own, for good when the mail is sent. */
const expiryOf = (world: ExchangeWorld, name: string, now: number): number | undefined => {
  const inDays = omeConfigurationOf(world, name)?.ExternalMailExpiryInDays ?? 0
  if (inDays === 0 || isDefaultTemplate(name)) return undefined
  return hasExpiryAndRevocation(subscriptionOf(world)) ? now + days(inDays) : undefined
}

const deliveryTo = (
  { world, draw }: Call<ExchangeWorld>,
  { messageId, finished, index }: Delivering,
  to: { readonly recipient: RuleRecipient; readonly isBranded: boolean },
): Delivery => {
  const { original: recipient, field } = to.recipient
  const isInternal = isOwnMailbox(world, recipient)
  const mailbox = mailboxOfAddress(world, recipient)
  const kind = recipientKindOf({
    address: recipient,
    isOwnMailbox: isInternal,
    account: personOf(world, recipient)?.account ?? "unknown",
  })
  const isLegacy = finished.copy.protection?.value.isLegacy === true
  const form = !isProtected(finished.protection)
    ? "plain"
    : finished.protection.kind === "foreign"
      ? "native"
      : protectedForm(kind, to.isBranded || isLegacy)
  return {
    recipient,
    mailbox,
    field,
    form,
    isInternal,
    storedAs: `${isInternal ? "mailbox" : "outside"}/${mailbox}/${messageId}`,
    ...(form === "plain" ? {} : { link: draw.token(`link ${index} ${recipient}`, 22) }),
  }
}

const mailFor = (
  world: ExchangeWorld,
  { from, finished, messageId }: Delivering,
  { copy, delivery }: { readonly copy: MessageCopy; readonly delivery: Delivery },
): OutgoingMail => {
  const base = {
    from,
    to: delivery.mailbox,
    subject: copy.subject,
    attachments: [delivery.storedAs],
  }
  const { kind } = copy.protection
  const link = delivery.link ?? messageId
  const around = finished.copy.disclaimers
    .filter(({ place }) => place === "Envelope")
    .map(({ text }) => text)
  if (delivery.form === "plain" || kind === "none") {
    return { ...base, kind: "message", text: finished.clearBody ?? "", link: messageId }
  }
  const text =
    delivery.form === "native"
      ? nativeText(kind, link)
      : wrapperText({
          from,
          template: brandingOf(world, copy),
          link,
          expiresAt: copy.expiresAt,
        })
  return { ...base, kind: "encrypted-message", text: [...around, text].join("\n"), link }
}

/** A record for each mailbox into which the service got by the availability key (CRY-129). */
export const fallbacksOf = (
  { world, now }: Call<ExchangeWorld>,
  copies: readonly MessageCopy[],
): readonly AuditEntry[] =>
  copies
    .flatMap(({ deliveries }) => deliveries)
    .flatMap(({ isInternal, storedAs }) =>
      isInternal ? (availabilityKeyAudit(world, storedAs, asService(now)) ?? []) : [],
    )
