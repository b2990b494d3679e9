import { nearest } from "@twin/kernel"
import { Effect, Result } from "effect"
import { assignTo } from "./assignTo.ts"
import { assign, type GivenElement } from "./bind.ts"
import { bound, callOperation } from "./callOperation.ts"
import { evaluate, statementValue, variableName } from "./evaluate.ts"
import { formatOutput } from "./format.ts"
import {
  errorAt,
  getVariable,
  type Interpreter,
  orError,
  type Ran,
  type RunFailure,
  setVariable,
  step,
} from "./Interpreter.ts"
import { printText, raise } from "./report.ts"
import type { ScriptError } from "./ScriptError.ts"
import type {
  Command,
  CommandElement,
  Expression,
  ForEach,
  If,
  Pipeline,
  PipelineElement,
  Splat,
  Statement,
} from "./Syntax.ts"
import { listLimit } from "./shell-commands/printing.ts"
import type { ShellCommand } from "./shell-commands/ShellCommand.ts"
import { shellCommandNamed, shellCommands } from "./shell-commands/table.ts"
import { addAll, enumerate, isList, type Value } from "./Value.ts"
import { isTrue, valueText } from "./valueText.ts"

/**
 * Runs the statements of a script one after the other and shows what they hand out. An error ends
 * its statement; the next one runs, as when lines are pasted.
 */
export const runScriptStatements = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  statements: readonly Statement[],
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  const output: Value[] = []
  for (const statement of statements) {
    const ran = yield* Effect.result(runStatement(shell, statement))
    if (Result.isSuccess(ran)) {
      const shown = ran.success.filter((it) => it !== null)
      if (shown.length > 0) printText(shell, formatOutput(shown, listLimit(shell)))
      addAll(output, ran.success)
    } else if (ran.failure._tag === "ScriptError") yield* raise(shell, ran.failure)
    else return yield* ran.failure
  }
  return output
})

/** Everything that statements hand on, one by one. */
export const runAll = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  statements: readonly Statement[],
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  const output: Value[] = []
  for (const statement of statements) {
    const values = yield* runStatement(shell, statement)
    yield* step(shell, statement.span, values.length)
    addAll(output, values)
  }
  return output
})

const runStatement = <R>(shell: Interpreter<R>, statement: Statement): Ran<readonly Value[], R> => {
  switch (statement._tag) {
    case "Pipeline":
      return runPipeline(shell, statement)
    case "Assignment":
      return Effect.as(assignTo(shell, statement), [])
    case "If":
      return runIf(shell, statement)
    case "ForEach":
      return runForEach(shell, statement)
  }
}

const runIf = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  { clauses, otherwise }: If,
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  for (const { condition, body } of clauses) {
    if (isTrue(yield* runAll(shell, [condition]))) return yield* runAll(shell, body)
  }
  return otherwise === undefined ? [] : yield* runAll(shell, otherwise)
})

const runForEach = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  node: ForEach,
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  const name = yield* orError(shell, node.span, variableName(node.variable))
  const output: Value[] = []
  for (const item of enumerate(yield* statementValue(shell, node.collection))) {
    yield* step(shell, node.span)
    setVariable(shell, name, item)
    addAll(output, yield* runAll(shell, node.body))
  }
  return output
})

const runPipeline = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  { elements }: Pipeline,
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  let input: readonly Value[] | undefined
  for (const element of elements) input = yield* runElement(shell, element, input)
  return input ?? []
})

const runElement = <R>(
  shell: Interpreter<R>,
  element: PipelineElement,
  input: readonly Value[] | undefined,
): Ran<readonly Value[], R> =>
  element._tag === "Command"
    ? runCommand(shell, element, input)
    : Effect.map(evaluate(shell, element.expression), (value) =>
        value === null && isNull(element.expression) ? [null] : enumerate(value),
      )

/** `$null` itself is handed on; what is nothing for any other reason is not. */
const isNull = (expression: Expression): boolean =>
  expression._tag === "Variable" && expression.name.toLowerCase() === "null"

const runCommand = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  command: Command,
  input: readonly Value[] | undefined,
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  yield* step(shell, command.span)
  const name = command.name.slice(command.name.lastIndexOf("\\") + 1)
  const operation = shell.host.operations.get(name.toLowerCase())
  const own = shellCommandNamed(name)
  if (operation?.kind === "cmdlet") {
    const elements = yield* elementsOf(shell, command.elements)
    return yield* handOut(
      shell,
      elements,
      callOperation(shell, operation, { command, elements, input }),
    )
  }
  if (own === undefined) return yield* notRecognized(shell, command, operation !== undefined)
  const elements = yield* elementsOf(shell, command.elements)
  return yield* handOut(shell, elements, runShellCommand(shell, own, command, elements, input))
})

