import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { effectOf, labelOf, labelsOf, templateOf } from "../../src/index.ts"
import { actor, composition, evolveAll, label, labelId, people } from "../world.ts"
import { admin, call, judy, simulate } from "./stage.ts"

const empty = evolveAll(composition.initial, people)
const named = (name: string, more: object = {}) => ({
  Name: name,
  DisplayName: name,
  Tooltip: `About ${name}`,
  ...more,
})
const template = (definitions: string, more: object = {}) => ({
  EncryptionEnabled: true,
  EncryptionProtectionType: "Template",
  EncryptionRightsDefinitions: definitions,
  ...more,
})

const header = (length: number) => ({
  ApplyContentMarkingHeaderEnabled: true,
  ApplyContentMarkingHeaderText: "h".repeat(length),
})

const dynamic = (text: string, more: object = {}) => ({
  ApplyDynamicWatermarkingEnabled: true,
  DynamicWatermarkDisplay: text,
  ...more,
})

const expiry = (text: string) => ({ EncryptionContentExpiredOnDateInDaysOrNever: text })

describe("New-Label", () => {
  it.effect(
    "[MIP-090] [MIP-091] [MIP-104] a tenant has none until someone makes one, on top of the order",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate([], empty)
        assert.isEmpty(labelsOf(yield* sim.world))
        const first = yield* call(sim, judy, "New-Label", named("Public"))
        const second = yield* call(sim, judy, "New-Label", named("General"))
        assert.strictEqual(first.decision.outcome, "allow")
        assert.match(JSON.stringify(first.output[0]?.["Guid"]), /^"[0-9a-f-]{36}"$/)
        assert.strictEqual(second.output[0]?.["Priority"], 1)
        assert.deepStrictEqual(
          labelsOf(yield* sim.world).map(({ name, priority }) => [name, priority]),
          [
            ["Public", 0],
            ["General", 1],
          ],
        )
        assert.strictEqual(first.record?.audit[0]?.Operation, "New-Label")
        assert.strictEqual(first.record?.audit[0]?.RecordType, 18)
      }),
  )

  it.effect(
    "[MIP-090] [MIP-101] a name is taken by a label, and by the template of a removed one",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate([], empty)
        yield* call(sim, judy, "New-Label", named("Secret", template("contoso.com:VIEW")))
        const twice = yield* call(sim, judy, "New-Label", named("SECRET"))
        assert.strictEqual(twice.verdict, "deny by label-name")
        yield* call(sim, judy, "Remove-Label", { Identity: "Secret" })
        assert.isUndefined(labelOf(yield* sim.world, "Secret"))
        assert.strictEqual(
          (yield* call(sim, judy, "New-Label", named("Secret"))).verdict,
          "deny by label-name",
        )
        yield* call(sim, judy, "New-Label", named("Plain"))
        yield* call(sim, judy, "Remove-Label", { Identity: "Plain" })
        assert.strictEqual(
          (yield* call(sim, judy, "New-Label", named("Plain"))).decision.outcome,
          "allow",
          "a label without template leaves its name free",
        )
        assert.strictEqual(
          (yield* call(sim, judy, "New-Label", named("x".repeat(65)))).verdict,
          "deny by label-name",
        )
      }),
  )

  it.effect("only administrators of compliance make labels", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      for (const who of [actor("alice@contoso.com"), admin("grace", "SharePoint Administrator")]) {
        const refused = yield* call(sim, who, "New-Label", named("Mine"))
        assert.strictEqual(refused.verdict, "deny by role")
        assert.strictEqual(refused.code, "CommandNotFoundException")
      }
      assert.isUndefined(labelOf(yield* sim.world, "Mine"))
    }),
  )

  it.effect("[MIP-107] [MIP-108] assigned permissions are read, kept and put into a template", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([], empty)
      const made = yield* call(
        sim,
        judy,
        "New-Label",
        named(
          "Deal",
          template("contoso.com:VIEW,EDIT;Nina@Fabrikam.com:view;AuthenticatedUsers:VIEW", {
            EncryptionOfflineAccessDays: 7,
            EncryptionContentExpiredOnDateInDaysOrNever: "30",
          }),
        ),
      )
      assert.strictEqual(
        made.output[0]?.["EncryptionRightsDefinitions"],
        "contoso.com:VIEW,EDIT;nina@fabrikam.com:VIEW;AuthenticatedUsers:VIEW",
      )
      const world = yield* sim.world
      const deal = labelOf(world, "Deal")
      assert.strictEqual(deal === undefined ? "" : effectOf(deal), "template")
      const behind = templateOf(world, deal?.encryption?.templateId ?? "")
      assert.strictEqual(behind?.licenceValidityDays, 7)
      assert.deepStrictEqual(behind?.contentExpiry, { _tag: "AfterDays", days: 30 })
      assert.strictEqual(behind?.grants.length, 3)
    }),
  )

  it.effect(
    "[MIP-108] definitions that cannot be read, or belong to another type, are refused",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate([], empty)
        const tried = (more: object) =>
          Effect.map(call(sim, judy, "New-Label", named("X", more)), ({ verdict }) => verdict)
        const by = "deny by rights-definitions"
        assert.strictEqual(yield* tried(template("contoso.com:READ")), by)
        assert.strictEqual(yield* tried(template("contoso.com")), by)
        assert.strictEqual(yield* tried(template("")), by, "nobody named")
        assert.strictEqual(
          yield* tried({
            EncryptionEnabled: true,
            EncryptionProtectionType: "UserDefined",
            EncryptionPromptUser: true,
            EncryptionRightsDefinitions: "contoso.com:VIEW",
          }),
          by,
        )
        assert.isEmpty(labelsOf(yield* sim.world))
      }),
  )

  it.effect("[MIP-109] Do Not Forward and Encrypt-Only exclude each other", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([], empty)
      const chosen = (more: object) =>
        call(
          sim,
          judy,
          "New-Label",
          named(JSON.stringify(more), {
            EncryptionEnabled: true,
            EncryptionProtectionType: "UserDefined",
            ...more,
          }),
        )
      const both = yield* chosen({ EncryptionDoNotForward: true, EncryptionEncryptOnly: true })
      assert.strictEqual(both.verdict, "deny by outlook-option")
      for (const one of [{ EncryptionDoNotForward: true }, { EncryptionEncryptOnly: true }]) {
        assert.strictEqual((yield* chosen(one)).decision.outcome, "allow")
      }
      assert.strictEqual((yield* chosen({})).decision.outcome, "allow", "neither")
    }),
  )

  it.effect("[MIP-093] a sublabel needs a parent that is no sublabel itself", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const under = (name: string, parent: string) =>
        call(sim, judy, "New-Label", named(name, { ParentId: parent }))
      assert.strictEqual((yield* under("A", "General")).decision.outcome, "allow")
      assert.strictEqual((yield* under("B", labelId("General"))).decision.outcome, "allow")
      assert.strictEqual((yield* under("C", "A")).verdict, "deny by parent-label")
      assert.strictEqual((yield* under("D", "Nothing")).verdict, "deny by parent-label")
      const shown = yield* call(sim, judy, "Get-Label", { Identity: "A" })
      assert.strictEqual(shown.output[0]?.["ParentLabelDisplayName"], "General")
    }),
  )

  it.effect("[MIP-099] five hundred labels can assign permissions, and no more", () =>
    Effect.gen(function* () {
      const many = Array.from({ length: 499 }, (_, index) => ({
        _tag: "LabelCreated" as const,
        label: label(`L${index}`, index, {
          protectionType: "Template",
          templateId: `t${index}`,
          grants: [{ who: "contoso.com", rights: ["VIEW"] }],
        }),
      }))
      const sim = yield* simulate(many, empty)
      const made = (name: string, more: object) => call(sim, judy, "New-Label", named(name, more))
      assert.strictEqual(
        (yield* made("L500", template("contoso.com:VIEW"))).decision.outcome,
        "allow",
      )
      assert.strictEqual(
        (yield* made("L501", template("contoso.com:VIEW"))).verdict,
        "deny by label-limits",
      )
      assert.strictEqual((yield* made("Plain", {})).decision.outcome, "allow")
    }),
  )

  it.effect(
    "[MIP-119] [MIP-138] marks have a longest length, a changing watermark names the reader",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate([], empty)
        const with_ = (name: string, more: object) =>
          Effect.map(call(sim, judy, "New-Label", named(name, more)), ({ verdict }) => verdict)
        assert.match(yield* with_("H1", header(1024)), /^allow/)
        assert.strictEqual(yield* with_("H2", header(1025)), "deny by label-limits")
        assert.strictEqual(
          yield* with_("W", {
            ApplyWaterMarkingEnabled: true,
            ApplyWaterMarkingText: "w".repeat(256),
          }),
          "deny by label-limits",
        )
        // oxlint-disable-next-line no-template-curly-in-string
        const reader = "${Consumer.PrincipalName}"
        assert.match(yield* with_("D1", dynamic(reader, template("contoso.com:VIEW"))), /^allow/)
        assert.strictEqual(
          yield* with_("D2", dynamic("reader", template("contoso.com:VIEW"))),
          "deny by label-limits",
        )
        assert.strictEqual(yield* with_("D3", dynamic(reader)), "deny by label-limits")
        assert.strictEqual(labelOf(yield* sim.world, "H1")?.marking.header?.fontColor, "#000000")
      }),
  )

  it.effect("[MIP-241] a second key is chosen when the label is made, and stays", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([], empty)
      const url = "https://keys.contoso.com/Board"
      const withKey = { EncryptionDoubleKeyEncryptionUrl: url }
      yield* call(sim, judy, "New-Label", named("Board", template("contoso.com:VIEW", withKey)))
      yield* call(sim, judy, "New-Label", named("Normal", template("contoso.com:VIEW")))
      const set = (identity: string, to: string) =>
        Effect.map(
          call(sim, judy, "Set-Label", {
            Identity: identity,
            EncryptionDoubleKeyEncryptionUrl: to,
          }),
          ({ verdict }) => verdict,
        )
      assert.strictEqual(yield* set("Normal", url), "deny by double-key-url")
      assert.strictEqual(yield* set("Board", ""), "deny by double-key-url")
      assert.match(yield* set("Board", "https://keys2.contoso.com/Board"), /^allow/)
      assert.strictEqual(
        labelOf(yield* sim.world, "Board")?.encryption?.doubleKeyUrl,
        "https://keys2.contoso.com/Board",
      )
      const bad = yield* call(
        sim,
        judy,
        "New-Label",
        named("Bad", template("contoso.com:VIEW", { EncryptionDoubleKeyEncryptionUrl: "keys" })),
      )
      assert.strictEqual(bad.verdict, "deny by double-key-url")
    }),
  )

  it.effect("[MIP-082] [MIP-084] values of expiry and offline access", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([], empty)
      const with_ = (name: string, more: object) =>
        call(sim, judy, "New-Label", named(name, template("contoso.com:VIEW", more)))
      assert.strictEqual((yield* with_("A", expiry("Never"))).decision.outcome, "allow")
      assert.strictEqual((yield* with_("B", expiry("2026-12-31"))).decision.outcome, "allow")
      assert.strictEqual((yield* with_("C", expiry("12/31/2026"))).decision.outcome, "allow")
      for (const [index, text] of ["soon", "13/40/2026", "2026-02-30"].entries()) {
        assert.strictEqual(
          (yield* with_(`X${index}`, expiry(text))).verdict,
          "deny by label-values",
        )
      }
      assert.strictEqual(
        (yield* with_("Y", { EncryptionOfflineAccessDays: -2 })).verdict,
        "deny by label-values",
      )
      const world = yield* sim.world
      assert.deepStrictEqual(labelOf(world, "B")?.encryption?.contentExpiry, {
        _tag: "OnDate",
        at: Date.UTC(2026, 11, 31),
      })
      assert.deepStrictEqual(
        labelOf(world, "C")?.encryption?.contentExpiry,
        labelOf(world, "B")?.encryption?.contentExpiry,
      )
      assert.strictEqual(labelOf(world, "A")?.encryption?.offlineAccessDays, -1, "not set: always")
    }),
  )

  it.effect("-WhatIf has no effect in this module, and the twin says so", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([], empty)
      const made = yield* call(sim, judy, "New-Label", named("A", { WhatIf: true }))
      assert.isDefined(labelOf(yield* sim.world, "A"))
      assert.include(made.warnings[0] ?? "", "-WhatIf")
    }),
  )
})
