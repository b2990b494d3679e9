import { lexer, type Token } from "marked"
import { wrap } from "./wrap.ts"

/** Markdown as lines of plain text, for a pipe and for searching. Markup falls away, structure stays. */
export const markdownText = (markdown: string, columns: number): readonly string[] =>
  trimmed(lexer(markdown).flatMap((token) => [...blockLines(token, columns), ""]))

const trimmed = (lines: readonly string[]): readonly string[] => {
  const kept = lines.filter((line, index) => line !== "" || lines[index - 1] !== "")
  return kept.at(-1) === "" ? kept.slice(0, -1) : kept
}

const blockLines = (token: Token, columns: number): readonly string[] => {
  switch (token.type) {
    case "space":
      return []
    case "heading":
      return wrap(inlineText(token).toUpperCase(), columns)
    case "code":
      return String(token.raw)
        .split("\n")
        .filter((line) => !line.startsWith("```"))
        .map((line) => `    ${line}`)
    case "list":
      return listLines(token, columns)
    case "blockquote":
      return (token.tokens ?? [])
        .flatMap((it) => blockLines(it, columns - 2))
        .map((line) => `| ${line}`)
    case "hr":
      return ["-".repeat(Math.min(40, columns))]
    case "table":
      return String(token.raw).trimEnd().split("\n")
    default:
      return wrap(inlineText(token), columns)
  }
}

const listLines = (token: Token, columns: number): readonly string[] => {
  if (token.type !== "list") return []
  const items: readonly Token[] = token.items
  return items.flatMap((item, index) => {
    const head = token.ordered === true ? `${index + 1}. ` : "- "
    const inner = ("tokens" in item ? (item.tokens ?? []) : []).flatMap((it) =>
      blockLines(it, columns - head.length),
    )
    return inner.map((line, at) =>
      at === 0 ? `${head}${line}` : `${" ".repeat(head.length)}${line}`,
    )
  })
}

/** The words of a token without its markup. */
const inlineText = (token: Token): string => {
  if (token.type === "br") return "\n"
  const inner = "tokens" in token ? token.tokens : undefined
  if (inner !== undefined && inner.length > 0) return inner.map(inlineText).join("")
  if (token.type === "html") return String(token.raw).trim()
  return "text" in token ? unescapeHtml(String(token.text)).replaceAll("\n", " ") : ""
}

const unescapeHtml = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
