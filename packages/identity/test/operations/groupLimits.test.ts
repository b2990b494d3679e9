import { assert, describe, it } from "@effect/vitest"
import { minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  assignedGroup,
  evaluateProtectionGroup,
  groupKindOf,
  groupOf,
  groupsOf,
  type IdentityEvent,
  memberIdsOf,
} from "../../src/index.ts"
import { baseline, lab, printed, refusal, start, userId, verdict } from "../world.ts"

const security = { MailEnabled: false, SecurityEnabled: true }
const unified = { MailEnabled: true, SecurityEnabled: false, GroupTypes: ["Unified"] }
const heidi: readonly IdentityEvent[] = [
  {
    _tag: "RoleAssigned",
    assignment: {
      principalId: userId("bob"),
      role: "Exchange Administrator",
      assignment: "active",
      from: start,
    },
  },
]

describe("limits", () => {
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
  const plain = { DisplayName: "New", MailNickname: "new", ...security }
  const ruled = {
    ...plain,
    GroupTypes: ["DynamicMembership"],
    MembershipRule: 'user.city -eq "Rome"',
    MembershipRuleProcessingState: "On",
  }

  it.effect("[IDN-193] 15,000 dynamic groups", () =>
    Effect.gen(function* () {
      const it = yield* lab(
        many(15_000, () => ({
          groupTypes: ["DynamicMembership"],
          membershipRule: "user.mail -eq null",
        })),
      )
      const answer = yield* it.as("ivan", "New-MgGroup", ruled)
      assert.strictEqual(verdict(answer), "deny dynamic-group-limit")
      assert.strictEqual(
        answer.decision.gates.at(-1)?.refusal?.message,
        "Dynamic group policies max allowed groups count reached",
      )
      assert.strictEqual(verdict(yield* it.as("ivan", "New-MgGroup", plain)), "allow")
      yield* it.as("ivan", "Remove-MgGroup", { GroupId: "g1" })
      assert.strictEqual(
        verdict(yield* it.as("ivan", "New-MgGroup", { ...ruled, MailNickname: "n2" })),
        "allow",
      )
    }),
  )

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
      const from = (id: string) => `user.memberof -any (group.objectId -in ['${id}'])`
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

  it.effect("[IDN-280] 50,000 objects, 300,000 with a verified domain", () =>
    Effect.gen(function* () {
      const objects = many(50_000, () => ({}))
      const small = yield* lab([
        organization({ verifiedDomains: ["contoso.onmicrosoft.com"] }),
        ...objects,
      ])
      const refused = yield* small.as("ivan", "New-MgGroup", plain)
      assert.strictEqual(verdict(refused), "deny directory-quota")
      assert.strictEqual(refusal(refused), "Directory_QuotaExceeded")
      const person = {
        DisplayName: "Kim",
        UserPrincipalName: "kim@contoso.onmicrosoft.com",
        MailNickname: "kim",
        AccountEnabled: true,
        PasswordProfile: { password: "a secret" },
      }
      assert.strictEqual(
        verdict(yield* small.as("ivan", "New-MgUser", person)),
        "deny directory-quota",
      )
      assert.strictEqual(
        verdict(yield* small.as("ivan", "New-MgDevice", { DisplayName: "PC" })),
        "deny directory-quota",
      )
      const large = yield* lab(objects)
      assert.strictEqual(verdict(yield* large.as("ivan", "New-MgGroup", plain)), "allow")
    }),
  )

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
