import { DateTime, Result } from "effect"
import { momentAt, toNumber } from "./convert.ts"
import { createSetting } from "./directorySetting.ts"
import { formatDate } from "./formatDate.ts"
import { complain } from "./operatorFailure.ts"
import type { Complaint } from "./ScriptError.ts"
import { type DateTimeValue, isList, type Value } from "./Value.ts"
import { typeNameOf, valueText } from "./valueText.ts"

type Invoked = Result.Result<Value, Complaint>

/** `value.Name(arguments)`: the pure methods of text, dates and lists that admins use. */
export const invokeMethod = (target: Value, name: string, given: readonly Value[]): Invoked => {
  const method = name.toLowerCase()
  if (target === null) {
    return complain("InvokeMethodOnNull", "You cannot call a method on a null-valued expression.")
  }
  if (method === "tostring") return asText(target, given[0])
  if (typeof target === "string") return onText(target, method, given) ?? unknown(target, name)
  if (isList(target) && (method === "contains" || method === "indexof")) {
    const place = target.findIndex((it) => valueText(it) === valueText(given[0] ?? null))
    return Result.succeed(method === "contains" ? place >= 0 : place)
  }
  if (typeof target === "object" && !isList(target) && target._tag === "DateTime") {
    return onDate(target, method, given[0] ?? 0) ?? unknown(target, name)
  }
  const setting = method === "createdirectorysetting" ? createSetting(target) : undefined
  return setting === undefined ? unknown(target, name) : Result.succeed(setting)
}

const unknown = (target: Value, name: string): Invoked =>
  complain(
    "MethodNotFound",
    `Method invocation failed because [${typeNameOf(target)}] does not contain a method named '${name}'.`,
  )

const onText = (text: string, method: string, given: readonly Value[]): Invoked | undefined => {
  const [first = "", second = ""] = given.map((it) => valueText(it))
  const characters = first === "" ? " \t\r\n" : first
  switch (method) {
    case "tolower":
    case "tolowerinvariant":
      return Result.succeed(text.toLowerCase())
    case "toupper":
    case "toupperinvariant":
      return Result.succeed(text.toUpperCase())
    case "contains":
      return Result.succeed(text.includes(first))
    case "startswith":
      return Result.succeed(text.startsWith(first))
    case "endswith":
      return Result.succeed(text.endsWith(first))
    case "indexof":
      return Result.succeed(text.indexOf(first))
    case "replace":
      return first === ""
        ? complain("ArgumentException", "String cannot be of zero length.", "ArgumentException")
        : Result.succeed(text.replaceAll(first, () => second))
    case "split":
      return Result.succeed(splitAt(text, characters))
    case "trim":
      return Result.succeed(trimStart(trimEnd(text, characters), characters))
    case "trimstart":
      return Result.succeed(trimStart(text, characters))
    case "trimend":
      return Result.succeed(trimEnd(text, characters))
    case "substring":
      return substring(text, given)
    default:
      return undefined
  }
}

const splitAt = (text: string, characters: string): readonly string[] => {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (!characters.includes(text.charAt(at))) continue
    parts.push(text.slice(from, at))
    from = at + 1
  }
  return [...parts, text.slice(from)]
}

const trimStart = (text: string, characters: string): string => {
  let start = 0
  while (start < text.length && characters.includes(text.charAt(start))) start += 1
  return text.slice(start)
}

const trimEnd = (text: string, characters: string): string => {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}

const substring = (text: string, given: readonly Value[]): Invoked => {
  const [start, length] = given.map((it) => Result.getOrElse(toNumber(it), () => -1))
  const from = start ?? 0
  const to = length === undefined ? text.length : from + length
  return from < 0 || to < from || to > text.length
    ? complain(
        "ArgumentOutOfRangeException",
        "startIndex cannot be larger than length of string, and the length must refer to a location within the string.",
        "ArgumentOutOfRangeException",
      )
    : Result.succeed(text.slice(from, to))
}

const fixed: Readonly<Record<string, number>> = {
  adddays: 86_400_000,
  addhours: 3_600_000,
  addminutes: 60_000,
  addseconds: 1_000,
}

const onDate = (target: DateTimeValue, method: string, given: Value): Invoked | undefined => {
  if (method === "touniversaltime") return Result.succeed(target)
  const count = toNumber(given)
  if (Result.isFailure(count)) return undefined
  const unit = Object.hasOwn(fixed, method) ? fixed[method] : undefined
  if (unit !== undefined) return moment(target.at + count.success * unit)
  if (method !== "addmonths" && method !== "addyears") return undefined
  const months = Math.trunc(count.success) * (method === "addyears" ? 12 : 1)
  if (Math.abs(months) > 120_000) return outOfRange()
  return moment(DateTime.add(DateTime.makeUnsafe(target.at), { months }).epochMilliseconds)
}

const moment = (at: number): Invoked => {
  const made = momentAt(at)
  return Result.isSuccess(made) ? Result.succeed(made.success) : outOfRange()
}

const outOfRange = (): Invoked =>
  complain(
    "ArgumentOutOfRangeException",
    "The added or subtracted value results in an un-representable DateTime.",
    "ArgumentOutOfRangeException",
  )

const asText = (target: Value, given: Value | undefined): Invoked => {
  if (given === undefined || given === null) return Result.succeed(valueText(target))
  if (
    typeof target === "object" &&
    target !== null &&
    !isList(target) &&
    target._tag === "DateTime"
  ) {
    return Result.succeed(formatDate(target.at, valueText(given)))
  }
  return complain(
    "MethodException",
    `The twin knows ToString('${valueText(given)}') for dates only.`,
  )
}
