import { minutes } from "@twin/kernel"
import { meetsCondition, nothingFound } from "@twin/mip"
import { type DlpPolicy, type DlpRule, isContentBased } from "./DlpPolicy.ts"
import type { DlpMatch, DriveItem, ScanState, StoredContent } from "./DriveItem.ts"
import type { Site } from "./Site.ts"
import {
  dlpPoliciesOf,
  dlpRulesOf,
  itemsOf,
  lineageOf,
  linksOfItem,
  type SpoWorld,
  siteOf,
  tenantSetting,
} from "./State.ts"

/** Crawl and evaluation take minutes (SPO-192); how many is a choice of the twin. */
export const scanMinutes = 5

const covers = (policy: DlpPolicy, site: Site): boolean => {
  const places = site.kind === "OneDrive" ? policy.oneDriveLocation : policy.sharePointLocation
  return places.some((it) => it.toLowerCase() === "all" || it.toLowerCase() === site.url)
}

/** Policies that evaluate files of a site by their content (SPO-191, SPO-194). */
const policiesFor = (world: SpoWorld, site: Site): readonly DlpPolicy[] =>
  dlpPoliciesOf(world)
    .filter(({ mode }) => mode !== "Disable")
    .filter((policy) => covers(policy, site))
    .filter(({ name }) => dlpRulesOf(world, name).some((it) => it.isEnabled && isContentBased(it)))
    .toSorted((a, b) => a.priority - b.priority)

/** Whether the service will ever scan this content: a policy has to cover it and be able to read it. */
const isScannable = (
  world: SpoWorld,
  site: Site,
  content: Pick<StoredContent, "processing">,
): boolean => content.processing === "readable" && policiesFor(world, site).length > 0

/** The state of a file that has just been added (SPO-191). */
export const scanOfNewFile = (
  world: SpoWorld,
  site: Site,
  content: StoredContent,
  now: number,
): ScanState => ({
  isNewAndSensitive:
    tenantSetting(world, "MarkNewFilesSensitiveByDefault") === "BlockExternalSharing",
  ...(isScannable(world, site, content) ? { dueAt: now + minutes(scanMinutes) } : {}),
  matches: [],
  isOverridden: false,
})

/** The state after a change: it is scanned again, but does not close again (SPO-196). */
export const scanOfChangedFile = (
  world: SpoWorld,
  site: Site,
  before: ScanState | undefined,
  content: StoredContent,
  now: number,
): ScanState => {
  const { dueAt: _, ...rest } = before ?? {
    isNewAndSensitive: false,
    matches: [],
    isOverridden: false,
  }
  return {
    ...rest,
    ...(isScannable(world, site, content) ? { dueAt: now + minutes(scanMinutes) } : {}),
  }
}

/** Somebody outside stands in a live link of the item or of a folder above it. */
const isSharedOutside = (world: SpoWorld, item: DriveItem): boolean =>
  lineageOf(world, item)
    .flatMap(({ id }) => linksOfItem(world, id))
    .some(
      ({ removedAt, scope, members }) =>
        removedAt === undefined &&
        (scope === "anonymous" || members.some(({ addedAs }) => addedAs !== "member")),
    )

/**
 * Guests are blocked whether or not the file has been shared (SPO-202), so a rule about sharing
 * outside does not wait for it; a rule about sharing inside looks.
 */
const meetsScope = (world: SpoWorld, { accessScope }: DlpRule, item: DriveItem): boolean =>
  accessScope !== "InOrganization" || !isSharedOutside(world, item)

const meets = (world: SpoWorld, rule: DlpRule, item: DriveItem): boolean => {
  const { content } = item
  if (content === undefined || !rule.isEnabled) return false
  const hasInfo =
    rule.condition === undefined
      ? rule.infoTypes.length === 0 || rule.infoTypes.some((it) => content.infoTypes.includes(it))
      : meetsCondition(rule.condition, {
          classification: content.classification ?? nothingFound,
          ...(content.labelId === undefined ? {} : { labelId: content.labelId }),
        })
  const hasLabel = rule.labels.length === 0 || rule.labels.some((it) => it === content.labelId)
  return isContentBased(rule) && hasInfo && hasLabel && meetsScope(world, rule, item)
}

/**
 * The rules that a file matches at this moment: policies by priority, rules by priority inside, a
 * rule that stops ends its policy (SPO-204). Test modes match without acting.
 */
export const matchesOf = (world: SpoWorld, item: DriveItem): readonly DlpMatch[] => {
  const site = siteOf(world, item.site)
  if (site === undefined || item.content?.processing !== "readable") return []
  return policiesFor(world, site).flatMap((policy) => {
    const found: DlpMatch[] = []
    for (const rule of dlpRulesOf(world, policy.name)) {
      if (!meets(world, rule, item)) continue
      const isBlocking = rule.blockAccess && policy.mode === "Enable"
      found.push({
        policy: policy.name,
        rule: rule.name,
        ...(isBlocking ? { block: rule.blockAccessScope } : {}),
      })
      if (rule.stopPolicyProcessing) break
    }
    return found
  })
}

/** Live files that a changed policy makes the service look at again. */
export const filesToScan = (world: SpoWorld): readonly string[] =>
  itemsOf(world)
    .filter(({ recycledAt, content, scan, site: url }) => {
      const site = siteOf(world, url)
      return (
        recycledAt === undefined &&
        content !== undefined &&
        site !== undefined &&
        (isScannable(world, site, content) || (scan?.matches.length ?? 0) > 0)
      )
    })
    .map(({ id }) => id)
