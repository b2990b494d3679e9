import { DateTime, Effect, Result } from "effect"
import { momentAt, toDate } from "../convert.ts"
import { formatDate } from "../formatDate.ts"
import { errorAt, type Interpreter } from "../Interpreter.ts"
import type { ScriptError } from "../ScriptError.ts"
import { valueText } from "../valueText.ts"
import {
  numberOf,
  parameter,
  type ShellCall,
  shellCommand,
  switches,
  valueOf,
} from "./ShellCommand.ts"

/** A date that a parameter gives, else another moment. */
const dateOf = <R>(
  shell: Interpreter<R>,
  call: ShellCall,
  name: string,
  otherwise: number,
): Effect.Effect<number, ScriptError> => {
  const value = valueOf(call, name)
  if (value === undefined) return Effect.succeed(otherwise)
  const date = toDate(value)
  return Result.isSuccess(date)
    ? Effect.succeed(date.success)
    : errorAt(shell, call.span, {
        errorId: "CannotConvertArgumentNoMessage",
        category: "InvalidArgument",
        exception: "ParameterBindingException",
        message: `Cannot bind parameter '${name}'. Cannot convert value "${valueText(value)}" to type "System.DateTime". Error: "${date.failure}"`,
      })
}

/** `Get-Date`: the tenant's clock, never this machine's. */
export const getDate = shellCommand(
  "Get-Date",
  [],
  [
    parameter("Date", "any", 0, ["LastWriteTime"]),
    parameter("Format", "string"),
    parameter("UFormat", "string"),
    ...["Year", "Month", "Day", "Hour", "Minute", "Second"].map((it) => parameter(it, "integer")),
    ...switches("AsUTC"),
  ],
  Effect.fnUntraced(function* (shell, call) {
    const now = yield* dateOf(shell, call, "Date", yield* shell.host.now)
    const parts = DateTime.toPartsUtc(DateTime.makeUnsafe(now))
    const [year, month, day, hour, minute, second] = [
      yield* numberOf(shell, call, "Year"),
      yield* numberOf(shell, call, "Month"),
      yield* numberOf(shell, call, "Day"),
      yield* numberOf(shell, call, "Hour"),
      yield* numberOf(shell, call, "Minute"),
      yield* numberOf(shell, call, "Second"),
    ]
    const made = DateTime.make({
      year: year ?? parts.year,
      month: month ?? parts.month,
      day: day ?? parts.day,
      hour: hour ?? parts.hour,
      minute: minute ?? parts.minute,
      second: second ?? parts.second,
      millisecond: parts.millisecond,
    })
    const at = made._tag === "Some" ? momentAt(made.value.epochMilliseconds) : Result.fail("")
    if (Result.isFailure(at)) {
      return yield* errorAt(shell, call.span, {
        errorId: "ArgumentOutOfRangeException,Get-Date",
        category: "InvalidArgument",
        exception: "ArgumentOutOfRangeException",
        command: "Get-Date",
        message: "Year, Month, and Day parameters describe an un-representable DateTime.",
      })
    }
    const format = valueOf(call, "Format")
    return [format === undefined ? at.success : formatDate(at.success.at, valueText(format))]
  }),
)

/** `New-TimeSpan`: from its parts, or between two dates. */
export const newTimeSpan = shellCommand(
  "New-TimeSpan",
  [],
  [
    parameter("Start", "any", 0, ["LastWriteTime"]),
    parameter("End", "any", 1),
    ...["Days", "Hours", "Minutes", "Seconds", "Milliseconds"].map((it) =>
      parameter(it, "integer"),
    ),
  ],
  Effect.fnUntraced(function* (shell, call) {
    const now = yield* shell.host.now
    if (valueOf(call, "Start") !== undefined || valueOf(call, "End") !== undefined) {
      const start = yield* dateOf(shell, call, "Start", now)
      const end = yield* dateOf(shell, call, "End", now)
      return [{ _tag: "TimeSpan", millis: end - start } as const]
    }
    const units = [
      ["Days", 86_400_000],
      ["Hours", 3_600_000],
      ["Minutes", 60_000],
      ["Seconds", 1_000],
      ["Milliseconds", 1],
    ] as const
    let millis = 0
    for (const [name, unit] of units) millis += ((yield* numberOf(shell, call, name)) ?? 0) * unit
    return [{ _tag: "TimeSpan", millis } as const]
  }),
)
