import { assert, describe, it } from "@effect/vitest"
import { hours } from "@twin/kernel"
import { Effect } from "effect"
import { type IdentityEvent, rolesOf, userOf } from "../../src/index.ts"
import { accepted, invited, lab, printed, refusal, start, userId, verdict } from "../world.ts"

const kim = {
  DisplayName: "Kim",
  UserPrincipalName: "kim@contoso.com",
  MailNickname: "kim",
  AccountEnabled: true,
  PasswordProfile: { Password: "a password nobody keeps" },
  Department: "Legal",
}

describe("users", () => {
  it.effect("are created by a user administrator, without their password in the journal", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(verdict(yield* it.as("alice", "New-MgUser", kim)), "deny role")
      const made = yield* it.as("ursula", "New-MgUser", kim)
      assert.strictEqual(verdict(made), "allow")
      assert.notInclude(JSON.stringify(made.record), "a password nobody keeps")
      assert.strictEqual(verdict(yield* it.as("kim", "sign-in")), "allow")
      assert.strictEqual(
        verdict(yield* it.as("ursula", "New-MgUser", kim)),
        "deny principal-name-free",
      )
      const elsewhere = { ...kim, UserPrincipalName: "kim@elsewhere.example" }
      assert.strictEqual(
        verdict(yield* it.as("ursula", "New-MgUser", elsewhere)),
        "deny principal-name-domain",
      )
      const { PasswordProfile: _password, ...without } = kim
      assert.strictEqual(
        verdict(yield* it.as("ursula", "New-MgUser", without)),
        "deny request-body",
      )
    }),
  )

  it.effect("[IDN-006] are shown in part: the state of a guest has to be asked for", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, "nina@fabrikam.com")
      yield* accepted(it, "zoe@outlook.com")
      const guests = { Filter: "userType eq 'Guest'", All: true }
      const plain = yield* it.as("alice", "Get-MgUser", guests)
      assert.strictEqual(plain.output.length, 2)
      assert.notProperty(plain.output[0], "ExternalUserState")
      const asked = yield* it.as("alice", "Get-MgUser", {
        ...guests,
        Property: ["Mail", "externalUserState"],
      })
      assert.deepStrictEqual(asked.output, [
        { Mail: "nina@fabrikam.com", ExternalUserState: "PendingAcceptance" },
        { Mail: "zoe@outlook.com", ExternalUserState: "Accepted" },
      ])
    }),
  )

  it.effect("are found by filter, or the filter is said to be beyond the twin", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("ursula", "New-MgUser", kim)
      const count = (Filter: string) =>
        Effect.map(it.as("alice", "Get-MgUser", { Filter }), (answer) =>
          answer.decision.outcome === "allow" ? answer.output.length : verdict(answer),
        )
      assert.strictEqual(yield* count("department eq 'legal'"), 1)
      assert.strictEqual(yield* count("userType eq 'Member' and department eq 'Legal'"), 1)
      assert.strictEqual(yield* count("startswith(displayName,'Ki')"), 1)
      assert.strictEqual(yield* count("accountEnabled eq false"), 0)
      assert.strictEqual(yield* count("displayName eq 'this and that'"), 0)
      assert.strictEqual(yield* count("contains(mail,'x')"), "unknown filter")
      assert.strictEqual(yield* count("a or b"), "unknown filter")
      assert.strictEqual(
        verdict(yield* it.as("alice", "Get-MgUser", { UserId: "nobody@contoso.com" })),
        "deny object-found",
      )
    }),
  )

  it.effect("[IDN-013] a disabled guest cannot sign in and keeps memberships", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      yield* it.as("gina", "New-MgGroupMember", {
        GroupId: "partners",
        DirectoryObjectId: "nina@fabrikam.com",
      })
      assert.strictEqual(
        verdict(yield* it.as("alice", "disable-account", { user: "nina@fabrikam.com" })),
        "deny role",
      )
      yield* it.as("ursula", "disable-account", { user: "nina@fabrikam.com" })
      const answer = yield* it.as("nina@fabrikam.com", "sign-in")
      assert.strictEqual(refusal(answer), "AADSTS50057")
      const members = yield* it.as("alice", "Get-MgGroupMember", { GroupId: "partners" })
      assert.strictEqual(members.output.length, 1)
      yield* it.as("ursula", "enable-account", { user: "nina@fabrikam.com" })
      assert.strictEqual(verdict(yield* it.as("nina@fabrikam.com", "sign-in")), "allow")
      assert.strictEqual(
        verdict(yield* it.as("ursula", "disable-account", { user: "nobody" })),
        "deny user-present",
      )
    }),
  )

  it.effect(
    "[IDN-003] [IDN-009] [IDN-010] change type, visibility and mail by an administrator only",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* accepted(it, "nina@fabrikam.com")
        yield* it.as("ursula", "Update-MgUser", {
          UserId: "nina@fabrikam.com",
          UserType: "Member",
          ShowInAddressList: true,
          Mail: "Nina.New@fabrikam.com",
        })
        const user = userOf(yield* it.world, "nina.new@fabrikam.com")
        assert.deepInclude(user, { userType: "Member", showInAddressList: true })
        assert.strictEqual(verdict(yield* it.as("nina@fabrikam.com", "sign-in")), "allow")
      }),
  )

  it.effect("New-MgInvitation prints what the service prints", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const made = yield* it.as("alice", "New-MgInvitation", {
        InvitedUserEmailAddress: "nina@fabrikam.com",
        InviteRedirectUrl: "https://contoso.sharepoint.com",
      })
      assert.deepInclude(made.output[0], {
        InvitedUserEmailAddress: "nina@fabrikam.com",
        InvitedUserType: "Guest",
        Status: "PendingAcceptance",
      })
      assert.match(
        printed(made, "InviteRedeemUrl"),
        /^https:\/\/login\.microsoftonline\.com\/redeem\?rd=https%3a%2f%2finvitations\.microsoft\.com/,
      )
      assert.isEmpty(yield* it.mailbox("nina@fabrikam.com"))
    }),
  )

  it.effect(
    "[IDN-015] [IDN-016] an invitation needs its two addresses, and mails only on request",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const answer = yield* it.as("alice", "New-MgInvitation", {
          InvitedUserEmailAddress: "nina@fabrikam.com",
        })
        assert.strictEqual(verdict(answer), "deny request-body")
        yield* it.as("alice", "New-MgInvitation", {
          BodyParameter: {
            invitedUserEmailAddress: "nina@fabrikam.com",
            inviteRedirectUrl: "https://contoso.sharepoint.com",
            sendInvitationMessage: true,
          },
        })
        assert.strictEqual((yield* it.mailbox("nina@fabrikam.com")).length, 1)
      }),
  )

  it.effect("[IDN-019] the link that New-MgInvitation prints redeems the invitation", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const made = yield* it.as("alice", "New-MgInvitation", {
        InvitedUserEmailAddress: "zoe.alias@outlook.com",
        InviteRedirectUrl: "https://contoso.sharepoint.com",
      })
      const link = printed(made, "InviteRedeemUrl")
      const cut = link.replace(/.%26ver/, "%26ver")
      assert.strictEqual(
        verdict(yield* it.as("zoe@outlook.com", "redeem-invitation", { link: cut })),
        "deny invitation",
      )
      assert.strictEqual(
        verdict(yield* it.as("zoe@outlook.com", "redeem-invitation", { link })),
        "allow",
      )
    }),
  )
})

