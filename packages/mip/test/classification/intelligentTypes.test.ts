import { assert, describe, it } from "@effect/vitest"
import { hours, makeDraw } from "@twin/kernel"
import { Effect } from "effect"
import { call, eventsOf, judy, simulate } from "../operations/stage.ts"
import { actor } from "../world.ts"

const schema = (fields: string, name = "Patients") =>
  `<EdmSchema xmlns="http://schemas.microsoft.com/office/2018/edm"><DataStore name="${name}" description="Patients" version="1">${fields}</DataStore></EdmSchema>`
const patientFields = `<Field name="SSN" searchable="true" ignoredDelimiters="- "/><Field name="FirstName" caseInsensitive="true"/><Field name="City"/>`

const rules = `<RulePackage><RulePack id="0fa1c0de-0000-4000-8000-0000000000e1"/><Rules>
<ExactMatch id="0fa1c0de-0000-4000-8000-0000000000e2" patternsProximity="300" dataStore="Patients" recommendedConfidence="75">
<Pattern confidenceLevel="85"><idMatch matches="SSN" classification="U.S. Social Security Number (SSN)"/><match matches="FirstName"/><match matches="City"/></Pattern>
<Pattern confidenceLevel="75"><idMatch matches="SSN" classification="U.S. Social Security Number (SSN)"/><Any minMatches="1"><match matches="FirstName"/><match matches="City"/></Any></Pattern>
<Pattern confidenceLevel="65"><idMatch matches="SSN" classification="U.S. Social Security Number (SSN)"/></Pattern>
</ExactMatch>
<LocalizedStrings><Resource idRef="0fa1c0de-0000-4000-8000-0000000000e2"><Name>Patient Record</Name></Resource></LocalizedStrings></Rules></RulePackage>`

const table = `SSN,FirstName,City
536-22-1234,Maria,"New York"
536-22-9999,Ivan,Delft
536-22-7777,Zoe,Paris`

const levels = ["Low", "Medium", "High"] as const

const fields = (count: number, searchable: number) =>
  Array.from(
    { length: count },
    (_, at) => `<Field name="F${at}" searchable="${at < searchable}"/>`,
  ).join("")

describe("exact data match", () => {
  it.effect(
    "[MIP-157] finds the values of a table by their salted hashes, with the row near by",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        yield* call(sim, judy, "New-DlpEdmSchema", { FileData: schema(patientFields) })
        yield* call(sim, judy, "New-DlpSensitiveInformationTypeRulePackage", { FileData: rules })
        const test = (text: string) =>
          Effect.map(
            call(sim, judy, "Test-DataClassification", {
              TextToClassify: text,
              ClassificationNames: ["Patient Record"],
            }),
            ({ output }) => levels.map((it) => output[0]?.[it] ?? 0),
          )
        assert.deepStrictEqual(yield* test("536-22-1234"), [0, 0, 0], "no data yet")
        const uploaded = yield* call(sim, judy, "upload-exact-data", {
          dataStore: "Patients",
          table,
        })
        assert.deepStrictEqual(uploaded.output[0], { DataStore: "Patients", Rows: 3, BadLines: 0 })
        assert.notInclude(JSON.stringify(eventsOf(uploaded)), "536")
        assert.notInclude(JSON.stringify(eventsOf(uploaded)), "Maria")
        assert.match(JSON.stringify(eventsOf(uploaded)), /[0-9a-f]{64}/)
        assert.deepStrictEqual(yield* test("536221234"), [1, 0, 0])
        assert.deepStrictEqual(yield* test("MARIA has 536-22-1234"), [1, 1, 0])
        assert.deepStrictEqual(yield* test("Maria of New York has 536 22 1234"), [1, 1, 1])
        assert.deepStrictEqual(
          yield* test("Ivan of Paris has 536-22-1234"),
          [1, 0, 0],
          "of other rows",
        )
        assert.deepStrictEqual(
          yield* test(`Maria ${"z ".repeat(200)} 536-22-1234`),
          [1, 0, 0],
          "far away",
        )
        assert.deepStrictEqual(
          yield* test("536-22-4321 Maria of New York"),
          [0, 0, 0],
          "not in the table",
        )
        assert.deepStrictEqual(yield* test("536-22-1234, 536-22-9999 536-22-1234"), [2, 0, 0])
      }),
  )

  it.effect("[MIP-157] limits of schemas and uploads", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const verdict = (text: string) =>
        Effect.map(call(sim, judy, "New-DlpEdmSchema", { FileData: text }), (it) => it.verdict)
      assert.strictEqual(yield* verdict(schema(fields(33, 1))), "deny by exact-data-limits")
      assert.strictEqual(yield* verdict(schema(fields(12, 11))), "deny by exact-data-limits")
      assert.strictEqual(yield* verdict(schema(fields(2, 0))), "deny by exact-data-limits")
      assert.strictEqual(
        yield* verdict(schema(`${fields(1, 1)}<Field name="9"/>`)),
        "deny by exact-data-schema",
      )
      assert.strictEqual(yield* verdict("<EdmSchema/>"), "deny by exact-data-schema")
      assert.strictEqual(yield* verdict(schema(fields(32, 10))), "allow by exact-data-limits")
      assert.strictEqual(yield* verdict(schema(fields(32, 10))), "deny by exact-data-schema")
      const header = Array.from({ length: 32 }, (_, at) => `F${at}`).join(",")
      const upload = (text: string, more: object = {}) =>
        Effect.map(
          call(sim, judy, "upload-exact-data", { dataStore: "Patients", table: text, ...more }),
          (it) => it.verdict,
        )
      const row = header.replaceAll("F", "v")
      assert.strictEqual(yield* upload("A,B"), "deny by exact-data-upload", "columns are missing")
      assert.strictEqual(yield* upload(`${header}\n${row}\nshort`), "deny by exact-data-upload")
      for (let time = 0; time < 5; time++) {
        assert.strictEqual(
          yield* upload(`${header}\n${row}\nshort`, { allowedBadLinesPercentage: 50 }),
          "allow by exact-data-upload",
        )
      }
      assert.strictEqual(
        yield* upload(`${header}\n${row}`),
        "deny by exact-data-upload",
        "the sixth of a day",
      )
      yield* sim.advance(hours(25))
      assert.strictEqual(yield* upload(`${header}\n${row}`), "allow by exact-data-upload")
    }),
  )
})

