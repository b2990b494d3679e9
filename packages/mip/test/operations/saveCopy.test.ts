import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { localDocumentOf, rightsOfLevel, type UsageRight } from "../../src/index.ts"
import { call, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
const bob = "bob@contoso.com"

describe("copies", () => {
  const rows: readonly (readonly [readonly UsageRight[], string, string])[] = [
    [["VIEW", "DOCEDIT", "EXTRACT", "PRINT"], "deny", "deny"],
    [["VIEW", "EDIT"], "allow", "deny"],
    [["VIEW", "EDIT", "EXPORT"], "allow", "allow"],
    [["OWNER"], "allow", "allow"],
  ]
  it.effect.each(rows)(
    "[MIP-052] [MIP-053] with %s a protected copy is %s, one without protection %s",
    ([rights, protectedCopy, freeCopy]) =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        yield* call(sim, alice, "protect-document", { file: "a.docx", to: [bob], rights })
        const copy = (as: string, unprotected: boolean) =>
          Effect.map(
            call(sim, bob, "save-copy", { file: "a.docx", as, unprotected }),
            ({ decision, output }) => ({ outcome: decision.outcome, row: output[0] ?? {} }),
          )
        const kept = yield* copy("b.docx", false)
        assert.strictEqual(kept.outcome, protectedCopy)
        const free = yield* copy("c.docx", true)
        assert.strictEqual(free.outcome, freeCopy)
        const world = yield* sim.world
        const first = localDocumentOf(world, "a.docx")
        if (protectedCopy === "allow") {
          assert.strictEqual(localDocumentOf(world, "b.docx")?.contentId, first?.contentId)
          const carol = yield* call(sim, "carol@contoso.com", "open-document", { file: "b.docx" })
          assert.strictEqual(carol.verdict, "deny by usage-rights", "the protection came along")
        } else assert.isUndefined(localDocumentOf(world, "b.docx"))
        if (freeCopy === "allow") {
          const carol = yield* call(sim, "carol@contoso.com", "open-document", { file: "c.docx" })
          assert.strictEqual(carol.output[0]?.["isProtected"], false)
          assert.strictEqual(carol.output[0]?.["sha256"], free.row["sha256"])
        } else assert.isUndefined(localDocumentOf(world, "c.docx"))
      }),
  )

  it.effect("[MIP-052] [MIP-165] a protected copy needs a format that carries the protection", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const rights = rightsOfLevel("Restricted Editor")
      yield* call(sim, alice, "protect-document", { file: "a.docx", to: [bob], rights })
      const copy = (as: string) =>
        Effect.map(call(sim, bob, "save-copy", { file: "a.docx", as }), ({ verdict }) => verdict)
      assert.strictEqual(yield* copy("b.txt"), "deny by format-keeps-protection")
      assert.strictEqual(yield* copy("b.pdf"), "allow by format-keeps-protection")
      const none = yield* call(sim, bob, "save-copy", { file: "none.docx", as: "x.docx" })
      assert.strictEqual(none.verdict, "deny by file-known")
    }),
  )

  it.effect("[MIP-050] show-rights tells each right, and through which entry it is held", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* call(sim, alice, "protect-document", {
        file: "a.docx",
        to: [bob, "contoso.com"],
        level: "Viewer",
      })
      const rows_ = yield* call(sim, alice, "show-rights", { file: "a.docx", who: bob })
      assert.deepStrictEqual(
        rows_.output.filter((row) => row["isHeld"] === true).map((row) => row["right"]),
        ["VIEW", "VIEWRIGHTSDATA"],
      )
      assert.deepStrictEqual(rows_.output[0]?.["through"], [
        `named ${bob}`,
        "organization contoso.com",
      ])
      const own = yield* call(sim, alice, "show-rights", { file: "a.docx", who: alice })
      assert.isTrue(own.output.every((row) => row["isHeld"] === true))
      const nobody = yield* call(sim, alice, "show-rights", { file: "a.docx", who: "x@y.example" })
      assert.isTrue(nobody.output.every((row) => row["isHeld"] === false))
      assert.strictEqual((yield* call(sim, alice, "show-usage-rights")).output.length, 14)
      assert.strictEqual((yield* call(sim, alice, "show-permission-levels")).output.length, 4)
      assert.strictEqual((yield* call(sim, alice, "show-support-matrix")).output.length, 7)
    }),
  )
})
