import { assert, describe, it } from "@effect/vitest"
import { days, hours } from "@twin/kernel"
import { Effect } from "effect"
import { type IdentityEvent, personOf, userOf } from "../../src/index.ts"
import { accepted, lab, refusal, start, verdict } from "../world.ts"

const otp = (state: "enabled" | "disabled" | "default"): IdentityEvent => ({
  _tag: "EmailOtpSet",
  state,
  at: start,
})
describe("what a guest is bound to", () => {
  it.effect("[IDN-054] a guest of the passcode who later gets an account keeps the passcode", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "pat@mailbox.example")
      yield* it.as("pat@mailbox.example", "create-microsoft-account")
      yield* it.wait(hours(24))
      assert.strictEqual(
        verdict(yield* it.as("pat@mailbox.example", "sign-in")),
        "challenge first-factor",
      )
    }),
  )

  it.effect("[IDN-053] switching the passcode on does not change who redeemed otherwise", () =>
    Effect.gen(function* () {
      const it = yield* lab([otp("disabled")])
      yield* accepted(it, "zoe@outlook.com")
      yield* it.as(
        "ivan",
        "Update-MgPolicyAuthenticationMethodPolicyAuthenticationMethodConfiguration",
        {
          AuthenticationMethodConfigurationId: "Email",
          BodyParameter: {
            "@odata.type": "#microsoft.graph.emailAuthenticationMethodConfiguration",
            allowExternalIdToUseEmailOtp: "enabled",
          },
        },
      )
      const answer = yield* it.as("zoe@outlook.com", "sign-in")
      assert.strictEqual(verdict(answer), "allow")
      assert.strictEqual(answer.output[0]?.["provider"], "microsoftAccount")
    }),
  )

  it.effect(
    "[IDN-055] switching the passcode off locks its guests out until redemption is reset",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* accepted(it, "pat@mailbox.example")
        yield* it.as(
          "ivan",
          "Update-MgPolicyAuthenticationMethodPolicyAuthenticationMethodConfiguration",
          {
            AuthenticationMethodConfigurationId: "Email",
            BodyParameter: { allowExternalIdToUseEmailOtp: "disabled" },
          },
        )
        const locked = yield* it.as("pat@mailbox.example", "sign-in")
        assert.strictEqual(verdict(locked), "deny identity-provider")
        const id = userOf(yield* it.world, "pat@mailbox.example")?.id ?? ""
        yield* it.as("ursula", "New-MgInvitation", {
          InvitedUserEmailAddress: "pat@mailbox.example",
          InviteRedirectUrl: "https://myapps.microsoft.com",
          InvitedUser: { Id: id },
          ResetRedemption: true,
        })
        assert.strictEqual(
          verdict(yield* it.as("pat@mailbox.example", "redeem-invitation")),
          "challenge identity-provider",
        )
        yield* it.as("pat@mailbox.example", "create-microsoft-account")
        assert.strictEqual(
          verdict(yield* it.as("pat@mailbox.example", "redeem-invitation")),
          "allow",
        )
      }),
  )

  it.effect("[IDN-043] [IDN-044] a reset keeps the object and asks for a new redemption", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      const before = userOf(yield* it.world, "nina@fabrikam.com")
      const reset = {
        InvitedUserEmailAddress: "nina@fabrikam.com",
        InviteRedirectUrl: "https://myapps.microsoft.com",
        InvitedUser: { id: before?.id ?? "" },
        ResetRedemption: true,
      }
      assert.strictEqual(verdict(yield* it.as("alice", "New-MgInvitation", reset)), "deny role")
      const elsewhere = { ...reset, InvitedUserEmailAddress: "other@fabrikam.com" }
      assert.strictEqual(
        verdict(yield* it.as("ursula", "New-MgInvitation", elsewhere)),
        "deny reset-address",
      )
      assert.strictEqual(
        verdict(
          yield* it.as("ursula", "New-MgInvitation", { ...reset, InvitedUser: { id: "nobody" } }),
        ),
        "deny reset-target",
      )
      assert.strictEqual(verdict(yield* it.as("ursula", "New-MgInvitation", reset)), "allow")
      const after = userOf(yield* it.world, "nina@fabrikam.com")
      assert.strictEqual(after?.id, before?.id)
      assert.strictEqual(after?.userPrincipalName, before?.userPrincipalName)
      assert.strictEqual(after?.externalUserState, "PendingAcceptance")
    }),
  )

  it.effect("[IDN-014] a deleted guest can be brought back for thirty days, with the groups", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      const id = userOf(yield* it.world, "nina@fabrikam.com")?.id ?? ""
      yield* it.as("ivan", "New-MgGroupMember", { GroupId: "partners", DirectoryObjectId: id })
      yield* it.as("ivan", "Remove-MgUser", { UserId: id })
      assert.strictEqual(
        verdict(yield* it.as("nina@fabrikam.com", "sign-in")),
        "deny account-in-directory",
      )
      yield* it.wait(days(30) - 1)
      const back = yield* it.as("ivan", "Restore-MgDirectoryDeletedItem", { DirectoryObjectId: id })
      assert.strictEqual(verdict(back), "allow")
      const members = yield* it.as("ivan", "Get-MgGroupMember", { GroupId: "partners", All: true })
      assert.deepStrictEqual(
        members.output.map(({ Id }) => Id),
        [id],
      )
      yield* it.as("ivan", "Remove-MgUser", { UserId: id })
      yield* it.wait(days(30))
      const late = yield* it.as("ivan", "Restore-MgDirectoryDeletedItem", { DirectoryObjectId: id })
      assert.strictEqual(verdict(late), "deny user-deleted")
    }),
  )

  it.effect("[IDN-045] a home account made again under the same name is another account", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      const again: IdentityEvent = {
        _tag: "PersonChanged",
        address: "nina@fabrikam.com",
        objectId: "another account",
        at: start,
      }
      yield* Effect.orDie(it.simulation.establish("nina left and came back", [again]))
      const answer = yield* it.as("nina@fabrikam.com", "sign-in")
      assert.strictEqual(verdict(answer), "deny account-in-directory")
      assert.strictEqual(refusal(answer), "AADSTS50020")
      const id = userOf(yield* it.world, "nina@fabrikam.com")?.id ?? ""
      yield* it.as("ursula", "New-MgInvitation", {
        InvitedUserEmailAddress: "nina@fabrikam.com",
        InviteRedirectUrl: "https://myapps.microsoft.com",
        InvitedUser: { Id: id },
        ResetRedemption: true,
      })
      yield* it.as("nina@fabrikam.com", "redeem-invitation")
      assert.strictEqual(verdict(yield* it.as("nina@fabrikam.com", "sign-in")), "allow")
    }),
  )

  it.effect(
    "[IDN-033] [IDN-036] a Microsoft account is made once, and not in an organization's domain",
    () =>
      Effect.gen(function* () {
        const temp: IdentityEvent = {
          _tag: "PersonAdded",
          person: {
            address: "temp@fabrikam.com",
            displayName: "Temp",
            account: "mail-only",
            aliases: [],
          },
        }
        const it = yield* lab([temp])
        const create = (who: string) => Effect.map(it.as(who, "create-microsoft-account"), verdict)
        assert.strictEqual(yield* create("pat@mailbox.example"), "allow")
        assert.strictEqual(yield* create("pat@mailbox.example"), "deny microsoft-account-address")
        assert.strictEqual(yield* create("temp@fabrikam.com"), "deny microsoft-account-address")
        assert.strictEqual(yield* create("alice"), "deny microsoft-account-address")
        assert.strictEqual(
          yield* create("stranger@nowhere.example"),
          "deny microsoft-account-address",
        )
        assert.strictEqual(yield* create("gus@gmail.com"), "allow")
        assert.strictEqual(personOf(yield* it.world, "gus@gmail.com")?.account, "google")
      }),
  )
})
