import { decodeScenario, describeIssue, type Vocabulary } from "@twin/scenario"
import { Effect } from "effect"
import { ExitWith } from "../exitCodes.ts"
import { print, say } from "../output.ts"
import { line, textOf } from "../text/Span.ts"
import { checkVocabulary } from "./checkVocabulary.ts"
import { filesOf, readScenarioFile } from "./scenarioFiles.ts"

/** Validates files without playing them; says everything that is wrong before it fails. */
export const checkFiles = Effect.fn("checkFiles")(function* (given: readonly string[]) {
  const words = checkVocabulary()
  const ids = new Map<string, string>()
  let isGood = true
  for (const name of yield* filesOf(given)) {
    const problems = yield* problemsOf(name, words, ids)
    if (problems.length === 0) {
      yield* print(`${textOf(line(name))}: ok\n`)
      continue
    }
    isGood = false
    for (const problem of problems) yield* say(problem)
  }
  if (!isGood) return yield* new ExitWith({ code: 2 })
})

const problemsOf = Effect.fnUntraced(function* (
  name: string,
  words: Vocabulary,
  ids: Map<string, string>,
) {
  const read = yield* Effect.result(readScenarioFile(name))
  if (read._tag === "Failure") return [read.failure.problem]
  const decoded = decodeScenario(read.success.file, read.success.bytes, words)
  if (decoded._tag === "Failure") {
    return decoded.failure.issues.map((issue) => describeIssue(name, issue))
  }
  const { id } = decoded.success.scenario
  const other = ids.get(id)
  ids.set(id, name)
  return other === undefined ? [] : [`${name}: id: '${id}' is the id of ${other}, too`]
})
