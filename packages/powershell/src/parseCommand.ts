import { Result } from "effect"
import {
  type Cursor,
  failAfter,
  failToken,
  isSymbol,
  peek,
  skipNewlines,
  spanBetween,
  spanFrom,
  take,
  textOf,
} from "./Cursor.ts"
import { findOdd, oddCharacter } from "./oddCharacter.ts"
import { textFrom } from "./parsePrimary.ts"
import { beyond, failAt, outsideSubset, type Parsed } from "./ScriptError.ts"
import { joined } from "./Source.ts"
import type { Command, CommandElement, Expression, Parameter, Span } from "./Syntax.ts"
import type { Token } from "./Token.ts"

/** A command with its parameters and arguments. Undefined where none begins here. */
export const parseCommand = (cursor: Cursor): Parsed<Command | undefined> =>
  Result.gen(function* () {
    const first = yield* peek(cursor, "command")
    const name = yield* commandName(cursor, first)
    if (name === undefined) return undefined
    take(cursor, first)
    const nameSpan = spanBetween(cursor, first.start, first.end)
    const elements: CommandElement[] = []
    for (;;) {
      const token = yield* peek(cursor, "command")
      if (endsCommand(token)) break
      elements.push(yield* parseElement(cursor, token))
    }
    const last = elements[elements.length - 1]
    if (isPrompt(name, elements[0])) return yield* pastedPrompt(cursor, first)
    const span = last === undefined ? nameSpan : joined(nameSpan, last.span)
    return { _tag: "Command", name, nameSpan, elements, span }
  })

/** `PS C:\\> Get-Thing`: what the console wrote before the line, pasted along with it. */
const isPrompt = (name: string, first: CommandElement | undefined): boolean =>
  (name === "PS" &&
    first?._tag === "Argument" &&
    first.expression._tag === "Text" &&
    first.expression.value.includes(">")) ||
  /^PS.{0,200}>$/.test(name)

const pastedPrompt = (cursor: Cursor, first: Token): Parsed<never> => {
  const { text } = cursor.source
  const end = text.indexOf(">", first.start) + 1
  return failAt(cursor.source, first.start, end, {
    errorId: "UnexpectedToken",
    message: `Unexpected token '${text.slice(first.start, end)}' in expression or statement.`,
    hint: promptHint,
  })
}

const promptHint = "The line begins with a prompt: delete everything up to the '>'."

const endsCommand = (token: Token): boolean =>
  token.kind === "end" ||
  token.kind === "newline" ||
  (token.kind === "symbol" && ["|", "}", ")", ";", "&&", "||", "&"].includes(token.text))

/** The name as written. Quoted names and `&` and `.` run whatever they find: not here. */
const commandName = (cursor: Cursor, token: Token): Parsed<string | undefined> => {
  const { source } = cursor
  const written = textOf(cursor, token)
  switch (token.kind) {
    case "word": {
      const odd = findOdd(source.text, token.start, token.end, "name")
      if (odd >= 0) return oddCharacter(source, odd, token.start)
      if (written.startsWith(":")) {
        return outsideSubset(source, token.start, token.end, "A label before a statement")
      }
      return Result.succeed(plainName(token) ?? written)
    }
    case "parameter":
    case "number":
      return Result.succeed(written)
    case "redirection":
      return redirection(cursor, token)
    case "symbol": {
      if (token.text === "&") {
        return outsideSubset(source, token.start, token.end, "The call operator '&'")
      }
      if (token.text === ".") {
        return outsideSubset(source, token.start, token.end, "Dot-sourcing a script with '.'")
      }
      return Result.succeed(token.text === "--" ? written : undefined)
    }
    default:
      return Result.succeed(undefined)
  }
}

/** What a word says after its quotes and backticks are taken away. */
const plainName = (token: Token): string | undefined => {
  if (token.kind !== "word") return undefined
  const [piece, ...rest] = token.pieces
  return piece?.kind === "text" && rest.length === 0 ? piece.value : undefined
}

