import { Result } from "effect"
import {
  endsWord,
  isDash,
  isDigit,
  isDoubleQuote,
  isLetter,
  isNameCharacter,
  isNewline,
  isSingleQuote,
  isVariableStart,
  isWhiteSpace,
  unitAt,
} from "./characters.ts"
import { operatorNamed } from "./operators.ts"
import { noPieces, type Pieces, piecesOf } from "./Pieces.ts"
import { failAt, outsideSubset, type Parsed } from "./ScriptError.ts"
import type { Source } from "./Source.ts"
import { scanVariable } from "./scanDollar.ts"
import { scanHereString } from "./scanHereString.ts"
import { scanNumber } from "./scanNumber.ts"
import { scanDoubleQuoted, scanSingleQuoted } from "./scanString.ts"
import { scanParameter, scanSimpleName, scanWord } from "./scanWord.ts"
import type { Mode, Token } from "./Token.ts"

/**
 * Skips what separates tokens on a line: white space, comments, and the backtick that joins a line
 * to the next. A newline is a token and stays.
 */
export const skipTrivia = (source: Source, start: number): Parsed<number> => {
  const { text } = source
  let at = start
  for (;;) {
    const unit = unitAt(text, at)
    const next = unitAt(text, at + 1)
    if (isWhiteSpace(unit)) at += 1
    else if (unit === 0x23) {
      while (at < text.length && !isNewline(text.charCodeAt(at))) at += 1
    } else if (unit === 0x3c && next === 0x23) {
      const close = text.indexOf("#>", at + 2)
      if (close < 0) {
        return failAt(source, at, at + 2, {
          errorId: "MissingTerminatorMultiLineComment",
          message: "The terminator '#>' is missing from the multiline comment.",
        })
      }
      at = close + 2
    } else if (unit === 0x60 && (isNewline(next) || isWhiteSpace(next))) {
      at += text.startsWith("\r\n", at + 1) ? 3 : 2
    } else return Result.succeed(at)
  }
}

/** The token that begins at or after a position, read in a mode. Looks at each character once. */
export const tokenAt = (source: Source, from: number, mode: Mode): Parsed<Token> => {
  const skipped = skipTrivia(source, from)
  if (Result.isFailure(skipped)) return Result.fail(skipped.failure)
  const start = skipped.success
  const { text } = source
  const unit = unitAt(text, start)
  if (unit === -1) return Result.succeed({ kind: "end", start, end: start })
  if (isNewline(unit)) {
    const end = start + (text.startsWith("\r\n", start) ? 2 : 1)
    return Result.succeed({ kind: "newline", start, end })
  }
  if (isSingleQuote(unit)) return quoted(source, start, scanSingleQuoted)
  if (isDoubleQuote(unit)) return quoted(source, start, scanDoubleQuoted)
  if (unit === 0x40) return afterAt(source, start)
  if (unit === 0x60 && start + 1 === text.length) {
    return failAt(source, start, start + 1, {
      errorId: "IncompleteString",
      message: "Incomplete string token.",
    })
  }
  if (unit === 0x24) return afterDollar(source, start, mode)
  if (mode === "key" && isNameCharacter(unit) && !isDigit(unit))
    return scanSimpleName(source, start)
  const opening = punctuation(source, start, mode)
  if (opening !== undefined) return opening
  if (isDash(unit)) return afterDash(source, start, mode)
  return mode === "command" ? commandWord(source, start) : expressionToken(source, start, mode)
}

const symbol = (start: number, text: string): Parsed<Token> =>
  Result.succeed({ kind: "symbol", text, start, end: start + text.length })

const quoted = (
  source: Source,
  start: number,
  scan: (source: Source, start: number, into: Pieces) => Parsed<number>,
): Parsed<Token> => {
  const into = noPieces()
  return Result.map(
    scan(source, start, into),
    (end): Token => ({
      kind: "string",
      pieces: piecesOf(into),
      start,
      end,
    }),
  )
}

/** `@{`, `@(`, a here-string, or a splatted variable. */
const afterAt = (source: Source, start: number): Parsed<Token> => {
  const next = unitAt(source.text, start + 1)
  if (next === 0x7b) return symbol(start, "@{")
  if (next === 0x28) return symbol(start, "@(")
  if (isSingleQuote(next) || isDoubleQuote(next)) return quoted(source, start, scanHereString)
  if (!isVariableStart(next)) {
    return failAt(source, start, start + 1, {
      errorId: "UnrecognizedToken",
      message: "Unrecognized token in source text.",
    })
  }
  return Result.map(scanVariable(source, start + 1, false), (found): Token => {
    const { name, end } = found ?? { name: "", end: start + 1 }
    return { kind: "splat", name, start, end }
  })
}

/** `$(`, a variable, or a bare word with a variable in it. */
const afterDollar = (source: Source, start: number, mode: Mode): Parsed<Token> => {
  const { text } = source
  if (unitAt(text, start + 1) === 0x28) return symbol(start, "$(")
  const found = scanVariable(source, start + 1, false)
  if (Result.isFailure(found)) return Result.fail(found.failure)
  if (found.success === undefined) return scanWord(source, start)
  const { name, end } = found.success
  const next = unitAt(text, end)
  const goesOn = mode === "command" && !endsWord(next) && next !== 0x2e && next !== 0x5b
  return goesOn ? scanWord(source, start) : Result.succeed({ kind: "variable", name, start, end })
}

