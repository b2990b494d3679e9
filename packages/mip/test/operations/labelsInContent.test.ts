import { assert, describe, it } from "@effect/vitest"
import { hours } from "@twin/kernel"
import { Effect } from "effect"
import { replicationHours } from "../../src/index.ts"
import { actor, labelId } from "../world.ts"
import { alice, nina, stage } from "./labelStage.ts"
import { call, judy } from "./stage.ts"

describe("labels in content", () => {
  it.effect("[MIP-092] one label of each tenant; every tenant sees its own", () =>
    Effect.gen(function* () {
      const { sim, protect, metadata } = yield* stage()
      yield* protect("a.docx", { label: "General" })
      yield* protect("a.docx", { label: "Confidential" })
      yield* call(sim, nina, "label-elsewhere", { file: "a.docx", label: "Partner data" })
      yield* call(sim, nina, "label-elsewhere", { file: "a.docx", label: "Partner secret" })
      const keys = Object.keys((yield* metadata("a.docx"))["properties"] as object).filter((it) =>
        it.endsWith("_Name"),
      )
      assert.lengthOf(keys, 2, "ours once, theirs once")
      assert.strictEqual((yield* metadata("a.docx"))["label"], "Confidential")
      assert.strictEqual((yield* metadata("a.docx", nina))["label"], "Partner secret")
      const zoe = actor("zoe@outlook.com")
      assert.strictEqual(
        (yield* call(sim, zoe, "label-elsewhere", { file: "a.docx", label: "x" })).code,
        "NoPolicyError",
      )
    }),
  )

  it.effect(
    "[MIP-096] metadata lies in clear text beside encrypted bytes, and stays when the file has left",
    () =>
      Effect.gen(function* () {
        const { metadata, protect, sim } = yield* stage()
        yield* protect("a.docx", { label: "Secret" })
        assert.strictEqual(
          (yield* call(sim, nina, "open-document", { file: "a.docx" })).decision.outcome,
          "deny",
        )
        const seen = (yield* metadata("a.docx", nina))["properties"] as Readonly<
          Record<string, string>
        >
        assert.strictEqual(seen[`MSIP_Label_${labelId("Secret")}_Enabled`], "True")
        assert.strictEqual(seen[`MSIP_Label_${labelId("Secret")}_Name`], "Secret")
      }),
  )

  it.effect(
    "[MIP-097] outsiders see marks, and of an encrypted file the template and their rights, not the label",
    () =>
      Effect.gen(function* () {
        const { set, protect, metadata } = yield* stage()
        yield* set("Confidential", {
          ApplyContentMarkingHeaderEnabled: true,
          ApplyContentMarkingHeaderText: "Contoso only",
          EncryptionRightsDefinitions: "contoso.com:VIEW,EDIT;nina@fabrikam.com:VIEW",
        })
        yield* protect("a.docx", { label: "Confidential" })
        const outside = yield* metadata("a.docx", nina)
        assert.isNull(outside["label"])
        assert.deepStrictEqual(outside["marks"], ["Contoso only"])
        assert.deepStrictEqual(outside["messageBar"], {
          name: "Confidential",
          description: "Confidential",
          rights: ["VIEW"],
        })
        const inside = yield* metadata("a.docx")
        assert.strictEqual(inside["label"], "Confidential")
        assert.isNull(inside["messageBar"])
      }),
  )

  it.effect("[MIP-212] co-authoring moves labels to a part that older programs do not read", () =>
    Effect.gen(function* () {
      const { sim, protect, metadata } = yield* stage()
      const old = { onlyCustomProperties: true }
      yield* protect("a.docx", { label: "General" })
      assert.strictEqual((yield* metadata("a.docx", alice, old))["label"], "General")
      yield* call(sim, judy, "Set-PolicyConfig", { EnableLabelCoauth: true })
      yield* protect("b.docx", { label: "General" })
      assert.deepInclude(yield* metadata("b.docx"), {
        label: "General",
        storedIn: "docMetadata/LabelInfo.xml",
      })
      assert.isNull((yield* metadata("b.docx", alice, old))["label"])
      assert.strictEqual(
        (yield* call(sim, judy, "Get-PolicyConfig")).output[0]?.["EnableLabelCoauth"],
        true,
      )
      yield* call(sim, judy, "Set-PolicyConfig", { EnableLabelCoauth: false })
      assert.strictEqual(
        (yield* call(sim, judy, "Get-PolicyConfig")).output[0]?.["EnableLabelCoauth"],
        false,
      )
    }),
  )

  it.effect("[MIP-100] programs learn of a label after the documented hours", () =>
    Effect.gen(function* () {
      const { sim, protect } = yield* stage()
      const table = yield* call(sim, judy, "set-label-replication", { mode: "documented" })
      assert.deepStrictEqual(
        Object.fromEntries(
          table.output.map((it) => [
            it["Consumer"],
            [it["HoursNewLabel"], it["HoursChangedLabel"]],
          ]),
        ),
        { "office-apps": [4, 24], "office-web": [1, 24], sharepoint: [1, 24], containers: [1, 24] },
      )
      assert.deepStrictEqual(
        Object.keys(replicationHours),
        table.output.map((it) => it["Consumer"]),
      )
      yield* call(sim, judy, "New-Label", { Name: "Fresh", DisplayName: "Fresh", Tooltip: "New" })
      yield* call(sim, judy, "New-LabelPolicy", {
        Name: "Fresh",
        Labels: ["Fresh"],
        ExchangeLocation: ["All"],
      })
      const web = actor("alice@contoso.com", "office-web")
      assert.strictEqual(
        (yield* protect("a.docx", { label: "Fresh" })).verdict,
        "deny by label-arrived",
      )
      yield* sim.advance(hours(1))
      assert.strictEqual(
        (yield* protect("b.docx", { label: "Fresh" })).verdict,
        "deny by label-arrived",
      )
      assert.strictEqual(
        (yield* protect("c.docx", { label: "Fresh" }, web)).decision.outcome,
        "allow",
      )
      yield* sim.advance(hours(3))
      assert.strictEqual((yield* protect("d.docx", { label: "Fresh" })).decision.outcome, "allow")
      assert.strictEqual(
        (yield* protect("e.docx", { label: "General" })).decision.outcome,
        "allow",
        "known for long",
      )
      yield* call(sim, judy, "set-label-replication", { mode: "instant" })
    }),
  )
})
