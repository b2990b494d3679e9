import { timeText } from "../story/decisionLines.ts"
import { type Line, line, type Span, span } from "../text/Span.ts"
import { cutLine, endOf, fit, fitLine, lineWidth, textWidth } from "../text/textWidth.ts"
import { keyOf } from "./keys.ts"
import { openChoices, type Pane, type PlayerState, panes, progressOf } from "./PlayerState.ts"
import { agendaColumn, paneLines } from "./paneLines.ts"
import { highlighted } from "./search.ts"

export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

/** What stands where on a screen of a size. */
interface Layout {
  readonly columns: number
  /** Rows that are drawn; the last one of the terminal stays free, so that nothing ever scrolls. */
  readonly rows: number
  readonly headRows: number
  readonly bodyRows: number
  readonly agendaColumns: number
  readonly bodyColumns: number
}

const wideColumns = 100
/** Text wider than this is hard to read. */
const widestText = 120

export const layoutOf = ({ columns, rows }: ScreenSize): Layout => {
  const drawn = Math.max(1, rows - 1)
  // Title, panes, rule: each comes when there is room for it.
  const headRows = drawn >= 14 ? 3 : drawn >= 4 ? 1 : 0
  const agendaColumns = columns >= wideColumns ? Math.min(40, Math.floor(columns * 0.28)) : 0
  const between = agendaColumns === 0 ? 0 : gutter.length
  return {
    columns: Math.max(1, columns),
    rows: drawn,
    headRows,
    bodyRows: Math.max(0, drawn - headRows - 1),
    agendaColumns,
    bodyColumns: Math.max(1, Math.min(widestText, columns - agendaColumns - between)),
  }
}

const gutter = " │ "

/** The furthest that a pane can be scrolled. */
export const mostScroll = (state: PlayerState, size: ScreenSize): number => {
  const { bodyColumns, bodyRows } = layoutOf(size)
  return Math.max(0, paneLines(state, bodyColumns).length - bodyRows)
}

/**
 * Everything that is on the screen, computed; drawing it decides nothing. Exactly as many lines as
 * the terminal has rows but one, none wider than its columns.
 */
export const screenOf = (state: PlayerState, size: ScreenSize): readonly Line[] => {
  const layout = layoutOf(size)
  const { columns, bodyColumns, bodyRows, agendaColumns } = layout
  const all = paneLines(state, bodyColumns)
  const scroll = Math.max(0, Math.min(state.scroll, all.length - bodyRows))
  const body = highlighted(all.slice(scroll, scroll + bodyRows), state.search)
  const side = agendaColumns === 0 ? [] : sideLines(state, layout)
  const middle = Array.from({ length: bodyRows }, (_, row): Line => {
    const text = body[row] ?? []
    if (agendaColumns === 0) return text
    return [...fitLine(side[row] ?? [], agendaColumns), span(gutter, "soft"), ...text]
  })
  const more = Math.max(0, all.length - scroll - bodyRows)
  return [
    ...headLines(state, layout),
    ...middle,
    bottomLine(state, columns, { above: scroll, below: more }),
  ]
    .slice(-layout.rows)
    .map((it) => cutLine(it, columns))
}

const headLines = (state: PlayerState, layout: Layout): readonly Line[] => {
  const { columns, headRows } = layout
  const title = titleLine(state, columns, headRows < 3)
  if (headRows < 3) return headRows === 0 ? [] : [title]
  return [title, tabLine(state, columns), progressLine(state, layout)]
}

/** A rule under the head, strong as far as the story has got. */
const progressLine = (state: PlayerState, { columns, agendaColumns }: Layout): Line => {
  const { done, all } = progressOf(state)
  const filled = all === 0 ? 0 : Math.round((columns * done) / all)
  const left = "─".repeat(columns - filled)
  const joint = agendaColumns + 1 - filled
  const rest =
    agendaColumns === 0 || joint < 0 ? left : `${left.slice(0, joint)}┬${left.slice(joint + 1)}`
  return [span("━".repeat(filled), "accent"), span(rest, "soft")]
}

