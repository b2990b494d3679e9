import { type Due, decideByGates, gate, isFaultOn, pass } from "@twin/kernel"
import { dlpLine } from "./auditLines.ts"
import type { DlpMatch, DriveItem } from "./DriveItem.ts"
import { noticesOf } from "./dlpNotices.ts"
import { matchesOf } from "./dlpScan.ts"
import { faultNames } from "./faults.ts"
import type { SpoEvent } from "./SpoEvent.ts"
import { itemById, pendingScansOf, type SpoWorld, siteOf } from "./State.ts"

interface ScanFacets {
  readonly matched: number
  readonly blocks: boolean
}

const scanned = gate<ScanFacets>()({
  name: "content-scan",
  facts: ["SPO-191", "SPO-193", "SPO-202"],
  reads: ["matched", "blocks"],
  check: ({ matched, blocks }) =>
    pass(
      matched === 0
        ? "What was due has been scanned, and no rule matches."
        : blocks
          ? "What was due has been scanned, and a rule that blocks matches."
          : "What was due has been scanned, and a rule that does not block matches.",
      { matched },
    ),
})

const names = (matches: readonly DlpMatch[]): readonly string[] => matches.map(({ rule }) => rule)

const auditOf = (world: SpoWorld, item: DriveItem, matches: readonly DlpMatch[]) => {
  const site = siteOf(world, item.site)
  if (site === undefined) return []
  const gone = names(item.scan?.matches ?? []).filter((it) => !names(matches).includes(it))
  return [
    ...(matches.length === 0 ? [] : [dlpLine("DlpRuleMatch", site, item, names(matches))]),
    ...(gone.length === 0 ? [] : [dlpLine("DlpRuleUndo", site, item, gone)]),
  ]
}

/**
 * Crawl and evaluation, at the moment they are due; a backlog keeps everything waiting (SPO-192). Only
 * the earliest moment is worked out, with all files that are due then: the rest comes in its turn.
 */
export const dueScans = (world: SpoWorld, until: number): readonly Due<SpoEvent>[] => {
  if (isFaultOn(world, faultNames.scanBacklog)) return []
  const pending = pendingScansOf(world)
  const at = pending[0]?.dueAt
  if (at === undefined || at > until) return []
  const scans = pending
    .filter(({ dueAt }) => dueAt === at)
    .map(({ itemId }) => {
      const item = itemById(world, itemId)
      return { itemId, item, matches: item === undefined ? [] : matchesOf(world, item) }
    })
  const matches = scans.flatMap((it) => it.matches)
  return [
    {
      at,
      name: "content-scanned",
      decision: decideByGates([scanned], {
        matched: matches.length,
        blocks: matches.some(({ block }) => block !== undefined),
      }),
      events: scans.map((it) => ({
        _tag: "FileScanned" as const,
        itemId: it.itemId,
        matches: it.matches,
        at,
      })),
      audit: scans.flatMap((it) =>
        it.item === undefined ? [] : auditOf(world, it.item, it.matches),
      ),
      mail: scans.flatMap((it) =>
        it.item === undefined ? [] : noticesOf(world, it.item, it.matches),
      ),
    },
  ]
}
