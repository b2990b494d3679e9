import { nearest } from "@twin/kernel"
import { Result, type Schema } from "effect"
import { commonParameters } from "./commonParameters.ts"
import { convertParameter, type Given, identifying } from "./convertParameter.ts"
import { type CommandSpec, type ParameterSpec, typeTitle } from "./ParameterSpec.ts"
import type { Complaint } from "./ScriptError.ts"
import type { Span } from "./Syntax.ts"
import { fromJson, isList, type Value } from "./Value.ts"
import { valueText } from "./valueText.ts"

/** What stands after the name of a command, its values known. */
export type GivenElement =
  | {
      readonly kind: "named"
      readonly name: string
      readonly span: Span
      /** With a colon, or splatted. Without, the next positional element is the value. */
      readonly given?: Given
    }
  | { readonly kind: "positional"; readonly given: Given; readonly span: Span }

/** A parameter that has its value. */
export interface Assignment {
  readonly spec: ParameterSpec
  readonly given: Given
  readonly span: Span
}

/** By the names of the parameters; the common ones are among them. */
export type Assigned = ReadonlyMap<string, Assignment>

/** What is wrong, and where in the line. */
export interface BindFailure {
  readonly complaint: Complaint
  readonly span: Span
}

type Bound<A> = Result.Result<A, BindFailure>

const fail = (
  span: Span,
  errorId: string,
  message: string,
  hint?: string,
): Result.Result<never, BindFailure> =>
  Result.fail({
    span,
    complaint: {
      errorId,
      message,
      category: "InvalidArgument",
      exception: "ParameterBindingException",
      ...(hint === undefined ? {} : { hint }),
    },
  })

/** All parameters that may be named, the common ones last. */
const allParameters = (command: CommandSpec): readonly ParameterSpec[] => {
  const own = new Set(command.parameters.map(({ name }) => name.toLowerCase()))
  return [
    ...command.parameters,
    ...commonParameters(command.changesThings).filter(({ name }) => !own.has(name.toLowerCase())),
  ]
}

const names = (spec: ParameterSpec): readonly string[] =>
  [spec.name, ...spec.aliases].map((it) => it.toLowerCase())

/** The parameter that a name means: in any case, by alias, or by as much of it as is unambiguous. */
export const resolveParameter = (
  command: CommandSpec,
  name: string,
  span: Span,
): Bound<ParameterSpec> => {
  const wanted = name.toLowerCase()
  const parameters = allParameters(command)
  const exact = parameters.find((it) => names(it).includes(wanted))
  if (exact !== undefined) return Result.succeed(exact)
  const near = parameters.filter((it) => names(it).some((known) => known.startsWith(wanted)))
  const [only] = near
  if (near.length === 1 && only !== undefined) return Result.succeed(only)
  if (near.length > 1) {
    const matches = near.map((it) => ` -${it.name}`).join("")
    return fail(
      span,
      "AmbiguousParameter",
      `Parameter cannot be processed because the parameter name '${name}' is ambiguous. Possible matches include:${matches}.`,
    )
  }
  return fail(
    span,
    "NamedParameterNotFound",
    `A parameter cannot be found that matches parameter name '${name}'.`,
    unknownName(name, parameters),
  )
}

const unknownName = (name: string, parameters: readonly ParameterSpec[]): string | undefined => {
  const [before, after] = name.split("=")
  if (after !== undefined) return `Between -${before} and its value stands a space, not '='.`
  const near = nearest(
    name,
    parameters.map((it) => it.name),
  )
  return near.length === 0 ? undefined : `Did you mean -${near.join(" or -")}?`
}

/** Gives every element of a command to a parameter, in PowerShell's order: names first, then places. */
export const assign = (command: CommandSpec, elements: readonly GivenElement[]): Bound<Assigned> =>
  Result.gen(function* () {
    const assigned = new Map<string, Assignment>()
    const unnamed: Extract<GivenElement, { kind: "positional" }>[] = []
    for (let index = 0; index < elements.length; index++) {
      const element = elements[index]
      if (element === undefined) break
      if (element.kind === "positional") {
        unnamed.push(element)
        continue
      }
      const { name, span } = element
      const spec = yield* resolveParameter(command, name, span)
      if (assigned.has(spec.name)) {
        return yield* fail(
          span,
          "ParameterAlreadyBound",
          `Cannot bind parameter because parameter '${spec.name}' is specified more than once. To provide multiple values to parameters that can accept multiple values, use the array syntax. For example, "-parameter value1,value2,value3".`,
        )
      }
      const next = elements[index + 1]
      const takesNext = element.given === undefined && spec.type.kind !== "switch"
      if (takesNext && next?.kind !== "positional") {
        return yield* fail(
          span,
          "MissingArgument",
          `Missing an argument for parameter '${spec.name}'. Specify a parameter of type '${typeTitle(spec.type)}' and try again.`,
        )
      }
      if (takesNext && next?.kind === "positional") {
        assigned.set(spec.name, { spec, given: next.given, span: next.span })
        index += 1
      } else {
        assigned.set(spec.name, { spec, given: element.given ?? { value: true }, span })
      }
    }
    yield* assignByPlace(command, unnamed, assigned)
    return yield* withPreferences(command, assigned)
  })

