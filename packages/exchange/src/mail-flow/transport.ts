import { type CryptoServices, inboundMailOf, type QueuedMail, sealAtRest } from "@twin/crypto"
import { domainOf } from "@twin/identity"
import {
  type AuditEntry,
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  type OutgoingMail,
  pass,
} from "@twin/kernel"
import { callAfter } from "@twin/mip"
import { Effect } from "effect"
import { evaluateSend } from "../decisions/evaluateSend.ts"
import type { LowerEvent } from "../LowerEvent.ts"
import {
  isProtected,
  type MailMessage,
  type MessageCopy,
  type ReturnedCopy,
  type TransportHop,
} from "../MailMessage.ts"
import { runRules } from "../rules/runRules.ts"
import { type ExchangeEvent, type ExchangeWorld, irmConfigurationOf } from "../State.ts"
import { type Draft, sizeOf } from "./Draft.ts"
import { deliver, fallbacksOf, setAside } from "./deliver.ts"
import { type Finished, finishCopy, type Returned } from "./finishCopy.ts"
import { inspect } from "./inspect.ts"
import { labelInTransit, mailMarks, withMarks } from "./labelInTransit.ts"
import { type HeldBack, leave } from "./leave.ts"
import { matchingDlpRules, withDlp } from "./mailDlp.ts"
import { nextTryAt } from "./mailQueue.ts"
import { isOtherTenant } from "./nextHop.ts"
import { nonDeliveryReport } from "./nonDelivery.ts"
import { isOwnMailbox, mailboxOfAddress, resolveRecipients } from "./recipients.ts"
import { ruleRunOf } from "./ruleRun.ts"
import { sendFacets } from "./sendFacets.ts"
import { type Submitted, submit } from "./submit.ts"

/** What became of a message. */
export interface Transported {
  readonly decision: Decision
  readonly message?: MailMessage
  readonly events: readonly (ExchangeEvent | LowerEvent)[]
  readonly mail: readonly OutgoingMail[]
  readonly audit?: readonly AuditEntry[]
}

/**
 * The whole way of a message: the tenant's gates, the sender's protection, transport decryption, mail
 * flow rules, protection and branding, delivery.
 */
export const transport = Effect.fn("transport")(function* (
  call: Call<ExchangeWorld>,
  written: Draft,
): Effect.fn.Return<Transported, never, CryptoServices> {
  const draft = { ...written, from: mailboxOfAddress(call.world, written.from) }
  const resolved = resolveRecipients(call.world, draft)
  const isInside = isOwnMailbox(call.world, draft.from)
  // Mail of others to others does not come here, save in a conversation this organization carries.
  const recipients = resolved.recipients.filter(
    ({ scope }) => isInside || scope === "InOrganization" || draft.inReplyTo !== undefined,
  )
  const facets = sendFacets(call, draft, resolved)
  const handedIn = isInside ? undefined : connectionOf(call, draft)
  const admitted =
    handedIn === undefined ? evaluateSend(facets) : andThen(handedIn, () => evaluateSend(facets))
  if (admitted.outcome !== "allow") return refusedBy(call, draft, admitted, [])
  const submitted = yield* submit(call, draft, recipients)
  const decided = andThen(admitted, () => submitted.decision)
  if (submitted.transit === undefined) return refusedBy(call, draft, decided, submitted.events)
  const events: LowerEvent[] = [...submitted.events]
  const first = yield* inspect(callAfter(call, events), submitted.transit)
  const labelled = yield* labelInTransit(callAfter(call, events), {
    draft,
    recipients,
    transit: submitted.transit,
    inspected: first,
  })
  const { transit } = labelled
  events.push(...labelled.events)
  const inspected =
    transit.bytes === submitted.transit.bytes
      ? first
      : yield* inspect(callAfter(call, events), transit)
  const dlpRules = yield* matchingDlpRules(call, {
    transit,
    inspected,
    isOutside: recipients.some(({ scope }) => scope !== "InOrganization"),
  })
  const marks =
    isInside || labelled.label !== undefined
      ? mailMarks(call, draft, transit.protection.labelId)
      : {}
  const setting = irmConfigurationOf(call.world).TransportDecryptionSetting
  const isUndecryptable = isProtected(transit.protection) && inspected.content === undefined
  const copies =
    isUndecryptable && setting === "Mandatory"
      ? []
      : runRules(
          ruleRunOf({ world: call.world, now: call.now, draft, recipients, transit, inspected }),
        ).map((copy) =>
          withMarks(
            withDlp(copy, isInside ? dlpRules : [], isProtected(transit.protection)),
            marks,
          ),
        )
  const returned: Returned[] = [
    ...(copies.length === 0 ? [{ recipients, ...undecryptable }] : []),
    ...unknownRecipients(resolved.unknown),
  ]
  const finished: Finished[] = []
  for (const copy of copies) {
    const o = { draft, facets, transit, inspected }
    const done = yield* finishCopy(callAfter(call, events), o, copy)
    events.push(...done.events)
    returned.push(...done.returned)
    if (done.finished !== undefined) finished.push(done.finished)
  }
  return yield* handOver(call, { draft, submitted, events, finished, returned, decided })
})

