import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { labelOf, localDocumentOf } from "../../src/index.ts"
import { composition, evolveAll, label, labelId, people, publishing } from "../world.ts"
import { call, judy, simulate } from "./stage.ts"

const cards = "50842eb7-edc8-4019-85dd-5a5c1f2bb085"
const ssn = "a44669fe-0d48-453d-a9b1-2cc83f2cba77"

/** What the portal writes for one type. */
export const conditions = (
  types: readonly { readonly id: string; readonly name: string; readonly [key: string]: string }[],
  apply: "Automatic" | "Recommend" = "Automatic",
  policyTip = "This looks sensitive.",
): string =>
  JSON.stringify({
    And: [
      {
        Or: types.map(({ id, name, ...more }) => ({
          Key: "CCSI",
          Value: id,
          Properties: null,
          Settings: Object.entries({
            name,
            groupname: "Default",
            policytip: policyTip,
            autoapplytype: apply,
            ...more,
          }).map(([Key, Value]) => ({ Key, Value })),
        })),
      },
    ],
  })

const taxonomy = evolveAll(composition.initial, [
  ...people,
  ...publishing([
    label("Public", 0),
    label("General", 1),
    label("Confidential", 2),
    label("Internal", 3, undefined, { parentId: labelId("Confidential") }),
    label("Partners", 4, undefined, { parentId: labelId("Confidential") }),
    label("Secret", 5),
    label("Personal", 6, { protectionType: "UserDefined", promptUser: true, doNotForward: true }),
  ]),
])

const card = "4111 1111 1111 1111"
const text = (...values: readonly string[]) => `Visa ${values.join(", ")} in the report`

const stage = (settings: Readonly<Record<string, string>> = {}) =>
  Effect.gen(function* () {
    const sim = yield* simulate([], taxonomy)
    const set = (identity: string, more: object) =>
      Effect.map(call(sim, judy, "Set-Label", { Identity: identity, ...more }), (it) => it.verdict)
    const save = (file: string, content: string, more: object = {}) =>
      Effect.map(
        call(sim, "alice@contoso.com", "save-document", { file, content, ...more }),
        (it) => ({ ...it, row: it.output[0] ?? {} }),
      )
    if (Object.keys(settings).length > 0) {
      yield* call(sim, judy, "Set-LabelPolicy", { Identity: "Global", AdvancedSettings: settings })
    }
    return { sim, set, save }
  })

const range = (mincount: string, maxcount: string) =>
  conditions([{ id: cards, name: "Credit Card Number", mincount, maxcount }])

