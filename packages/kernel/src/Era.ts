import { DateTime, Option } from "effect"

/**
 * Behaviour that changed over the years, as data beside the rule: variants in the order of time,
 * each valid from its date (inclusive, epoch milliseconds UTC) until the next one begins.
 */
export interface Dated<out A> {
  /** What held before the first dated change. */
  readonly before: A
  readonly changes: readonly { readonly from: string; readonly value: A }[]
}

/** The variant in force at a moment. Dates are ISO days or instants in UTC, ascending. */
export const inForce = <A>(dated: Dated<A>, now: number): A => {
  let value = dated.before
  for (const change of dated.changes) {
    if (instant(change.from) <= now) value = change.value
  }
  return value
}

/** Epoch milliseconds of an ISO day or instant (UTC); a malformed one is a defect. */
export const instant = (iso: string): number => DateTime.makeUnsafe(iso).epochMilliseconds

/** The same for text from outside; undefined for what is no moment. */
export const momentIn = (text: string): number | undefined =>
  Option.getOrUndefined(Option.map(DateTime.make(text), (it) => it.epochMilliseconds))

/** ISO instant with milliseconds, UTC. */
export const isoOf = (epochMillis: number): string =>
  DateTime.formatIso(DateTime.makeUnsafe(epochMillis))

/** Where a tenant's clock starts unless a scenario says otherwise. */
export const defaultEra: number = instant("2026-09-01T08:00:00Z")

export const minutes = (count: number): number => count * 60_000
export const hours = (count: number): number => count * 3_600_000
export const days = (count: number): number => count * 86_400_000
