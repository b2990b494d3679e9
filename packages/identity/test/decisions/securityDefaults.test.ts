import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import type { IdentityEvent } from "../../src/index.ts"
import { contosoId, lab, printed, refusal, start, userId, verdict } from "../world.ts"
import { alice, asked, mfa, nina, trust } from "./policies.ts"

const defaultsOn: IdentityEvent = { _tag: "SecurityDefaultsSet", isEnabled: true, at: start }
const olderTenant: IdentityEvent = {
  _tag: "OrganizationCreated",
  organization: {
    tenantId: contosoId,
    displayName: "Contoso",
    initialDomain: "contoso.onmicrosoft.com",
    verifiedDomains: ["contoso.com", "contoso.onmicrosoft.com"],
    createdAt: Date.UTC(2020, 0, 1),
  },
}
const turn = (isEnabled: boolean) => ({ IsEnabled: isEnabled })
const cmdlet = "Update-MgPolicyIdentitySecurityDefaultEnforcementPolicy"

const body = (State: string) => ({
  DisplayName: "MFA",
  State,
  Conditions: {
    users: { includeUsers: ["All"] },
    applications: { includeApplications: ["All"] },
  },
  GrantControls: { operator: "OR", builtInControls: ["mfa"] },
})

describe("security defaults", () => {
  it("[IDN-187] legacy authentication is blocked for everybody", () => {
    for (const clientAppType of ["other", "exchangeActiveSync"] as const) {
      const bob = asked("bob@contoso.com", [defaultsOn], { clientAppType })
      assert.strictEqual(verdict(bob), "deny security-defaults")
      assert.strictEqual(refusal(bob), "AADSTS530035")
      assert.strictEqual(verdict(asked("bob@contoso.com", [], { clientAppType })), "allow")
    }
  })

  it("[IDN-187] administrators are always asked for a second factor, others are not", () => {
    const factor: IdentityEvent = {
      _tag: "MfaMethodRegistered",
      userId: userId("ivan"),
      method: "fido2",
      at: start,
    }
    const ivan = asked("ivan@contoso.com", [defaultsOn, factor])
    assert.strictEqual(verdict(ivan), "challenge security-defaults")
    assert.strictEqual(refusal(ivan), "AADSTS50076")
    assert.strictEqual(verdict(asked("bob@contoso.com", [defaultsOn])), "allow")
  })

  it("[IDN-187] whoever manages Azure is asked for a second factor", () => {
    const bob = asked("bob@contoso.com", [defaultsOn], {
      app: "Windows Azure Service Management API",
    })
    assert.strictEqual(refusal(bob), "AADSTS50076")
  })

  it("[IDN-187] [IDN-274] where nothing can be shown, the missing factor is 50079", () => {
    const silent = asked("ivan@contoso.com", [defaultsOn], { isInteractive: false })
    assert.strictEqual(refusal(silent), "AADSTS50079")
    assert.strictEqual(refusal(asked("ivan@contoso.com", [defaultsOn])), "AADSTS50072")
  })

  it.effect("[IDN-187] registering can be put off for 14 days from the first sign-in", () =>
    Effect.gen(function* () {
      const it = yield* lab([olderTenant, defaultsOn])
      yield* it.wait(days(30))
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in", {})), "allow")
      yield* it.wait(days(14) - 1000)
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in", {})), "allow")
      yield* it.wait(1000)
      const late = yield* it.as("alice", "sign-in", {})
      assert.strictEqual(verdict(late), "challenge security-defaults")
      assert.strictEqual(refusal(late), "AADSTS50072")
      assert.strictEqual(
        verdict(yield* it.as("alice", "sign-in", { mfa: "oathSoftware" })),
        "allow",
      )
    }),
  )

  it("[IDN-187] in a newer tenant registering cannot be put off", () => {
    assert.strictEqual(alice([defaultsOn]), "challenge security-defaults")
  })

  it("[IDN-187] a guest is treated like an own user, and a trusted second factor counts", () => {
    assert.strictEqual(
      verdict(asked("nina@fabrikam.com", [nina, defaultsOn])),
      "challenge security-defaults",
    )
    const session = {
      address: "nina@fabrikam.com",
      provider: "azureActiveDirectory",
      authenticatedAt: start,
      mfa: { at: start, tenant: "home", method: "fido2" },
    } as const
    const trusted = [nina, defaultsOn, trust({ isMfaAccepted: true })]
    assert.strictEqual(verdict(asked("nina@fabrikam.com", trusted, { session })), "allow")
    assert.strictEqual(
      verdict(asked("nina@fabrikam.com", [nina, defaultsOn], { session })),
      "challenge security-defaults",
    )
  })
})

describe("security defaults beside Conditional Access", () => {
  it.effect("[IDN-153] they cannot be switched on while a policy is enforced", () =>
    Effect.gen(function* () {
      const it = yield* lab([mfa({ users: { includeUsers: ["none-such"] } })])
      const refused = yield* it.as("ivan", cmdlet, turn(true))
      assert.strictEqual(verdict(refused), "deny no-conditional-access")
      assert.isFalse((yield* it.world).identity.securityDefaults.isEnabled)
    }),
  )

  it.effect("[IDN-153] no policy can be enabled before they are off", () =>
    Effect.gen(function* () {
      const it = yield* lab([defaultsOn])
      const create = "New-MgIdentityConditionalAccessPolicy"
      const refused = yield* it.as("carl", create, body("enabled"))
      assert.strictEqual(verdict(refused), "deny security-defaults-off")
      const draft = yield* it.as("carl", create, body("disabled"))
      assert.strictEqual(verdict(draft), "allow")
      assert.strictEqual(verdict(yield* it.as("ivan", cmdlet, turn(false))), "allow")
      const enabled = yield* it.as("carl", "Update-MgIdentityConditionalAccessPolicy", {
        ConditionalAccessPolicyId: printed(draft),
        State: "enabled",
      })
      assert.strictEqual(verdict(enabled), "allow")
    }),
  )

  it.effect("[IDN-187] [IDN-242] the switch takes a role and is shown", () =>
    Effect.gen(function* () {
      const it = yield* lab([])
      assert.strictEqual((yield* it.as("carl", cmdlet, turn(true))).decision.outcome, "deny")
      assert.strictEqual(verdict(yield* it.as("ivan", cmdlet, turn(true))), "allow")
      const shown = yield* it.as("ivan", cmdlet.replace("Update", "Get"))
      assert.isTrue(shown.output[0]?.["IsEnabled"])
    }),
  )
})
