import { Result } from "effect"
import {
  type Cursor,
  failAfter,
  isSymbol,
  peek,
  returnTo,
  skipNewlines,
  spanFrom,
  take,
  textOf,
} from "./Cursor.ts"
import { missingBrace } from "./parsePrimary.ts"
import { outsideSubset, type Parsed } from "./ScriptError.ts"
import type { ForEach, If, IfClause, Statement } from "./Syntax.ts"
import type { Token } from "./Token.ts"

/** Words that begin a statement of their own. Only `if` and `foreach` are in the subset. */
export const keywords: ReadonlySet<string> = new Set([
  "begin",
  "break",
  "class",
  "clean",
  "configuration",
  "continue",
  "data",
  "define",
  "do",
  "dynamicparam",
  "end",
  "enum",
  "exit",
  "filter",
  "for",
  "foreach",
  "from",
  "function",
  "if",
  "parallel",
  "param",
  "process",
  "return",
  "sequence",
  "switch",
  "throw",
  "trap",
  "try",
  "using",
  "var",
  "while",
  "workflow",
])

/** The keyword that a word is where a statement begins, in lower case. */
export const keywordOf = (token: Token): string | undefined => {
  if (token.kind !== "word" || !token.isName) return undefined
  const [piece] = token.pieces
  const word = piece?.kind === "text" ? piece.value.toLowerCase() : ""
  return keywords.has(word) ? word : undefined
}

/** `if` or `foreach`, from its keyword. */
export const parseBlockStatement = (
  cursor: Cursor,
  keyword: Token,
  kind: "if" | "foreach",
): Parsed<Statement> => (kind === "if" ? parseIf(cursor, keyword) : parseForEach(cursor, keyword))

const parseIf = (cursor: Cursor, keyword: Token): Parsed<If> =>
  Result.gen(function* () {
    const clauses: [IfClause, ...IfClause[]] = [yield* parseClause(cursor, keyword)]
    let otherwise: readonly Statement[] | undefined
    for (;;) {
      const end = cursor.offset
      yield* skipNewlines(cursor)
      const next = yield* peek(cursor, "operand")
      const word = next.kind === "word" && next.isName ? textOf(cursor, next).toLowerCase() : ""
      if (word === "elseif") {
        clauses.push(yield* parseClause(cursor, next))
        continue
      }
      if (word === "else") {
        take(cursor, next)
        const message = "Missing statement block after 'else' keyword."
        otherwise = yield* parseBlock(cursor, "MissingStatementBlockAfterElse", message)
      } else returnTo(cursor, end)
      break
    }
    const span = spanFrom(cursor, keyword.start)
    return otherwise === undefined
      ? { _tag: "If", clauses, span }
      : { _tag: "If", clauses, otherwise, span }
  })

const parseClause = (cursor: Cursor, keyword: Token): Parsed<IfClause> =>
  Result.gen(function* () {
    const name = textOf(cursor, keyword)
    take(cursor, keyword)
    yield* skipNewlines(cursor)
    const open = yield* peek(cursor, "operand")
    if (!isSymbol(open, "(")) {
      const message = `Missing '(' after '${name}' in if statement.`
      return yield* failAfter(cursor, keyword.end, "MissingOpenParenthesisInIfStatement", message)
    }
    take(cursor, open)
    yield* skipNewlines(cursor)
    const condition = yield* cursor.grammar.pipeline(cursor)
    if (condition === undefined) {
      const message = `Missing condition in if statement after '${name} ('.`
      return yield* failAfter(cursor, open.end, "IfStatementMissingCondition", message)
    }
    yield* skipNewlines(cursor)
    yield* closing(cursor, `Missing closing ')' after expression in '${name}' statement.`)
    const message = `Missing statement block after ${name} ( condition ).`
    const body = yield* parseBlock(cursor, "MissingStatementBlock", message)
    return { condition, body }
  })

const closing = (cursor: Cursor, message: string): Parsed<void> =>
  Result.gen(function* () {
    const close = yield* peek(cursor, "operator")
    if (!isSymbol(close, ")")) {
      const errorId = "MissingEndParenthesisAfterStatement"
      return yield* failAfter(cursor, close.start, errorId, message)
    }
    take(cursor, close)
  })

const parseBlock = (
  cursor: Cursor,
  errorId: string,
  message: string,
): Parsed<readonly Statement[]> =>
  Result.gen(function* () {
    const before = cursor.offset
    yield* skipNewlines(cursor)
    const open = yield* peek(cursor, "operand")
    if (!isSymbol(open, "{")) return yield* failAfter(cursor, before, errorId, message)
    take(cursor, open)
    const statements = yield* cursor.grammar.statements(cursor)
    const close = yield* peek(cursor, "operator")
    if (!isSymbol(close, "}")) return yield* missingBrace(cursor, open, close)
    take(cursor, close)
    return statements
  })

const form = "\nThe correct form is: foreach ($a in $b) {...}"

const parseForEach = (cursor: Cursor, keyword: Token): Parsed<ForEach> =>
  Result.gen(function* () {
    take(cursor, keyword)
    yield* skipNewlines(cursor)
    const open = yield* peek(cursor, "command")
    if (open.kind === "parameter") {
      const construct = `The parameter '${textOf(cursor, open)}' of the 'foreach' statement`
      return yield* outsideSubset(cursor.source, open.start, open.end, construct)
    }
    if (!isSymbol(open, "(")) {
      const message = "Missing opening '(' after keyword 'foreach'."
      return yield* failAfter(cursor, keyword.end, "MissingOpenParenthesisAfterKeyword", message)
    }
    take(cursor, open)
    yield* skipNewlines(cursor)
    const variable = yield* peek(cursor, "operand")
    if (variable.kind !== "variable") {
      const message = `Missing variable name after foreach.${form}`
      return yield* failAfter(cursor, open.end, "MissingVariableNameAfterForeach", message)
    }
    take(cursor, variable)
    yield* skipNewlines(cursor)
    const word = yield* peek(cursor, "operand")
    if (word.kind !== "word" || textOf(cursor, word).toLowerCase() !== "in") {
      const message = `Missing 'in' after variable in foreach loop.${form}`
      return yield* failAfter(cursor, variable.end, "MissingInInForeach", message)
    }
    take(cursor, word)
    yield* skipNewlines(cursor)
    const collection = yield* cursor.grammar.pipeline(cursor)
    if (collection === undefined) {
      const message = `Missing expression in foreach loop.${form}`
      return yield* failAfter(cursor, word.end, "MissingForeachExpression", message)
    }
    yield* skipNewlines(cursor)
    const close = yield* peek(cursor, "operator")
    if (!isSymbol(close, ")")) {
      const message = `Missing closing ')' after expression part of foreach loop.${form}`
      const errorId = "MissingEndParenthesisAfterForeach"
      return yield* failAfter(cursor, close.start, errorId, message)
    }
    take(cursor, close)
    const message = `Missing statement body in foreach loop.${form}`
    const body = yield* parseBlock(cursor, "MissingForeachStatement", message)
    const span = spanFrom(cursor, keyword.start)
    return { _tag: "ForEach", variable: variable.name, collection, body, span }
  })
