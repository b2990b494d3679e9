import {
  BlobStore,
  type CryptoServices,
  issueUseLicence,
  openEnvelope,
  UseLicence,
  unlockUseLicence,
} from "@twin/crypto"
import { contentGuestEvents, type IdentityEvent } from "@twin/identity"
import { type Call, type Client, type Decision, decidingGate } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { certificateEvent } from "../bootstrap.ts"
import type { ContentAction } from "../ContentAction.ts"
import { keyServiceToken } from "../DoubleKeyService.ts"
import { answerOpenContent, type OpenAnswer } from "../decisions/evaluateOpenContent.ts"
import { canonicalAddress } from "../identityClass.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { OpenRequest } from "../requests.ts"
import type { Software } from "../Software.ts"
import { type MipWorld, protectionOf, useLicenceOf } from "../State.ts"
import { envelopeRefused, problemOf, readContentId } from "./envelope.ts"
import { licenceToKeep, licenceValidUntil, requestEvents } from "./licenceEvents.ts"

/** What an opening leaves behind: here, and in the directory (IDN-139). */
export type ContentEvent = MipEvent | IdentityEvent

/** Protected bytes in somebody's hands, and what the person wants with them. */
export interface OpenContentRequest {
  readonly bytes: Uint8Array
  /** What the caller takes them to be; other bytes are refused. */
  readonly contentId?: string
  /** The actor of the call unless given. */
  readonly address?: string
  readonly client?: Client
  readonly requested?: ContentAction
  readonly software?: Software
  readonly consumer?: string
  readonly isFreshDevice?: boolean
  readonly isProvenByPortal?: boolean
}

/** The plaintext is there only where the decision allows and the licence really opened the bytes. */
export interface OpenedContent {
  readonly decision: Decision
  readonly contentId?: string
  readonly plaintext?: Uint8Array
  readonly useLicence?: UseLicence
  /** Also after a refusal: the attempt leaves a trace. */
  readonly events: readonly ContentEvent[]
}

/**
 * Opens protected bytes for somebody. The decision comes first and is pure; bytes come out only
 * through a use licence, issued now or kept on the device, that names the rights of the decision.
 */
export const openContent = Effect.fn("openContent")(function* (
  call: Call<MipWorld>,
  o: OpenContentRequest,
): Effect.fn.Return<OpenedContent, never, CryptoServices> {
  const read = yield* readContentId(call.world, o.bytes)
  const contentId = read.contentId ?? o.contentId
  if (contentId === undefined) {
    return { decision: envelopeRefused(read.problem ?? "damaged"), events: [] }
  }
  if (o.contentId !== undefined && o.contentId !== contentId) {
    return { decision: envelopeRefused("other-content"), contentId, events: [] }
  }
  const request = requestOf(call, contentId, o)
  const answer = answerOpenContent(request)
  const objectId = call.draw.guid(`guest ${request.address}`)
  if (answer.isFromDevice) {
    const opened = yield* openWithKept(request, answer, o.bytes)
    if (opened !== undefined) return opened
    // The kept licence is for an earlier version of the content: the service is asked again.
    const again = { ...request, isFreshDevice: true }
    return yield* openWithNew(again, answerOpenContent(again), o.bytes, objectId)
  }
  return yield* openWithNew(request, answer, o.bytes, objectId)
})

const requestOf = (
  call: Call<MipWorld>,
  contentId: string,
  {
    address,
    client,
    requested,
    software,
    consumer,
    isFreshDevice,
    isProvenByPortal,
  }: OpenContentRequest,
): OpenRequest => ({
  world: call.world,
  contentId,
  address: address ?? call.actor.id,
  client: client ?? call.actor.client,
  now: call.now,
  ...(requested === undefined ? {} : { requested }),
  ...(software === undefined ? {} : { software }),
  ...(consumer === undefined ? {} : { consumer }),
  ...(isFreshDevice === undefined ? {} : { isFreshDevice }),
  ...(isProvenByPortal === undefined ? {} : { isProvenByPortal }),
})

/** The application holds the bytes back where it enforces the right that is missing (step 10). */
const isHandedOver = ({ decision }: OpenAnswer): boolean => decision.outcome === "allow"

