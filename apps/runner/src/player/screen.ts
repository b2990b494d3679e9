import { isoOf, visibleText } from "@twin/kernel"
import { highlighted, paneLines } from "./paneLines.ts"
import { isPollOpen, panes, type PlayerState } from "./PlayerState.ts"
import { type Line, line, span } from "./Span.ts"
import { cut, fit, textWidth } from "./textWidth.ts"

export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** The screen as text: exactly as many lines as it has rows, none wider than its columns. */
export interface Screen {
  readonly top: Line
  readonly agenda: readonly Line[]
  readonly agendaColumns: number
  readonly body: readonly Line[]
  readonly bottom: Line
}

/** Below this width the agenda shrinks into the top line. */
const wideColumns = 100
const agendaWidth = 30

/** How many lines of a pane are seen at once. */
export const bodyRows = ({ rows }: ScreenSize): number => Math.max(1, rows - 4)

export const bodyColumns = ({ columns }: ScreenSize): number =>
  Math.max(20, columns >= wideColumns ? columns - agendaWidth - 2 : columns)

/** The furthest that a pane can be scrolled. */
export const maxScroll = (lineCount: number, size: ScreenSize): number =>
  Math.max(0, lineCount - bodyRows(size))

/** Everything that is on the screen, computed; drawing it decides nothing. */
export const screenOf = (state: PlayerState, size: ScreenSize): Screen => {
  const columns = bodyColumns(size)
  const all = highlighted(paneLines(state, columns), state.search)
  const scroll = Math.min(state.scroll, maxScroll(all.length, size))
  const rows = bodyRows(size)
  const body = all.slice(scroll, scroll + rows).map((it) => cutLine(it, columns))
  const more = all.length - scroll - rows
  return {
    top: topLine(state, size.columns),
    agenda: size.columns >= wideColumns ? agendaLines(state, rows) : [],
    agendaColumns: size.columns >= wideColumns ? agendaWidth : 0,
    body,
    bottom: bottomLine(state, size.columns, more),
  }
}

const cutLine = (it: Line, columns: number): Line => {
  let left = columns
  const kept = []
  for (const { text, tone } of it) {
    if (left <= 0) break
    const short = cut(text, left)
    left -= textWidth(short)
    kept.push(span(short, tone))
  }
  return kept
}

const topLine = ({ stage, position, steps, pane }: PlayerState, columns: number): Line => {
  const clock = `${isoOf(stage.now).slice(0, 16).replace("T", " ")} UTC`
  const place = pane === "stage" ? "" : ` · ${pane}`
  const right = `${place} ${position}/${steps} · ${clock} `
  const width = Math.max(0, columns - textWidth(right))
  return [span(`${fit(` ${visibleText(stage.title)}`, width)}${cut(right, columns)}`, "inverse")]
}

const agendaLines = ({ stage, position }: PlayerState, rows: number): Line[] => {
  let before = 0
  const lines = stage.agenda.map(({ title, steps }, index): Line => {
    const done = Math.max(0, Math.min(steps, position - before))
    before += steps
    const isCurrent = index === stage.section
    const mark = done === steps && !isCurrent ? "●" : isCurrent ? "▶" : "○"
    const count = steps === 0 ? "" : ` ${done}/${steps}`
    const width = agendaWidth - 3 - count.length
    return [
      span(`${mark} `, isCurrent ? "accent" : "soft"),
      span(fit(visibleText(title), width), isCurrent ? "strong" : "plain"),
      span(count, "soft"),
    ]
  })
  return [line("Agenda", "soft"), ...lines].slice(0, rows)
}

const bottomLine = (state: PlayerState, columns: number, more: number): Line => {
  const { prompt } = state
  if (prompt.kind !== "none") {
    const head =
      prompt.kind === "cmdlet"
        ? "PS> "
        : prompt.kind === "search"
          ? "/"
          : `${prompt.parameter} (empty: as the file says): `
    // The end of a long line stays in sight: that is where the typing goes on.
    const room = Math.max(1, columns - head.length - 1)
    const typed = visibleText(prompt.text)
    return [
      span(head, "accent"),
      span(typed.length > room ? typed.slice(typed.length - room) : typed),
      span(" ", "inverse"),
    ]
  }
  if (state.notice !== "") return [span(cut(visibleText(state.notice), columns), "ask")]
  const scroll = more > 0 ? `↓ ${more} more  ` : ""
  const hints = isPollOpen(state)
    ? "1-9 answer  → reveal  q leave"
    : state.pane === "stage"
      ? "→ next  ← back  e explain  tab panes  : cmdlet  ? help  q leave"
      : `tab ${panes[(panes.indexOf(state.pane) + 1) % panes.length] ?? "stage"}  t stage  e details  / search  ? help  q leave`
  return [
    span(state.isBusy ? "… " : "", "ask"),
    span(scroll, "accent"),
    span(cut(hints, columns - scroll.length - 2), "soft"),
  ]
}
