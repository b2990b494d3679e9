import { type Due, decideByGates, gate, isFaultOn, pass } from "@twin/kernel"
import { dlpLine } from "./auditLines.ts"
import type { DlpMatch } from "./DriveItem.ts"
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
        ? "The file was scanned, and no rule matches."
        : blocks
          ? "The file was scanned, and a rule that blocks matches."
          : "The file was scanned, and a rule that does not block matches.",
      { matched },
    ),
})

const names = (matches: readonly DlpMatch[]): readonly string[] => matches.map(({ rule }) => rule)

/** Crawl and evaluation, at the moment they are due; a backlog keeps everything waiting (SPO-192). */
export const dueScans = (world: SpoWorld, until: number): readonly Due<SpoEvent>[] =>
  isFaultOn(world, faultNames.scanBacklog)
    ? []
    : pendingScansOf(world)
        .filter(({ dueAt }) => dueAt <= until)
        .flatMap(({ itemId, dueAt: at }): readonly Due<SpoEvent>[] => {
          const item = itemById(world, itemId)
          const site = item === undefined ? undefined : siteOf(world, item.site)
          if (item === undefined || site === undefined) return []
          const matches = matchesOf(world, item)
          const before = names(item.scan?.matches ?? [])
          const gone = before.filter((it) => !names(matches).includes(it))
          return [
            {
              at,
              name: "content-scanned",
              decision: decideByGates([scanned], {
                matched: matches.length,
                blocks: matches.some(({ block }) => block !== undefined),
              }),
              events: [{ _tag: "FileScanned", itemId, matches, at }],
              audit: [
                ...(matches.length === 0
                  ? []
                  : [dlpLine("DlpRuleMatch", site, item, names(matches))]),
                ...(gone.length === 0 ? [] : [dlpLine("DlpRuleUndo", site, item, gone)]),
              ],
            },
          ]
        })
