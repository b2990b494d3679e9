import { days, hours, isFaultOn } from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import { faultNames } from "./faults.ts"
import { ProtectionTemplate } from "./Protection.ts"
import { ledgerOf, type MipWorld } from "./State.ts"

/** Who fetches templates, and how long an edit takes to be seen there at most (MIP-202). */
export const templateRefreshMillis = {
  "exchange-online": hours(1),
  /** Office on Windows with the add-in: once a week. */
  "office-classic": days(7),
  /** Labelling that is built in asks when it is used. */
  "built-in": 0,
} as const
export type TemplateReader = keyof typeof templateRefreshMillis

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(ProtectionTemplate))

/**
 * A template as a reader knows it. Edits act at once, unless the fault makes the refresh visible; then
 * the version counts that was there before, and a template newer than that is not known yet.
 */
export const templateAsSeen = (
  world: MipWorld,
  template: ProtectionTemplate | undefined,
  { reader, now }: { readonly reader: TemplateReader; readonly now: number },
): ProtectionTemplate | undefined => {
  if (template === undefined || !isFaultOn(world, faultNames.templateRefresh)) return template
  const versions = Option.getOrElse(
    HashMap.get(ledgerOf(world).templateVersions, template.templateId),
    () => [],
  )
  if (versions.length === 0) return template
  const seen = versions.findLast(({ at }) => at <= now - templateRefreshMillis[reader])
  return seen === undefined ? undefined : Option.getOrUndefined(decode(seen.text))
}
