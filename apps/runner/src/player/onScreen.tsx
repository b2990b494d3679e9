import { Deferred, Effect, type Scope, type SubscriptionRef } from "effect"
import { type Instance, render } from "ink"
import { paintOf } from "../terminal.ts"
import { Screen, type ScreenProps } from "./Player.tsx"
import { makeStore } from "./Store.ts"

interface ScreenOptions<State> extends Pick<ScreenProps<State>, "linesOf" | "onKey" | "onPaste"> {
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
): Effect.Effect<A, E, Exclude<R, Scope.Scope>> =>
  Effect.gen(function* () {
    const store = yield* makeStore(state)
    const broken = yield* Deferred.make<never>()
    // React catches what its components throw, but not what the layout throws behind its back.
    yield* listening(process, ["uncaughtException"], (error) => {
      Deferred.doneUnsafe(broken, Effect.die(error))
    })
    const screen = yield* Effect.acquireRelease(
      Effect.sync(() =>
        render(<Screen store={store} {...views} paint={paintOf()} />, {
          alternateScreen: true,
          // Somebody sits in front of it, whatever a variable called CI says.
          interactive: true,
          incrementalRendering: true,
          // Ctrl-C is a key like others.
          exitOnCtrlC: false,
          patchConsole: false,
        }),
      ),
      close,
    )
    yield* listening(process.stdin, ["end", "close", "error"], onGone)
    // A view that throws takes the screen down: a defect, like any other.
    const gone = Effect.andThen(
      Effect.promise(() => screen.waitUntilExit()),
      Effect.never,
    )
    return yield* Effect.raceAllFirst([running, gone, Deferred.await(broken)])
  }).pipe(Effect.scoped)

/** Listens until the scope closes. */
const listening = (
  emitter: NodeJS.EventEmitter,
  events: readonly string[],
  listener: (value: unknown) => void,
) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      for (const event of events) emitter.on(event, listener)
    }),
    () =>
      Effect.sync(() => {
        for (const event of events) emitter.removeListener(event, listener)
      }),
  )

/** End of a synchronized update, no bracketed paste, the first screen, a cursor. */
const asItWas = "\u001b[?2026l\u001b[?2004l\u001b[?1049l\u001b[?25h"

/** Ink draws once more before it leaves: where drawing is what went wrong, it never gets there. */
const close = (screen: Instance): Effect.Effect<void> =>
  Effect.sync(() => {
    try {
      screen.unmount()
    } catch {
      process.stdin.setRawMode(false)
      process.stdin.pause().unref()
      process.stdout.write(asItWas)
    }
  })
