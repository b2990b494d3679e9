import { makeDraw } from "@twin/kernel"
import { Effect, Result } from "effect"
import { castTo } from "./convert.ts"
import {
  errorAt,
  getVariable,
  type Interpreter,
  orError,
  type Ran,
  type RunFailure,
  step,
} from "./Interpreter.ts"
import { invokeMethod } from "./invokeMember.ts"
import { itemOf, memberOf } from "./memberOf.ts"
import { castTypeOf, staticKey } from "./members.ts"
import { joinTexts, operate } from "./operate.ts"
import { beyond, type Complaint } from "./ScriptError.ts"
import {
  type Binary,
  type Expression,
  type Hashtable,
  type Invoke,
  leftSpine,
  type Member,
  type Statement,
  type Unary,
  type Variable,
} from "./Syntax.ts"
import { staticMember } from "./staticMember.ts"
import { collected, entriesOf, isList, type Value } from "./Value.ts"
import { isTrue, valueText } from "./valueText.ts"

/** What an expression is worth. Long chains of operators and members are walked, not recursed. */
export const evaluate = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  expression: Expression,
): Effect.fn.Return<Value, RunFailure, R> {
  yield* step(shell, expression.span)
  const [innermost, ...rest] = leftSpine(expression)
  let value = yield* evaluateSimple(shell, innermost)
  for (const node of rest) {
    const isStatic = (node._tag === "Member" || node._tag === "Invoke") && node.isStatic
    value = yield* isStatic && innermost._tag === "TypeLiteral"
      ? evaluateStatic(shell, node, innermost.type)
      : applyTail(shell, node, value)
  }
  return value
})

/**
 * What a statement is worth as a value. A lone expression keeps its shape, so that `@()` stays an
 * empty list; of anything else, what it hands out is collected.
 */
export const statementValue = <R>(shell: Interpreter<R>, statement: Statement): Ran<Value, R> => {
  if (statement._tag === "Pipeline") {
    const [first, ...rest] = statement.elements
    if (first._tag === "ExpressionElement" && rest.length === 0) {
      return evaluate(shell, first.expression)
    }
  }
  return Effect.map(shell.rules.runAll(shell, [statement]), collected)
}

const applyTail = <R>(shell: Interpreter<R>, node: Expression, left: Value): Ran<Value, R> => {
  switch (node._tag) {
    case "Binary":
      return binary(shell, node, left)
    case "Member":
      return Effect.succeed(memberOf(left, node.name))
    case "Invoke":
      return invoke(shell, node, left)
    case "Index":
      return Effect.flatMap(evaluate(shell, node.index), (index) =>
        orError(shell, node.span, itemOf(left, index)),
      )
    default:
      return Effect.succeed(left)
  }
}

const binary = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  node: Binary,
  left: Value,
): Effect.fn.Return<Value, RunFailure, R> {
  yield* step(shell, node.span)
  if (node.operator === "-and" || node.operator === "-or") {
    // The right side is only looked at where the left one does not decide.
    if (isTrue(left) === (node.operator === "-or")) return node.operator === "-or"
    return isTrue(yield* evaluate(shell, node.right))
  }
  const right = yield* evaluate(shell, node.right)
  yield* step(shell, node.span, workOf(left, right))
  return yield* orError(shell, node.span, operate(node.operator, left, right))
})

/** What an operator costs beyond one step: lists are copied or searched, patterns are tried. */
export const workOf = (left: Value, right: Value): number => {
  if (isList(left)) return Math.floor(left.length / 16)
  if (typeof left === "string" && typeof right === "string") {
    return Math.floor((left.length * right.length) / 20_000)
  }
  return isList(right) ? Math.floor(right.length / 16) : 0
}

const invoke = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  node: Invoke,
  target: Value,
): Effect.fn.Return<Value, RunFailure, R> {
  const given: Value[] = []
  for (const argument of node.arguments) given.push(yield* evaluate(shell, argument))
  return yield* orError(shell, node.span, invokeMethod(target, node.name, given))
})

const evaluateSimple = <R>(shell: Interpreter<R>, expression: Expression): Ran<Value, R> => {
  switch (expression._tag) {
    case "Text":
      return Effect.succeed(expression.value)
    case "NumberLiteral":
      return Effect.succeed(expression.value)
    case "Variable":
      return readVariable(shell, expression)
    case "ExpandableText":
      return expand(shell, expression.parts)
    case "ArrayLiteral":
      return evaluateAll(shell, expression.elements)
    case "ArrayExpression":
      return shell.rules.runAll(shell, expression.statements)
    case "SubExpression":
      return Effect.map(shell.rules.runAll(shell, expression.statements), collected)
    case "Parenthesis":
      return statementValue(shell, expression.statement)
    case "Hashtable":
      return evaluateHashtable(shell, expression)
    case "ScriptBlock": {
      const { offset, length } = expression.span
      const text = shell.script.text.slice(offset + 1, offset + length - 1)
      return Effect.succeed({ _tag: "Block", block: expression, text })
    }
    case "Cast":
      return Effect.flatMap(evaluate(shell, expression.expression), (value) =>
        orError(shell, expression.span, cast(expression.type, value)),
      )
    case "Unary":
      return unary(shell, expression)
    case "TypeLiteral":
      return Effect.succeed(null)
    case "Binary":
    case "Member":
    case "Invoke":
    case "Index":
      return evaluate(shell, expression)
  }
}

