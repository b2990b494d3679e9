import { claimIds } from "@twin/conformance"
import type { Vocabulary } from "@twin/scenario"
import { playVocabulary } from "./loadScenario.ts"

/** What scenario files may name, the claims of the catalogue included. */
export const checkVocabulary = (): Vocabulary => {
  const claims = claimIds()
  return { ...playVocabulary(), isClaim: (id) => claims.has(id) }
}
