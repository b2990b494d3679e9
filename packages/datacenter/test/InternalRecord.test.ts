import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { emptyLog, firstLogBreak, linkRecords, RecordDraft, scrub } from "../src/index.ts"

describe("the internal log", () => {
  it.prop(
    "[DCO-208] shows any edit, gap or change of order",
    [Schema.Array(RecordDraft).check(Schema.isMinLength(2)), Schema.Natural],
    ([drafts, pick]) => {
      const records = linkRecords(emptyLog, drafts)
      assert.isUndefined(firstLogBreak(records))
      const at = pick % records.length
      const edited = records.map((it, index) =>
        index === at ? { ...it, what: `${it.what} edited` } : it,
      )
      assert.strictEqual(firstLogBreak(edited), at + 1)
      const gap = records.filter((_, index) => index !== at)
      assert.strictEqual(firstLogBreak(gap), at === records.length - 1 ? undefined : at + 1)
      assert.isDefined(firstLogBreak(records.toReversed()))
    },
  )

  it.prop(
    "[DCO-208] goes on behind its head as if written at once",
    [Schema.Array(RecordDraft), Schema.Array(RecordDraft)],
    ([first, second]) => {
      const begun = linkRecords(emptyLog, first)
      const resumed = linkRecords(begun.at(-1) ?? emptyLog, second)
      assert.deepStrictEqual(
        [...begun, ...resumed],
        [...linkRecords(emptyLog, [...first, ...second])],
      )
    },
  )

  it("[DCO-207] keeps a tenant's names only as hashes that stay comparable", () => {
    assert.strictEqual(scrub("Alice@Contoso.com"), scrub("alice@contoso.com"))
    assert.notStrictEqual(scrub("alice@contoso.com"), scrub("bob@contoso.com"))
    assert.notInclude(scrub("alice@contoso.com"), "alice")
  })
})
