import { Schema } from "effect"

/** A fact of the claim catalogue: domain prefix and number, e.g. `SPO-031`. */
export const FactId = Schema.TemplateLiteral([
  Schema.Literals(["CRY", "IDN", "MIP", "SPO", "EXO", "DCO"]),
  "-",
  Schema.String.check(Schema.isPattern(/^\d{3}[a-z]?$/)),
])
export type FactId = typeof FactId.Type

/** Finds the ids in a text, such as a test title; the order of the text, no id twice. */
export const factIdsIn = (text: string): readonly FactId[] => [
  ...new Set(text.match(/\b(?:CRY|IDN|MIP|SPO|EXO|DCO)-\d{3}[a-z]?\b/g) as FactId[] | null),
]
