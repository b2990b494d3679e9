import { userOf } from "@twin/identity"
import { DateTime, Option } from "effect"
import type { MipWorld } from "./State.ts"

/** Property of a user that holds the time zone: a name such as `Europe/Berlin`, or `+02:00`. */
export const timeZoneProperty = "timeZone"

/** Whether a text names a time zone. */
export const isTimeZone = (zone: string): boolean => Option.isSome(DateTime.zoneFromString(zone))

/** The time zone that somebody has configured; UTC for everybody else (MIP-084). */
export const timeZoneOf = (world: MipWorld, address: string): string =>
  userOf(world, address)?.profile[timeZoneProperty] ?? "UTC"

/** Midnight at the beginning of an ISO day in a time zone, epoch milliseconds. */
export const midnightIn = (isoDay: string, zone: string): number =>
  Option.match(DateTime.makeZoned(isoDay, { timeZone: zone, adjustForTimeZone: true }), {
    onNone: () => DateTime.makeUnsafe(isoDay).epochMilliseconds,
    onSome: (it) => it.epochMilliseconds,
  })

/** The ISO day of a moment in a time zone. */
export const dayIn = (at: number, zone: string): string =>
  Option.match(DateTime.makeZoned(at, { timeZone: zone }), {
    onNone: () => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(at)),
    onSome: DateTime.formatIsoDate,
  })
