import { automaticLabel, type LabelMatch } from "./automaticLabel.ts"
import type { Classification } from "./classification/Classification.ts"
import { meetsOnClient } from "./classification/ContentCondition.ts"
import { effectOf, type Label } from "./Label.ts"
import type { ContentForm } from "./Protection.ts"
import { canBeApplied, isInScope, publishedLabelsOf } from "./publishedLabels.ts"
import type { MipWorld } from "./State.ts"

/** What Office finds while somebody writes. */
export interface ClientQuestion {
  readonly world: MipWorld
  readonly author: string
  readonly now: number
  readonly form: ContentForm
  readonly classification: Classification
  readonly present?: Label
}

/**
 * Labels whose conditions the content meets, of those the author can choose: not of people who decide
 * themselves (MIP-110), not of tables of exact values alone (MIP-145).
 */
export const clientMatches = ({
  world,
  author,
  now,
  form,
  classification,
}: ClientQuestion): readonly LabelMatch[] =>
  publishedLabelsOf(world, author, now).flatMap((label) => {
    const { autoLabeling } = label
    return autoLabeling !== undefined &&
      effectOf(label) !== "user-defined" &&
      canBeApplied(world, label) &&
      isInScope(label, form) &&
      meetsOnClient(autoLabeling.condition, { classification })
      ? [{ label, mode: autoLabeling.mode }]
      : []
  })

/** The label that Office puts on or offers; undefined where nothing is to be done (MIP-144). */
export const clientLabel = (question: ClientQuestion): LabelMatch | undefined =>
  automaticLabel(question.world, clientMatches(question), {
    side: "client",
    ...(question.present === undefined ? {} : { present: question.present }),
  })
