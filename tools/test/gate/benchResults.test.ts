import { assert, it } from "vitest"
import { measured, measuredOn, tableOf } from "../../gate/benchResults.ts"

const taking = (name: string, mean: number) => ({
  name,
  latency: { mean, p50: mean, p99: 2 * mean, rme: 1.25, samplesCount: 10 },
})

const rows = measured("spo", {
  testResults: [
    {
      assertionResults: [
        {
          fullName: "share",
          benchmarks: [{ tasks: [taking("allowed", 2), taking("denied", 0.5)] }],
        },
        { fullName: "no benchmark at all" },
      ],
    },
  ],
})

it("compares each benchmark with the first of its test", () => {
  assert.deepStrictEqual(
    rows.map(({ name, ratio }) => [name, ratio]),
    [
      ["allowed", 1],
      ["denied", 0.25],
    ],
  )
})

it("prints a table in columns, with a unit that fits", () => {
  const [head, first, second] = tableOf(rows)
  assert.match(head ?? "", /^package +benchmark +mean/)
  assert.match(first ?? "", /^spo +share: allowed +2\.0 ms +4\.0 ms +1\.3 % +10 +1\.00 +500$/)
  assert.match(second ?? "", /share: denied +500\.0 us/)
})

it("says how many megabytes a second go through where the title names the size", () => {
  const [sealed] = measured("crypto", {
    testResults: [
      {
        assertionResults: [
          { fullName: "4 MiB sealed", benchmarks: [{ tasks: [taking("seal", 4.194304)] }] },
        ],
      },
    ],
  })
  assert.strictEqual(Math.round(sealed?.megabytesPerSecond ?? 0), 1_000)
  assert.isUndefined(rows[0]?.megabytesPerSecond)
})

it("names the versions that were measured", () => {
  assert.match(measuredOn().versions["effect"] ?? "", /^\d+\.\d+\.\d+/)
})
