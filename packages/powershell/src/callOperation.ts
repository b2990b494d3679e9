import {
  type Decision,
  decidingGate,
  type OperationInfo,
  type OutputObject,
  type ParametersInvalid,
  refusalOf,
} from "@twin/kernel"
import { Effect, Result, type Schema } from "effect"
import {
  type Assigned,
  assign,
  assignPiped,
  type BindFailure,
  convertAssigned,
  type GivenElement,
} from "./bind.ts"
import { errorAt, type Interpreter, type RunFailure, setVariable, step } from "./Interpreter.ts"
import { type CommandSpec, commandSpecOf } from "./ParameterSpec.ts"
import { printText, raise, warn } from "./report.ts"
import type { Complaint, ScriptError } from "./ScriptError.ts"
import type { Command, Span } from "./Syntax.ts"
import { addAll, fromJson, fromOutput, type Value } from "./Value.ts"
import { valueText } from "./valueText.ts"

/** A command in a pipeline: where it stands and what came through the pipe, if one is there. */
export interface Placed {
  readonly command: Command
  readonly elements: readonly GivenElement[]
  readonly input: readonly Value[] | undefined
}

/** Calls an operation, once or for each object that comes through the pipe. */
export const callOperation = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  operation: OperationInfo,
  placed: Placed,
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  const { command, elements, input } = placed
  const spec = shell.specs.get(operation.name) ?? commandSpecOf(operation)
  shell.specs.set(operation.name, spec)
  const assigned = yield* bound(shell, spec, assign(spec, elements))
  const call = (given: Assigned, span: Span) => callOnce(shell, operation, spec, given, span)
  if (input === undefined) return yield* call(assigned, command.span)
  const output: Value[] = []
  for (const item of input) {
    yield* step(shell, command.span)
    const piped = assignPiped(spec, assigned, item, command.nameSpan)
    if (Result.isFailure(piped)) {
      yield* raise(shell, failureAt(shell, spec, piped.failure), assigned)
      continue
    }
    addAll(output, yield* call(piped.success, command.span))
  }
  return output
})

const failureAt = <R>(
  shell: Interpreter<R>,
  { name }: CommandSpec,
  { complaint, span }: BindFailure,
): ScriptError =>
  errorAt(shell, span, {
    ...complaint,
    errorId: `${complaint.errorId},${name}`,
    command: name,
  })

/** What was bound, or the error that ends the statement. */
export const bound = <A, R>(
  shell: Interpreter<R>,
  spec: CommandSpec,
  result: Result.Result<A, BindFailure>,
): Effect.Effect<A, ScriptError> =>
  Effect.fromResult(Result.mapError(result, (it) => failureAt(shell, spec, it)))

const callOnce = Effect.fnUntraced(function* <R>(
  shell: Interpreter<R>,
  operation: OperationInfo,
  spec: CommandSpec,
  assigned: Assigned,
  span: Span,
): Effect.fn.Return<readonly Value[], RunFailure, R> {
  const params = yield* bound(shell, spec, convertAssigned(spec, assigned, span))
  if (isSwitchedOn(assigned, "WhatIf") && !Object.hasOwn(params, "WhatIf")) {
    const target = targetOf(spec, params)
    const text = `What if: Performing the operation "${spec.name}" on target "${target}".`
    printText(shell, text)
    return []
  }
  const asked = yield* Effect.result(
    Effect.catchTag(shell.host.call(operation.name, params), "ParametersInvalid", (error) =>
      Effect.fail(errorAt(shell, span, invalid(spec, error))),
    ),
  )
  if (Result.isFailure(asked)) {
    if (asked.failure._tag !== "ScriptError") return yield* asked.failure
    yield* raise(shell, asked.failure, assigned)
    return []
  }
  const { decision, output, warnings, variables = {} } = asked.success
  shell.messages.push({
    _tag: "Called",
    operation: spec.name,
    params: masked(operation, params),
    decision,
    output,
    span,
  })
  for (const text of warnings) warn(shell, text, assigned)
  if (isSwitchedOn(assigned, "Confirm") && !Object.hasOwn(params, "Confirm")) {
    const advice = "Use -Confirm:$false to skip it."
    warn(shell, `The cmdlet asks for confirmation; the twin answers Yes. ${advice}`, assigned)
  }
  if (decision.outcome !== "allow") {
    yield* raise(shell, errorAt(shell, span, refused(spec, decision)), assigned)
    return []
  }
  for (const [name, value] of Object.entries(variables)) {
    setVariable(shell, name, fromJson(value))
  }
  const [first] = output
  const told = output.length === 1 ? first?.["WhatIf"] : undefined
  if (typeof told === "string") {
    // The operation answers `-WhatIf` itself: it knows what it would act on.
    printText(shell, told)
    return []
  }
  return output.map(outputValue)
})

/** A row of nothing but `Value` is that value: text, a number, `True`. */
const outputValue = (row: OutputObject): Value => {
  const [[key, value] = ["", null], ...rest] = Object.entries(row)
  return key === "Value" && rest.length === 0 ? fromJson(value) : fromOutput(row)
}

const isSwitchedOn = (assigned: Assigned, name: string): boolean => {
  const given = assigned.get(name)?.given.value
  return given !== undefined && given !== null && given !== false && given !== 0
}

/** What a cmdlet would act on: the value of its key, or its noun. */
const targetOf = (spec: CommandSpec, params: Readonly<Record<string, Schema.Json>>): string => {
  const key = spec.pipeline === undefined ? undefined : params[spec.pipeline]
  return typeof key === "string" ? key : spec.name.slice(spec.name.indexOf("-") + 1)
}

const masked = (
  { secrets = [] }: OperationInfo,
  params: Readonly<Record<string, Schema.Json>>,
): Readonly<Record<string, Schema.Json>> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, secrets.includes(name) ? "***" : value]),
  )

/** The refusal in the words of the real service, as an error record of the cmdlet. */
const refused = (spec: CommandSpec, decision: Decision): Complaint => {
  const refusal = refusalOf(decision)
  const gate = decidingGate(decision)
  const code = refusal?.code ?? gate.name
  if (code === "CommandNotFoundException") {
    return {
      errorId: code,
      category: "ObjectNotFound",
      exception: code,
      target: `${spec.name}:String`,
      message: refusal?.message ?? gate.reason,
    }
  }
  return {
    errorId: `${code},${spec.name}`,
    category:
      decision.outcome === "unknown"
        ? "NotImplemented"
        : gate.name === "role"
          ? "PermissionDenied"
          : "InvalidOperation",
    exception: /^[A-Za-z]+$/.test(code) ? code : "InvalidOperationException",
    command: spec.name,
    message: refusal?.message ?? gate.reason,
  }
}

/** What the operation itself found wrong with the parameters: a range, a length, a form. */
const invalid = (spec: CommandSpec, { issues }: ParametersInvalid): Complaint => {
  const [first] = issues
  const name = String(first?.path[0] ?? "")
  const texts = issues.map(({ path, message }) =>
    path.length > 1 ? `${path.slice(1).join(".")}: ${message}` : message,
  )
  return {
    errorId: `ParameterArgumentValidationError,${spec.name}`,
    category: "InvalidData",
    exception: "ParameterBindingValidationException",
    command: spec.name,
    message:
      name === ""
        ? `Cannot validate the arguments. ${texts.join("; ")}`
        : `Cannot validate argument on parameter '${valueText(name)}'. ${texts.join("; ")}`,
  }
}
