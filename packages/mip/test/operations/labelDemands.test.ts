import { assert, describe, it } from "@effect/vitest"
import { type ClientApp, decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import {
  canServiceProcess,
  colorOf,
  containerSettingsOf,
  doNotForward,
  encryptOnly,
  evaluateProtect,
  evaluateServiceProcessing,
  labelOf,
  localDocumentOf,
  localized,
  policySettingOf,
  publishedLabelsOf,
} from "../../src/index.ts"
import { policySettings } from "../../src/LabelPolicy.ts"
import { policySettingKinds } from "../../src/labelSettings.ts"
import { actor, composition, evolveAll, label, labelId, people, publishing } from "../world.ts"
import { alice, stage } from "./labelStage.ts"
import { call, judy } from "./stage.ts"

const texts = (localeKey: string, values: Readonly<Record<string, string>>) =>
  JSON.stringify({
    localeKey,
    Settings: Object.entries(values).map(([Key, Value]) => ({ Key, Value })),
  })

describe("what a label demands", () => {
  it.effect("[MIP-112] permissions that people choose can be set offline on Windows only", () =>
    Effect.gen(function* () {
      const { protect } = yield* stage()
      const wish = { label: "Personal", to: ["bob@contoso.com"], offline: true }
      assert.strictEqual((yield* protect("a.docx", wish)).decision.outcome, "allow")
      for (const app of ["office-mobile", "office-web"] as const) {
        const other = actor("alice@contoso.com", app)
        assert.strictEqual(
          (yield* protect(`${app}.docx`, wish, other)).verdict,
          "deny by connection-for-label",
        )
        assert.notStrictEqual(
          (yield* protect(`${app}2.docx`, { ...wish, offline: false }, other)).verdict,
          "deny by connection-for-label",
        )
      }
    }),
  )

  it.effect.each([
    [{ SMimeSign: "True" }, "sign"],
    [{ SMimeEncrypt: "True" }, "encrypt"],
    [{ SMimeSign: "True", SMimeEncrypt: "True" }, "sign-and-encrypt"],
    [{ SMimeSign: "False" }, "none"],
  ] as const)(
    "[MIP-118] %j: Outlook does so with certificates, beside no rights of any kind",
    ([settings, certificates]) =>
      Effect.gen(function* () {
        const { set, sim, protect } = yield* stage()
        for (const name of ["General", "Confidential"]) {
          yield* set(name, { AdvancedSettings: settings })
        }
        const mail = (more: object, app: ClientApp = "outlook-desktop") =>
          Effect.map(sim.world, (world) =>
            evaluateProtect({
              world,
              address: "alice@contoso.com",
              client: { ...alice.client, app },
              now: 0,
              form: "mail",
              name: "Hi",
              recipients: ["bob@contoso.com"],
              ...more,
            }),
          )
        const encrypts = certificates.endsWith("encrypt")
        for (const app of ["outlook-desktop", "outlook-web", "outlook-mobile"] as const) {
          const decision = yield* mail({ label: "General" }, app)
          assert.strictEqual(decision.outcome, "allow", app)
          const gate = decision.gates.find(({ name }) => name === "label-technology")
          assert.strictEqual(
            gate?.details["certificates"],
            certificates === "none" ? undefined : certificates,
          )
        }
        for (const rights of [
          { label: "Confidential" },
          { label: "General", custom: doNotForward(["bob@contoso.com"]) },
          { label: "General", custom: encryptOnly(["bob@contoso.com"]) },
        ]) {
          const decision = yield* mail(rights)
          assert.strictEqual(decision.outcome, encrypts ? "deny" : "allow")
          if (encrypts) assert.strictEqual(decidingGate(decision).name, "label-technology")
        }
        for (const file of ["a.docx", "b.xlsx", "c.pdf"]) {
          const made = yield* protect(file, { label: "Confidential" })
          assert.strictEqual(made.decision.outcome, "allow", `${file}: Outlook only`)
        }
      }),
  )

  it.effect(
    "[MIP-120] a key on premises served the classic client only; services cannot open such content",
    () =>
      Effect.gen(function* () {
        const { set, protect, sim } = yield* stage()
        yield* protect("before.docx", { label: "Confidential" })
        const contentId = localDocumentOf(yield* sim.world, "before.docx")?.contentId ?? ""
        assert.isTrue(canServiceProcess(yield* sim.world, contentId, 1))
        yield* set("Confidential", {
          EncryptionRightsUrl: "https://rms.contoso.com/_wmcs/licensing",
        })
        assert.strictEqual(
          (yield* protect("a.docx", { label: "Confidential" })).verdict,
          "deny by label-technology",
        )
        for (const service of ["SharePoint", "Exchange"] as const) {
          const decision = evaluateServiceProcessing({
            world: yield* sim.world,
            contentId,
            now: 1,
            service,
          })
          assert.strictEqual(decision.outcome, "deny")
        }
        assert.strictEqual(
          (yield* call(sim, judy, "Get-Label", {
            Identity: "Confidential",
            IncludeDetailedLabelActions: true,
          })).output[0]?.["EncryptionRightsUrl"],
          "https://rms.contoso.com/_wmcs/licensing",
        )
      }),
  )

  it.effect("[MIP-095] a label shows where its scope matches", () =>
    Effect.gen(function* () {
      const { set, protect, sim } = yield* stage()
      yield* set("General", { ContentType: "Email" })
      assert.strictEqual(
        (yield* protect("a.docx", { label: "General" })).verdict,
        "deny by label-in-scope",
      )
      yield* set("General", {
        ContentType: "File, Email, Site, UnifiedGroup, PurviewAssets, Teamwork, SchematizedData",
      })
      assert.lengthOf(labelOf(yield* sim.world, "General")?.contentTypes ?? [], 7)
      assert.strictEqual(
        (yield* set("General", { ContentType: "File, Teamwork" })).verdict,
        "deny by label-scope",
      )
    }),
  )

  it.effect(
    "[MIP-093] [MIP-136] a colour is inherited, a parent can name the sublabel that is chosen, bad values are refused",
    () =>
      Effect.gen(function* () {
        const { set, sim } = yield* stage(
          evolveAll(composition.initial, [
            ...people,
            ...publishing([
              label("Top", 0),
              label("Sub", 1, undefined, { parentId: labelId("Top") }),
              label("Other", 2),
            ]),
          ]),
        )
        yield* set("Top", {
          AdvancedSettings: { Color: "#40e0d0", DefaultSubLabelId: labelId("Sub") },
        })
        const sub = labelOf(yield* sim.world, "Sub")
        assert.strictEqual(sub === undefined ? "" : colorOf(yield* sim.world, sub), "#40e0d0")
        const chosen = yield* call(sim, alice, "protect-document", {
          file: "a.docx",
          content: "x",
          label: "Top",
        })
        assert.strictEqual(chosen.output[0]?.["label"], "Top\\Sub")
        for (const [name, settings] of [
          ["Top", { Color: "blue" }],
          ["Top", { DefaultSubLabelId: labelId("Other") }],
          ["Sub", { Color: "#000000" }],
          ["Other", { DefaultSharingScope: "Nobody" }],
          ["Other", { DefaultShareLinkPermission: "Own" }],
          ["Other", { MembersCanShare: "yes" }],
          ["Other", { SMimeSign: "maybe" }],
          ["Other", { BlockContentAnalysisServices: "1" }],
        ] as const) {
          assert.strictEqual(
            (yield* set(name, { AdvancedSettings: settings })).verdict,
            "deny by label-settings",
            JSON.stringify(settings),
          )
        }
        const odd = yield* set("Other", { AdvancedSettings: { Shoe: "42" } })
        assert.include(odd.warnings.join(), "Shoe")
      }),
  )

  it.effect(
    "[MIP-090] names and tooltips in other languages change what people see, never the GUID",
    () =>
      Effect.gen(function* () {
        const { set, sim } = yield* stage()
        yield* set("Secret", {
          LocaleSettings: [
            texts("DisplayName", { "de-de": "Geheim", fr: "Secret défense" }),
            texts("Tooltip", { "de-de": "Nur Finanzen" }),
          ],
        })
        const secret = labelOf(yield* sim.world, "Secret")
        if (secret === undefined) return assert.fail("no label")
        assert.deepStrictEqual(localized(secret, "de-DE"), {
          displayName: "Geheim",
          tooltip: "Nur Finanzen",
        })
        assert.strictEqual(localized(secret, "fr-CA").displayName, "Secret défense")
        assert.strictEqual(localized(secret, "nl").displayName, "Secret")
        assert.strictEqual(secret.id, labelId("Secret"))
        const printed = yield* call(sim, judy, "Get-Label", { Identity: "Secret" })
        assert.include(JSON.stringify(printed.output[0]?.["LocaleSettings"]), "Geheim")
        for (const bad of [
          "{",
          "[]",
          texts("Shoe", { de: "x" }),
          texts("DisplayName", { "1": "x" }),
        ]) {
          assert.strictEqual(
            (yield* set("Secret", { LocaleSettings: [bad] })).verdict,
            "deny by label-settings",
          )
        }
      }),
  )
})

describe("label policies", () => {
  it.effect(
    "[MIP-137] every setting that is handled by name is kept, printed, in force, and refuses other values",
    () =>
      Effect.gen(function* () {
        const { sim } = yield* stage()
        const names = Object.values(policySettings)
        assert.sameMembers(names, Object.keys(policySettingKinds))
        for (const [key, name] of Object.entries(policySettings)) {
          const kind = policySettingKinds[name]
          const value =
            kind === "boolean"
              ? "True"
              : kind === "label"
                ? "General"
                : kind === "text"
                  ? "https://help"
                  : "Automatic"
          const set = (it: string) =>
            call(sim, judy, "Set-LabelPolicy", {
              Identity: "Global",
              AdvancedSettings: { [name]: it },
            })
          assert.strictEqual((yield* set(value)).decision.outcome, "allow", name)
          const inForce = policySettingOf(
            yield* sim.world,
            "alice@contoso.com",
            key as keyof typeof policySettings,
            0,
          )
          assert.strictEqual(inForce, kind === "label" ? labelId("General") : value)
          const printed = yield* call(sim, judy, "Get-LabelPolicy", { Identity: "Global" })
          assert.include(JSON.stringify(printed.output[0]?.["Settings"]), `[${name}, `)
          if (kind !== "text" && kind !== "label") {
            assert.strictEqual((yield* set("odd")).verdict, "deny by policy-settings", name)
          }
          yield* set("")
        }
        const odd = yield* call(sim, judy, "Set-LabelPolicy", {
          Identity: "Global",
          AdvancedSettings: { Shoe: "42" },
        })
        assert.include(odd.warnings.join(), "Shoe")
      }),
  )

  it.effect("[MIP-137] a policy can keep programs from reporting labels", () =>
    Effect.gen(function* () {
      const { sim, protect } = yield* stage()
      const loud = yield* protect("a.docx", { label: "General" })
      assert.isNotEmpty(loud.record?.audit ?? [])
      yield* call(sim, judy, "Set-LabelPolicy", {
        Identity: "Global",
        AdvancedSettings: { EnableAudit: "False" },
      })
      assert.isEmpty((yield* protect("b.docx", { label: "General" })).record?.audit ?? [])
    }),
  )

  it.effect("[MIP-216] a container label says what becomes of guests and devices", () =>
    Effect.gen(function* () {
      const { set, sim } = yield* stage()
      yield* set("General", {
        ContentType: "File, Email, Site, UnifiedGroup",
        SiteAndGroupProtectionEnabled: true,
        SiteAndGroupProtectionAllowAccessToGuestUsers: false,
        SiteAndGroupProtectionAllowLimitedAccess: true,
      })
      const settings = containerSettingsOf(yield* sim.world, "General")
      assert.strictEqual(settings?.allowAccessToGuestUsers, false)
      assert.strictEqual(settings?.unmanagedDevices, "AllowLimitedAccess")
    }),
  )

  it.effect("[MIP-128] people get the labels of all their policies", () =>
    Effect.gen(function* () {
      const { sim } = yield* stage()
      yield* call(sim, judy, "New-Label", { Name: "More", DisplayName: "More", Tooltip: "More" })
      const before = publishedLabelsOf(yield* sim.world, "alice@contoso.com", 0).length
      yield* call(sim, judy, "New-LabelPolicy", {
        Name: "Finance",
        Labels: ["More"],
        ExchangeLocation: ["finance@contoso.com"],
      })
      assert.strictEqual(
        publishedLabelsOf(yield* sim.world, "alice@contoso.com", 0).length,
        before + 1,
      )
      assert.strictEqual(publishedLabelsOf(yield* sim.world, "bob@contoso.com", 0).length, before)
    }),
  )
})
