import { assert, it } from "vitest"
import { runSections, summaryLines, total } from "../../gate/Section.ts"
import { scenarioTally } from "../../gate/scenarioRun.ts"
import { nothing, oneCheck, render, sum } from "../../gate/Tally.ts"
import { readTally, tallyOf } from "../../gate/testResults.ts"

const report = {
  numPassedTests: 3,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [{ status: "failed", assertionResults: [{}] }],
}

it("counts tests as vitest does, and what was left for later as skipped", () => {
  assert.deepStrictEqual(tallyOf(report), { passed: 3, failed: 1, skipped: 3 })
})

it("counts a file that could not be loaded, though it has no tests to show", () => {
  const broken = { status: "failed", assertionResults: [] }
  const { failed } = tallyOf({ ...report, testResults: [...report.testResults, broken] })
  assert.strictEqual(failed, 2)
})

it("tells a missing report from an empty one", () => {
  assert.isUndefined(readTally("no/such/report.json"))
})

it("goes on after a failed section, and closes with the sum", async () => {
  const announced: Array<string> = []
  const sections = [
    { title: "first", run: () => Promise.resolve(oneCheck(false)) },
    { title: "second", run: () => Promise.resolve({ ...nothing, passed: 7 }) },
    { title: "third", run: () => Promise.resolve({ ...nothing, skipped: 1 }) },
  ]
  const outcomes = await runSections(sections, (title) => announced.push(title))
  assert.deepStrictEqual(announced, ["first", "second", "third"])
  assert.strictEqual(render(total(outcomes)), "7 passed, 1 failed, 1 skipped")
  const words = summaryLines(outcomes).map((line) => line.split(/\s+/)[1])
  assert.deepStrictEqual(words, ["FAILED", "ok", "skipped"])
})

it("sums nothing to nothing", () => {
  assert.deepStrictEqual(sum([]), nothing)
})

it("counts each scenario that did not hold, or could not be played, as failed", () => {
  const scenarios = [{ state: "held" }, { state: "failed" }, { state: "unusable" }] as const
  assert.deepStrictEqual(scenarioTally({ scenarios }), { passed: 1, failed: 2, skipped: 0 })
})
