import { decodeScenario, type Vocabulary } from "@twin/scenario"
import { tenantComposition } from "@twin/tenant"
import { Effect } from "effect"
import { InputUnusable } from "../exitCodes.ts"
import { readScenarioFile } from "./scenarioFiles.ts"

/**
 * What scenario files may name, derived from the tenant. Whether a claim exists is nobody's concern
 * who plays: the catalogue is only read by those who check.
 */
export const playVocabulary = (): Vocabulary => ({
  operations: tenantComposition.operations,
  questions: new Set(tenantComposition.questions.map(({ action }) => action)),
  faults: new Set(tenantComposition.faults.map(({ name }) => name)),
})

/** A scenario to play, or its problems as one error. */
export const loadScenario = Effect.fnUntraced(function* (file: string) {
  const read = yield* readScenarioFile(file)
  return yield* Effect.fromResult(decodeScenario(read.file, read.bytes, playVocabulary())).pipe(
    Effect.mapError((invalid) => new InputUnusable({ problem: invalid.message })),
  )
})
