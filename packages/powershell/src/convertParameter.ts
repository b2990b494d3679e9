import { isoOf } from "@twin/kernel"
import { Result, type Schema } from "effect"
import { toDate, toGuid, toNumber, toTimeSpan } from "./convert.ts"
import {
  type Choice,
  type ParameterSpec,
  type ParameterType,
  type ScalarType,
  typeTitle,
} from "./ParameterSpec.ts"
import type { Complaint } from "./ScriptError.ts"
import { isList, tagOf, timeSpanText, toJson, type Value } from "./Value.ts"
import { typeNameOf, valueText } from "./valueText.ts"

/** An argument: its value, and how it was typed where that says more (`007`). */
export interface Given {
  readonly value: Value
  readonly literal?: string
}

type Taken = Result.Result<Schema.Json, Complaint>

/** The argument as the operation takes it, converted as PowerShell's binder converts. */
export const convertParameter = (spec: ParameterSpec, given: Given): Taken =>
  convert(spec, spec.type, given)

const bindingFailed = (errorId: string, message: string): Result.Result<never, Complaint> =>
  Result.fail({
    errorId,
    message,
    category: "InvalidArgument",
    exception: "ParameterBindingException",
  })

const cannotBind = (spec: ParameterSpec, reason: string) =>
  bindingFailed("CannotConvertArgumentNoMessage", `Cannot bind parameter '${spec.name}'. ${reason}`)

/** `Cannot convert value "x" to type "System.Int32". Error: "..."` */
const cannotConvert = (spec: ParameterSpec, type: ParameterType, value: Value, why: string) =>
  cannotBind(
    spec,
    `Cannot convert value "${valueText(value)}" to type "${typeTitle(type)}". Error: "${why}"`,
  )

const notSupported = (spec: ParameterSpec, type: ParameterType, value: Value) =>
  bindingFailed(
    "CannotConvertArgument",
    `Cannot convert '${typeNameOf(value)}' to the type '${typeTitle(type)}' required by parameter '${spec.name}'. Specified method is not supported.`,
  )

const convert = (spec: ParameterSpec, type: ParameterType, given: Given): Taken => {
  const { value } = given
  switch (type.kind) {
    case "nullable":
      return value === null ? Result.succeed(null) : convert(spec, type.of, given)
    case "any":
      return Result.succeed(toJson(value))
    case "list":
      return toList(spec, type.of, given)
    case "either":
      return toEither(spec, type.of, given)
    case "bool":
    case "switch":
      return toBoolean(spec, type, value)
    case "table":
      return toTable(spec, type, value)
    case "string":
    case "guid":
    case "choice":
    case "number":
    case "integer":
    case "datetime":
    case "timespan":
      return toScalar(spec, type, given)
  }
}

const toScalar = (spec: ParameterSpec, type: ScalarType, given: Given): Taken => {
  const value = keyOf(spec, given.value)
  if (isList(value)) {
    const [only] = value
    return type.kind === "choice" && value.length === 1 && only !== undefined
      ? toScalar(spec, type, { value: only })
      : notSupported(spec, type, value)
  }
  const isText = type.kind === "string" || (type.kind === "datetime" && type.as === "likely")
  if (value === null && !isText) return notNull(spec)
  const converted = (result: Result.Result<Schema.Json, string>): Taken =>
    Result.isSuccess(result)
      ? Result.succeed(result.success)
      : cannotConvert(spec, type, value, result.failure)
  switch (type.kind) {
    case "string":
      return toText(spec, type, value, given.literal)
    case "choice":
      return toChoice(spec, type, value)
    case "number":
    case "integer":
      return tagOf(value) === "DateTime" ? converted(toDate(value)) : converted(toNumber(value))
    case "guid":
      return converted(toGuid(value))
    case "timespan":
      return converted(Result.map(toTimeSpan(value), timeSpanText))
    case "datetime": {
      const date = Result.map(toDate(value), (at) => (type.as === "millis" ? at : isoOf(at)))
      return type.as === "likely" && Result.isFailure(date)
        ? toText(spec, type, value, given.literal)
        : converted(date)
    }
  }
}

const notNull = (spec: ParameterSpec) =>
  bindingFailed(
    "ParameterArgumentValidationErrorNullNotAllowed",
    `Cannot bind argument to parameter '${spec.name}' because it is null.`,
  )

/** An object where its key is wanted: the property of the parameter's name, or what identifies it. */
const keyOf = (spec: ParameterSpec, value: Value): Value => {
  if (value === null || typeof value !== "object" || isList(value) || value._tag !== "Object") {
    return value
  }
  return identifying(spec, value.entries) ?? value
}

const identities = ["Identity", "Url", "Guid", "Id", "Name", "UserPrincipalName", "UserName"]

