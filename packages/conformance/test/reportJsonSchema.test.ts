import { assert, describe, expect, it } from "@effect/vitest"
import { canonicalJsonPretty } from "@twin/kernel"
import { Schema } from "effect"
import { ConformanceReport } from "../src/ConformanceReport.ts"
import { reportJsonSchema } from "../src/reportJsonSchema.ts"
import { report } from "./sampleReport.ts"

describe("conformance.schema.json", () => {
  it("is what the code says", async () => {
    await expect(canonicalJsonPretty(reportJsonSchema())).toMatchFileSnapshot(
      "../conformance.schema.json",
    )
  })

  it("the report reads back as the same report", () => {
    const text = canonicalJsonPretty(report)
    const back = Schema.decodeUnknownSync(Schema.fromJsonString(ConformanceReport))(text)
    assert.strictEqual(canonicalJsonPretty(back), text)
  })
})
