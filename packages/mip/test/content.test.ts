import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import { openContent, protectContent } from "../src/index.ts"
import { makeStage, plaintext, text } from "./world.ts"

describe("smoke", () => {
  it.effect("opens", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* stage.run("alice@contoso.com", (call) =>
        protectContent(call, {
          content: plaintext,
          form: "document",
          name: "offer.docx",
          label: "Confidential",
        }),
      )
      assert.strictEqual(made.decision.outcome, "allow", JSON.stringify(made.decision, null, 1))
      const bytes = made.bytes ?? new Uint8Array()
      const bob = yield* stage.run("bob@contoso.com", (call) => openContent(call, { bytes }))
      assert.strictEqual(
        text(bob.plaintext),
        text(plaintext),
        JSON.stringify(bob.decision, null, 1),
      )
      const nina = yield* stage.run("nina@fabrikam.com", (call) => openContent(call, { bytes }))
      assert.strictEqual(
        decidingGate(nina.decision).name,
        "usage-rights",
        JSON.stringify(nina.decision, null, 1),
      )
      assert.isUndefined(nina.plaintext)
    }),
  )
})
