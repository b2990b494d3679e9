import {
  type CryptoEvent,
  type CryptoServices,
  contentCipherAt,
  protectBytes,
  resealEnvelope,
  type UseLicence,
} from "@twin/crypto"
import type { Call } from "@twin/kernel"
import { Effect } from "effect"
import { contentKindOf } from "../ContentFormat.ts"
import { cipherOf } from "../consumerSupport.ts"
import type { MipEvent } from "../MipEvent.ts"
import { policyInForce } from "../policyInForce.ts"
import { type MipWorld, protectionOf } from "../State.ts"
import { policyOf } from "./publishing.ts"

/** An edited version of a protected content. */
export interface Republishing {
  readonly contentId: string
  readonly plaintext: Uint8Array
  /** The bytes as they were, and the licence that opened them: the content key stays (MIP-030). */
  readonly opened?: { readonly bytes: Uint8Array; readonly useLicence: UseLicence | undefined }
}

/**
 * Saves new content under the protection it has: same key, id, owner and permissions (MIP-030), so
 * that the licences of others still open it. Without the licence of whoever saves, or where the bytes
 * still have a former cipher (MIP-021), the key is a new one. Whether somebody may edit,
 * `evaluateOpenContent` says; a content nobody here protected cannot be saved.
 */
export const republishContent = Effect.fn("republishContent")(function* (
  { world, now }: Call<MipWorld>,
  { contentId, plaintext, opened }: Republishing,
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
  if (opened?.useLicence !== undefined && cipherOf(protection) === contentCipherAt(kind, now)) {
    const { bytes: before, useLicence: licence } = opened
    const edit = { bytes: before, licence, principal: licence.principal, now, plaintext }
    const resealed = yield* Effect.option(resealEnvelope(world, edit))
    if (resealed._tag === "Some") return { bytes: resealed.value, events: [] }
  }
  // What is saved again is encrypted as things are done today (MIP-021).
  const saved = { contentId, plaintext, policy: { ...policy, issuedAt: now }, kind }
  const sealed = yield* Effect.option(protectBytes(world, { ...saved, now }))
  if (sealed._tag === "None") return undefined
  const { tenantKeyId, doubleKeyId } = sealed.value
  const keys = doubleKeyId === undefined ? { tenantKeyId } : { tenantKeyId, doubleKeyId }
  const republished: MipEvent = { _tag: "ContentRepublished", contentId, at: now, ...keys }
  return { bytes: sealed.value.bytes, events: [...sealed.value.events, republished] }
})
