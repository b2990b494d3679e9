import { type CryptoEvent, type CryptoServices, protectBytes } from "@twin/crypto"
import type { Call } from "@twin/kernel"
import { Effect } from "effect"
import { contentKindOf } from "../ContentFormat.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { Protection } from "../Protection.ts"
import { policyInForce } from "../policyInForce.ts"
import { type MipWorld, protectionOf } from "../State.ts"
import { openForService } from "./openForService.ts"
import { policyOf } from "./publishing.ts"

/** A copy under the same permissions, with an identity of its own. */
export interface CopiedContent {
  readonly bytes: Uint8Array
  readonly contentId: string
  readonly events: readonly (MipEvent | CryptoEvent)[]
}

/**
 * What leaves SharePoint gets a content id of its own, so that following and revoking one copy says
 * nothing of another (MIP-231). Undefined where the service cannot read the content: such bytes leave as
 * they are.
 */
export const copyContent = Effect.fn("copyContent")(function* (
  call: Call<MipWorld>,
  { bytes, contentId: from }: { readonly bytes: Uint8Array; readonly contentId: string },
): Effect.fn.Return<CopiedContent | undefined, never, CryptoServices> {
  const before = protectionOf(call.world, from)
  if (before === undefined) return undefined
  const read = yield* openForService(call, { bytes, contentId: from, service: "SharePoint" })
  if (read.plaintext === undefined) return undefined
  const contentId = call.draw.guid(`copy of ${from}`)
  const { revokedAt: _revoked, ...rest } = before
  const copy: Protection = { ...rest, contentId }
  const policy = policyOf(copy, {
    grants: policyInForce(call.world, before).grants,
    limits: before,
  })
  const sealed = yield* Effect.option(
    protectBytes(call.world, {
      contentId,
      plaintext: read.plaintext,
      policy,
      kind: contentKindOf(copy),
      now: call.now,
    }),
  )
  if (sealed._tag === "None") return undefined
  const { bytes: sealedBytes, events, tenantKeyId } = sealed.value
  const protection: Protection = { ...copy, tenantKeyId }
  return {
    bytes: sealedBytes,
    contentId,
    events: [...read.events, ...events, { _tag: "ContentProtected", protection }],
  }
})
