import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { appIds, type GrantControls, type IdentityEvent } from "../../src/index.ts"
import { accepted, fabrikamId, lab, refusal, start, verdict } from "../world.ts"
import { added, asked, compliant, guest, mfa, nina, policy, trust } from "./policies.ts"

const where = (events: readonly IdentityEvent[]) =>
  asked("nina@fabrikam.com", [nina, mfa(), ...events]).decision.gates.at(-1)?.details[
    "registeredIn"
  ]

const only = (...ids: readonly string[]): IdentityEvent => ({
  _tag: "CrossTenantPartnerAdded",
  partner: {
    tenantId: fabrikamId,
    b2bCollaborationInbound: {
      usersAndGroups: {
        accessType: "allowed",
        targets: [{ target: "AllUsers", targetType: "user" }],
      },
      applications: {
        accessType: "allowed",
        targets: ids.map((target) => ({ target, targetType: "application" as const })),
      },
    },
  },
  at: start,
})

describe("controls and guests", () => {
  /** IDN-171 as a table: which controls a guest can meet, without and with trust in the home. */
  const table: readonly (readonly [GrantControls["builtInControls"][number], string, string])[] = [
    ["mfa", "challenge conditional-access-grant", "challenge conditional-access-grant"],
    ["compliantDevice", "deny conditional-access-grant", "allow"],
    ["domainJoinedDevice", "deny conditional-access-grant", "unknown conditional-access-grant"],
    ["approvedApplication", "deny conditional-access-grant", "deny conditional-access-grant"],
    ["compliantApplication", "deny conditional-access-grant", "deny conditional-access-grant"],
    ["passwordChange", "deny conditional-access-grant", "deny conditional-access-grant"],
    ["block", "deny conditional-access-block", "deny conditional-access-block"],
  ]
  const full = trust({
    isMfaAccepted: true,
    isCompliantDeviceAccepted: true,
    isHybridAzureADJoinedDeviceAccepted: true,
  })
  it.each(table)("[IDN-171] %s: %s, with trust %s", (control, without, trusted) => {
    const it = added(policy("P", { builtInControls: [control] }))
    assert.strictEqual(verdict(asked("nina@fabrikam.com", [nina, it])), without)
    assert.strictEqual(verdict(asked("nina@fabrikam.com", [nina, it, full])), trusted)
  })

  it("[IDN-171] nor does a guest's mobile app count as approved or protected", () => {
    for (const control of ["approvedApplication", "compliantApplication"] as const) {
      const it = added(policy("P", { builtInControls: [control] }))
      assert.strictEqual(
        verdict(asked("nina@fabrikam.com", [nina, it, full], { using: { app: "outlook-mobile" } })),
        "deny conditional-access-grant",
      )
    }
  })

  it("[IDN-116] [IDN-172] trust moves the second factor home, it does not waive it", () => {
    assert.strictEqual(where([]), "resource tenant")
    assert.strictEqual(where([trust({ isMfaAccepted: true })]), "home tenant")
  })

  it.effect("[IDN-116] a second factor at home counts here only with trust", () =>
    Effect.gen(function* () {
      const trusting = yield* lab([mfa(), trust({ isMfaAccepted: true })])
      yield* trusting.as("alice", "invite-guest", { address: "nina@fabrikam.com" })
      const shown = { mfa: "authenticatorPush" }
      assert.strictEqual(
        verdict(yield* trusting.as("nina@fabrikam.com", "redeem-invitation", shown)),
        "allow",
      )
      yield* trusting.as("ivan", "sign-in", { mfa: "sms" })
      yield* trusting.as("ivan", "Update-MgPolicyCrossTenantAccessPolicyPartner", {
        CrossTenantAccessPolicyConfigurationPartnerTenantId: fabrikamId,
        InboundTrust: { isMfaAccepted: false },
      })
      assert.strictEqual(
        verdict(yield* trusting.as("nina@fabrikam.com", "sign-in")),
        "challenge conditional-access-grant",
      )
    }),
  )

  it("[IDN-114] a list of applications without the registration pages leaves no second factor", () => {
    const stuck = asked("nina@fabrikam.com", [nina, mfa(), only(appIds.sharePointOnline)])
    assert.strictEqual(verdict(stuck), "deny conditional-access-grant")
    assert.strictEqual(refusal(stuck), "AADSTS53010")
    const pages = [appIds.myApps, appIds.accessPanel, appIds.myProfile, appIds.mySignIns]
    const free = asked("nina@fabrikam.com", [nina, mfa(), only(appIds.sharePointOnline, ...pages)])
    assert.strictEqual(verdict(free), "challenge conditional-access-grant")
  })

  it.effect(
    "[IDN-057] [IDN-058] a passcode guest enters the code first, then the second factor here",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* accepted(it, "pat@mailbox.example")
        yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
          DisplayName: "Guests need MFA",
          State: "enabled",
          Conditions: {
            users: { includeUsers: ["GuestsOrExternalUsers"] },
            applications: { includeApplications: ["All"] },
          },
          GrantControls: { operator: "OR", builtInControls: ["mfa"] },
        })
        assert.strictEqual(
          verdict(yield* it.as("pat@mailbox.example", "sign-in")),
          "challenge conditional-access-grant",
        )
        assert.strictEqual(
          verdict(yield* it.as("pat@mailbox.example", "sign-in", { mfa: "sms" })),
          "allow",
        )
        assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
      }),
  )
})

