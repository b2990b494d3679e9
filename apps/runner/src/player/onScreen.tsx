import { Effect, type SubscriptionRef } from "effect"
import { render } from "ink"
import { hasColour } from "../terminal.ts"
import { Screen, type ScreenProps } from "./Player.tsx"
import { makeStore } from "./Store.ts"

interface ScreenOptions<State>
  extends Pick<ScreenProps<State>, "linesOf" | "onKey" | "onPaste"> {
  readonly state: SubscriptionRef.SubscriptionRef<State>
  /** The terminal has gone: nobody will press a key any more. */
  readonly onGone: () => void
}

/**
 * Draws a state on the terminal's other screen while something runs. What stood there before comes
 * back whatever happens: the end, an error, a defect in a view, a signal.
 */
export const onScreen = <State, A, E, R>(
  { state, onGone, ...views }: ScreenOptions<State>,
  running: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const store = yield* makeStore(state)
    const screen = yield* Effect.acquireRelease(
      Effect.sync(() =>
        render(<Screen store={store} {...views} hasColour={hasColour()} />, {
          alternateScreen: true,
          // Somebody sits in front of it, whatever a variable called CI says.
          interactive: true,
          incrementalRendering: true,
          // Ctrl-C is a key like others.
          exitOnCtrlC: false,
          patchConsole: false,
        }),
      ),
      (it) => Effect.sync(() => it.unmount()),
    )
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        for (const event of gone) process.stdin.once(event, onGone)
      }),
      () =>
        Effect.sync(() => {
          for (const event of gone) process.stdin.removeListener(event, onGone)
        }),
    )
    // A view that throws takes the screen down: a defect, like any other.
    const broken = Effect.andThen(
      Effect.promise(() => screen.waitUntilExit()),
      Effect.never,
    )
    return yield* Effect.raceFirst(running, broken)
  }).pipe(Effect.scoped)

const gone = ["end", "close", "error"] as const