/** The common parameters with their values converted: the shell itself reads them. */
const withPreferences = (
  command: CommandSpec,
  assigned: ReadonlyMap<string, Assignment>,
): Bound<Assigned> =>
  Result.gen(function* () {
    const own = new Set(command.parameters.map(({ name }) => name))
    const converted = new Map(assigned)
    for (const [name, { spec, given, span }] of assigned) {
      if (own.has(name)) continue
      const taken = convertParameter(spec, given)
      if (Result.isFailure(taken)) return yield* Result.fail({ complaint: taken.failure, span })
      converted.set(name, { spec, given: { value: fromJson(taken.success) }, span })
    }
    return converted
  })

const assignByPlace = (
  command: CommandSpec,
  unnamed: readonly Extract<GivenElement, { kind: "positional" }>[],
  assigned: Map<string, Assignment>,
): Bound<void> => {
  const places = command.parameters
    .filter((it) => it.position !== undefined && !assigned.has(it.name))
    .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
  for (const [index, { given, span }] of unnamed.entries()) {
    const spec = places[index]
    if (spec === undefined) {
      const text = given.literal ?? valueText(given.value)
      return fail(
        span,
        "PositionalParameterNotFound",
        `A positional parameter cannot be found that accepts argument '${text.slice(0, 200)}'.`,
        typeof given.value === "boolean"
          ? `A switch takes its value after a colon: -Name:$${text.toLowerCase()}.`
          : undefined,
      )
    }
    if (spec.takesRest === true) {
      const rest = unnamed.slice(index).map((it) => it.given.value)
      const [only = null] = rest
      assigned.set(spec.name, { spec, given: { value: rest.length === 1 ? only : rest }, span })
      break
    }
    assigned.set(spec.name, { spec, given, span })
  }
  return Result.void
}

/** The parameters as the operation takes them; `span` is where the command stands. */
export const convertAssigned = (
  command: CommandSpec,
  assigned: Assigned,
  span: Span,
): Bound<Readonly<Record<string, Schema.Json>>> => {
  const missing = command.parameters.filter((it) => it.isMandatory && !assigned.has(it.name))
  if (missing.length > 0) {
    const list = missing.map((it) => ` ${it.name}`).join("")
    return fail(
      span,
      "MissingMandatoryParameter",
      `Cannot process command because of one or more missing mandatory parameters:${list}.`,
    )
  }
  const pairs: (readonly [string, Schema.Json])[] = []
  for (const spec of command.parameters) {
    const assignment = assigned.get(spec.name)
    if (assignment === undefined) continue
    const taken = convertParameter(spec, assignment.given)
    if (Result.isFailure(taken)) {
      return Result.fail({ complaint: taken.failure, span: assignment.span })
    }
    pairs.push([spec.name, taken.success])
  }
  return Result.succeed(Object.fromEntries(pairs))
}

/** Adds what comes through the pipe: by value, or from an object the property that fits. */
export const assignPiped = (
  command: CommandSpec,
  assigned: Assigned,
  input: Value,
  span: Span,
): Bound<Assigned> => {
  const spec = command.parameters.find((it) => it.name === command.pipeline)
  const isTaken = spec === undefined || assigned.has(spec.name)
  const value = spec === undefined ? undefined : pipedValue(spec, input)
  if (isTaken || value === undefined) {
    return fail(
      span,
      "InputObjectNotBound",
      "The input object cannot be bound to any parameters for the command either because the command does not take pipeline input or the input and its properties do not match any of the parameters that take pipeline input.",
    )
  }
  return Result.succeed(new Map(assigned).set(spec.name, { spec, given: { value }, span }))
}

const pipedValue = (spec: ParameterSpec, input: Value): Value | undefined => {
  if (spec.type.kind === "table" || spec.type.kind === "any") return input
  if (typeof input !== "object" || input === null || isList(input)) return input
  return input._tag === "Object" ? identifying(spec, input.entries) : input
}
