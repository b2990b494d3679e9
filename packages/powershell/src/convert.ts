import { Result } from "effect"
import { parseDate } from "./parseDate.ts"
import { scanNumber } from "./scanNumber.ts"
import { type DateTimeValue, isList, type Value } from "./Value.ts"
import { isTrue, typeNameOf, valueText } from "./valueText.ts"

/** A conversion that fails says why, in the words of .NET. */
export type Converted<A> = Result.Result<A, string>

/** A moment in the years that .NET knows, 1 to 9999. */
export const momentAt = (at: number): Converted<DateTimeValue> =>
  at >= -62_135_596_800_000 && at <= 253_402_300_799_999
    ? Result.succeed({ _tag: "DateTime", at: Math.trunc(at) })
    : Result.fail("The added or subtracted value results in an un-representable DateTime.")

export const toDate = (value: Value): Converted<number> => {
  if (typeof value === "object" && value !== null && !isList(value) && value._tag === "DateTime") {
    return Result.succeed(value.at)
  }
  const at = typeof value === "string" ? parseDate(value) : undefined
  return at === undefined
    ? Result.fail(`String '${valueText(value)}' was not recognized as a valid DateTime.`)
    : Result.succeed(at)
}

/** `hh:mm:ss`, `d.hh:mm:ss`, or a whole number of days. */
export const toTimeSpan = (value: Value): Converted<number> => {
  if (typeof value === "object" && value !== null && !isList(value) && value._tag === "TimeSpan") {
    return Result.succeed(value.millis)
  }
  if (typeof value === "number") return Result.succeed(value / 10_000)
  const text = valueText(value).trim()
  const match = /^(-)?(?:(\d{1,8})\.)?(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,7})?)?$/.exec(text)
  const whole = /^(-)?(\d{1,8})$/.exec(text)
  if (whole !== null) {
    return Result.succeed(Number(whole[2]) * 86_400_000 * (whole[1] === undefined ? 1 : -1))
  }
  const [, sign, days = "0", hours = "99", minutes = "0", seconds = "0", fraction = ""] =
    match ?? []
  if (match === null || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    return Result.fail(`String '${text}' was not recognized as a valid TimeSpan.`)
  }
  const size =
    Number(days) * 86_400_000 +
    Number(hours) * 3_600_000 +
    Number(minutes) * 60_000 +
    Number(seconds) * 1_000 +
    Math.trunc(Number(`0${fraction}`) * 1_000)
  return Result.succeed(sign === undefined ? size : -size)
}

/** A GUID in lower case, with or without braces. */
export const toGuid = (value: Value): Converted<string> => {
  const text = valueText(value)
    .trim()
    .replace(/^\{(.*)\}$/, "$1")
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    return Result.succeed(text.toLowerCase())
  }
  if (/^[0-9a-f]{32}$/i.test(text)) {
    const hex = text.toLowerCase()
    const cut = [0, 8, 12, 16, 20, 32]
    return Result.succeed(
      cut
        .slice(1)
        .map((end, index) => hex.slice(cut[index], end))
        .join("-"),
    )
  }
  return Result.fail(
    "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).",
  )
}

/** A number, or text that is one; `$null` is 0. */
export const toNumber = (value: Value): Converted<number> => {
  if (typeof value === "number") return Result.succeed(value)
  if (typeof value === "boolean") return Result.succeed(value ? 1 : 0)
  if (value === null) return Result.succeed(0)
  if (typeof value === "string") {
    const text = value.trim()
    if (text === "") return Result.succeed(0)
    const scanned = scanNumber(text, 0, false)
    if (scanned !== undefined && scanned.text.length === text.length) {
      return Result.succeed(scanned.value)
    }
    const grouped = /^-?\d{1,3}(?:,\d{3})+$/.test(text)
      ? Number(text.replaceAll(",", ""))
      : Number.NaN
    return Number.isNaN(grouped)
      ? Result.fail("Input string was not in a correct format.")
      : Result.succeed(grouped)
  }
  return Result.fail(
    `Cannot convert the "${valueText(value)}" value of type "${typeNameOf(value)}" to a number.`,
  )
}

const integer = (value: Value, bits: 32 | 64): Converted<number> =>
  Result.flatMap(toNumber(value), (number) => {
    const rounded = roundHalfToEven(number)
    const limit = bits === 32 ? 2 ** 31 : 2 ** 63
    return rounded >= -limit && rounded < limit
      ? Result.succeed(rounded)
      : Result.fail(`Value was either too large or too small for an Int${bits}.`)
  })

const roundHalfToEven = (value: number): number => {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** `[type]value`, by the names of `castTypeOf`. The failure is the reason only. */
export const castTo = (type: string, value: Value): Converted<Value> => {
  if (type.endsWith("[]")) {
    const element = type.slice(0, -2)
    return Result.all(
      (isList(value) ? value : [value]).map((it) =>
        element === "object" ? Result.succeed(it) : castTo(element, it),
      ),
    )
  }
  switch (type) {
    case "string":
    case "uri":
      return Result.succeed(valueText(value))
    case "bool":
      return Result.succeed(isTrue(value))
    case "int":
      return integer(value, 32)
    case "long":
      return integer(value, 64)
    case "double":
    case "decimal":
      return toNumber(value)
    case "datetime":
      return Result.map(toDate(value), (at): Value => ({ _tag: "DateTime", at }))
    case "timespan":
      return Result.map(toTimeSpan(value), (millis): Value => ({ _tag: "TimeSpan", millis }))
    case "guid":
      return toGuid(value)
    case "hashtable":
    case "ordered":
    case "pscustomobject":
      return toTable(type, value)
    default:
      return Result.succeed(value)
  }
}

const toTable = (type: string, value: Value): Converted<Value> => {
  if (typeof value === "object" && value !== null && !isList(value)) {
    if (value._tag === "Hashtable" || (value._tag === "Object" && type === "pscustomobject")) {
      return Result.succeed({
        _tag: type === "pscustomobject" ? "Object" : "Hashtable",
        entries: value.entries,
      })
    }
  }
  return type === "pscustomobject"
    ? Result.succeed(value)
    : Result.fail(
        `Cannot convert the "${valueText(value)}" value of type "${typeNameOf(value)}" to type "System.Collections.Hashtable".`,
      )
}
