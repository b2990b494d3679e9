import { Schema } from "effect"
import type { Classification } from "./Classification.ts"
import { confidenceLevels } from "./SensitiveInformationType.ts"

/** One thing to look for in a content. */
export const ConditionItem = Schema.Struct({
  kind: Schema.Literals(["type", "classifier", "label"]),
  /** GUID, lower case. */
  id: Schema.NonEmptyString,
  name: Schema.NonEmptyString,
  /** Different values, 1 to 500 (MIP-155). */
  minCount: Schema.Int,
  /** 1 to 500; -1: any number. */
  maxCount: Schema.Int,
  minConfidence: Schema.Int,
  maxConfidence: Schema.Int,
})
export type ConditionItem = typeof ConditionItem.Type

const Operator = Schema.Literals(["And", "Or"])

/** Groups of things to look for. */
export const ContentCondition = Schema.Struct({
  operator: Operator,
  groups: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      operator: Operator,
      items: Schema.Array(ConditionItem),
    }),
  ),
})
export type ContentCondition = typeof ContentCondition.Type

/** Counts that a rule can name (MIP-155). */
export const instanceCounts = { min: 1, max: 500, any: -1 } as const

export const itemsOf = (condition: ContentCondition): readonly ConditionItem[] =>
  condition.groups.flatMap(({ items }) => items)

/** What a content is asked about. */
export interface Asked {
  readonly classification: Classification
  readonly labelId?: string
}

/** Different values of a type that are at least so sure. */
const atLeast = ({ types }: Classification, id: string, confidence: number): number => {
  const found = types.find((it) => it.id === id)
  if (found === undefined || confidence > confidenceLevels.High) return 0
  if (confidence > confidenceLevels.Medium) return found.high
  return confidence > confidenceLevels.Low ? found.medium : found.low
}

const isMet = (item: ConditionItem, { classification, labelId }: Asked): boolean => {
  switch (item.kind) {
    case "label":
      return labelId === item.id
    case "classifier":
      return classification.classifiers.includes(item.id)
    case "type": {
      const above = item.maxConfidence >= confidenceLevels.High ? 0 : item.maxConfidence + 1
      const count =
        atLeast(classification, item.id, item.minConfidence) -
        (above === 0 ? 0 : atLeast(classification, item.id, above))
      return (
        count >= item.minCount && (item.maxCount === instanceCounts.any || count <= item.maxCount)
      )
    }
  }
}

/** Whether a content meets a condition; one without anything to look for is met by nothing. */
export const meetsCondition = (condition: ContentCondition, asked: Asked): boolean => {
  const groups = condition.groups.filter(({ items }) => items.length > 0)
  if (groups.length === 0) return false
  const isGroupMet = ({ operator, items }: ContentCondition["groups"][number]): boolean =>
    operator === "And"
      ? items.every((it) => isMet(it, asked))
      : items.some((it) => isMet(it, asked))
  return condition.operator === "And" ? groups.every(isGroupMet) : groups.some(isGroupMet)
}

/**
 * Whether Office can work the condition out while somebody writes: tables of exact values are not on
 * the device, so something else has to match (MIP-145).
 */
export const meetsOnClient = (condition: ContentCondition, asked: Asked): boolean => {
  if (!meetsCondition(condition, asked)) return false
  const { types, classifiers } = asked.classification
  return itemsOf(condition).some(
    (item) =>
      (item.kind === "type" && types.some((it) => it.id === item.id && !it.isExact)) ||
      (item.kind === "classifier" && classifiers.includes(item.id)),
  )
}
