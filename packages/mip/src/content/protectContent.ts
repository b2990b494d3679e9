import { type CryptoEvent, type CryptoServices, protectBytes } from "@twin/crypto"
import { andThen, type Call, type Decision } from "@twin/kernel"
import { Effect } from "effect"
import { bootstrapEvents } from "../bootstrap.ts"
import { contentKindOf } from "../ContentFormat.ts"
import { evaluateProtect } from "../decisions/evaluateProtect.ts"
import { canPublishAlone, type ResolvedWish, resolveWish } from "../decisions/ProtectFacets.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { Protection } from "../Protection.ts"
import type { RelabelEffect } from "../relabelEffect.ts"
import type { ProtectRequest } from "../requests.ts"
import { initializesDevice, softwareOf } from "../Software.ts"
import { certificateOf, type MipWorld, rmsServiceOf } from "../State.ts"
import { serviceRequested } from "../serviceLoad.ts"
import { canBeTracked } from "../TrackedContent.ts"
import { envelopeRefused, problemOf } from "./envelope.ts"
import { type ContentEvent, openContent } from "./openContent.ts"
import { openForService } from "./openForService.ts"
import { publish } from "./publishing.ts"

/** Bytes to label and protect; who, when and with what client come from the call unless given. */
export interface ProtectContentRequest
  extends Omit<ProtectRequest, "world" | "now" | "address" | "client">,
    Partial<Pick<ProtectRequest, "address" | "client">> {
  /** As they lie there: already protected where `existing.contentId` says so. */
  readonly content: Uint8Array
  /** Whoever is to own it, if not who protects (MIP-065). */
  readonly owner?: string
  /** Several attachments of one message share one id (MIP-223); otherwise a new one is drawn. */
  readonly contentId?: string
  /** Puts marks of the label into the unprotected bytes (MIP-138). */
  readonly mark?: (plaintext: Uint8Array) => Uint8Array
  /** In SharePoint or mail: not registered for tracking (MIP-219). */
  readonly isHosted?: boolean
}

/** `bytes` are there where the decision allows; `keep` leaves the protected bytes as they are. */
export interface ProtectedContent {
  readonly decision: Decision
  readonly effect: RelabelEffect
  readonly bytes?: Uint8Array
  /** Absent where the result is not protected. */
  readonly contentId?: string
  /** The label that is on it now. */
  readonly labelId?: string
  readonly labelMethod?: "Standard" | "Privileged"
  readonly protection?: Protection
  readonly events: readonly (ContentEvent | CryptoEvent)[]
}

/**
 * Labels and protects bytes, or takes both away. Decides first; what is protected already is opened
 * with a licence of whoever acts; then exactly one protection is left, or none.
 */
export const protectContent = Effect.fn("protectContent")(function* (
  call: Call<MipWorld>,
  o: ProtectContentRequest,
): Effect.fn.Return<ProtectedContent, never, CryptoServices> {
  const request = requestOf(call, o)
  const decision = evaluateProtect(request)
  const wish = resolveWish(request)
  if (decision.outcome !== "allow") return { decision, effect: wish.effect, events: [] }
  const label = labelling(request, wish)
  if (wish.effect === "keep") {
    const { contentId } = request.existing ?? {}
    const kept = contentId === undefined ? {} : { contentId }
    return { decision, effect: "keep", bytes: o.content, ...kept, ...label, events: [] }
  }
  const opened = yield* plaintextOf(call, request, o.content)
  // Opening comes first where there is something to open; each gate shows once.
  const both = opened.decision === undefined ? decision : andThen(opened.decision, () => decision)
  if (opened.plaintext === undefined) {
    return { decision: opened.decision ?? both, effect: wish.effect, events: opened.events }
  }
  const { events } = opened
  const plaintext = o.mark === undefined ? opened.plaintext : o.mark(opened.plaintext)
  if (wish.effect !== "apply" && wish.effect !== "replace") {
    return { decision: both, effect: wish.effect, bytes: plaintext, ...label, events }
  }
  const contentId = o.contentId ?? call.draw.guid(`content ${o.name}`)
  const { protection: wanted, policy } = publish({
    request,
    wish,
    contentId,
    ...(o.owner === undefined ? {} : { owner: o.owner }),
  })
  const certifiedAt = publishingCertificateAt(request)
  const protecting = {
    contentId,
    plaintext,
    policy,
    kind: contentKindOf(o),
    ...(certifiedAt === undefined ? {} : { certifiedAt }),
  }
  const result = yield* Effect.result(protectBytes(call.world, protecting))
  if (result._tag === "Failure") {
    const refused = envelopeRefused(problemOf(result.failure), both)
    return { decision: refused, effect: wish.effect, events }
  }
  const sealed = result.success
  const { tenantKeyId, doubleKeyId } = sealed
  const secondKey = doubleKeyId === undefined ? {} : { doubleKeyId }
  const protection: Protection = { ...wanted, tenantKeyId, ...secondKey }
  return {
    decision: both,
    effect: wish.effect,
    bytes: sealed.bytes,
    contentId,
    ...label,
    protection,
    events: [
      ...events,
      ...sealed.events,
      ...serviceEvents(request, contentId),
      ...publishingEvents(request, protection, o),
    ],
  }
})

