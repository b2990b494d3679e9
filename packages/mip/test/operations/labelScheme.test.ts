import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { defaultTaxonomy } from "../../src/defaultLabels.ts"
import { colorOf, effectOf, type Label, labelOf, labelsOf } from "../../src/index.ts"
import { composition, evolveAll, label, labelId, people, publishing } from "../world.ts"
import { alice, empty, stage } from "./labelStage.ts"
import { call, judy } from "./stage.ts"

describe("default labels", () => {
  it.effect(
    "[MIP-104] [MIP-105] come with protection, a policy, recommendations and policies that simulate",
    () =>
      Effect.gen(function* () {
        const { sim } = yield* stage(empty)
        yield* call(sim, judy, "create-default-labels")
        const world = yield* sim.world
        const find = (name: string, parent: string): Label | undefined =>
          labelsOf(world).find(
            (it) =>
              it.displayName === name &&
              (it.parentId === undefined ? "" : labelOf(world, it.parentId)?.displayName) ===
                parent,
          )
        assert.lengthOf(labelsOf(world), defaultTaxonomy.length)
        for (const [name, parent, kind] of defaultTaxonomy) {
          const made = find(name, parent)
          const encryption = made?.encryption
          const expected =
            kind === "none" ? "none" : kind === "organization" ? "template" : "user-defined"
          assert.strictEqual(
            made === undefined ? "missing" : effectOf(made),
            expected,
            `${parent} ${name}`,
          )
          assert.strictEqual(encryption?.encryptOnly ?? false, kind === "encrypt-only")
          assert.strictEqual(encryption?.doNotForward ?? false, kind === "do-not-forward")
        }
        const policy = world.mip.policies[0]
        assert.deepStrictEqual(policy?.exchangeLocation, ["All"])
        assert.strictEqual(policy?.settings["requiredowngradejustification"], "True")
        assert.strictEqual(
          policy?.settings["defaultlabelid"],
          find("All Employees (unrestricted)", "General")?.id,
        )
        const save = (file: string, cards: number) =>
          Effect.map(
            call(sim, alice, "save-document", {
              file,
              content: `Visa ${numbers.slice(0, cards).join(", ")}`,
            }),
            ({ output }) => output[0]?.["recommended"],
          )
        assert.strictEqual(yield* save("a.docx", 1), "Confidential\\Anyone (unrestricted)")
        assert.strictEqual(yield* save("b.docx", 9), "Confidential\\Anyone (unrestricted)")
        assert.strictEqual(yield* save("c.docx", 10), "Confidential\\All Employees")
        const services = yield* call(sim, judy, "Get-AutoSensitivityLabelPolicy")
        assert.isNotEmpty(services.output)
        for (const it of services.output) {
          assert.strictEqual(it["Mode"], "TestWithoutNotifications")
          assert.strictEqual(it["SimulationStatus"], "InProgress")
        }
        assert.strictEqual(
          (yield* call(sim, judy, "create-default-labels")).verdict,
          "deny by no-labels-yet",
        )
      }),
  )

  it.effect(
    "[MIP-094] parents become groups, one way; a parent with settings lives on below with its GUID",
    () =>
      Effect.gen(function* () {
        const { sim } = yield* stage(
          evolveAll(composition.initial, [
            ...people,
            ...publishing([
              label("Plain", 0),
              label("Below", 1, undefined, { parentId: labelId("Plain") }),
              label(
                "Rich",
                2,
                { protectionType: "Template", grants: [{ who: "contoso.com", rights: ["VIEW"] }] },
                { advancedSettings: { color: "#ff0000" } },
              ),
              label("Under", 3, undefined, { parentId: labelId("Rich") }),
            ]),
          ]),
        )
        assert.strictEqual(
          (yield* call(sim, judy, "migrate-label-groups")).decision.outcome,
          "allow",
        )
        const world = yield* sim.world
        assert.isTrue(labelOf(world, "Plain")?.isLabelGroup)
        const rich = labelOf(world, labelId("Rich"))
        assert.strictEqual(rich === undefined ? "" : effectOf(rich), "template")
        const group = labelOf(world, rich?.parentId ?? "")
        assert.isTrue(group?.isLabelGroup)
        assert.strictEqual(labelOf(world, "Under")?.parentId, group?.id)
        assert.strictEqual(rich === undefined ? "" : colorOf(world, rich), "#ff0000")
        assert.strictEqual(
          (yield* call(sim, alice, "protect-document", {
            file: "a.docx",
            content: "x",
            label: labelId("Rich"),
          })).decision.outcome,
          "allow",
        )
        assert.strictEqual(
          (yield* call(sim, alice, "protect-document", {
            file: "b.docx",
            content: "x",
            label: group?.id ?? "",
          })).code,
          "LabelDisabledError",
        )
        assert.strictEqual(
          (yield* call(sim, judy, "migrate-label-groups")).verdict,
          "deny by parents-to-migrate",
        )
        const refused = yield* call(sim, judy, "New-Label", {
          Name: "G",
          DisplayName: "G",
          Tooltip: "G",
          IsLabelGroup: true,
          ApplyContentMarkingHeaderEnabled: true,
          ApplyContentMarkingHeaderText: "x",
        })
        assert.strictEqual(refused.verdict, "deny by label-group")
      }),
  )
})

const numbers = Array.from({ length: 10 }, (_, at) => luhn(`4${String(at).padStart(14, "1")}`))

function luhn(body: string): string {
  const total = Array.from(body)
    .toReversed()
    .reduce((sum, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 2 : 1)
      return sum + (value > 9 ? value - 9 : value)
    }, 0)
  return `${body}${(10 - (total % 10)) % 10}`
}
