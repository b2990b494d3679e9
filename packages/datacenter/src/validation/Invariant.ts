import type { FactId } from "@twin/kernel"
import type { DatacenterWorld } from "../State.ts"

/** A promise of section R that is checked over state, again and again. */
export interface Invariant {
  readonly id: string
  /** What is promised, in one sentence. */
  readonly statement: string
  readonly facts: readonly [FactId, ...FactId[]]
  /** What breaks it, one line each; empty when it holds. */
  readonly violations: (world: DatacenterWorld, now: number) => readonly string[]
}

/** Promises that need a part of the service that the twin does not have yet: never reported as held. */
export interface UncheckedInvariant {
  readonly id: string
  readonly statement: string
  readonly facts: readonly [FactId, ...FactId[]]
}
