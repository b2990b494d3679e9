import { type CryptoServices, mailQueueOf, type QueuedMail } from "@twin/crypto"
import {
  andThen,
  type Call,
  decideByGates,
  deny,
  gate,
  isoOf,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import type { TransportHop } from "../MailMessage.ts"
import { deliverWaiting, dropWaiting } from "../mail-flow/deliver.ts"
import { laterTry, type Retry, retry } from "../mail-flow/mailQueue.ts"
import { type WaitingCopy, waitingCopyOf } from "../messageStore.ts"
import { type ExchangeEvent, type ExchangeWorld } from "../State.ts"

type Tried = Ruling<ExchangeEvent | LowerEvent>

interface TryFacets {
  readonly isQueued: boolean
  readonly isDue: boolean
  readonly nextTryAt: string
}

const due = gate<TryFacets>()({
  name: "queued-mail",
  facts: ["CRY-204", "EXO-217"],
  reads: ["isQueued", "isDue", "nextTryAt"],
  check: ({ isQueued, isDue, nextTryAt }) => {
    if (!isQueued) return deny("Nothing waits under this id.")
    return isDue
      ? pass("The next try of the mail has come.", { nextTryAt })
      : deny("The service has a schedule of its own, and the next try has not come.", {
          nextTryAt,
        })
  },
})

export const tryQueuedMail = operation({
  name: "try-queued-mail",
  summary: "What the service does by itself: tries once more to hand in a mail that waits.",
  params: Schema.Struct({
    id: Schema.NonEmptyString.annotate({ description: "From list-mail-queue" }),
  }),
  facts: ["CRY-204", "EXO-199", "EXO-203", "EXO-217"],
  decide: Effect.fnUntraced(function* (
    call: Call<ExchangeWorld>,
    { id },
  ): Effect.fn.Return<Tried, never, CryptoServices> {
    const { world, now } = call
    const mail = mailQueueOf(world).find((it) => it.id === id)
    const asked = decideByGates([due], {
      isQueued: mail !== undefined,
      isDue: mail !== undefined && mail.nextTryAt <= now,
      nextTryAt: mail === undefined ? "" : isoOf(mail.nextTryAt),
    })
    if (mail === undefined || asked.outcome !== "allow") return { decision: asked }
    const tried = retry(world, mail, now)
    const decision = andThen(asked, () => tried.decision)
    const waiting = waitingCopyOf(world, id)
    if (waiting === undefined) return { decision, events: tried.events, mail: tried.mail }
    return { decision, ...(yield* outcomeOf(call, { mail, tried, waiting })) }
  }),
})

interface Outcome {
  readonly mail: QueuedMail
  readonly tried: Retry
  readonly waiting: WaitingCopy
}

/** Hands in, gives up or goes on waiting, and writes it into the trace of the message. */
const outcomeOf = Effect.fnUntraced(function* (
  call: Call<ExchangeWorld>,
  { mail, tried, waiting }: Outcome,
): Effect.fn.Return<Omit<Tried, "decision">, never, CryptoServices> {
  const { id: queueId, domain } = mail
  const at = call.now
  const traced = (event: TransportHop["event"], detail: string): ExchangeEvent => {
    const recipients = waiting.copy.deliveries.map(({ recipient }) => recipient)
    const hop = { at, domain, recipients, event, detail }
    return { _tag: "MessageHopTried", message: waiting.message, hop }
  }
  const { detail } = tried
  if (tried.name === "mail-deferred") return { events: [...tried.events, traced("DEFER", detail)] }
  if (tried.name === "mail-returned") {
    const [code = "", ...text] = detail.split(" ")
    const returned: ExchangeEvent = {
      _tag: "MessageReturned",
      queueId,
      code,
      text: text.join(" "),
      at,
    }
    const dropped = yield* dropWaiting(call, waiting)
    const events = [...tried.events, ...dropped, traced("FAIL", detail), returned]
    return { events, mail: tried.mail }
  }
  const handed = yield* deliverWaiting(call, waiting)
  if (handed === undefined) {
    const later = laterTry(call.world, mail, at)
    return { events: [later, traced("DEFER", "The service cannot read the mail that waits.")] }
  }
  const released: ExchangeEvent = { _tag: "MessageReleased", queueId, at }
  const events = [...tried.events, ...handed.events, traced("SEND", detail), released]
  return { events, mail: handed.mail }
})
