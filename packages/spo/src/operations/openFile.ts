import type { CryptoServices } from "@twin/crypto"
import { type Call, type FactId, type OutputObject, operation } from "@twin/kernel"
import { callAfter } from "@twin/mip"
import { Effect, Option, Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import { type DriveItem, nameOf } from "../DriveItem.ts"
import type { FileAction } from "../decisions/AccessFacets.ts"
import { type Access, evaluateAccess } from "../decisions/evaluateAccess.ts"
import { missing } from "../decisions/missing.ts"
import { itemById, itemOf, linkOf, type SpoWorld } from "../State.ts"
import { readContent, textOf } from "./readContent.ts"
import { refreshed } from "./refreshContent.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { itemParameters, wayParameters } from "./shareParameters.ts"
import { guestOnDemand, traceOfVisit } from "./visit.ts"

/** How somebody names a file, and comes to it. */
export interface VisitParams {
  readonly file?: string
  readonly site?: string
  readonly link?: string
  readonly password?: string
}

/** A link alone names its item; a file is looked up. */
const itemOfVisit = (world: SpoWorld, { file, site, link }: VisitParams): DriveItem | undefined => {
  if (file !== undefined) return itemOf(world, file, site)
  const behind = link === undefined ? undefined : linkOf(world, link)
  return behind === undefined ? undefined : itemById(world, behind.itemId)
}

export const visitParameters = {
  file: Schema.optionalKey(itemParameters.file),
  site: itemParameters.site,
  ...wayParameters,
}

/** Asks the gates for a visit; a link that nobody knows is a link that does not exist. */
export const accessOf = (
  call: Call<SpoWorld>,
  params: VisitParams,
  action: FileAction,
): Access & { readonly item?: DriveItem } => {
  const item = itemOfVisit(call.world, params)
  if (item === undefined) {
    return { decision: missing(params.file === undefined ? "link" : "item") }
  }
  const access = evaluateAccess(call, {
    item,
    action,
    ...(params.link === undefined ? {} : { token: params.link }),
    ...(params.password === undefined ? {} : { password: params.password }),
  })
  return { ...access, item }
}

interface Looking {
  readonly name: string
  readonly action: "open" | "print" | "copy"
  readonly summary: string
  readonly auditAs: string
  readonly facts: readonly [FactId, ...FactId[]]
}

const looking = ({ name, action, summary, auditAs, facts }: Looking): SpoOperation =>
  operation({
    name,
    summary,
    params: Schema.Struct(visitParameters),
    facts,
    secrets: ["password"],
    decide: Effect.fnUntraced(function* (
      call: Call<SpoWorld>,
      params: VisitParams,
    ): Effect.fn.Return<SpoRuling, never, CryptoServices> {
      const { item, ...access } = accessOf(call, params, action)
      const { decision, site } = access
      if (decision.outcome !== "allow" || item === undefined || site === undefined) {
        return { decision, ...guestOnDemand(call, access) }
      }
      const trace = traceOfVisit(call, access, site, item)
      if (item.content === undefined) {
        return { decision, ...trace, output: [rowOf(item, decision.rights ?? [])] }
      }
      const fresh = yield* refreshed(call, site, item, item.content)
      const after = callAfter(call, fresh.events)
      const read = yield* readContent(after, fresh.content, action, decision)
      if (read.decision.outcome !== "allow") {
        return { decision: read.decision, events: read.events }
      }
      const text = read.plaintext === undefined ? Option.none() : textOf(read.plaintext)
      return {
        decision: read.decision,
        events: [...fresh.events, ...trace.events, ...read.events],
        audit: [...trace.audit, fileLine(auditAs, site, item)],
        output: [
          {
            ...rowOf({ ...item, content: fresh.content }, read.decision.rights ?? []),
            ...(Option.isSome(text) ? { text: text.value } : {}),
          },
        ],
      }
    }),
  })

/** What the session of whoever opened a file shows. Output is never journalled. */
const rowOf = (item: DriveItem, rights: readonly string[]): OutputObject => ({
  id: item.id,
  file: item.id,
  name: nameOf(item),
  rights: [...rights],
  ...(item.content === undefined
    ? {}
    : {
        size: item.content.size,
        sha256: item.content.sha256,
        label: item.content.labelId ?? null,
        isProtected: item.content.contentId !== undefined,
      }),
})

export const openFile: SpoOperation = looking({
  name: "open-file",
  action: "open",
  summary: "Opens a file with the client of the person, by a link or by permission.",
  auditAs: "FileAccessed",
  facts: ["SPO-301", "SPO-303", "SPO-244", "SPO-022"],
})

export const printFile: SpoOperation = looking({
  name: "print-file",
  action: "print",
  summary: "Opens a file and prints it.",
  auditAs: "FileAccessed",
  facts: ["SPO-301", "SPO-026"],
})

export { rowOf as openedRow }