/** What of an object a parameter takes: its own name, an alias, or the object's identity. */
export const identifying = (
  spec: ParameterSpec,
  entries: ReadonlyMap<string, { readonly value: Value }>,
): Value | undefined => {
  for (const name of [spec.name, ...spec.aliases, ...identities]) {
    const value = entries.get(name.toLowerCase())?.value
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

const toText = (
  spec: ParameterSpec,
  type: ParameterType,
  value: Value,
  literal: string | undefined,
): Taken => {
  switch (tagOf(value)) {
    case "Hashtable":
    case "Object":
    case "Bytes":
      return notSupported(spec, type, value)
    // ISO, which operations read, rather than the culture's form.
    case "DateTime":
      return Result.succeed(toJson(value))
    default:
      break
  }
  const text = literal ?? valueText(value)
  if (text !== "" || !spec.isMandatory) return Result.succeed(text)
  return bindingFailed(
    "ParameterArgumentValidationErrorEmptyStringNotAllowed",
    `Cannot bind argument to parameter '${spec.name}' because it is an empty string.`,
  )
}

/** Boolean parameters take `$true`, `$false` and numbers, never text: `"False"` would count as true. */
const toBoolean = (spec: ParameterSpec, type: ParameterType, value: Value): Taken => {
  if (typeof value === "boolean") return Result.succeed(value)
  if (typeof value === "number") return Result.succeed(value !== 0)
  if (value === null) {
    return type.kind === "switch" ? Result.succeed(true) : notNull(spec)
  }
  return type.kind === "switch"
    ? bindingFailed(
        "CannotConvertArgument",
        `Cannot convert '${typeNameOf(value)}' to the type '${typeTitle(type)}' required by parameter '${spec.name}'.`,
      )
    : Result.fail({
        errorId: "ParameterArgumentTransformationError",
        message: `Cannot process argument transformation on parameter '${spec.name}'. Cannot convert value "${typeNameOf(value)}" to type "System.Boolean". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.`,
        category: "InvalidData",
        exception: "ParameterBindingArgumentTransformationException",
        ...(typeof value === "string" && /^(true|false)$/i.test(value)
          ? { hint: `Write $${value.toLowerCase()}, without quotes.` }
          : {}),
      })
}

const named = (choice: Choice): string => String(choice).toLowerCase()

/** Without case, and any beginning that only one of the names has. */
const toChoice = (
  spec: ParameterSpec,
  type: Extract<ParameterType, { kind: "choice" }>,
  value: Value,
): Taken => {
  const text = valueText(value).trim()
  const wanted = text.toLowerCase()
  const exact = type.values.find((it) => named(it) === wanted)
  if (exact !== undefined) return Result.succeed(exact)
  const near = wanted === "" ? [] : type.values.filter((it) => named(it).startsWith(wanted))
  const [only] = near
  if (near.length === 1 && only !== undefined) return Result.succeed(only)
  return cannotConvert(
    spec,
    type,
    value,
    near.length > 1
      ? `The identifier name ${text} cannot be processed because it is either too similar or identical to the following enumerator names: ${near.join(", ")}. Use a more specific identifier name.`
      : `Unable to match the identifier name ${text} to a valid enumerator name. Specify one of the following enumerator names and try again:\n${type.values.join(", ")}`,
  )
}

/** A single value is a list of one; `$null` is an empty one. */
const toList = (spec: ParameterSpec, of: ParameterType, given: Given): Taken => {
  const { value } = given
  if (value === null) return Result.succeed([])
  if (tagOf(value) === "Bytes") return Result.succeed(toJson(value))
  if (!isList(value)) return Result.map(convert(spec, of, given), (it) => [it])
  return Result.all(value.map((it) => convert(spec, of, { value: it })))
}

/** The first type that takes the value as it is, else the first that it can be converted to. */
const toEither = (spec: ParameterSpec, types: readonly ParameterType[], given: Given): Taken => {
  const fitting = types.find((it) => fits(it, given.value))
  if (fitting !== undefined) return convert(spec, fitting, given)
  let first: Taken | undefined
  for (const type of types) {
    const result = convert(spec, type, given)
    if (Result.isSuccess(result)) return result
    first ??= result
  }
  return first ?? Result.succeed(toJson(given.value))
}

const fits = (type: ParameterType, value: Value): boolean => {
  switch (type.kind) {
    case "string":
      return typeof value === "string"
    case "choice":
      return type.values.some((it) => String(it).toLowerCase() === valueText(value).toLowerCase())
    case "number":
    case "integer":
      return typeof value === "number"
    case "bool":
    case "switch":
      return typeof value === "boolean"
    case "list":
      return isList(value) || tagOf(value) === "Bytes"
    case "table":
      return tagOf(value) === "Hashtable" || tagOf(value) === "Object"
    case "datetime":
      return tagOf(value) === "DateTime"
    case "timespan":
      return tagOf(value) === "TimeSpan"
    case "nullable":
      return value === null || fits(type.of, value)
    default:
      return false
  }
}

const toTable = (
  spec: ParameterSpec,
  type: Extract<ParameterType, { kind: "table" }>,
  value: Value,
): Taken => {
  if (value === null) return notNull(spec)
  if (
    typeof value !== "object" ||
    isList(value) ||
    (value._tag !== "Hashtable" && value._tag !== "Object")
  ) {
    return cannotBind(
      spec,
      `Cannot convert the "${valueText(value)}" value of type "${typeNameOf(value)}" to type "${typeTitle(type)}".`,
    )
  }
  return Result.gen(function* () {
    const pairs: [string, Schema.Json][] = []
    for (const [key, entry] of value.entries) {
      const field = type.fields.get(key)
      const taken = yield* convert(spec, field?.type ?? type.rest, { value: entry.value })
      pairs.push([field?.name ?? entry.name, taken])
    }
    return Object.fromEntries(pairs)
  })
}
