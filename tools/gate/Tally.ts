/** What was counted: a test, a played scenario, or a check that passes or fails as a whole. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 }

export const oneCheck = (isPassed: boolean): Tally =>
  isPassed ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 }

export const sum = (tallies: ReadonlyArray<Tally>): Tally => {
  let { passed, failed, skipped } = nothing
  for (const tally of tallies) {
    passed += tally.passed
    failed += tally.failed
    skipped += tally.skipped
  }
  return { passed, failed, skipped }
}

export const render = ({ passed, failed, skipped }: Tally) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`
