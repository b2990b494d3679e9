import { Result } from "effect"
import {
  type Cursor,
  deeper,
  failSpan,
  type Grammar,
  isSymbol,
  peek,
  returnTo,
  skipNewlines,
  spanFrom,
  startCursor,
  take,
  unexpectedToken,
} from "./Cursor.ts"
import { keywordOf, parseBlockStatement } from "./parseBlockStatement.ts"
import { parseExpression } from "./parseExpression.ts"
import { parsePipeline } from "./parsePipeline.ts"
import { parsePrimary } from "./parsePrimary.ts"
import { failAt, outsideSubset, type Parsed } from "./ScriptError.ts"
import { joined, limits, scriptSource } from "./Source.ts"
import type { Assignment, AssignmentTarget, Expression, Script, Statement } from "./Syntax.ts"

/** What a parse cost, so that a test can hold it against the length of the script. */
export interface Cost {
  readonly tokens: number
  /** Characters looked at. */
  readonly steps: number
}

/**
 * Reads a script of the subset of PowerShell that the twin runs. Never throws, whatever the input:
 * the failure is the first error, at its position, in PowerShell's words. Time is linear.
 */
export const parse = (text: string): Parsed<Script> => parseWithCost(text).script

/** The same, with what it cost. */
export const parseWithCost = (
  text: string,
): { readonly script: Parsed<Script>; readonly cost: Cost } => {
  if (text.length > limits.characters) {
    const start = scriptSource(text.slice(0, 200))
    const script = failAt(start, 0, 1, {
      errorId: "ScriptTooComplicated",
      category: "LimitsExceeded",
      message: `Processing was stopped because the script is too complex: it has ${text.length} characters, more than ${limits.characters}.`,
    })
    return { script, cost: { tokens: 0, steps: 0 } }
  }
  // A byte order mark at the beginning of a file is none of the script.
  const source = scriptSource(text.startsWith("\ufeff") ? ` ${text.slice(1)}` : text)
  const cursor = startCursor(source, grammar)
  const script = Result.gen(function* () {
    const statements = yield* parseStatements(cursor)
    const rest = yield* peek(cursor, "command")
    return rest.kind === "end" ? { statements } : yield* unexpectedToken(cursor, rest)
  })
  return { script, cost: cursor.budget }
}

/** Statements up to a closing bracket or the end, which stays. */
const parseStatements = (cursor: Cursor): Parsed<readonly Statement[]> =>
  Result.gen(function* () {
    const statements: Statement[] = []
    for (;;) {
      yield* skipNewlines(cursor, true)
      const statement = yield* parseStatement(cursor)
      if (statement === undefined) return statements
      statements.push(statement)
      const isBlock = statement._tag === "If" || statement._tag === "ForEach"
      const next = yield* peek(cursor, "operator")
      const isSeparated =
        isBlock || next.kind === "end" || next.kind === "newline" || isSymbol(next, ";")
      if (!isSeparated && !isSymbol(next, ")") && !isSymbol(next, "}")) {
        return yield* unexpectedToken(cursor, next)
      }
    }
  })

/** One statement. Undefined where none begins here. */
const parseStatement = (cursor: Cursor): Parsed<Statement | undefined> =>
  Result.gen(function* () {
    const token = yield* peek(cursor, "operand")
    const keyword = keywordOf(token)
    // A word never begins an expression: most statements take the short way.
    if (keyword === undefined) {
      return yield* token.kind === "word" ? parsePipeline(cursor, undefined) : parseChain(cursor)
    }
    if (keyword !== "if" && keyword !== "foreach") {
      const construct = `The '${keyword}' statement`
      return yield* outsideSubset(cursor.source, token.start, token.end, construct)
    }
    return yield* deeper(cursor, token, () => parseBlockStatement(cursor, token, keyword))
  })

/** A pipeline or an assignment. Undefined where none begins here. */
const parseChain = (cursor: Cursor): Parsed<Statement | undefined> =>
  Result.gen(function* () {
    const start = cursor.offset
    const token = yield* peek(cursor, "operand")
    const expression = yield* parseExpression(cursor)
    if (expression !== undefined) {
      const next = yield* peek(cursor, "operator")
      const operator = next.kind === "symbol" ? assignmentOperator(next.text) : undefined
      if (operator !== undefined) {
        const target = yield* assignmentTarget(cursor, expression)
        take(cursor, next)
        yield* skipNewlines(cursor)
        const value = yield* deeper(cursor, next, () => parseStatement(cursor))
        if (value === undefined) {
          return yield* failAt(cursor.source, next.end, next.end, {
            errorId: "ExpectedValueExpression",
            message: `You must provide a value expression following the '${operator}' operator.`,
          })
        }
        const span = joined(target.span, spanFrom(cursor, token.start))
        const assignment: Assignment = { _tag: "Assignment", target, operator, value, span }
        return assignment
      }
    } else returnTo(cursor, start)
    return yield* parsePipeline(cursor, expression)
  })

const assignmentOperator = (text: string): Assignment["operator"] | undefined =>
  text === "=" || text === "+=" || text === "-=" ? text : undefined

const assignmentTarget = (cursor: Cursor, expression: Expression): Parsed<AssignmentTarget> => {
  switch (expression._tag) {
    case "Variable":
    case "Member":
    case "Index":
      return Result.succeed(expression)
    case "Cast":
      if (expression.expression._tag === "Variable") return Result.succeed(expression)
      break
    case "ArrayLiteral":
      return failSpan(
        cursor,
        expression.span,
        "OutsideSubset",
        "Assigning to several variables at once is outside the subset the twin runs.",
      )
    default:
      break
  }
  return failSpan(
    cursor,
    expression.span,
    "InvalidLeftHandSide",
    "The assignment expression is not valid. The input to an assignment operator must be an object that is able to accept assignments, such as a variable or a property.",
  )
}

const grammar: Grammar = {
  statements: parseStatements,
  pipeline: parseChain,
  statement: parseStatement,
  expression: parseExpression,
  primary: parsePrimary,
}
