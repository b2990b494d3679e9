import { Clock, Effect } from "effect"

/** The tenant's clock: stands still until it is moved, and can be set back (rewind). */
export interface VirtualClock {
  readonly clock: Clock.Clock
  readonly now: () => number
  readonly setTime: (epochMillis: number) => void
}

/** A clock that shows `start` (epoch milliseconds) until it is moved. */
export const makeVirtualClock = (start: number): VirtualClock => {
  let millis = start
  const nanos = () => BigInt(millis) * 1_000_000n
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => millis,
    currentTimeNanosUnsafe: nanos,
    monotonicTimeNanosUnsafe: nanos,
    currentTimeMillis: Effect.sync(() => millis),
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanos: Effect.sync(nanos),
    // Nothing in the twin waits: deadlines fall due when the clock is moved (Domain.due).
    sleep: () => Effect.die(new Error("an operation may not sleep: use Domain.due")),
  }
  return {
    clock,
    now: () => millis,
    setTime: (epochMillis) => {
      millis = epochMillis
    },
  }
}
