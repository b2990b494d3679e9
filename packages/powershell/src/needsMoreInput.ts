import { Result } from "effect"
import { parse } from "./parse.ts"

/** Errors that only say that the text ends too early, wherever they point. */
const alwaysOpen = new Set([
  "MissingEndCurlyBrace",
  "TerminatorExpectedAtEndOfString",
  "IncompleteString",
  "IncompleteDollarSubexpressionReference",
  "IncompleteDollarVariableReference",
  "MissingTerminatorMultiLineComment",
])

/** Errors that say so where they point at the end. */
const openAtEnd = new Set([
  "EmptyPipeElement",
  "ExpectedExpression",
  "ExpectedValueExpression",
  "MissingEndParenthesisAfterStatement",
  "MissingEndParenthesisAfterForeach",
  "MissingEndParenthesisInExpression",
  "MissingEndParenthesisInMethodCall",
  "MissingEndParenthesisInSubexpression",
  "MissingEndSquareBracket",
  "MissingExpression",
  "MissingExpressionAfterOperator",
  "MissingExpressionAfterToken",
  "MissingForeachStatement",
  "MissingStatementBlock",
  "MissingStatementBlockAfterElse",
  "MissingStatementInHashLiteral",
])

/**
 * Whether somebody who typed this at a prompt is not done: a bracket or string is open, or a pipe or
 * operator waits for what follows. PowerShell then asks for another line.
 */
export const needsMoreInput = (text: string): boolean => {
  const script = parse(text)
  if (Result.isSuccess(script)) return /`[\t ]*$/.test(text.slice(-20))
  const { errorId, span } = script.failure
  if (alwaysOpen.has(errorId)) return true
  return openAtEnd.has(errorId) && span.offset >= text.trimEnd().length
}
