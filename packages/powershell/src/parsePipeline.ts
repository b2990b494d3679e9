import { Result } from "effect"
import {
  type Cursor,
  failAfter,
  failSpan,
  failToken,
  isSymbol,
  peek,
  returnTo,
  skipNewlines,
  take,
  unexpectedToken,
} from "./Cursor.ts"
import { isNewline, unitAt } from "./characters.ts"
import { parseCommand, redirection } from "./parseCommand.ts"
import { parseExpression } from "./parseExpression.ts"
import { outsideSubset, type Parsed } from "./ScriptError.ts"
import { joined } from "./Source.ts"
import type { Expression, Pipeline, PipelineElement } from "./Syntax.ts"
import type { Token } from "./Token.ts"
import { skipTrivia } from "./tokenize.ts"

/** A pipeline whose first element may have been read already. Undefined where none begins here. */
export const parsePipeline = (
  cursor: Cursor,
  first: Expression | undefined,
): Parsed<Pipeline | undefined> =>
  Result.gen(function* () {
    const opening = yield* parseFirst(cursor, first)
    if (opening === undefined) return undefined
    const elements: [PipelineElement, ...PipelineElement[]] = [opening]
    let last = opening
    for (;;) {
      yield* continueBeforePipe(cursor)
      const token = yield* peek(cursor, last._tag === "Command" ? "command" : "operator")
      if (!isSymbol(token, "|")) {
        yield* checkEnd(cursor, token)
        return { _tag: "Pipeline", elements, span: joined(opening.span, last.span) }
      }
      take(cursor, token)
      yield* skipNewlines(cursor)
      yield* refuseExpression(cursor)
      const next = yield* parseCommand(cursor)
      if (next === undefined) {
        const message = "An empty pipe element is not allowed."
        return yield* failAfter(cursor, token.end, "EmptyPipeElement", message)
      }
      elements.push(next)
      last = next
    }
  })

const parseFirst = (
  cursor: Cursor,
  first: Expression | undefined,
): Parsed<PipelineElement | undefined> =>
  Result.gen(function* () {
    if (first !== undefined) {
      return { _tag: "ExpressionElement", expression: first, span: first.span }
    }
    const command = yield* parseCommand(cursor)
    if (command !== undefined) return command
    const token = yield* peek(cursor, "command")
    if (isSymbol(token, "|")) {
      const message = "An empty pipe element is not allowed."
      return yield* failToken(cursor, token, "EmptyPipeElement", message)
    }
    return undefined
  })

/** After `|` comes a command, never an expression. */
const refuseExpression = (cursor: Cursor): Parsed<void> =>
  Result.gen(function* () {
    const start = cursor.offset
    const token = yield* peek(cursor, "operand")
    // `%` and `?` are commands here.
    const isCommand = token.kind === "word" || token.kind === "end" || token.kind === "newline"
    if (isCommand || (token.kind === "symbol" && "%?.|&".includes(token.text))) {
      returnTo(cursor, start)
      return
    }
    const expression = yield* parseExpression(cursor)
    if (expression === undefined) {
      returnTo(cursor, start)
      return
    }
    return yield* failSpan(
      cursor,
      expression.span,
      "ExpressionsMustBeFirstInPipeline",
      "Expressions are only allowed as the first element of a pipeline.",
    )
  })

/** A line may begin with `|` and go on with the pipeline of the line before. */
const continueBeforePipe = (cursor: Cursor): Parsed<void> => {
  const { text } = cursor.source
  const start = cursor.offset
  let found = skipTrivia(cursor.source, start)
  let isNextLine = false
  while (Result.isSuccess(found) && isNewline(unitAt(text, found.success))) {
    isNextLine = true
    found = skipTrivia(cursor.source, found.success + 1)
  }
  if (Result.isFailure(found)) return Result.fail(found.failure)
  const at = found.success
  if (!isNextLine) return Result.void
  cursor.budget.steps += at - start
  if (text.charAt(at) === "|" && text.charAt(at + 1) !== "|") returnTo(cursor, at)
  return Result.void
}

/** What may stand after a pipeline; anything else names what it is. */
const checkEnd = (cursor: Cursor, token: Token): Parsed<void> => {
  if (token.kind === "end" || token.kind === "newline") return Result.void
  const { source } = cursor
  if (token.kind === "symbol") {
    if (token.text === "&&" || token.text === "||") {
      const construct = `The pipeline chain operator '${token.text}'`
      return outsideSubset(source, token.start, token.end, construct)
    }
    if (token.text === "&") {
      return outsideSubset(source, token.start, token.end, "The background operator '&'")
    }
    if ([";", ")", "}", "]", ","].includes(token.text)) return Result.void
  }
  if (token.kind === "redirection") return redirection(cursor, token)
  return unexpectedToken(cursor, token)
}
