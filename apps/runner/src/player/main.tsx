import { type LoadedScenario, makePlay } from "@twin/scenario"
import { Effect, Queue, SubscriptionRef } from "effect"
import { ExitWith, InputUnusable } from "../exitCodes.ts"
import { type Choice, chooserLines, pressInList } from "./chooser.ts"
import { makeController } from "./controller.ts"
import { onScreen } from "./onScreen.tsx"
import { screenOf } from "./screen.ts"

/** Plays one scenario in the player until the presenter leaves. */
export const playInteractively = (loaded: LoadedScenario, seed: string) =>
  Effect.gen(function* () {
    const play = yield* makePlay(loaded, { seed })
    const { state, press, paste, leave, run } = yield* makeController(play)
    return yield* onScreen(
      { state, linesOf: screenOf, onKey: press, onPaste: paste, onGone: leave },
      run,
    )
  }).pipe(
    Effect.mapError((error) => new InputUnusable({ problem: `${loaded.file}: ${error.message}` })),
  )

/** Shows the scenarios; undefined when the presenter leaves without choosing. */
const choose = Effect.fnUntraced(function* (choices: readonly Choice[], start: number) {
  const state = yield* SubscriptionRef.make({ choices, at: start })
  const keys = yield* Queue.unbounded<string>()
  const onKey = (key: string) => {
    Queue.offerUnsafe(keys, key)
  }
  return yield* onScreen(
    { state, linesOf: chooserLines, onKey, onPaste: () => undefined, onGone: () => onKey("q") },
    Effect.gen(function* () {
      for (;;) {
        const pressed = pressInList(yield* SubscriptionRef.get(state), yield* Queue.take(keys))
        if (pressed.do === "leave") return undefined
        if (pressed.do === "choose") return pressed.at
        yield* SubscriptionRef.set(state, { choices, at: pressed.at })
      }
    }),
  )
})

/** Choose, play, and choose again, until the presenter leaves the list. */
export const chooseAndPlay = Effect.fnUntraced(function* <E, R>(
  choices: readonly Choice[],
  load: (file: string) => Effect.Effect<LoadedScenario, E, R>,
) {
  let hasFailed = false
  let at = 0
  for (;;) {
    const chosen = yield* choose(choices, at)
    const choice = chosen === undefined ? undefined : choices[chosen]
    if (chosen === undefined || choice === undefined) break
    at = chosen
    const ended = yield* playInteractively(yield* load(choice.file), "1")
    hasFailed ||= ended.hasFailed
  }
  if (hasFailed) return yield* new ExitWith({ code: 1 })
})
