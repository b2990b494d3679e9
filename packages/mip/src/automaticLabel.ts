import type { Label } from "./Label.ts"
import { compareLabels } from "./labelOf.ts"
import type { MipWorld } from "./State.ts"

/** A label whose conditions the content meets, and what the label then does. */
export interface LabelMatch {
  readonly label: Label
  readonly mode: "automatic" | "recommended"
}

/** Where the content was looked at: in an Office app while editing, or by a service (MIP-143). */
export type MatchSide = "client" | "service"

/**
 * The one label that comes on when several match (MIP-144): the highest priority wins. On the client
 * an automatic match beats a recommended one among sublabels of one parent, and content that has a
 * sublabel of that parent already is left alone. Undefined where nothing is to be done.
 */
export const automaticLabel = (
  world: MipWorld,
  matches: readonly LabelMatch[],
  { side, present }: { readonly side: MatchSide; readonly present?: Label },
): LabelMatch | undefined => {
  const candidates =
    side === "client" && present?.parentId !== undefined
      ? matches.filter(({ label }) => label.parentId !== present.parentId)
      : matches
  return candidates.reduce<LabelMatch | undefined>(
    (best, it) => (best === undefined || wins(world, it, best, side) ? it : best),
    undefined,
  )
}

const wins = (world: MipWorld, one: LabelMatch, other: LabelMatch, side: MatchSide): boolean => {
  const areSiblings =
    one.label.parentId !== undefined && one.label.parentId === other.label.parentId
  if (side === "client" && areSiblings && one.mode !== other.mode) return one.mode === "automatic"
  const difference = compareLabels(world, one.label, other.label)
  return difference === 0 ? one.label.priority > other.label.priority : difference > 0
}
