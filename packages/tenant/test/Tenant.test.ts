import { assert, describe, it } from "@effect/vitest"
import { firstBreak } from "@twin/kernel"
import { Effect } from "effect"
import { makeTenant } from "../src/index.ts"

describe("makeTenant", () => {
  it.effect("starts with its people, sites, labels and documents, all through the journal", () =>
    Effect.gen(function* () {
      const tenant = yield* makeTenant({ seed: "1" })
      const records = yield* tenant.records
      assert.deepStrictEqual(
        records.map(({ operation, decision }) => [operation, decision.outcome]),
        [
          ["establish-directory", "allow"],
          ["establish-labels", "allow"],
          ["establish-sites", "allow"],
          ["establish-datacenter", "allow"],
          ["upload-file", "allow"],
          ["upload-file", "allow"],
          ["upload-file", "allow"],
          ["upload-file", "allow"],
        ],
      )
      assert.isUndefined(firstBreak(records))
    }),
  )
})
