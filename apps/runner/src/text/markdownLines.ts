import { lexer, type Token, type Tokens } from "marked"
import { emptyLine, type Line, line, type Span, span, type Tone } from "./Span.ts"
import { fitLine, lineWidth } from "./textWidth.ts"
import { behind, indented, textLines, wrapLine } from "./wrap.ts"

/** Longer texts are shown as they are: nobody reads them from a stage, and parsing them takes time. */
const longest = 200_000

/** Markdown as lines: markup becomes tones, structure stays. Whatever it contains, there is an answer. */
export const markdownLines = (markdown: string, columns: number): readonly Line[] => {
  if (markdown.trim() === "") return []
  const tokens = markdown.length > longest ? undefined : tokensOf(markdown)
  if (tokens === undefined) return textLines(markdown.trim(), columns)
  try {
    return blocks(tokens, columns)
  } catch {
    return textLines(markdown.trim(), columns)
  }
}

/** Undefined for what is nested deeper than the stack. */
const tokensOf = (markdown: string): readonly Token[] | undefined => {
  try {
    return lexer(markdown)
  } catch {
    return undefined
  }
}

/** Where no more is left than this, structure gives way to words: it may be nested very deep. */
const narrow = 12

/** Blocks with one empty line between them. */
const blocks = (tokens: readonly Token[], columns: number): readonly Line[] =>
  tokens
    .map((token) => blockLines(token, columns))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : [emptyLine, ...lines]))

const blockLines = (token: Token, columns: number): readonly Line[] => {
  switch (token.type) {
    case "space":
    case "def":
      return []
    case "heading":
      return wrapped(inlineOf(token, "strong"), columns)
    case "code": {
      const inset = columns > narrow ? 4 : 0
      return indented(textLines(String(token["text"]), columns - inset, "code"), inset)
    }
    case "list":
      return listLines(token as Tokens.List, columns)
    case "blockquote":
      return columns > narrow
        ? blocks(token.tokens ?? [], columns - 2).map((it) => [span("│ ", "soft"), ...it])
        : blocks(token.tokens ?? [], columns)
    case "hr":
      return [line("─".repeat(Math.max(1, Math.min(40, columns))), "soft")]
    case "table":
      return tableLines(token as Tokens.Table, columns)
    default:
      return wrapped(inlineOf(token, "plain"), columns)
  }
}

/** Inline pieces as lines; a piece that is only a newline is a line break of the author. */
const wrapped = (spans: readonly Span[], columns: number): readonly Line[] => {
  const lines: Span[][] = [[]]
  for (const it of spans) {
    if (it === lineBreak) lines.push([])
    else lines.at(-1)?.push(it)
  }
  return lines.flatMap((it) => wrapLine(it, columns))
}

const listLines = ({ items, ordered, start, loose }: Tokens.List, columns: number) =>
  items.flatMap((item, index): readonly Line[] => {
    const mark = item.task ? (item.checked === true ? "☑ " : "☐ ") : "• "
    const wanted = line(ordered ? `${Number(start) + index}. ` : mark, "soft")
    const head = columns > narrow ? wanted : emptyLine
    const inner = item.tokens
      .map((token) => blockLines(token, columns - lineWidth(head)))
      .filter((lines) => lines.length > 0)
      .flatMap((lines, at) => (at === 0 || !loose ? lines : [emptyLine, ...lines]))
    return behind(head, inner.length === 0 ? [emptyLine] : inner)
  })

/** A table in columns; where it is too wide, its cells one under the other. */
const tableLines = ({ header, rows }: Tokens.Table, columns: number): readonly Line[] => {
  const heads = header.map(({ tokens }) => inlineAll(tokens, "strong"))
  const cells = rows.map((row) => row.map(({ tokens }) => inlineAll(tokens, "plain")))
  const widths = heads.map((head, at) =>
    Math.max(lineWidth(head), ...cells.map((row) => lineWidth(row[at] ?? []))),
  )
  const total = widths.reduce((sum, width) => sum + width + 2, -2)
  if (total > columns) {
    return cells.flatMap((row) =>
      row.flatMap((cell, at) => wrapLine([...(heads[at] ?? []), span(": "), ...cell], columns)),
    )
  }
  const tableRow = (row: readonly Line[]): Line =>
    row.flatMap((cell, at) =>
      at === row.length - 1 ? cell : [...fitLine(cell, widths[at] ?? 0), span("  ")],
    )
  return [tableRow(heads), line("─".repeat(total), "soft"), ...cells.map(tableRow)]
}

const lineBreak: Span = span("")

const inlineAll = (tokens: readonly Token[], tone: Tone): readonly Span[] =>
  tokens.flatMap((token) => inlineOf(token, tone))

/** A token's words, each piece in the tone of its markup. */
const inlineOf = (token: Token, tone: Tone): readonly Span[] => {
  const inner = "tokens" in token ? (token.tokens ?? []) : []
  switch (token.type) {
    case "br":
      return [lineBreak]
    case "codespan":
      return [span(String(token["text"]), "code")]
    case "strong":
      return inlineAll(inner, "strong")
    case "em":
      return inlineAll(inner, "emphasis")
    case "link":
      return linkSpans(token as Tokens.Link, tone)
    case "html":
      return [span(oneLine(token.raw.trim()), tone)]
    default:
      return inner.length > 0
        ? inlineAll(inner, tone)
        : "text" in token
          ? [span(oneLine(unescapeHtml(String(token["text"]))), tone)]
          : []
  }
}

/** On paper and on stage nobody can click: the address is shown where the words are not the address. */
const linkSpans = ({ tokens, text, href }: Tokens.Link, tone: Tone): readonly Span[] => {
  const words = inlineAll(tokens, tone)
  const isSaid = href === text || href === `mailto:${text}`
  return isSaid ? words : [...words, span(` (${oneLine(href)})`, "soft")]
}

const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n]\s*/g, " ")

const unescapeHtml = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
