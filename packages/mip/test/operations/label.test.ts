import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  containerSettingsOf,
  defaultSharingOf,
  effectOf,
  labelForNewContent,
  labelOf,
  labelsOf,
  policySettingOf,
  publishedLabelsOf,
  templateOf,
} from "../../src/index.ts"
import {
  actor,
  composition,
  evolveAll,
  group,
  guest,
  joins,
  label,
  labelId,
  people,
  start,
  userIdOf,
} from "../world.ts"
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
        assert.match(String(first.output[0]?.["Guid"]), /^[0-9a-f-]{36}$/)
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
        const header = (length: number) => ({
          ApplyContentMarkingHeaderEnabled: true,
          ApplyContentMarkingHeaderText: "h".repeat(length),
        })
        assert.strictEqual(yield* with_("H1", header(1024)), "allow by label-values")
        assert.strictEqual(yield* with_("H2", header(1025)), "deny by label-limits")
        assert.strictEqual(
          yield* with_("W", {
            ApplyWaterMarkingEnabled: true,
            ApplyWaterMarkingText: "w".repeat(256),
          }),
          "deny by label-limits",
        )
        const dynamic = (text: string, more: object = {}) => ({
          ApplyDynamicWatermarkingEnabled: true,
          DynamicWatermarkDisplay: text,
          ...more,
        })
        // oxlint-disable-next-line no-template-curly-in-string
        const reader = "${Consumer.PrincipalName}"
        assert.strictEqual(
          yield* with_("D1", dynamic(reader, template("contoso.com:VIEW"))),
          "allow by label-values",
        )
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
      assert.strictEqual(
        yield* set("Board", "https://keys2.contoso.com/Board"),
        "allow by label-values",
      )
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
      const expiry = (text: string) => ({ EncryptionContentExpiredOnDateInDaysOrNever: text })
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

describe("Set-Label, Get-Label, Remove-Label", () => {
  it.effect("[MIP-090] a new display name leaves GUID and name alone", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* call(sim, judy, "Set-Label", { Identity: "General", DisplayName: "Everyday" })
      const changed = labelOf(yield* sim.world, "Everyday")
      assert.strictEqual(changed?.id, labelId("General"))
      assert.strictEqual(changed?.name, "General")
      const unknown = yield* call(sim, judy, "Set-Label", { Identity: "Nothing", Comment: "x" })
      assert.strictEqual(unknown.verdict, "deny by label-known")
    }),
  )

  it.effect("[MIP-091] priority moves a label within the order and not beyond it", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* call(sim, judy, "Set-Label", { Identity: "Secret", Priority: 0 })
      assert.strictEqual(labelsOf(yield* sim.world)[0]?.name, "Secret")
      for (const priority of [-1, 6]) {
        const refused = yield* call(sim, judy, "Set-Label", {
          Identity: "Secret",
          Priority: priority,
        })
        assert.strictEqual(refused.verdict, "deny by label-values")
      }
    }),
  )

  it.effect("[MIP-136] an advanced setting comes by name and goes with $null", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const set = (settings: object) =>
        call(sim, judy, "Set-Label", { Identity: "General", AdvancedSettings: settings })
      yield* set({ DefaultSharingScope: "SpecificPeople", DefaultShareLinkPermission: "View" })
      assert.deepStrictEqual(defaultSharingOf(yield* sim.world, "General"), {
        scope: "SpecificPeople",
        permission: "View",
      })
      yield* set({ defaultsharingscope: null, DefaultShareLinkToExistingAccess: "True" })
      assert.deepStrictEqual(defaultSharingOf(yield* sim.world, "General"), {
        permission: "View",
        toExistingAccess: true,
      })
      yield* set({ DefaultSharingScope: "Everybody" })
      assert.isUndefined(
        defaultSharingOf(yield* sim.world, "General")?.scope,
        "a value the service does not know",
      )
    }),
  )

  it.effect("Get-Label of a name that does not exist shows all labels", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const rows = (identity?: string) =>
        Effect.map(
          call(sim, judy, "Get-Label", identity === undefined ? {} : { Identity: identity }),
          ({ output }) => output.map((it) => it["Name"]),
        )
      assert.deepStrictEqual(yield* rows("General"), ["General"])
      assert.strictEqual((yield* rows("Nothing")).length, 6)
      assert.strictEqual((yield* rows()).length, 6)
    }),
  )

  it.effect("[MIP-101] a label can go only when no policy publishes it", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const remove = call(sim, judy, "Remove-Label", { Identity: "Secret" })
      assert.strictEqual((yield* remove).verdict, "deny by label-unpublished")
      yield* call(sim, judy, "Set-LabelPolicy", { Identity: "Global", RemoveLabels: ["Secret"] })
      assert.strictEqual((yield* remove).decision.outcome, "allow")
      assert.strictEqual(templateOf(yield* sim.world, "Secret")?.status, "Archived")
      assert.strictEqual((yield* remove).verdict, "deny by label-known")
    }),
  )
})

