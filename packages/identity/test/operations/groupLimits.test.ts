import { assert, describe, it } from "@effect/vitest"
import { Effect, HashMap } from "effect"
import { evaluateDirectoryQuota } from "../../src/decisions/evaluateDirectoryQuota.ts"
import { assignedGroup, type IdentityEvent } from "../../src/index.ts"
import { baseline, lab, start, userId, verdict, worldFrom } from "../world.ts"

const security = { MailEnabled: false, SecurityEnabled: true }

const many = (count: number, rest: (index: number) => object): readonly IdentityEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    _tag: "GroupCreated",
    group: assignedGroup({
      id: `g${index}`,
      displayName: `g${index}`,
      createdAt: start,
      ...rest(index),
    }),
  }))

const organization = (changes: object): IdentityEvent => {
  const first = baseline[0]
  if (first?._tag !== "OrganizationCreated") throw new Error("the baseline begins otherwise")
  return { ...first, organization: { ...first.organization, ...changes } }
}

const from = (id: string) => `user.memberof -any (group.objectId -in ['${id}'])`

const made = (index: number) => `g${index}`

// The directory is put together at once: a journal of so many events would take its time.
const crowded = (first: readonly IdentityEvent[], count: number) => {
  const { identity, ...rest } = worldFrom([...baseline, ...first])
  const groups = HashMap.fromIterable(
    Array.from(
      { length: count },
      (_, index) =>
        [made(index), assignedGroup({ id: made(index), displayName: made(index) })] as const,
    ),
  )
  return { ...rest, identity: { ...identity, groups } }
}

describe("limits", () => {
  const plain = { DisplayName: "New", MailNickname: "new", ...security }
  const ruled = {
    ...plain,
    GroupTypes: ["DynamicMembership"],
    MembershipRule: 'user.city -eq "Rome"',
    MembershipRuleProcessingState: "On",
  }

  it("[IDN-193] 15,000 dynamic groups", () => {
    const { identity, ...rest } = worldFrom(baseline)
    const answer = (count: number, groupTypes: readonly ["DynamicMembership"] | readonly []) => {
      const dynamicGroups = Array.from({ length: count }, (_, index) => `g${index}`)
      const group = assignedGroup({ id: "new", displayName: "New", groupTypes })
      const world = { ...rest, identity: { ...identity, dynamicGroups } }
      return evaluateDirectoryQuota({ world, group, isNew: true })
    }
    const refused = answer(15_000, ["DynamicMembership"])
    assert.strictEqual(verdict({ decision: refused }), "deny dynamic-group-limit")
    assert.strictEqual(
      refused.gates.at(-1)?.refusal?.message,
      "Dynamic group policies max allowed groups count reached",
    )
    assert.strictEqual(answer(14_999, ["DynamicMembership"]).outcome, "allow")
    assert.strictEqual(answer(15_000, []).outcome, "allow")
  })

  it.effect(
    "[IDN-193] 500 groups for roles, 250 groups of somebody without a role, 100 owners",
    () =>
      Effect.gen(function* () {
        const forRoles = yield* lab(many(500, () => ({ isAssignableToRole: true })))
        const wanted = { ...plain, IsAssignableToRole: true }
        assert.strictEqual(
          verdict(yield* forRoles.as("ivan", "New-MgGroup", wanted)),
          "deny role-assignable-group-limit",
        )
        const alices = yield* lab(many(250, () => ({ createdBy: userId("alice") })))
        assert.strictEqual(
          verdict(yield* alices.as("alice", "New-MgGroup", plain)),
          "deny groups-per-creator",
        )
        assert.strictEqual(verdict(yield* alices.as("gina", "New-MgGroup", plain)), "allow")
        const owners = Array.from({ length: 101 }, (_, index) => `o${index}`)
        const owned = yield* lab([
          { _tag: "GroupCreated", group: assignedGroup({ id: "x", displayName: "x", owners }) },
        ])
        const renamed = { GroupId: "x", DisplayName: "y" }
        assert.strictEqual(
          verdict(yield* owned.as("ivan", "Update-MgGroup", renamed)),
          "deny group-owner-limit",
        )
      }),
  )

  it.effect("[IDN-213] 500 groups that take members from groups, none of which feeds another", () =>
    Effect.gen(function* () {
      const takers = (count: number) =>
        many(count, () => ({ groupTypes: ["DynamicMembership"], membershipRule: from("partners") }))
      const full = yield* lab(takers(500))
      const another = { ...ruled, MembershipRule: from("partners") }
      assert.strictEqual(
        verdict(yield* full.as("ivan", "New-MgGroup", another)),
        "deny member-of-limit",
      )
      const some = yield* lab(takers(1))
      assert.strictEqual(verdict(yield* some.as("ivan", "New-MgGroup", another)), "allow")
      const fed = { ...ruled, MailNickname: "fed", MembershipRule: from("g0") }
      assert.strictEqual(
        verdict(yield* some.as("ivan", "New-MgGroup", fed)),
        "deny member-of-limit",
      )
    }),
  )

  it("[IDN-280] 50,000 objects, 300,000 with a verified domain", () => {
    const onlyInitial = organization({ verifiedDomains: ["contoso.onmicrosoft.com"] })
    const answer = (world: ReturnType<typeof crowded>) =>
      verdict({ decision: evaluateDirectoryQuota({ world, isNew: true }) })
    assert.strictEqual(answer(crowded([onlyInitial], 50_000)), "deny directory-quota")
    assert.strictEqual(answer(crowded([onlyInitial], 49_000)), "allow")
    assert.strictEqual(answer(crowded([], 50_000)), "allow")
  })

  it.effect("[IDN-217] rules need a premium licence, other groups none", () =>
    Effect.gen(function* () {
      const it = yield* lab([organization({ licenses: [] })])
      assert.strictEqual(
        verdict(yield* it.as("ivan", "New-MgGroup", ruled)),
        "deny premium-licence",
      )
      assert.strictEqual(verdict(yield* it.as("ivan", "New-MgGroup", plain)), "allow")
      const premium = yield* lab([organization({ licenses: ["P1"] })])
      assert.strictEqual(verdict(yield* premium.as("ivan", "New-MgGroup", ruled)), "allow")
    }),
  )
})
