import { days, hours, minutes } from "@twin/kernel"

/** Milliseconds of an ISO 8601 duration in days, hours and minutes, such as `p1d` (IDN-203). */
export const parseDuration = (text: string): number | undefined => {
  const match = /^p(?:(\d{1,5})d)?(?:t(?:(\d{1,5})h)?(?:(\d{1,5})m)?)?$/i.exec(text)
  if (match === null) return undefined
  const [, dayCount, hourCount, minuteCount] = match
  if (dayCount === undefined && hourCount === undefined && minuteCount === undefined)
    return undefined
  return (
    days(Number(dayCount ?? 0)) + hours(Number(hourCount ?? 0)) + minutes(Number(minuteCount ?? 0))
  )
}
