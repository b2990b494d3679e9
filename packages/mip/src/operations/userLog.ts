import { decideByGates, deny, type GateRules, gate, isoOf, minutes, pass } from "@twin/kernel"
import { Schema } from "effect"
import { daysBetween, usageLogDelayMinutes, usageLogRows, usageLogText } from "../usageLog.ts"
import { aipCmdlet } from "./aipCmdlet.ts"

const day = (description: string) =>
  Schema.optionalKey(
    Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}/)).annotate({ description }),
  )

interface LogFacets {
  readonly dates: "one" | "range" | "none" | "mixed" | "reversed"
  readonly reachesToday: boolean
}

const logGate = gate<LogFacets>()

const datesGiven = logGate({
  name: "log-dates",
  facts: ["MIP-277"],
  reads: ["dates"],
  check: ({ dates }) => {
    switch (dates) {
      case "one":
      case "range":
        return pass("The days of the log are given.", { dates })
      case "mixed":
        return deny(
          "One day and a range of days exclude each other.",
          { dates },
          { message: "Parameter set cannot be resolved using the specified named parameters." },
        )
      case "none":
      case "reversed":
        return deny(
          "There is no day to download.",
          { dates },
          { message: "Specify ForDate, or FromDate and ToDate." },
        )
    }
  },
})

const dayComplete = logGate({
  name: "log-day-complete",
  facts: ["MIP-277"],
  reads: ["reachesToday"],
  check: ({ reachesToday }) =>
    reachesToday
      ? deny(
          "The current day cannot be downloaded: it is not over in UTC.",
          { reachesToday },
          { message: "The log of the current UTC day is not available yet." },
        )
      : pass("All these days are over, and their logs complete."),
})

const gates: GateRules<LogFacets> = [datesGiven, dayComplete]

const daysAsked = (asked: {
  readonly ForDate?: string
  readonly FromDate?: string
  readonly ToDate?: string
}): { readonly kind: LogFacets["dates"]; readonly days: readonly string[] } => {
  const { ForDate, FromDate, ToDate } = asked
  const isRange = FromDate !== undefined || ToDate !== undefined
  if (ForDate !== undefined) {
    return { kind: isRange ? "mixed" : "one", days: [ForDate.slice(0, 10)] }
  }
  if (FromDate === undefined || ToDate === undefined) return { kind: "none", days: [] }
  const days = daysBetween(FromDate.slice(0, 10), ToDate.slice(0, 10))
  return { kind: days.length === 0 ? "reversed" : "range", days }
}

/** The usage log of the service, a file a day (MIP-274, MIP-277). */
export const getUserLog = aipCmdlet({
  name: "Get-AipServiceUserLog",
  summary: "Downloads the usage log of the protection service, one file for each day.",
  params: Schema.Struct({
    Path: Schema.NonEmptyString.annotate({ description: "Folder; the twin prints the files" }),
    ForDate: day("One UTC day, e.g. 2026-09-01"),
    FromDate: day("First day of a range"),
    ToDate: day("Last day of a range"),
    NumberOfThreads: Schema.optionalKey(
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 32 })).annotate({
        description: "1 to 32; 3 if absent",
      }),
    ),
  }),
  facts: ["MIP-274", "MIP-275", "MIP-276", "MIP-277"],
  binding: { positional: ["Path"] },
  isReadOnly: true,
  decide: ({ world, now }, asked) => {
    const { kind, days } = daysAsked(asked)
    const settled = isoOf(now - minutes(usageLogDelayMinutes)).slice(0, 10)
    const decision = decideByGates(gates, {
      dates: kind,
      reachesToday: days.some((it) => it >= settled),
    })
    return {
      decision,
      output: days.map((it) => {
        const rows = usageLogRows(world, it)
        return {
          File: `${asked.Path.replace(/[\\/]$/, "")}\\rmslog-${it}.log`,
          Entries: rows.length,
          Content: usageLogText(rows),
        }
      }),
    }
  },
})
