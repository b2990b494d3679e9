import { BlobStore, type CryptoServices, issueUseLicence } from "@twin/crypto"
import type { Call } from "@twin/kernel"
import { Effect } from "effect"
import { openFacets } from "../decisions/OpenFacets.ts"
import { canonicalAddress, identityClassesOf } from "../identityClass.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { OpenRequest } from "../requests.ts"
import type { MipWorld } from "../State.ts"
import { serviceAccountOf, serviceRequested } from "../serviceLoad.ts"
import { delegatesOf } from "../sharedMailbox.ts"
import { licenceToKeep } from "./licenceEvents.ts"

/** A protected message at delivery. */
export interface Delivery {
  readonly bytes: Uint8Array
  readonly contentId: string
  readonly recipients: readonly string[]
}

/**
 * Fetches the licences of recipients in this organization when a message is delivered, so that their
 * client opens it without asking, at once offline (MIP-088). Others ask themselves (MIP-089).
 */
export const prelicense = Effect.fn("prelicense")(function* (
  call: Call<MipWorld>,
  { bytes, contentId, recipients }: Delivery,
): Effect.fn.Return<readonly MipEvent[], never, CryptoServices> {
  const blobs = yield* BlobStore
  const events: MipEvent[] = []
  const readers = recipients.flatMap((it) => [it, ...delegatesOf(call.world, it)])
  for (const address of [...new Set(readers)].toSorted()) {
    const request: OpenRequest = {
      world: call.world,
      contentId,
      address,
      client: { ...call.actor.client, app: "outlook-desktop" },
      now: call.now,
    }
    if (identityClassesOf(call.world, address)[0] !== "work-own-tenant") continue
    const { facets, held } = openFacets(request)
    const isDue =
      facets.functionalState === "Enabled" &&
      facets.tenantKey === "reachable" &&
      !facets.isRevoked &&
      facets.expiry !== "past" &&
      facets.doubleKey === "not-needed" &&
      held.rights.includes("VIEW")
    const kept = licenceToKeep(request, { held })
    if (!isDue || kept === undefined) continue
    const licence = yield* Effect.option(
      issueUseLicence(call.world, {
        bytes,
        principal: canonicalAddress(call.world, address),
        rights: kept.rights,
        validUntil: kept.validUntil,
        now: call.now,
      }),
    )
    if (licence._tag === "None") continue
    yield* blobs.put(kept.blobId, Buffer.from(JSON.stringify(licence.value)))
    events.push(
      { _tag: "UseLicenceIssued", licence: kept },
      serviceRequested({
        at: call.now,
        requestType: "AcquirePreLicense",
        userId: serviceAccountOf(call.world),
        result: "Success",
        contentId,
        actingAs: canonicalAddress(call.world, address),
      }),
    )
  }
  return events
})
