import { type CryptoServices, openAtRest, type UseLicence } from "@twin/crypto"
import { andThen, type Call, type Decision, decideByGates, deny, gate } from "@twin/kernel"
import { type ContentAction, type ContentEvent, openContent } from "@twin/mip"
import { Effect, Option } from "effect"
import type { StoredContent } from "../DriveItem.ts"
import type { SpoWorld } from "../State.ts"

/** What came out of a file for one person. */
export interface ContentRead {
  readonly decision: Decision
  /** As stored: protected bytes stay protected. */
  readonly bytes?: Uint8Array
  /** Only where a licence really opened it, or nothing protected it. */
  readonly plaintext?: Uint8Array
  /** With which the person may save again (MIP-030). */
  readonly useLicence?: UseLicence
  readonly events: readonly ContentEvent[]
}

interface DamageFacets {
  readonly detail: string
}

const storedBytes = gate<DamageFacets>()({
  name: "stored-bytes",
  facts: ["SPO-295"],
  reads: ["detail"],
  check: ({ detail }) =>
    deny(
      "The stored bytes cannot be read.",
      { detail },
      {
        code: "serviceNotAvailable",
        message: "Sorry, something went wrong. The file can't be opened right now.",
      },
    ),
})

/** The bytes out of the store, service encryption taken off. */
export const storedBytesOf = Effect.fnUntraced(function* (
  { world, now }: Call<SpoWorld>,
  content: StoredContent,
): Effect.fn.Return<ContentRead, never, CryptoServices> {
  const opened = yield* Effect.result(openAtRest(world, content.objectId, { origin: "User", now }))
  return opened._tag === "Success"
    ? { decision: readable, bytes: opened.success, events: [] }
    : {
        decision: decideByGates([storedBytes], { detail: opened.failure.detail }),
        events: [],
      }
})

const readable: Decision = {
  outcome: "allow",
  gates: [
    {
      name: "stored-bytes",
      verdict: "pass",
      reason: "The service has read the stored bytes.",
      details: {},
      facts: ["SPO-295"],
    },
  ],
}

/**
 * Opens a file for somebody whom the gates have let through: out of the store, then, where a label
 * protects it, with a use licence of this person. The bytes have the last word.
 */
export const readContent = Effect.fn("readContent")(function* (
  call: Call<SpoWorld>,
  content: StoredContent,
  requested: ContentAction,
  allowed: Decision,
): Effect.fn.Return<ContentRead, never, CryptoServices> {
  const stored = yield* storedBytesOf(call, content)
  const { bytes } = stored
  if (bytes === undefined) {
    return { decision: andThen(allowed, () => stored.decision), events: [] }
  }
  const { contentId } = content
  if (contentId === undefined) return { decision: allowed, bytes, plaintext: bytes, events: [] }
  const opened = yield* openContent(call, { bytes, contentId, requested })
  if (opened.plaintext === undefined) {
    const decision =
      opened.decision.outcome === "allow"
        ? decideByGates([storedBytes], { detail: "no licence opened the content" })
        : opened.decision
    return { decision: andThen(allowed, () => decision), bytes, events: opened.events }
  }
  const { plaintext, useLicence, events } = opened
  return {
    decision: allowed,
    bytes,
    plaintext,
    events,
    ...(useLicence === undefined ? {} : { useLicence }),
  }
})

/** Text of a content, for the session of whoever opened it; nothing for other bytes. */
export const textOf = (bytes: Uint8Array): Option.Option<string> => {
  const text = Buffer.from(bytes).toString("utf8")
  return Buffer.from(text, "utf8").equals(Buffer.from(bytes)) ? Option.some(text) : Option.none()
}
