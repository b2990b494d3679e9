import { Result } from "effect"
import {
  type Cursor,
  deeper,
  failAfter,
  isSymbol,
  peek,
  skipNewlines,
  take,
  unexpectedToken,
} from "./Cursor.ts"
import { isNewline, isWhiteSpace } from "./characters.ts"
import { isMethod, staticKey } from "./members.ts"
import { outsideSubset, type Parsed } from "./ScriptError.ts"
import { joined, spanOf } from "./Source.ts"
import type { Expression } from "./Syntax.ts"
import type { Mode, Token } from "./Token.ts"

/**
 * What may follow an expression without a space: `.Name`, `::Name`, `[index]`, `.Method(...)`. As
 * often as it comes; `mode` is that of the text around it.
 */
export const parsePostfix = (
  cursor: Cursor,
  target: Expression,
  mode: Mode = "operand",
): Parsed<Expression> =>
  Result.gen(function* () {
    let expression = target
    for (;;) {
      const { text } = cursor.source
      const at = cursor.offset
      const character = text.charAt(at)
      if (character === "[") {
        expression = yield* parseIndex(cursor, expression)
      } else if (text.startsWith("::", at)) {
        expression = yield* parseMember(cursor, expression, at, 2)
      } else if (character === "." && isMemberDot(text, at, mode)) {
        expression = yield* parseMember(cursor, expression, at, 1)
      } else return expression
    }
  })

/** In a command `$x .` and `$x.` before a space are words; `..` is the range operator. */
const isMemberDot = (text: string, at: number, mode: Mode): boolean => {
  const next = at + 1 < text.length ? text.charCodeAt(at + 1) : -1
  if (next === 0x2e) return false
  return mode !== "command" || !(next === -1 || isWhiteSpace(next) || isNewline(next))
}

const parseMember = (
  cursor: Cursor,
  target: Expression,
  start: number,
  length: number,
): Parsed<Expression> =>
  Result.gen(function* () {
    const isStatic = length === 2
    cursor.offset = start + length
    cursor.ahead = undefined
    yield* skipNewlines(cursor)
    const token = yield* peek(cursor, "key")
    const name = nameOf(token)
    if (name === undefined) {
      if (token.kind === "variable" || token.kind === "string" || isSymbol(token, "(")) {
        const construct = "A member whose name is computed"
        return yield* outsideSubset(cursor.source, token.start, token.end, construct)
      }
      const message = "Missing property name after reference operator."
      return yield* failAfter(cursor, start + length, "MissingPropertyName", message)
    }
    take(cursor, token)
    const span = joined(target.span, spanOf(cursor.source, token.start, token.end))
    const isCall = cursor.source.text.charAt(cursor.offset) === "("
    const foreign = foreignMember(target, name, isStatic, isCall)
    if (foreign !== undefined) {
      return yield* outsideSubset(cursor.source, token.start, token.end, foreign)
    }
    if (!isCall) return { _tag: "Member", target, name, isStatic, span }
    const given = yield* parseArguments(cursor)
    const whole = joined(target.span, spanOf(cursor.source, token.start, cursor.offset))
    return { _tag: "Invoke", target, name, isStatic, arguments: given, span: whole }
  })

/** What the twin does not evaluate, as its error names it. */
const foreignMember = (
  target: Expression,
  name: string,
  isStatic: boolean,
  isCall: boolean,
): string | undefined => {
  const shown = `${name.slice(0, 60)}${isCall ? "()" : ""}`
  if (!isStatic) return isCall && !isMethod(name) ? `The method '${shown}'` : undefined
  const type = target._tag === "TypeLiteral" ? target.type : ""
  return staticKey(type, name, isCall) === undefined
    ? `The static member '[${type}]::${shown}'`
    : undefined
}

const nameOf = (token: Token): string | undefined => {
  if (token.kind !== "word" && token.kind !== "string") return undefined
  if (token.kind === "word" && !token.isName) return undefined
  const [piece, ...rest] = token.pieces
  return piece?.kind === "text" && rest.length === 0 ? piece.value : undefined
}

/** `(a, b)` straight after the name of a method. */
const parseArguments = (cursor: Cursor): Parsed<readonly Expression[]> =>
  Result.gen(function* () {
    const open = yield* peek(cursor, "operand")
    take(cursor, open)
    const given: Expression[] = []
    for (;;) {
      yield* skipNewlines(cursor)
      const before = cursor.commaEnds
      cursor.commaEnds = true
      const next = yield* deeper(cursor, open, () => cursor.grammar.expression(cursor))
      cursor.commaEnds = before
      if (next !== undefined) given.push(next)
      yield* skipNewlines(cursor)
      const token = yield* peek(cursor, "operator")
      if (isSymbol(token, ")") && (next !== undefined || given.length === 0)) {
        take(cursor, token)
        return given
      }
      if (!isSymbol(token, ",") || next === undefined) {
        return yield* token.kind === "end" || isSymbol(token, ")")
          ? failAfter(
              cursor,
              token.start,
              "MissingEndParenthesisInMethodCall",
              "Missing ')' in method call.",
            )
          : unexpectedToken(cursor, token)
      }
      take(cursor, token)
    }
  })

const parseIndex = (cursor: Cursor, target: Expression): Parsed<Expression> =>
  Result.gen(function* () {
    const open = yield* peek(cursor, "operator")
    take(cursor, open)
    yield* skipNewlines(cursor)
    const before = cursor.commaEnds
    cursor.commaEnds = false
    const index = yield* deeper(cursor, open, () => cursor.grammar.expression(cursor))
    cursor.commaEnds = before
    if (index === undefined) {
      const message = "Array index expression is missing or not valid."
      return yield* failAfter(cursor, open.end, "MissingArrayIndexExpression", message)
    }
    yield* skipNewlines(cursor)
    const close = yield* peek(cursor, "operator")
    if (!isSymbol(close, "]")) {
      const message = "Missing ']' after array index expression."
      return yield* failAfter(cursor, cursor.offset, "MissingEndSquareBracket", message)
    }
    take(cursor, close)
    const span = joined(target.span, spanOf(cursor.source, open.start, close.end))
    return { _tag: "Index", target, index, span }
  })
