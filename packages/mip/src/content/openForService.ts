import { type CryptoServices, issueUseLicence, openEnvelope } from "@twin/crypto"
import type { Call, Decision } from "@twin/kernel"
import { Effect } from "effect"
import { evaluateServiceProcessing } from "../decisions/evaluateServiceProcessing.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { serviceAccountOf, serviceRequested } from "../serviceLoad.ts"
import { allRights } from "../UsageRight.ts"
import { envelopeRefused } from "./envelope.ts"

/** What a service read; no plaintext where the decision refuses. It leaves no trace of a person. */
export interface ServiceRead {
  readonly decision: Decision
  readonly plaintext?: Uint8Array
  readonly events: readonly MipEvent[]
}

/** Protected bytes that a service of the organization has to read. */
export interface ServiceReading {
  readonly bytes: Uint8Array
  readonly contentId: string
  readonly service: "SharePoint" | "Exchange"
  /** An administrator takes the protection off for good (MIP-075). */
  readonly isUnlock?: boolean
}

/**
 * Reads for the organization's own services: rendering, search, inspection, mail flow rules. A use
 * licence of the service account opens the bytes; no person's rights enter.
 */
export const openForService = Effect.fn("openForService")(function* (
  { world, now }: Call<MipWorld>,
  { bytes, contentId, service, isUnlock = false }: ServiceReading,
): Effect.fn.Return<ServiceRead, never, CryptoServices> {
  const decision = evaluateServiceProcessing({ world, contentId, now, service, isUnlock })
  if (decision.outcome !== "allow") return { decision, events: [] }
  const principal = serviceAccountOf(world)
  const opened = yield* Effect.result(
    Effect.gen(function* () {
      const licence = yield* issueUseLicence(world, {
        bytes,
        principal,
        rights: allRights,
        validUntil: now,
        now,
      })
      return yield* openEnvelope(world, { bytes, licence, principal, now })
    }),
  )
  const events = [
    serviceRequested({
      at: now,
      requestType: "AcquireLicense",
      userId: principal,
      result: opened._tag === "Success" ? "Success" : "AccessDenied",
      contentId,
    }),
  ]
  return opened._tag === "Success"
    ? { decision, plaintext: opened.success, events }
    : { decision: envelopeRefused(opened.failure.reason, decision), events: [] }
})
