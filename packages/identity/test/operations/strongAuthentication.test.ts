import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type IdentityEvent, userOf } from "../../src/index.ts"
import { accepted, lab, start, userId, verdict } from "../world.ts"

const cmdlet = "Reset-EntraStrongAuthenticationMethodByUpn"
const holds = (name: string, role: string): IdentityEvent => ({
  _tag: "RoleAssigned",
  assignment: { principalId: userId(name), role, assignment: "active", from: start },
})
const admins = [
  holds("gina", "Authentication Administrator"),
  holds("carl", "Privileged Authentication Administrator"),
]
const secondFactor = {
  DisplayName: "Second factor",
  State: "enabled",
  Conditions: { users: { includeUsers: ["All"] }, applications: { includeApplications: ["All"] } },
  GrantControls: { operator: "OR", builtInControls: ["mfa"] },
}

describe("resetting second factors", () => {
  it.effect("[IDN-172] a guest has to register again in this tenant", () =>
    Effect.gen(function* () {
      const it = yield* lab(admins)
      yield* accepted(it, "nina@fabrikam.com")
      yield* it.as("ivan", "New-MgIdentityConditionalAccessPolicy", secondFactor)
      yield* it.as("nina@fabrikam.com", "register-security-info", { method: "authenticatorPush" })
      const methods = Effect.map(
        it.world,
        (world) => userOf(world, "nina@fabrikam.com")?.mfaMethods ?? [],
      )
      assert.deepStrictEqual(yield* methods, ["authenticatorPush"])
      const { userPrincipalName = "" } = userOf(yield* it.world, "nina@fabrikam.com") ?? {}
      const reset = (who: string) =>
        Effect.map(it.as(who, cmdlet, { UserPrincipalName: userPrincipalName }), verdict)
      assert.strictEqual(yield* reset("ursula"), "deny role")
      assert.isNotEmpty(yield* methods)
      assert.strictEqual(yield* reset("gina"), "allow")
      assert.isEmpty(yield* methods)
    }),
  )

  it.effect("[IDN-172] [IDN-242] who holds a weighty role is out of reach of the lesser one", () =>
    Effect.gen(function* () {
      const it = yield* lab([...admins, holds("bob", "Exchange Administrator")])
      const reset = (who: string, name = "bob@contoso.com") =>
        Effect.map(it.as(who, cmdlet, { UserPrincipalName: name }), verdict)
      assert.strictEqual(yield* reset("gina"), "deny administrator-reach")
      assert.strictEqual(yield* reset("carl"), "allow")
      assert.strictEqual(yield* reset("carl", "nobody@contoso.com"), "deny user-present")
    }),
  )
})
