import { Result } from "effect"
import { isDoubleQuote, isNameCharacter, isVariableStart, unitAt } from "./characters.ts"
import { addPiece, noPieces, type Pieces, scanEscape } from "./Pieces.ts"
import { failAt, type Parsed } from "./ScriptError.ts"
import { limits, type Source } from "./Source.ts"
import type { Piece } from "./Token.ts"

/** `${any name}`: from the character after the brace. */
const scanBracedName = (
  source: Source,
  index: number,
  isInString: boolean,
): Parsed<{ readonly name: string; readonly end: number }> => {
  const { text } = source
  const name = noPieces()
  let at = index
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (unit === 0x7d) {
      if (name.text.trim() !== "") return Result.succeed({ name: name.text, end: at + 1 })
      return failAt(source, index - 2, at + 1, {
        errorId: "EmptyVariableReference",
        message: "An empty ${} variable reference was found. A name is required inside the braces.",
      })
    }
    if (unit === 0x7b) {
      return failAt(source, at, at + 1, {
        errorId: "OpenBraceNeedsToBeBackTickedInVariableName",
        message: "Use `{ instead of { in variable names.",
      })
    }
    if (unit === 0x60 && at + 1 < text.length) {
      const next = scanEscape(source, at + 1, name)
      if (Result.isFailure(next)) return Result.fail(next.failure)
      at = next.success
      continue
    }
    if (isInString && isDoubleQuote(unit) && isDoubleQuote(unitAt(text, at + 1))) at += 1
    name.text += text.charAt(at)
    at += 1
  }
  return failAt(source, index - 2, text.length, {
    errorId: "IncompleteDollarVariableReference",
    message: "${variable} reference starting is missing the closing '}'.",
  })
}

/**
 * The variable whose `$` (or, for splatting, `@`) stands before `index`. Undefined where no name
 * follows: the `$` is then text.
 */
export const scanVariable = (
  source: Source,
  index: number,
  isInString: boolean,
): Parsed<{ readonly name: string; readonly end: number } | undefined> => {
  const { text } = source
  const first = unitAt(text, index)
  if (first === 0x7b) return scanBracedName(source, index + 1, isInString)
  if (!isVariableStart(first)) return Result.succeed(undefined)
  let end = index + 1
  if (first !== 0x24 && first !== 0x3f && first !== 0x5e) {
    for (; ; end++) {
      const unit = unitAt(text, end)
      if (unit === 0x3a && unitAt(text, end + 1) === 0x3a) break
      if (!isNameCharacter(unit) && unit !== 0x3f && unit !== 0x3a) break
    }
  }
  const name = text.slice(index, end)
  if (!name.endsWith(":")) return Result.succeed({ name, end })
  return failAt(source, index - 1, end, {
    errorId: "InvalidVariableReferenceWithDrive",
    message:
      "Variable reference is not valid. ':' was not followed by a valid variable name character. Consider using ${} to delimit the name.",
  })
}

/**
 * The inside of `$( )` in a string, from the character after the parenthesis. Like PowerShell it
 * counts parentheses without looking at quotes, and takes a doubled quote for one.
 */
const scanNested = (
  source: Source,
  index: number,
  isHereString: boolean,
): Parsed<{ readonly piece: Piece; readonly end: number }> => {
  const { text } = source
  const start = index - 2
  if (source.stringDepth >= limits.stringDepth) {
    return failAt(source, start, index, {
      errorId: "ScriptTooComplicated",
      category: "LimitsExceeded",
      message: `Processing was stopped because the script is too complex: strings are nested deeper than ${limits.stringDepth} levels.`,
    })
  }
  const parts: string[] = []
  const gaps: number[] = []
  let open = 1
  let from = index
  for (let at = index; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 0x28) open += 1
    else if (unit === 0x29) open -= 1
    else if (!isHereString && (unit === 0x60 || isDoubleQuote(unit))) {
      if (isDoubleQuote(unitAt(text, at + 1))) {
        parts.push(text.slice(from, at))
        from = at + 1
        gaps.push(at - index - gaps.length)
        at += 1
      }
    }
    if (open === 0) {
      parts.push(text.slice(from, at))
      const nested: Source = {
        text: parts.join(""),
        script: source.script,
        stringDepth: source.stringDepth + 1,
        within: { source, base: index, gaps },
      }
      const end = at + 1
      return Result.succeed({ piece: { kind: "nested", source: nested, start, end }, end })
    }
  }
  return failAt(source, start, text.length, {
    errorId: "IncompleteDollarSubexpressionReference",
    message: "$(subexpression) is missing the closing ')'.",
  })
}

/** Reads what a `$` in a string or bare word begins; answers the position after it. */
export const scanDollar = (
  source: Source,
  index: number,
  into: Pieces,
  isHereString = false,
): Parsed<number> => {
  if (unitAt(source.text, index + 1) === 0x28) {
    const nested = scanNested(source, index + 2, isHereString)
    if (Result.isFailure(nested)) return Result.fail(nested.failure)
    addPiece(into, nested.success.piece)
    return Result.succeed(nested.success.end)
  }
  const variable = scanVariable(source, index + 1, true)
  if (Result.isFailure(variable)) return Result.fail(variable.failure)
  if (variable.success === undefined) {
    into.text += "$"
    return Result.succeed(index + 1)
  }
  const { name, end } = variable.success
  addPiece(into, { kind: "variable", name, start: index, end })
  return Result.succeed(end)
}
