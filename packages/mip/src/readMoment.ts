import { DateTime, Option } from "effect"

const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/

const two = (part: string): string => part.padStart(2, "0")

/** A moment as admins type it, ISO or month/day/year with a time, taken as UTC; undefined for others. */
export const readMoment = (text: string): number | undefined => {
  const [, month = "", day = "", year = "", hour = "0", minute = "0", second = "0"] =
    american.exec(text.trim()) ?? []
  const iso =
    year === ""
      ? text.trim()
      : `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}Z`
  return /^\d{4}-\d{2}-\d{2}/.test(iso)
    ? Option.getOrUndefined(Option.map(DateTime.make(iso), (it) => it.epochMilliseconds))
    : undefined
}