const vocabulary = {
  contract:
    "agreement party parties clause liability indemnify terminate governing law warranty hereby obligations confidential".split(
      " ",
    ),
  recipe:
    "flour butter oven bake minutes stir sugar salt pan onions garlic simmer serve tablespoon".split(
      " ",
    ),
  news: "minister election match goal season storm market shares traffic festival museum airport".split(
    " ",
  ),
}
const texts = (kinds: readonly (keyof typeof vocabulary)[], count: number, seed: string) => {
  const draw = makeDraw(seed)
  return Array.from({ length: count }, (_, at) => {
    const words = vocabulary[kinds[at % kinds.length] ?? "news"]
    return Array.from(draw.digits(`${at}`, 60))
      .map((digit, index) =>
        index % 3 === 0 ? "the" : words[(Number(digit) * 3 + index) % words.length],
      )
      .join(" ")
  })
}

describe("trainable classifiers", () => {
  it.effect(
    "[MIP-157] learns from samples, takes a day, and tells new texts apart when published",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        const samples = {
          name: "Contracts",
          positives: texts(["contract"], 60, "yes"),
          negatives: texts(["recipe", "news"], 160, "no"),
        }
        const started = yield* call(sim, judy, "train-classifier", samples)
        assert.strictEqual(started.output[0]?.["State"], "InProgress")
        assert.isAtLeast(Number(started.output[0]?.["Accuracy"]), 0.95)
        assert.strictEqual(
          (yield* call(sim, judy, "publish-classifier", { name: "Contracts" })).verdict,
          "deny by classifier-trained",
        )
        const asked = (text: string) =>
          Effect.map(
            call(sim, judy, "Test-DataClassification", { TextToClassify: text }),
            ({ output }) => output.map((it) => it["ClassificationName"]),
          )
        const [fresh = ""] = texts(["contract"], 1, "another")
        yield* sim.advance(hours(24))
        assert.deepStrictEqual(yield* asked(fresh), [], "trained and not published")
        assert.strictEqual(
          (yield* call(sim, judy, "publish-classifier", { name: "Contracts" })).decision.outcome,
          "allow",
        )
        assert.deepStrictEqual(yield* asked(fresh), ["Contracts"])
        assert.deepStrictEqual(yield* asked(texts(["recipe"], 1, "another")[0] ?? ""), [])
        assert.deepStrictEqual(yield* asked("zzz"), [])
        const scores = [
          ...texts(["contract"], 40, "held"),
          ...texts(["recipe", "news"], 40, "held"),
        ]
        let right = 0
        for (const [at, text] of scores.entries()) {
          right += (yield* asked(text)).length > 0 === at < 40 ? 1 : 0
        }
        assert.isAtLeast(right / scores.length, 0.95)
      }),
  )

  it.effect("[MIP-157] 50 to 500 positive and 150 to 1500 negative samples, and no others", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const attempt = (positives: number, negatives: number) =>
        Effect.map(
          call(sim, judy, "train-classifier", {
            name: `c${positives}-${negatives}`,
            positives: Array<string>(positives).fill("contract clause"),
            negatives: Array<string>(negatives).fill("oven bake"),
          }),
          (it) => it.verdict,
        )
      for (const [positives, negatives] of [
        [49, 150],
        [501, 150],
        [50, 149],
        [50, 1501],
      ] as const) {
        assert.strictEqual(yield* attempt(positives, negatives), "deny by classifier-samples")
      }
      assert.strictEqual(yield* attempt(50, 150), "allow by classifier-samples")
      assert.strictEqual(yield* attempt(500, 1500), "allow by classifier-samples")
      assert.strictEqual(yield* attempt(50, 150), "deny by classifier-name")
      const refused = yield* call(sim, actor("alice@contoso.com"), "train-classifier", {
        name: "x",
        positives: [],
        negatives: [],
      })
      assert.strictEqual(refused.verdict, "deny by role")
    }),
  )
})
