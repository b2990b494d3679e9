import { DateTime } from "effect"
import { isList, padded, timeSpanText, type Value } from "./Value.ts"

/** Deeper, an object within an object is only named. */
const deepest = 3

/** A value as it stands in a string: `"$x"`. */
export const valueText = (value: Value, depth = 0): string => {
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False"
    case "number":
      return numberText(value)
    case "string":
      return value
    default:
      break
  }
  if (value === null) return ""
  if (isList(value)) {
    return depth > deepest
      ? "System.Object[]"
      : value.map((it) => valueText(it, depth + 1)).join(" ")
  }
  switch (value._tag) {
    case "DateTime":
      return dateText(value.at, "invariant")
    case "TimeSpan":
      return timeSpanText(value.millis)
    case "Bytes":
      return value.bytes.join(" ")
    case "Hashtable":
      return "System.Collections.Hashtable"
    case "Object": {
      if (depth > deepest) return "..."
      const pairs = [...value.entries.values()].map(
        ({ name, value: it }) => `${name}=${valueText(it, depth + 1)}`,
      )
      return `@{${pairs.join("; ")}}`
    }
    case "Block":
    case "Formatted":
      return value.text
  }
}

/** Whole numbers without an exponent, as .NET writes them. */
export const numberText = (value: number): string => {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value).toString()
  return String(value)
    .replace(/e([+-])(\d)$/, "E$10$2")
    .replace("e", "E")
}

/** `9/1/2026 8:00:00 AM` as the console shows it, `09/01/2026 08:00:00` inside a string. UTC. */
export const dateText = (at: number, style: "console" | "invariant"): string => {
  const { year, month, day, hour, minute, second } = DateTime.toPartsUtc(DateTime.makeUnsafe(at))
  const clock = `${padded(minute, 2)}:${padded(second, 2)}`
  if (style === "invariant") {
    return `${padded(month, 2)}/${padded(day, 2)}/${padded(year, 4)} ${padded(hour, 2)}:${clock}`
  }
  return `${month}/${day}/${year} ${hour % 12 === 0 ? 12 : hour % 12}:${clock} ${hour < 12 ? "AM" : "PM"}`
}

/** The .NET name of a value's type, for messages. */
export const typeNameOf = (value: Value): string => {
  switch (typeof value) {
    case "boolean":
      return "System.Boolean"
    case "number":
      return Number.isInteger(value)
        ? Math.abs(value) < 2 ** 31
          ? "System.Int32"
          : "System.Int64"
        : "System.Double"
    case "string":
      return "System.String"
    default:
      break
  }
  if (value === null) return "null"
  if (isList(value)) return "System.Object[]"
  switch (value._tag) {
    case "DateTime":
      return "System.DateTime"
    case "TimeSpan":
      return "System.TimeSpan"
    case "Bytes":
      return "System.Byte[]"
    case "Hashtable":
      return "System.Collections.Hashtable"
    case "Object":
      return "System.Management.Automation.PSCustomObject"
    case "Block":
      return "System.Management.Automation.ScriptBlock"
    case "Formatted":
      return "System.String"
  }
}

/** What counts as true in a condition. */
export const isTrue = (value: Value): boolean => {
  if (isList(value)) return value.length > 1 || (value[0] !== undefined && isTrue(value[0]))
  switch (typeof value) {
    case "boolean":
      return value
    case "number":
      return value !== 0 && !Number.isNaN(value)
    case "string":
      return value !== ""
    default:
      return value !== null
  }
}
