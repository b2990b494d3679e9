import { availabilityKeyAudit, BlobStore, type CryptoServices, openAtRest } from "@twin/crypto"
import {
  type AuditEntry,
  andThen,
  type Call,
  type Decision,
  decideByGates,
  decidingGate,
  deny,
  gate,
} from "@twin/kernel"
import { type ContentAction, openContent } from "@twin/mip"
import { Effect, Option } from "effect"
import { evaluateClient, evaluateReading, type ReadingFacets } from "./decisions/evaluateReading.ts"
import type { LowerEvent } from "./LowerEvent.ts"
import { type MessageAttachment, outsideBlob } from "./MailMessage.ts"
import { type AttachmentContent, decodeContent, type MessageContent } from "./MessageContent.ts"
import { type Held, heldBy, openRequestOf, readingFacets, upToStoredBytes } from "./reading.ts"
import type { ExchangeWorld } from "./State.ts"

/** A message in a reader's hands; no content where the decision refuses. */
export interface ReadMessage {
  readonly decision: Decision
  readonly held: Held | undefined
  readonly facets: ReadingFacets
  readonly content?: MessageContent
  readonly events: readonly LowerEvent[]
  /** Of the availability key, where it took the place of the customer's keys (CRY-129). */
  readonly audit: readonly AuditEntry[]
}

/**
 * Really opens a message: takes the bytes from where they lie, unseals what is sealed, and opens what
 * is protected with a use licence of the reader. Same gates, same order as `evaluateMessage`.
 */
export const readMessage = Effect.fn("readMessage")(function* (
  call: Call<ExchangeWorld>,
  o: { readonly name: string; readonly requested: ContentAction },
): Effect.fn.Return<ReadMessage, never, CryptoServices> {
  const { world, actor, now } = call
  const held = heldBy(world, actor, o.name)
  const facets = readingFacets(world, { actor, held, now })
  const first = evaluateReading(facets)
  if (held === undefined || first.outcome !== "allow") {
    return { decision: first, held, facets, events: [], audit: [] }
  }
  const reached = upToStoredBytes(world, { held, first, now })
  if (reached.outcome !== "allow") return { decision: reached, held, facets, events: [], audit: [] }
  const audit = fallbackOf(call, held)
  const bytes = yield* storedBytes(call, held)
  if (bytes === undefined) {
    return { decision: andThen(reached, damaged), held, facets, events: [], audit }
  }
  const { contentId } = held.protection
  if (contentId === undefined) {
    const decision = andThen(reached, () => evaluateClient(facets))
    return withContent({ decision, held, facets, events: [], audit }, decodeContent(bytes))
  }
  const opened = yield* openContent(call, {
    bytes,
    contentId,
    requested: o.requested,
    ...openRequestOf(world, { actor, held, facets }),
  })
  const decision = andThen(
    andThen(reached, () => opened.decision),
    () => evaluateClient(facets),
  )
  const read = { decision, held, facets, events: opened.events, audit }
  return withContent(
    read,
    opened.plaintext === undefined ? undefined : decodeContent(opened.plaintext),
  )
})

const withContent = (read: ReadMessage, content: MessageContent | undefined): ReadMessage => {
  if (read.decision.outcome !== "allow") return read
  return content === undefined
    ? { ...read, decision: andThen(read.decision, damaged) }
    : { ...read, content }
}

const fallbackOf = (
  { world, now }: Call<ExchangeWorld>,
  { isSealed, storedAs }: Held,
): readonly AuditEntry[] => {
  if (!isSealed || storedAs === undefined) return []
  const record = availabilityKeyAudit(world, storedAs, { now })
  return record === undefined ? [] : [record]
}

/** The bytes of the reader's copy, sealed or not. */
const storedBytes = Effect.fnUntraced(function* (call: Call<ExchangeWorld>, held: Held) {
  if (held.storedAs === undefined) return undefined
  const { get } = yield* BlobStore
  const bytes = held.isSealed
    ? yield* Effect.option(openAtRest(call.world, held.storedAs, { now: call.now }))
    : yield* Effect.option(get(outsideBlob(held.storedAs)))
  return Option.getOrUndefined(bytes)
})

const bytesRead = gate<{ readonly isWhole: boolean }>()({
  name: "message-bytes",
  facts: ["EXO-231"],
  reads: ["isWhole"],
  check: ({ isWhole }) =>
    deny(
      "What lies in the mailbox is no message any more.",
      { isWhole },
      { code: "MessageDamaged", message: "The message is damaged and can't be shown." },
    ),
})

const damaged = (): Decision => decideByGates([bytesRead], { isWhole: false })

/** A file of an opened message, without the protection it inherited where the reader may open it. */
export const openAttachment = Effect.fn("openAttachment")(function* (
  call: Call<ExchangeWorld>,
  o: {
    readonly read: ReadMessage
    readonly file: AttachmentContent
    readonly known: MessageAttachment | undefined
  },
): Effect.fn.Return<
  { readonly bytes?: Uint8Array; readonly events: readonly LowerEvent[] },
  never,
  CryptoServices
> {
  const { held, facets } = o.read
  const { contentId } = o.known ?? {}
  if (contentId === undefined || held === undefined) return { bytes: o.file.bytes, events: [] }
  const opened = yield* openContent(call, {
    bytes: o.file.bytes,
    contentId,
    requested: "open",
    ...openRequestOf(call.world, { actor: call.actor, held, facets }),
  })
  return opened.plaintext === undefined
    ? { events: opened.events }
    : { bytes: opened.plaintext, events: opened.events }
})

/** The name of the gate that refused, for the trace of an attempt. */
export const refusingGate = (decision: Decision): string => decidingGate(decision).name
