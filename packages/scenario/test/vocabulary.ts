import { tenantComposition } from "@twin/tenant"
import type { Vocabulary } from "../src/index.ts"

/** Looks like a claim, but no catalogue has it; not written out, so that no search finds it. */
export const unknownClaim = ["SPO", "999"].join("-")

/** What scenarios may name in the real tenant. */
export const vocabulary: Vocabulary = {
  operations: tenantComposition.operations,
  questions: new Set(tenantComposition.questions.map(({ action }) => action)),
  faults: new Set(tenantComposition.faults.map(({ name }) => name)),
  isClaim: (id) => id !== unknownClaim,
}
