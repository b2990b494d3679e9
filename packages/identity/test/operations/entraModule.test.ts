import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { groupOf, groupsOf, policyAsSet, userOf } from "../../src/index.ts"
import { actorIn, invited, type Lab, lab, verdict } from "../world.ts"

/** The parameters that a call complains about. */
const complaints = Effect.fnUntraced(function* (
  it: Lab,
  who: string,
  cmdlet: string,
  params: object,
) {
  const actor = actorIn(yield* it.world, who, yield* it.simulation.now)
  const asked = yield* Effect.result(it.simulation.call(actor, cmdlet, params))
  if (Result.isSuccess(asked) || asked.failure._tag !== "ParametersInvalid") return []
  return asked.failure.issues.map(({ path }) => path[0])
})

const invitation = {
  InvitedUserEmailAddress: "zoe@outlook.com",
  InviteRedirectUrl: "https://myapplications.microsoft.com",
}
const security = {
  DisplayName: "Launch",
  MailEnabled: false,
  MailNickname: "launch",
  SecurityEnabled: true,
}

describe("the Microsoft Entra module: people", () => {
  it.effect("[IDN-018] [IDN-024] New-EntraInvitation invites under the same gates as Graph", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const done = yield* it.as("alice", "New-EntraInvitation", {
        ...invitation,
        SendInvitationMessage: true,
      })
      assert.strictEqual(verdict(done), "allow")
      assert.strictEqual(done.output[0]?.["Status"], "PendingAcceptance")
      assert.lengthOf(yield* it.mailbox("zoe@outlook.com"), 1)
      yield* it.as("ivan", "Update-MgPolicyAuthorizationPolicy", { AllowInvitesFrom: "none" })
      yield* it.wait(3_600_000)
      const refused = yield* it.as("alice", "New-EntraInvitation", {
        ...invitation,
        InvitedUserEmailAddress: "gus@gmail.com",
      })
      assert.strictEqual(verdict(refused), "deny invite-policy")
      assert.isUndefined(userOf(yield* it.world, "gus@gmail.com"))
    }),
  )

  it.effect("[IDN-018] New-EntraInvitation has to be told address and redirection", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.deepStrictEqual(yield* complaints(it, "alice", "New-EntraInvitation", {}), [
        "InvitedUserEmailAddress",
        "InviteRedirectUrl",
      ])
      const body = { ...invitation, BodyParameter: {} }
      assert.deepStrictEqual(yield* complaints(it, "alice", "New-EntraInvitation", body), [
        "BodyParameter",
      ])
    }),
  )

  it.effect("[IDN-043] [IDN-044] -ResetRedemption makes an accepted guest pending again", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const link = yield* invited(it, "zoe@outlook.com")
      yield* it.as("zoe@outlook.com", "redeem-invitation", { link })
      const id = userOf(yield* it.world, "zoe@outlook.com")?.id
      const reset = { ...invitation, InvitedUser: { Id: id }, ResetRedemption: true }
      assert.strictEqual(verdict(yield* it.as("alice", "New-EntraInvitation", reset)), "deny role")
      assert.strictEqual(verdict(yield* it.as("ursula", "New-EntraInvitation", reset)), "allow")
      assert.strictEqual(
        userOf(yield* it.world, "zoe@outlook.com")?.externalUserState,
        "PendingAcceptance",
      )
    }),
  )

  it.effect("[IDN-006] [IDN-100] Get-EntraUser filters, searches and shows what is asked for", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, "zoe@outlook.com")
      const names = (params: object, who = "alice") =>
        Effect.map(it.as(who, "Get-EntraUser", params), (answer) =>
          answer.decision.outcome === "allow"
            ? answer.output.map((row) => row["DisplayName"])
            : verdict(answer),
        )
      assert.deepStrictEqual(yield* names({ Filter: "userType eq 'Guest'" }), ["zoe@outlook.com"])
      assert.deepStrictEqual(yield* names({ SearchString: "AL" }), ["alice"])
      assert.deepStrictEqual(yield* names({ SearchString: "nobody" }), [])
      const [plain] = (yield* it.as("alice", "Get-EntraUser", { SearchString: "zoe" })).output
      assert.isFalse(Object.hasOwn(plain ?? {}, "ExternalUserState"))
      const [state] = (yield* it.as("alice", "Get-EntraUser", {
        UserId: "zoe@outlook.com",
        Property: ["ExternalUserState"],
      })).output
      assert.deepStrictEqual(state, { ExternalUserState: "PendingAcceptance" })
      assert.strictEqual(yield* names({}, "zoe@outlook.com"), "deny guest-access-level")
      assert.strictEqual(yield* names({ UserId: "nobody" }), "deny object-found")
    }),
  )

  it.effect("[IDN-010] [IDN-014] Set-EntraUser and Remove-EntraUser ask for the role", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const off = { UserId: "bob@contoso.com", AccountEnabled: false }
      assert.strictEqual(verdict(yield* it.as("alice", "Set-EntraUser", off)), "deny role")
      assert.strictEqual(verdict(yield* it.as("ursula", "Set-EntraUser", off)), "allow")
      assert.isFalse(userOf(yield* it.world, "bob@contoso.com")?.accountEnabled)
      assert.deepStrictEqual(
        yield* complaints(it, "ursula", "Set-EntraUser", { ...off, Mail: "b@contoso.com" }),
        ["Mail"],
      )
      const bob = { UserId: "bob@contoso.com" }
      assert.strictEqual(verdict(yield* it.as("alice", "Remove-EntraUser", bob)), "deny role")
      assert.strictEqual(verdict(yield* it.as("ursula", "Remove-EntraUser", bob)), "allow")
      assert.isUndefined(userOf(yield* it.world, "bob@contoso.com"))
    }),
  )
})

