import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { assignedGroup, instancesOf, reviewOf, userOf } from "../../src/index.ts"
import { body, define, deletion, inGroup, key, partners, rows, settings } from "../reviews.ts"
import { accepted, lab, printed, refusal, start, verdict } from "../world.ts"

describe("the answers of an access review", () => {
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
          new Map((yield* rows(it)).map((row) => [row["Principal"], row["Recommendation"]])),
          new Map([
            ["nina@fabrikam.com", "Approve"],
            ["pat@mailbox.example", "Deny"],
          ]),
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
