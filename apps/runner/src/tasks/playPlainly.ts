import { type Message, playAll } from "@twin/scenario"
import { Effect, Stream } from "effect"
import { InputUnusable } from "../exitCodes.ts"
import { print, printJson } from "../output.ts"
import { originOf } from "../story/messageLines.ts"
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
  // The messages of the step that is being played.
  let step: Message[] = []
  yield* playAll(loaded, { seed }).pipe(
    Stream.runForEach((message) => {
      if (isFailure(message)) isGood = false
      if (message._tag === "StepStarted") step = []
      step.push(message)
      return form === "json"
        ? printJson(`${JSON.stringify(message)}\n`)
        : print(plainText(message, { hasDetails: form === "details", origin: originOf(step) }))
    }),
    Effect.catchTag("PlayUnable", (error) =>
      Effect.fail(new InputUnusable({ problem: `${file}: ${error.message}` })),
    ),
  )
  return isGood
})