/** `[type]value` with PowerShell's words where it cannot be. */
export const cast = (type: string, value: Value): Result.Result<Value, Complaint> => {
  const known = castTypeOf(type) ?? "object"
  return Result.mapError(castTo(known, value), (reason) => ({
    errorId: "InvalidCast",
    category: "InvalidArgument" as const,
    exception: "PSInvalidCastException",
    message: `Cannot convert value "${valueText(value)}" to type "${type}". Error: "${reason}"`,
  }))
}

const scopes = new Set(["script", "global", "local", "private", "using"])

/** The name without its scope; the twin has one scope. */
export const variableName = (name: string): Result.Result<string, Complaint> => {
  const [scope = "", ...rest] = name.split(":")
  if (rest.length === 0) return Result.succeed(name)
  if (scopes.has(scope.toLowerCase())) return Result.succeed(rest.join(":"))
  return Result.fail({
    ...beyond(`The variable '$${name}' of the drive '${scope}'`),
    hint: `If a colon is to follow the variable, write \${${scope}}:`,
  })
}

const readVariable = <R>(shell: Interpreter<R>, { name, span }: Variable) =>
  Effect.map(orError(shell, span, variableName(name)), (plain): Value => {
    switch (plain.toLowerCase()) {
      case "true":
        return true
      case "false":
        return false
      case "null":
        return null
      case "psitem":
        return getVariable(shell, "_")
      default:
        return getVariable(shell, plain)
    }
  })

const expand = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  parts: Extract<Expression, { _tag: "ExpandableText" }>["parts"],
): Effect.fn.Return<Value, RunFailure, R> {
  const texts: string[] = []
  for (const part of parts) {
    texts.push(typeof part === "string" ? part : valueText(yield* evaluate(shell, part)))
  }
  return texts.join("")
})

const evaluateAll = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  expressions: readonly Expression[],
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  const values: Value[] = []
  for (const expression of expressions) values.push(yield* evaluate(shell, expression))
  return values
})

const evaluateHashtable = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  { entries, span }: Hashtable,
): Effect.fn.Return<Value, RunFailure, R> {
  const pairs = new Map<string, readonly [string, Value]>()
  for (const { key, value } of entries) {
    const name = yield* evaluate(shell, key)
    if (name === null) {
      const message = "A null key is not allowed in a hash literal."
      return yield* errorAt(shell, key.span, { errorId: "InvalidNullKey", message })
    }
    const text = valueText(name)
    if (pairs.has(text.toLowerCase())) {
      const message = `Duplicate keys '${text}' are not allowed in hash literals.`
      return yield* errorAt(shell, span, { errorId: "DuplicateKeyInHashLiteral", message })
    }
    pairs.set(text.toLowerCase(), [text, yield* statementValue(shell, value)])
  }
  return { _tag: "Hashtable", entries: entriesOf(pairs.values()) }
})

const unary = <R>(shell: Interpreter<R>, node: Unary): Ran<Value, R> => {
  return Effect.flatMap(evaluate(shell, node.operand), (value) => {
    switch (node.operator) {
      case "-not":
        return Effect.succeed(!isTrue(value))
      case ",":
        return Effect.succeed([value])
      case "-join":
        return orError(shell, node.span, joinTexts(value, ""))
      case "-":
        return orError(shell, node.span, operate("-", 0, value))
      case "+":
        return orError(shell, node.span, operate("+", 0, value))
    }
  })
}

/** `[type]::Name` and `[type]::Name(...)`. */
export const evaluateStatic = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  node: Member | Invoke,
  type: string,
): Effect.fn.Return<Value, RunFailure, R> {
  const isCall = node._tag === "Invoke"
  const key = staticKey(type, node.name, isCall) ?? ""
  const given = isCall ? yield* evaluateAll(shell, node.arguments) : []
  if (key === "io.file::readallbytes()") {
    return yield* readFile(shell, valueText(given[0] ?? null), node.span)
  }
  const now = yield* shell.host.now
  shell.count.draws += 1
  const guid = makeDraw(`${now}/${shell.count.draws}`).guid("script")
  return yield* orError(shell, node.span, staticMember(key, given, { now, guid }))
})

/** A file that whoever runs the script offers. */
export const readFile = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  path: string,
  span: Expression["span"],
): Effect.fn.Return<Value, RunFailure, R> {
  const bytes = shell.host.readFile === undefined ? undefined : yield* shell.host.readFile(path)
  if (bytes === undefined) {
    return yield* errorAt(shell, span, {
      errorId: "FileNotFoundException",
      category: "ObjectNotFound",
      exception: "FileNotFoundException",
      message: `Could not find file '${path}'. The twin reads no files but those that are offered to it.`,
    })
  }
  return { _tag: "Bytes", bytes }
})