const openWithKept = Effect.fnUntraced(function* (
  request: OpenRequest,
  answer: OpenAnswer,
  bytes: Uint8Array,
) {
  const { world, contentId, address, now } = request
  const principal = canonicalAddress(world, address)
  const kept = useLicenceOf(world, contentId, principal)
  if (kept === undefined) return undefined
  if (!isHandedOver(answer)) return { decision: answer.decision, contentId, events: [] }
  const blobs = yield* BlobStore
  const stored = yield* Effect.option(blobs.get(kept.blobId))
  const licence = Option.flatMap(stored, (it) => decodeLicence(Buffer.from(it).toString("utf8")))
  if (Option.isNone(licence)) return undefined
  const useLicence = licence.value
  const plaintext = yield* Effect.option(
    openEnvelope(world, { bytes, licence: useLicence, principal, now }),
  )
  if (Option.isNone(plaintext)) return undefined
  const opened: OpenedContent = {
    decision: answer.decision,
    contentId,
    plaintext: plaintext.value,
    useLicence,
    events: [],
  }
  return opened
})

const LicenceJson = Schema.fromJsonString(UseLicence)
const decodeLicence = Schema.decodeUnknownOption(LicenceJson)

/** Where there is a second key, its service opens the inner lock for the person's token (MIP-245). */
const unlock = Effect.fnUntraced(function* (
  { world, contentId, address, now }: OpenRequest,
  bytes: Uint8Array,
  licence: UseLicence,
) {
  const url = protectionOf(world, contentId)?.doubleKeyUrl
  if (url === undefined) return licence
  const token = yield* keyServiceToken(world, { url, address, now })
  const principal = canonicalAddress(world, address)
  return yield* unlockUseLicence(world, { bytes, licence, principal, now, ...token })
})

/** A Microsoft account that opens content in an Office app becomes a guest, in a while (IDN-139). */
const guestEvents = (
  { world, address, now, client, software }: OpenRequest,
  objectId: string,
): readonly IdentityEvent[] =>
  officeApps.includes(software ?? client.app)
    ? contentGuestEvents(world, { address, objectId, now })
    : []

const officeApps: readonly string[] = ["office-desktop", "office-mobile"]

const openWithNew = Effect.fnUntraced(function* (
  request: OpenRequest,
  answer: OpenAnswer,
  bytes: Uint8Array,
  objectId: string,
): Effect.fn.Return<OpenedContent, never, CryptoServices> {
  const { world, contentId, address, now } = request
  const trace = requestEvents(request, answer)
  const { decision } = answer
  const isLicensed =
    decision.outcome === "allow" || decidingGate(decision).name === "application-enforces"
  if (!isLicensed) return { decision, contentId, events: trace }
  const principal = canonicalAddress(world, address)
  const licensed = yield* Effect.result(
    issueUseLicence(world, {
      bytes,
      principal,
      rights: answer.held.rights,
      validUntil: licenceValidUntil(request, answer),
      now,
    }),
  )
  if (licensed._tag === "Failure") {
    return {
      decision: envelopeRefused(licensed.failure.reason, decision),
      contentId,
      events: trace,
    }
  }
  const unlocked = yield* Effect.result(unlock(request, bytes, licensed.success))
  if (unlocked._tag === "Failure") {
    const refused = envelopeRefused(problemOf(unlocked.failure), decision)
    return { decision: refused, contentId, events: trace }
  }
  const useLicence = unlocked.success
  const kept = licenceToKeep(request, answer)
  if (kept !== undefined) {
    const blobs = yield* BlobStore
    yield* blobs.put(kept.blobId, Buffer.from(JSON.stringify(useLicence)))
  }
  const events: readonly ContentEvent[] = [
    ...guestEvents(request, objectId),
    ...(kept === undefined
      ? []
      : [certificateEvent(request), { _tag: "UseLicenceIssued" as const, licence: kept }]),
    ...trace,
  ]
  if (!isHandedOver(answer)) return { decision, contentId, useLicence, events }
  const opened = yield* Effect.result(
    openEnvelope(world, { bytes, licence: useLicence, principal, now }),
  )
  return opened._tag === "Success"
    ? { decision, contentId, plaintext: opened.success, useLicence, events }
    : { decision: envelopeRefused(problemOf(opened.failure), decision), contentId, events: trace }
})
