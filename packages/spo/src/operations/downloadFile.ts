import { BlobStore, type CryptoServices } from "@twin/crypto"
import { andThen, type Call, type Decision, operation } from "@twin/kernel"
import { callAfter, copyContent, type LocalDocument, protectContent } from "@twin/mip"
import { Effect, Option, Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { type DriveItem, nameOf, type StoredContent } from "../DriveItem.ts"
import { evaluateManageSite } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import type { Site } from "../Site.ts"
import type { SpoWorld } from "../State.ts"
import { protectionOnLeaving } from "./library.ts"
import { accessOf, openedRow, type VisitParams, visitParameters } from "./openFile.ts"
import { storedBytesOf, textOf } from "./readContent.ts"
import { refreshed } from "./refreshContent.ts"
import type { EmittedEvent, SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { guestOnDemand, traceOfVisit } from "./visit.ts"

interface Leaving {
  readonly decision: Decision
  readonly bytes?: Uint8Array
  /** What the copy has that the stored file has not: the library protects what leaves it. */
  readonly changes: { readonly contentId?: string; readonly labelId?: string }
  readonly events: readonly EmittedEvent[]
}

/** The bytes as they leave the library (MIP-210, MIP-213). */
const leaving = Effect.fnUntraced(function* (
  call: Call<SpoWorld>,
  site: Site,
  item: DriveItem,
): Effect.fn.Return<Leaving, never, CryptoServices> {
  const { content } = item
  if (content === undefined) return { decision: noContent, changes: {}, events: [] }
  const read = yield* storedBytesOf(call, content)
  const protection = protectionOnLeaving(call.world, site, item, {
    address: call.actor.id,
    canEdit: evaluateManageSite(call, site, "edit").outcome === "allow",
  })
  if (read.bytes === undefined) return { decision: read.decision, changes: {}, events: [] }
  if (protection === undefined) {
    const { contentId } = content
    const copy =
      contentId === undefined
        ? undefined
        : yield* copyContent(call, { bytes: read.bytes, contentId })
    return copy === undefined
      ? { decision: read.decision, changes: {}, events: [], bytes: read.bytes }
      : {
          decision: read.decision,
          changes: { contentId: copy.contentId },
          events: copy.events,
          bytes: copy.bytes,
        }
  }
  const sealed = yield* protectContent(call, {
    content: read.bytes,
    form: "document",
    name: nameOf(item),
    address: item.modifiedBy,
    isServerSide: true,
    custom: protection.custom,
    ...(protection.label === undefined ? {} : { label: protection.label }),
  })
  return {
    decision: sealed.decision,
    events: sealed.events,
    changes: {
      ...(sealed.contentId === undefined ? {} : { contentId: sealed.contentId }),
      ...(sealed.labelId === undefined ? {} : { labelId: sealed.labelId }),
    },
    ...(sealed.bytes === undefined ? {} : { bytes: sealed.bytes }),
  }
})

const noContent = missing("item")

/** What came to a device, and what it leaves behind. */
export interface DeviceCopy {
  readonly decision: Decision
  /** Absent where the service cannot hand the bytes out. */
  readonly document?: LocalDocument
  readonly bytes: Uint8Array
  readonly events: readonly EmittedEvent[]
}

/** Puts a copy of a stored file on somebody's device: label and encryption travel with it (SPO-157). */
export const copyToDevice = Effect.fnUntraced(function* (
  call: Call<SpoWorld>,
  site: Site,
  item: DriveItem,
  stored: StoredContent,
): Effect.fn.Return<DeviceCopy, never, CryptoServices> {
  const fresh = yield* refreshed(call, site, item, stored)
  const after = callAfter(call, fresh.events)
  const out = yield* leaving(after, site, { ...item, content: fresh.content })
  if (out.bytes === undefined) {
    return { decision: out.decision, bytes: new Uint8Array(), events: [] }
  }
  const content = { ...fresh.content, ...out.changes }
  const id = call.draw.guid(`copy of ${item.id}`)
  const document: LocalDocument = {
    id,
    name: nameOf(item),
    savedBy: call.actor.id.toLowerCase(),
    savedAt: call.now,
    blobId: `local-document/${id}`,
    ...(content.contentId === undefined ? {} : { contentId: content.contentId }),
    ...(content.labelId === undefined ? {} : { labelId: content.labelId }),
    ...(content.labelMethod === undefined ? {} : { labelMethod: content.labelMethod }),
    plaintextDigest: content.sha256,
  }
  const blobs = yield* BlobStore
  yield* blobs.put(document.blobId, out.bytes)
  return {
    decision: out.decision,
    document,
    bytes: out.bytes,
    events: [...fresh.events, ...out.events, { _tag: "LocalDocumentSaved", document }],
  }
})

/** Saves a copy on the person's device. */
export const downloadFile: SpoOperation = operation({
  name: "download-file",
  summary: "Saves a copy of a file on the device; a protected file stays protected.",
  params: Schema.Struct(visitParameters),
  facts: ["SPO-301", "SPO-026", "SPO-157", "SPO-215"],
  secrets: ["password"],
  decide: Effect.fnUntraced(function* (
    call: Call<SpoWorld>,
    params: VisitParams,
  ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
    const { item, ...access } = accessOf(call, params, "download")
    const { decision, site } = access
    const { content: stored } = item ?? {}
    if (decision.outcome !== "allow" || item === undefined || site === undefined) {
      return { decision, ...guestOnDemand(call, access) }
    }
    if (stored === undefined) return { decision }
    const copy = yield* copyToDevice(call, site, item, stored)
    if (copy.document === undefined) {
      return { decision: andThen(decision, () => copy.decision) }
    }
    const { id, contentId } = copy.document
    const trace = traceOfVisit(call, access, site, item)
    const text = contentId === undefined ? textOf(copy.bytes) : Option.none()
    return {
      decision,
      events: [...copy.events, ...trace.events],
      audit: [...trace.audit, fileLine("FileDownloaded", site, item)],
      output: [
        {
          ...openedRow(item, decision.rights ?? []),
          id,
          document: id,
          bytes: copy.bytes.length,
          ...(Option.isSome(text) ? { text: text.value } : {}),
        },
      ],
    }
  }),
})