const titleLine = (state: PlayerState, columns: number, hasPane: boolean): Line => {
  const { done, all } = progressOf(state)
  const place = hasPane && state.pane !== "stage" ? `${paneNames[state.pane]} · ` : ""
  const clock = columns >= 60 ? ` · ${timeText(state.stage.now).slice(0, 16)} UTC` : ""
  const right = ` ${place}${done}/${all}${clock} `
  const width = Math.max(0, columns - textWidth(right))
  return [span(fit(` ${state.story.title}`, width), "bar"), span(right, "bar")]
}

const paneNames: Record<Pane, string> = {
  stage: "Stage",
  agenda: "Agenda",
  mailboxes: "Mail",
  audit: "Audit",
  settings: "Settings",
  matrix: "Who can open",
  notes: "Notes",
}

/** The panes with their keys, and how much there is in each; shorter where there is less room. */
const tabLine = (state: PlayerState, columns: number): Line => {
  const counts: Partial<Record<Pane, number>> = {
    mailboxes: state.stage.mails.length,
    audit: state.stage.audit.length,
  }
  const tabs = (space: string, hasCounts: boolean): Line =>
    panes.flatMap((pane): readonly Span[] => {
      const count = hasCounts && counts[pane] !== undefined ? ` ${counts[pane]}` : ""
      const isOn = pane === state.pane && state.overlay === undefined
      return [
        span(" "),
        span(keyOf(pane), "accent"),
        span(` ${paneNames[pane]}`, isOn ? "strong" : "soft"),
        span(`${count}${space}`, "soft"),
      ]
    })
  const choices = [tabs("   ", true), tabs(" ", true), tabs("", false)]
  return choices.find((it) => lineWidth(it) <= columns) ?? tabs("", false)
}

/** The agenda beside the stage; where not all of it fits, the current section stays in sight. */
const sideLines = (state: PlayerState, { agendaColumns, bodyRows }: Layout): readonly Line[] => {
  const entries = agendaColumn(state, agendaColumns)
  const current = entries.findIndex((it) => it[0]?.text.startsWith("▶") === true)
  const from = Math.max(0, Math.min(current - Math.floor(bodyRows / 2), entries.length - bodyRows))
  return entries.slice(from, from + bodyRows)
}

const bottomLine = (
  state: PlayerState,
  columns: number,
  { above, below }: { readonly above: number; readonly below: number },
): Line => {
  const { prompt, notice } = state
  if (prompt.kind !== "none") return promptLine(state, columns)
  if (notice !== "") return line(` ${notice}`, "ask")
  const arrows = `${above > 0 ? ` ↑ ${above}` : ""}${below > 0 ? ` ↓ ${below}` : ""}`
  const place = state.isBusy ? " …" : `${arrows} `
  const room = Math.max(0, columns - textWidth(place))
  return [span(fit(` ${hints(state, below > 0)}`, room), "soft"), span(place, "ask")]
}

const hints = (state: PlayerState, hasMore: boolean): string => {
  if (state.overlay !== undefined) return "any key closes this  ↑ ↓ scroll"
  if (openChoices(state) > 0) return "1-9 answer  → reveal  ← back  ? help  q leave"
  if (state.pane !== "stage") return "t stage  tab panes  ↑ ↓ scroll  / search  ? help  q leave"
  const more = hasMore ? "space more  " : ""
  return `${more}→ next  ← back  e explain  : what if  tab panes  ? help  q leave`
}

const promptLine = ({ prompt }: PlayerState, columns: number): Line => {
  if (prompt.kind === "none") return []
  const head =
    prompt.kind === "cmdlet"
      ? "PS> "
      : prompt.kind === "search"
        ? "/"
        : `${prompt.seat.parameter}: `
  // The end of a long line stays in sight: that is where the typing goes on.
  const room = Math.max(0, columns - textWidth(head) - 1)
  return [span(head, "accent"), span(endOf(span(prompt.text).text, room)), span(" ", "bar")]
}
