import { Schema } from "effect"

/**
 * A dynamic distribution group: Exchange resolves it when a mail is sent. The directory does not
 * know it, so no permission can name it (IDN-225).
 */
export const DynamicDistributionGroup = Schema.Struct({
  name: Schema.NonEmptyString,
  /** Lower case. */
  address: Schema.NonEmptyString,
  /** The filter as given; the twin keeps it and resolves nobody. */
  recipientFilter: Schema.String,
  createdAt: Schema.Number,
})
export type DynamicDistributionGroup = typeof DynamicDistributionGroup.Type
