import { assert, describe, it } from "@effect/vitest"
import { hours } from "@twin/kernel"
import { Effect } from "effect"
import { defaultTaxonomy } from "../../src/defaultLabels.ts"
import {
  canServiceProcess,
  colorOf,
  containerSettingsOf,
  effectOf,
  evaluateServiceProcessing,
  type Label,
  labelOf,
  labelsOf,
  localDocumentOf,
  localized,
  policySettingOf,
  publishedLabelsOf,
  replicationHours,
} from "../../src/index.ts"
import { policySettings } from "../../src/LabelPolicy.ts"
import { policySettingKinds } from "../../src/labelSettings.ts"
import {
  actor,
  baseline,
  composition,
  evolveAll,
  label,
  labelId,
  people,
  publishing,
} from "../world.ts"
import { call, judy, simulate } from "./stage.ts"

const empty = evolveAll(composition.initial, people)
const alice = actor("alice@contoso.com")
const nina = actor("nina@fabrikam.com")

const stage = (from = baseline) =>
  Effect.gen(function* () {
    const sim = yield* simulate([], from)
    const set = (identity: string, more: object) =>
      call(sim, judy, "Set-Label", { Identity: identity, ...more })
    const protect = (file: string, wish: object, who = alice) =>
      call(sim, who, "protect-document", { file, content: "The plan.", ...wish })
    const metadata = (file: string, who = alice, more: object = {}) =>
      Effect.map(
        call(sim, who, "read-label-metadata", { file, ...more }),
        ({ output }) => output[0] ?? {},
      )
    return { sim, set, protect, metadata }
  })

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
  const total = [...body].toReversed().reduce((sum, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1)
    return sum + (value > 9 ? value - 9 : value)
  }, 0)
  return `${body}${(10 - (total % 10)) % 10}`
}

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

  it.effect(
    "[MIP-118] a label can ask Outlook for certificates; not together with rights on one message",
    () =>
      Effect.gen(function* () {
        const { set, sim, protect } = yield* stage()
        const { evaluateProtect } = yield* Effect.promise(() => import("../../src/index.ts"))
        const mail = (name: string) =>
          Effect.map(sim.world, (world) =>
            evaluateProtect({
              world,
              address: "alice@contoso.com",
              client: alice.client,
              now: 0,
              form: "mail",
              name: "Hi",
              label: name,
              recipients: ["bob@contoso.com"],
            }),
          )
        yield* set("General", { AdvancedSettings: { SMimeSign: "True", SMimeEncrypt: "True" } })
        assert.strictEqual((yield* mail("General")).outcome, "allow")
        yield* set("Confidential", { AdvancedSettings: { SMimeEncrypt: "True" } })
        assert.strictEqual((yield* mail("Confidential")).outcome, "deny")
        assert.strictEqual(
          (yield* protect("a.docx", { label: "Confidential" })).decision.outcome,
          "allow",
          "Outlook only",
        )
        yield* set("Confidential", { AdvancedSettings: { SMimeEncrypt: null, SMimeSign: "True" } })
        assert.strictEqual((yield* mail("Confidential")).outcome, "allow")
      }),
  )

  it.effect(
    "[MIP-120] a key on premises served the classic client only; services cannot open such content",
    () =>
      Effect.gen(function* () {
        const { set, protect, sim } = yield* stage()
        yield* protect("before.docx", { label: "Confidential" })
        const contentId = localDocumentOf(yield* sim.world, "before.docx")?.contentId ?? ""
        assert.isTrue(canServiceProcess(yield* sim.world, contentId, sim === undefined ? 0 : 1))
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
        const texts = (localeKey: string, values: Readonly<Record<string, string>>) =>
          JSON.stringify({
            localeKey,
            Settings: Object.entries(values).map(([Key, Value]) => ({ Key, Value })),
          })
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