/** What means the same in every mode, and redirections. */
const punctuation = (source: Source, start: number, mode: Mode): Parsed<Token> | undefined => {
  const { text } = source
  const character = text.charAt(start)
  const doubled = text.charAt(start + 1) === character
  switch (character) {
    case "(":
    case ")":
    case "{":
    case "}":
    case ";":
    case ",":
      return symbol(start, character)
    case "&":
    case "|":
      return symbol(start, doubled ? `${character}${character}` : character)
    case "]":
      return mode === "command" ? undefined : symbol(start, character)
    case "<":
    case ">":
      return redirection(start, doubled ? `${character}${character}` : character)
    default: {
      const match = /^(?:[1-6*]>>?(?:&[12])?)/.exec(text.slice(start, start + 5))
      return match === null ? undefined : redirection(start, match[0])
    }
  }
}

const redirection = (start: number, text: string): Parsed<Token> =>
  Result.succeed({ kind: "redirection", text, start, end: start + text.length })

/** In a command everything else is a word or a number. */
const commandWord = (source: Source, start: number): Parsed<Token> => {
  const { text } = source
  const unit = unitAt(text, start)
  if (isDigit(unit) || unit === 0x2e) {
    const number = scanNumber(text, start, false)
    if (number !== undefined) {
      return Result.succeed({ kind: "number", ...number, start, end: start + number.text.length })
    }
  }
  const follows = unitAt(text, start + 1)
  // `. script` and `.$command`: the dot that runs a script in this scope.
  const isDotSource =
    unit === 0x2e &&
    (endsWord(follows) || follows === 0x24 || isSingleQuote(follows) || isDoubleQuote(follows))
  return isDotSource ? symbol(start, ".") : scanWord(source, start)
}

/** A parameter, an operator, a negative number, or a word that begins with a dash. */
const afterDash = (source: Source, start: number, mode: Mode): Parsed<Token> => {
  const { text } = source
  const next = unitAt(text, start + 1)
  const isNamed = isLetter(next) || next === 0x5f || next === 0x3f
  if (mode === "command") {
    if (isDash(next) && endsWord(unitAt(text, start + 2))) return symbol(start, "--")
    if (isNamed) return scanParameter(source, start)
    const number = isDigit(next) || next === 0x2e ? scanNumber(text, start, false) : undefined
    return number === undefined
      ? scanWord(source, start)
      : Result.succeed({ kind: "number", ...number, start, end: start + number.text.length })
  }
  if (isNamed) return dashOperator(source, start)
  if (mode === "operand" && (isDigit(next) || next === 0x2e)) {
    const number = scanNumber(text, start, true)
    if (number !== undefined) {
      return Result.succeed({ kind: "number", ...number, start, end: start + number.text.length })
    }
  }
  if (isDash(next)) return symbolOfLength(start, "--", 2)
  return next === 0x3d ? symbolOfLength(start, "-=", 2) : symbolOfLength(start, "-", 1)
}

/** A symbol whose spelling may differ (an en dash for a minus). */
const symbolOfLength = (start: number, text: string, length: number): Parsed<Token> =>
  Result.succeed({ kind: "symbol", text, start, end: start + length })

const dashOperator = (source: Source, start: number): Parsed<Token> => {
  const { text } = source
  let end = start + 1
  while (isLetter(unitAt(text, end))) end += 1
  const operator = operatorNamed(text.slice(start + 1, end))
  if (operator === undefined) {
    const name = text.slice(start + 1, end)
    return Result.succeed({ kind: "parameter", name, hasColon: false, start, end })
  }
  return operator.isSupported
    ? Result.succeed({ kind: "operator", text: operator.name, start, end })
    : outsideSubset(source, start, end, `The operator '${operator.name}'`)
}

const symbols = ["++", "+=", "*=", "/=", "%=", "::", "..", "??=", "??"]

/** In an expression: numbers, symbols of one or two characters, and words that belong to a command. */
const expressionToken = (source: Source, start: number, mode: Mode): Parsed<Token> => {
  const { text } = source
  const unit = unitAt(text, start)
  const isSigned = mode === "operand" && unit === 0x2b
  const first = isSigned ? unitAt(text, start + 1) : unit
  if (isDigit(first) || (first === 0x2e && isDigit(unitAt(text, start + (isSigned ? 2 : 1))))) {
    const number = scanNumber(text, start, true)
    if (number !== undefined) {
      return Result.succeed({ kind: "number", ...number, start, end: start + number.text.length })
    }
  }
  const two = symbols.find((it) => text.startsWith(it, start))
  if (two !== undefined) return symbol(start, two)
  if ("+*/%=![.:?".includes(text.charAt(start))) return symbol(start, text.charAt(start))
  return scanWord(source, start)
}