/** How mail from outside comes in: the portal's is the service's own, all other comes by SMTP. */
const connectionOf = (
  { world, now, actor }: Call<ExchangeWorld>,
  { from }: Draft,
): Decision | undefined => {
  if (actor.client.app === "encrypted-message-portal") return undefined
  const domain = domainOf(from)
  return inboundMailOf(world, { domain, now, isInsideService: isOtherTenant(world, domain) })
}

/** EXO-024, EXO-090: nothing is published about the text. */
const undecryptable = {
  status: "Failed",
  code: "5.7.1",
  text: "The message can't be decrypted, and the organization requires transport decryption.",
} as const

const unknownRecipients = (unknown: readonly string[]): readonly Returned[] =>
  unknown.length === 0
    ? []
    : [
        {
          recipients: unknown.map((it) => ({
            address: it,
            original: it,
            field: "to",
            scope: "InOrganization",
            groups: [],
          })),
          status: "Failed",
          code: "5.1.10",
          text: "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        },
      ]

const refusedBy = (
  { now }: Call<ExchangeWorld>,
  { from }: Draft,
  decision: Decision,
  events: readonly LowerEvent[],
): Transported => {
  const name = decision.gates.at(-1)?.name ?? "sender"
  return {
    decision,
    events: [...events, { _tag: "MessageRefused", from, gate: name, at: now }],
    mail: [],
  }
}

interface Handing {
  readonly draft: Draft
  readonly submitted: Submitted
  readonly events: readonly LowerEvent[]
  readonly finished: readonly Finished[]
  readonly returned: readonly Returned[]
  readonly decided: Decision
}

/** Delivers the copies, files the sender's own, and writes the message down. */
const handOver = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  o: Handing,
): Effect.fn.Return<Transported, never, CryptoServices> {
  const { draft } = o
  const id = call.draw.guid("message")
  const leaving = leave(call, once(o.finished))
  const events: LowerEvent[] = [...o.events, ...leaving.events]
  const copies: MessageCopy[] = []
  const mail: OutgoingMail[] = []
  for (const [index, finished] of leaving.finished.entries()) {
    const o2 = { messageId: id, from: draft.from, index, finished }
    const delivered = yield* deliver(callAfter(call, events), o2)
    events.push(...delivered.events)
    copies.push(delivered.copy)
    mail.push(...delivered.mail)
  }
  const waiting: Waiting[] = []
  for (const [place, held] of leaving.heldBack.entries()) {
    const index = leaving.finished.length + place
    const kept = yield* keepWaiting(callAfter(call, events), { id, index, draft, held })
    events.push(...kept.lower)
    waiting.push(kept)
  }
  const sent = yield* fileSentItem(callAfter(call, events), { id, ...o })
  events.push(...sent.events)
  const returned = [...o.returned, ...waiting.map((it) => it.returned)]
  const { hops } = leaving
  const message = messageOf(
    call,
    { id, ...o, returned },
    { copies, sentItem: sent.sentItem, ...(hops.length === 0 ? {} : { hops }) },
  )
  const { decision: gone } = leaving
  const decided = gone === undefined ? o.decided : andThen(o.decided, () => gone)
  return {
    decision: andThen(decided, () => decideByGates([mailFlow], flowFacets(message))),
    message,
    audit: fallbacksOf(callAfter(call, events), copies),
    events: [...events, { _tag: "MessageSent", message }, ...waiting.map((it) => it.deferred)],
    mail: [...mail, ...o.returned.flatMap((it) => nonDelivery(call.world, message, it))],
  }
})

/** Two copies may name one mailbox, when rules add it to both: it gets the first. */
const once = (copies: readonly Finished[]): readonly Finished[] => {
  const seen = new Set<string>()
  return copies
    .map((it) => ({
      ...it,
      recipients: it.recipients.filter(({ address }) => !seen.has(address) && seen.add(address)),
    }))
    .filter(({ recipients }) => recipients.length > 0)
}

interface Waiting {
  readonly lower: readonly LowerEvent[]
  readonly deferred: ExchangeEvent
  readonly returned: Returned
}

