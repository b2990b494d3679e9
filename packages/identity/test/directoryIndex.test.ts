import { assert, describe, it } from "@effect/vitest"
import { hours, minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  assignedGroup,
  groupOf,
  groupsOf,
  type IdentityEvent,
  memberUser,
  principalFacets,
  processingDelay,
  rolesOf,
  smallDirectory,
  userOf,
} from "../src/index.ts"
import { baseline, lab, start, userId, worldFrom } from "./world.ts"

const world = (...more: readonly IdentityEvent[]) => worldFrom([...baseline, ...more])
const user = (id: string, rest: Partial<Parameters<typeof memberUser>[0]> = {}): IdentityEvent => ({
  _tag: "UserCreated",
  user: memberUser({
    id,
    userPrincipalName: `${id}@contoso.com`,
    displayName: id,
    createdAt: start,
    ...rest,
  }),
})
const changed = (id: string, changes: object): IdentityEvent => ({
  _tag: "UserUpdated",
  userId: id,
  changes,
  at: start,
})
const deleted = (id: string): IdentityEvent => ({ _tag: "UserDeleted", userId: id, at: start })
const ruled = (id: string, membershipRule: string): IdentityEvent => ({
  _tag: "GroupCreated",
  group: assignedGroup({
    id,
    displayName: id,
    groupTypes: ["DynamicMembership"],
    membershipRule,
    membershipRuleProcessingState: "On",
    createdAt: start,
  }),
})

const group = (id: string): IdentityEvent => ({
  _tag: "GroupCreated",
  group: assignedGroup({ id, displayName: "Team", mail: "team@contoso.com" }),
})

describe("addresses", () => {
  it("[IDN-010] lead to the user that has them now, and no longer to who had them", () => {
    const moved = changed("kim", {
      mail: "kim.new@contoso.com",
      proxyAddresses: ["SMTP:kim.new@contoso.com"],
      userPrincipalName: "kim.new@contoso.com",
    })
    const it = world(user("kim"), moved)
    assert.strictEqual(userOf(it, "kim.new@contoso.com")?.id, "kim")
    assert.isUndefined(userOf(it, "kim@contoso.com"))
    const taken = world(
      user("kim"),
      moved,
      user("lee", { mail: "kim@contoso.com" }),
      deleted("kim"),
    )
    assert.strictEqual(userOf(taken, "kim@contoso.com")?.id, "lee")
    assert.isUndefined(userOf(taken, "kim.new@contoso.com"))
  })

  it("of a deleted user stay with whoever shares them", () => {
    const it = world(
      user("kim"),
      user("lee", { proxyAddresses: ["SMTP:lee@contoso.com", "smtp:kim@contoso.com"] }),
      deleted("kim"),
    )
    assert.strictEqual(userOf(it, "kim@contoso.com")?.id, "lee")
  })

  it("of a group that goes are free for another one", () => {
    const gone: IdentityEvent = { _tag: "GroupDeleted", groupId: "one", at: start }
    assert.strictEqual(groupOf(world(group("one"), group("two")), "team@contoso.com")?.id, "two")
    assert.strictEqual(
      groupOf(world(group("one"), group("two"), gone), "team@contoso.com")?.id,
      "two",
    )
    assert.isUndefined(groupOf(world(group("one"), gone), "team@contoso.com"))
  })
})

const names = (it: ReturnType<typeof world>, who: string) => groupsOf(it, who).map(({ id }) => id)

