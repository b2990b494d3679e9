import { hours } from "@twin/kernel"
import type { Label } from "./Label.ts"
import type { MipWorld } from "./State.ts"

/** Who has to learn of a label (MIP-100). */
export type LabelConsumer = "office-apps" | "office-web" | "sharepoint" | "containers"

/** Hours until a consumer knows: a label or a policy that is new, and a label that was changed. */
export const replicationHours: Readonly<
  Record<LabelConsumer, { readonly fresh: number; readonly changed: number }>
> = {
  "office-apps": { fresh: 4, changed: 24 },
  "office-web": { fresh: 1, changed: 24 },
  sharepoint: { fresh: 1, changed: 24 },
  containers: { fresh: 1, changed: 24 },
}

/** Office may need a whole day until it shows a new label with a second key (CRY-163). */
export const doubleKeyLabelHours = 24

type Replicated = Pick<Label, "id" | "createdAt" | "changedAt"> & Partial<Pick<Label, "encryption">>

const freshHours = ({ encryption }: Replicated, consumer: LabelConsumer): number =>
  consumer === "office-apps" && encryption?.doubleKeyUrl !== undefined
    ? doubleKeyLabelHours
    : replicationHours[consumer].fresh

/** When a consumer works with a label as it is now; at once where the tenant is told to. */
export const labelKnownFrom = (
  world: MipWorld,
  label: Replicated,
  consumer: LabelConsumer,
): { readonly offered: number; readonly settings: number } => {
  if (world.mip.labeling.replication === "instant") return { offered: 0, settings: 0 }
  const { changed } = replicationHours[consumer]
  const fresh = freshHours(label, consumer)
  // Somebody is offered a label only when a policy that has it has arrived as well.
  const published = world.mip.policies
    .filter(({ labels }) => labels.includes(label.id))
    .map(({ changedAt }) => changedAt)
  const first = published.length === 0 ? label.createdAt : Math.min(...published)
  return {
    offered: Math.max(label.createdAt, first) + hours(fresh),
    settings:
      label.changedAt > label.createdAt
        ? label.changedAt + hours(changed)
        : label.createdAt + hours(fresh),
  }
}

/** Whether a consumer offers or recognises a label at a moment. */
export const isLabelKnownTo = (
  world: MipWorld,
  label: Replicated,
  consumer: LabelConsumer,
  now: number,
): boolean => labelKnownFrom(world, label, consumer).offered <= now
