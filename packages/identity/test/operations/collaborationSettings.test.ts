import { assert, describe, it } from "@effect/vitest"
import { minutes } from "@twin/kernel"
import { Effect } from "effect"
import { guestUserRoleIds } from "../../src/index.ts"
import { accepted, lab, printed, verdict } from "../world.ts"

const definition = (lists: object) => ({
  Definition: [
    JSON.stringify({
      B2BManagementPolicy: { InvitationsAllowedAndBlockedDomainsPolicy: lists },
    }),
  ],
  DisplayName: "B2BManagementPolicy",
  Type: "B2BManagementPolicy",
  IsOrganizationDefault: true,
})

describe("collaboration settings", () => {
  const email = "Update-MgPolicyAuthenticationMethodPolicyAuthenticationMethodConfiguration"

  it.effect(
    "[IDN-051] [IDN-056] [IDN-267] the passcode is switched by an Authentication Policy Administrator",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const set = {
          AuthenticationMethodConfigurationId: "email",
          BodyParameter: { allowExternalIdToUseEmailOtp: "disabled" },
        }
        assert.strictEqual(verdict(yield* it.as("ursula", email, set)), "deny role")
        const done = yield* it.as("ivan", email, set)
        assert.strictEqual(done.record?.audit[0]?.Operation, "Authentication Methods Policy Update")
        const shown = yield* it.as(
          "ivan",
          "Get-MgPolicyAuthenticationMethodPolicyAuthenticationMethodConfiguration",
          { AuthenticationMethodConfigurationId: "Email" },
        )
        assert.deepInclude(shown.output[0], { AllowExternalIdToUseEmailOtp: "disabled" })
        const sms = { ...set, AuthenticationMethodConfigurationId: "Sms" }
        assert.strictEqual(verdict(yield* it.as("ivan", email, sms)), "unknown email-method")
      }),
  )

  it.effect(
    "[IDN-024] [IDN-104] who may invite is set by a Privileged Role Administrator and shown at once",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const set = { AllowInvitesFrom: "adminsAndGuestInviters" }
        assert.strictEqual(
          verdict(yield* it.as("ursula", "Update-MgPolicyAuthorizationPolicy", set)),
          "deny role",
        )
        yield* it.as("ivan", "Update-MgPolicyAuthorizationPolicy", set)
        const [shown] = (yield* it.as("alice", "Get-MgPolicyAuthorizationPolicy")).output
        assert.deepInclude(shown, { AllowInvitesFrom: "adminsAndGuestInviters" })
      }),
  )

  it.effect("[IDN-102] [IDN-103] one list of domains, allow or block", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const make = (lists: object) =>
        Effect.map(it.as("ivan", "New-AzureADPolicy", definition(lists)), verdict)
      assert.strictEqual(
        verdict(yield* it.as("ursula", "New-AzureADPolicy", definition({}))),
        "deny role",
      )
      assert.strictEqual(
        yield* make({ AllowedDomains: ["a.com"], BlockedDomains: ["b.com"] }),
        "deny policy-definition",
      )
      assert.strictEqual(yield* make({ AllowedDomains: "a.com" }), "deny policy-definition")
      assert.strictEqual(
        yield* make({ AllowedDomains: Array.from({ length: 2500 }, (_, i) => `d${i}.example`) }),
        "deny policy-definition",
      )
      assert.strictEqual(yield* make({ AllowedDomains: ["Fabrikam.com"] }), "allow")
      assert.strictEqual(yield* make({ BlockedDomains: ["b.com"] }), "deny policy-single")
      const invite = (address: string) =>
        Effect.map(it.as("alice", "invite-guest", { address }), verdict)
      assert.strictEqual(yield* invite("zoe@outlook.com"), "deny domain-list")
      assert.strictEqual(yield* invite("nina@fabrikam.com"), "allow")
      const id = printed(yield* it.as("ivan", "Get-AzureADPolicy"))
      yield* it.as("ivan", "Set-AzureADPolicy", {
        Id: id,
        ...definition({ BlockedDomains: ["fabrikam.com"] }),
      })
      assert.strictEqual(yield* invite("zoe@outlook.com"), "allow")
      assert.strictEqual(yield* invite("oscar@fabrikam.com"), "deny domain-list")
      yield* it.as("ivan", "Remove-AzureADPolicy", { Id: id })
      const gone = { Id: id, ...definition({ BlockedDomains: ["b.com"] }) }
      assert.strictEqual(
        verdict(yield* it.as("ivan", "Set-AzureADPolicy", gone)),
        "deny policy-single",
      )
      assert.strictEqual(
        verdict(yield* it.as("ivan", "Remove-AzureADPolicy", { Id: id })),
        "deny policy-single",
      )
      assert.strictEqual(yield* invite("oscar@fabrikam.com"), "allow")
    }),
  )

  it.effect("[IDN-062] [IDN-067] Google federation is set up and removed", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const google = {
        BodyParameter: {
          "@odata.type": "microsoft.graph.socialIdentityProvider",
          displayName: "Login with Google",
          identityProviderType: "Google",
          clientId: "id",
          clientSecret: "a secret nobody keeps",
        },
      }
      const made = yield* it.as("ivan", "New-MgIdentityProvider", google)
      assert.strictEqual(verdict(made), "allow")
      assert.notInclude(JSON.stringify(made.record), "a secret nobody keeps")
      yield* accepted(it, "gus@gmail.com")
      assert.strictEqual(
        verdict(yield* it.as("ivan", "New-MgIdentityProvider", google)),
        "deny identity-provider-change",
      )
      const base = { IdentityProviderBaseId: "Google-OAUTH" }
      const removed = yield* it.as("ivan", "Remove-MgIdentityProvider", base)
      assert.strictEqual(
        verdict(yield* it.as("ivan", "Remove-MgIdentityProvider", base)),
        "deny identity-provider-change",
      )
      assert.strictEqual(verdict(removed), "allow")
      assert.strictEqual(verdict(yield* it.as("gus@gmail.com", "sign-in")), "allow")
      const facebook = {
        BodyParameter: { ...google.BodyParameter, identityProviderType: "Facebook" },
      }
      assert.strictEqual(
        verdict(yield* it.as("ivan", "New-MgIdentityProvider", facebook)),
        "unknown identity-provider-change",
      )
    }),
  )

  it.effect(
    "[IDN-099] [IDN-100] what guests see follows the access level, within a quarter of an hour",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* accepted(it, "nina@fabrikam.com")
        const guest = "nina@fabrikam.com"
        const list = () => Effect.map(it.as(guest, "Get-MgUser", { All: true }), verdict)
        const other = () =>
          Effect.map(it.as(guest, "Get-MgUser", { UserId: "alice@contoso.com" }), verdict)
        const self = () => Effect.map(it.as(guest, "Get-MgUser", { UserId: guest }), verdict)
        const set = (GuestUserRoleId: string) =>
          it.as("ivan", "Update-MgPolicyAuthorizationPolicy", { GuestUserRoleId })
        assert.deepStrictEqual(
          [yield* list(), yield* other(), yield* self()],
          ["deny guest-access-level", "allow", "allow"],
        )
        yield* it.wait(1)
        yield* set(guestUserRoleIds.restricted)
        assert.strictEqual(yield* other(), "allow")
        yield* it.wait(minutes(15))
        assert.deepStrictEqual(
          [yield* list(), yield* other(), yield* self()],
          ["deny guest-access-level", "deny guest-access-level", "allow"],
        )
        yield* set(guestUserRoleIds.sameAsMembers)
        yield* it.wait(minutes(15))
        assert.strictEqual(yield* list(), "allow")
      }),
  )

  it.effect("[IDN-100] a guest with a role reads what the role reads", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      const list = () =>
        Effect.map(it.as("nina@fabrikam.com", "Get-MgUser", { All: true }), verdict)
      assert.strictEqual(yield* list(), "deny guest-access-level")
      yield* it.as("ivan", "assign-role", { user: "nina@fabrikam.com", role: "Directory Readers" })
      assert.strictEqual(yield* list(), "allow")
    }),
  )
})
