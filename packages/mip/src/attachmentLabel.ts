import type { Label } from "./Label.ts"
import { compareLabels, labelOf } from "./labelOf.ts"
import { canBeApplied, isInScope, policySettingOf, publishedLabelsOf } from "./publishedLabels.ts"
import type { MipWorld } from "./State.ts"

/** What Outlook does with the labels of what is attached (MIP-134). */
export interface AttachmentLabel {
  readonly action: "Automatic" | "Recommended"
  readonly label: Label
}

/**
 * The label that an unlabelled message gets, or is recommended, from its attachments: the highest of
 * those that the sender can put on mail. Undefined where no policy asks for it (MIP-134).
 */
export const attachmentLabel = (
  world: MipWorld,
  sender: string,
  labelIds: readonly string[],
  now: number,
): AttachmentLabel | undefined => {
  const setting = policySettingOf(world, sender, "attachmentAction", now)?.toLowerCase()
  const action =
    setting === "automatic" ? "Automatic" : setting === "recommended" ? "Recommended" : undefined
  if (action === undefined) return undefined
  const offered = new Set(publishedLabelsOf(world, sender, now).map(({ id }) => id))
  const candidates = labelIds.flatMap((id) => {
    const label = labelOf(world, id)
    return label !== undefined &&
      offered.has(label.id) &&
      canBeApplied(world, label) &&
      isInScope(label, "mail")
      ? [label]
      : []
  })
  const best = candidates.reduce<Label | undefined>((high, it) => {
    if (high === undefined) return it
    const difference = compareLabels(world, it, high) || it.priority - high.priority
    return difference > 0 ? it : high
  }, undefined)
  return best === undefined ? undefined : { action, label: best }
}
