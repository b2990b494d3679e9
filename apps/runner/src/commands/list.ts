import { canonicalJsonPretty, visibleText } from "@twin/kernel"
import type { Scenario } from "@twin/scenario"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { print, say } from "../output.ts"
import { decodeFile, ownScenarioFiles, readScenarioFile, vocabulary } from "../scenarioFiles.ts"

/** One line of the list. */
interface Listed {
  readonly file: string
  readonly id: string
  readonly title: string
  readonly level: number
  readonly durationMinutes: number
  readonly steps: number
  readonly claims: readonly string[]
}

const claimsOf = (scenario: Scenario): readonly string[] =>
  [
    ...new Set([
      ...(scenario.claims ?? []),
      ...scenario.agenda
        .flatMap(({ steps }) => steps)
        .flatMap((step) => ("expect" in step ? [step.expect].flat() : []))
        .flatMap(({ claims = [] }) => claims),
    ]),
  ].toSorted()

/** The scenarios that come with the twin; those that cannot be played are named on the side. */
export const listScenarios = Effect.fn("listScenarios")(function* () {
  const words = vocabulary()
  const listed: Listed[] = []
  for (const file of ownScenarioFiles()) {
    const decoded = decodeFile(yield* readScenarioFile(file), words)
    if (decoded._tag === "Failure") {
      yield* say(`${file} cannot be played: 'twin check ${file}' says why`)
      continue
    }
    const { scenario } = decoded.success
    listed.push({
      file,
      id: scenario.id,
      title: scenario.title,
      level: scenario.level,
      durationMinutes: scenario.durationMinutes,
      steps: scenario.agenda.reduce((sum, { steps }) => sum + steps.length, 0),
      claims: claimsOf(scenario),
    })
  }
  return listed
})

const row = ({ file, title, level, durationMinutes, steps, claims }: Listed): string =>
  [
    visibleText(title),
    `    ${file}`,
    `    level ${level}, ${durationMinutes} minutes, ${steps} steps, ${claims.length} claims`,
  ].join("\n")

export const list = Command.make(
  "list",
  {
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print JSON instead of text"),
      Flag.withDefault(false),
    ),
  },
  Effect.fn(function* ({ json }) {
    const listed = yield* listScenarios()
    yield* print(json ? canonicalJsonPretty(listed) : `${listed.map(row).join("\n\n")}\n`)
  }),
).pipe(
  Command.withDescription("Shows the scenarios with their length, level and claims"),
  Command.withExamples([
    { command: "twin list", description: "What can be played" },
    { command: "twin list --json", description: "The same for a program" },
  ]),
)