const runShellCommand = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  { spec, run, takesAnything }: ShellCommand,
  command: Command,
  elements: readonly GivenElement[],
  input: readonly Value[] | undefined,
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  const given = takesAnything === true ? [] : elements
  const assigned = yield* bound(shell, spec, assign(spec, given))
  return yield* run(shell, { assigned, input, span: command.span })
})

/** `-OutVariable x` keeps what a command hands out. */
const handOut = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  elements: readonly GivenElement[],
  run: Ran<readonly Value[], R>,
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  const output = yield* run
  const place = elements.findIndex(
    (it) => it.kind === "named" && ["outvariable", "ov"].includes(it.name.toLowerCase()),
  )
  const named = elements[place]
  const next = elements[place + 1]
  const given =
    named?.kind === "named"
      ? (named.given ?? (next?.kind === "positional" ? next.given : undefined))
      : undefined
  if (given !== undefined) setVariable(shell, valueText(given.value), output)
  return output
})

/** The arguments with their values; what is splatted stands among them. */
const elementsOf = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  elements: readonly CommandElement[],
): Effect.fn.Return<readonly GivenElement[], RunFailure, R> {
  const given: GivenElement[] = []
  for (const element of elements) {
    const { span } = element
    if (element._tag === "Splat") addAll(given, yield* splatted(shell, element))
    else if (element._tag === "Argument") {
      given.push({ kind: "positional", given: yield* argumentOf(shell, element.expression), span })
    } else if (element.argument === undefined) {
      given.push({ kind: "named", name: element.name, span })
    } else {
      const value = yield* argumentOf(shell, element.argument)
      given.push({ kind: "named", name: element.name, span, given: value })
    }
  }
  return given
})

const argumentOf = <R>(shell: Interpreter<R>, expression: Expression) =>
  Effect.map(evaluate(shell, expression), (value) =>
    expression._tag === "NumberLiteral" ? { value, literal: expression.text } : { value },
  )

const splatted = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  { name, span }: Splat,
): Effect.fn.Return<readonly GivenElement[], RunFailure, R> {
  const value = getVariable(shell, yield* orError(shell, span, variableName(name)))
  if (isList(value)) return value.map((it) => ({ kind: "positional", given: { value: it }, span }))
  if (typeof value === "object" && value !== null && value._tag === "Hashtable") {
    return [...value.entries.values()].map((it) => ({
      kind: "named",
      name: it.name,
      span,
      given: { value: it.value },
    }))
  }
  return value === null ? [] : [{ kind: "positional", given: { value }, span }]
})

/** No command of that name: PowerShell's words, and the nearest that the twin has. */
const notRecognized = <R>(
  shell: Interpreter<R>,
  { name, nameSpan }: Command,
  isAction: boolean,
): ScriptError => {
  const known = [
    ...[...shell.host.operations.values()].filter(({ kind }) => kind === "cmdlet"),
    ...shellCommands.map(({ spec }) => spec),
  ].map((it) => it.name)
  const near = nearest(name, known)
  const hint = isAction
    ? `'${name}' is an action of a scenario step, not a cmdlet.`
    : name.startsWith("-")
      ? "A line that begins with a parameter goes on from the line before: end that one with a backtick and nothing after it."
      : near.length > 0
        ? `Did you mean ${near.join(" or ")}?`
        : (odd(name) ?? "The twin has no such cmdlet. Get-Command lists those that it has.")
  return errorAt(shell, nameSpan, {
    errorId: "CommandNotFoundException",
    category: "ObjectNotFound",
    exception: "CommandNotFoundException",
    target: `${name.slice(0, 100)}:String`,
    command: name.slice(0, 100),
    message: `The term '${name.slice(0, 200)}' is not recognized as a name of a cmdlet, function, script file, or executable program.\nCheck the spelling of the name, or if a path was included, verify that the path is correct and try again.`,
    hint,
  })
}

/** A letter that only looks Latin is the hardest thing to see. */
const odd = (name: string): string | undefined => {
  const found = /[^\x20-\x7e]/u.exec(name)
  if (found === null) return undefined
  const hex = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")
  return `The character at position ${found.index + 1} of the name is U+${hex}, which no cmdlet has.`
}
