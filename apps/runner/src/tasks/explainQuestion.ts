import { type Client, canonicalJsonPretty, type Decision } from "@twin/kernel"
import { makePlay } from "@twin/scenario"
import { Effect } from "effect"
import { ExitWith, InputUnusable } from "../exitCodes.ts"
import { print, printJson } from "../output.ts"
import { gateChain, outcomeWords, rightsLines } from "../story/decisionLines.ts"
import { line, textOf } from "../text/Span.ts"
import { plainColumns } from "../text/wrap.ts"
import { loadScenario } from "./loadScenario.ts"

export interface QuestionAtTheEnd {
  readonly scenario: string
  readonly seed: string
  readonly who: string
  readonly action: string
  readonly on: string
  readonly using: Partial<Client>
  readonly isJson: boolean
}

/** Answers one question at the end of a scenario, gate by gate. */
export const explainQuestion = Effect.fn("explainQuestion")(function* (asked: QuestionAtTheEnd) {
  const { scenario, seed, isJson, ...question } = asked
  const loaded = yield* loadScenario(scenario)
  const decision = yield* Effect.gen(function* () {
    const play = yield* makePlay(loaded, { seed })
    while ((yield* play.position) < play.steps.length) yield* play.forward()
    const tenant = yield* play.tenant
    return yield* tenant.explain(question)
  }).pipe(Effect.mapError(({ message }) => new InputUnusable({ problem: message })))
  yield* isJson ? printJson(canonicalJsonPretty(decision)) : print(answerText(asked, decision))
  if (decision.outcome !== "allow") return yield* new ExitWith({ code: 3 })
})

const answerText = (
  { who, action, on }: Pick<QuestionAtTheEnd, "who" | "action" | "on">,
  decision: Decision,
): string =>
  [
    line(`${who}, ${action}, ${on}: ${outcomeWords[decision.outcome][0]}`),
    ...gateChain(decision, { columns: plainColumns, hasDetails: true }),
    ...rightsLines(decision, plainColumns),
  ]
    .map((it) => `${textOf(it).trimEnd()}\n`)
    .join("")
