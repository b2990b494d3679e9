import { assert, describe, it } from "@effect/vitest"
import { hours, isoOf, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { assignedGroup, groupOf, type IdentityEvent, membershipStatuses } from "../../src/index.ts"
import { type Lab, lab, printed, start, userId, verdict } from "../world.ts"

const rule = 'user.department -eq "Finance"'
const group = (membershipRuleProcessingState: "On" | "Paused" = "On"): IdentityEvent => ({
  _tag: "GroupCreated",
  group: assignedGroup({
    id: "finance",
    displayName: "Finance",
    groupTypes: ["DynamicMembership"],
    membershipRule: rule,
    membershipRuleProcessingState,
    createdAt: start,
  }),
})

const state = Effect.fnUntraced(function* (it: Lab) {
  const { output } = yield* it.as("gina", "show-membership-processing", { group: "Finance" })
  return [output[0]?.["dynamicRuleProcessingStatus"], output[0]?.["lastMembershipChange"]]
})

describe("how far a rule is", () => {
  it.effect(
    "[IDN-220] from the first minute until it is complete, in the words of the portal",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([group()])
        const seen = [yield* state(it)]
        for (let minute = 0; minute < 5; minute++) {
          yield* it.wait(minutes(1))
          seen.push(yield* state(it))
        }
        assert.deepStrictEqual(seen, [
          ["Not started", "Unknown"],
          ["Evaluating", "In Progress"],
          ["Evaluating", "In Progress"],
          ["Evaluating", "In Progress"],
          ["Processing", "In Progress"],
          ["Update complete", isoOf(start + minutes(5))],
        ])
        yield* it.as("ursula", "Update-MgUser", {
          UserId: "bob@contoso.com",
          Department: "Finance",
        })
        assert.deepStrictEqual(yield* state(it), ["Evaluating", "In Progress"])
        yield* it.wait(minutes(5))
        assert.deepStrictEqual(yield* state(it), ["Update complete", isoOf(start + minutes(10))])
        yield* it.as("ursula", "Update-MgUser", { UserId: "bob@contoso.com", City: "Rome" })
        assert.deepStrictEqual(yield* state(it), ["Update complete", isoOf(start + minutes(10))])
      }),
  )

  it.effect("[IDN-220] [IDN-221] paused; resumed, with a placeholder until it is processed", () =>
    Effect.gen(function* () {
      const it = yield* lab([group()])
      yield* it.wait(minutes(5))
      const set = (MembershipRuleProcessingState: string) =>
        it.as("gina", "Update-MgGroup", { GroupId: "finance", MembershipRuleProcessingState })
      yield* set("Paused")
      assert.deepStrictEqual(yield* state(it), ["Update paused", isoOf(start + minutes(5))])
      yield* set("On")
      assert.deepStrictEqual(yield* state(it), ["Evaluating", "9999-12-31T00:00:00.000Z"])
      yield* it.wait(minutes(5))
      assert.deepStrictEqual(yield* state(it), ["Update complete", isoOf(start + minutes(5))])
    }),
  )

  it.effect("[IDN-220] an error while processing fails, and an alert after a day", () =>
    Effect.gen(function* () {
      const it = yield* lab([group()])
      yield* it.fault("dynamic-membership-failing")
      yield* it.wait(hours(24))
      assert.deepStrictEqual(yield* state(it), ["Processing error", "Unknown"])
      const onTime = yield* it.as("gina", "show-membership-processing")
      assert.isEmpty(onTime.warnings)
      yield* it.wait(1)
      const late = yield* it.as("gina", "show-membership-processing")
      assert.strictEqual(late.warnings.length, 1)
      assert.isTrue(late.output[0]?.["isTenantAlerted"])
      yield* it.fault("dynamic-membership-failing", false)
      yield* it.wait(minutes(5))
      assert.strictEqual((yield* state(it))[0], "Update complete")
    }),
  )

  it("[IDN-220] there are six states", () => {
    assert.deepStrictEqual([...membershipStatuses].toSorted(), [
      "Evaluating",
      "Not started",
      "Processing",
      "Processing error",
      "Update complete",
      "Update paused",
    ])
  })

  it.effect(
    "[IDN-217] licences are needed for as many people as the rules bring in, each once",
    () =>
      Effect.gen(function* () {
        const other = group()
        const twice =
          other._tag === "GroupCreated"
            ? { ...other, group: { ...other.group, id: "again", displayName: "Again" } }
            : other
        const it = yield* lab([group(), twice])
        yield* it.wait(minutes(5))
        const { output } = yield* it.as("gina", "show-membership-processing", { group: "Finance" })
        assert.strictEqual(output[0]?.["licencesNeeded"], 1)
        assert.strictEqual(
          verdict(yield* it.as("alice", "show-membership-processing")),
          "deny role",
        )
      }),
  )
})

const ask = (it: Lab, who: string, params: object) =>
  Effect.map(it.as(who, "validate-membership-rule", params), (answer) => answer)

const people = (count: number) => Array.from({ length: count }, () => "alice@contoso.com")

