import { DateTime, Option } from "effect"

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

const time = String.raw`(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,7})?)?\s*([AaPp][Mm])?)?`
const zone = String.raw`\s*(Z|[+-]\d{2}:?\d{2})?`
const monthFirst = new RegExp(String.raw`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})${time}${zone}$`)
const yearFirst = new RegExp(String.raw`^(\d{4})-(\d{1,2})-(\d{1,2})${time}${zone}$`)
const monthName = new RegExp(
  String.raw`^([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})${time}${zone}$`,
)
const dayName = new RegExp(
  String.raw`^(\d{1,2})\.?[\s-]+([A-Za-z]{3,9})\.?[\s-]+(\d{4})${time}${zone}$`,
)

const monthNumber = (name: string | undefined): number =>
  months.indexOf((name ?? "").slice(0, 3).toLowerCase()) + 1

const zoneMinutes = (text: string | undefined): number => {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text ?? "")
  if (match === null) return 0
  const [, sign, hours, minutes] = match
  return (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -1 : 1)
}

/**
 * A date as admins write one: `9/1/2026`, `09/01/2026 8:00 PM`, `2026-09-01T08:00:00Z`,
 * `September 1, 2026`. Without a zone it is UTC, like everything in the twin; months come first, as
 * in the culture of the documentation.
 */
export const parseDate = (text: string): number | undefined => {
  const trimmed = text.trim()
  if (trimmed.length > 60) return undefined
  const found =
    shaped(monthFirst.exec(trimmed), [3, 1, 2]) ??
    shaped(yearFirst.exec(trimmed), [1, 2, 3]) ??
    shaped(monthName.exec(trimmed), [3, 1, 2]) ??
    shaped(dayName.exec(trimmed), [3, 2, 1])
  return found
}

const shaped = (
  match: RegExpExecArray | null,
  [yearAt, monthAt, dayAt]: readonly [number, number, number],
): number | undefined => {
  if (match === null) return undefined
  const [hourText, minute, second, fraction, half, zoneText] = match.slice(4)
  const monthText = match[monthAt]
  const month = /^\d/.test(monthText ?? "") ? Number(monthText) : monthNumber(monthText)
  const clock = Number(hourText ?? 0)
  if (half !== undefined && (clock < 1 || clock > 12)) return undefined
  const hour = half === undefined ? clock : (clock % 12) + (/^p/i.test(half) ? 12 : 0)
  const parts = {
    year: Number(match[yearAt]),
    month,
    day: Number(match[dayAt]),
    hour,
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    millisecond: Math.trunc(Number(`0${fraction ?? ""}`) * 1_000),
  }
  const made = DateTime.make(parts)
  if (Option.isNone(made)) return undefined
  const back = DateTime.toPartsUtc(made.value)
  // The 31st of February is no date, though a calendar would roll on to March.
  if (back.month !== month || back.day !== parts.day || back.hour !== hour) return undefined
  if (parts.minute > 59 || parts.second > 59) return undefined
  return made.value.epochMilliseconds - zoneMinutes(zoneText) * 60_000
}
