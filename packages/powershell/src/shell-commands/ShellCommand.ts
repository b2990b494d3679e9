import { Effect, Result } from "effect"
import type { Assigned } from "../bind.ts"
import { convertParameter } from "../convertParameter.ts"
import { errorAt, type Interpreter, type Ran } from "../Interpreter.ts"
import type { CommandSpec, ParameterSpec, ParameterType } from "../ParameterSpec.ts"
import type { ScriptError } from "../ScriptError.ts"
import type { Span } from "../Syntax.ts"
import { enumerate, type Value } from "../Value.ts"

/** One use of a command of the shell itself. */
export interface ShellCall {
  readonly assigned: Assigned
  /** What came through the pipe; undefined at its beginning. */
  readonly input: readonly Value[] | undefined
  readonly span: Span
}

/** A command that belongs to PowerShell rather than to the tenant: it filters, prints, computes. */
export interface ShellCommand {
  readonly spec: CommandSpec
  readonly aliases: readonly string[]
  /** Its parameters do not matter: none is looked at. */
  readonly takesAnything?: boolean
  readonly run: <R>(shell: Interpreter<R>, call: ShellCall) => Ran<readonly Value[], R>
}

export const shellCommand = (
  name: string,
  aliases: readonly string[],
  parameters: readonly ParameterSpec[],
  run: ShellCommand["run"],
): ShellCommand => ({ spec: { name, parameters, changesThings: false }, aliases, run })

/** A parameter: its name, what it takes, and where it may stand without its name. */
export const parameter = (
  name: string,
  kind: "any" | "switch" | "integer" | "number" | "string",
  position?: number,
  aliases: readonly string[] = [],
): ParameterSpec => {
  const type: ParameterType = { kind }
  const spec = { name, type, isMandatory: false, aliases }
  return position === undefined ? spec : { ...spec, position }
}

export const switches = (...names: readonly string[]): readonly ParameterSpec[] =>
  names.map((name) => parameter(name, "switch"))

/** The value of a parameter as it was given. */
export const valueOf = ({ assigned }: ShellCall, name: string): Value | undefined =>
  assigned.get(name)?.given.value

/** The values of a parameter that takes several. */
export const listOf = (call: ShellCall, name: string): readonly Value[] =>
  enumerate(valueOf(call, name) ?? null)

export const isOn = (call: ShellCall, name: string): boolean => {
  const value = valueOf(call, name)
  return value !== undefined && value !== null && value !== false && value !== 0
}

/** A number, where the parameter was given. */
export const numberOf = <R>(
  shell: Interpreter<R>,
  { assigned }: ShellCall,
  name: string,
): Effect.Effect<number | undefined, ScriptError> => {
  const assignment = assigned.get(name)
  if (assignment === undefined) return Effect.succeed(undefined)
  const taken = convertParameter(assignment.spec, assignment.given)
  return Result.isSuccess(taken)
    ? Effect.succeed(Number(taken.success))
    : errorAt(shell, assignment.span, taken.failure)
}

/** What a command works on: what came through the pipe, else its `InputObject`. */
export const inputOf = (call: ShellCall, name = "InputObject"): readonly Value[] =>
  call.input ?? listOf(call, name)