describe("validating a rule", () => {
  it.effect("[IDN-224] says for each object whether it would be a member, and why", () =>
    Effect.gen(function* () {
      const it = yield* lab([group()])
      const { output } = yield* ask(it, "gina", {
        group: "Finance",
        objects: ["alice@contoso.com", "bob@contoso.com", "nobody@contoso.com"],
      })
      assert.deepStrictEqual(
        output.map(({ object, result }) => [object, result]),
        [
          ["alice@contoso.com", "Member"],
          ["bob@contoso.com", "Not member"],
          ["nobody@contoso.com", "Unknown"],
        ],
      )
      assert.deepStrictEqual(output[0]?.["expressions"], [{ expression: rule, isSatisfied: true }])
      const both = yield* ask(it, "gina", {
        rule: `${rule} -and user.userType -eq "Guest"`,
        objects: ["alice@contoso.com"],
      })
      assert.deepStrictEqual(both.output[0]?.["expressions"], [
        { expression: rule, isSatisfied: true },
        { expression: 'user.userType -eq "Guest"', isSatisfied: false },
      ])
      assert.strictEqual(both.output[0]?.["result"], "Not member")
    }),
  )

  it.effect(
    "[IDN-224] [IDN-213] does not know with an invalid rule, one over groups, or no directory",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([group()])
        const result = (params: object) =>
          Effect.map(
            ask(it, "gina", { objects: ["alice@contoso.com"], ...params }),
            ({ output }) => output[0]?.["result"],
          )
        assert.strictEqual(yield* result({ rule: "user.nothing -eq 1" }), "Unknown")
        assert.strictEqual(
          yield* result({ rule: "user.memberof -any (group.objectId -in ['partners'])" }),
          "Unknown",
        )
        assert.strictEqual(yield* result({ rule }), "Member")
        yield* it.fault("directory-outage")
        assert.strictEqual(yield* result({ rule }), "Unknown")
      }),
  )

  it.effect("[IDN-224] asks about devices, too", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const created = yield* it.as("ivan", "New-MgDevice", { DisplayName: "PC", Model: "X1" })
      const id = printed(created)
      const { output } = yield* ask(it, "ivan", {
        rule: 'device.deviceModel -eq "x1"',
        objects: [id, "other"],
      })
      assert.deepStrictEqual(
        output.map(({ result }) => result),
        ["Member", "Unknown"],
      )
    }),
  )

  it.effect("[IDN-224] at most twenty at once, by a role that is assigned directly", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        group(),
        {
          _tag: "GroupCreated",
          group: assignedGroup({ id: "admins", displayName: "Admins", isAssignableToRole: true }),
        },
        { _tag: "GroupMemberAdded", groupId: "admins", memberId: userId("bob"), at: start },
        {
          _tag: "RoleAssigned",
          assignment: {
            principalId: "admins",
            role: "Groups Administrator",
            assignment: "active",
            from: start,
          },
        },
      ])
      const asked = (who: string, count: number) =>
        Effect.map(ask(it, who, { rule, objects: people(count) }), verdict)
      assert.strictEqual(yield* asked("gina", 20), "allow")
      assert.strictEqual(yield* asked("gina", 21), "deny validated-objects")
      assert.strictEqual(yield* asked("gina", 0), "deny validated-objects")
      assert.strictEqual(yield* asked("bob", 1), "deny rule-validator")
      assert.strictEqual(yield* asked("ursula", 1), "deny rule-validator")
      assert.strictEqual(yield* asked("ivan", 1), "allow")
      assert.isDefined(groupOf(yield* it.world, "Finance"))
    }),
  )
})

const chain = (count: number) =>
  Array.from({ length: count }, (_, index) => `(user.city -eq "${index}")`).join(" -or ")

describe("reading a rule", () => {
  /** Rule, and whether the rule builder of the portal can show it. */
  const table = [
    [chain(5), true],
    [chain(6), false],
    ['user.city -contains "o"', false],
    ['user.city -notContains "o"', false],
    ['Direct Reports for "m"', false],
    ['user.otherMails -any (_ -eq "x")', false],
    ["user.assignedPlans -all (assignedPlan.servicePlanId -eq null)", false],
    ['(user.city -eq "a" -or user.city -eq "b") -and user.state -eq "c"', false],
    ['user.city -eq "a" -or user.city -eq "b" -and user.state -eq "c"', true],
    ['user.city -startsWith "a"', true],
  ] as const

  it.effect.each(table)(
    "[IDN-217] %s: shown in the builder %s, accepted all the same",
    ([text, isShown]) =>
      Effect.gen(function* () {
        const it = yield* lab()
        const answer = yield* it.as("alice", "inspect-membership-rule", { rule: text })
        assert.strictEqual(verdict(answer), "allow")
        assert.strictEqual(answer.output[0]?.["isShownInRuleBuilder"], isShown)
      }),
  )

  it.effect("[IDN-215] [IDN-198] names the problem with its place, and odd spellings", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const bad = yield* it.as("alice", "inspect-membership-rule", {
        rule: 'user.city -eq "a" -and user.colour -eq "b"',
      })
      assert.strictEqual(verdict(bad), "deny membership-rule")
      assert.strictEqual(bad.decision.gates.at(-1)?.details["position"], "23")
      const odd = yield* it.as("alice", "inspect-membership-rule", { rule: 'USER.City eq "a"' })
      assert.strictEqual(odd.warnings.length, 1)
      assert.strictEqual(odd.output[0]?.["rule"], 'user.city -eq "a"')
    }),
  )
})
