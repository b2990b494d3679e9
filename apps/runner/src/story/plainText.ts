import type { Message } from "@twin/scenario"
import { emptyLine, type Line, line, textOf } from "../text/Span.ts"
import { lineWidth } from "../text/textWidth.ts"
import { indented, plainColumns } from "../text/wrap.ts"
import { type MessageView, messageLines } from "./messageLines.ts"

const inset = 4

const underlined = (lines: readonly Line[], character: string): readonly Line[] => {
  const [title = emptyLine, ...rest] = lines
  return [title, line(character.repeat(lineWidth(title))), ...rest]
}

/** How plain text is wanted: in short or with everything, and whose output comes. */
export type PlainView = Pick<MessageView, "hasDetails" | "origin">

const linesOf = (message: Message, plain: PlainView): readonly Line[] => {
  const linesIn = (columns: number) =>
    messageLines(message, { ...plain, columns, answer: "revealed" })
  switch (message._tag) {
    case "ScenarioStarted":
      return underlined(linesIn(plainColumns), "=")
    case "SectionStarted":
      return [emptyLine, ...underlined(linesIn(plainColumns), "-")]
    case "StepStarted":
    case "ScenarioFinished":
      return [emptyLine, ...linesIn(plainColumns)]
    default:
      return indented(linesIn(plainColumns - inset), inset)
  }
}

/**
 * A message as plain text: no control sequence, about 100 columns at most, and nothing that a
 * scenario, a mail or an import could use to move the cursor.
 */
export const plainText = (message: Message, view: PlainView): string =>
  linesOf(message, view)
    .map((it) => `${textOf(it).trimEnd()}\n`)
    .join("")
