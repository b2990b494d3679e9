import { existsSync, readFileSync } from "node:fs"
import { nothing, type Tally } from "./Tally.ts"

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: ReadonlyArray<{
    readonly status: string
    readonly assertionResults: ReadonlyArray<unknown>
  }>
}

/** A test file that could not even be loaded has no tests to count, and must not vanish from the sum. */
const unloadable = ({ testResults }: VitestReport) =>
  testResults.filter(({ status, assertionResults }) => {
    return status === "failed" && assertionResults.length === 0
  }).length

export const tallyOf = (report: VitestReport): Tally => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests + unloadable(report),
  skipped: report.numPendingTests + report.numTodoTests,
})

/** `undefined` where vitest left no report, because it did not get that far. */
export const readTally = (file: string): Tally | undefined =>
  existsSync(file) ? tallyOf(JSON.parse(readFileSync(file, "utf8"))) : undefined

export const missingReport: Tally = { ...nothing, failed: 1 }
