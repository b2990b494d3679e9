import { createCipheriv } from "node:crypto"
import type { CryptoServices } from "@twin/crypto"
import { type Call, type Decision, decideByGates, gate, pass } from "@twin/kernel"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import type { LowerEvent } from "../LowerEvent.ts"
import { encodeContent } from "../MessageContent.ts"
import type { RuleRecipient } from "../rules/RuleMessage.ts"
import type { ExchangeWorld } from "../State.ts"
import type { Draft } from "./Draft.ts"
import { readersOf } from "./finishCopy.ts"
import type { InTransit } from "./inspect.ts"
import { attachmentAsIs, protectMessage } from "./protectMessage.ts"
import { isOwnMailbox } from "./recipients.ts"

/** What the sender's side hands to transport; without bytes where it refused. */
export interface Submitted {
  readonly decision: Decision
  readonly transit?: InTransit
  readonly events: readonly LowerEvent[]
}

interface ChoiceFacets {
  readonly kind: string
}

const chosen = gate<ChoiceFacets>()({
  name: "protection-chosen",
  facts: ["EXO-003", "EXO-004", "EXO-005"],
  reads: ["kind"],
  check: ({ kind }) =>
    kind === "none"
      ? pass("The sender leaves the message as it is; rules may still protect it.", { kind })
      : pass("The message is encrypted before it leaves.", { kind }),
})

/** The sender's client protects, or does not: Outlook, or the service for web, mobile and portal. */
export const submit = Effect.fn("submit")(function* (
  call: Call<ExchangeWorld>,
  draft: Draft,
  recipients: readonly RuleRecipient[],
): Effect.fn.Return<Submitted, never, CryptoServices> {
  const { protecting } = draft
  if (protecting.kind === "none") {
    const content = { subject: draft.subject, body: draft.body, attachments: draft.attachments }
    return {
      decision: decideByGates([chosen], { kind: "none" }),
      transit: {
        bytes: encodeContent(content),
        protection: { kind: "none", by: "sender" },
        attachments: draft.attachments.map(attachmentAsIs),
      },
      events: [],
    }
  }
  if (!isOwnMailbox(call.world, draft.from) && !draft.isReplyToOwnProtection) {
    return yield* protectedElsewhere(draft)
  }
  const sealed = yield* protectMessage(call, {
    draft,
    protecting,
    readers: readersOf(recipients),
    by: call.actor.client.app === "outlook-desktop" ? "desktop-client" : "service",
  })
  if (sealed.bytes === undefined) return { decision: sealed.decision, events: sealed.events }
  const { bytes, protection, attachments, events } = sealed
  return { decision: sealed.decision, transit: { bytes, protection, attachments }, events }
})

/** Another organization's service encrypts: real ciphertext, whose key this organization never has. */
const protectedElsewhere = Effect.fnUntraced(function* (draft: Draft) {
  const random = yield* SecureRandom.SecureRandom
  const key = yield* random.randomBytes(32)
  const iv = yield* random.randomBytes(16)
  const cipher = createCipheriv("aes-256-cbc", key, iv)
  const content = { subject: draft.subject, body: draft.body, attachments: draft.attachments }
  const bytes = Buffer.concat([iv, cipher.update(encodeContent(content)), cipher.final()])
  const submitted: Submitted = {
    decision: decideByGates([chosen], { kind: "foreign" }),
    transit: {
      bytes: Uint8Array.from(bytes),
      protection: { kind: "foreign", by: "sender" },
      attachments: draft.attachments.map((it) => ({
        ...attachmentAsIs(it),
        state: "own" as const,
      })),
    },
    events: [],
  }
  return submitted
})
