import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { call, judy, simulate } from "../operations/stage.ts"

const packageId = "0fa1c0de-0000-4000-8000-000000000001"
const typeId = "0fa1c0de-0000-4000-8000-0000000000a1"

const rulePackage = (o: {
  readonly rules: string
  readonly name?: string
  readonly id?: string
}): string => `<?xml version="1.0" encoding="utf-8"?>
<RulePackage xmlns="http://schemas.microsoft.com/office/2011/mce">
  <RulePack id="${o.id ?? packageId}">
    <Version major="1" minor="0" build="0" revision="0"/>
    <Publisher id="0fa1c0de-0000-4000-8000-0000000000f1"/>
    <Details defaultLangCode="en-us"><LocalizedDetails langcode="en-us">
      <PublisherName>Contoso</PublisherName><Name>Contoso rules</Name><Description/>
    </LocalizedDetails></Details>
  </RulePack>
  <Rules>${o.rules}
    <LocalizedStrings><Resource idRef="${typeId}">
      <Name default="true" langcode="en-us">${o.name ?? "Employee Number"}</Name>
      <Description default="true" langcode="en-us">E and six digits</Description>
    </Resource></LocalizedStrings>
  </Rules>
</RulePackage>`

const employee = (
  o: { readonly regex?: string; readonly terms?: readonly string[] } = {},
): string => `
  <Entity id="${typeId}" patternsProximity="100" recommendedConfidence="75">
    <Pattern confidenceLevel="85"><IdMatch idRef="Regex_employee"/><Match idRef="Keyword_employee"/></Pattern>
    <Pattern confidenceLevel="65"><IdMatch idRef="Regex_employee"/>
      <Any minMatches="0" maxMatches="0"><Match idRef="Keyword_excluded"/></Any></Pattern>
  </Entity>
  <Regex id="Regex_employee">${o.regex ?? String.raw`\bE\d{6}\b`}</Regex>
  <Keyword id="Keyword_employee"><Group matchStyle="word">${(o.terms ?? ["employee", "staff"])
    .map((it) => `<Term>${it}</Term>`)
    .join("")}</Group></Keyword>
  <Keyword id="Keyword_excluded"><Group matchStyle="string"><Term>part no</Term></Group></Keyword>`

const create = "New-DlpSensitiveInformationTypeRulePackage"
const created = (rules: string, more: { readonly name?: string } = {}) => ({
  FileData: rulePackage({ rules, ...more }),
})
const classify = (text: string) => ({
  TextToClassify: text,
  ClassificationNames: ["Employee Number"],
})

const types = (count: number) =>
  `<Regex id="R">abc</Regex>${Array.from({ length: count }, (_, at) => `<Entity id="0fa1c0de-0000-4000-8000-${String(at).padStart(12, "0")}" recommendedConfidence="75"><Pattern confidenceLevel="75"><IdMatch idRef="R"/></Pattern></Entity>`).join("")}`