describe("encrypted content and people without a user object", () => {
  const rights = {
    app: "Microsoft Rights Management Services",
    using: { app: "office-desktop" },
  } as const
  const open = (address: string, events: readonly IdentityEvent[]) => asked(address, events, rights)

  it("[IDN-128] [IDN-129] [IDN-271] a policy that wants a second factor stops them with 90072", () => {
    for (const address of ["nina@fabrikam.com", "zoe@outlook.com"]) {
      const answer = open(address, [mfa()])
      assert.strictEqual(verdict(answer), "deny conditional-access-grant")
      assert.strictEqual(refusal(answer), "AADSTS90072")
    }
  })

  it("[IDN-128] trust in the home's second factor helps a work account, not a Microsoft account", () => {
    const trusting: IdentityEvent = {
      _tag: "CrossTenantDefaultUpdated",
      changes: {
        inboundTrust: {
          isMfaAccepted: true,
          isCompliantDeviceAccepted: false,
          isHybridAzureADJoinedDeviceAccepted: false,
        },
      },
      at: start,
    }
    assert.strictEqual(
      verdict(open("nina@fabrikam.com", [mfa(), trusting])),
      "challenge conditional-access-grant",
    )
    assert.strictEqual(refusal(open("zoe@outlook.com", [mfa(), trusting])), "AADSTS90072")
  })

  it("[IDN-128] [IDN-136] a guest account helps both", () => {
    const zoe = guest("zoe@outlook.com", "MicrosoftAccount")
    assert.strictEqual(
      verdict(open("nina@fabrikam.com", [mfa(), nina])),
      "challenge conditional-access-grant",
    )
    assert.strictEqual(
      verdict(open("zoe@outlook.com", [mfa(), zoe])),
      "challenge conditional-access-grant",
    )
  })

  it("[IDN-130] leaving out the rights service, or other external users, lets them in", () => {
    const noRights = mfa({ apps: { excludeApplications: [appIds.rightsManagement] } })
    assert.strictEqual(verdict(open("nina@fabrikam.com", [noRights])), "allow")
    const noOthers = mfa({
      users: {
        excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: ["otherExternalUser"] },
      },
    })
    assert.strictEqual(verdict(open("nina@fabrikam.com", [noOthers])), "allow")
    assert.strictEqual(
      verdict(open("nina@fabrikam.com", [noOthers, nina])),
      "challenge conditional-access-grant",
    )
  })

  it("[IDN-128] a device is never theirs to show without trust", () => {
    assert.strictEqual(refusal(open("nina@fabrikam.com", [compliant()])), "AADSTS53000")
    assert.strictEqual(
      verdict(open("nina@fabrikam.com", [compliant(), trust({ isCompliantDeviceAccepted: true })])),
      "allow",
    )
  })
})
