import { DateTime } from "effect"
import { padded } from "./Value.ts"
import { dateText } from "./valueText.ts"

/** The custom date format of .NET, as far as scripts use it: `yyyy-MM-dd HH:mm:ss`, and `o`, `s`, `u`. */
export const formatDate = (at: number, format: string): string => {
  const parts = DateTime.toPartsUtc(DateTime.makeUnsafe(at))
  const iso = `${padded(parts.year, 4)}-${padded(parts.month, 2)}-${padded(parts.day, 2)}`
  const clock = `${padded(parts.hour, 2)}:${padded(parts.minute, 2)}:${padded(parts.second, 2)}`
  switch (format) {
    case "o":
    case "O":
      return `${iso}T${clock}.${padded(parts.millisecond, 3)}0000Z`
    case "s":
      return `${iso}T${clock}`
    case "u":
      return `${iso} ${clock}Z`
    case "d":
      return `${parts.month}/${parts.day}/${parts.year}`
    case "g":
    case "G":
      return dateText(at, "console")
    default:
      break
  }
  const tokens: Readonly<Record<string, string>> = {
    yyyy: padded(parts.year, 4),
    yy: padded(parts.year % 100, 2),
    MM: padded(parts.month, 2),
    M: String(parts.month),
    dd: padded(parts.day, 2),
    d: String(parts.day),
    HH: padded(parts.hour, 2),
    H: String(parts.hour),
    hh: padded(parts.hour % 12 === 0 ? 12 : parts.hour % 12, 2),
    mm: padded(parts.minute, 2),
    ss: padded(parts.second, 2),
    fff: padded(parts.millisecond, 3),
    tt: parts.hour < 12 ? "AM" : "PM",
  }
  return format.replaceAll(/'[^']*'|y{2,4}|M{1,2}|d{1,2}|H{1,2}|hh|mm|ss|fff|tt/g, (token) =>
    token.startsWith("'") ? token.slice(1, -1) : (tokens[token] ?? token),
  )
}
