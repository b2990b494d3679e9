import { Schema } from "effect"

const unitMillis = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const

/** A span of time as people write it: `90 seconds`, `15 minutes`, `1 hour`, `30 days`, `2 weeks`. */
export const DurationText = Schema.String.check(
  Schema.isPattern(/^\d{1,6} (?:second|minute|hour|day|week)s?$/, {
    description: "a number and a unit, such as 15 minutes, 1 hour or 30 days",
    expected: "a number and a unit, such as 15 minutes, 1 hour or 30 days",
  }),
).annotate({ description: "Span of time", examples: ["15 minutes", "1 hour", "30 days"] })
export type DurationText = typeof DurationText.Type

/** Milliseconds of a span that has been checked by its schema. */
export const durationMillis = (text: DurationText): number => {
  const [count = "0", unit = "second"] = text.split(" ")
  const name = unit.endsWith("s") ? unit.slice(0, -1) : unit
  return Number(count) * unitMillis[name as keyof typeof unitMillis]
}