/** A redirection, a placeholder in angle brackets, or the end of a prompt that was pasted along. */
export const redirection = (cursor: Cursor, token: Token): Parsed<never> => {
  const { text } = cursor.source
  const before = text.slice(Math.max(0, token.start - 220), token.start)
  const placeholder = /^<[^<>\r\n]{1,80}>/.exec(text.slice(token.start, token.start + 90))
  if (textOf(cursor, token) === "<") {
    const hint = `Replace the placeholder ${placeholder?.[0] ?? ""} with a value.`
    return failAt(cursor.source, token.start, token.start + (placeholder?.[0].length ?? 1), {
      errorId: "RedirectionNotSupported",
      message: "The '<' operator is reserved for future use.",
      ...(placeholder === null ? {} : { hint }),
    })
  }
  const isAfterPrompt = /(?:^|[\r\n])[ \t]*PS(?:[ \t]+\S{0,200})?[ \t]*$/.test(before)
  return failAt(cursor.source, token.start, token.end, {
    ...beyond(`The redirection operator '${textOf(cursor, token)}'`),
    ...(isAfterPrompt ? { hint: promptHint } : {}),
  })
}

const parseElement = (cursor: Cursor, token: Token): Parsed<CommandElement> =>
  Result.gen(function* () {
    if (token.kind === "parameter") return yield* parseParameter(cursor, token)
    if (token.kind === "redirection") return yield* redirection(cursor, token)
    if (token.kind === "splat") {
      take(cursor, token)
      return { _tag: "Splat", name: token.name, span: spanFrom(cursor, token.start) }
    }
    if (isSymbol(token, ",")) {
      const message = "Missing argument in parameter list."
      return yield* failToken(cursor, token, "MissingArgument", message)
    }
    if (isSymbol(token, "--")) {
      const construct = "The end-of-parameters token '--'"
      return yield* outsideSubset(cursor.source, token.start, token.end, construct)
    }
    if (textOf(cursor, token) === "--%") {
      const construct = "The stop-parsing token '--%'"
      return yield* outsideSubset(cursor.source, token.start, token.end, construct)
    }
    const expression = yield* parseArgument(cursor)
    if (expression === undefined) {
      return yield* failToken(
        cursor,
        token,
        "MissingArgument",
        "Missing argument in parameter list.",
      )
    }
    return { _tag: "Argument", expression, span: expression.span }
  })

/** `-Name` or `-Name:value`; the value may stand after white space, too. */
const parseParameter = (
  cursor: Cursor,
  token: Token & { readonly kind: "parameter" },
): Parsed<Parameter> =>
  Result.gen(function* () {
    take(cursor, token)
    const span = spanFrom(cursor, token.start)
    if (!token.hasColon) return { _tag: "Parameter", name: token.name, span }
    const argument = yield* parseArgument(cursor)
    if (argument === undefined) {
      return yield* failAfter(
        cursor,
        token.end,
        "ParameterRequiresArgument",
        `Parameter ${textOf(cursor, token)} requires an argument.`,
      )
    }
    return { _tag: "Parameter", name: token.name, argument, span: joined(span, argument.span) }
  })

/** One argument, or several with commas between them: an array, which may go on after a newline. */
const parseArgument = (cursor: Cursor): Parsed<Expression | undefined> =>
  Result.gen(function* () {
    const first = yield* parseSingleArgument(cursor)
    if (first === undefined) return undefined
    const elements = [first]
    let last = first
    for (;;) {
      const comma = yield* peek(cursor, "command")
      if (!isSymbol(comma, ",")) break
      take(cursor, comma)
      yield* skipNewlines(cursor)
      const next = yield* parseSingleArgument(cursor)
      if (next === undefined) {
        const message = "Missing expression after ',' in pipeline element."
        return yield* failAfter(cursor, comma.end, "MissingExpression", message)
      }
      elements.push(next)
      last = next
    }
    return elements.length === 1
      ? first
      : { _tag: "ArrayLiteral", elements, span: joined(first.span, last.span) }
  })

const parseSingleArgument = (cursor: Cursor): Parsed<Expression | undefined> =>
  Result.gen(function* () {
    const token = yield* peek(cursor, "command")
    switch (token.kind) {
      case "word":
        take(cursor, token)
        return yield* textFrom(cursor, token, token.pieces)
      case "parameter": {
        // After a comma or a colon a dash begins no parameter.
        take(cursor, token)
        return bareText(cursor, token, spanFrom(cursor, token.start))
      }
      case "splat": {
        const message = `Splatted variables like '@${token.name}' cannot be part of a comma-separated list of arguments.`
        return yield* failToken(cursor, token, "SplattingNotPermittedInArgumentList", message)
      }
      default:
        return yield* cursor.grammar.primary(cursor, "command")
    }
  })

const bareText = (cursor: Cursor, token: Token, span: Span): Expression => ({
  _tag: "Text",
  value: textOf(cursor, token),
  span,
})
