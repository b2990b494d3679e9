import { auditLines } from "../story/auditLines.ts"
import { blocks } from "../story/messageLines.ts"
import { markdownLines } from "../text/markdownLines.ts"
import { type Line, line, span, type Tone } from "../text/Span.ts"
import { fit } from "../text/textWidth.ts"
import { hanging } from "../text/wrap.ts"
import { askedLines, forkLines } from "./askedLines.ts"
import { keyBindings } from "./keys.ts"
import { mailboxLines, notShown, seatLines } from "./mailboxLines.ts"
import type { StepMark } from "./model.ts"
import { beatOf, type PlayerState } from "./PlayerState.ts"
import { stageLines } from "./stageLines.ts"

const mostRecords = 300

/** All lines of what is shown now, before they are scrolled and cut. */
export const paneLines = (state: PlayerState, columns: number): readonly Line[] => {
  const { overlay, prompt } = state
  if (overlay?.kind === "help") return helpLines(columns)
  if (overlay?.kind === "fork") return forkLines(overlay.result, columns)
  if (prompt.kind === "seat") return seatLines(state, prompt.seat, columns)
  switch (state.pane) {
    case "stage":
      return stageLines(state, columns)
    case "agenda":
      return agendaLines(state, columns)
    case "mailboxes":
      return mailboxLines(state, columns)
    case "audit":
      return auditPane(state, columns)
    case "settings":
    case "matrix":
      return askedLines(state.asked, columns)
    case "notes":
      return notesLines(state, columns)
  }
}

/** Keys by their names on a keyboard. */
const keyCaps: Readonly<Record<string, string>> = {
  right: "→",
  left: "←",
  up: "↑",
  down: "↓",
  pageup: "page up",
  pagedown: "page down",
  "shift-tab": "shift tab",
  "ctrl-c": "ctrl c",
}

export const keyCap = (key: string): string => keyCaps[key] ?? key

const helpLines = (columns: number): readonly Line[] => {
  const rows = [
    ...keyBindings.map(({ keys, help }) => [keys.map(keyCap).join(", "), help] as const),
    ["1 to 9", "what the audience says to a poll"] as const,
  ]
  return rows.flatMap(([keys, help]) => hanging([span(fit(keys, 17), "accent")], help, columns))
}

const stepMarks: Record<StepMark, readonly [mark: string, tone: Tone]> = {
  done: ["●", "soft"],
  held: ["✓", "good"],
  failed: ["✗", "bad"],
}

/** How a step or a section stands: its mark and tone. */
const markOf = (
  { stage }: PlayerState,
  section: number,
  step: number,
): readonly [mark: string, tone: Tone] => {
  const mark = stage.marks[`${section}.${step}`]
  return mark === undefined ? ["○", "soft"] : stepMarks[mark]
}

/** Sections and steps, how they went and what is to come. */
const agendaLines = (state: PlayerState, columns: number): readonly Line[] => {
  const now = beatOf(state)
  return blocks(
    ...state.story.sections.map(({ title, steps }, section): readonly Line[] => [
      ...hanging(line(`${section + 1}  `, "accent"), title, columns, "strong"),
      ...steps.flatMap((step, index) => {
        const isNow = now.kind === "step" && now.section === section && now.step === index
        const [mark, tone] = markOf(state, section, index)
        const head = [span("   "), span(`${isNow ? "▶" : mark} `, isNow ? "accent" : tone)]
        return hanging(head, step, columns, isNow ? "strong" : mark === "○" ? "soft" : "plain")
      }),
    ]),
  )
}

const auditPane = ({ stage, hasDetails }: PlayerState, columns: number): readonly Line[] => {
  if (stage.audit.length === 0) return [line("The unified audit log is empty so far.", "soft")]
  const newest = stage.audit.slice(-mostRecords)
  return [
    ...notShown(stage.audit.length - newest.length, "records"),
    ...newest.toReversed().flatMap((record) => auditLines(record, columns, hasDetails)),
  ]
}

/** For the presenter's eyes: the notes of the author, what comes next, where it is drawn from. */
const notesLines = (state: PlayerState, columns: number): readonly Line[] => {
  const { notes, sources, beats, sections } = state.story
  const next = beats[state.beat + 1]
  const coming =
    next === undefined || next.kind === "opening"
      ? "nothing: this is the end"
      : next.kind === "closing"
        ? "the end"
        : next.kind === "talk"
          ? `talk: ${sections[next.section]?.title ?? ""}`
          : (sections[next.section]?.steps[next.step] ?? "")
  return blocks(
    hanging(line("Next  ", "accent"), coming, columns, "strong"),
    notes.trim() === ""
      ? [line("The author left no notes for the presenter.", "soft")]
      : markdownLines(notes, columns),
    sources.flatMap((source) => hanging(line("drawn from  ", "soft"), source, columns, "soft")),
  )
}

/** The agenda beside the stage: one line a section, with how far it has got. */
export const agendaColumn = (state: PlayerState, columns: number): readonly Line[] => {
  const now = beatOf(state)
  const current = "section" in now ? now.section : now.kind === "closing" ? Infinity : -1
  return state.story.sections.map(({ title, steps }, section): Line => {
    const done = steps.filter((_, step) => state.stage.marks[`${section}.${step}`] !== undefined)
    const failed = steps.some((_, step) => state.stage.marks[`${section}.${step}`] === "failed")
    const isNow = section === current
    const mark = isNow ? "▶" : failed ? "✗" : section < current ? "✓" : "○"
    const tone = isNow ? "accent" : failed ? "bad" : section < current ? "good" : "soft"
    const count = steps.length === 0 ? "" : ` ${done.length}/${steps.length}`
    return [
      span(`${mark} `, tone),
      span(fit(title, columns - 2 - count.length), isNow ? "strong" : "plain"),
      span(count, "soft"),
    ]
  })
}
