import { assert, describe, expect, it } from "@effect/vitest"
import { canonicalJsonPretty } from "@twin/kernel"
import { scenarioJsonSchema } from "../src/index.ts"
import { vocabulary } from "./vocabulary.ts"

const text = canonicalJsonPretty(scenarioJsonSchema(vocabulary))

describe("scenario.schema.json", () => {
  it("is what the code says", async () => {
    await expect(text).toMatchFileSnapshot("../../../scenarios/scenario.schema.json")
  })

  it("knows every action and its parameters, and every fault and question", () => {
    for (const { name, kind, params } of vocabulary.operations.values()) {
      if (kind !== "action") continue
      assert.include(text, `"const": "${name}"`)
      for (const parameter of Object.keys(params.fields)) assert.include(text, `"${parameter}"`)
    }
    for (const fault of vocabulary.faults) assert.include(text, `"const": "${fault}"`)
    for (const action of vocabulary.questions) assert.include(text, `"const": "${action}"`)
  })
})
