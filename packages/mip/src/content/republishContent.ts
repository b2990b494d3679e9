import { type CryptoEvent, type CryptoServices, protectBytes } from "@twin/crypto"
import type { Call } from "@twin/kernel"
import { Effect } from "effect"
import { contentKindOf } from "../ContentFormat.ts"
import type { MipEvent } from "../MipEvent.ts"
import { policyInForce } from "../policyInForce.ts"
import { type MipWorld, protectionOf } from "../State.ts"
import { policyOf } from "./publishing.ts"

/** An edited version of a protected content. */
export interface Republishing {
  readonly contentId: string
  readonly plaintext: Uint8Array
}

/**
 * Saves new content under the protection it has: same id, owner and permissions (MIP-030). Whether
 * somebody may edit, `evaluateOpenContent` says; a content nobody here protected cannot be saved.
 */
export const republishContent = Effect.fn("republishContent")(function* (
  { world, now }: Call<MipWorld>,
  { contentId, plaintext }: Republishing,
): Effect.fn.Return<
  { readonly bytes: Uint8Array; readonly events: readonly (MipEvent | CryptoEvent)[] } | undefined,
  never,
  CryptoServices
> {
  const protection = protectionOf(world, contentId)
  if (protection === undefined) return undefined
  const policy = policyOf(protection, {
    grants: policyInForce(world, protection).grants,
    limits: protection,
  })
  const kind = contentKindOf(protection)
  // What is saved again is encrypted as things are done today (MIP-021).
  const saved = { contentId, plaintext, policy: { ...policy, issuedAt: now }, kind }
  const { bytes, events } = yield* protectBytes(world, saved)
  const republished: MipEvent = { _tag: "ContentRepublished", contentId, at: now }
  return { bytes, events: [...events, republished] }
})
