import { type Message, playAll, type StepKind } from "@twin/scenario"
import { Effect, Stream } from "effect"
import { InputUnusable } from "../exitCodes.ts"
import { print, printJson } from "../output.ts"
import { plainText } from "../story/plainText.ts"
import { loadScenario } from "./loadScenario.ts"

/** Whether a message means that the play did not go as its author said. */
const isFailure = (message: Message): boolean =>
  message._tag === "ScenarioFinished" && (message.failed > 0 || message.errors > 0)

/** How a play is printed: as text, in short or with everything behind each gate, or as messages. */
export type PlainForm = "plain" | "details" | "json"

/** Plays one file to the end, as text or as one JSON message a line; whether everything held. */
export const playPlainly = Effect.fn("playPlainly")(function* (
  file: string,
  seed: string,
  form: PlainForm,
) {
  const loaded = yield* loadScenario(file)
  let isGood = true
  let kind: StepKind | undefined
  yield* playAll(loaded, { seed }).pipe(
    Stream.runForEach((message) => {
      if (isFailure(message)) isGood = false
      if (message._tag === "StepStarted") kind = message.kind
      return form === "json"
        ? printJson(`${JSON.stringify(message)}\n`)
        : print(plainText(message, { hasDetails: form === "details", kind }))
    }),
    Effect.catchTag("PlayUnable", (error) =>
      Effect.fail(new InputUnusable({ problem: `${file}: ${error.message}` })),
    ),
  )
  return isGood
})
