import stringWidth from "string-width"
import type { Line, Span } from "./Span.ts"

/** Letters, quotes, arrows, lines and marks that take one column each: most of what is ever shown. */
const narrow =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02af\u2010-\u2027\u2030-\u203a\u2190-\u2193\u2500-\u257f○●✓✗✉▶\ufffd]*$/

/** Columns that a text takes on a terminal; wide characters take two. */
export const textWidth = (text: string): number =>
  narrow.test(text) ? text.length : stringWidth(text)

export const lineWidth = (it: Line): number =>
  it.reduce((sum, { text }) => sum + textWidth(text), 0)

const segmenter = new Intl.Segmenter("en")

/** What a person takes for one character. */
export const charactersOf = (text: string): readonly string[] =>
  narrow.test(text)
    ? Array.from(text)
    : Array.from(segmenter.segment(text), ({ segment }) => segment)

/** As much of the text as fits into a number of columns. */
const fitting = (text: string, columns: number): string => {
  let width = 0
  let kept = ""
  for (const { segment } of segmenter.segment(text)) {
    const next = textWidth(segment)
    if (width + next > columns) break
    kept += segment
    width += next
  }
  return kept
}

/** The text cut to a number of columns, with an ellipsis where something is missing. */
export const cut = (text: string, columns: number): string => {
  if (textWidth(text) <= columns) return text
  return columns <= 0 ? "" : `${fitting(text, columns - 1)}…`
}

/** The text cut or filled with spaces to exactly a number of columns. */
export const fit = (text: string, columns: number): string => {
  const short = cut(text, columns)
  return short + " ".repeat(Math.max(0, columns - textWidth(short)))
}

/** The end of a text that fits: where somebody types, that is what has to be seen. */
export const endOf = (text: string, columns: number): string => {
  const characters = charactersOf(text)
  let width = 0
  let from = characters.length
  while (from > 0) {
    width += textWidth(characters[from - 1] ?? "")
    if (width > columns) break
    from -= 1
  }
  return characters.slice(from).join("")
}

/** A line cut to a number of columns. */
export const cutLine = (it: Line, columns: number): Line => {
  const kept: Span[] = []
  let left = columns
  for (const { text, tone } of it) {
    const width = textWidth(text)
    if (width > left) {
      kept.push({ text: cut(text, left), tone })
      break
    }
    kept.push({ text, tone })
    left -= width
  }
  return kept
}

/** A line filled with spaces to exactly a number of columns, or cut. */
export const fitLine = (it: Line, columns: number): Line => {
  const short = cutLine(it, columns)
  const missing = columns - lineWidth(short)
  return missing > 0 ? [...short, { text: " ".repeat(missing), tone: "plain" }] : short
}
