/** What a key can ask for. */
export type Action =
  | "next"
  | "back"
  | "replay"
  | "details"
  | "search"
  | "cmdlet"
  | "help"
  | "leave"
  | "next-pane"
  | "stage"
  | "mailboxes"
  | "audit"
  | "settings"
  | "matrix"
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "top"
  | "bottom"

interface KeyBinding {
  readonly keys: readonly string[]
  readonly action: Action
  readonly help: string
}

/** All keys in one table; the help is made from it. Number keys answer polls. */
export const keyBindings: readonly KeyBinding[] = [
  { keys: ["space", "right"], action: "next", help: "go on" },
  { keys: ["left"], action: "back", help: "back in time: state and screen" },
  { keys: ["r"], action: "replay", help: "play this step again" },
  { keys: ["e"], action: "details", help: "explain: settings and facts behind each gate" },
  { keys: [":"], action: "cmdlet", help: "run a cmdlet on a fork and see what it changes" },
  { keys: ["/"], action: "search", help: "search in the pane" },
  { keys: ["tab"], action: "next-pane", help: "next pane" },
  { keys: ["t"], action: "stage", help: "the stage" },
  { keys: ["m"], action: "mailboxes", help: "mailboxes" },
  { keys: ["u"], action: "audit", help: "unified audit log" },
  { keys: ["s"], action: "settings", help: "tenant settings" },
  { keys: ["w"], action: "matrix", help: "who can open what" },
  { keys: ["up", "k"], action: "up", help: "scroll up" },
  { keys: ["down", "j"], action: "down", help: "scroll down" },
  { keys: ["pageup"], action: "page-up", help: "a page up" },
  { keys: ["pagedown"], action: "page-down", help: "a page down" },
  { keys: ["home"], action: "top", help: "to the top" },
  { keys: ["end"], action: "bottom", help: "to the bottom" },
  { keys: ["?"], action: "help", help: "these keys" },
  { keys: ["q"], action: "leave", help: "leave" },
]

const byKey = new Map(
  keyBindings.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)),
)

/** The action of a key by its name; undefined where it has none. */
export const actionOf = (key: string): Action | undefined => byKey.get(key)

/** What Ink says about a key press, as a name of the table. */
export const keyName = (
  input: string,
  key: {
    readonly rightArrow: boolean
    readonly leftArrow: boolean
    readonly upArrow: boolean
    readonly downArrow: boolean
    readonly pageUp: boolean
    readonly pageDown: boolean
    readonly home: boolean
    readonly end: boolean
    readonly tab: boolean
    readonly return: boolean
    readonly escape: boolean
    readonly backspace: boolean
    readonly delete: boolean
    readonly ctrl: boolean
  },
): string => {
  if (key.ctrl && input === "c") return "q"
  if (key.rightArrow) return "right"
  if (key.leftArrow) return "left"
  if (key.upArrow) return "up"
  if (key.downArrow) return "down"
  if (key.pageUp) return "pageup"
  if (key.pageDown) return "pagedown"
  if (key.home) return "home"
  if (key.end) return "end"
  if (key.tab) return "tab"
  if (key.return) return "return"
  if (key.escape) return "escape"
  if (key.backspace || key.delete) return "backspace"
  return input === " " ? "space" : input
}
