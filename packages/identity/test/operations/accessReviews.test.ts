import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { assignedGroup, instancesOf, memberIdsOf, reviewOf, userOf } from "../../src/index.ts"
import { accepted, type Lab, lab, printed, refusal, start, userId, verdict } from "../world.ts"

const define = "New-MgIdentityGovernanceAccessReviewDefinition"
const decisions = "Get-MgIdentityGovernanceAccessReviewDefinitionInstanceDecision"
const key = { AccessReviewScheduleDefinitionId: "Quarterly" }

const guestsOf = (group: string) => ({
  query: `/groups/${group}/transitiveMembers/microsoft.graph.user/?$filter=(userType eq 'Guest')`,
  queryType: "MicrosoftGraph",
})
const everyoneIn = (group: string) => ({
  query: `/groups/${group}/transitiveMembers`,
  queryType: "MicrosoftGraph",
})
const by = (...names: readonly string[]) =>
  names.map((name) => ({ query: `/users/${userId(name)}`, queryType: "MicrosoftGraph" }))
const settings = (more: object = {}) => ({
  instanceDurationInDays: 14,
  autoApplyDecisionsEnabled: true,
  recommendationsEnabled: true,
  mailNotificationsEnabled: true,
  reminderNotificationsEnabled: true,
  ...more,
})
const deletion = {
  applyActions: [{ "@odata.type": "#microsoft.graph.disableAndDeleteUserApplyAction" }],
}

const body = (more: object = {}) => ({
  DisplayName: "Quarterly",
  Scope: guestsOf("partners"),
  Reviewers: by("alice"),
  Settings: settings(),
  ...more,
})

/** Nina and Pat are partners: both have redeemed. */
const partners = Effect.fnUntraced(function* (it: Lab) {
  for (const address of ["nina@fabrikam.com", "pat@mailbox.example"]) {
    yield* accepted(it, address)
    yield* it.as("gina", "New-MgGroupMember", {
      GroupId: "partners",
      DirectoryObjectId: address,
    })
  }
})

const inGroup = (it: Lab, address: string, group = "partners") =>
  Effect.map(it.world, (world) =>
    memberIdsOf(world, group).includes(userOf(world, address)?.id ?? "nobody"),
  )

