import { Decision, FactId } from "@twin/kernel"
import { Schema } from "effect"
import { Claim } from "./Claim.ts"

/**
 * One thing that speaks for or against a claim. `where` is a scenario and the place in it, or a test
 * file; `what` is the expectation or the title.
 */
export const Evidence = Schema.Struct({
  kind: Schema.Literals(["scenario", "test"]),
  where: Schema.String,
  what: Schema.String,
  passed: Schema.Boolean,
})
export type Evidence = typeof Evidence.Type

/** proven: there is evidence and all of it passes. refuted: some fails. unproven: there is none. */
export const ClaimState = Schema.Literals(["proven", "refuted", "unproven"])
export type ClaimState = typeof ClaimState.Type

export const ClaimResult = Schema.Struct({
  ...Claim.fields,
  state: ClaimState,
  evidence: Schema.Array(Evidence),
})
export type ClaimResult = typeof ClaimResult.Type

/**
 * What could turn an expectation false: `counterproof` the steps its author named, `sweep` leaving
 * out some step before it, `nothing` no step at all, `none` it was not tried (it failed anyway).
 */
export const Shaken = Schema.Literals(["counterproof", "sweep", "nothing", "none"])
export type Shaken = typeof Shaken.Type

export const ExpectationResult = Schema.Struct({
  that: Schema.String,
  held: Schema.Boolean,
  found: Schema.String,
  claims: Schema.Array(FactId),
  shaken: Shaken,
  /** The author named decisive steps, and it held without them: it proves nothing. */
  isVacuous: Schema.Boolean,
})
export type ExpectationResult = typeof ExpectationResult.Type

export const StepResult = Schema.Struct({
  id: Schema.optionalKey(Schema.String),
  kind: Schema.String,
  title: Schema.String,
  actor: Schema.String,
  command: Schema.String,
  line: Schema.Int,
  /** ISO instant of the tenant's clock when the step began. */
  at: Schema.String,
  decisions: Schema.Array(
    Schema.Struct({ operation: Schema.String, actor: Schema.String, decision: Decision }),
  ),
  expectations: Schema.Array(ExpectationResult),
  poll: Schema.optionalKey(
    Schema.Struct({
      question: Schema.String,
      choices: Schema.Array(Schema.String),
      right: Schema.Int,
    }),
  ),
  error: Schema.optionalKey(Schema.Struct({ id: Schema.String, message: Schema.String })),
})
export type StepResult = typeof StepResult.Type

export const ScenarioResult = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  file: Schema.String,
  level: Schema.Int,
  durationMinutes: Schema.Int,
  sources: Schema.Array(Schema.String),
  /** held: everything held and no error was left over. */
  state: Schema.Literals(["held", "failed", "unusable"]),
  held: Schema.Int,
  failed: Schema.Int,
  errors: Schema.Int,
  /** Why the file could not be played, where it could not. */
  problems: Schema.Array(Schema.String),
  sections: Schema.Array(Schema.Struct({ title: Schema.String, steps: Schema.Array(StepResult) })),
})
export type ScenarioResult = typeof ScenarioResult.Type

export const StateCounts = Schema.Struct({
  proven: Schema.Int,
  refuted: Schema.Int,
  unproven: Schema.Int,
})
export type StateCounts = typeof StateCounts.Type

/** One run in the trend of a folder. */
export const TrendLine = Schema.Struct({
  startedAt: Schema.String,
  seed: Schema.String,
  ...StateCounts.fields,
})
export type TrendLine = typeof TrendLine.Type

/** Everything that may differ between two runs of the same code, seed and scenarios. */
export const RunHeader = Schema.Struct({
  startedAt: Schema.String,
  durationMillis: Schema.Finite,
  host: Schema.String,
  versions: Schema.Record(Schema.String, Schema.String),
  /** When the tests were run whose results are evidence here. */
  testsFrom: Schema.optionalKey(Schema.String),
  /** Differences to the newest earlier run in the same folder. */
  changes: Schema.optionalKey(
    Schema.Struct({
      since: Schema.String,
      claims: Schema.Array(
        Schema.Struct({ id: Schema.String, before: ClaimState, now: ClaimState }),
      ),
    }),
  ),
  /** This run is the last one. */
  trend: Schema.Array(TrendLine),
})
export type RunHeader = typeof RunHeader.Type

export const Summary = Schema.Struct({
  claims: StateCounts,
  byDomain: Schema.Record(Schema.String, StateCounts),
  bySource: Schema.Record(Schema.String, StateCounts),
  scenarios: Schema.Struct({ held: Schema.Int, failed: Schema.Int, unusable: Schema.Int }),
  expectations: Schema.Struct({
    held: Schema.Int,
    failed: Schema.Int,
    /** Those that no left-out step turned false. */
    unshaken: Schema.Int,
    vacuous: Schema.Int,
  }),
  /** Test titles that carry a claim id; 0 and `isMissing` where no test run left results. */
  tests: Schema.Struct({
    passed: Schema.Int,
    failed: Schema.Int,
    isMissing: Schema.Boolean,
  }),
})
export type Summary = typeof Summary.Type

/** The canonical result of a run; every other format is a rendering of it. */
export const ConformanceReport = Schema.Struct({
  run: RunHeader,
  seed: Schema.String,
  summary: Summary,
  claims: Schema.Array(ClaimResult),
  scenarios: Schema.Array(ScenarioResult),
})
export type ConformanceReport = typeof ConformanceReport.Type