describe("the Microsoft Entra module: groups", () => {
  it.effect("[IDN-188] [IDN-194] New-EntraGroup makes no dynamic group", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(verdict(yield* it.as("gina", "New-EntraGroup", security)), "allow")
      const dynamic = { ...security, MailNickname: "dynamic", GroupTypes: ["DynamicMembership"] }
      assert.strictEqual(
        verdict(yield* it.as("gina", "New-EntraGroup", dynamic)),
        "deny membership-rule",
      )
      assert.isUndefined(groupOf(yield* it.world, "dynamic"))
      const ruled = { ...dynamic, MembershipRule: 'user.userType -eq "Guest"' }
      assert.deepStrictEqual(yield* complaints(it, "gina", "New-EntraGroup", ruled), [
        "MembershipRule",
      ])
      assert.deepStrictEqual(
        yield* complaints(it, "gina", "New-EntraGroup", { DisplayName: "Launch" }),
        ["MailEnabled", "MailNickname", "SecurityEnabled"],
      )
    }),
  )

  it.effect("[IDN-032] [IDN-194] members come and go by -MemberId", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const both = { GroupId: "partners", MemberId: "bob@contoso.com" }
      const isIn = Effect.map(it.world, (world) =>
        groupsOf(world, "bob@contoso.com").some(({ id }) => id === "partners"),
      )
      assert.strictEqual(
        verdict(yield* it.as("alice", "Add-EntraGroupMember", both)),
        "deny group-manager",
      )
      assert.strictEqual(verdict(yield* it.as("gina", "Add-EntraGroupMember", both)), "allow")
      assert.isTrue(yield* isIn)
      const shown = yield* it.as("alice", "Get-EntraGroupMember", { GroupId: "partners" })
      assert.lengthOf(shown.output, 1)
      assert.deepStrictEqual(
        yield* complaints(it, "gina", "Add-EntraGroupMember", {
          GroupId: "partners",
          DirectoryObjectId: "bob@contoso.com",
        }),
        ["DirectoryObjectId", "MemberId"],
      )
      assert.strictEqual(verdict(yield* it.as("gina", "Remove-EntraGroupMember", both)), "allow")
      assert.isFalse(yield* isIn)
      assert.strictEqual(
        verdict(yield* it.as("gina", "Remove-EntraGroupMember", both)),
        "deny membership",
      )
    }),
  )

  it.effect("[IDN-188] [IDN-242] groups are found, changed and deleted", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("gina", "New-EntraGroup", security)
      const found = yield* it.as("alice", "Get-EntraGroup", {
        SearchString: "lau",
        Property: ["DisplayName"],
      })
      assert.deepStrictEqual(found.output, [{ DisplayName: "Launch" }])
      assert.lengthOf((yield* it.as("alice", "Get-EntraGroup", { Top: 1 })).output, 1)
      const change = { GroupId: "launch", Description: "For the launch" }
      assert.strictEqual(
        verdict(yield* it.as("bob", "Set-EntraGroup", change)),
        "deny group-manager",
      )
      assert.strictEqual(verdict(yield* it.as("gina", "Set-EntraGroup", change)), "allow")
      assert.strictEqual(groupOf(yield* it.world, "launch")?.description, "For the launch")
      yield* it.as("gina", "Remove-EntraGroup", { GroupId: "launch" })
      assert.isUndefined(groupOf(yield* it.world, "launch"))
    }),
  )
})

