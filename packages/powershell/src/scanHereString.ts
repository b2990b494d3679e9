import { Result } from "effect"
import { isDoubleQuote, isNewline, isSingleQuote, isWhiteSpace, unitAt } from "./characters.ts"
import { type Pieces, scanEscape } from "./Pieces.ts"
import { failAt, type Parsed } from "./ScriptError.ts"
import type { Source } from "./Source.ts"
import { scanDollar } from "./scanDollar.ts"
import { unterminated } from "./scanString.ts"

/** Whether a here-string ends here; white space before the end is the most common mistake. */
const footer = (text: string, lineStart: number, quote: number): "here" | "indented" | "no" => {
  const isQuote = quote === 0x27 ? isSingleQuote : isDoubleQuote
  const isFooter = (index: number): boolean =>
    isQuote(unitAt(text, index)) && unitAt(text, index + 1) === 0x40
  if (isFooter(lineStart)) return "here"
  let index = lineStart
  while (isWhiteSpace(unitAt(text, index))) index += 1
  return index > lineStart && isFooter(index) ? "indented" : "no"
}

/** A here-string from its `@`; answers the position after the closing `@`. */
export const scanHereString = (source: Source, start: number, into: Pieces): Parsed<number> => {
  const { text } = source
  const quote = isSingleQuote(unitAt(text, start + 1)) ? 0x27 : 0x22
  const terminator = `${String.fromCharCode(quote)}@`
  let at = start + 2
  while (isWhiteSpace(unitAt(text, at))) at += 1
  if (at >= text.length) return unterminated(source, start, terminator)
  if (!isNewline(unitAt(text, at))) {
    return failAt(source, at, at + 1, {
      errorId: "UnexpectedCharactersAfterHereStringHeader",
      message:
        "No characters are allowed after a here-string header but before the end of the line.",
    })
  }
  let indentedFooter = -1
  for (let isFirstLine = true; ; isFirstLine = false) {
    const lineStart = at + (text.startsWith("\r\n", at) ? 2 : 1)
    const found = footer(text, lineStart, quote)
    if (found === "here") return Result.succeed(lineStart + 2)
    if (found === "indented" && indentedFooter < 0) indentedFooter = lineStart
    // The newline before the footer is no part of the string, nor is the one after the header.
    if (!isFirstLine) into.text += text.slice(at, lineStart)
    at = lineStart
    while (at < text.length && !isNewline(text.charCodeAt(at))) {
      const unit = text.charCodeAt(at)
      if (quote === 0x22 && (unit === 0x24 || (unit === 0x60 && at + 1 < text.length))) {
        const next =
          unit === 0x24 ? scanDollar(source, at, into, true) : scanEscape(source, at + 1, into)
        if (Result.isFailure(next)) return next
        at = next.success
      } else {
        into.text += text.charAt(at)
        at += 1
      }
    }
    if (at < text.length) continue
    if (indentedFooter < 0) return unterminated(source, start, terminator)
    return failAt(source, indentedFooter, indentedFooter + 1, {
      errorId: "WhitespaceBeforeHereStringFooter",
      message: "White space is not allowed before the string terminator.",
    })
  }
}
