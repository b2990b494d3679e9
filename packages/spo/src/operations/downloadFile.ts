import { BlobStore, type CryptoServices } from "@twin/crypto"
import { andThen, type Call, operation } from "@twin/kernel"
import type { LocalDocument } from "@twin/mip"
import { Effect, Option, Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { nameOf } from "../DriveItem.ts"
import type { SpoWorld } from "../State.ts"
import { accessOf, openedRow, type VisitParams, visitParameters } from "./openFile.ts"
import { storedBytesOf, textOf } from "./readContent.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { guestOnDemand, traceOfVisit } from "./visit.ts"

/** Saves a copy on the person's device: label and encryption travel with it (SPO-157). */
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
    const { content } = item ?? {}
    if (decision.outcome !== "allow" || item === undefined || site === undefined) {
      return { decision, ...guestOnDemand(call, access) }
    }
    if (content === undefined) return { decision }
    const read = yield* storedBytesOf(call, content)
    if (read.bytes === undefined) return { decision: andThen(decision, () => read.decision) }
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
    yield* blobs.put(document.blobId, read.bytes)
    const trace = traceOfVisit(call, access, site, item)
    const text = content.contentId === undefined ? textOf(read.bytes) : Option.none()
    return {
      decision,
      events: [...trace.events, { _tag: "LocalDocumentSaved", document }],
      audit: [...trace.audit, fileLine("FileDownloaded", site, item)],
      output: [
        {
          ...openedRow(item, decision.rights ?? []),
          id,
          document: id,
          bytes: read.bytes.length,
          ...(Option.isSome(text) ? { text: text.value } : {}),
        },
      ],
    }
  }),
})