/** A copy that no server outside takes now is sealed and tried again (EXO-199, EXO-217). */
const keepWaiting = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  o: {
    readonly id: string
    readonly index: number
    readonly draft: Draft
    readonly held: HeldBack
  },
): Effect.fn.Return<Waiting, never, CryptoServices> {
  const { id, index, draft, held } = o
  const { finished, domain, isTlsRequired, code, text } = held
  const queueId = call.draw.guid(`queued mail ${index}`)
  const copy = { messageId: id, from: draft.from, index, finished, queueId }
  const { waiting, events } = yield* setAside(call, copy)
  const mail: QueuedMail = {
    id: queueId,
    from: draft.from,
    domain,
    firstTriedAt: call.now,
    tries: 1,
    nextTryAt: nextTryAt({ tries: 1 }, call.now),
    isTlsRequired,
    message: id,
  }
  return {
    lower: [...events, { _tag: "MailQueued", mail }],
    deferred: { _tag: "MessageDeferred", queueId, ...waiting },
    returned: { recipients: finished.recipients, status: "Pending", code, text, queueId },
  }
})

const fileSentItem = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  { id, draft, submitted }: Handing & { readonly id: string },
) {
  if (!isOwnMailbox(call.world, draft.from) || submitted.transit === undefined) {
    return { events: [], sentItem: undefined }
  }
  const sentItem = `mailbox/${draft.from}/sent/${id}`
  const events = yield* sealAtRest(call.world, {
    workload: "Exchange",
    container: draft.from,
    objectId: sentItem,
    plaintext: submitted.transit.bytes,
  })
  return { events, sentItem }
})

const messageOf = (
  { world, now, draw, actor }: Call<ExchangeWorld>,
  { id, draft, submitted, returned }: Handing & { readonly id: string },
  o: {
    readonly copies: readonly MessageCopy[]
    readonly sentItem: string | undefined
    readonly hops?: readonly TransportHop[]
  },
): MailMessage => {
  return {
    id,
    messageId: `<${draw.token("message id", 24).toUpperCase()}@${domainOf(draft.from)}>`,
    from: draft.from,
    isFromMailbox: isOwnMailbox(world, draft.from),
    to: lower(draft.to),
    cc: lower(draft.cc),
    bcc: lower(draft.bcc),
    sentAt: now,
    sentWith: actor.client.app,
    sizeBytes: sizeOf(draft),
    subject: draft.subject,
    sentItemProtection: submitted.transit?.protection ?? { kind: "none", by: "sender" },
    sentItemAttachments: submitted.transit?.attachments ?? [],
    copies: o.copies,
    returned: returned.map(
      ({ recipients, ...rest }): ReturnedCopy => ({
        ...rest,
        recipients: recipients.map(({ address }) => address),
      }),
    ),
    ...(draft.inReplyTo === undefined ? {} : { inReplyTo: draft.inReplyTo }),
    ...(o.sentItem === undefined ? {} : { sentItem: o.sentItem }),
    ...(o.hops === undefined ? {} : { hops: o.hops }),
  }
}

const lower = (addresses: readonly string[]): readonly string[] =>
  addresses.map((it) => it.trim().toLowerCase())

interface FlowFacets {
  readonly delivered: number
  readonly notDelivered: number
  readonly rules: string
  readonly protections: string
  readonly code: string
  readonly text: string
}

const flowFacets = ({ copies, returned }: MailMessage): FlowFacets => ({
  delivered: copies.reduce((sum, { deliveries }) => sum + deliveries.length, 0),
  notDelivered: returned.reduce((sum, { recipients }) => sum + recipients.length, 0),
  rules: [
    ...new Set(copies.flatMap(({ rules }) => rules.map(({ rule, kind }) => `${rule} (${kind})`))),
  ].join(", "),
  protections: [...new Set(copies.map(({ protection }) => protection.kind))].toSorted().join(", "),
  code: returned[0]?.code ?? "",
  text: returned[0]?.text ?? "",
})

const mailFlow = gate<FlowFacets>()({
  name: "mail-flow",
  facts: ["EXO-089", "EXO-104", "EXO-105", "EXO-119", "EXO-137"],
  reads: ["delivered", "notDelivered", "rules", "protections", "code", "text"],
  check: ({ delivered, notDelivered, rules, protections, code, text }) => {
    const details = { delivered, notDelivered, rules: rules || "none", protections }
    if (delivered > 0) {
      return notDelivered === 0
        ? pass("The message reached everybody.", details)
        : pass("The message reached some of its recipients; the others did not get it.", details)
    }
    return deny(
      "Mail flow delivered the message to nobody.",
      { ...details, code },
      {
        ...(code === "" ? {} : { code: `550 ${code}` }),
        message: text || "The message was dropped by a mail flow rule.",
      },
    )
  },
})

/** A dropped message says nothing (EXO-106), one that waits is reported when it is given up. */
const nonDelivery = (
  world: ExchangeWorld,
  { from, subject, id }: MailMessage,
  { recipients, status, code, text }: Returned,
): readonly OutgoingMail[] =>
  status !== "Failed"
    ? []
    : [
        nonDeliveryReport(world, {
          to: from,
          subject,
          recipients: recipients.map(({ original }) => original),
          error: `${code} ${text}`,
          link: id,
        }),
      ]
