import { describeIssue } from "@twin/scenario"
import { visibleText } from "@twin/kernel"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { ExitWith } from "../exitCodes.ts"
import { print, say } from "../output.ts"
import { decodeFile, filesOf, readScenarioFile, vocabulary } from "../scenarioFiles.ts"

export const check = Command.make(
  "check",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription("Scenario files, or a pattern such as 'scenarios/**/*.yaml'"),
      Argument.atLeast(1),
    ),
  },
  Effect.fn(function* ({ files }) {
    const words = vocabulary()
    let bad = 0
    const ids = new Map<string, string>()
    for (const name of yield* filesOf(files)) {
      const problems = yield* problemsOf(name, words, ids)
      if (problems.length === 0) {
        yield* print(`${visibleText(name)}: ok\n`)
        continue
      }
      bad += 1
      for (const problem of problems) yield* say(visibleText(problem))
    }
    if (bad > 0) return yield* new ExitWith({ code: 2 })
  }),
).pipe(
  Command.withDescription("Validates scenario files without playing them"),
  Command.withExamples([
    { command: "twin check 'scenarios/**/*.yaml'", description: "All scenarios of the checkout" },
  ]),
)

const problemsOf = Effect.fnUntraced(function* (
  name: string,
  words: ReturnType<typeof vocabulary>,
  ids: Map<string, string>,
) {
  const read = yield* Effect.result(readScenarioFile(name))
  if (read._tag === "Failure") return [read.failure.problem]
  const decoded = decodeFile(read.success, words)
  if (decoded._tag === "Failure") {
    return decoded.failure.issues.map((issue) => describeIssue(name, issue))
  }
  const { id } = decoded.success.scenario
  const other = ids.get(id)
  ids.set(id, name)
  return other === undefined ? [] : [`${name}: id: '${id}' is the id of ${other}, too`]
})
