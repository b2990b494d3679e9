import type { OperationFailure, ParametersInvalid } from "@twin/kernel"
import { Effect, Result, Schema } from "effect"
import type { CommandSpec } from "./ParameterSpec.ts"
import { type Complaint, type ScriptError, scriptError } from "./ScriptError.ts"
import type { Host, ShellMessage } from "./Shell.ts"
import type { ScriptText } from "./Source.ts"
import type { ScriptBlock, Span, Statement } from "./Syntax.ts"
import type { Entry, Value } from "./Value.ts"

/** Statements, operators and items that one run may take: a loop in a loop must end. */
export const stepLimit = 200_000

/** An error under `-ErrorAction Stop`: what comes after it does not run. */
export class ScriptStopped extends Schema.TaggedError<ScriptStopped>()("ScriptStopped", {}) {}

/** What the operations may fail with besides refusing and besides bad parameters. */
export type HostFailure = Exclude<OperationFailure, ParametersInvalid>

/** A `ScriptError` ends the statement, `ScriptStopped` the run; the rest is not the script's doing. */
export type RunFailure = ScriptError | ScriptStopped | HostFailure

/** How a rule of the interpreter ends. */
export type Ran<A, R> = Effect.Effect<A, RunFailure, R>

/** One run: what it can reach, what it has changed, and the rules that call each other. */
export interface Interpreter<R> {
  readonly host: Host<R>
  readonly script: ScriptText
  /** By name in lower case. */
  readonly variables: Map<string, Entry>
  readonly messages: ShellMessage[]
  readonly count: { steps: number; draws: number }
  /** Binding tables of operations, made on first use. */
  readonly specs: Map<string, CommandSpec>
  readonly rules: Rules<R>
}

interface Rules<R> {
  /** Everything that statements hand on, one by one. */
  readonly runAll: (
    shell: Interpreter<R>,
    statements: readonly Statement[],
  ) => Ran<readonly Value[], R>
}

/** Counts steps; fails where a script takes more than any that somebody wrote by hand. */
export const step = <R>(
  shell: Interpreter<R>,
  span: Span,
  steps = 1,
): Effect.Effect<void, ScriptError> => {
  shell.count.steps += steps
  return shell.count.steps <= stepLimit
    ? Effect.void
    : errorAt(shell, span, {
        errorId: "ScriptTooComplicated",
        category: "LimitsExceeded",
        exception: "ScriptTooComplicated",
        message: `Processing was stopped because the script is too complex: it takes more than ${stepLimit} steps.`,
      })
}

/** An error of a running script: its command is known, so the message comes before the place. */
export const errorAt = <R>(shell: Interpreter<R>, span: Span, complaint: Complaint): ScriptError =>
  scriptError(shell.script, span, { command: "", ...complaint })

/** The value, or the error at its place. */
export const orError = <A, R>(
  shell: Interpreter<R>,
  span: Span,
  result: Result.Result<A, Complaint>,
): Effect.Effect<A, ScriptError> =>
  Effect.fromResult(Result.mapError(result, (it) => errorAt(shell, span, it)))

export const getVariable = <R>(shell: Interpreter<R>, name: string): Value =>
  shell.variables.get(name.toLowerCase())?.value ?? null

export const setVariable = <R>(shell: Interpreter<R>, name: string, value: Value): void => {
  shell.variables.set(name.toLowerCase(), { name, value })
}

/** Runs a block for one item, which it calls `$_`; afterwards `$_` is what it was. */
export const runBlock = <R>(
  shell: Interpreter<R>,
  block: ScriptBlock,
  item: Value,
): Ran<readonly Value[], R> => {
  const before = shell.variables.get("_")
  setVariable(shell, "_", item)
  return shell.rules.runAll(shell, block.statements).pipe(
    Effect.ensuring(
      Effect.sync(() => {
        if (before === undefined) shell.variables.delete("_")
        else shell.variables.set("_", before)
      }),
    ),
  )
}
