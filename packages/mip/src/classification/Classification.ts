import { Schema } from "effect"

/** Different values of one type in a content, by how sure each is at least (MIP-151, MIP-155). */
export const TypeCount = Schema.Struct({
  id: Schema.NonEmptyString,
  name: Schema.NonEmptyString,
  /** At 65, 75, 85: a higher level is part of a lower. */
  low: Schema.Int,
  medium: Schema.Int,
  high: Schema.Int,
  /** Values of a table were recognised (MIP-145). */
  isExact: Schema.Boolean,
})
export type TypeCount = typeof TypeCount.Type

/** What a service noted about a content: counts, no values. */
export const Classification = Schema.Struct({
  types: Schema.Array(TypeCount),
  /** GUIDs of the published classifiers to which it belongs. */
  classifiers: Schema.Array(Schema.String),
})
export type Classification = typeof Classification.Type

export const nothingFound: Classification = { types: [], classifiers: [] }