describe("roles that are activated", () => {
  const eligible: IdentityEvent = {
    _tag: "RoleAssigned",
    assignment: {
      principalId: userId("alice"),
      role: "User Administrator",
      assignment: "eligible",
      from: start,
    },
  }
  const role = "User Administrator"
  const target = { user: "bob@contoso.com" }

  it.effect("[IDN-247] give nothing before, everything after, and nothing again at the end", () =>
    Effect.gen(function* () {
      const it = yield* lab([eligible])
      const disable = () => Effect.map(it.as("alice", "disable-account", target), verdict)
      assert.strictEqual(yield* disable(), "deny role")
      const activated = yield* it.as("alice", "activate-role", {
        role,
        hours: 2,
        justification: "leaver",
      })
      assert.strictEqual(verdict(activated), "allow")
      assert.deepStrictEqual(rolesOf(yield* it.world, "alice@contoso.com", start), [role])
      assert.strictEqual(yield* disable(), "allow")
      yield* it.wait(hours(2))
      assert.strictEqual(yield* disable(), "deny role")
    }),
  )

  it.effect("[IDN-247] need eligibility, a justification, and at most eight hours", () =>
    Effect.gen(function* () {
      const it = yield* lab([eligible])
      const activate = (who: string, rest: object) =>
        Effect.map(it.as(who, "activate-role", { role, justification: "why", ...rest }), verdict)
      assert.strictEqual(yield* activate("bob", {}), "deny role-eligible")
      assert.strictEqual(yield* activate("ursula", {}), "deny role-eligible")
      assert.strictEqual(
        yield* activate("alice", { justification: " " }),
        "deny activation-justification",
      )
      assert.strictEqual(yield* activate("alice", { hours: 9 }), "deny activation-duration")
      assert.strictEqual(yield* activate("alice", { hours: 0 }), "deny activation-duration")
      assert.strictEqual(yield* activate("alice", {}), "allow")
    }),
  )
})