const requestOf = (call: Call<MipWorld>, o: ProtectContentRequest): ProtectRequest => {
  const { content: _, owner: _owner, contentId: _id, isHosted: _hosted, mark: _mark, ...rest } = o
  return {
    ...rest,
    world: call.world,
    now: call.now,
    address: o.address ?? call.actor.id,
    client: o.client ?? call.actor.client,
  }
}

/** A device goes on with the tenant key of its certificate; the service takes the active one (MIP-234). */
const publishingCertificateAt = (request: ProtectRequest): number | undefined =>
  request.isServerSide !== true && canPublishAlone(request)
    ? certificateOf(request.world, canonicalAddress(request.world, request.address))?.issuedAt
    : undefined

const labelling = ({ method = "manual" }: ProtectRequest, { label }: ResolvedWish) =>
  label === undefined
    ? {}
    : {
        labelId: label.id,
        labelMethod: method === "manual" ? ("Privileged" as const) : ("Standard" as const),
      }

interface Plain {
  readonly plaintext?: Uint8Array
  readonly decision?: Decision
  readonly events: readonly ContentEvent[]
}

/** The bytes without protection: they have none, or whoever acts opens them first. */
const plaintextOf = Effect.fnUntraced(function* (
  call: Call<MipWorld>,
  { existing, address, client, isServerSide }: ProtectRequest,
  content: Uint8Array,
): Effect.fn.Return<Plain, never, CryptoServices> {
  if (existing?.contentId === undefined) return { plaintext: content, events: [] }
  const { contentId } = existing
  return isServerSide === true
    ? yield* openForService(call, { bytes: content, contentId, service: "Exchange" })
    : yield* openContent(call, { bytes: content, contentId, address, client })
})

/** A device that is not initialized yet is now; phones and the web let the service publish. */
const serviceEvents = (request: ProtectRequest, contentId: string): readonly MipEvent[] => {
  const { world, client, form, now, isServerSide = false } = request
  if (isServerSide || canPublishAlone(request)) return []
  const asked = {
    at: now,
    userId: canonicalAddress(world, request.address),
    result: "Success",
    ipAddress: client.ipAddress,
    application: client.app,
  }
  return initializesDevice(softwareOf(client.app, form), client.app)
    ? bootstrapEvents(request)
    : [serviceRequested({ ...asked, requestType: "FECreatePublishingLicenseV1", contentId })]
}

/** What the service notes of a new content: the protection, and its registration for tracking. */
const publishingEvents = (
  { world, form, name, now }: ProtectRequest,
  protection: Protection,
  { isHosted = false }: ProtectContentRequest,
): readonly MipEvent[] => {
  const { contentId, owner, issuer } = protection
  const isRegistered =
    !isHosted &&
    form !== "mail" &&
    canBeTracked(name) &&
    rmsServiceOf(world).documentTracking === "Enabled"
  return [
    { _tag: "ContentProtected", protection },
    ...(isRegistered
      ? [
          {
            _tag: "ContentRegistered" as const,
            content: { contentId, contentName: name, owner, issuer, registeredAt: now },
          },
        ]
      : []),
  ]
}
