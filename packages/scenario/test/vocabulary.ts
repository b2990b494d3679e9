import { tenantComposition } from "@twin/tenant"
import type { Vocabulary } from "../src/index.ts"

/** What scenarios may name in the real tenant. */
export const vocabulary: Vocabulary = {
  operations: tenantComposition.operations,
  questions: new Set(tenantComposition.questions.map(({ action }) => action)),
  faults: new Set(tenantComposition.faults.map(({ name }) => name)),
  isClaim: (id) => id !== "SPO-999",
}
