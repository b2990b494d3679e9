import { type CryptoServices, evaluateSealing } from "@twin/crypto"
import { andThen, type Call, decideByGates, operation } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { nameOf } from "../DriveItem.ts"
import { evaluateManageSite } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import { nameIsFree } from "../decisions/nameIsFree.ts"
import { itemAt, type SpoWorld, siteOf, webUrlOf } from "../State.ts"
import { labelMismatch } from "./labelMismatch.ts"
import { accessOf, openedRow, type VisitParams, visitParameters } from "./openFile.ts"
import { readContent, storedBytesOf } from "./readContent.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { storeContent } from "./storeContent.ts"
import { newFile } from "./uploadFile.ts"
import { guestOnDemand, traceOfVisit } from "./visit.ts"

interface CopyParams extends VisitParams {
  readonly toSite?: string
}

/** Content out of an open file: the right to copy decides. */
const copyOut = Effect.fnUntraced(function* (
  call: Call<SpoWorld>,
  params: VisitParams,
): Effect.fn.Return<SpoRuling, never, CryptoServices> {
  const { item, ...access } = accessOf(call, params, "copy")
  const { decision, site } = access
  if (decision.outcome !== "allow" || item?.content === undefined || site === undefined) {
    return { decision, ...guestOnDemand(call, access) }
  }
  const read = yield* readContent(call, item.content, "copy", decision)
  const trace = traceOfVisit(call, access, site, item)
  return read.decision.outcome === "allow"
    ? {
        decision: read.decision,
        events: [...trace.events, ...read.events],
        audit: [...trace.audit, fileLine("FileAccessed", site, item)],
        output: [openedRow(item, read.decision.rights ?? [])],
      }
    : { decision: read.decision, events: read.events }
})

/**
 * The file itself into another site: label and encryption stay in it, links and permissions do not
 * come along, and in its new place it is a newly added file (SPO-157, SPO-196).
 */
const copyTo = Effect.fnUntraced(function* (
  call: Call<SpoWorld>,
  { toSite, ...params }: VisitParams & { readonly toSite: string },
): Effect.fn.Return<SpoRuling, never, CryptoServices> {
  const { item, ...access } = accessOf(call, params, "download")
  const target = siteOf(call.world, toSite)
  const { content } = item ?? {}
  if (item === undefined || access.site === undefined || content === undefined) {
    return { decision: access.decision }
  }
  if (target === undefined) return { decision: missing("site") }
  const path = `Shared Documents/${nameOf(item)}`
  const { world, now, draw } = call
  const decision = [
    () => evaluateManageSite(call, target, "edit"),
    () =>
      decideByGates([nameIsFree], { isPathFree: itemAt(world, target.url, path) === undefined }),
    () =>
      evaluateSealing(world, { workload: "SharePoint" as const, container: target.url }, { now }),
  ].reduce(andThen, access.decision)
  if (decision.outcome !== "allow") return { decision }
  const read = yield* storedBytesOf(call, content)
  if (read.bytes === undefined) return { decision: andThen(decision, () => read.decision) }
  const id = draw.guid(`copy of ${item.id}`)
  const stored = yield* storeContent(call, {
    site: target,
    itemId: id,
    name: nameOf(item),
    version: 1,
    bytes: read.bytes,
    plaintextDigest: content.sha256,
    canUploaderView: true,
    before: [],
    ...(content.contentId === undefined ? {} : { contentId: content.contentId }),
    ...(content.labelId === undefined ? {} : { labelId: content.labelId }),
    ...(content.labelMethod === undefined ? {} : { labelMethod: content.labelMethod }),
  })
  const copy = newFile(call, target, { id, path, content: stored.content })
  const mismatch = labelMismatch(call, target, copy)
  return {
    decision,
    events: [...stored.events, { _tag: "ItemCreated", item: copy }],
    audit: [fileLine("FileCopied", access.site, item), ...mismatch.audit],
    mail: mismatch.mail,
    output: [{ ...openedRow(copy, decision.rights ?? []), webUrl: webUrlOf(copy) }],
  }
})

/** Copies content out of an open file, or the file to another site. */
export const copyFile: SpoOperation = operation({
  name: "copy-file",
  summary:
    "Copies content out of an open file, or, with a target, the file itself to another site.",
  params: Schema.Struct({
    ...visitParameters,
    toSite: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Site to copy the whole file to" }),
    ),
  }),
  facts: ["SPO-157", "SPO-167", "SPO-196", "SPO-301"],
  secrets: ["password"],
  decide: (call: Call<SpoWorld>, { toSite, ...params }: CopyParams) =>
    toSite === undefined ? copyOut(call, params) : copyTo(call, { ...params, toSite }),
})
