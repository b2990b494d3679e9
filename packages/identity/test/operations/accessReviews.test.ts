import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { assignedGroup, instancesOf, reviewOf, userOf } from "../../src/index.ts"
import {
  body,
  by,
  define,
  deletion,
  everyoneIn,
  guestsOf,
  partners,
  rows,
  settings,
} from "../reviews.ts"
import { lab, start, userId, verdict } from "../world.ts"

const group = (id: string, more: Partial<Parameters<typeof assignedGroup>[0]>) => ({
  _tag: "GroupCreated" as const,
  group: assignedGroup({
    id,
    displayName: id,
    groupTypes: ["Unified"],
    createdAt: start,
    ...more,
  }),
})

describe("an access review", () => {
  it.effect("[IDN-237] needs the governance role and a licence", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(verdict(yield* it.as("ursula", define, body())), "deny role")
      assert.strictEqual(verdict(yield* it.as("ivan", define, body())), "allow")
      const world = yield* it.world
      const { organization } = world.identity
      if (organization === undefined) throw new Error("no organization")
      for (const [licenses, expected] of [
        [["P1"], "deny governance-licence"],
        [["P2"], "allow"],
        [["P1", "Governance"], "allow"],
      ] as const) {
        yield* it.simulation.establish("licences", [
          { _tag: "OrganizationCreated", organization: { ...organization, licenses } },
        ])
        assert.strictEqual(verdict(yield* it.as("ivan", define, body())), expected)
      }
    }),
  )

  it.effect.each([
    [
      "an inactive window of a day",
      { Scope: { ...guestsOf("partners"), inactiveDuration: "P1D" } },
      "allow",
    ],
    ["of two years", { Scope: { ...guestsOf("partners"), inactiveDuration: "P730D" } }, "allow"],
    [
      "of nothing",
      { Scope: { ...guestsOf("partners"), inactiveDuration: "P0D" } },
      "deny inactive-window",
    ],
    [
      "of more",
      { Scope: { ...guestsOf("partners"), inactiveDuration: "P731D" } },
      "deny inactive-window",
    ],
    ["an unknown group", { Scope: guestsOf("nowhere") }, "deny review-scope"],
    ["nothing at all", { Scope: { query: "/devices" } }, "deny review-scope"],
    [
      "an application",
      { Scope: { query: "/servicePrincipals/1/appRoleAssignedTo" } },
      "deny review-scope",
    ],
    [
      "everyone in every group",
      {
        Scope: { query: "./members" },
        InstanceEnumerationScope: { query: "/groups?$filter=(groupTypes/any(c:c+eq+'Unified'))" },
      },
      "deny review-scope",
    ],
    [
      "managers without a fallback",
      { Reviewers: [{ query: "./manager", queryRoot: "decisions" }] },
      "deny reviewers",
    ],
    [
      "managers with a fallback",
      { Reviewers: [{ query: "./manager", queryRoot: "decisions" }], FallbackReviewers: by("bob") },
      "allow",
    ],
    ["reviewers who do not exist", { Reviewers: by("nobody") }, "deny reviewers"],
    ["deletion of guests", { Settings: settings(deletion) }, "allow"],
    [
      "deletion of everyone",
      { Scope: everyoneIn("partners"), Settings: settings(deletion) },
      "deny denied-guests",
    ],
    [
      "deletion in every group",
      {
        Scope: guestsOf("partners"),
        InstanceEnumerationScope: { query: "/groups?$filter=(groupTypes/any(c:c+eq+'Unified'))" },
        Settings: settings(deletion),
      },
      "deny denied-guests",
    ],
    [
      "no time to answer",
      { Settings: settings({ instanceDurationInDays: 0 }) },
      "deny review-duration",
    ],
    [
      "instances that overlap",
      {
        Settings: settings({
          instanceDurationInDays: 8,
          recurrence: { pattern: { type: "weekly", interval: 1 }, range: { type: "noEnd" } },
        }),
      },
      "deny review-duration",
    ],
  ] as const)("[IDN-233] [IDN-234] [IDN-236] with %s", ([, more, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      const answer = yield* it.as("ivan", define, body(more))
      assert.strictEqual(verdict(answer), expected)
      const world = yield* it.world
      assert.strictEqual(reviewOf(world, "Quarterly") !== undefined, expected === "allow")
    }),
  )

  it.effect(
    "[IDN-233] every Microsoft 365 group with guests, without dynamic and role-assignable ones",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([
          group("team", {}),
          group("empty-team", {}),
          group("roles-team", { isAssignableToRole: true }),
          group("rule-team", {
            groupTypes: ["Unified", "DynamicMembership"],
            membershipRule: '(user.userType -eq "Guest")',
            membershipRuleProcessingState: "On",
          }),
        ])
        yield* partners(it)
        const world = yield* it.world
        const nina = userOf(world, "nina@fabrikam.com")?.id ?? ""
        yield* it.simulation.establish(
          "members",
          ["team", "roles-team"].map((groupId) => ({
            _tag: "GroupMemberAdded" as const,
            groupId,
            memberId: nina,
            at: start,
          })),
        )
        yield* it.simulation.establish("inside", [
          { _tag: "GroupMemberAdded", groupId: "empty-team", memberId: userId("bob"), at: start },
          { _tag: "GroupMemberAdded", groupId: "team", memberId: userId("bob"), at: start },
        ])
        yield* it.wait(days(2))
        yield* it.as(
          "ivan",
          define,
          body({
            InstanceEnumerationScope: {
              query: "/groups?$filter=(groupTypes/any(c:c+eq+'Unified'))",
            },
          }),
        )
        const shown = yield* rows(it)
        assert.deepStrictEqual(
          shown.map((row) => [row["Resource"], row["PrincipalId"]]),
          [["team", nina]],
        )
      }),
  )

  it.effect("[IDN-233] only those who have not signed in, and nobody younger than the window", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* partners(it)
      yield* it.wait(days(31))
      yield* it.as("nina@fabrikam.com", "sign-in")
      yield* it.as("alice", "invite-guest", { address: "zoe@outlook.com" })
      yield* it.as("gina", "New-MgGroupMember", {
        GroupId: "partners",
        DirectoryObjectId: "zoe@outlook.com",
      })
      yield* it.as(
        "ivan",
        define,
        body({
          Scope: { ...guestsOf("partners"), inactiveDuration: "P30D" },
        }),
      )
      assert.deepStrictEqual(
        (yield* rows(it)).map((row) => row["Principal"]),
        ["pat@mailbox.example"],
      )
    }),
  )

  it.effect(
    "[IDN-234] asks owners, managers with fallback, selected people, or everybody about themselves",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([
          {
            _tag: "GroupCreated",
            group: assignedGroup({
              id: "owned",
              displayName: "Owned",
              owners: [userId("bob")],
              createdAt: start,
            }),
          },
          {
            _tag: "GroupCreated",
            group: assignedGroup({ id: "judges", displayName: "Judges", createdAt: start }),
          },
          { _tag: "GroupMemberAdded", groupId: "judges", memberId: userId("carl"), at: start },
          { _tag: "GroupMemberAdded", groupId: "owned", memberId: userId("alice"), at: start },
          { _tag: "GroupMemberAdded", groupId: "owned", memberId: userId("ursula"), at: start },
          {
            _tag: "UserUpdated",
            userId: userId("alice"),
            changes: { manager: userId("gina") },
            at: start,
          },
        ])
        const reviewers = Effect.fnUntraced(function* (name: string, more: object) {
          yield* it.as(
            "ivan",
            define,
            body({ DisplayName: name, Scope: everyoneIn("owned"), ...more }),
          )
          const world = yield* it.world
          const found = reviewOf(world, name)
          const items = instancesOf(world, found?.id).at(-1)?.items ?? []
          return items.map((item) => item.reviewerIds.join()).toSorted()
        })
        assert.deepStrictEqual(
          yield* reviewers("a", { Reviewers: [{ query: "/groups/owned/owners" }] }),
          [userId("bob"), userId("bob")],
        )
        assert.deepStrictEqual(yield* reviewers("b", { Reviewers: [] }), [
          userId("alice"),
          userId("ursula"),
        ])
        assert.deepStrictEqual(
          yield* reviewers("c", {
            Reviewers: [{ query: "./manager" }],
            FallbackReviewers: by("bob"),
          }),
          [userId("bob"), userId("gina")],
        )
        assert.deepStrictEqual(
          yield* reviewers("d", { Reviewers: [{ query: "/groups/judges/transitiveMembers" }] }),
          [userId("carl"), userId("carl")],
        )
      }),
  )
})