describe("the Microsoft Entra module: policies", () => {
  it.effect("[IDN-145] [IDN-151] Conditional Access policies by -PolicyId", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const policy = {
        DisplayName: "Two factors for guests",
        State: "enabled",
        Conditions: {
          Users: { IncludeUsers: ["GuestsOrExternalUsers"] },
          Applications: { IncludeApplications: ["All"] },
        },
        GrantControls: { _Operator: "OR", BuiltInControls: ["mfa"] },
      }
      const create = (who: string) => it.as(who, "New-EntraConditionalAccessPolicy", policy)
      assert.strictEqual(verdict(yield* create("alice")), "deny role")
      const made = yield* create("carl")
      assert.strictEqual(verdict(made), "allow")
      const PolicyId = made.output[0]?.["Id"]
      const set = { PolicyId, State: "disabled" }
      assert.strictEqual(
        verdict(yield* it.as("alice", "Set-EntraConditionalAccessPolicy", set)),
        "deny role",
      )
      yield* it.as("carl", "Set-EntraConditionalAccessPolicy", set)
      const shown = yield* it.as("carl", "Get-EntraConditionalAccessPolicy", {
        PolicyId,
        Property: ["State"],
      })
      assert.deepStrictEqual(shown.output, [{ State: "disabled" }])
      assert.deepStrictEqual(
        yield* complaints(it, "carl", "Set-EntraConditionalAccessPolicy", {
          ConditionalAccessPolicyId: PolicyId,
        }),
        ["ConditionalAccessPolicyId", "PolicyId"],
      )
      yield* it.as("carl", "Remove-EntraConditionalAccessPolicy", { PolicyId })
      assert.lengthOf((yield* it.as("carl", "Get-EntraConditionalAccessPolicy")).output, 0)
    }),
  )

  it.effect(
    "[IDN-024] [IDN-104] Set-EntraAuthorizationPolicy knows neither who may invite nor what guests see",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const cmdlet = "Set-EntraAuthorizationPolicy"
        for (const name of ["AllowInvitesFrom", "GuestUserRoleId"]) {
          assert.deepStrictEqual(yield* complaints(it, "ivan", cmdlet, { [name]: "none" }), [name])
        }
        const change = { BlockMsolPowerShell: true, AllowedToUseSSPR: false }
        assert.strictEqual(verdict(yield* it.as("ursula", cmdlet, change)), "deny role")
        assert.strictEqual(verdict(yield* it.as("ivan", cmdlet, change)), "allow")
        const policy = policyAsSet((yield* it.world).identity.settings)
        assert.isTrue(policy.blockMsolPowerShell)
        assert.isFalse(policy.allowedToUseSspr)
        const shown = yield* it.as("alice", "Get-EntraAuthorizationPolicy", {
          Property: ["BlockMsolPowerShell"],
        })
        assert.deepStrictEqual(shown.output, [{ BlockMsolPowerShell: true }])
      }),
  )

  it.effect(
    "[IDN-020] Connect-Entra opens a session with the permissions named, in this tenant",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const connect = (params: object) =>
          Effect.map(it.as("alice", "Connect-Entra", params), verdict)
        assert.strictEqual(yield* connect({ TenantId: "fabrikam.com" }), "deny tenant-connected")
        assert.strictEqual(
          yield* connect({ TenantId: "Contoso.com", Scopes: ["User.Read.All"] }),
          "allow",
        )
        const invite = Effect.map(it.as("alice", "New-EntraInvitation", invitation), verdict)
        assert.strictEqual(yield* invite, "deny graph-permission")
        // The old module asks for no permissions of Graph.
        const old = it.as("alice", "New-AzureADMSInvitation", {
          ...invitation,
          InvitedUserEmailAddress: "gus@gmail.com",
        })
        assert.strictEqual(verdict(yield* old), "allow")
        yield* it.as("alice", "Disconnect-Entra")
        assert.strictEqual(yield* invite, "allow")
      }),
  )
})
