import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  assignedGroup,
  evaluateProtectionGroup,
  groupOf,
  groupsOf,
  type IdentityEvent,
} from "../../src/index.ts"
import {
  baseline,
  invited,
  type Lab,
  lab,
  printed,
  refusal,
  start,
  userId,
  verdict,
  worldFrom,
} from "../world.ts"

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
const security = {
  DisplayName: "Launch",
  MailEnabled: false,
  MailNickname: "launch",
  SecurityEnabled: true,
}

const namesFor = Effect.fnUntraced(function* (it: Lab, address: string) {
  return groupsOf(yield* it.world, address).map(({ displayName }) => displayName)
})

describe("creating groups", () => {
  it.effect("[IDN-188] security and Microsoft 365 groups, by anybody who is a member", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(verdict(yield* it.as("alice", "New-MgGroup", security)), "allow")
      const unified = yield* it.as("alice", "New-MgGroup", {
        ...security,
        DisplayName: "Team",
        MailNickname: "team",
        MailEnabled: true,
        GroupTypes: ["Unified"],
      })
      assert.strictEqual(verdict(unified), "allow")
      assert.strictEqual(unified.output[0]?.["Mail"], "team@contoso.com")
      assert.strictEqual(
        verdict(yield* it.as("zoe@outlook.com", "New-MgGroup", security)),
        "deny group-manager",
      )
    }),
  )

  it.effect("[IDN-189] mail-enabled security groups and distribution lists are not made here", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      for (const SecurityEnabled of [true, false]) {
        const answer = yield* it.as("ivan", "New-MgGroup", {
          ...security,
          MailEnabled: true,
          SecurityEnabled,
        })
        assert.strictEqual(verdict(answer), "deny group-kind")
      }
    }),
  )

  it.effect("[IDN-242] dynamic groups only by a groups administrator or above", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(
        verdict(yield* it.as("alice", "New-MgGroup", dynamicGuests)),
        "deny group-manager",
      )
      for (const who of ["gina", "ursula", "ivan"]) {
        assert.strictEqual(verdict(yield* it.as(who, "New-MgGroup", dynamicGuests)), "allow", who)
      }
    }),
  )

  it.effect("[IDN-215] not with a rule that cannot be read, and not dynamic without one", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const broken = { ...dynamicGuests, MembershipRule: 'user.externalUserState -eq "Accepted"' }
      const answer = yield* it.as("gina", "New-MgGroup", broken)
      assert.strictEqual(verdict(answer), "deny membership-rule")
      assert.strictEqual(
        answer.decision.gates.at(-1)?.details["ruleProblem"],
        "Attribute not supported",
      )
      const { MembershipRule: _rule, ...without } = dynamicGuests
      assert.strictEqual(
        verdict(yield* it.as("gina", "New-MgGroup", without)),
        "deny membership-rule",
      )
      const assigned = { ...security, MembershipRule: guestRule }
      assert.strictEqual(
        verdict(yield* it.as("gina", "New-MgGroup", assigned)),
        "deny membership-rule",
      )
    }),
  )

  it.effect("refuses a request without what every group needs", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { MailNickname: _nickname, ...without } = security
      const answer = yield* it.as("alice", "New-MgGroup", without)
      assert.strictEqual(verdict(answer), "deny request-body")
      assert.strictEqual(refusal(answer), "Request_BadRequest")
    }),
  )
})

