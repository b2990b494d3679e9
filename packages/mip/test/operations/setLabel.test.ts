import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  containerSettingsOf,
  defaultSharingOf,
  labelOf,
  labelsOf,
  templateOf,
} from "../../src/index.ts"
import { labelId } from "../world.ts"
import { call, judy, simulate } from "./stage.ts"

const named = (name: string, more: object = {}) => ({
  Name: name,
  DisplayName: name,
  Tooltip: `About ${name}`,
  ...more,
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
      assert.strictEqual(unknown.verdict, "deny by object-known")
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
      assert.strictEqual((yield* remove).verdict, "deny by object-known")
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
