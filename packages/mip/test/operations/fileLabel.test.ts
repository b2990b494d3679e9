import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { localDocumentOf, policySettings } from "../../src/index.ts"
import { actor, composition, evolveAll, labelId, labels, people, publishing } from "../world.ts"
import { call, simulate } from "./stage.ts"

const strict = evolveAll(composition.initial, [
  ...people,
  ...publishing(labels, { [policySettings.requireJustification]: "true" }),
])
const alice = actor("alice@contoso.com", "powershell")
const bob = actor("bob@contoso.com", "powershell")

describe("cmdlets on files", () => {
  it.effect("[MIP-123] [MIP-283] a label that is lowered without a reason is skipped", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([], strict)
      yield* call(sim, alice, "protect-document", { file: "offer.docx", label: "Secret" })
      const set = (more: object = {}) =>
        call(sim, alice, "Set-FileLabel", {
          Path: "offer.docx",
          LabelId: labelId("Confidential"),
          ...more,
        })
      const skipped = yield* set()
      assert.strictEqual(skipped.verdict, "deny by justification")
      assert.deepStrictEqual(skipped.output, [
        { FileName: "offer.docx", Status: "Skipped", Comment: "Justification required" },
      ])
      const done = yield* set({ JustificationMessage: "Published" })
      assert.strictEqual(done.output[0]?.["Status"], "Success")
      const missing = yield* call(sim, alice, "Set-FileLabel", {
        Path: "none.docx",
        LabelId: labelId("General"),
      })
      assert.strictEqual(missing.verdict, "deny by file-known")
    }),
  )

  it.effect(
    "[MIP-076] [MIP-283] whoever may not change the protection fails, and nothing changes",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        yield* call(sim, alice, "protect-document", { file: "offer.docx", label: "Confidential" })
        const before = localDocumentOf(yield* sim.world, "offer.docx")
        const failed = yield* call(sim, bob, "Remove-FileLabel", {
          Path: "offer.docx",
          RemoveProtection: true,
        })
        assert.strictEqual(failed.output[0]?.["Status"], "Failed")
        assert.deepStrictEqual(localDocumentOf(yield* sim.world, "offer.docx"), before)
        yield* call(sim, alice, "Remove-FileLabel", { Path: "offer.docx", RemoveLabel: true })
        assert.isUndefined(localDocumentOf(yield* sim.world, "offer.docx")?.labelId)
      }),
  )

  it.effect("[MIP-258] [MIP-096] label and protection show without opening the file", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* call(sim, alice, "protect-document", { file: "a.docx", label: "Confidential" })
      yield* call(sim, alice, "protect-document", { file: "b.docx", to: ["zoe@outlook.com"] })
      yield* call(sim, alice, "protect-document", { file: "c.docx", label: "General" })
      const status = (path: string) =>
        Effect.map(
          call(sim, bob, "Get-FileStatus", { Path: path }),
          ({ output }) => output[0] ?? {},
        )
      const first = yield* status("a.docx")
      assert.strictEqual(first["MainLabelName"], "Confidential")
      assert.strictEqual(first["RMSTemplateName"], "Confidential")
      assert.strictEqual(first["RMSOwner"], "alice@contoso.com")
      assert.strictEqual(first["LabelingMethod"], "Privileged")
      const second = yield* status("b.docx")
      assert.isFalse(second["IsLabeled"])
      assert.strictEqual(second["RMSTemplateName"], "Restricted Access")
      const third = yield* status("c.docx")
      assert.isTrue(third["IsLabeled"])
      assert.isFalse(third["IsRMSProtected"])
      assert.strictEqual(
        (yield* call(sim, bob, "Get-FileStatus", { Path: "d.docx" })).verdict,
        "deny by file-known",
      )
    }),
  )
})