const rows = (it: Lab) => Effect.map(it.as("ivan", decisions, key), ({ output }) => output)

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
      "unknown review-scope",
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

  it.effect(
    "[IDN-234] the snapshot is taken at the start; a nested member is shown, and stays when denied",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([
          {
            _tag: "GroupCreated",
            group: assignedGroup({ id: "inner", displayName: "Inner", createdAt: start }),
          },
          { _tag: "GroupMemberAdded", groupId: "partners", memberId: "inner", at: start },
        ])
        yield* accepted(it, "nina@fabrikam.com")
        yield* it.as("gina", "New-MgGroupMember", {
          GroupId: "inner",
          DirectoryObjectId: "nina@fabrikam.com",
        })
        yield* it.as("ivan", define, body())
        yield* accepted(it, "zoe@outlook.com")
        yield* it.as("gina", "New-MgGroupMember", {
          GroupId: "partners",
          DirectoryObjectId: "zoe@outlook.com",
        })
        assert.deepStrictEqual(
          (yield* rows(it)).map((row) => [row["Principal"], row["IsDirect"]]),
          [["nina@fabrikam.com", false]],
        )
        const late = { review: "Quarterly", person: "zoe@outlook.com", decision: "Deny" }
        assert.strictEqual(
          verdict(yield* it.as("alice", "review-access", late)),
          "deny review-item",
        )
        yield* it.as("alice", "review-access", {
          review: "Quarterly",
          person: "nina@fabrikam.com",
          decision: "Deny",
        })
        yield* it.wait(days(14))
        assert.isTrue(yield* inGroup(it, "nina@fabrikam.com", "inner"))
        assert.isTrue(yield* inGroup(it, "zoe@outlook.com"))
        assert.strictEqual((yield* rows(it))[0]?.["ApplyResult"], "NotSupported")
      }),
  )

  it.effect(
    "[IDN-234] only who is asked may answer, with a reason where one is needed, in time",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* partners(it)
        yield* it.as(
          "ivan",
          define,
          body({ Settings: settings({ justificationRequiredOnApproval: true }) }),
        )
        const answer = { review: "Quarterly", person: "nina@fabrikam.com", decision: "Approve" }
        assert.strictEqual(verdict(yield* it.as("bob", "review-access", answer)), "deny reviewer")
        assert.strictEqual(
          verdict(yield* it.as("alice", "review-access", answer)),
          "deny review-justification",
        )
        assert.strictEqual(
          verdict(
            yield* it.as("alice", "review-access", { ...answer, justification: "Project goes on" }),
          ),
          "allow",
        )
        assert.strictEqual(
          verdict(yield* it.as("alice", "review-access", { ...answer, review: "Nope" })),
          "deny review-open",
        )
        assert.include(
          (yield* it.mailbox("alice@contoso.com")).map(({ subject }) => subject).join(),
          "Action required",
        )
        yield* it.wait(days(7))
        assert.include((yield* it.mailbox("alice@contoso.com")).at(-1)?.subject ?? "", "Reminder")
        yield* it.wait(days(7))
        assert.strictEqual(
          verdict(yield* it.as("alice", "review-access", { ...answer, justification: "late" })),
          "deny review-open",
        )
      }),
  )

  it.effect.each([
    ["None", undefined, [true, true]],
    ["Approve", undefined, [true, true]],
    ["Deny", undefined, [false, false]],
    ["Recommendation", undefined, [true, false]],
    ["Deny", "Approve", [true, false]],
  ] as const)(
    "[IDN-235] nobody answers, default %s, and Alice says %s about Nina",
    ([defaultDecision, said, stays]) =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* partners(it)
        yield* it.wait(days(31))
        yield* it.as("nina@fabrikam.com", "sign-in")
        yield* it.as(
          "ivan",
          define,
          body({ Settings: settings({ defaultDecisionEnabled: true, defaultDecision }) }),
        )
        assert.deepStrictEqual(
          (yield* rows(it)).map((row) => [row["Principal"], row["Recommendation"]]).toSorted(),
          [
            ["nina@fabrikam.com", "Approve"],
            ["pat@mailbox.example", "Deny"],
          ],
        )
        if (said !== undefined) {
          yield* it.as("alice", "review-access", {
            review: "Quarterly",
            person: "nina@fabrikam.com",
            decision: said,
          })
        }
        yield* it.wait(days(14))
        assert.deepStrictEqual<readonly boolean[]>(
          [yield* inGroup(it, "nina@fabrikam.com"), yield* inGroup(it, "pat@mailbox.example")],
          stays,
        )
      }),
  )

  it.effect(
    "[IDN-237] without auto apply nothing happens until an administrator applies the results",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* partners(it)
        yield* it.as(
          "ivan",
          define,
          body({ Settings: settings({ autoApplyDecisionsEnabled: false }) }),
        )
        yield* it.as("alice", "review-access", {
          review: "Quarterly",
          person: "nina@fabrikam.com",
          decision: "Deny",
        })
        const apply = "Add-MgIdentityGovernanceAccessReviewDefinitionInstanceDecision"
        assert.strictEqual(verdict(yield* it.as("ivan", apply, key)), "deny review-step")
        yield* it.wait(days(20))
        assert.isTrue(yield* inGroup(it, "nina@fabrikam.com"))
        assert.strictEqual(verdict(yield* it.as("alice", apply, key)), "deny role")
        assert.strictEqual(verdict(yield* it.as("ivan", apply, key)), "allow")
        assert.isFalse(yield* inGroup(it, "nina@fabrikam.com"))
        assert.isTrue(yield* inGroup(it, "pat@mailbox.example"))
        const [instance] = (yield* it.as(
          "ivan",
          "Get-MgIdentityGovernanceAccessReviewDefinitionInstance",
          key,
        )).output
        assert.strictEqual(instance?.["Status"], "Applied")
      }),
  )

  it.effect(
    "[IDN-236] [IDN-013] a denied guest is blocked, for thirty days, and then deleted",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* partners(it)
        yield* it.as("ivan", define, body({ Settings: settings(deletion) }))
        for (const person of ["nina@fabrikam.com", "pat@mailbox.example"]) {
          yield* it.as("alice", "review-access", { review: "Quarterly", person, decision: "Deny" })
        }
        const stop = yield* it.as(
          "ivan",
          "Stop-MgIdentityGovernanceAccessReviewDefinitionInstance",
          key,
        )
        assert.strictEqual(verdict(stop), "allow")
        const signIn = yield* it.as("nina@fabrikam.com", "sign-in")
        assert.strictEqual(refusal(signIn), "AADSTS50057")
        const status = () =>
          Effect.map(
            it.as("ivan", "Get-MgIdentityGovernanceAccessReviewDefinitionInstance", key),
            (it2) => it2.output[0]?.["Status"],
          )
        assert.strictEqual(yield* status(), "Applying")
        yield* it.wait(days(29))
        assert.isFalse(userOf(yield* it.world, "nina@fabrikam.com")?.accountEnabled)
        // An administrator can bring somebody back within the time.
        yield* it.as("ursula", "enable-account", { user: "pat@mailbox.example" })
        yield* it.wait(days(1))
        const world = yield* it.world
        assert.isUndefined(userOf(world, "nina@fabrikam.com"))
        assert.isTrue(userOf(world, "pat@mailbox.example")?.accountEnabled)
        assert.strictEqual(yield* status(), "Applied")
        assert.strictEqual(
          verdict(yield* it.as("nina@fabrikam.com", "sign-in")),
          "deny account-in-directory",
        )
      }),
  )

  it.effect(
    "[IDN-234] recurs, each instance with a snapshot of its own, as often as it was told",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* partners(it)
        yield* it.as(
          "ivan",
          define,
          body({
            Settings: settings({
              instanceDurationInDays: 3,
              recurrence: {
                pattern: { type: "weekly", interval: 1 },
                range: { type: "numbered", numberOfOccurrences: 3 },
              },
            }),
          }),
        )
        yield* it.as("alice", "review-access", {
          review: "Quarterly",
          person: "nina@fabrikam.com",
          decision: "Deny",
        })
        yield* it.wait(days(60))
        const world = yield* it.world
        const all = instancesOf(world, reviewOf(world, "Quarterly")?.id)
        assert.deepStrictEqual(
          all.map(({ items, status }) => [items.length, status]),
          [
            [2, "Applied"],
            [1, "Applied"],
            [1, "Applied"],
          ],
        )
        assert.strictEqual(
          printed(
            yield* it.as("ivan", "Get-MgIdentityGovernanceAccessReviewDefinition", key),
            "Status",
          ),
          "Completed",
        )
      }),
  )
})
