import { assert, describe, it } from "@effect/vitest"
import { hours, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { groupOf, groupsOf } from "../../src/index.ts"
import { accepted, invited, type Lab, lab, printed, userId, verdict } from "../world.ts"

const guestRule = '(user.userType -eq "Guest") -and (user.mail -endsWith "@fabrikam.com")'
const dynamicGuests = {
  DisplayName: "Fabrikam guests",
  MailEnabled: true,
  MailNickname: "fabrikamguests",
  SecurityEnabled: false,
  GroupTypes: ["Unified", "DynamicMembership"],
  MembershipRule: guestRule,
  MembershipRuleProcessingState: "On",
}

const namesFor = Effect.fnUntraced(function* (it: Lab, address: string) {
  return groupsOf(yield* it.world, address).map(({ displayName }) => displayName)
})

describe("dynamic membership", () => {
  it.effect(
    "[IDN-194] [IDN-219] [IDN-281] is filled by the rule, some minutes after a change",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* it.as("gina", "New-MgGroup", dynamicGuests)
        yield* it.wait(minutes(5))
        yield* invited(it, "nina@fabrikam.com")
        yield* invited(it, "zoe@outlook.com")
        yield* it.wait(minutes(5) - 1)
        assert.deepStrictEqual(yield* namesFor(it, "nina@fabrikam.com"), [])
        yield* it.wait(1)
        assert.deepStrictEqual(yield* namesFor(it, "nina@fabrikam.com"), ["Fabrikam guests"])
        assert.deepStrictEqual(yield* namesFor(it, "zoe@outlook.com"), [])
      }),
  )

  it.effect("[IDN-222] follows the rule when it changes, and the user when the user does", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("gina", "New-MgGroup", dynamicGuests)
      yield* invited(it, "nina@fabrikam.com")
      yield* it.wait(minutes(10))
      yield* it.as("ivan", "Update-MgUser", { UserId: "nina@fabrikam.com", UserType: "Member" })
      yield* it.wait(minutes(10))
      assert.deepStrictEqual(yield* namesFor(it, "nina@fabrikam.com"), [])
      const group = groupOf(yield* it.world, "Fabrikam guests")
      yield* it.as("gina", "Update-MgGroup", {
        GroupId: group?.id ?? "",
        MembershipRule: 'user.mail -endsWith "@fabrikam.com"',
      })
      yield* it.wait(minutes(10))
      assert.deepStrictEqual(yield* namesFor(it, "nina@fabrikam.com"), ["Fabrikam guests"])
    }),
  )

  it.effect("[IDN-221] neither gains nor loses while it is paused; owners may not pause", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("gina", "New-MgGroup", {
        ...dynamicGuests,
        MembershipRuleProcessingState: "Paused",
      })
      yield* invited(it, "nina@fabrikam.com")
      yield* it.wait(hours(1))
      assert.deepStrictEqual(yield* namesFor(it, "nina@fabrikam.com"), [])
      const GroupId = groupOf(yield* it.world, "Fabrikam guests")?.id ?? ""
      const resume = { GroupId, MembershipRuleProcessingState: "On" }
      assert.strictEqual(
        verdict(yield* it.as("alice", "Update-MgGroup", resume)),
        "deny group-manager",
      )
      assert.strictEqual(verdict(yield* it.as("gina", "Update-MgGroup", resume)), "allow")
      yield* it.wait(minutes(5))
      assert.deepStrictEqual(yield* namesFor(it, "nina@fabrikam.com"), ["Fabrikam guests"])
    }),
  )

  it.effect("[IDN-194] refuses to be changed by hand", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const created = yield* it.as("gina", "New-MgGroup", dynamicGuests)
      const answer = yield* it.as("ivan", "New-MgGroupMember", {
        GroupId: printed(created),
        DirectoryObjectId: userId("bob"),
      })
      assert.strictEqual(verdict(answer), "deny group-assigned")
    }),
  )

  it.effect("[IDN-219] takes a day while processing is delayed", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.fault("dynamic-membership-delayed")
      yield* it.as("gina", "New-MgGroup", dynamicGuests)
      yield* invited(it, "nina@fabrikam.com")
      yield* it.wait(hours(24) - 1)
      assert.deepStrictEqual(yield* namesFor(it, "nina@fabrikam.com"), [])
      yield* it.wait(1)
      assert.deepStrictEqual(yield* namesFor(it, "nina@fabrikam.com"), ["Fabrikam guests"])
    }),
  )

  it.effect("[IDN-281] a guest's groups are those of the guest object, whatever the way in", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      assert.deepStrictEqual(yield* namesFor(it, "oscar@fabrikam.com"), [])
      yield* it.as("gina", "New-MgGroupMember", {
        GroupId: "partners",
        DirectoryObjectId: "nina@fabrikam.com",
      })
      assert.deepStrictEqual(yield* namesFor(it, "nina@fabrikam.com"), ["Partners"])
    }),
  )

  it.effect(
    "[IDN-223] is evaluated again when the rule is saved again, with a space or without",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const GroupId = printed(yield* it.as("gina", "New-MgGroup", dynamicGuests))
        yield* it.wait(hours(1))
        const before = (yield* Effect.orDie(it.simulation.records)).length
        yield* it.as("gina", "Update-MgGroup", { GroupId, MembershipRule: `${guestRule} ` })
        yield* it.wait(minutes(5))
        const records = yield* Effect.orDie(it.simulation.records)
        assert.deepStrictEqual(
          records.slice(before).map(({ operation }) => operation),
          ["Update-MgGroup", "dynamic-membership-processed"],
        )
        yield* it.wait(hours(24))
        assert.strictEqual((yield* Effect.orDie(it.simulation.records)).length, records.length)
      }),
  )
})
