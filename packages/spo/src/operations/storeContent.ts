import { createHash } from "node:crypto"
import { BlobStore, type CryptoEvent, type CryptoServices, sealAtRest } from "@twin/crypto"
import type { Call } from "@twin/kernel"
import {
  callAfter,
  canServiceProcess,
  classifyText,
  isLabelKnownTo,
  labelOf,
  openForService,
} from "@twin/mip"
import { Effect } from "effect"
import type { Processing, StoredContent } from "../DriveItem.ts"
import { fileTypeOf, isReadable } from "../fileTypes.ts"
import type { Site } from "../Site.ts"
import { type SpoWorld, tenantSetting } from "../State.ts"
import type { EmittedEvent } from "./SpoOperation.ts"

/** Bytes on their way into a site: as they are stored, protected or not. */
export interface Incoming {
  readonly site: Site
  /** With extension. */
  readonly name: string
  readonly itemId: string
  /** Number of the new version. */
  readonly version: number
  readonly bytes: Uint8Array
  /** Known where the bytes are not protected, or whoever stores them has just protected them. */
  readonly plaintext?: Uint8Array
  readonly plaintextDigest?: string
  readonly contentId?: string
  readonly labelId?: string
  readonly labelMethod?: "Standard" | "Privileged"
  /** The uploader may view the content: otherwise the service does not recognise it (SPO-155). */
  readonly canUploaderView: boolean
  /** What happened in the same gesture before: a protection that the world does not know yet. */
  readonly before: readonly EmittedEvent[]
}

export interface Stored {
  readonly content: StoredContent
  readonly events: readonly EmittedEvent[]
}

export const sha256 = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex")

/** Labels for this type are switched on (SPO-152). */
const isLabelTypeOn = (world: SpoWorld, name: string): boolean => {
  switch (fileTypeOf(name)) {
    case "office":
      return true
    case "pdf":
      return tenantSetting(world, "EnableSensitivityLabelforPDF")
    case "onenote":
      return tenantSetting(world, "EnableSensitivityLabelforOneNote")
    case "video":
      return tenantSetting(world, "EnableSensitivityLabelforVideoFiles")
    case "legacy-office":
    case "text":
    case "image":
    case "other":
      return false
  }
}

const processingOf = (call: Call<SpoWorld>, it: Incoming): Processing => {
  const { world, now } = call
  if (it.contentId === undefined) {
    return isReadable(fileTypeOf(it.name)) ? "readable" : "unsupported-type"
  }
  const label = it.labelId === undefined ? undefined : labelOf(world, it.labelId)
  const canProcess =
    // MIP-100: what comes before the service has learnt of the label stays shut.
    (label === undefined || isLabelKnownTo(world, label, "sharepoint", now)) &&
    tenantSetting(world, "EnableAIPIntegration") &&
    isLabelTypeOn(world, it.name) &&
    it.canUploaderView &&
    canServiceProcess(world, it.contentId, now)
  return canProcess ? "readable" : "opaque-encryption"
}

/**
 * Stores a version: seals the bytes at rest and looks into them as the service does, as far as it
 * can. Ask `evaluateSealing` first: without keys nothing is stored.
 */
export const storeContent = Effect.fn("storeContent")(function* (
  call: Call<SpoWorld>,
  it: Incoming,
): Effect.fn.Return<Stored, never, CryptoServices> {
  const after = callAfter(call, it.before)
  const objectId = `${it.itemId}/v${it.version}`
  const sealed: readonly CryptoEvent[] = yield* sealAtRest(
    call.world,
    { workload: "SharePoint", container: it.site.url, objectId, plaintext: it.bytes },
    { now: call.now },
  )
  const processing = processingOf(after, it)
  const plaintext =
    it.plaintext ??
    (it.contentId === undefined || processing !== "readable"
      ? undefined
      : (yield* openForService(after, {
          bytes: it.bytes,
          contentId: it.contentId,
          service: "SharePoint",
        })).plaintext)
  const readable = it.contentId === undefined ? (plaintext ?? it.bytes) : plaintext
  const isRead = processing === "readable" && readable !== undefined
  const classification = isRead
    ? yield* classifyText(call.world, Buffer.from(readable).toString("utf8"))
    : undefined
  return {
    events: sealed,
    content: {
      version: it.version,
      objectId,
      size: readable?.length ?? it.bytes.length,
      sha256: it.plaintextDigest ?? sha256(readable ?? it.bytes),
      processing,
      infoTypes: (classification?.types ?? []).map(({ name }) => name).toSorted(),
      ...(classification === undefined ? {} : { classification }),
      ...(it.contentId === undefined ? {} : { contentId: it.contentId }),
      ...(it.labelId === undefined ? {} : { labelId: it.labelId }),
      ...(it.labelMethod === undefined ? {} : { labelMethod: it.labelMethod }),
    },
  }
})

/** The bytes of a document outside SharePoint. */
export const bytesOfBlob = Effect.fnUntraced(function* (blobId: string) {
  const blobs = yield* BlobStore
  return yield* Effect.option(blobs.get(blobId))
})
