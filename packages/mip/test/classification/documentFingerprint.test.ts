import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect, Schema } from "effect"
import {
  confidenceOf,
  defaultThresholds,
  fingerprintOf,
  percentOf,
} from "../../src/classification/DocumentFingerprint.ts"
import { builtInTypes } from "../../src/index.ts"
import { call, judy, type Sim, simulate } from "../operations/stage.ts"

const sections = [
  "Patent title. Give a short and accurate name of what was invented.",
  "Inventors. Full names and home addresses of everybody who took part.",
  "Description. Explain the state of the art, the problem, and how the invention solves it.",
  "Claims. Number every claim and say precisely what is to be protected.",
  "Declaration. I confirm that nothing of this has been published before.",
]
const template = sections.join("\n")
const filled = sections
  .map((section, at) => `${section}\nWritten by hand ${at}: a pump without valves.`)
  .join("\n")
const create = "New-DlpSensitiveInformationType"

const levels = (sim: Sim, text: string, name = "Patent") =>
  Effect.map(
    call(sim, judy, "Test-DataClassification", {
      TextToClassify: text,
      ClassificationNames: [name],
    }),
    ({ output }) => output[0]?.["Confidence"] ?? 0,
  )

const withPatent = (more: object = {}) =>
  Effect.gen(function* () {
    const sim = yield* simulate()
    const made = yield* call(sim, judy, create, { Name: "Patent", FileData: template, ...more })
    return { sim, made }
  })

