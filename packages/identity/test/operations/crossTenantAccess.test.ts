import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { appIds, blockedForAll } from "../../src/index.ts"
import { accepted, fabrikamId, lab, verdict } from "../world.ts"

const key = { CrossTenantAccessPolicyConfigurationPartnerTenantId: fabrikamId }

const only = (target: string) => ({
  ...key,
  B2bCollaborationInbound: {
    applications: { accessType: "allowed", targets: [{ target, targetType: "application" }] },
  },
})

describe("cross-tenant access settings", () => {
  const partner = { TenantId: fabrikamId }

  it.effect(
    "[IDN-109] [IDN-117] a partner is added, overrides, and inherits again when removed",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* accepted(it, "nina@fabrikam.com")
        const signIn = () => Effect.map(it.as("nina@fabrikam.com", "sign-in"), verdict)
        const add = "New-MgPolicyCrossTenantAccessPolicyPartner"
        assert.strictEqual(verdict(yield* it.as("carl", add, partner)), "deny role")
        const made = yield* it.as("ivan", add, partner)
        assert.strictEqual(
          made.record?.audit[0]?.Operation,
          "Add a partner to cross-tenant access setting",
        )
        assert.strictEqual(yield* signIn(), "allow")
        assert.strictEqual(verdict(yield* it.as("ivan", add, partner)), "deny partner-present")
        yield* it.as("ivan", "Update-MgPolicyCrossTenantAccessPolicyPartner", {
          ...key,
          B2bCollaborationInbound: blockedForAll,
        })
        assert.strictEqual(yield* signIn(), "deny resource-inbound")
        yield* it.as("ivan", "Remove-MgPolicyCrossTenantAccessPolicyPartner", key)
        assert.strictEqual(yield* signIn(), "allow")
        assert.strictEqual(
          verdict(yield* it.as("ivan", "Update-MgPolicyCrossTenantAccessPolicyPartner", key)),
          "deny partner-present",
        )
      }),
  )

  it.effect("[IDN-111] all users blocked and not all applications is a contradiction", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const answer = yield* it.as("ivan", "Update-MgPolicyCrossTenantAccessPolicyDefault", {
        B2bCollaborationInbound: { usersAndGroups: blockedForAll.usersAndGroups },
      })
      assert.strictEqual(verdict(answer), "deny setting-conflict")
    }),
  )

  it.effect("[IDN-112] the inbound default names everybody or nobody", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const answer = yield* it.as("ivan", "Update-MgPolicyCrossTenantAccessPolicyDefault", {
        B2bCollaborationInbound: {
          usersAndGroups: {
            accessType: "allowed",
            targets: [{ target: "u1", targetType: "user" }],
          },
        },
      })
      assert.strictEqual(verdict(answer), "deny default-targets")
    }),
  )

  it.effect("[IDN-115] a list that is given replaces the whole list", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("ivan", "New-MgPolicyCrossTenantAccessPolicyPartner", partner)
      const update = "Update-MgPolicyCrossTenantAccessPolicyPartner"
      yield* it.as("ivan", update, only(appIds.sharePointOnline))
      yield* it.as("ivan", update, only(appIds.exchangeOnline))
      const [shown] = (yield* it.as("ivan", "Get-MgPolicyCrossTenantAccessPolicyPartner")).output
      assert.include(JSON.stringify(shown), appIds.exchangeOnline)
      assert.notInclude(JSON.stringify(shown), appIds.sharePointOnline)
    }),
  )

  it.effect("[IDN-108] the default is the service's until it is changed", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const isDefault = () =>
        Effect.map(
          it.as("ivan", "Get-MgPolicyCrossTenantAccessPolicyDefault"),
          ({ output }) => output[0]?.["IsServiceDefault"],
        )
      assert.isTrue(yield* isDefault())
      yield* it.as("ivan", "Update-MgPolicyCrossTenantAccessPolicyDefault", {
        InboundTrust: { isMfaAccepted: true },
      })
      assert.isFalse(yield* isDefault())
    }),
  )

  it.effect("[IDN-038] without the Microsoft account the passcode has to be on", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const set = {
        InvitationRedemptionIdentityProviderConfiguration: {
          primaryIdentityProviderPrecedenceOrder: ["azureActiveDirectory"],
          fallbackIdentityProvider: "emailOneTimePasscode",
        },
      }
      const name = "Update-MgPolicyCrossTenantAccessPolicyDefault"
      assert.strictEqual(verdict(yield* it.as("ivan", name, set)), "allow")
      yield* it.as(
        "ivan",
        "Update-MgPolicyAuthenticationMethodPolicyAuthenticationMethodConfiguration",
        {
          AuthenticationMethodConfigurationId: "Email",
          BodyParameter: { allowExternalIdToUseEmailOtp: "disabled" },
        },
      )
      assert.strictEqual(verdict(yield* it.as("ivan", name, set)), "deny redemption-order")
    }),
  )

  it.effect("[IDN-120] what the twin does not model is said, never dropped", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const answer = yield* it.as("ivan", "New-MgPolicyCrossTenantAccessPolicyPartner", {
        BodyParameter: { tenantId: fabrikamId, tenantRestrictions: {} },
      })
      assert.strictEqual(verdict(answer), "unknown setting-modelled")
    }),
  )

  it.effect("[IDN-117] every change is written down in the category of these settings", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const line = Effect.fnUntraced(function* (name: string, params: object) {
        const denied = yield* it.as("carl", name, params)
        assert.strictEqual(verdict(denied), "deny role")
        const { record } = yield* it.as("ivan", name, params)
        const entry = record?.audit[0]
        return [entry?.Operation, JSON.stringify(entry).includes("CrossTenantAccessSettings")]
      })
      const set = { InboundTrust: { isMfaAccepted: true } }
      const module = "MgPolicyCrossTenantAccessPolicy"
      for (const [name, params, activity] of [
        [`New-${module}Partner`, partner, "Add a partner to cross-tenant access setting"],
        [
          `Update-${module}Partner`,
          { ...key, ...set },
          "Update a partner cross-tenant access setting",
        ],
        [`Remove-${module}Partner`, key, "Delete partner specific cross-tenant access setting"],
        [`Update-${module}Default`, set, "Update the company default cross-tenant access setting"],
        [
          `Reset-${module}DefaultToSystemDefault`,
          {},
          "Reset the cross-tenant access default setting",
        ],
      ] as const) {
        assert.deepStrictEqual(yield* line(name, params), [activity, true])
      }
      const [row] = (yield* it.as("ivan", `Get-${module}Default`)).output
      assert.isTrue(row?.["IsServiceDefault"])
    }),
  )
})
