import { charactersOf } from "../text/textWidth.ts"
import { actionOf, type ScrollBy } from "./keys.ts"
import {
  type AskedPane,
  beatOf,
  lastBeat,
  openChoices,
  type Pane,
  type PlayerState,
  type Prompt,
  panes,
} from "./PlayerState.ts"
import { paneLines } from "./paneLines.ts"
import { layoutOf, mostScroll, type ScreenSize } from "./screen.ts"
import { findLine } from "./search.ts"

/** What the play has to be asked for; everything else a key does happens on the screen alone. */
export type Request =
  | { readonly do: "go"; readonly to: number; readonly typed?: string }
  | { readonly do: "replay" }
  | { readonly do: "ask"; readonly pane: AskedPane }
  | { readonly do: "try"; readonly script: string }
  | { readonly do: "leave" }

/** The state after a key, and what follows from it. */
export interface Pressed {
  readonly state: PlayerState
  readonly request?: Request
}

/** One key. Pure: the same key on the same state does the same. */
export const press = (before: PlayerState, key: string, size: ScreenSize): Pressed => {
  const state = before.notice === "" ? before : { ...before, notice: "" }
  if (key === "ctrl-c") return { state, request: { do: "leave" } }
  if (state.prompt.kind !== "none") return typeKey(state, state.prompt, key, size)
  if (state.overlay !== undefined) return overOverlay(state, key, size)
  if (/^[1-9]$/.test(key)) {
    const choice = Number(key) - 1
    return { state: choice < openChoices(state) ? { ...state, answer: choice } : state }
  }
  return key === "escape" ? { state: backToStage(state) } : act(state, key, size)
}

const backToStage = (state: PlayerState): PlayerState =>
  state.search === "" ? { ...state, pane: "stage", scroll: 0 } : { ...state, search: "" }

const act = (state: PlayerState, key: string, size: ScreenSize): Pressed => {
  const action = actionOf(key)
  switch (action?.do) {
    case undefined:
      return { state }
    case "onward":
      return mostScroll(state, size) > state.scroll
        ? { state: scrolled(state, "page-down", size) }
        : next(state)
    case "backward":
      return state.scroll > 0 ? { state: scrolled(state, "page-up", size) } : back(state)
    case "next":
      return next(state)
    case "back":
      return back(state)
    case "replay":
      return beatOf(state).kind === "step"
        ? { state, request: { do: "replay" } }
        : { state: { ...state, notice: "Only a step can be replayed." } }
    case "details":
      return { state: { ...state, hasDetails: !state.hasDetails } }
    case "search":
    case "cmdlet":
      return { state: { ...state, prompt: { kind: action.do, text: "" } } }
    case "help":
      return { state: { ...state, overlay: { kind: "help" }, scroll: 0 } }
    case "leave":
      return { state, request: { do: "leave" } }
    case "cycle": {
      const at = panes.indexOf(state.pane) + action.by + panes.length
      return showing(state, panes[at % panes.length] ?? "stage")
    }
    case "show":
      return showing(state, action.pane)
    case "scroll":
      return { state: scrolled(state, action.by, size) }
  }
}

const showing = (state: PlayerState, pane: Pane): Pressed => {
  const shown = { ...state, pane, scroll: 0, asked: undefined }
  return pane === "settings" || pane === "matrix"
    ? { state: shown, request: { do: "ask", pane } }
    : { state: shown }
}

/** On in the story. What has not been seen yet comes first: the stage, the answer to a poll. */
const next = (state: PlayerState): Pressed => {
  if (state.pane !== "stage") return showing(state, "stage")
  if (openChoices(state) > 0) return { state: { ...state, answer: "revealed" } }
  if (state.beat >= lastBeat(state)) {
    return { state: { ...state, notice: "This is the end. ← goes back, q leaves." } }
  }
  const to = state.beat + 1
  const coming = state.story.beats[to]
  return coming?.kind === "step" && coming.seat !== undefined
    ? { state: { ...state, scroll: 0, prompt: { kind: "seat", seat: coming.seat, text: "" } } }
    : { state, request: { do: "go", to } }
}

const back = (state: PlayerState): Pressed =>
  state.beat === 0
    ? { state: { ...state, notice: "This is the beginning." } }
    : { state, request: { do: "go", to: state.beat - 1 } }

const scrolled = (state: PlayerState, by: ScrollBy, size: ScreenSize): PlayerState => {
  const most = mostScroll(state, size)
  // One line of the page before stays in sight.
  const page = Math.max(1, layoutOf(size).bodyRows - 1)
  const now = Math.min(state.scroll, most)
  const to: Record<ScrollBy, number> = {
    "line-up": now - 1,
    "line-down": now + 1,
    "page-up": now - page,
    "page-down": now + page,
    top: 0,
    bottom: most,
  }
  return { ...state, scroll: Math.max(0, Math.min(most, to[by])) }
}

/** Where nothing can be played, the page keys only scroll. */
const scrollOf = (key: string): ScrollBy | undefined => {
  if (key === "pageup") return "page-up"
  if (key === "pagedown") return "page-down"
  const action = actionOf(key)
  return action?.do === "scroll" ? action.by : undefined
}

/** Help and results of a fork close on any key, but can be scrolled. */
const overOverlay = (state: PlayerState, key: string, size: ScreenSize): Pressed => {
  const by = scrollOf(key)
  return by === undefined
    ? { state: { ...state, overlay: undefined, scroll: 0 } }
    : { state: scrolled(state, by, size) }
}

type OpenPrompt = Exclude<Prompt, { readonly kind: "none" }>

const closed = { kind: "none" } as const

const typeKey = (
  state: PlayerState,
  prompt: OpenPrompt,
  key: string,
  size: ScreenSize,
): Pressed => {
  if (key === "return") return submit({ ...state, prompt: closed }, prompt, size)
  if (key === "escape") return { state: { ...state, prompt: closed } }
  const by = key.length > 1 ? scrollOf(key) : undefined
  if (by !== undefined) return { state: scrolled(state, by, size) }
  const text = typed(prompt.text, key)
  return { state: text === prompt.text ? state : { ...state, prompt: { ...prompt, text } } }
}

/** Nobody types more than this; something pasted may be longer. */
const longestInput = 2_000

const typed = (text: string, key: string): string => {
  if (key === "backspace") return charactersOf(text).slice(0, -1).join("")
  if (key === "ctrl-u") return ""
  const character = key === "space" ? " " : key
  const isTyped = /^\P{Cc}$/u.test(character) && text.length < longestInput
  return isTyped ? text + character : text
}

const submit = (state: PlayerState, prompt: OpenPrompt, size: ScreenSize): Pressed => {
  switch (prompt.kind) {
    case "seat": {
      const go = { do: "go", to: state.beat + 1 } as const
      return { state, request: prompt.text === "" ? go : { ...go, typed: prompt.text.trim() } }
    }
    case "cmdlet":
      return prompt.text.trim() === ""
        ? { state }
        : { state, request: { do: "try", script: prompt.text } }
    case "search":
      return { state: found(state, prompt.text, size) }
  }
}

/** To the first place where the words occur; without words, to the next one of the last search. */
const found = (state: PlayerState, text: string, size: ScreenSize): PlayerState => {
  const words = text === "" ? state.search : text
  if (words === "") return state
  const { bodyColumns } = layoutOf(size)
  const from = text === "" ? state.scroll + 1 : state.scroll
  const at = findLine(paneLines(state, bodyColumns), words, from)
  return at === -1
    ? { ...state, search: "", notice: `'${words}' does not occur here.` }
    : { ...state, search: words, scroll: Math.min(at, mostScroll(state, size)) }
}
