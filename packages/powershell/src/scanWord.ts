import { Result } from "effect"
import { endsWord, isDoubleQuote, isNameCharacter, isSingleQuote, unitAt } from "./characters.ts"
import { findOdd, oddCharacter } from "./oddCharacter.ts"
import { noPieces, piecesOf, scanEscape } from "./Pieces.ts"
import type { Parsed } from "./ScriptError.ts"
import type { Source } from "./Source.ts"
import { scanDollar } from "./scanDollar.ts"
import { scanDoubleQuoted, scanSingleQuoted } from "./scanString.ts"
import type { Token } from "./Token.ts"

/** A bare word: up to white space or one of `& ( ) , ; { | }`; quotes inside it keep those in. */
export const scanWord = (source: Source, start: number): Parsed<Token> => {
  const { text } = source
  const into = noPieces()
  let at = start
  let isName = true
  /** Where the characters begin that no quote protects. */
  let bare = start
  const odd = (end: number): number => findOdd(text, bare, end, "argument")
  while (at === start || !endsWord(unitAt(text, at))) {
    const unit = unitAt(text, at)
    if (unit === -1) break
    let next: Parsed<number> | undefined
    if (unit === 0x60 && at + 1 < text.length) next = scanEscape(source, at + 1, into)
    else if (isSingleQuote(unit)) next = scanSingleQuoted(source, at, into)
    else if (isDoubleQuote(unit)) next = scanDoubleQuoted(source, at, into)
    else if (unit === 0x24) next = scanDollar(source, at, into)
    if (next === undefined) {
      if (isName && !isNameCharacter(unit)) isName = false
      into.text += text.charAt(at)
      at += 1
      continue
    }
    if (Result.isFailure(next)) return Result.fail(next.failure)
    const found = odd(at)
    if (found >= 0) return oddCharacter(source, found, start)
    isName = false
    at = next.success
    bare = at
  }
  const found = odd(at)
  if (found >= 0) return oddCharacter(source, found, start)
  return Result.succeed({ kind: "word", pieces: piecesOf(into), isName, start, end: at })
}

/** The key of a hashtable or the name of a member: nothing but letters, digits, underscores. */
export const scanSimpleName = (source: Source, start: number): Parsed<Token> => {
  const { text } = source
  let end = start + 1
  while (isNameCharacter(unitAt(text, end))) end += 1
  const value = text.slice(start, end)
  const pieces = [{ kind: "text", value }] as const
  return Result.succeed({ kind: "word", pieces, isName: true, start, end })
}

/** A parameter from its dash. */
export const scanParameter = (source: Source, start: number): Parsed<Token> => {
  const { text } = source
  let end = start + 1
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end)
    // A quote makes a word of it: `-foo"bar"`.
    if (isSingleQuote(unit) || isDoubleQuote(unit)) return scanWord(source, start)
    if (unit === 0x5b || unit === 0x2e || unit === 0x3a || endsWord(unit)) break
  }
  const found = findOdd(text, start + 1, end, "name")
  if (found >= 0) return oddCharacter(source, found, start)
  const hasColon = unitAt(text, end) === 0x3a
  const name = text.slice(start + 1, end)
  return Result.succeed({
    kind: "parameter",
    name,
    hasColon,
    start,
    end: hasColon ? end + 1 : end,
  })
}
