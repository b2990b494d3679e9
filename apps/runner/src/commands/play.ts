import { type Message, playAll } from "@twin/scenario"
import { Effect, Option, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { ExitWith, InputUnusable } from "../exitCodes.ts"
import { print } from "../output.ts"
import { plainText } from "../plainText.ts"
import { filesOf, loadScenario, vocabulary } from "../scenarioFiles.ts"
import { isInteractive } from "../terminal.ts"
import { conformWith } from "./conform.ts"

/** Whether a message means that the play did not go as its author said. */
const isFailure = (message: Message): boolean =>
  message._tag === "ScenarioFinished" && (message.failed > 0 || message.errors > 0)

/** Plays one file to the end, as text or as one JSON message a line; whether everything held. */
export const playPlainly = Effect.fn("playPlainly")(function* (
  file: string,
  seed: string,
  isJson: boolean,
) {
  const loaded = yield* loadScenario(file, vocabulary())
  let isGood = true
  yield* playAll(loaded, { seed }).pipe(
    Stream.runForEach((message) => {
      if (isFailure(message)) isGood = false
      return print(isJson ? `${JSON.stringify(message)}\n` : plainText(message))
    }),
    Effect.catchTag("PlayUnable", (error) =>
      Effect.fail(new InputUnusable({ problem: `${file}: ${error.message}` })),
    ),
  )
  return isGood
})

export const play = Command.make(
  "play",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription("Scenario files, or a pattern"),
      Argument.atLeast(1),
    ),
    plain: Flag.Boolean("plain").pipe(
      Flag.withDescription("Print text, also on a terminal"),
      Flag.withDefault(false),
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("Print the messages as JSON, one a line"),
      Flag.withDefault(false),
    ),
    seed: Flag.String("seed").pipe(
      Flag.withDescription("Seed of people, ids and codes"),
      Flag.withDefault("1"),
    ),
    report: Flag.String("report").pipe(
      Flag.withDescription("Also write the reports of these scenarios into this folder"),
      Flag.optional,
    ),
  },
  Effect.fn(function* ({ files: given, plain, json, seed, report }) {
    const files = yield* filesOf(given)
    let isGood = true
    if (!plain && !json && isInteractive()) {
      const { playInteractively } = yield* Effect.promise(() => import("../player/main.tsx"))
      for (const file of files) {
        const loaded = yield* loadScenario(file, vocabulary())
        const ended = yield* playInteractively(loaded, seed)
        if (ended.hasFailed) isGood = false
      }
    } else {
      for (const file of files) {
        if (!(yield* playPlainly(file, seed, json))) isGood = false
      }
    }
    if (Option.isSome(report)) {
      const formats = ["json", "junit", "html", "markdown"] as const
      yield* conformWith({ folder: report.value, formats, seed, files })
    }
    if (!isGood) return yield* new ExitWith({ code: 1 })
  }),
).pipe(
  Command.withDescription("Plays scenarios: on a terminal in the player, otherwise as text"),
  Command.withExamples([
    {
      command: "twin play scenarios/external-collaboration/secure-external-collaboration.yaml",
      description: "On stage",
    },
    {
      command: "twin play my.yaml --plain --seed 7",
      description: "As text, with other people and codes",
    },
    { command: "twin play my.yaml --json", description: "The message stream, for a program" },
  ]),
)