describe("fingerprints of documents", () => {
  it.effect(
    "[MIP-157] a form is found again when it is filled in, and surer the more is there",
    () =>
      Effect.gen(function* () {
        const { sim, made } = yield* withPatent()
        assert.strictEqual(made.decision.outcome, "allow")
        assert.strictEqual(yield* levels(sim, template), 85)
        assert.strictEqual(yield* levels(sim, filled), 85)
        assert.strictEqual(yield* levels(sim, template.toUpperCase().replaceAll(" ", "\n")), 85)
        assert.strictEqual(yield* levels(sim, sections.slice(0, 3).join("\n")), 75)
        assert.strictEqual(yield* levels(sim, sections.slice(2, 4).join("\n")), 65)
        assert.strictEqual(yield* levels(sim, sections[0] ?? ""), 0)
        assert.strictEqual(yield* levels(sim, "A letter about the pump and its inventors."), 0)
      }),
  )

  it.effect("[MIP-157] thresholds move the levels, and exact means the form alone", () =>
    Effect.gen(function* () {
      const ThresholdConfig = { low: 30, medium: 45, high: 90 }
      const { sim } = yield* withPatent({ ThresholdConfig })
      assert.strictEqual(yield* levels(sim, sections.slice(2, 4).join("\n")), 65)
      assert.strictEqual(yield* levels(sim, sections.slice(1, 4).join("\n")), 75)
      yield* call(sim, judy, "Set-DlpSensitiveInformationType", {
        Identity: "Patent",
        IsExact: true,
      })
      assert.strictEqual(yield* levels(sim, `  ${template.replaceAll(".", " -")}`), 85)
      assert.strictEqual(yield* levels(sim, filled), 0)
    }),
  )

  it.effect(
    "[MIP-157] of the form only hashes stay: in the type, the journal and the audit record",
    () =>
      Effect.gen(function* () {
        const { sim, made } = yield* withPatent()
        const world = yield* sim.world
        const records = yield* sim.records
        const kept = JSON.stringify([world.mip.classification, records])
        for (const word of ["Inventors", "accurate", "declaration"]) {
          assert.notInclude(kept.toLowerCase(), word.toLowerCase())
        }
        assert.include(JSON.stringify(made.record?.audit), "-FileData")
        assert.strictEqual(world.mip.classification.types[0]?.fingerprints?.length, 1)
      }),
  )

  it.effect("[MIP-157] New-DlpFingerprint stores nothing; a type takes what it returned", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const take = (FileData: string) =>
        Effect.map(
          call(sim, judy, "New-DlpFingerprint", { FileData, Description: "Form" }),
          (it) => it.output,
        )
      const [patent] = yield* take(template)
      const [customer] = yield* take("Customer form. Name, date of birth, number of the contract.")
      assert.isEmpty((yield* sim.world).mip.classification.types)
      const made = yield* call(sim, judy, create, {
        Name: "Forms",
        Fingerprints: [patent, customer],
      })
      assert.strictEqual(made.decision.outcome, "allow")
      assert.strictEqual(yield* levels(sim, filled, "Forms"), 85)
      assert.strictEqual(
        yield* levels(
          sim,
          "Customer form. Name, date of birth, number of the contract. 4711",
          "Forms",
        ),
        85,
      )
      const shown = yield* call(sim, judy, "Get-DlpSensitiveInformationType", { Identity: "Forms" })
      assert.containsSubset(shown.output[0], { Name: "Forms", Type: "Fingerprint" })
      const rule = yield* call(sim, judy, "New-AutoSensitivityLabelPolicy", {
        Name: "Forms",
        ApplySensitivityLabel: "Confidential",
        ExchangeLocation: ["All"],
      })
      assert.strictEqual(rule.decision.outcome, "allow")
      const used = yield* call(sim, judy, "New-AutoSensitivityLabelRule", {
        Name: "Forms",
        Policy: "Forms",
        Workload: "Exchange",
        ContentContainsSensitiveInformation: { name: "Forms", confidencelevel: "High" },
      })
      assert.strictEqual(used.decision.outcome, "allow", "usable in conditions")
      yield* call(sim, judy, "Remove-DlpSensitiveInformationType", { Identity: "Forms" })
      assert.isEmpty((yield* sim.world).mip.classification.types)
    }),
  )

  it.effect.each([
    [{ FileData: " - . - " }, "fingerprint-form"],
    [{ Name: "Again", FileData: template }, "fingerprint-form"],
    [{ ThresholdConfig: { low: 29, medium: 50, high: 80 } }, "fingerprint-limits"],
    [{ ThresholdConfig: { low: 40, medium: 60, high: 91 } }, "fingerprint-limits"],
    [{ ThresholdConfig: { low: 60, medium: 60, high: 80 } }, "fingerprint-limits"],
    [{ Name: "Patent" }, "fingerprint-type-name"],
    [{ Name: "Credit Card Number" }, "fingerprint-type-name"],
    [{ Name: "N".repeat(256) }, "fingerprint-type-name"],
  ] as const)("[MIP-157] refused: %j", ([more, gate]) =>
    Effect.gen(function* () {
      const { sim } = yield* withPatent()
      const other = { Name: "Other", FileData: "Another form with other words.", ...more }
      assert.strictEqual((yield* call(sim, judy, create, other)).verdict, `deny by ${gate}`)
      assert.lengthOf((yield* sim.world).mip.classification.types, 1)
    }),
  )

  it.effect(
    "[MIP-157] nothing to make a type of, too large a form, and the fifty-first fingerprint",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        const make = (name: string, more: object) =>
          Effect.map(call(sim, judy, create, { Name: name, ...more }), ({ verdict }) => verdict)
        assert.strictEqual(yield* make("None", {}), "deny by fingerprint-type-name")
        const large = yield* call(sim, judy, create, {
          Name: "Large",
          FileData: "x ".repeat(2_200_000),
        })
        assert.match(decidingGate(large.decision).refusal?.message ?? "", /4 MB/)
        for (let at = 0; at < 50; at++) {
          const verdict = yield* make(`Form ${at}`, { FileData: `Form number ${at}.` })
          assert.match(verdict, /^allow/)
        }
        assert.strictEqual(
          yield* make("Too many", { FileData: "One more form." }),
          "deny by fingerprint-limits",
        )
      }),
  )

  it.effect("[MIP-157] only types made of fingerprints change and go so", () =>
    Effect.gen(function* () {
      const { sim } = yield* withPatent()
      for (const verb of ["Set", "Remove"]) {
        const cmdlet = `${verb}-DlpSensitiveInformationType`
        const verdict = (Identity: string) =>
          Effect.map(call(sim, judy, cmdlet, { Identity }), (it) => it.verdict)
        assert.strictEqual(yield* verdict("Nobody"), "deny by object-known")
        assert.strictEqual(yield* verdict("Credit Card Number"), "deny by fingerprint-type")
      }
      const asPackage = yield* call(sim, judy, "Remove-DlpSensitiveInformationTypeRulePackage", {
        Identity: "Patent",
      })
      assert.strictEqual(asPackage.verdict, "deny by object-known")
      assert.isAbove(builtInTypes.length, 0)
    }),
  )

  const words = Schema.Array(Schema.Literals(["pump", "valve", "claim", "name", "of", "the"]))
  it.prop(
    "[MIP-157] a document that contains the whole form has all of it; one without its words nothing",
    { form: words, before: words, after: words },
    ({ form, before, after }) => {
      const fingerprint = fingerprintOf(form.join(" "), {
        description: "",
        salt: "salt",
        isExact: false,
        thresholds: defaultThresholds,
      })
      if (fingerprint === undefined) return assert.isEmpty(form)
      const document = [...before, ...form, ...after].join("\n")
      // A form of fewer words than a run is one run: what stands around it makes another of it.
      if (form.length >= 3) assert.strictEqual(percentOf(fingerprint, document), 100)
      assert.strictEqual(percentOf(fingerprint, "quite another text altogether"), 0)
      assert.strictEqual(confidenceOf(fingerprint, form.join(", ")), 85)
    },
  )
})