describe("containers", () => {
  it.effect("[MIP-216] [MIP-136] a label carries the settings of groups and sites", () =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      yield* call(
        sim,
        judy,
        "New-Label",
        named("Team", {
          ContentType: "File, Email, Site, UnifiedGroup",
          SiteAndGroupProtectionEnabled: true,
          SiteAndGroupProtectionPrivacy: "Private",
          SiteAndGroupProtectionAllowAccessToGuestUsers: false,
          SiteAndGroupProtectionAllowLimitedAccess: true,
          SiteExternalSharingControlType: "ExistingExternalUserSharingOnly",
          AdvancedSettings: {
            MembersCanShare: "MemberShareNone",
            DefaultSharingScope: "Organization",
          },
        }),
      )
      assert.deepStrictEqual(containerSettingsOf(yield* sim.world, "Team"), {
        privacy: "Private",
        allowAccessToGuestUsers: false,
        siteExternalSharingControlType: "ExistingExternalUserSharingOnly",
        unmanagedDevices: "AllowLimitedAccess",
        membersCanShare: "MemberShareNone",
        defaultSharing: { scope: "Organization" },
      })
      assert.isUndefined(containerSettingsOf(yield* sim.world, "General"), "not in its scope")
      assert.isUndefined(containerSettingsOf(yield* sim.world, "Nothing"))
      yield* call(sim, judy, "Set-Label", {
        Identity: "Team",
        SiteAndGroupProtectionEnabled: false,
      })
      assert.deepStrictEqual(Object.keys(containerSettingsOf(yield* sim.world, "Team") ?? {}), [
        "siteExternalSharingControlType",
        "defaultSharing",
        "membersCanShare",
      ])
    }),
  )
})

