import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { assignedGroup, groupOf, type IdentityEvent } from "../../src/index.ts"
import { invited, type Lab, lab, refusal, start, userId, verdict } from "../world.ts"

const template = "08d542b9-071f-4e16-94b0-74abb372e3d9"
const unified: IdentityEvent = {
  _tag: "GroupCreated",
  group: assignedGroup({
    id: "launch",
    displayName: "Launch",
    mail: "launch@contoso.com",
    groupTypes: ["Unified"],
    securityEnabled: false,
    owners: [userId("alice")],
    createdAt: start,
  }),
}

const guests = (value: string | boolean) => ({
  templateId: template,
  values: [{ name: "AllowToAddGuests", value }],
})

const create = (it: Lab, who = "gina", more: object = {}) =>
  it.as(who, "New-MgGroupSetting", { GroupId: "launch", BodyParameter: guests("false"), ...more })

const addGuest = Effect.fnUntraced(function* (it: Lab) {
  const answer = yield* it.as("alice", "New-MgGroupMember", {
    GroupId: "launch",
    DirectoryObjectId: "zoe@outlook.com",
  })
  return verdict(answer)
})

describe("settings of a Microsoft 365 group", () => {
  it.effect(
    "[IDN-106] a group whose setting says so takes no more guests, until it is changed",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([unified])
        yield* invited(it, "zoe@outlook.com")
        const made = yield* create(it)
        assert.strictEqual(verdict(made), "allow")
        const { Id: id = null, ...rest } = made.output[0] ?? {}
        assert.deepStrictEqual(rest, {
          DisplayName: "Group.Unified.Guest",
          TemplateId: template,
          Values: [{ Name: "AllowToAddGuests", Value: "False" }],
        })
        assert.strictEqual(yield* addGuest(it), "deny group-guests")
        const changed = yield* it.as("gina", "Update-MgGroupSetting", {
          GroupId: "launch",
          GroupSettingId: id,
          Values: [{ Name: "AllowToAddGuests", Value: "true" }],
        })
        assert.strictEqual(verdict(changed), "allow")
        assert.strictEqual(yield* addGuest(it), "allow")
      }),
  )

  it.effect("[IDN-106] without its setting a group is as all groups are", () =>
    Effect.gen(function* () {
      const it = yield* lab([unified])
      yield* invited(it, "zoe@outlook.com")
      const id = (yield* create(it)).output[0]?.["Id"]
      const shown = (more: object = {}) =>
        Effect.map(
          it.as("alice", "Get-MgGroupSetting", { GroupId: "launch", ...more }),
          (answer) => [verdict(answer), answer.output.length],
        )
      assert.deepStrictEqual(yield* shown(), ["allow", 1])
      assert.deepStrictEqual(yield* shown({ GroupSettingId: id }), ["allow", 1])
      assert.deepStrictEqual(yield* shown({ GroupSettingId: "other" }), ["deny setting-found", 0])
      const remove = (which: unknown) =>
        Effect.map(
          it.as("gina", "Remove-MgGroupSetting", { GroupId: "launch", GroupSettingId: which }),
          verdict,
        )
      assert.strictEqual(yield* remove("other"), "deny setting-found")
      assert.strictEqual(yield* remove(id), "allow")
      assert.deepStrictEqual(yield* shown(), ["allow", 0])
      assert.isTrue(groupOf(yield* it.world, "launch")?.allowToAddGuests)
      assert.strictEqual(yield* addGuest(it), "allow")
      assert.strictEqual(yield* remove(id), "deny setting-found")
    }),
  )

  it.effect(
    "[IDN-106] is refused for other groups, other templates, odd values and a second time",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([unified])
        const refused = (more: object) => Effect.map(create(it, "gina", more), verdict)
        assert.strictEqual(yield* refused({ GroupId: "partners" }), "deny setting-group-kind")
        assert.strictEqual(yield* refused({ GroupId: "nobody" }), "deny group-present")
        const tenantWide = {
          ...guests("false"),
          templateId: "62375ab9-6b52-47ed-826b-58e47e0e304b",
        }
        assert.strictEqual(yield* refused({ BodyParameter: tenantWide }), "deny setting-template")
        const unknown = { ...guests("false"), templateId: "something" }
        assert.strictEqual(yield* refused({ BodyParameter: unknown }), "deny setting-template")
        assert.strictEqual(yield* refused({ BodyParameter: guests("no") }), "deny setting-values")
        const other = { templateId: template, values: [{ name: "AllowGuests", value: "false" }] }
        assert.strictEqual(yield* refused({ BodyParameter: other }), "deny setting-values")
        assert.strictEqual(yield* refused({ BodyParameter: {} }), "deny request-body")
        assert.isTrue(groupOf(yield* it.world, "launch")?.allowToAddGuests)
        assert.strictEqual(yield* refused({ BodyParameter: guests(false) }), "allow")
        assert.isFalse(groupOf(yield* it.world, "launch")?.allowToAddGuests)
        assert.strictEqual(yield* refused({}), "deny setting-single")
      }),
  )

  it.effect("[IDN-106] is for administrators, and for one group at a time", () =>
    Effect.gen(function* () {
      const it = yield* lab([unified])
      // The owner adds members, but has no say in the settings.
      assert.strictEqual(verdict(yield* create(it, "alice")), "deny role")
      assert.strictEqual(verdict(yield* create(it, "grace")), "deny role")
      const all = yield* it.as("ivan", "New-MgGroupSetting", { BodyParameter: guests("false") })
      assert.strictEqual(verdict(all), "unknown setting-scope")
      assert.strictEqual(verdict(yield* create(it, "ivan")), "allow")
    }),
  )

  it.effect("[IDN-106] the beta module does the same under its names", () =>
    Effect.gen(function* () {
      const it = yield* lab([unified])
      const [found] = (yield* it.as("gina", "Get-MgBetaDirectorySettingTemplate")).output
      assert.strictEqual(found?.["DisplayName"], "Group.Unified.Guest")
      const absent = yield* it.as("gina", "Get-MgBetaDirectorySettingTemplate", {
        DirectorySettingTemplateId: "other",
      })
      assert.strictEqual(verdict(absent), "deny template-found")
      const made = yield* it.as("gina", "New-MgBetaGroupSetting", {
        GroupId: "launch",
        BodyParameter: { ...guests("false"), templateId: found?.["Id"] },
      })
      assert.strictEqual(verdict(made), "allow")
      const [shown] = (yield* it.as("gina", "Get-MgBetaGroupSetting", { GroupId: "launch" })).output
      const missed = yield* it.as("gina", "Update-MgBetaGroupSetting", {
        GroupId: "launch",
        DirectorySettingId: "other",
        Values: [],
      })
      assert.strictEqual(refusal(missed), "Request_ResourceNotFound")
      yield* it.as("gina", "Remove-MgBetaGroupSetting", {
        GroupId: "launch",
        DirectorySettingId: shown?.["Id"],
      })
      assert.isTrue(groupOf(yield* it.world, "launch")?.allowToAddGuests)
    }),
  )
})
