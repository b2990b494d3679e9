import { andThen, type Call, days, decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { Schema } from "effect"
import { fileLine } from "../auditLines.ts"
import type { DriveItem } from "../DriveItem.ts"
import { evaluateManageItem } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import { itemAt, itemOf, itemsOf, type SpoWorld, siteOf, tenantSetting } from "../State.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"
import { itemParameters } from "./shareParameters.ts"

/** What lies in a folder goes and comes back with it. */
const under = (world: SpoWorld, item: DriveItem): readonly DriveItem[] =>
  item.kind === "file"
    ? []
    : itemsOf(world).filter(
        (it) =>
          it.site === item.site &&
          it.path.toLowerCase().startsWith(`${item.path.toLowerCase()}/`) &&
          it.recycledAt === item.recycledAt,
      )

/** A deleted file goes to the recycle bin with everything that hangs on it (SPO-280). */
export const deleteFile: SpoOperation = operation({
  name: "delete-file",
  summary: "Moves a file or folder to the recycle bin of its site.",
  params: Schema.Struct(itemParameters),
  facts: ["SPO-280"],
  decide: (call: Call<SpoWorld>, { file, site: siteName }): SpoRuling => {
    const item = itemOf(call.world, file, siteName)
    const site = item === undefined ? undefined : siteOf(call.world, item.site)
    if (item === undefined || site === undefined) return { decision: missing("item") }
    const decision = evaluateManageItem(call, site, item)
    return decision.outcome === "allow"
      ? {
          decision,
          events: [item, ...under(call.world, item)].map(({ id }) => ({
            _tag: "ItemRecycled" as const,
            itemId: id,
            by: call.actor.id,
            at: call.now,
          })),
          audit: [fileLine("FileRecycled", site, item)],
        }
      : { decision }
  },
})

interface RestoreFacets {
  readonly bin: "not-deleted" | "in-bin" | "gone"
  readonly isPathFree: boolean
  readonly retentionDays: number
}

const stillInBin = gate<RestoreFacets>()({
  name: "recycle-bin",
  facts: ["SPO-280"],
  reads: ["bin", "isPathFree", "retentionDays"],
  check: ({ bin, isPathFree, retentionDays }) => {
    if (bin === "not-deleted") return deny("The item is not in the recycle bin.")
    if (bin === "gone") {
      return deny(
        "The time in the recycle bin is over, and the item is gone for good.",
        { retentionDays },
        {
          code: "itemNotFound",
          message: "The item is no longer in the recycle bin.",
        },
      )
    }
    return isPathFree
      ? pass("The item still lies in the recycle bin.", { retentionDays })
      : deny(
          "Another item has taken its place in the meantime.",
          {},
          {
            code: "nameAlreadyExists",
            message: "An item with this name already exists in this location.",
          },
        )
  },
})

/** What comes back has its permissions and links again (SPO-280). */
export const restoreFile: SpoOperation = operation({
  name: "restore-file",
  summary: "Takes a file or folder out of the recycle bin, with its permissions and links.",
  params: Schema.Struct(itemParameters),
  facts: ["SPO-280"],
  decide: (call: Call<SpoWorld>, { file, site: siteName }): SpoRuling => {
    const { world, now } = call
    const item = itemOf(world, file, siteName)
    const site = item === undefined ? undefined : siteOf(world, item.site)
    if (item === undefined || site === undefined) return { decision: missing("item") }
    const retentionDays = tenantSetting(world, "RecycleBinRetentionPeriod")
    const { recycledAt } = item
    const decision = andThen(evaluateManageItem(call, site, item, { inBin: true }), () =>
      decideByGates([stillInBin], {
        bin:
          recycledAt === undefined
            ? "not-deleted"
            : now - recycledAt < days(retentionDays)
              ? "in-bin"
              : "gone",
        isPathFree: itemAt(world, site.url, item.path) === undefined,
        retentionDays,
      }),
    )
    return decision.outcome === "allow"
      ? {
          decision,
          events: [item, ...under(world, item)].map(({ id }) => ({
            _tag: "ItemRestored" as const,
            itemId: id,
            by: call.actor.id,
            at: now,
          })),
          audit: [fileLine("FileRestored", site, item)],
        }
      : { decision }
  },
})
