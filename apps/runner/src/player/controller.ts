import type { Message, Play, PlayUnable } from "@twin/scenario"
import { Deferred, Effect, Queue, SubscriptionRef } from "effect"
import type { Asked } from "./Asked.ts"
import { compareSettings, readMatrix, readSettings, type SettingTexts } from "./askTenant.ts"
import { emptyStage, showMessage } from "./model.ts"
import { type AskedPane, initialState, type PlayerState } from "./PlayerState.ts"
import { press, type Request } from "./press.ts"
import { storyOf } from "./Story.ts"
import type { ScreenSize } from "./screen.ts"
import { messagesAt } from "./telling.ts"
import { tryOnFork } from "./tryOnFork.ts"

/** A key press and the screen it was meant for. */
interface KeyPress {
  readonly key: string
  readonly size: ScreenSize
}

/** The player without its screen: keys in, states out. */
export interface Controller {
  readonly state: SubscriptionRef.SubscriptionRef<PlayerState>
  /** One key, worked off. */
  readonly handle: (key: string, size: ScreenSize) => Effect.Effect<void, PlayUnable>
  /** The same, in its turn while `run` runs. */
  readonly press: (key: string, size: ScreenSize) => void
  /** Text that came in one piece; it is typed where something is being typed, otherwise nothing. */
  readonly paste: (text: string, size: ScreenSize) => void
  /** Ends `run`, also while something is being worked out. */
  readonly leave: () => void
  /** Handles keys until the presenter leaves; whether the play had failed by then. */
  readonly run: Effect.Effect<{ readonly hasFailed: boolean }, PlayUnable>
}

/** Puts a play on stage. Keys are handled one after the other, in the order in which they came. */
export const makeController = Effect.fnUntraced(function* (play: Play) {
  const story = storyOf(play.loaded)
  // What each step has said, by its position: going back means fewer of them.
  const said: (readonly Message[])[] = []
  // What the presenter typed in a step, so that a replay types the same.
  const typedAt: (string | undefined)[] = []
  const keys = yield* Queue.unbounded<KeyPress>()
  const left = yield* Deferred.make<void>()
  const state = yield* SubscriptionRef.make(
    initialState(story, showMessage(emptyStage, play.opening)),
  )
  const update = (change: Partial<PlayerState>) =>
    SubscriptionRef.update(state, (it) => ({ ...it, ...change }))
  const startSettings: SettingTexts = yield* readSettings(play).pipe(
    Effect.orElseSucceed(() => new Map()),
  )

  const go = Effect.fnUntraced(function* (to: number, typed?: string) {
    const beat = story.beats[to]
    if (beat === undefined) return
    const position = yield* play.position
    if (beat.position > position) {
      typedAt[position] = typed
      said[position] = yield* play.forward(typed)
    } else if (beat.position < position) yield* play.goTo(beat.position)
    yield* update({
      beat: to,
      stage: messagesAt(beat, story, { opening: play.opening, steps: said }).reduce(
        showMessage,
        emptyStage,
      ),
      pane: "stage",
      scroll: 0,
      answer: undefined,
      search: "",
    })
  })

  const replay = Effect.fnUntraced(function* () {
    const { beat } = yield* SubscriptionRef.get(state)
    const position = (story.beats[beat]?.position ?? 1) - 1
    yield* play.goTo(position)
    yield* go(beat, typedAt[position])
    yield* update({ notice: "Played again: the same seed gives the same answer." })
  })

  const ask = (pane: AskedPane) =>
    pane === "matrix"
      ? readMatrix(play)
      : Effect.map(readSettings(play), (now) => compareSettings(startSettings, now))

  /** A pane that cannot be filled says so; the play goes on. */
  const asked = (pane: AskedPane) =>
    ask(pane).pipe(
      Effect.catch(
        ({ message }): Effect.Effect<Asked> => Effect.succeed({ kind: "unable", reason: message }),
      ),
    )

  const answer = Effect.fnUntraced(function* (request: Request) {
    switch (request.do) {
      case "go":
        return yield* go(request.to, request.typed)
      case "replay":
        return yield* replay()
      case "ask":
        return yield* update({ asked: yield* asked(request.pane) })
      case "try":
        return yield* tryOnFork(play, request.script).pipe(
          Effect.flatMap((result) => update({ overlay: { kind: "fork", result }, scroll: 0 })),
          Effect.catch(({ message }) => update({ notice: `This cannot be tried: ${message}` })),
        )
      case "leave":
        return yield* Deferred.succeed(left, undefined)
    }
  })

  const handle = Effect.fnUntraced(function* (key: string, size: ScreenSize) {
    const pressed = press(yield* SubscriptionRef.get(state), key, size)
    yield* SubscriptionRef.set(state, pressed.state)
    if (pressed.request === undefined) return
    yield* update({ isBusy: true })
    yield* answer(pressed.request)
    yield* update({ isBusy: false })
  })

  const controller: Controller = {
    state,
    handle,
    press: (key, size) => {
      // Who wants to leave does not wait for what is being worked out.
      if (key === "ctrl-c") controller.leave()
      else Queue.offerUnsafe(keys, { key, size })
    },
    paste: (text, size) => {
      if (SubscriptionRef.getUnsafe(state).prompt.kind === "none") return
      for (const character of text) Queue.offerUnsafe(keys, { key: character, size })
    },
    leave: () => {
      Deferred.doneUnsafe(left, Effect.void)
    },
    run: Effect.gen(function* () {
      yield* Effect.raceFirst(
        Effect.forever(Effect.flatMap(Queue.take(keys), ({ key, size }) => handle(key, size))),
        Deferred.await(left),
      )
      return { hasFailed: (yield* SubscriptionRef.get(state)).stage.hasFailed }
    }),
  }
  return controller
})
