import type { CryptoServices } from "@twin/crypto"
import { type Call, operation, type Ruling } from "@twin/kernel"
import { type ContentAction, callAfter, protectionOf } from "@twin/mip"
import { Effect, Schema } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import type { CopyProtection, MailMessage } from "../MailMessage.ts"
import type { MessageContent } from "../MessageContent.ts"
import type { Draft, DraftAttachment, Protecting } from "../mail-flow/Draft.ts"
import { digestOf } from "../mail-flow/Draft.ts"
import { isOwnMailbox } from "../mail-flow/recipients.ts"
import { transport } from "../mail-flow/transport.ts"
import { type Held, readerOf } from "../reading.ts"
import { openAttachment, type ReadMessage, readMessage } from "../readMessage.ts"
import type { ExchangeEvent, ExchangeWorld } from "../State.ts"
import { portalTrace, tracesOf } from "./openMessage.ts"
import { addresses, body, message } from "./params.ts"
import { rulingOf } from "./sendMail.ts"

type Answer = Ruling<ExchangeEvent | LowerEvent>

/** The message that is answered or passed on, in the reader's hands. */
interface Opened {
  readonly read: ReadMessage
  readonly held: Held
  readonly content: MessageContent
}

/** What an answer is protected with: the same as the message (EXO-070). */
const sameProtection = ({ kind, templateId, labelId }: CopyProtection): Protecting => {
  if (kind === "encrypt-only" || kind === "do-not-forward") return { kind }
  if (kind !== "template") return { kind: "none" }
  if (templateId !== undefined) return { kind: "template", templateId }
  return labelId === undefined ? { kind: "none" } : { kind: "label", label: labelId }
}

/** Fixed rights stay whose they were: answering with a template makes nobody its owner (EXO-040). */
const issuerOf = (
  world: ExchangeWorld,
  { kind, contentId }: CopyProtection,
): { readonly issuer?: string } => {
  if (kind !== "template" || contentId === undefined) return {}
  const issuer = protectionOf(world, contentId)?.issuer
  return issuer === undefined ? {} : { issuer }
}

const quoted = (text: string, { from, subject }: MailMessage, original: string): string =>
  `${text}\n\nFrom: ${from}\nSubject: ${subject}\n${original}`

const draftFrom = (
  call: Call<ExchangeWorld>,
  { held, content }: Opened,
  o: Pick<Draft, "to" | "cc" | "bcc" | "attachments"> & {
    readonly text: string
    readonly prefix: string
  },
): Draft => {
  const from = readerOf(call.world, call.actor)
  const subject = content.subject.startsWith(`${o.prefix} `)
    ? content.subject
    : `${o.prefix} ${content.subject}`
  return {
    from,
    to: o.to,
    cc: o.cc,
    bcc: o.bcc,
    subject,
    body: quoted(o.text, held.message, content.body),
    attachments: o.attachments,
    protecting: sameProtection(held.protection),
    importance: "Normal",
    inReplyTo: held.message.id,
    isByService: !isOwnMailbox(call.world, from),
    ...issuerOf(call.world, held.protection),
    isReplyToOwnProtection: held.protection.contentId !== undefined,
  }
}

/** Reads with the right in question, then hands the answer to mail flow. */
const answer = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  o: {
    readonly name: string
    readonly requested: readonly [ContentAction, ...ContentAction[]]
    readonly use: string
    readonly write: (
      opened: Opened,
    ) => Effect.Effect<{ draft: Draft; events: readonly LowerEvent[] }, never, CryptoServices>
  },
): Effect.fn.Return<Answer, never, CryptoServices> {
  let read = yield* readMessage(call, { name: o.name, requested: o.requested[0] })
  for (const requested of o.requested.slice(1)) {
    if (read.decision.outcome !== "allow") break
    read = yield* readMessage(call, { name: o.name, requested })
  }
  const events = tracesOf(call, read, o.use)
  const inPortal = portalTrace(call, read, { operation: "MessageForward" })
  const audit = o.use === "forward" ? [...read.audit, ...inPortal] : read.audit
  const { held, content } = read
  if (held === undefined || content === undefined) return { decision: read.decision, events, audit }
  const written = yield* o.write({ read, held, content })
  const lower = [...read.events, ...written.events]
  const sent = yield* transport(callAfter(call, lower), written.draft)
  const ruling = rulingOf(sent)
  const gates = [...read.decision.gates, ...sent.decision.gates] as const
  const [first, ...rest] = gates
  return {
    ...ruling,
    decision: { ...sent.decision, gates: [first ?? read.decision.gates[0], ...rest] },
    events: [...events, ...written.events, ...sent.events],
    audit: [...audit, ...(sent.audit ?? [])],
  }
})

