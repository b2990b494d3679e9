import type { CryptoServices } from "@twin/crypto"
import type { Call } from "@twin/kernel"
import { effectOf, labelKnownFrom, labelOf, protectionOf } from "@twin/mip"
import { Effect } from "effect"
import type { DriveItem, StoredContent } from "../DriveItem.ts"
import { nameOf } from "../DriveItem.ts"
import { fileTypeOf } from "../fileTypes.ts"
import type { Site } from "../Site.ts"
import { type SpoWorld, tenantSetting } from "../State.ts"
import type { EmittedEvent } from "./SpoOperation.ts"
import { labelByService } from "./serviceLabel.ts"

/**
 * What has to become of the encryption of a stored file before anybody gets it: the label's own
 * comes back where somebody took it off (MIP-208), it follows a label that was changed (MIP-103),
 * and with a deleted label it goes (MIP-101).
 */
export const staleness = (
  world: SpoWorld,
  item: DriveItem,
  content: StoredContent,
  now: number,
): "in-step" | "encrypt" | "decrypt" | "unlabel" => {
  if (!tenantSetting(world, "EnableAIPIntegration")) return "in-step"
  if (fileTypeOf(nameOf(item)) !== "office" || content.labelId === undefined) return "in-step"
  if (content.processing === "opaque-encryption") return "in-step"
  const label = labelOf(world, content.labelId)
  if (label === undefined) return "unlabel"
  // MIP-100: the service follows a label that was changed a day later.
  if (labelKnownFrom(world, label, "sharepoint").settings > now) return "in-step"
  const effect = effectOf(label)
  if (effect === "template" && content.contentId === undefined) return "encrypt"
  const kind =
    content.contentId === undefined ? undefined : protectionOf(world, content.contentId)?.kind
  return effect === "none" && kind === "template" ? "decrypt" : "in-step"
}

/** The file as the service hands it out, after it has brought the encryption up to date. */
export const refreshed = Effect.fn("refreshed")(function* (
  call: Call<SpoWorld>,
  site: Site,
  item: DriveItem,
  content: StoredContent,
): Effect.fn.Return<
  { readonly content: StoredContent; readonly events: readonly EmittedEvent[] },
  never,
  CryptoServices
> {
  const state = staleness(call.world, item, content, call.now)
  if (state === "in-step") return { content, events: [] }
  const done = yield* labelByService(call, {
    site,
    item,
    content,
    label: state === "unlabel" ? undefined : content.labelId,
    // The label stays as it came on; only its encryption is done again.
    method: "manual",
    isFresh: state !== "decrypt",
  })
  return { content: done.content ?? content, events: done.events }
})
