import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Lab, lab, verdict } from "../world.ts"

const allow = (it: Lab, permissions: object, cmdlet = "Update-MgPolicyAuthorizationPolicy") =>
  it.as("ivan", cmdlet, { DefaultUserRolePermissions: permissions })

describe("what members may do without a role", () => {
  it.effect("[IDN-104] [IDN-242] security groups are kept to administrators, others are not", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const create = (who: string, name: string, more: object = {}) =>
        Effect.map(
          it.as(who, "New-MgGroup", {
            DisplayName: name,
            MailNickname: name,
            MailEnabled: false,
            SecurityEnabled: true,
            ...more,
          }),
          verdict,
        )
      assert.strictEqual(yield* create("alice", "before"), "allow")
      yield* allow(it, { AllowedToCreateSecurityGroups: false })
      assert.strictEqual(yield* create("alice", "after"), "deny member-security-groups")
      assert.strictEqual(yield* create("gina", "after"), "allow")
      const unified = { GroupTypes: ["Unified"], MailEnabled: true, SecurityEnabled: false }
      assert.strictEqual(yield* create("alice", "team", unified), "allow")
      yield* allow(it, { allowedToCreateSecurityGroups: true })
      assert.strictEqual(yield* create("alice", "again"), "allow")
    }),
  )

  it.effect("[IDN-100] users see nobody but themselves; who holds a role sees everybody", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const read = (who: string, cmdlet: string, params: object = {}) =>
        Effect.map(it.as(who, cmdlet, params), verdict)
      const bob = { UserId: "bob@contoso.com" }
      assert.strictEqual(yield* read("alice", "Get-MgUser", bob), "allow")
      yield* allow(it, { AllowedToReadOtherUsers: false }, "Set-EntraAuthorizationPolicy")
      for (const params of [bob, {}]) {
        assert.strictEqual(yield* read("alice", "Get-MgUser", params), "deny read-other-users")
        assert.strictEqual(yield* read("alice", "Get-EntraUser", params), "deny read-other-users")
        assert.strictEqual(yield* read("ursula", "Get-MgUser", params), "allow")
      }
      assert.strictEqual(yield* read("bob", "Get-MgUser", bob), "allow")
      assert.strictEqual(yield* read("alice", "Get-MgGroup"), "allow")
    }),
  )

  it.effect("[IDN-104] a change of one permission leaves the others, and shows", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* allow(it, { AllowedToReadOtherUsers: false })
      yield* allow(it, { AllowedToCreateSecurityGroups: false })
      const [policy] = (yield* it.as("ivan", "Get-MgPolicyAuthorizationPolicy")).output
      assert.deepInclude(policy?.["DefaultUserRolePermissions"], {
        AllowedToCreateApps: true,
        AllowedToCreateSecurityGroups: false,
        AllowedToReadOtherUsers: false,
      })
      const refused = yield* it.as("ursula", "Update-MgPolicyAuthorizationPolicy", {
        DefaultUserRolePermissions: { AllowedToReadOtherUsers: true },
      })
      assert.strictEqual(verdict(refused), "deny role")
    }),
  )
})
