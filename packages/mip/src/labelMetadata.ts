import { organizationOf } from "@twin/identity"
import { isoOf } from "@twin/kernel"
import type { InsertedMarks } from "./contentMarks.ts"
import { effectOf } from "./Label.ts"
import { labelOf } from "./labelOf.ts"
import type { MipWorld } from "./State.ts"

/** A label as it lies on an item. */
export interface AppliedLabel {
  readonly labelId: string
  readonly method: "Standard" | "Privileged"
  /** Epoch milliseconds. */
  readonly setAt: number
  /** What was really put in; the label's own marks unless given (MIP-141). */
  readonly marks?: InsertedMarks
}

/** What the label does to the content, added up (MIP-253). */
const bits = { header: 1, footer: 2, watermark: 4, encryption: 8 } as const

/**
 * The metadata that an item with a label carries in clear text, readable without decrypting and kept
 * when the item leaves the tenant (MIP-096, MIP-253). Empty for a label that is not there any more.
 */
export const labelMetadata = (
  world: MipWorld,
  { labelId, method, setAt, marks }: AppliedLabel,
): Readonly<Record<string, string>> => {
  const label = labelOf(world, labelId)
  if (label === undefined) return {}
  const isIn = (mark: "header" | "footer" | "watermark"): boolean =>
    marks === undefined ? label.marking[mark]?.isEnabled === true : marks[mark] !== undefined
  const effect = effectOf(label)
  const contentBits =
    (isIn("header") ? bits.header : 0) +
    (isIn("footer") ? bits.footer : 0) +
    (isIn("watermark") ? bits.watermark : 0) +
    (effect === "template" || effect === "user-defined" ? bits.encryption : 0)
  const attributes = {
    Enabled: "True",
    SiteId: organizationOf(world)?.tenantId ?? "",
    SetDate: isoOf(setAt),
    Name: label.name,
    Method: method,
    ContentBits: String(contentBits),
  }
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [`MSIP_Label_${label.id}_${key}`, value]),
  )
}

/** The same as the mail header `msip_labels` writes it (MIP-254). */
export const labelHeader = (metadata: Readonly<Record<string, string>>): string =>
  Object.entries(metadata)
    .map(([key, value]) => `${key}=${value}`)
    .join("; ")

/** The label's name for somebody: people of other tenants see none (MIP-097). */
export const labelNameFor = (
  world: MipWorld,
  labelId: string,
  homeTenant: string,
): string | undefined =>
  organizationOf(world)?.tenantId === homeTenant ? labelOf(world, labelId)?.displayName : undefined
