import { Result } from "effect"
import {
  type Cursor,
  deeper,
  failAfter,
  isSymbol,
  nestedCursor,
  peek,
  skipNewlines,
  spanBetween,
  spanFrom,
  take,
  textOf,
  unexpectedToken,
} from "./Cursor.ts"
import { parseHashtable } from "./parseHashtable.ts"
import { parsePostfix } from "./parsePostfix.ts"
import { failAt, type Parsed } from "./ScriptError.ts"
import type { ExpandableText, Expression, Span, SubExpression, Variable } from "./Syntax.ts"
import type { Mode, Piece, Token } from "./Token.ts"

/** A value with what follows it without a space. Undefined where none begins here. */
export const parsePrimary = (cursor: Cursor, mode: Mode): Parsed<Expression | undefined> =>
  Result.gen(function* () {
    const token = yield* peek(cursor, mode)
    const value = yield* parseValue(cursor, token)
    return value === undefined ? undefined : yield* parsePostfix(cursor, value, mode)
  })

const parseValue = (cursor: Cursor, token: Token): Parsed<Expression | undefined> => {
  const span = spanBetween(cursor, token.start, token.end)
  switch (token.kind) {
    case "variable":
      take(cursor, token)
      return Result.succeed({ _tag: "Variable", name: token.name, span })
    case "number":
      take(cursor, token)
      return Result.succeed({ _tag: "NumberLiteral", value: token.value, text: token.text, span })
    case "string":
      take(cursor, token)
      return textFrom(cursor, token, token.pieces)
    case "splat":
      return failAt(cursor.source, token.start, token.end, {
        errorId: "SplattingNotPermitted",
        message: `The splatting operator '@' cannot be used to reference variables in an expression. '@${token.name}' can be used only as an argument to a command. To reference variables in an expression use '$${token.name}'.`,
      })
    case "symbol":
      return parseBracket(cursor, token)
    default:
      return Result.succeed(undefined)
  }
}

const parseBracket = (cursor: Cursor, token: Token): Parsed<Expression | undefined> => {
  switch (token.kind === "symbol" ? token.text : "") {
    case "(":
      return inside(cursor, token, () => parseParenthesis(cursor, token))
    case "$(":
    case "@(":
      return inside(cursor, token, () => parseSubExpression(cursor, token))
    case "@{":
      return inside(cursor, token, () => parseHashtable(cursor, token))
    case "{":
      return inside(cursor, token, () => parseScriptBlock(cursor, token))
    default:
      return Result.succeed(undefined)
  }
}

/** Inside brackets commas make arrays again. */
const inside = <A>(cursor: Cursor, token: Token, rule: () => Parsed<A>): Parsed<A> => {
  const before = cursor.commaEnds
  cursor.commaEnds = false
  take(cursor, token)
  const result = deeper(cursor, token, rule)
  cursor.commaEnds = before
  return result
}

const parseParenthesis = (cursor: Cursor, open: Token): Parsed<Expression> =>
  Result.gen(function* () {
    yield* skipNewlines(cursor)
    const statement = yield* cursor.grammar.pipeline(cursor)
    if (statement === undefined) {
      const message = "An expression was expected after '('."
      return yield* failAfter(cursor, open.end, "ExpectedExpression", message)
    }
    const end = cursor.offset
    yield* skipNewlines(cursor)
    const close = yield* peek(cursor, "operator")
    if (!isSymbol(close, ")")) {
      const message = "Missing closing ')' in expression."
      return yield* failAfter(cursor, end, "MissingEndParenthesisInExpression", message)
    }
    take(cursor, close)
    return { _tag: "Parenthesis", statement, span: spanFrom(cursor, open.start) }
  })

const parseSubExpression = (cursor: Cursor, open: Token): Parsed<Expression> =>
  Result.gen(function* () {
    const statements = yield* cursor.grammar.statements(cursor)
    const close = yield* peek(cursor, "operator")
    if (!isSymbol(close, ")")) {
      const message = "Missing closing ')' in subexpression."
      return yield* failAfter(cursor, close.start, "MissingEndParenthesisInSubexpression", message)
    }
    take(cursor, close)
    const span = spanFrom(cursor, open.start)
    return textOf(cursor, open) === "$("
      ? { _tag: "SubExpression", statements, span }
      : { _tag: "ArrayExpression", statements, span }
  })

const parseScriptBlock = (cursor: Cursor, open: Token): Parsed<Expression> =>
  Result.gen(function* () {
    const statements = yield* cursor.grammar.statements(cursor)
    const close = yield* peek(cursor, "operator")
    if (!isSymbol(close, "}")) return yield* missingBrace(cursor, open, close)
    take(cursor, close)
    return { _tag: "ScriptBlock", statements, span: spanFrom(cursor, open.start) }
  })

/** The brace that opened is never closed, or something else stands where it should be. */
export const missingBrace = (cursor: Cursor, open: Token, found: Token): Parsed<never> =>
  found.kind === "end"
    ? failAt(cursor.source, open.start, open.end, {
        errorId: "MissingEndCurlyBrace",
        message: "Missing closing '}' in statement block or type definition.",
      })
    : unexpectedToken(cursor, found)

/** Text, or text with variables in it; what stands inside `$( )` is parsed here. */
export const textFrom = (
  cursor: Cursor,
  token: Token,
  pieces: readonly Piece[],
): Parsed<Expression> =>
  Result.gen(function* () {
    const span = spanBetween(cursor, token.start, token.end)
    const [first, ...rest] = pieces
    if (first === undefined) return { _tag: "Text", value: "", span }
    if (first.kind === "text" && rest.length === 0) {
      return { _tag: "Text", value: first.value, span }
    }
    const parts: ExpandableText["parts"][number][] = []
    for (const piece of pieces) {
      const at = spanBetween(cursor, ...positionsOf(piece, token))
      if (piece.kind === "text") parts.push(piece.value)
      else if (piece.kind === "variable") parts.push(variable(piece.name, at))
      else parts.push(yield* deeper(cursor, token, () => parseNested(cursor, piece.source, at)))
    }
    return { _tag: "ExpandableText", parts, span }
  })

const positionsOf = (piece: Piece, token: Token): [start: number, end: number] =>
  piece.kind === "text" ? [token.start, token.end] : [piece.start, piece.end]

const variable = (name: string, span: Span): Variable => ({ _tag: "Variable", name, span })

const parseNested = (cursor: Cursor, source: Cursor["source"], span: Span): Parsed<SubExpression> =>
  Result.gen(function* () {
    const nested = nestedCursor(cursor, source)
    const statements = yield* cursor.grammar.statements(nested)
    const rest = yield* peek(nested, "operator")
    if (rest.kind !== "end") return yield* unexpectedToken(nested, rest)
    return { _tag: "SubExpression", statements, span }
  })
