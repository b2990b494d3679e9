import { visibleText } from "@twin/kernel"

/** Text inside HTML or XML, also inside a quoted attribute; control characters become visible. */
export const escapeMarkup = (text: string): string =>
  visibleLinesOf(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")

const visibleLinesOf = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map(visibleText)
    .join("\n")

/** Text in a Markdown table or list: nothing in it is markup, and it stays on its line. */
export const escapeMarkdown = (text: string): string =>
  visibleText(text.replaceAll(/\s+/g, " "))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[\\`*_[\]|~#]/g, String.raw`\$&`)
