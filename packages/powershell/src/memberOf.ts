import { DateTime, Result } from "effect"
import { toNumber } from "./convert.ts"
import { settingItem } from "./directorySetting.ts"
import { complain } from "./operatorFailure.ts"
import type { Complaint } from "./ScriptError.ts"
import {
  type BytesValue,
  type DateTimeValue,
  isList,
  type TimeSpanValue,
  type Value,
} from "./Value.ts"
import { valueText } from "./valueText.ts"

/**
 * A property of a value, in any case. What is not there is `$null`, as without strict mode; of a
 * list that has no such property itself, the property of each of its members.
 */
export const memberOf = (value: Value, name: string): Value => {
  const key = name.toLowerCase()
  if (value === null) return key === "count" ? 0 : null
  if (isList(value)) {
    if (key === "count" || key === "length") return value.length
    const found = value.map((it) => memberOf(it, name)).filter((it) => it !== null)
    return found.length > 1 ? found.flatMap((it) => (isList(it) ? it : [it])) : (found[0] ?? null)
  }
  if (typeof value === "string") {
    return key === "length" ? value.length : key === "count" ? 1 : null
  }
  if (typeof value !== "object") return key === "count" || key === "length" ? 1 : null
  switch (value._tag) {
    case "Hashtable":
    case "Object": {
      const entry = value.entries.get(key)
      if (entry !== undefined) return entry.value
      const entries = [...value.entries.values()]
      if (value._tag === "Object") return key === "count" || key === "length" ? 1 : null
      if (key === "count") return entries.length
      if (key === "keys") return entries.map((it) => it.name)
      return key === "values" ? entries.map((it) => it.value) : null
    }
    case "DateTime":
      return dateMember(value, key)
    case "TimeSpan":
      return spanMember(value, key)
    case "Bytes":
      return key === "length" || key === "count" ? value.bytes.length : null
    default:
      return null
  }
}

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

const dateMember = ({ at }: DateTimeValue, key: string): Value => {
  const parts = DateTime.toPartsUtc(DateTime.makeUnsafe(at))
  switch (key) {
    case "year":
      return parts.year
    case "month":
      return parts.month
    case "day":
      return parts.day
    case "hour":
      return parts.hour
    case "minute":
      return parts.minute
    case "second":
      return parts.second
    case "millisecond":
      return parts.millisecond
    case "dayofweek":
      return weekdays[parts.weekDay] ?? null
    case "date":
      return { _tag: "DateTime", at: at - (((at % 86_400_000) + 86_400_000) % 86_400_000) }
    default:
      return null
  }
}

const spanMember = ({ millis }: TimeSpanValue, key: string): Value => {
  const units: Readonly<Record<string, number>> = {
    days: 86_400_000,
    hours: 3_600_000,
    minutes: 60_000,
    seconds: 1_000,
    milliseconds: 1,
  }
  const above: Readonly<Record<string, number>> = {
    days: Number.POSITIVE_INFINITY,
    hours: 24,
    minutes: 60,
    seconds: 60,
    milliseconds: 1_000,
  }
  const name = key.replace(/^total/, "")
  const unit = Object.hasOwn(units, name) ? units[name] : undefined
  if (unit === undefined) return null
  const whole = millis / unit
  if (key.startsWith("total")) return whole
  const limit = above[name] ?? 1
  return limit === Number.POSITIVE_INFINITY ? Math.trunc(whole) : Math.trunc(whole) % limit
}

type Found = Result.Result<Value, Complaint>

/** `value[index]`: a key of a hashtable, a place in a list from either end, several of them. */
export const itemOf = (value: Value, index: Value): Found => {
  if (value === null) return complain("NullArray", "Cannot index into a null array.")
  if (index === null) {
    return complain("NullArrayIndex", "Index operation failed; the array index evaluated to null.")
  }
  if (isList(index)) {
    return Result.map(Result.all(index.map((it) => itemOf(value, it))), (items) =>
      items.filter((it) => it !== null),
    )
  }
  if (typeof value === "object" && !isList(value) && value._tag === "Hashtable") {
    return Result.succeed(value.entries.get(valueText(index).toLowerCase())?.value ?? null)
  }
  const setting = settingItem(value, valueText(index))
  if (setting !== undefined) return Result.succeed(setting)
  // A single object stands for a list of one: what a cmdlet returned can be asked for its first.
  const sequence = sequenceOf(value) ?? [value]
  const place = toNumber(index)
  if (Result.isFailure(place)) {
    return complain(
      "InvalidCastFromStringToInteger",
      `Cannot convert value "${valueText(index)}" to type "System.Int32". Error: "${place.failure}"`,
    )
  }
  return Result.succeed(sequence.at(Math.round(place.success)) ?? null)
}

const sequenceOf = (value: Value): readonly Value[] | undefined => {
  if (isList(value)) return value
  if (typeof value === "string")
    return Array.from({ length: value.length }, (_, at) => value.charAt(at))
  return isBytes(value) ? Array.from(value.bytes) : undefined
}

const isBytes = (value: Value): value is BytesValue =>
  typeof value === "object" && value !== null && !isList(value) && value._tag === "Bytes"