describe("custom types", () => {
  it.effect("[MIP-151] [MIP-156] a rule package brings a type with levels and exclusions", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const made = yield* call(sim, judy, create, created(employee()))
      assert.strictEqual(made.decision.outcome, "allow")
      const levels = []
      for (const text of [
        "Staff: E123456",
        "E123456",
        "part nos: E123456",
        "F123456 employee",
        "E123456, E123456 and E654321, staff",
      ]) {
        const { output } = yield* call(sim, judy, "Test-DataClassification", classify(text))
        levels.push([output[0]?.["Low"] ?? 0, output[0]?.["High"] ?? 0])
      }
      assert.deepStrictEqual(levels, [
        [1, 1],
        [1, 0],
        [0, 0],
        [0, 0],
        [2, 2],
      ])
      const shown = yield* call(sim, judy, "Get-DlpSensitiveInformationType", {
        Identity: "employee number",
      })
      assert.strictEqual(shown.output[0]?.["Publisher"], "Contoso")
      yield* call(sim, judy, "Remove-DlpSensitiveInformationTypeRulePackage", {
        Identity: packageId,
      })
      const gone = yield* call(sim, judy, "Test-DataClassification", classify("Staff: E123456"))
      assert.isEmpty(gone.output)
    }),
  )

  it.effect("[MIP-156] limits of the service are kept", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const verdict = (rules: string) =>
        Effect.map(call(sim, judy, create, created(rules)), (it) => it.verdict)
      assert.strictEqual(
        yield* verdict(employee({ regex: "a".repeat(1025) })),
        "deny by rule-package-limits",
      )
      assert.strictEqual(
        yield* verdict(employee({ terms: Array.from({ length: 2049 }, (_, at) => `t${at}`) })),
        "deny by rule-package-limits",
      )
      assert.strictEqual(
        yield* verdict(employee({ terms: ["x".repeat(51)] })),
        "deny by rule-package-limits",
      )
      const many = Array.from({ length: 21 }, (_, at) => `<Regex id="R${at}">a${at}</Regex>`).join(
        "",
      )
      const patterns = Array.from(
        { length: 21 },
        (_, at) => `<Pattern confidenceLevel="75"><IdMatch idRef="R${at}"/></Pattern>`,
      ).join("")
      assert.strictEqual(
        yield* verdict(
          `<Entity id="${typeId}" recommendedConfidence="75">${patterns}</Entity>${many}`,
        ),
        "deny by rule-package-limits",
      )
      assert.strictEqual(yield* verdict(types(501)), "deny by rule-package-limits")
      assert.strictEqual(yield* verdict(types(500)), "allow by regex-usable")
    }),
  )

  it.effect("[MIP-156] a dictionary is a list for several types, one megabyte at most", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const large = yield* call(sim, judy, "New-DlpKeywordDictionary", {
        Name: "Large",
        FileData: Array.from({ length: 120_000 }, (_, at) => `word${at}`).join("\n"),
      })
      assert.strictEqual(large.verdict, "deny by keyword-dictionary")
      const made = yield* call(sim, judy, "New-DlpKeywordDictionary", {
        Name: "Projects",
        FileData: "Bluebird\nGreenfinch,Kestrel",
      })
      const { Identity: id } = made.output[0] as { readonly Identity: string }
      const rules = `<Entity id="${typeId}" recommendedConfidence="75"><Pattern confidenceLevel="75"><IdMatch idRef="${id}"/></Pattern></Entity>`
      assert.strictEqual((yield* call(sim, judy, create, created(rules))).decision.outcome, "allow")
      const found = yield* call(
        sim,
        judy,
        "Test-DataClassification",
        classify("kestrel and BLUEBIRD, bluebirds"),
      )
      assert.strictEqual(found.output[0]?.["UniqueCount"], 2)
      yield* call(sim, judy, "Set-DlpKeywordDictionary", {
        Identity: "Projects",
        FileData: "Heron",
      })
      assert.isEmpty(
        (yield* call(sim, judy, "Test-DataClassification", classify("kestrel"))).output,
      )
      const typesWith51 = Array.from(
        { length: 51 },
        (_, at) =>
          `<Entity id="0fa1c0de-0000-4000-8000-${String(at).padStart(12, "0")}" recommendedConfidence="75"><Pattern confidenceLevel="75"><IdMatch idRef="${id}"/></Pattern></Entity>`,
      ).join("")
      const over = yield* call(sim, judy, create, {
        FileData: rulePackage({ rules: typesWith51, id: "0fa1c0de-0000-4000-8000-000000000002" }),
      })
      assert.strictEqual(over.verdict, "deny by rule-package-limits")
    }),
  )

  it.effect("hostile patterns and files get one clear error and change nothing", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const before = yield* sim.world
      for (const [rules, gate] of [
        [employee({ regex: "(a" }), "regex-usable"],
        [employee({ regex: String.raw`(?=a)b` }), "regex-usable"],
        [employee({ regex: String.raw`(a)\1` }), "regex-usable"],
        ["", "rule-package-readable"],
        ["<Entity>", "rule-package-readable"],
        [`<Entity id="x" recommendedConfidence="75"/>`, "rule-package-readable"],
        [
          `<Entity id="${typeId}" recommendedConfidence="75"><Pattern confidenceLevel="75"><IdMatch idRef="Nothing"/></Pattern></Entity>`,
          "rule-package-readable",
        ],
        [
          `<Entity id="${typeId}" recommendedConfidence="175"><Pattern confidenceLevel="75"><IdMatch idRef="Func_ssn"/></Pattern></Entity>`,
          "rule-package-limits",
        ],
      ] as const) {
        assert.strictEqual(
          (yield* call(sim, judy, create, created(rules))).verdict,
          `deny by ${gate}`,
          rules,
        )
      }
      for (const text of [
        "no xml",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<a>".repeat(50),
        "<".repeat(10_000),
        "<a></b>",
      ]) {
        assert.strictEqual(
          (yield* call(sim, judy, create, { FileData: text })).verdict,
          "deny by rule-package-readable",
        )
      }
      assert.strictEqual(
        (yield* call(sim, judy, create, created(employee(), { name: "Credit Card Number" })))
          .verdict,
        "deny by rule-package-place",
      )
      assert.deepStrictEqual((yield* sim.world).mip.classification, before.mip.classification)
      // What would take others years, the engine does in one pass.
      yield* call(sim, judy, create, created(employee({ regex: "(a+)+$" })))
      const found = yield* call(
        sim,
        judy,
        "Test-DataClassification",
        classify(`${"a".repeat(50_000)}!`),
      )
      assert.isEmpty(found.output)
    }),
  )
})
