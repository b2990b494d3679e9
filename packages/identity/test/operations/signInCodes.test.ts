import { assert, describe, it } from "@effect/vitest"
import { hours } from "@twin/kernel"
import { Effect } from "effect"
import { added, guest, mfa, policy } from "../decisions/policies.ts"
import { type Lab, lab, printed, refusal, verdict } from "../world.ts"

const silently = (it: Lab, who: string) => it.as(who, "acquire-token", { silent: true })

const deleted = (it: Lab, UserId: string) => it.as("ivan", "Remove-MgUser", { UserId })

describe("nothing can be shown", () => {
  it.effect("[IDN-274] 50079 where 50072 would lead to the registration of a factor", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const given = yield* it.as("alice", "acquire-token", {})
      const refreshToken = printed(given, "refresh_token")
      yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
        DisplayName: "MFA",
        State: "enabled",
        Conditions: {
          users: { includeUsers: ["All"] },
          applications: { includeApplications: ["All"] },
          clientAppTypes: ["all"],
        },
        GrantControls: { operator: "OR", builtInControls: ["mfa"] },
      })
      yield* it.wait(hours(2))
      assert.strictEqual(refusal(yield* it.as("alice", "acquire-token", {})), "AADSTS50072")
      assert.strictEqual(refusal(yield* silently(it, "alice")), "AADSTS50079")
      const refreshed = yield* it.as("alice", "refresh-tokens", { refreshToken })
      assert.strictEqual(verdict(refreshed), "challenge conditional-access-grant")
      assert.strictEqual(refusal(refreshed), "AADSTS50079")
    }),
  )

  it.effect("[IDN-274] 50076 stays for whoever has a factor, and security defaults agree", () =>
    Effect.gen(function* () {
      const it = yield* lab([mfa()])
      yield* it.as("bob", "acquire-token", { mfa: "authenticatorPush" })
      yield* it.as("ivan", "Revoke-MgUserSignInSession", { UserId: "bob@contoso.com" })
      assert.strictEqual(refusal(yield* silently(it, "bob")), "AADSTS50076")
      const defaults = yield* lab([{ _tag: "SecurityDefaultsSet", isEnabled: true, at: 0 }])
      const interactive = yield* defaults.as("ivan", "acquire-token", {})
      assert.strictEqual(refusal(interactive), "AADSTS50072")
      yield* defaults.as("ivan", "acquire-token", { mfa: "oathSoftware" })
      assert.strictEqual(verdict(yield* silently(defaults, "ivan")), "allow")
    }),
  )

  it.effect("[IDN-275] 16003: the pages remember an account that nobody has added here", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(refusal(yield* silently(it, "nina@fabrikam.com")), "AADSTS50058")
      yield* it.as("nina@fabrikam.com", "sign-in-at-home")
      const known = yield* silently(it, "nina@fabrikam.com")
      assert.strictEqual(verdict(known), "deny signed-in-account")
      assert.strictEqual(refusal(known), "AADSTS16003")
      yield* it.wait(hours(24))
      assert.strictEqual(refusal(yield* silently(it, "nina@fabrikam.com")), "AADSTS50058")
    }),
  )

  it.effect("[IDN-275] a guest who is here is let in by the session at home", () =>
    Effect.gen(function* () {
      const it = yield* lab([guest("nina@fabrikam.com", "ExternalAzureAD")])
      yield* it.as("nina@fabrikam.com", "sign-in-at-home")
      assert.strictEqual(verdict(yield* silently(it, "nina@fabrikam.com")), "allow")
    }),
  )

  it.effect(
    "[IDN-275] 51004: the account is gone, and the session or the token is still there",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const given = yield* it.as("alice", "acquire-token", {})
        yield* deleted(it, "alice@contoso.com")
        const silent = yield* silently(it, "alice")
        assert.strictEqual(verdict(silent), "deny signed-in-account")
        assert.strictEqual(refusal(silent), "AADSTS51004")
        const refreshed = yield* it.as("alice", "refresh-tokens", {
          refreshToken: printed(given, "refresh_token"),
        })
        assert.strictEqual(verdict(refreshed), "deny signed-in-account")
        assert.strictEqual(refusal(refreshed), "AADSTS51004")
      }),
  )
})

const blocking = (controls: readonly ("block" | "mfa" | "passwordChange")[]) =>
  added(
    policy(
      "Risky users",
      { builtInControls: controls },
      {
        conditions: { userRiskLevels: ["high"] },
      },
    ),
  )
const ninaReady = guest("nina@fabrikam.com", "ExternalAzureAD", {
  mfaMethods: ["authenticatorPush"],
})
const atRisk = (it: Lab, user: string) => it.as("ivan", "detect-user-risk", { user, level: "high" })

describe("a guest whose account is at risk at home", () => {
  it.effect("[IDN-167] [IDN-273] 53011 where a policy on user risk blocks, 53003 for members", () =>
    Effect.gen(function* () {
      const it = yield* lab([ninaReady, blocking(["block"])])
      assert.strictEqual(verdict(yield* it.as("nina@fabrikam.com", "sign-in")), "allow")
      yield* atRisk(it, "nina@fabrikam.com")
      yield* atRisk(it, "bob@contoso.com")
      const blocked = yield* it.as("nina@fabrikam.com", "sign-in")
      assert.strictEqual(verdict(blocked), "deny conditional-access-block")
      assert.strictEqual(refusal(blocked), "AADSTS53011")
      assert.strictEqual(refusal(yield* it.as("bob", "sign-in")), "AADSTS53003")
    }),
  )

  it.effect(
    "[IDN-167] [IDN-273] 53011 where a new password is asked for, which is not kept here",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([ninaReady, blocking(["mfa", "passwordChange"])])
        yield* atRisk(it, "nina@fabrikam.com")
        const shown = { mfa: "authenticatorPush", changePassword: true }
        const blocked = yield* it.as("nina@fabrikam.com", "sign-in", shown)
        assert.strictEqual(verdict(blocked), "deny conditional-access-grant")
        assert.strictEqual(refusal(blocked), "AADSTS53011")
      }),
  )

  it.effect("[IDN-273] a block that has nothing to do with risk stays 53003 for guests", () =>
    Effect.gen(function* () {
      const it = yield* lab([ninaReady, added(policy("No", { builtInControls: ["block"] }))])
      yield* atRisk(it, "nina@fabrikam.com")
      const blocked = yield* it.as("nina@fabrikam.com", "sign-in")
      assert.strictEqual(refusal(blocked), "AADSTS53003")
    }),
  )
})
