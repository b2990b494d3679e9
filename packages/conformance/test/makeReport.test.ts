import { assert, describe, it } from "@effect/vitest"
import { changesSince, isGreen, makeReport } from "../src/makeReport.ts"
import { catalogue, result, scenario, tests } from "./sampleReport.ts"

const stateOf = (id: string) => result.claims.find((claim) => claim.id === id)?.state

describe("makeReport", () => {
  it("a claim is proven when all its evidence passes, and refuted when some fails", () => {
    assert.strictEqual(stateOf("SPO-003"), "proven")
    assert.strictEqual(stateOf("SPO-005"), "refuted")
  })

  it("a test whose title carries the id is evidence, and no evidence means unproven", () => {
    assert.strictEqual(stateOf("DCO-012"), "proven")
    const without = makeReport({
      seed: "1",
      catalogue,
      scenarios: [],
      tests: { byClaim: new Map(), passed: 0, failed: 0 },
    })
    assert.deepStrictEqual(
      without.claims.map(({ state }) => state),
      ["unproven", "unproven", "unproven", "unproven"],
    )
    assert.isTrue(without.summary.tests.isMissing)
  })

  it("an expectation that holds without its decisive steps refutes what it claims", () => {
    assert.strictEqual(stateOf("MIP-284"), "refuted")
  })

  it("counts each claim once in all tables", () => {
    const { claims, byDomain } = result.summary
    assert.deepStrictEqual(claims, { proven: 2, refuted: 2, unproven: 0 })
    assert.deepStrictEqual(byDomain["spo"], { proven: 1, refuted: 1, unproven: 0 })
    assert.deepStrictEqual(result.summary.expectations, {
      held: 3,
      failed: 1,
      unshaken: 2,
      vacuous: 1,
    })
  })

  it("is green only when nothing failed, was refuted, unusable or vacuous", () => {
    assert.isFalse(isGreen(result))
    const parts = { seed: "1", catalogue, tests }
    assert.isTrue(isGreen(makeReport({ ...parts, scenarios: [] })))
    const broken = { ...scenario, state: "unusable" as const, sections: [] }
    assert.isFalse(isGreen(makeReport({ ...parts, scenarios: [broken] })))
  })

  it("says which claims changed since an earlier run; new ones were unproven", () => {
    const before = {
      claims: result.claims
        .filter(({ id }) => id !== "DCO-012")
        .map((claim) => (claim.id === "SPO-005" ? { ...claim, state: "proven" as const } : claim)),
    }
    assert.deepStrictEqual(changesSince(before, result), [
      { id: "DCO-012", before: "unproven", now: "proven" },
      { id: "SPO-005", before: "proven", now: "refuted" },
    ])
  })
})
