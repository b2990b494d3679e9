import { isFaultOn, minutes } from "@twin/kernel"
import type { IdentityWorld } from "./State.ts"

/** How far the clock that judges codes and tokens is wrong while one of the faults is on. */
export const clockSkewMinutes = 10

/**
 * The time by the clock of whoever judges a code, a token or an assertion: `clock-skew` runs ahead,
 * `clock-behind` is late, and both together are right again. The issuer's own clock is never wrong.
 */
export const judgingClock = (world: IdentityWorld, now: number): number =>
  now +
  (isFaultOn(world, "clock-skew") ? minutes(clockSkewMinutes) : 0) -
  (isFaultOn(world, "clock-behind") ? minutes(clockSkewMinutes) : 0)
