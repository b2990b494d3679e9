import {
  decodeScenario,
  describeIssue,
  type LoadedScenario,
  makePlay,
  type ScenarioInvalid,
  type Vocabulary,
} from "@twin/scenario"
import { Effect, Result } from "effect"
import type { ScenarioResult } from "./ConformanceReport.ts"
import { counterproofs } from "./counterproofs.ts"
import { expectationKey, playResult } from "./playResult.ts"

/** A scenario file with its bytes: all that a work item needs besides the seed. */
export interface ScenarioFile {
  readonly file: string
  readonly bytes: Uint8Array
}

/**
 * One work item of the suite: plays the scenario, then again with steps left out, and returns its
 * part of the report. A file that cannot be played is a result, too.
 */
export const runScenario = Effect.fn("runScenario")(function* (
  { file, bytes }: ScenarioFile,
  seed: string,
  vocabulary: Vocabulary,
) {
  const decoded = decodeScenario(file, bytes, vocabulary)
  if (Result.isFailure(decoded)) return unusable(file, problemsOf(decoded.failure))
  return yield* runLoaded(decoded.success, seed).pipe(
    Effect.catchTag("PlayUnable", (error) => Effect.succeed(unusable(file, [error.message]))),
  )
})

const runLoaded = Effect.fnUntraced(function* (loaded: LoadedScenario, seed: string) {
  const play = yield* makePlay(loaded, { seed })
  const messages = [play.opening]
  for (let step = 0; step < play.steps.length; step++) messages.push(...(yield* play.forward()))
  const result = playResult(messages)
  const shakings = yield* counterproofs(play, messages)
  let isVacuous = false
  const sections = result.sections.map((section, at) => ({
    ...section,
    steps: section.steps.map((step, index) => ({
      ...step,
      expectations: step.expectations.map((it, number) => {
        const shaking = shakings.get(expectationKey(at, index, number))
        isVacuous ||= shaking?.isVacuous === true
        return { ...it, ...shaking }
      }),
    })),
  }))
  const whole: ScenarioResult = {
    ...result,
    sections,
    state: isVacuous ? "failed" : result.state,
  }
  return whole
})

const problemsOf = ({ file, issues }: ScenarioInvalid): readonly string[] =>
  issues.map((issue) => describeIssue(file, issue))

const unusable = (file: string, problems: readonly string[]): ScenarioResult => ({
  id: "",
  title: file,
  file,
  level: 0,
  durationMinutes: 0,
  sources: [],
  state: "unusable",
  held: 0,
  failed: 0,
  errors: 0,
  problems,
  sections: [],
})