describe("label policies", () => {
  it.effect("[MIP-128] people receive the union of the labels of all their policies", () =>
    Effect.gen(function* () {
      const sim = yield* simulate(
        [
          guest("nina@fabrikam.com"),
          group("Bare", { mail: "", mailEnabled: false }),
          ...["General", "Secret", "Public"].map((name, index) => ({
            _tag: "LabelCreated" as const,
            label: label(name, index),
          })),
        ],
        empty,
      )
      const publish = (name: string, labels: string[], to: string[]) =>
        call(sim, judy, "New-LabelPolicy", { Name: name, Labels: labels, ExchangeLocation: to })
      yield* publish("All", ["Public"], ["All"])
      yield* publish("Money", ["Secret"], ["finance@contoso.com"])
      yield* publish("Bob", ["General"], ["bob@contoso.com"])
      const names = (who: string) =>
        Effect.map(sim.world, (world) =>
          publishedLabelsOf(world, who, start).map(({ name }) => name),
        )
      assert.deepStrictEqual(yield* names("alice@contoso.com"), ["Secret", "Public"])
      assert.deepStrictEqual(yield* names("bob@contoso.com"), ["General", "Public"])
      assert.deepStrictEqual(yield* names("nina@fabrikam.com"), [], "guests receive none")
      assert.strictEqual(
        (yield* publish("Bad", ["Public"], ["Bare"])).verdict,
        "deny by policy-locations",
      )
      assert.strictEqual(
        (yield* publish("Nowhere", ["Public"], [])).decision.outcome,
        "allow",
        "published to nobody",
      )
    }),
  )

  it.effect(
    "[MIP-130] a policy has a unique name, labels that exist, and the parent of a sublabel",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate([
          {
            _tag: "LabelCreated",
            label: label("Sub", 6, undefined, { parentId: labelId("General") }),
          },
        ])
        const make = (name: string, labels: string[]) =>
          Effect.map(
            call(sim, judy, "New-LabelPolicy", {
              Name: name,
              Labels: labels,
              ExchangeLocation: ["All"],
            }),
            ({ verdict }) => verdict,
          )
        assert.strictEqual(yield* make("P", ["Sub"]), "deny by labels-known")
        assert.strictEqual(yield* make("P", ["Sub", "General"]), "allow by policy-order")
        assert.strictEqual(yield* make("P", ["General"]), "deny by label-policy-name")
        assert.strictEqual(yield* make("Q", []), "deny by labels-known")
        assert.strictEqual(yield* make("Q", ["Nothing"]), "deny by labels-known")
        assert.strictEqual(yield* make("q".repeat(65), ["General"]), "deny by label-policy-name")
      }),
  )

  it.effect(
    "[MIP-129] the highest policy that includes somebody wins, for each setting apart",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        const make = (name: string, to: string, settings: object) =>
          call(sim, judy, "New-LabelPolicy", {
            Name: name,
            Labels: ["General", "Public"],
            ExchangeLocation: [to],
            AdvancedSettings: settings,
          })
        yield* make("Low", "All", { mandatory: "True", CustomUrl: "https://low" })
        yield* make("High", "finance@contoso.com", { mandatory: "False" })
        const setting = (who: string, name: "mandatory" | "customUrl") =>
          Effect.map(sim.world, (world) => policySettingOf(world, who, name, start))
        assert.strictEqual(yield* setting("alice@contoso.com", "mandatory"), "False")
        assert.strictEqual(yield* setting("alice@contoso.com", "customUrl"), "https://low")
        assert.strictEqual(yield* setting("bob@contoso.com", "mandatory"), "True")
        yield* call(sim, judy, "Set-LabelPolicy", { Identity: "High", NextLabelPolicy: "Low" })
        assert.strictEqual(yield* setting("alice@contoso.com", "mandatory"), "True", "now below")
        const lost = yield* call(sim, judy, "Set-LabelPolicy", {
          Identity: "High",
          PreviousLabelPolicy: "Nothing",
        })
        assert.strictEqual(lost.verdict, "deny by policy-order")
      }),
  )

  it.effect(
    "[MIP-131] [MIP-132] new content gets the default; Outlook can have another, or none",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        const set = (settings: object) =>
          call(sim, judy, "Set-LabelPolicy", { Identity: "Global", AdvancedSettings: settings })
        const fresh = (form: "document" | "mail") =>
          Effect.map(
            sim.world,
            (world) => labelForNewContent(world, "alice@contoso.com", form, start)?.name,
          )
        assert.isUndefined(yield* fresh("document"), "no default")
        yield* set({ defaultlabelid: "General" })
        assert.strictEqual(yield* fresh("document"), "General")
        assert.strictEqual(yield* fresh("mail"), "General")
        yield* set({ OutlookDefaultLabel: "Public" })
        assert.strictEqual(yield* fresh("mail"), "Public")
        yield* set({ OutlookDefaultLabel: "None" })
        assert.isUndefined(yield* fresh("mail"))
        assert.strictEqual(yield* fresh("document"), "General")
        const outsider = labelForNewContent(yield* sim.world, "zoe@outlook.com", "document", start)
        assert.isUndefined(outsider)
      }),
  )

  it.effect("[MIP-093] a parent with sublabels is no default", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([
        {
          _tag: "LabelCreated",
          label: label("Sub", 6, undefined, { parentId: labelId("General") }),
        },
      ])
      const refused = yield* call(sim, judy, "Set-LabelPolicy", {
        Identity: "Global",
        AdvancedSettings: { defaultlabelid: "General" },
      })
      assert.strictEqual(refused.verdict, "deny by default-label")
    }),
  )

  it.effect(
    "[MIP-102] taking a label out of a policy, or the policy away, leaves content alone",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        const made = yield* call(sim, actor("alice@contoso.com"), "protect-document", {
          file: "a.docx",
          label: "Confidential",
        })
        assert.strictEqual(made.decision.outcome, "allow")
        yield* call(sim, judy, "Set-LabelPolicy", {
          Identity: "Global",
          RemoveLabels: ["Confidential"],
        })
        const again = yield* call(sim, actor("alice@contoso.com"), "protect-document", {
          file: "b.docx",
          label: "Confidential",
        })
        assert.strictEqual(again.verdict, "deny by label-in-scope")
        yield* call(sim, judy, "Remove-LabelPolicy", { Identity: "Global" })
        const opened = yield* call(sim, actor("bob@contoso.com"), "open-document", {
          file: "a.docx",
        })
        assert.strictEqual(opened.decision.outcome, "allow")
        assert.strictEqual(templateOf(yield* sim.world, "Confidential")?.status, "Published")
        const gone = yield* call(sim, judy, "Remove-LabelPolicy", { Identity: "Global" })
        assert.strictEqual(gone.verdict, "deny by label-policy-known")
      }),
  )

  it.effect("a policy that names a group reaches whoever joins it", () =>
    // Guards that policies read the same membership as rights.
    Effect.gen(function* () {
      const sim = yield* simulate(
        [{ _tag: "LabelCreated", label: label("General", 0) }, joins("Finance", userIdOf("bob"))],
        empty,
      )
      yield* call(sim, judy, "New-LabelPolicy", {
        Name: "P",
        Labels: ["General"],
        ExchangeLocation: ["finance@contoso.com"],
      })
      const world = yield* sim.world
      assert.strictEqual(publishedLabelsOf(world, "bob@contoso.com", start).length, 1)
      assert.strictEqual(publishedLabelsOf(world, "carol@contoso.com", start).length, 0)
    }),
  )
})
