import type { Message, Play, PlayUnable } from "@twin/scenario"
import { Deferred, Effect, Queue, SubscriptionRef } from "effect"
import { askedLines } from "./askedLines.ts"
import { runOnFork } from "./forkCmdlet.ts"
import { type Action, actionOf } from "./keys.ts"
import { emptyStage, showMessage } from "./model.ts"
import { findLine, paneLines } from "./paneLines.ts"
import { initialPlayerState, isPollOpen, panes, type PlayerState } from "./PlayerState.ts"
import { bodyColumns, bodyRows, maxScroll, type ScreenSize } from "./screen.ts"

/** A key press and the screen it was meant for. */
interface KeyPress {
  readonly key: string
  readonly size: ScreenSize
}

/** The player without its screen: keys in, states out. */
export interface Controller {
  readonly state: SubscriptionRef.SubscriptionRef<PlayerState>
  readonly press: (key: string, size: ScreenSize) => void
  /** Handles keys until the presenter leaves; whether the play had failures by then. */
  readonly run: Effect.Effect<{ readonly hasFailed: boolean }, PlayUnable>
}

/** Puts a play on stage. Keys are handled one after the other, in the order in which they came. */
export const makeController = Effect.fnUntraced(function* (play: Play) {
  // Messages by the position after which they had been emitted: going back means fewer of them.
  const shown: Message[][] = [[play.opening]]
  const keys = yield* Queue.unbounded<KeyPress>()
  const left = yield* Deferred.make<void>()
  const state = yield* SubscriptionRef.make<PlayerState>({
    ...initialPlayerState,
    stage: showMessage(emptyStage, play.opening),
    steps: play.steps.length,
  })
  const update = (change: (state: PlayerState) => Partial<PlayerState>) =>
    SubscriptionRef.update(state, (it) => ({ ...it, ...change(it) }))

  const present = Effect.fnUntraced(function* () {
    const position = yield* play.position
    const stage = shown
      .slice(0, position + 1)
      .flat()
      .reduce(showMessage, emptyStage)
    yield* update(() => ({
      stage,
      position,
      scroll: 0,
      answer: undefined,
      notice: "",
      search: "",
      pane: "stage",
    }))
  })

  const forward = Effect.fnUntraced(function* (typed?: string) {
    const position = yield* play.position
    if (position >= play.steps.length) {
      return yield* update(() => ({ notice: "This is the end. ← goes back, q leaves." }))
    }
    yield* update(() => ({ isBusy: true }))
    shown[position + 1] = [...(yield* play.forward(typed))]
    yield* present()
    yield* update(() => ({ isBusy: false }))
  })

  const goTo = Effect.fnUntraced(function* (position: number) {
    yield* play.goTo(Math.max(0, position))
    yield* present()
  })

  const ask = Effect.fnUntraced(function* (pane: PlayerState["pane"]) {
    yield* update(() => ({ pane, scroll: 0, asked: [] }))
    if (pane !== "settings" && pane !== "matrix") return
    yield* update(() => ({ isBusy: true }))
    const asked = yield* askedLines(play, pane)
    yield* update(() => ({ asked, isBusy: false }))
  })

  const next = Effect.fnUntraced(function* (it: PlayerState) {
    if (it.pane !== "stage") return yield* update(() => ({ pane: "stage", scroll: 0 }))
    // The answer is shown before the story goes on.
    if (isPollOpen(it)) return yield* update(() => ({ answer: -1 }))
    const parameter = yield* play.asks
    return parameter === undefined
      ? yield* forward()
      : yield* update(() => ({ prompt: { kind: "typed", parameter, text: "" } }))
  })

  const act = (action: Action, it: PlayerState, size: ScreenSize) => {
    switch (action) {
      case "next":
        return next(it)
      case "back":
        return goTo(it.position - 1)
      case "replay":
        return it.position === 0
          ? Effect.void
          : Effect.andThen(play.goTo(it.position - 1), forward())
      case "details":
        return update(({ hasDetails }) => ({ hasDetails: !hasDetails }))
      case "search":
        return update(() => ({ prompt: { kind: "search", text: "" } }))
      case "cmdlet":
        return update(() => ({ prompt: { kind: "cmdlet", text: "" } }))
      case "help":
        return update(() => ({ isHelpShown: true, scroll: 0 }))
      case "leave":
        return leave()
      case "next-pane":
        return ask(panes[(panes.indexOf(it.pane) + 1) % panes.length] ?? "stage")
      case "stage":
      case "mailboxes":
      case "audit":
      case "settings":
      case "matrix":
        return ask(action)
      case "up":
        return scrollBy(-1, size)
      case "down":
        return scrollBy(1, size)
      case "page-up":
        return scrollBy(-bodyRows(size), size)
      case "page-down":
        return scrollBy(bodyRows(size), size)
      case "top":
        return update(() => ({ scroll: 0 }))
      case "bottom":
        return scrollBy(Number.MAX_SAFE_INTEGER, size)
    }
  }

  const leave = () =>
    Effect.andThen(
      update(() => ({ isLeaving: true })),
      Deferred.succeed(left, undefined),
    )

  const scrollBy = (rows: number, size: ScreenSize) =>
    update((it) => {
      const most = maxScroll(paneLines(it, bodyColumns(size)).length, size)
      return { scroll: Math.min(most, Math.max(0, it.scroll + rows)) }
    })

  const submit = Effect.fnUntraced(function* (it: PlayerState, size: ScreenSize) {
    const { prompt } = it
    yield* update(() => ({ prompt: { kind: "none" } }))
    if (prompt.kind === "typed") {
      return yield* forward(prompt.text === "" ? undefined : prompt.text)
    }
    if (prompt.kind === "search") {
      const at = findLine(paneLines(it, bodyColumns(size)), prompt.text, it.scroll)
      return yield* update(() =>
        at === -1 && prompt.text !== ""
          ? { notice: `'${prompt.text}' does not occur here`, search: "" }
          : { search: prompt.text, scroll: Math.max(0, at) },
      )
    }
    if (prompt.kind === "cmdlet" && prompt.text.trim() !== "") {
      yield* update(() => ({ isBusy: true }))
      const forkResult = yield* runOnFork(play, prompt.text)
      yield* update(() => ({ isBusy: false, forkResult, scroll: 0 }))
    }
  })

  const type = (it: PlayerState, key: string, size: ScreenSize) => {
    const { prompt } = it
    if (prompt.kind === "none") return Effect.void
    if (key === "return") return submit(it, size)
    if (key === "escape") return update(() => ({ prompt: { kind: "none" } }))
    const text =
      key === "backspace"
        ? [...prompt.text].slice(0, -1).join("")
        : key === "space"
          ? `${prompt.text} `
          : isTyped(key)
            ? `${prompt.text}${key}`
            : prompt.text
    return update(() => ({ prompt: { ...prompt, text } }))
  }

  const handle = Effect.fnUntraced(function* ({ key, size }: KeyPress) {
    const it = yield* SubscriptionRef.get(state)
    if (it.prompt.kind !== "none") return yield* type(it, key, size)
    if (it.isHelpShown || it.forkResult !== undefined) return yield* overlay(it, key, size)
    const number = /^[1-9]$/.test(key) ? Number(key) - 1 : undefined
    if (number !== undefined && isPollOpen(it) && it.pane === "stage") {
      const choices = it.stage.step?.poll?.choices.length ?? 0
      return number < choices ? yield* update(() => ({ answer: number })) : undefined
    }
    const action = actionOf(key)
    return action === undefined ? undefined : yield* act(action, it, size)
  })

  /** Help and results of a fork close on any key, but can be scrolled. */
  const overlay = (it: PlayerState, key: string, size: ScreenSize) => {
    const action = actionOf(key)
    if (action === "leave") return leave()
    const isScroll = action === "up" || action === "down" || action?.startsWith("page") === true
    return isScroll && it.forkResult !== undefined
      ? act(action, it, size)
      : update(() => ({ isHelpShown: false, forkResult: undefined, scroll: 0 }))
  }

  const controller: Controller = {
    state,
    press: (key, size) => {
      Queue.offerUnsafe(keys, { key, size })
    },
    run: Effect.gen(function* () {
      yield* Effect.raceFirst(
        Effect.forever(Effect.flatMap(Queue.take(keys), handle)),
        Deferred.await(left),
      )
      return { hasFailed: (yield* SubscriptionRef.get(state)).stage.hasFailed }
    }),
  }
  return controller
})

const names = new Set([
  "right",
  "left",
  "up",
  "down",
  "pageup",
  "pagedown",
  "home",
  "end",
  "tab",
  "return",
  "escape",
  "backspace",
])

/** Whether a key stands for what it writes; a pasted line may be longer than one character. */
const isTyped = (key: string): boolean => key !== "" && !names.has(key)
