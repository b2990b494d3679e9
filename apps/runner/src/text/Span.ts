import { visibleText } from "@twin/kernel"

/** What a piece of text is, not how it looks: colours are chosen in one place. */
export type Tone =
  | "plain"
  | "soft"
  | "strong"
  | "emphasis"
  | "good"
  | "bad"
  | "ask"
  | "accent"
  | "code"
  | "bar"
  | "match"

/** A piece of one line. Its text has been cleaned: no control character gets through. */
export interface Span {
  readonly text: string
  readonly tone: Tone
}

/** One line of a screen or of a log. */
export type Line = readonly Span[]

const plainAscii = /^[\x20-\x7e]*$/
/** Some terminals draw these, others do not: columns would depend on who looks. */
const drawnOrNot = /(?![\u{fe00}-\u{fe0f}])\p{Default_Ignorable_Code_Point}/gu
const stackedMarks = /(\p{M}{4})\p{M}+/gu

/** Text of any origin as it may be shown: on one line, and no higher than a line either. */
const shownText = (text: string): string =>
  plainAscii.test(text)
    ? text
    : visibleText(text).replace(drawnOrNot, "\ufffd").replace(stackedMarks, "$1")

export const span = (text: string, tone: Tone = "plain"): Span => ({ text: shownText(text), tone })
export const line = (text: string, tone: Tone = "plain"): Line => [span(text, tone)]
export const emptyLine: Line = []

/** The words of a line without their tones. */
export const textOf = (it: Line): string => it.map(({ text }) => text).join("")