const Reply = Schema.Struct({
  message,
  body,
  all: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "To everybody in To and Cc, not only the sender" }),
  ),
  addTo: Schema.optionalKey(addresses("Further recipients: needs the right to forward")),
})

export const replyMessage = operation({
  name: "reply-message",
  summary: "Answers a message; the answer is protected like the message.",
  params: Reply,
  facts: ["EXO-038", "EXO-039", "EXO-070", "EXO-133"],
  binding: { positional: ["message", "body"] },
  secrets: ["body"],
  decide: (call: Call<ExchangeWorld>, params: typeof Reply.Type) => {
    const { all = false, addTo = [] } = params
    return answer(call, {
      name: params.message,
      requested: [all ? "reply-all" : "reply", ...(addTo.length === 0 ? [] : ["forward" as const])],
      use: all ? "reply-all" : "reply",
      write: (opened) => {
        const { message: original } = opened.held
        const self = readerOf(call.world, call.actor)
        const others = (list: readonly string[]) => list.filter((it) => it !== self)
        const draft = draftFrom(call, opened, {
          to: [...new Set([original.from, ...(all ? others(original.to) : []), ...addTo])],
          cc: all ? others(original.cc) : [],
          bcc: [],
          attachments: [],
          text: params.body,
          prefix: "RE:",
        })
        return Effect.succeed({ draft, events: [] })
      },
    })
  },
})

const Forward = Schema.Struct({
  message,
  to: addresses("To whom the message is passed on"),
  cc: Schema.optionalKey(addresses("Recipients of a copy")),
  body: Schema.optionalKey(body),
})

export const forwardMessage = operation({
  name: "forward-message",
  summary: "Passes a message on; it stays protected.",
  params: Forward,
  facts: ["EXO-038", "EXO-039", "EXO-040", "EXO-047"],
  binding: { positional: ["message", "to"] },
  secrets: ["body"],
  decide: (call: Call<ExchangeWorld>, params: typeof Forward.Type) =>
    answer(call, {
      name: params.message,
      requested: ["forward"],
      use: "forward",
      write: Effect.fnUntraced(function* (opened: Opened) {
        const files = yield* filesOf(call, opened)
        const draft = draftFrom(call, opened, {
          to: params.to,
          cc: params.cc ?? [],
          bcc: [],
          attachments: files.attachments,
          text: params.body ?? "",
          prefix: "FW:",
        })
        return { draft, events: files.events }
      }),
    }),
})

/** Files travel on: what inherited is protected anew for the new readers, the rest stays as it is. */
const filesOf = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  { read, held, content }: Opened,
) {
  const attachments: DraftAttachment[] = []
  const events: LowerEvent[] = []
  for (const file of content.attachments) {
    const known = held.attachments.find(({ name }) => name === file.name)
    const inherits = known?.state === "inherited"
    const opened = inherits
      ? yield* openAttachment(callAfter(call, events), { read, file, known })
      : { bytes: file.bytes, events: [] }
    events.push(...opened.events)
    const isOpen = opened.bytes !== undefined && known?.state !== "own"
    attachments.push({
      name: file.name,
      bytes: opened.bytes ?? file.bytes,
      digest: known?.digest ?? digestOf(file.bytes),
      sizeBytes: known?.sizeBytes ?? file.bytes.length,
      isPasswordProtected: known?.isPasswordProtected ?? false,
      ...(isOpen || known?.contentId === undefined ? {} : { contentId: known.contentId }),
    })
  }
  return { attachments, events }
})
