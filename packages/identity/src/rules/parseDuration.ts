import { days, hours, minutes } from "@twin/kernel"

/** Longer than any rule needs; what is printed can be read again. */
const longestDays = 99_999

/**
 * Milliseconds of an ISO 8601 duration of fixed length, such as `p1d` (IDN-203): weeks, days, hours,
 * minutes and seconds. Months and years have no fixed length and are refused.
 */
export const parseDuration = (text: string): number | undefined => {
  const match =
    /^p(?:(\d{1,5})w)?(?:(\d{1,5})d)?(?:t(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,5})s)?)?$/i.exec(
      text,
    )
  if (match === null || match.slice(1).every((it) => it === undefined)) return undefined
  const [weekCount, dayCount, hourCount, minuteCount, secondCount] = match
    .slice(1)
    .map((it) => Number(it ?? 0)) as [number, number, number, number, number]
  const millis =
    days(7 * weekCount + dayCount) + hours(hourCount) + minutes(minuteCount) + 1000 * secondCount
  return millis > days(longestDays) ? undefined : millis
}

/** The same the other way round, in lower case as the documentation writes it; whole seconds. */
export const printDuration = (millis: number): string => {
  const total = Math.trunc(millis / 1000)
  const dayCount = Math.trunc(total / 86_400)
  const hourCount = Math.trunc((total % 86_400) / 3600)
  const minuteCount = Math.trunc((total % 3600) / 60)
  const secondCount = total % 60
  const time = [
    hourCount === 0 ? "" : `${hourCount}h`,
    minuteCount === 0 ? "" : `${minuteCount}m`,
    secondCount === 0 ? "" : `${secondCount}s`,
  ].join("")
  const date = dayCount === 0 && time !== "" ? "" : `${dayCount}d`
  return `p${date}${time === "" ? "" : `t${time}`}`
}
