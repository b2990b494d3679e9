import type { Message } from "@twin/scenario"
import { emptyLine, type Line, line, textOf } from "../text/Span.ts"
import { lineWidth } from "../text/textWidth.ts"
import { indented, plainColumns } from "../text/wrap.ts"
import { messageLines, type MessageView } from "./messageLines.ts"

const inset = 4

const viewOf = (columns: number, hasDetails: boolean): MessageView => ({
  columns,
  hasDetails,
  answer: "revealed",
})

const underlined = (lines: readonly Line[], character: string): readonly Line[] => {
  const [title = emptyLine, ...rest] = lines
  return [title, line(character.repeat(lineWidth(title))), ...rest]
}

const linesOf = (message: Message, hasDetails: boolean): readonly Line[] => {
  const whole = () => messageLines(message, viewOf(plainColumns, hasDetails))
  switch (message._tag) {
    case "ScenarioStarted":
      return underlined(whole(), "=")
    case "SectionStarted":
      return [emptyLine, ...underlined(whole(), "-")]
    case "StepStarted":
    case "ScenarioFinished":
      return [emptyLine, ...whole()]
    default:
      return indented(messageLines(message, viewOf(plainColumns - inset, hasDetails)), inset)
  }
}

/**
 * A message as plain text: no control sequence, about 100 columns at most, and nothing that a
 * scenario, a mail or an import could use to move the cursor.
 */
export const plainText = (message: Message, hasDetails: boolean): string =>
  linesOf(message, hasDetails)
    .map((it) => `${textOf(it).trimEnd()}\n`)
    .join("")
