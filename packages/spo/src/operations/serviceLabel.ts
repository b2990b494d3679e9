import type { CryptoServices } from "@twin/crypto"
import type { Call, Decision } from "@twin/kernel"
import { labelOf, type ProtectContentRequest, protectContent } from "@twin/mip"
import { Effect } from "effect"
import { type DriveItem, nameOf, type StoredContent } from "../DriveItem.ts"
import { scanOfChangedFile } from "../dlpScan.ts"
import type { Site } from "../Site.ts"
import type { SpoWorld } from "../State.ts"
import { storedBytesOf } from "./readContent.ts"
import type { EmittedEvent } from "./SpoOperation.ts"
import { storeContent } from "./storeContent.ts"

/** What a service made of a file; without `content` nothing has changed. */
export interface ServiceLabelled {
  readonly decision: Decision
  readonly content?: StoredContent
  readonly events: readonly EmittedEvent[]
}

/**
 * The service labels a stored file, or takes label and encryption off: the last modifier becomes the
 * owner (MIP-148), and who changed the file when stays as it was (MIP-147). No marks (MIP-141).
 */
export const labelByService = Effect.fn("labelByService")(function* (
  call: Call<SpoWorld>,
  o: {
    readonly site: Site
    readonly item: DriveItem
    readonly content: StoredContent
    /** Undefined: off it comes. */
    readonly label: string | undefined
    readonly method?: "manual" | "automatic"
    readonly custom?: ProtectContentRequest["custom"]
    /** What the label was when the file is to be made as if it were new. */
    readonly isFresh?: boolean
  },
): Effect.fn.Return<ServiceLabelled, never, CryptoServices> {
  const { site, item, content } = o
  const read = yield* storedBytesOf(call, content)
  if (read.bytes === undefined) return { decision: read.decision, events: [] }
  const labelled = yield* protectContent(call, {
    content: read.bytes,
    form: "document",
    name: nameOf(item),
    address: item.modifiedBy,
    isHosted: true,
    isServerSide: true,
    method: o.method ?? "automatic",
    existing: {
      ...(content.contentId === undefined ? {} : { contentId: content.contentId }),
      ...(content.labelId === undefined || o.isFresh === true ? {} : { labelId: content.labelId }),
      ...(content.labelMethod === undefined ? {} : { labelMethod: content.labelMethod }),
    },
    ...(o.label === undefined ? { isRemoval: true } : { label: o.label }),
    ...(o.custom === undefined ? {} : { custom: o.custom }),
  })
  if (labelled.decision.outcome !== "allow" || labelled.bytes === undefined) {
    return { decision: labelled.decision, events: labelled.events }
  }
  const labelId = o.label === undefined ? undefined : labelOf(call.world, o.label)?.id
  const stored = yield* storeContent(call, {
    site,
    itemId: item.id,
    name: nameOf(item),
    version: content.version + 1,
    bytes: labelled.bytes,
    plaintextDigest: content.sha256,
    ...(content.contentId === undefined ? { plaintext: read.bytes } : {}),
    ...(labelled.contentId === undefined ? {} : { contentId: labelled.contentId }),
    ...(labelId === undefined ? {} : { labelId }),
    ...(labelId === undefined
      ? {}
      : { labelMethod: (o.method === "manual" ? content.labelMethod : undefined) ?? "Standard" }),
    canUploaderView: true,
    before: labelled.events,
  })
  return {
    decision: labelled.decision,
    content: stored.content,
    events: [
      ...labelled.events,
      ...stored.events,
      {
        _tag: "FileContentReplaced",
        itemId: item.id,
        content: stored.content,
        by: item.modifiedBy,
        scan: scanOfChangedFile(call.world, site, item.scan, stored.content, call.now),
        at: item.modifiedAt,
      },
    ],
  }
})