describe("dynamic groups", () => {
  const legal = ruled("legal", 'user.department -eq "Legal"')
  const all = ruled("all", "user.objectId -ne null")

  it.effect("[IDN-219] are all processed together, and only those that still exist", () =>
    Effect.gen(function* () {
      const it = yield* lab([legal, all, user("kim", { profile: { department: "Legal" } })])
      const [record] = yield* Effect.orDie(it.simulation.advance(minutes(5)))
      assert.deepStrictEqual(names(yield* it.world, "kim@contoso.com"), ["all", "legal"])
      assert.deepStrictEqual(
        record?.audit.map(({ ObjectId }) => ObjectId),
        ["all", "legal"],
      )
      yield* it.as("gina", "Remove-MgGroup", { GroupId: "legal" })
      yield* Effect.orDie(it.simulation.establish("lea comes", [user("lea")]))
      const [again, ...more] = yield* Effect.orDie(it.simulation.advance(hours(1)))
      assert.deepStrictEqual(
        again?.events.flatMap((event) => event["groupId"] ?? []),
        ["all"],
      )
      assert.isEmpty(more)
    }),
  )

  it.effect("[IDN-222] one that changes leaves the others as they are", () =>
    Effect.gen(function* () {
      const it = yield* lab([legal, all])
      yield* it.wait(minutes(5))
      yield* it.as("gina", "Update-MgGroup", {
        GroupId: "legal",
        MembershipRule: 'user.department -eq "Finance"',
      })
      yield* it.wait(minutes(5))
      assert.deepStrictEqual(names(yield* it.world, "alice@contoso.com"), ["all", "legal"])
      assert.deepStrictEqual(names(yield* it.world, "bob@contoso.com"), ["all"])
    }),
  )

  it("[IDN-219] a change waits from its own moment, however many follow", () => {
    const later: IdentityEvent = {
      _tag: "UserUpdated",
      userId: userId("bob"),
      changes: { displayName: "Bobby" },
      at: start + minutes(3),
    }
    const first = { ...later, changes: { mail: "bobby@contoso.com" }, at: start + minutes(1) }
    const processed: IdentityEvent = {
      _tag: "DynamicMembershipProcessed",
      groupId: "all",
      added: [],
      removed: [],
      at: start,
    }
    const since = (...events: readonly IdentityEvent[]) =>
      world(all, processed, ...events).identity.membershipStaleSince
    assert.isUndefined(since())
    assert.strictEqual(since(first, later), start + minutes(1))
  })

  it("[IDN-219] take longer in a large directory", () => {
    const crowd = Array.from({ length: smallDirectory }, (_, index) => user(`crowd-${index}`))
    const small = worldFrom(crowd)
    assert.strictEqual(processingDelay(small), minutes(5))
    assert.strictEqual(processingDelay(worldFrom([...crowd, user("one-more")])), minutes(30))
  })
})

const eligible = (role: string): IdentityEvent => ({
  _tag: "RoleAssigned",
  assignment: { principalId: userId("bob"), role, assignment: "eligible", from: start },
})

const held = (role: string, until: number): IdentityEvent => ({
  _tag: "RoleAssigned",
  assignment: { principalId: userId("bob"), role, assignment: "active", from: start, until },
})

describe("what somebody is and holds", () => {
  it("[IDN-004] [IDN-005] an external member is a guest to the gates, whatever the type says", () => {
    const it = world(
      user("ext", {
        creationType: "Invitation",
        externalUserState: "Accepted",
        userType: "Member",
      }),
      user("int", { userType: "Guest" }),
    )
    assert.strictEqual(principalFacets(it, "ext").kind, "guest")
    assert.strictEqual(principalFacets(it, "int").kind, "guest")
    assert.strictEqual(principalFacets(it, "int").authentication, "internal")
  })

  it("[IDN-247] activating one role leaves the other eligible ones alone", () => {
    const it = world(eligible("Guest Inviter"), eligible("User Administrator"), {
      _tag: "RoleActivated",
      principalId: userId("bob"),
      role: "Guest Inviter",
      until: start + 1,
      at: start,
    })
    assert.deepStrictEqual(rolesOf(it, "bob@contoso.com", start), ["Guest Inviter"])
  })

  it("[IDN-247] an assignment made again is the newer one, others stay", () => {
    const it = world(
      held("Guest Inviter", start + 10),
      held("User Administrator", start + 10),
      held("Guest Inviter", start + 20),
    )
    assert.deepStrictEqual(rolesOf(it, "bob@contoso.com", start), [
      "Guest Inviter",
      "User Administrator",
    ])
    assert.deepStrictEqual(rolesOf(it, "bob@contoso.com", start + 15), ["Guest Inviter"])
  })
})