describe("members", () => {
  it.effect("are added and removed by administrators and owners, and by nobody else", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const created = yield* it.as("alice", "New-MgGroup", security)
      const GroupId = printed(created)
      const bob = { GroupId, DirectoryObjectId: userId("bob") }
      assert.strictEqual(
        verdict(yield* it.as("bob", "New-MgGroupMember", bob)),
        "deny group-manager",
      )
      assert.strictEqual(verdict(yield* it.as("alice", "New-MgGroupMember", bob)), "allow")
      assert.deepStrictEqual(yield* namesFor(it, "bob@contoso.com"), ["Launch"])
      assert.strictEqual(
        verdict(yield* it.as("alice", "New-MgGroupMember", bob)),
        "deny membership",
      )
      assert.strictEqual(verdict(yield* it.as("gina", "Remove-MgGroupMemberByRef", bob)), "allow")
      assert.strictEqual(
        verdict(yield* it.as("gina", "Remove-MgGroupMemberByRef", bob)),
        "deny membership",
      )
      assert.deepStrictEqual(yield* namesFor(it, "bob@contoso.com"), [])
      assert.strictEqual(
        verdict(yield* it.as("gina", "New-MgGroupMember", { ...bob, GroupId: "none" })),
        "deny group-present",
      )
      assert.strictEqual(
        verdict(yield* it.as("gina", "New-MgGroupMember", { ...bob, DirectoryObjectId: "none" })),
        "deny member-kind",
      )
    }),
  )

  it.effect("[IDN-190] of a Microsoft 365 group are users; security groups nest", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const unified = yield* it.as("gina", "New-MgGroup", {
        ...security,
        DisplayName: "Team",
        MailNickname: "team",
        MailEnabled: true,
        GroupTypes: ["Unified"],
      })
      const nested = { GroupId: printed(unified), DirectoryObjectId: "partners" }
      assert.strictEqual(
        verdict(yield* it.as("gina", "New-MgGroupMember", nested)),
        "deny member-kind",
      )
      const person = { ...nested, DirectoryObjectId: userId("bob") }
      assert.strictEqual(verdict(yield* it.as("gina", "New-MgGroupMember", person)), "allow")
      const plain = yield* it.as("gina", "New-MgGroup", security)
      const into = { GroupId: printed(plain), DirectoryObjectId: "partners" }
      assert.strictEqual(verdict(yield* it.as("gina", "New-MgGroupMember", into)), "allow")
    }),
  )

  it.effect("[IDN-106] are never guests where the group says so", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        {
          _tag: "GroupUpdated",
          groupId: "partners",
          changes: { allowToAddGuests: false },
          at: start,
        },
      ])
      yield* invited(it, "nina@fabrikam.com")
      const guest = { GroupId: "partners", DirectoryObjectId: "nina@fabrikam.com" }
      assert.strictEqual(
        verdict(yield* it.as("gina", "New-MgGroupMember", guest)),
        "deny group-guests",
      )
      const member = { GroupId: "partners", DirectoryObjectId: userId("bob") }
      assert.strictEqual(verdict(yield* it.as("gina", "New-MgGroupMember", member)), "allow")
    }),
  )

  it.effect("[IDN-032] of a group mastered on premises stay as they are", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        {
          _tag: "GroupCreated",
          group: assignedGroup({
            id: "synced",
            displayName: "Synced",
            onPremisesSyncEnabled: true,
          }),
        },
      ])
      const answer = yield* it.as("ivan", "New-MgGroupMember", {
        GroupId: "synced",
        DirectoryObjectId: userId("bob"),
      })
      assert.strictEqual(verdict(answer), "deny group-mastered-here")
    }),
  )

  it.effect("[IDN-230] are shown with what they are, so that mail contacts are found", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        {
          _tag: "ContactAdded",
          contact: { id: "c1", displayName: "Pat", mail: "pat@mailbox.example" },
        },
        { _tag: "GroupMemberAdded", groupId: "partners", memberId: "c1", at: start },
        { _tag: "GroupMemberAdded", groupId: "partners", memberId: userId("bob"), at: start },
      ])
      const answer = yield* it.as("alice", "Get-MgGroupMember", { GroupId: "partners", All: true })
      assert.deepStrictEqual(
        answer.output.map((row) => row["@odata.type"]),
        ["#microsoft.graph.user", "#microsoft.graph.orgContact"],
      )
    }),
  )
})

