import type { Message } from "@twin/scenario"
import { blocks, messageLines, originOf } from "../story/messageLines.ts"
import { type Line, line } from "../text/Span.ts"
import { hanging, textLines } from "../text/wrap.ts"
import { beatOf, openChoices, type PlayerState } from "./PlayerState.ts"

/** What belongs together stands together: an empty line comes where the group changes. */
const groups: Record<Message["_tag"], string> = {
  ScenarioStarted: "opening",
  SectionStarted: "section",
  StepStarted: "command",
  DecisionMade: "decision",
  DeadlinePassed: "decision",
  OutputPrinted: "output",
  WarningGiven: "warning",
  MailSent: "trace",
  AuditWritten: "trace",
  ClockMoved: "trace",
  ExpectationJudged: "judgement",
  PollAnswered: "poll",
  StepFailed: "error",
  StepFinished: "trace",
  ScenarioFinished: "closing",
}

/** The stage: the first slide, the talk of a section, a step with what the twin answered, the end. */
export const stageLines = (state: PlayerState, columns: number): readonly Line[] => {
  const { stage, hasDetails, answer } = state
  const view = { columns, hasDetails, answer, origin: originOf(stage.shown) }
  const parts: Line[][] = []
  let group = ""
  for (const message of stage.shown) {
    const lines = messageLines(message, view)
    if (lines.length === 0) continue
    if (groups[message._tag] === group) parts.at(-1)?.push(...lines)
    else parts.push([...lines])
    group = groups[message._tag]
  }
  return blocks(...parts.map(withoutEnd), ...footer(state, columns))
}

/** An empty line at the end of a group would make two of them. */
const withoutEnd = (lines: readonly Line[]): readonly Line[] =>
  lines.at(-1)?.length === 0 ? lines.slice(0, -1) : lines

/** What the presenter can do here that is not the same everywhere. */
const footer = (state: PlayerState, columns: number): readonly (readonly Line[])[] => {
  const choices = openChoices(state)
  if (choices > 0) {
    return [textLines(`Press 1 to ${choices}: what does the audience say?`, columns, "ask")]
  }
  switch (beatOf(state).kind) {
    case "opening":
      return [textLines("Space or → goes on, ? shows the keys.", columns, "ask")]
    case "closing":
      return closing(state, columns)
    case "talk":
    case "step":
      return []
  }
}

const closing = ({ stage }: PlayerState, columns: number): readonly (readonly Line[])[] => [
  stage.failures.flatMap(({ that, found }) => [
    ...hanging(line("FAILS  ", "bad"), that, columns),
    ...hanging(line("       "), found, columns, "soft"),
  ]),
  stage.proven.length === 0
    ? []
    : hanging(line("Claims with evidence:  ", "soft"), stage.proven.join(" "), columns, "accent"),
  textLines("← goes back in time, q leaves.", columns, "ask"),
]
