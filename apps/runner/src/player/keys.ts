import type { Pane } from "./PlayerState.ts"

/** What a key can ask for. */
export type Action =
  | { readonly do: "onward" | "backward" | "next" | "back" | "replay" }
  | { readonly do: "details" | "help" | "leave" }
  | { readonly do: "search" | "cmdlet" }
  | { readonly do: "cycle"; readonly by: 1 | -1 }
  | { readonly do: "show"; readonly pane: Pane }
  | { readonly do: "scroll"; readonly by: ScrollBy }

export type ScrollBy = "line-up" | "line-down" | "page-up" | "page-down" | "top" | "bottom"

interface KeyBinding {
  /** Names of keys as `keyNames` gives them. */
  readonly keys: readonly string[]
  readonly action: Action
  readonly help: string
}

const scroll = (by: ScrollBy): Action => ({ do: "scroll", by })
const show = (pane: Pane): Action => ({ do: "show", pane })

/** All keys in one table: help, README and hints are made from it. Number keys answer polls. */
export const keyBindings: readonly KeyBinding[] = [
  // Presentation remotes send page keys.
  {
    keys: ["space", "pagedown"],
    action: { do: "onward" },
    help: "on: first what is below, then the next step",
  },
  { keys: ["pageup"], action: { do: "backward" }, help: "first what is above, then back in time" },
  { keys: ["right", "return"], action: { do: "next" }, help: "next step" },
  { keys: ["left"], action: { do: "back" }, help: "back in time: state and screen" },
  { keys: ["r"], action: { do: "replay" }, help: "replay the step" },
  { keys: ["e"], action: { do: "details" }, help: "explain: settings and facts behind each gate" },
  {
    keys: [":"],
    action: { do: "cmdlet" },
    help: "what if: a cmdlet on a fork, and what it changes",
  },
  { keys: ["/"], action: { do: "search" }, help: "search the pane; nothing typed: the next place" },
  { keys: ["t"], action: show("stage"), help: "stage: talk track, step, decision" },
  { keys: ["a"], action: show("agenda"), help: "agenda with progress" },
  { keys: ["m"], action: show("mailboxes"), help: "mailboxes" },
  { keys: ["u"], action: show("audit"), help: "unified audit log" },
  { keys: ["s"], action: show("settings"), help: "tenant settings, changes first" },
  { keys: ["w"], action: show("matrix"), help: "who can open what" },
  { keys: ["n"], action: show("notes"), help: "presenter notes" },
  { keys: ["tab"], action: { do: "cycle", by: 1 }, help: "next pane" },
  { keys: ["shift-tab"], action: { do: "cycle", by: -1 }, help: "pane before" },
  { keys: ["up", "k"], action: scroll("line-up"), help: "up" },
  { keys: ["down", "j"], action: scroll("line-down"), help: "down" },
  { keys: ["b"], action: scroll("page-up"), help: "a page up" },
  { keys: ["f"], action: scroll("page-down"), help: "a page down" },
  { keys: ["home", "g"], action: scroll("top"), help: "to the top" },
  { keys: ["end", "G"], action: scroll("bottom"), help: "to the bottom" },
  { keys: ["?"], action: { do: "help" }, help: "these keys" },
  { keys: ["q", "ctrl-c"], action: { do: "leave" }, help: "leave" },
]

const byKey = new Map(
  keyBindings.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)),
)

/** The action of a key by its name; undefined where it has none. */
export const actionOf = (key: string): Action | undefined => byKey.get(key)

/** The first key of an action that has just a name. */
export const keyOf = (pane: Pane): string =>
  keyBindings.find(({ action }) => action.do === "show" && action.pane === pane)?.keys[0] ?? ""

/** The part of what Ink says about a key press that makes a name. */
export interface PressedKey {
  readonly rightArrow: boolean
  readonly leftArrow: boolean
  readonly upArrow: boolean
  readonly downArrow: boolean
  readonly pageUp: boolean
  readonly pageDown: boolean
  readonly home: boolean
  readonly end: boolean
  readonly tab: boolean
  readonly shift: boolean
  readonly return: boolean
  readonly escape: boolean
  readonly backspace: boolean
  readonly delete: boolean
  readonly ctrl: boolean
  readonly meta: boolean
}

const special = (key: PressedKey): string | undefined => {
  if (key.rightArrow) return "right"
  if (key.leftArrow) return "left"
  if (key.upArrow) return "up"
  if (key.downArrow) return "down"
  if (key.pageUp) return "pageup"
  if (key.pageDown) return "pagedown"
  if (key.home) return "home"
  if (key.end) return "end"
  if (key.tab) return key.shift ? "shift-tab" : "tab"
  if (key.return) return "return"
  if (key.escape) return "escape"
  return key.backspace || key.delete ? "backspace" : undefined
}

const written: Readonly<Record<string, string>> = {
  " ": "space",
  "\r": "return",
  "\n": "return",
  "\t": "tab",
}

/**
 * What was pressed, by the names of the table. Fast typing arrives in one piece: each character of
 * it is a key of its own.
 */
export const keyNames = (input: string, key: PressedKey): readonly string[] => {
  const name = special(key)
  if (name !== undefined) return [name]
  if (key.ctrl) return [`ctrl-${input}`]
  // Keys that a terminal sends behind an escape character mean something else than what they write.
  if (key.meta) return []
  return Array.from(input, (character) => written[character] ?? character)
}
