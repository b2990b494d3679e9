import { type LoadedScenario, makePlay } from "@twin/scenario"
import { Effect } from "effect"
import { render } from "ink"
import { ExitWith, InputUnusable } from "../exitCodes.ts"
import { Chooser, type Choice } from "./Chooser.tsx"
import { makeController } from "./controller.ts"
import { Player } from "./Player.tsx"
import { makeStore } from "./Store.ts"

/** The other screen of the terminal: what stood there before comes back, whatever happens. */
const withScreen = <A, E, R>(show: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => process.stdout.write("\u001b[?1049h\u001b[H\u001b[?25l")),
    () => show,
    () => Effect.sync(() => process.stdout.write("\u001b[?25h\u001b[?1049l")),
  )

/** Draws an element until the scope closes. Ctrl-C is a key like others. */
const drawn = (element: Parameters<typeof render>[0]) =>
  Effect.acquireRelease(
    Effect.sync(() => render(element, { exitOnCtrlC: false, patchConsole: false })),
    (it) => Effect.sync(() => it.unmount()),
  )

/** Plays one scenario in the player until the presenter leaves. */
export const playInteractively = (loaded: LoadedScenario, seed: string) =>
  Effect.gen(function* () {
    const play = yield* makePlay(loaded, { seed })
    const controller = yield* makeController(play)
    const store = yield* makeStore(controller.state)
    yield* drawn(<Player store={store} onKey={controller.press} />)
    return yield* controller.run
  }).pipe(
    Effect.scoped,
    withScreen,
    Effect.mapError((error) => new InputUnusable({ problem: `${loaded.file}: ${error.message}` })),
  )

/** Shows the scenarios; undefined when the presenter leaves without choosing. */
const choose = (choices: readonly Choice[]): Effect.Effect<Choice | undefined> =>
  Effect.callback<Choice | undefined>((resume) => {
    const screen = render(
      <Chooser
        choices={choices}
        onChoose={(choice) => {
          screen.unmount()
          resume(Effect.succeed(choice))
        }}
      />,
      { exitOnCtrlC: false, patchConsole: false },
    )
    return Effect.sync(() => screen.unmount())
  }).pipe(withScreen)

/** Choose, play, and choose again, until the presenter leaves the list. */
export const chooseAndPlay = <E, R>(
  choices: readonly Choice[],
  load: (file: string) => Effect.Effect<LoadedScenario, E, R>,
) =>
  Effect.gen(function* () {
    let hasFailed = false
    for (;;) {
      const choice = yield* choose(choices)
      if (choice === undefined) break
      const ended = yield* playInteractively(yield* load(choice.file), "1")
      hasFailed ||= ended.hasFailed
    }
    if (hasFailed) return yield* new ExitWith({ code: 1 })
  })