describe("changing groups", () => {
  it.effect("[IDN-242] is for owners and administrators", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const GroupId = printed(yield* it.as("alice", "New-MgGroup", security))
      const rename = { GroupId, DisplayName: "Landing" }
      assert.strictEqual(
        verdict(yield* it.as("bob", "Update-MgGroup", rename)),
        "deny group-manager",
      )
      assert.strictEqual(verdict(yield* it.as("alice", "Update-MgGroup", rename)), "allow")
      assert.isUndefined(groupOf(yield* it.world, "Launch")?.description)
      assert.strictEqual(groupOf(yield* it.world, "Landing")?.id, GroupId)
      const remove = { GroupId }
      assert.strictEqual(
        verdict(yield* it.as("bob", "Remove-MgGroup", remove)),
        "deny group-manager",
      )
      assert.strictEqual(verdict(yield* it.as("alice", "Remove-MgGroup", remove)), "allow")
      assert.strictEqual(
        verdict(yield* it.as("alice", "Remove-MgGroup", remove)),
        "deny group-present",
      )
      assert.isUndefined(groupOf(yield* it.world, "Landing"))
    }),
  )

  it.effect("[IDN-188] contradicting flags are refused", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const unified = { ...security, GroupTypes: ["Unified"] }
      assert.strictEqual(verdict(yield* it.as("alice", "New-MgGroup", unified)), "deny group-kind")
      const powerless = { ...security, SecurityEnabled: false }
      assert.strictEqual(
        verdict(yield* it.as("alice", "New-MgGroup", powerless)),
        "deny group-kind",
      )
    }),
  )

  it.effect("[IDN-100] are shown by id, name and filter to those who may look", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const show = (who: string, params: object) =>
        Effect.map(it.as(who, "Get-MgGroup", params), (answer) =>
          answer.decision.outcome === "allow" ? printed(answer) : verdict(answer),
        )
      assert.strictEqual(yield* show("alice", { GroupId: "partners" }), "partners")
      assert.strictEqual(yield* show("alice", { Filter: "displayName eq 'Partners'" }), "partners")
      assert.strictEqual(yield* show("alice", { GroupId: "nothing" }), "deny object-found")
      assert.strictEqual(yield* show("zoe@outlook.com", { All: true }), "deny guest-access-level")
    }),
  )
})

const group = (rest: Partial<Parameters<typeof assignedGroup>[0]>): IdentityEvent => ({
  _tag: "GroupCreated",
  group: assignedGroup({ id: "g", displayName: "G", ...rest }),
})
const usable = (rest: Partial<Parameters<typeof assignedGroup>[0]>) =>
  verdict({ decision: evaluateProtectionGroup(worldFrom([...baseline, group(rest)]), "g") })

describe("groups in encryption permissions", () => {
  const mail = "g@contoso.com"

  it("[IDN-225] need an address in a verified domain", () => {
    assert.strictEqual(usable({ mail, groupTypes: ["Unified"] }), "allow")
    assert.strictEqual(usable({ mail, securityEnabled: true }), "allow")
    assert.strictEqual(usable({ mail, securityEnabled: false }), "allow")
    assert.strictEqual(usable({}), "deny group-address")
    assert.strictEqual(usable({ mail: "g@elsewhere.example" }), "deny group-domain")
  })

  it("[IDN-225] an Exchange dynamic distribution group is not in the directory at all", () => {
    const decision = evaluateProtectionGroup(worldFrom(baseline), "all-staff@contoso.com")
    assert.strictEqual(verdict({ decision }), "deny group-in-directory")
  })

  it("[IDN-226] a rule needs a Microsoft 365 group: a dynamic security group cannot be picked", () => {
    const ruled = { membershipRule: guestRule, membershipRuleProcessingState: "On" as const }
    assert.strictEqual(
      usable({ ...ruled, groupTypes: ["DynamicMembership"] }),
      "deny group-address",
    )
    assert.strictEqual(
      usable({ ...ruled, mail, groupTypes: ["Unified", "DynamicMembership"] }),
      "allow",
    )
  })
})
