import { canonicalJsonPretty } from "@twin/kernel"
import { decodeOutline, type Scenario } from "@twin/scenario/outline"
import { Effect } from "effect"
import { print, printJson, say } from "../output.ts"
import { line, textOf } from "../text/Span.ts"
import { ownScenarioFiles, readScenarioFile } from "./scenarioFiles.ts"

/** One entry of the list. */
export interface Listed {
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

/** The scenarios that come with the twin; a file that is none is named on the side. */
export const listScenarios = Effect.fn("listScenarios")(function* () {
  const listed: Listed[] = []
  for (const path of ownScenarioFiles()) {
    const { file, bytes } = yield* readScenarioFile(path)
    const outline = decodeOutline(file, bytes)
    if (outline._tag === "Failure") {
      yield* say(`${file} is no scenario: 'twin check ${file}' says why.`)
      continue
    }
    const { id, title, level, durationMinutes, agenda } = outline.success
    listed.push({
      file,
      id,
      title,
      level,
      durationMinutes,
      steps: agenda.reduce((sum, { steps }) => sum + steps.length, 0),
      claims: claimsOf(outline.success),
    })
  }
  return listed
})

/** Prints them, as text or as JSON. */
export const printScenarios = Effect.fn("printScenarios")(function* (isJson: boolean) {
  const listed = yield* listScenarios()
  if (isJson) return yield* printJson(canonicalJsonPretty(listed))
  if (listed.length === 0) return yield* say("There is no scenario below scenarios/.")
  return yield* print(listed.map(entry).join("\n"))
})

const entry = ({ file, title, level, durationMinutes, steps, claims }: Listed): string =>
  [
    title,
    `    ${file}`,
    `    level ${level}, ${durationMinutes} minutes, ${steps} steps, ${claims.length} claims`,
    "",
  ]
    .map((text) => textOf(line(text)))
    .join("\n")
