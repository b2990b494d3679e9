import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { assignedGroup, groupOf, type IdentityEvent, userOf } from "../../src/index.ts"
import { invited, lab, start, verdict } from "../world.ts"

const unified: IdentityEvent = {
  _tag: "GroupCreated",
  group: assignedGroup({
    id: "launch",
    displayName: "Launch",
    groupTypes: ["Unified"],
    mailEnabled: true,
    createdAt: start,
  }),
}

describe("the AzureAD module of old runbooks", () => {
  it.effect("[IDN-006] users have an ObjectId and a UserState, in filters as well", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, "zoe@outlook.com")
      const [guest] = (yield* it.as("alice", "Get-AzureADUser", {
        Filter: "userState eq 'PendingAcceptance' and userType eq 'Guest'",
        All: true,
      })).output
      assert.strictEqual(guest?.["UserState"], "PendingAcceptance")
      assert.strictEqual(guest?.["ObjectId"], userOf(yield* it.world, "zoe@outlook.com")?.id)
      assert.isUndefined(guest?.["Id"])
      const none = yield* it.as("alice", "Get-AzureADUser", {
        Filter: "displayName eq 'userState'",
      })
      assert.lengthOf(none.output, 0)
      const off = { ObjectId: "bob@contoso.com", AccountEnabled: false }
      assert.strictEqual(verdict(yield* it.as("alice", "Set-AzureADUser", off)), "deny role")
      assert.strictEqual(verdict(yield* it.as("ursula", "Set-AzureADUser", off)), "allow")
      yield* it.as("ursula", "Remove-AzureADUser", { ObjectId: "bob@contoso.com" })
      assert.isUndefined(userOf(yield* it.world, "bob@contoso.com"))
    }),
  )

  it.effect("[IDN-032] [IDN-194] members by -RefObjectId, taken out by -MemberId", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const [group] = (yield* it.as("alice", "Get-AzureADGroup", { SearchString: "part" })).output
      assert.strictEqual(group?.["ObjectId"], "partners")
      const add = { ObjectId: "partners", RefObjectId: "bob@contoso.com" }
      assert.strictEqual(
        verdict(yield* it.as("alice", "Add-AzureADGroupMember", add)),
        "deny group-manager",
      )
      assert.strictEqual(verdict(yield* it.as("gina", "Add-AzureADGroupMember", add)), "allow")
      const shown = yield* it.as("alice", "Get-AzureADGroupMember", { ObjectId: "partners" })
      assert.lengthOf(shown.output, 1)
      assert.isString(shown.output[0]?.["ObjectId"])
      const remove = { ObjectId: "partners", MemberId: "bob@contoso.com" }
      assert.strictEqual(
        verdict(yield* it.as("gina", "Remove-AzureADGroupMember", remove)),
        "allow",
      )
    }),
  )

  it.effect("[IDN-106] an object setting decides whether guests may be added to a group", () =>
    Effect.gen(function* () {
      const it = yield* lab([unified])
      const [found] = (yield* it.as("gina", "Get-AzureADDirectorySettingTemplate")).output
      const setting = (value: string) => ({
        Id: null,
        DisplayName: "Group.Unified.Guest",
        TemplateId: found?.["Id"],
        Values: [{ Name: "AllowToAddGuests", Value: value }],
      })
      const target = { TargetType: "Groups", TargetObjectId: "launch" }
      const create = (who: string, more: object = {}) =>
        Effect.map(
          it.as(who, "New-AzureADObjectSetting", {
            ...target,
            DirectorySetting: setting("False"),
            ...more,
          }),
          verdict,
        )
      const admits = Effect.map(it.world, (world) => groupOf(world, "launch")?.allowToAddGuests)
      assert.strictEqual(yield* create("alice"), "deny role")
      assert.strictEqual(yield* create("gina", { TargetType: "Users" }), "unknown setting-target")
      assert.isTrue(yield* admits)
      assert.strictEqual(yield* create("gina"), "allow")
      assert.isFalse(yield* admits)
      const [kept] = (yield* it.as("alice", "Get-AzureADObjectSetting", target)).output
      const set = { ...target, Id: kept?.["Id"] }
      yield* it.as("gina", "Set-AzureADObjectSetting", {
        ...set,
        DirectorySetting: setting("True"),
      })
      assert.isTrue(yield* admits)
      assert.strictEqual(
        verdict(yield* it.as("alice", "Remove-AzureADObjectSetting", set)),
        "deny role",
      )
      assert.strictEqual(verdict(yield* it.as("gina", "Remove-AzureADObjectSetting", set)), "allow")
      assert.lengthOf((yield* it.as("alice", "Get-AzureADObjectSetting", target)).output, 0)
    }),
  )
})