describe("saving in Office", () => {
  it.effect("[MIP-143] a label's own conditions put it on, or recommend it with a policy tip", () =>
    Effect.gen(function* () {
      const { set, save, sim } = yield* stage()
      yield* set("Secret", { Conditions: conditions([{ id: cards, name: "Credit Card Number" }]) })
      yield* set("General", {
        Conditions: conditions(
          [{ id: ssn, name: "SSN", minconfidence: "75" }],
          "Recommend",
          "Personal data?",
        ),
      })
      const automatic = yield* save("a.docx", text(card))
      assert.deepInclude(automatic.row, { label: "Secret", method: "Standard", recommended: null })
      const recommended = yield* save("b.docx", "SSN 536-22-1234")
      assert.deepInclude(recommended.row, {
        label: null,
        recommended: "General",
        policyTip: "Personal data?",
      })
      const accepted = yield* save("b.docx", "SSN 536-22-1234", { acceptRecommendation: true })
      assert.deepInclude(accepted.row, {
        label: "General",
        method: "Privileged",
        recommended: null,
      })
      assert.deepInclude((yield* save("c.docx", "nothing")).row, { label: null, recommended: null })
      assert.strictEqual(localDocumentOf(yield* sim.world, "a.docx")?.labelMethod, "Standard")
      yield* set("Secret", { Conditions: "" })
      assert.isUndefined(labelOf(yield* sim.world, "Secret")?.autoLabeling)
      assert.deepInclude((yield* save("d.docx", text(card))).row, { label: null })
    }),
  )

  it.effect(
    "[MIP-144] the highest label wins, automatic before recommended among siblings, siblings stay",
    () =>
      Effect.gen(function* () {
        const { set, save } = yield* stage()
        const one = [{ id: cards, name: "Credit Card Number" }]
        yield* set("Internal", { Conditions: conditions(one, "Automatic") })
        yield* set("Partners", { Conditions: conditions(one, "Recommend") })
        yield* set("General", { Conditions: conditions(one, "Automatic") })
        const first = yield* save("a.docx", text(card))
        assert.strictEqual(first.row["label"], "Confidential\\Internal")
        const again = yield* save("b.docx", text(card), { label: "Partners" })
        assert.strictEqual(again.row["label"], "Confidential\\Partners")
        const sibling = yield* save("b.docx", text(card))
        assert.deepInclude(sibling.row, { label: "Confidential\\Partners", recommended: null })
      }),
  )

  it.effect(
    "[MIP-121] [MIP-132] what came by hand stays, a default gives way to a higher automatic label, and never the other way",
    () =>
      Effect.gen(function* () {
        const { set, save } = yield* stage({ defaultlabelid: "General" })
        yield* set("Secret", {
          Conditions: conditions([{ id: cards, name: "Credit Card Number" }]),
        })
        yield* set("Public", { Conditions: conditions([{ id: ssn, name: "SSN" }]) })
        assert.deepInclude((yield* save("a.docx", "plain")).row, {
          label: "General",
          method: "Standard",
        })
        assert.deepInclude((yield* save("a.docx", text(card))).row, { label: "Secret" })
        assert.deepInclude((yield* save("a.docx", "SSN 536-22-1234")).row, { label: "Secret" })
        yield* save("b.docx", "plain", { label: "General" })
        assert.deepInclude((yield* save("b.docx", text(card))).row, {
          label: "General",
          method: "Privileged",
          recommended: null,
        })
      }),
  )

  it.effect(
    "[MIP-155] counts are of different values, and a rule has a minimum and a maximum",
    () =>
      Effect.gen(function* () {
        const { set, save } = yield* stage()
        assert.match(yield* set("Secret", { Conditions: range("10", "-1") }), /^allow/)
        assert.strictEqual(
          (yield* save("a.docx", text(...Array<string>(12).fill(card)))).row["label"],
          null,
        )
        yield* set("Secret", { Conditions: range("2", "3") })
        const others = ["5555555555554444", "378282246310005", "6011111111111117"]
        assert.strictEqual((yield* save("b.docx", text(card))).row["label"], null)
        assert.strictEqual(
          (yield* save("b.docx", text(card, others[0] ?? ""))).row["label"],
          "Secret",
        )
        assert.strictEqual((yield* save("c.docx", text(card, ...others))).row["label"], null)
        for (const [min, max] of [
          ["0", "-1"],
          ["501", "-1"],
          ["1", "501"],
          ["5", "4"],
          ["x", "-1"],
        ] as const) {
          assert.strictEqual(
            yield* set("Secret", { Conditions: range(min, max) }),
            "deny by label-conditions",
          )
        }
      }),
  )

  it.effect(
    "[MIP-110] [MIP-093] no condition on a label that lets people decide, nor on a parent",
    () =>
      Effect.gen(function* () {
        const { set } = yield* stage()
        const one = conditions([{ id: cards, name: "Credit Card Number" }])
        assert.strictEqual(yield* set("Personal", { Conditions: one }), "deny by label-conditions")
        assert.strictEqual(
          yield* set("Confidential", { Conditions: one }),
          "deny by label-conditions",
        )
        for (const text_ of [
          "{",
          "[]",
          '{"And":[]}',
          conditions([{ id: "no-type", name: "Nothing" }]),
        ]) {
          assert.strictEqual(
            yield* set("Secret", { Conditions: text_ }),
            "deny by label-conditions",
          )
        }
      }),
  )

  it.effect("[MIP-133] a mandatory label is asked for on saving; whoever declines reads only", () =>
    Effect.gen(function* () {
      const { save, sim } = yield* stage({ mandatory: "True" })
      const asked = yield* save("a.docx", "text")
      assert.strictEqual(asked.verdict, "deny by mandatory-label")
      assert.strictEqual(asked.code, "LabelRequired")
      assert.strictEqual(
        (yield* save("a.docx", "text", { readOnly: true })).verdict,
        "deny by mandatory-label",
      )
      assert.isUndefined(localDocumentOf(yield* sim.world, "a.docx"))
      assert.strictEqual(
        (yield* save("a.docx", "text", { label: "General" })).decision.outcome,
        "allow",
      )
      assert.strictEqual((yield* save("a.docx", "text 2")).decision.outcome, "allow")
      const other = yield* stage({ mandatory: "True", defaultlabelid: "General" })
      assert.strictEqual(
        (yield* other.save("a.docx", "text")).row["label"],
        "General",
        "a default satisfies it",
      )
    }),
  )

  it.effect("[MIP-145] exact values alone never fire while somebody writes", () =>
    Effect.gen(function* () {
      const { set, save, sim } = yield* stage()
      yield* call(sim, judy, "New-DlpEdmSchema", {
        FileData: `<EdmSchema><DataStore name="Cards"><Field name="Number" searchable="true" ignoredDelimiters=" -"/></DataStore></EdmSchema>`,
      })
      const exact = "0fa1c0de-0000-4000-8000-0000000000e2"
      yield* call(sim, judy, "New-DlpSensitiveInformationTypeRulePackage", {
        FileData: `<RulePackage><RulePack id="0fa1c0de-0000-4000-8000-0000000000e1"/><Rules><ExactMatch id="${exact}" dataStore="Cards" recommendedConfidence="65"><Pattern confidenceLevel="65"><idMatch matches="Number" classification="Credit Card Number"/></Pattern></ExactMatch></Rules></RulePackage>`,
      })
      yield* call(sim, judy, "upload-exact-data", {
        dataStore: "Cards",
        table: "Number\n4111111111111111",
      })
      const found = yield* call(sim, judy, "Test-DataClassification", {
        TextToClassify: text(card),
        ClassificationNames: [exact],
      })
      assert.strictEqual(found.output.length, 1, "the service recognises it")
      yield* set("Secret", {
        Conditions: conditions([{ id: exact, name: exact, minconfidence: "65" }]),
      })
      assert.strictEqual((yield* save("a.docx", text(card))).row["label"], null)
      yield* set("Secret", {
        Conditions: conditions([
          { id: exact, name: exact, minconfidence: "65" },
          { id: cards, name: "Credit Card Number" },
        ]),
      })
      assert.strictEqual((yield* save("b.docx", text(card))).row["label"], "Secret")
    }),
  )

  it.effect(
    "a refused label leaves the text unsaved, and people without the right save nothing",
    () =>
      Effect.gen(function* () {
        const { save, sim } = yield* stage()
        yield* save("a.docx", "one")
        const before = localDocumentOf(yield* sim.world, "a.docx")
        for (const wish of [
          { label: "Nothing" },
          { label: "Confidential" },
          { label: "Personal" },
        ]) {
          assert.strictEqual((yield* save("a.docx", "two", wish)).decision.outcome, "deny")
        }
        assert.deepStrictEqual(localDocumentOf(yield* sim.world, "a.docx"), before)
        const mine = yield* save("mine.docx", "one", { label: "Personal", to: ["bob@contoso.com"] })
        assert.strictEqual(mine.decision.outcome, "allow")
        const other = yield* call(sim, "bob@contoso.com", "save-document", {
          file: "mine.docx",
          content: "three",
        })
        assert.strictEqual(other.decision.outcome, "deny", "a viewer cannot save")
        const own = yield* save("mine.docx", "two")
        assert.strictEqual(own.decision.outcome, "allow")
      }),
  )
})
