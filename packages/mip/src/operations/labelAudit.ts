import type { AuditEntry } from "@twin/kernel"
import { compareLabels, labelOf, pathOf } from "../labelOf.ts"
import type { MipWorld } from "../State.ts"

/** A thing that carries a label, as the audit names it. */
export interface LabelledItem {
  readonly name: string
  readonly labelId?: string
  readonly labelMethod?: "Standard" | "Privileged"
  readonly contentId?: string
}

export interface LabelMove {
  readonly before: LabelledItem
  readonly after: LabelledItem
  readonly justification: string | undefined
}

/** 1 upgraded, 2 downgraded, 3 removed, 4 changed in the same place. */
const labelEventType = (world: MipWorld, { before, after }: LabelMove): number => {
  if (after.labelId === undefined) return 3
  const from = before.labelId === undefined ? undefined : labelOf(world, before.labelId)
  const to = labelOf(world, after.labelId)
  if (from === undefined || to === undefined) return 1
  const difference = compareLabels(world, to, from)
  return difference > 0 ? 1 : difference < 0 ? 2 : 4
}

/**
 * What Office writes when a label comes on, changes or goes (record type 83, MIP-278). The
 * justification stands in the record of the change (MIP-122).
 */
export const labelAudit = (world: MipWorld, move: LabelMove): readonly AuditEntry[] => {
  const { before, after, justification } = move
  if (before.labelId === after.labelId) return []
  const operation =
    before.labelId === undefined
      ? "SensitivityLabelApplied"
      : after.labelId === undefined
        ? "SensitivityLabelRemoved"
        : "SensitivityLabelUpdated"
  const name = (labelId: string | undefined): string => {
    const label = labelId === undefined ? undefined : labelOf(world, labelId)
    return label === undefined ? "" : pathOf(world, label)
  }
  return [
    {
      operation,
      recordType: 83,
      workload: "MicrosoftPurview",
      objectId: after.name,
      details: {
        SensitivityLabelEventData: {
          SensitivityLabelId: after.labelId ?? "",
          OldSensitivityLabelId: before.labelId ?? "",
          SensitivityLabelName: name(after.labelId),
          OldSensitivityLabelName: name(before.labelId),
          LabelEventType: labelEventType(world, move),
          ActionSource: after.labelMethod === "Standard" ? 2 : 3,
          ...(justification === undefined ? {} : { JustificationText: justification }),
        },
      },
    },
  ]
}

/** What the client writes when encryption comes on, changes or goes (record type 95, MIP-279). */
export const protectionAudit = ({
  before,
  after,
}: Pick<LabelMove, "before" | "after">): readonly AuditEntry[] => {
  if (before.contentId === after.contentId) return []
  const activity =
    before.contentId === undefined
      ? "New protection"
      : after.contentId === undefined
        ? "Remove protection"
        : "Change protection"
  return [
    {
      operation: activity,
      recordType: 95,
      workload: "AzureInformationProtection",
      objectId: after.name,
      details: {
        ProtectionEventData: {
          ContentId: after.contentId ?? before.contentId ?? "",
          IsProtected: after.contentId !== undefined,
          IsProtectedBefore: before.contentId !== undefined,
        },
      },
    },
  ]
}
