import { Result } from "effect"
import {
  type Cursor,
  deeper,
  failAfter,
  isSymbol,
  peek,
  returnTo,
  skipNewlines,
  spanFrom,
  take,
  textOf,
  unexpectedToken,
} from "./Cursor.ts"
import { isCastType } from "./members.ts"
import { precedenceOf } from "./operators.ts"
import { parsePostfix } from "./parsePostfix.ts"
import { outsideSubset, type Parsed } from "./ScriptError.ts"
import { joined } from "./Source.ts"
import type { Expression, UnaryOperator } from "./Syntax.ts"
import type { Token } from "./Token.ts"

/** Operators with two operands. Undefined where no expression begins here. */
export const parseExpression = (cursor: Cursor): Parsed<Expression | undefined> =>
  Result.gen(function* () {
    const first = yield* parseList(cursor)
    if (first === undefined) return undefined
    const operands: [Expression, ...Expression[]] = [first]
    const operators: string[] = []
    const reduce = (): void => {
      const right = operands.pop()
      const left = operands.pop()
      const operator = operators.pop()
      if (right === undefined || left === undefined || operator === undefined) return
      const span = joined(left.span, right.span)
      operands.push({ _tag: "Binary", operator, left, right, span })
    }
    for (;;) {
      const token = yield* peek(cursor, "operator")
      const operator = yield* binaryOperator(cursor, token)
      if (operator === undefined) break
      take(cursor, token)
      const level = precedenceOf(operator)
      while (operators.length > 0 && precedenceOf(operators[operators.length - 1] ?? "") >= level) {
        reduce()
      }
      yield* skipNewlines(cursor)
      const operand = yield* parseList(cursor)
      if (operand === undefined) {
        return yield* failAfter(
          cursor,
          token.end,
          "ExpectedValueExpression",
          `You must provide a value expression following the '${textOf(cursor, token)}' operator.`,
        )
      }
      operators.push(operator)
      operands.push(operand)
    }
    while (operators.length > 0) reduce()
    return operands[0]
  })

/** The operator that a token is; a failure for those that the twin leaves out. */
const binaryOperator = (cursor: Cursor, token: Token): Parsed<string | undefined> => {
  if (token.kind === "parameter") return unexpectedToken(cursor, token)
  if (token.kind === "operator") {
    return token.text === "-not" ? unexpectedToken(cursor, token) : Result.succeed(token.text)
  }
  if (token.kind !== "symbol") return Result.succeed(undefined)
  switch (token.text) {
    case "?":
    case "??":
    case "??=":
    case "++":
    case "--":
    case "*=":
    case "/=":
    case "%=":
      return outsideSubset(cursor.source, token.start, token.end, `The operator '${token.text}'`)
    default:
      return Result.succeed(precedenceOf(token.text) > 0 ? token.text : undefined)
  }
}

/** Expressions with commas between them: an array. */
const parseList = (cursor: Cursor): Parsed<Expression | undefined> =>
  Result.gen(function* () {
    const first = yield* parseUnary(cursor)
    if (first === undefined || cursor.commaEnds) return first
    const elements = [first]
    let last = first
    for (;;) {
      const comma = yield* peek(cursor, "operator")
      if (!isSymbol(comma, ",")) break
      take(cursor, comma)
      yield* skipNewlines(cursor)
      const next = yield* parseUnary(cursor)
      if (next === undefined) {
        const message = "Missing expression after ','."
        return yield* failAfter(cursor, comma.end, "MissingExpressionAfterToken", message)
      }
      elements.push(next)
      last = next
    }
    return elements.length === 1
      ? first
      : { _tag: "ArrayLiteral", elements, span: joined(first.span, last.span) }
  })

const unaryOf = (token: Token): UnaryOperator | undefined => {
  if (token.kind === "operator") {
    return token.text === "-not" || token.text === "-join" ? token.text : undefined
  }
  if (token.kind !== "symbol") return undefined
  switch (token.text) {
    case "!":
      return "-not"
    case "-":
    case "+":
    case ",":
      return token.text
    default:
      return undefined
  }
}

const parseUnary = (cursor: Cursor): Parsed<Expression | undefined> =>
  Result.gen(function* () {
    const token = yield* peek(cursor, "operand")
    if (isSymbol(token, "[")) return yield* deeper(cursor, token, () => parseTyped(cursor, token))
    if (isSymbol(token, "++") || isSymbol(token, "--")) {
      const construct = `The operator '${textOf(cursor, token)}'`
      return yield* outsideSubset(cursor.source, token.start, token.end, construct)
    }
    const operator = unaryOf(token)
    if (operator === undefined || (operator === "," && cursor.commaEnds)) {
      return yield* cursor.grammar.primary(cursor, "operand")
    }
    take(cursor, token)
    yield* skipNewlines(cursor)
    const operand = yield* deeper(cursor, token, () => parseUnary(cursor))
    if (operand === undefined) {
      return yield* failAfter(
        cursor,
        token.end,
        "MissingExpressionAfterOperator",
        `Missing expression after unary operator '${textOf(cursor, token)}'.`,
      )
    }
    return { _tag: "Unary", operator, operand, span: spanFrom(cursor, token.start) }
  })

/** The name between the brackets: `string[]`, `System.Collections.Generic.List[string]`. */
const typeName = /^\[\s*([A-Za-z_][\w.+`]*(?:\[[\w.+`,\s]*\])*)\s*\]/

/** `[type] expression`, or `[type]::member`. */
const parseTyped = (cursor: Cursor, open: Token): Parsed<Expression | undefined> =>
  Result.gen(function* () {
    const { source } = cursor
    const head = source.text.slice(open.start, open.start + 300)
    const match = typeName.exec(head)
    const type = match?.[1]
    if (match === null || type === undefined) return yield* brokenType(cursor, open, head)
    const end = open.start + match[0].length
    take(cursor, open)
    returnTo(cursor, end)
    if (source.text.startsWith("::", end)) {
      const span = spanFrom(cursor, open.start)
      return yield* parsePostfix(cursor, { _tag: "TypeLiteral", type, span })
    }
    if (!isCastType(type)) {
      return yield* outsideSubset(source, open.start, end, `The type [${type}]`)
    }
    const operand = yield* parseUnary(cursor)
    if (operand === undefined) {
      return yield* outsideSubset(source, open.start, end, `The type [${type}] as a value`)
    }
    return { _tag: "Cast", type, expression: operand, span: spanFrom(cursor, open.start) }
  })

const brokenType = (cursor: Cursor, open: Token, head: string): Parsed<never> => {
  if (/^\[\s*[A-Za-z_][\w.]*\s*\(/.test(head)) {
    const construct = "An attribute such as [Parameter()]"
    return outsideSubset(cursor.source, open.start, open.end, construct)
  }
  return /^\[\s*[A-Za-z_][\w.+`]*/.test(head)
    ? failAfter(
        cursor,
        open.end,
        "EndSquareBracketExpectedAtEndOfAttribute",
        "Missing ] at end of attribute or type literal.",
      )
    : failAfter(cursor, open.end, "MissingTypename", "Missing type name after '['.")
}
