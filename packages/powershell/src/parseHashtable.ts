import { Result } from "effect"
import {
  type Cursor,
  failAfter,
  failSpan,
  isSymbol,
  peek,
  skipNewlines,
  spanFrom,
  take,
  unexpectedToken,
} from "./Cursor.ts"
import { failAt, type Parsed } from "./ScriptError.ts"
import type { Expression, HashtableEntry } from "./Syntax.ts"
import type { Token } from "./Token.ts"

/** `@{ key = value; ... }` from after the brace. */
export const parseHashtable = (cursor: Cursor, open: Token): Parsed<Expression> =>
  Result.gen(function* () {
    const entries: HashtableEntry[] = []
    const keys = new Set<string>()
    for (;;) {
      yield* skipNewlines(cursor, entries.length > 0)
      const entry = yield* parseEntry(cursor)
      if (entry === undefined) break
      const key = constantKey(entry.key)
      if (key !== undefined && keys.has(key.toLowerCase())) {
        const message = `Duplicate keys '${key}' are not allowed in hash literals.`
        return yield* failSpan(cursor, entry.key.span, "DuplicateKeyInHashLiteral", message)
      }
      if (key !== undefined) keys.add(key.toLowerCase())
      entries.push(entry)
      const next = yield* peek(cursor, "operator")
      if (next.kind !== "newline" && !isSymbol(next, ";")) break
    }
    const close = yield* peek(cursor, "operator")
    if (!isSymbol(close, "}")) return yield* missingEnd(cursor, open, close)
    take(cursor, close)
    return { _tag: "Hashtable", entries, span: spanFrom(cursor, open.start) }
  })

const missingEnd = (cursor: Cursor, open: Token, found: Token): Parsed<never> =>
  found.kind === "end"
    ? failAt(cursor.source, open.start, open.end, {
        errorId: "MissingEndCurlyBrace",
        message: "Missing closing '}' in statement block or type definition.",
      })
    : unexpectedToken(cursor, found)

/** A key that is known before the script runs. */
const constantKey = (key: Expression): string | undefined => {
  if (key._tag === "Text") return key.value
  return key._tag === "NumberLiteral" ? String(key.value) : undefined
}

const parseEntry = (cursor: Cursor): Parsed<HashtableEntry | undefined> =>
  Result.gen(function* () {
    const key = yield* parseKey(cursor)
    if (key === undefined) return undefined
    const equals = yield* peek(cursor, "operator")
    if (!isSymbol(equals, "=")) {
      const message = "Missing '=' operator after key in hash literal."
      return yield* failAfter(cursor, cursor.offset, "MissingEqualsInHashLiteral", message)
    }
    take(cursor, equals)
    yield* skipNewlines(cursor)
    const value = yield* cursor.grammar.statement(cursor)
    if (value === undefined) {
      const message = "Missing statement after '=' in hash literal."
      return yield* failAfter(cursor, equals.end, "MissingStatementInHashLiteral", message)
    }
    return { key, value }
  })

const parseKey = (cursor: Cursor): Parsed<Expression | undefined> =>
  Result.gen(function* () {
    const token = yield* peek(cursor, "key")
    if (token.kind === "word" && token.isName) {
      take(cursor, token)
      const [piece] = token.pieces
      const value = piece?.kind === "text" ? piece.value : ""
      return { _tag: "Text", value, span: spanFrom(cursor, token.start) }
    }
    const before = cursor.commaEnds
    cursor.commaEnds = true
    const key = yield* cursor.grammar.primary(cursor, "operand")
    cursor.commaEnds = before
    return key
  })
