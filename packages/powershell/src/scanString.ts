import { Result } from "effect"
import { isDoubleQuote, isSingleQuote, unitAt } from "./characters.ts"
import { type Pieces, scanEscape } from "./Pieces.ts"
import { failAt, type Parsed } from "./ScriptError.ts"
import type { Source } from "./Source.ts"
import { scanDollar } from "./scanDollar.ts"

/** The string never ends. */
export const unterminated = (source: Source, start: number, terminator: string): Parsed<never> =>
  failAt(source, start, source.text.length, {
    errorId: "TerminatorExpectedAtEndOfString",
    message: `The string is missing the terminator: ${terminator}.`,
  })

/** A single-quoted string from its opening quote; answers the position after the closing one. */
export const scanSingleQuoted = (source: Source, start: number, into: Pieces): Parsed<number> => {
  const { text } = source
  let from = start + 1
  for (let at = from; at < text.length; at++) {
    if (!isSingleQuote(text.charCodeAt(at))) continue
    into.text += text.slice(from, at)
    if (!isSingleQuote(unitAt(text, at + 1))) return Result.succeed(at + 1)
    into.text += text.charAt(at + 1)
    from = at + 2
    at += 1
  }
  return unterminated(source, start, "'")
}

/** A double-quoted string from its opening quote; answers the position after the closing one. */
export const scanDoubleQuoted = (source: Source, start: number, into: Pieces): Parsed<number> => {
  const { text } = source
  let at = start + 1
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (isDoubleQuote(unit)) {
      if (!isDoubleQuote(unitAt(text, at + 1))) return Result.succeed(at + 1)
      into.text += text.charAt(at + 1)
      at += 2
    } else if (unit === 0x24 || (unit === 0x60 && at + 1 < text.length)) {
      const next = unit === 0x24 ? scanDollar(source, at, into) : scanEscape(source, at + 1, into)
      if (Result.isFailure(next)) return next
      at = next.success
    } else {
      into.text += text.charAt(at)
      at += 1
    }
  }
  return unterminated(source, start, '"')
}