describe("assigning roles", () => {
  const assign = { user: "alice@contoso.com", role: "User Administrator" }

  it.effect(
    "[IDN-242] [IDN-250] is for Privileged Role Administrators; guests may hold roles",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        assert.strictEqual(verdict(yield* it.as("ursula", "assign-role", assign)), "deny role")
        assert.strictEqual(verdict(yield* it.as("ivan", "assign-role", assign)), "allow")
        assert.deepStrictEqual(rolesOf(yield* it.world, "alice@contoso.com", start), [assign.role])
        assert.strictEqual(verdict(yield* it.as("ivan", "assign-role", assign)), "deny role-held")
        yield* accepted(it, "nina@fabrikam.com")
        const guest = { user: "nina@fabrikam.com", role: "95e79109-95c0-4d8e-aee3-d01accf2d47b" }
        assert.strictEqual(verdict(yield* it.as("ivan", "assign-role", guest)), "allow")
        assert.deepStrictEqual(rolesOf(yield* it.world, "nina@fabrikam.com", start), [
          "Guest Inviter",
        ])
        for (const wrong of [
          { ...assign, user: "nobody" },
          { ...assign, role: "King" },
        ]) {
          assert.strictEqual(
            verdict(yield* it.as("ivan", "assign-role", wrong)),
            "deny role-assignment",
          )
        }
      }),
  )

  it.effect("[IDN-247] can be eligible only, or for some days", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("ivan", "assign-role", { ...assign, eligible: true })
      assert.deepStrictEqual(rolesOf(yield* it.world, "alice@contoso.com", start), [])
      yield* it.as("ivan", "assign-role", { ...assign, user: "bob@contoso.com", days: 1 })
      assert.deepStrictEqual(rolesOf(yield* it.world, "bob@contoso.com", start), [assign.role])
      yield* it.wait(hours(24))
      assert.deepStrictEqual(rolesOf(yield* it.world, "bob@contoso.com", start + hours(24)), [])
      yield* it.as("ivan", "assign-role", assign)
      yield* it.as("ivan", "remove-role", assign)
      assert.strictEqual(
        verdict(yield* it.as("alice", "activate-role", { role: assign.role, justification: "x" })),
        "allow",
      )
    }),
  )

  it.effect("[IDN-249] never leaves the tenant without a global administrator", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const remove = { user: "ivan@contoso.com", role: "Global Administrator" }
      assert.strictEqual(
        verdict(yield* it.as("ivan", "remove-role", remove)),
        "deny role-last-holder",
      )
      yield* it.as("ivan", "assign-role", { ...remove, user: "bob@contoso.com" })
      assert.strictEqual(verdict(yield* it.as("ivan", "remove-role", remove)), "allow")
      assert.strictEqual(verdict(yield* it.as("bob", "remove-role", remove)), "deny role-held")
    }),
  )
})
