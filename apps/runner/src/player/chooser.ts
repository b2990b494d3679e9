import { type Line, line, span } from "../text/Span.ts"
import { cutLine, fit } from "../text/textWidth.ts"
import { actionOf } from "./keys.ts"
import type { ScreenSize } from "./screen.ts"

/** One scenario in the list. */
export interface Choice {
  readonly file: string
  readonly title: string
  readonly level: number
  readonly durationMinutes: number
  readonly steps: number
}

export interface ChooserState {
  readonly choices: readonly Choice[]
  /** Index of the one that the cursor is on. */
  readonly at: number
}

export type ChooserPressed =
  | { readonly do: "stay" | "choose"; readonly at: number }
  | { readonly do: "leave" }

/** A key in the list: arrows and return, a number, or q. */
export const pressInList = ({ choices, at }: ChooserState, key: string): ChooserPressed => {
  const last = Math.max(0, choices.length - 1)
  if (actionOf(key)?.do === "leave" || key === "escape") return { do: "leave" }
  if (key === "up" || key === "k") return { do: "stay", at: Math.max(0, at - 1) }
  if (key === "down" || key === "j") return { do: "stay", at: Math.min(last, at + 1) }
  if (key === "home") return { do: "stay", at: 0 }
  if (key === "end") return { do: "stay", at: last }
  const number = /^[1-9]$/.test(key) ? Number(key) - 1 : -1
  if (number >= 0 && number <= last && choices.length > 0) return { do: "choose", at: number }
  const isChosen = key === "return" || key === "right" || key === "space"
  return isChosen && choices.length > 0 ? { do: "choose", at } : { do: "stay", at }
}

/** The list as lines, the chosen one in sight; as many as the terminal has rows but one. */
export const chooserLines = (
  { choices, at }: ChooserState,
  { columns, rows }: ScreenSize,
): readonly Line[] => {
  const drawn = Math.max(1, rows - 1)
  const entryRows = 3
  const room = Math.max(1, Math.floor((drawn - 3) / entryRows))
  const first = Math.max(0, Math.min(at - Math.floor(room / 2), choices.length - room))
  const entries = choices.slice(first, first + room).flatMap((choice, index): readonly Line[] => {
    const isChosen = first + index === at
    const { title, level, durationMinutes, steps } = choice
    return [
      [
        span(isChosen ? " ▶ " : "   ", "accent"),
        span(`${first + index + 1}  `.padStart(4), "soft"),
        span(title, isChosen ? "strong" : "plain"),
      ],
      line(`       level ${level} · ${durationMinutes} minutes · ${steps} steps`, "soft"),
      [],
    ]
  })
  const body: readonly Line[] =
    choices.length === 0 ? [line(" There is no scenario below scenarios/.", "ask")] : entries
  const lines: readonly Line[] = [
    line(fit(" Tenant twin: which story?", columns), "bar"),
    [],
    ...Array.from({ length: Math.max(0, drawn - 3) }, (_, row) => body[row] ?? []),
    line(" ↑ ↓ choose  return plays  1-9 at once  q leaves", "soft"),
  ]
  return lines.slice(-drawn).map((it) => cutLine(it, columns))
}
