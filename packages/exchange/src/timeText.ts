import { DateTime, Option } from "effect"

/** English (United States) dates, as PowerShell reads them whatever the culture. */
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?)?$/i
const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/

/** Epoch milliseconds of a date a cmdlet was given; without a zone it is UTC. Undefined: no date. */
export const timeOf = (text: string): number | undefined => {
  const wanted = text.trim()
  const match = iso.exec(wanted)
  if (match !== null) return millisOf(match[1] === undefined ? toUtc(wanted) : wanted)
  const [, month = "", day = "", year = "", hour = "0", minute = "0", second = "0", half] =
    american.exec(wanted) ?? []
  if (year === "") return undefined
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0)
  return millisOf(`${year}-${pad(month)}-${pad(day)}T${pad(hours)}:${pad(minute)}:${pad(second)}Z`)
}

const pad = (value: string | number): string => String(value).padStart(2, "0")

const toUtc = (text: string): string => {
  const withTime = text.replace(" ", "T")
  return withTime.includes("T") ? `${withTime}Z` : `${withTime}T00:00Z`
}

const millisOf = (text: string): number | undefined =>
  Option.getOrUndefined(DateTime.make(text))?.epochMilliseconds
