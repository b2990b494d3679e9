import { type Line, line, type Span, span, type Tone } from "./Span.ts"
import { charactersOf, lineWidth, textWidth } from "./textWidth.ts"

/** Columns of text that nobody measured a window for: a pipe, a log. */
export const plainColumns = 100

interface Word {
  readonly spans: readonly Span[]
  readonly width: number
}

/** Splits spans at spaces; a word may run over several spans of different tones. */
const wordsOf = (spans: Line): readonly Word[] => {
  const words: Span[][] = [[]]
  for (const { text, tone } of spans) {
    for (const [index, part] of text.split(" ").entries()) {
      if (index > 0) words.push([])
      if (part !== "") words.at(-1)?.push({ text: part, tone })
    }
  }
  return words.map((parts) => ({ spans: parts, width: lineWidth(parts) }))
}

/** Breaks a word that is wider than a whole line between its characters. */
const broken = (word: Word, columns: number): readonly Word[] => {
  const pieces: Word[] = []
  let parts: Span[] = []
  let width = 0
  let run = ""
  const flush = (tone: Tone) => {
    if (run !== "") parts.push({ text: run, tone })
    run = ""
  }
  for (const { text, tone } of word.spans) {
    for (const character of charactersOf(text)) {
      const next = textWidth(character)
      if (width + next > columns && width > 0) {
        flush(tone)
        pieces.push({ spans: parts, width })
        parts = []
        width = 0
      }
      // A wide character on a single column: nothing that could be shown.
      run += next > columns ? "…" : character
      width += Math.min(next, columns)
    }
    flush(tone)
  }
  return [...pieces, { spans: parts, width }]
}

/** Joins neighbours of one tone, so that a line is made of few spans. */
const merged = (spans: readonly Span[]): Line => {
  const kept: Span[] = []
  for (const it of spans) {
    const last = kept.at(-1)
    if (last?.tone === it.tone) kept[kept.length - 1] = { text: last.text + it.text, tone: it.tone }
    else kept.push(it)
  }
  return kept
}

/** Breaks a line at spaces into lines that are no wider than `columns`; too long words are broken. */
export const wrapLine = (spans: Line, columns: number): readonly Line[] => {
  const room = Math.max(1, columns)
  if (lineWidth(spans) <= room) return [spans]
  const lines: Line[] = []
  let current: Span[] = []
  let width = 0
  let isStart = true
  const add = (word: Word) => {
    if (!isStart && width + 1 + word.width > room) {
      lines.push(merged(current))
      current = []
      width = 0
      isStart = true
    }
    if (!isStart) {
      // The space between two words looks like the first of them.
      current.push({ text: " ", tone: current.at(-1)?.tone ?? "plain" })
      width += 1
    }
    current.push(...word.spans)
    width += word.width
    isStart = false
  }
  for (const word of wordsOf(spans)) {
    for (const piece of word.width > room ? broken(word, room) : [word]) add(piece)
  }
  return [...lines, merged(current)]
}

/** Text of any origin, line by line, as lines that are no wider than `columns`. */
export const textLines = (text: string, columns: number, tone: Tone = "plain"): readonly Line[] =>
  text.split(/\r\n|\r|\n/).flatMap((part) => wrapLine(line(part, tone), columns))

/** Lines behind something: it stands before the first, and as much space before the others. */
export const behind = (head: Line, lines: readonly Line[]): readonly Line[] => {
  const space = span(" ".repeat(lineWidth(head)))
  return lines.map((it, index) => (index === 0 ? [...head, ...it] : [space, ...it]))
}

/** Narrower than this, text does not stand behind something but under it. */
const leastRoom = 16

/** Text behind something, wrapped so that both fit; under it where there is no room. */
export const hanging = (
  head: Line,
  text: string,
  columns: number,
  tone: Tone = "plain",
): readonly Line[] => {
  const room = columns - lineWidth(head)
  if (room >= leastRoom) return behind(head, textLines(text, room, tone))
  return [head, ...indented(textLines(text, columns - 2, tone), 2)]
}

/** Lines moved to the right; empty ones stay empty. */
export const indented = (lines: readonly Line[], by: number): readonly Line[] => {
  const space = span(" ".repeat(by))
  return lines.map((it) => (it.length === 0 ? it : [space, ...it]))
}
