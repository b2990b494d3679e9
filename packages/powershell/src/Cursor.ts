import { Result } from "effect"
import { isNewline } from "./characters.ts"
import { failAt, type Parsed, scriptError } from "./ScriptError.ts"
import { limits, type Source, spanOf } from "./Source.ts"
import type { Expression, Span, Statement } from "./Syntax.ts"
import type { Mode, Token } from "./Token.ts"
import { skipTrivia, tokenAt } from "./tokenize.ts"

/** What the whole script shares, however many strings it nests. */
interface Budget {
  tokens: number
  /** Characters looked at, tokens read again in another mode included. */
  steps: number
}

/** The rules of the grammar that call each other across files. */
export interface Grammar {
  readonly statements: (cursor: Cursor) => Parsed<readonly Statement[]>
  readonly pipeline: (cursor: Cursor) => Parsed<Statement | undefined>
  readonly statement: (cursor: Cursor) => Parsed<Statement | undefined>
  readonly expression: (cursor: Cursor) => Parsed<Expression | undefined>
  readonly primary: (cursor: Cursor, mode: Mode) => Parsed<Expression | undefined>
}

/** A place in a source, and the token that was looked at there. The only thing that moves. */
export interface Cursor {
  readonly source: Source
  readonly grammar: Grammar
  readonly budget: Budget
  offset: number
  depth: number
  /** Inside the arguments of a method a comma ends one. */
  commaEnds: boolean
  ahead: { readonly mode: Mode; readonly token: Token } | undefined
}

export const startCursor = (source: Source, grammar: Grammar): Cursor => ({
  source,
  grammar,
  budget: { tokens: 0, steps: 0 },
  offset: 0,
  depth: 0,
  commaEnds: false,
  ahead: undefined,
})

/** A cursor for the inside of a string, which shares the limits of the one around it. */
export const nestedCursor = (cursor: Cursor, source: Source): Cursor => ({
  ...cursor,
  source,
  offset: 0,
  commaEnds: false,
  ahead: undefined,
})

/** The next token in a mode, without taking it. */
export const peek = (cursor: Cursor, mode: Mode): Parsed<Token> => {
  if (cursor.ahead?.mode === mode) return Result.succeed(cursor.ahead.token)
  const found = tokenAt(cursor.source, cursor.offset, mode)
  if (Result.isFailure(found)) return found
  const token = found.success
  cursor.budget.steps += token.end - cursor.offset + 1
  if (cursor.budget.tokens > limits.tokens) {
    return tooComplicated(cursor, token, `more than ${limits.tokens} tokens`)
  }
  cursor.ahead = { mode, token }
  return found
}

/** Goes on after a token. */
export const take = (cursor: Cursor, token: Token): void => {
  cursor.budget.tokens += 1
  cursor.offset = token.end
  cursor.ahead = undefined
}

/** Goes back to a place that was passed. */
export const returnTo = (cursor: Cursor, offset: number): void => {
  cursor.offset = offset
  cursor.ahead = undefined
}

const tooComplicated = (cursor: Cursor, token: Token, what: string): Parsed<never> =>
  failAt(cursor.source, token.start, token.end, {
    errorId: "ScriptTooComplicated",
    category: "LimitsExceeded",
    message: `Processing was stopped because the script is too complex: ${what}.`,
  })

/** Runs a rule one level deeper, or refuses. */
export const deeper = <A>(cursor: Cursor, at: Token, rule: () => Parsed<A>): Parsed<A> => {
  if (cursor.depth >= limits.depth) {
    return tooComplicated(cursor, at, `it is nested deeper than ${limits.depth} levels`)
  }
  cursor.depth += 1
  const result = rule()
  cursor.depth -= 1
  return result
}

export const isSymbol = (token: Token, text: string): boolean =>
  token.kind === "symbol" && token.text === text

/** Skips newlines; `;` as well where statements are separated. Reads no token that follows. */
export const skipNewlines = (cursor: Cursor, alsoSemicolons = false): Parsed<void> => {
  const { text } = cursor.source
  for (;;) {
    const found = skipTrivia(cursor.source, cursor.offset)
    if (Result.isFailure(found)) return Result.fail(found.failure)
    const at = found.success
    const unit = at < text.length ? text.charCodeAt(at) : -1
    if (!isNewline(unit) && !(alsoSemicolons && unit === 0x3b)) return Result.void
    cursor.budget.steps += at - cursor.offset + 1
    cursor.budget.tokens += 1
    returnTo(cursor, at + 1)
  }
}

export const spanBetween = (cursor: Cursor, start: number, end: number): Span =>
  spanOf(cursor.source, start, end)

export const spanFrom = (cursor: Cursor, start: number): Span =>
  spanOf(cursor.source, start, cursor.offset)

/** What the script says at a token. */
export const textOf = (cursor: Cursor, token: Token): string =>
  cursor.source.text.slice(token.start, token.end)

/** A failure at a span that is already known. */
export const failSpan = (
  cursor: Cursor,
  span: Span,
  errorId: string,
  message: string,
): Parsed<never> => Result.fail(scriptError(cursor.source.script, span, { errorId, message }))

/** A failure just after a position, where something is missing. */
export const failAfter = (
  cursor: Cursor,
  position: number,
  errorId: string,
  message: string,
): Parsed<never> => failAt(cursor.source, position, position, { errorId, message })

export const failToken = (
  cursor: Cursor,
  token: Token,
  errorId: string,
  message: string,
): Parsed<never> => failAt(cursor.source, token.start, token.end, { errorId, message })

export const unexpectedToken = (cursor: Cursor, token: Token): Parsed<never> =>
  failToken(
    cursor,
    token,
    "UnexpectedToken",
    `Unexpected token '${textOf(cursor, token).slice(0, 100)}' in expression or statement.`,
  )
