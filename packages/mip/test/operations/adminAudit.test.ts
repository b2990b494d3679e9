import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { operations } from "../../src/operations/table.ts"
import { call, judy, simulate } from "./stage.ts"

const edmSchema = (description: string) =>
  `<EdmSchema xmlns="http://schemas.microsoft.com/office/2018/edm"><DataStore name="Staff" description="${description}" version="1"><Field name="Number" searchable="true"/></DataStore></EdmSchema>`

const rulePackage = (revision: number) =>
  `<RulePackage xmlns="http://schemas.microsoft.com/office/2011/mce"><RulePack id="0fa1c0de-0000-4000-8000-000000000001"><Version major="1" minor="0" build="0" revision="${revision}"/><Publisher id="0fa1c0de-0000-4000-8000-0000000000f1"/><Details defaultLangCode="en-us"><LocalizedDetails langcode="en-us"><PublisherName>Contoso</PublisherName><Name>Contoso rules</Name><Description/></LocalizedDetails></Details></RulePack><Rules><Entity id="0fa1c0de-0000-4000-8000-0000000000a1" patternsProximity="100" recommendedConfidence="75"><Pattern confidenceLevel="75"><IdMatch idRef="R"/></Pattern></Entity><Regex id="R">E[0-9]{6}</Regex><LocalizedStrings><Resource idRef="0fa1c0de-0000-4000-8000-0000000000a1"><Name default="true" langcode="en-us">Employee</Name><Description default="true" langcode="en-us">E</Description></Resource></LocalizedStrings></Rules></RulePackage>`

/** Every change that Security & Compliance PowerShell offers here, in an order in which it works. */
const changes: readonly (readonly [cmdlet: string, params: Readonly<Record<string, unknown>>])[] = [
  ["New-Label", { Name: "Draft", DisplayName: "Draft", Tooltip: "Not yet", IsLabelGroup: false }],
  ["Set-Label", { Identity: "Draft", Tooltip: "Soon", AdvancedSettings: { color: "#40e0d0" } }],
  ["New-LabelPolicy", { Name: "Drafts", Labels: ["Draft"], ExchangeLocation: ["All"] }],
  ["Set-LabelPolicy", { Identity: "Drafts", Comment: "For all", RetryDistribution: true }],
  [
    "New-AutoSensitivityLabelPolicy",
    {
      Name: "Find drafts",
      ApplySensitivityLabel: "Draft",
      ExchangeLocation: ["All"],
      Mode: "TestWithoutNotifications",
    },
  ],
  ["Set-AutoSensitivityLabelPolicy", { Identity: "Find drafts", Comment: "Looks only" }],
  [
    "New-AutoSensitivityLabelRule",
    {
      Name: "Cards",
      Policy: "Find drafts",
      Workload: "Exchange",
      ContentContainsSensitiveInformation: { name: "Credit Card Number", mincount: "1" },
    },
  ],
  ["Set-AutoSensitivityLabelRule", { Identity: "Cards", Disabled: true }],
  ["Remove-AutoSensitivityLabelRule", { Identity: "Cards" }],
  ["Remove-AutoSensitivityLabelPolicy", { Identity: "Find drafts" }],
  ["Remove-LabelPolicy", { Identity: "Drafts" }],
  ["Remove-Label", { Identity: "Draft" }],
  ["New-DlpKeywordDictionary", { Name: "Plants", Description: "Green", FileData: "fern\nmoss" }],
  ["Set-DlpKeywordDictionary", { Identity: "Plants", FileData: "fern\nmoss\nreed" }],
  ["Remove-DlpKeywordDictionary", { Identity: "Plants" }],
  ["New-DlpEdmSchema", { FileData: edmSchema("People") }],
  ["Set-DlpEdmSchema", { FileData: edmSchema("Employees") }],
  ["Remove-DlpEdmSchema", { Identity: "Staff" }],
  ["New-DlpSensitiveInformationTypeRulePackage", { FileData: rulePackage(0) }],
  ["Set-DlpSensitiveInformationTypeRulePackage", { FileData: rulePackage(1) }],
  ["Remove-DlpSensitiveInformationTypeRulePackage", { Identity: "Employee" }],
  [
    "New-DlpSensitiveInformationType",
    {
      Name: "Forms",
      Description: "Of the house",
      Fingerprints: {
        description: "",
        salt: "s",
        hashes: ["a"],
        whole: "b",
        isExact: false,
        thresholds: { low: 40, medium: 60, high: 80 },
      },
    },
  ],
  ["Set-DlpSensitiveInformationType", { Identity: "Forms", Description: "Old" }],
  ["Remove-DlpSensitiveInformationType", { Identity: "Forms" }],
  ["Set-PolicyConfig", { EnableLabelCoauth: true }],
  ["Set-AdminAuditLogConfig", { UnifiedAuditLogIngestionEnabled: true }],
]

describe("the record that a change in Security & Compliance PowerShell leaves", () => {
  it("is asked of every cmdlet that changes something", () => {
    const offered = operations.filter(
      ({ kind, isReadOnly, roles, name }) =>
        kind === "cmdlet" &&
        !isReadOnly &&
        roles.includes("Security Administrator") &&
        !name.startsWith("Test-"),
    )
    assert.deepStrictEqual(
      offered.map(({ name }) => name).toSorted(),
      changes.map(([name]) => name).toSorted(),
    )
  })

  it.effect("[MIP-090] [MIP-156] names each parameter that was given, and its value", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      for (const [cmdlet, params] of changes) {
        const { decision, record } = yield* call(sim, judy, cmdlet, params)
        assert.strictEqual(decision.outcome, "allow", cmdlet)
        const [entry, ...more] = record?.audit ?? []
        assert.isEmpty(more, cmdlet)
        assert.strictEqual(entry?.Operation, cmdlet)
        const written = JSON.stringify(entry)
        for (const [name, value] of Object.entries(params)) {
          assert.include(written, `-${name} `, cmdlet)
          if (typeof value === "string") {
            assert.include(written, JSON.stringify(value.slice(0, 900)).slice(1, -1), cmdlet)
          }
        }
      }
    }),
  )

  it.effect("[MIP-156] keeps the beginning of a long list", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const FileData = Array.from({ length: 5000 }, (_, at) => `word${at}`).join("\n")
      const { record } = yield* call(sim, judy, "New-DlpKeywordDictionary", {
        Name: "Words",
        FileData,
      })
      const written = JSON.stringify(record?.audit)
      assert.include(written, "word0")
      assert.notInclude(written, "word4999")
    }),
  )
})
