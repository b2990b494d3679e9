import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Conditions, type IdentityEvent, untouchedPolicy } from "../../src/index.ts"
import { fabrikamId, lab, refusal, start, verdict } from "../world.ts"
import { added, asked, block, guest, mfa, nina, policy } from "./policies.ts"

const onSignInRisk = (grant: "mfa" | "block", ...levels: ("low" | "medium" | "high")[]) =>
  added(
    policy(
      "Risky sign-ins",
      { builtInControls: [grant] },
      { conditions: { signInRiskLevels: levels } },
    ),
  )
const changePassword = added(
  policy(
    "Risky users",
    { operator: "AND", builtInControls: ["mfa", "passwordChange"] },
    { conditions: { userRiskLevels: ["high"] } },
  ),
)
const withFactor = { mfaMethods: ["authenticatorPush"] }

const risky = (signInRiskLevel: string) =>
  verdict(asked("bob@contoso.com", [onSignInRisk("block", "medium", "high")], { signInRiskLevel }))

describe("risk", () => {
  it("[IDN-167] a policy applies at the levels it names", () => {
    assert.deepStrictEqual(["none", "low", "medium", "high"].map(risky), [
      "allow",
      "allow",
      "deny conditional-access-block",
      "deny conditional-access-block",
    ])
  })

  it("[IDN-167] a guest without a registered factor is blocked where risk demands one", () => {
    const ask = { signInRiskLevel: "medium" }
    const bare = asked("nina@fabrikam.com", [nina, onSignInRisk("mfa", "medium")], ask)
    assert.strictEqual(verdict(bare), "deny conditional-access-grant")
    assert.strictEqual(refusal(bare), "AADSTS53004")
    const ready = guest("nina@fabrikam.com", "ExternalAzureAD", withFactor)
    const asked2 = asked("nina@fabrikam.com", [ready, onSignInRisk("mfa", "medium")], ask)
    assert.strictEqual(refusal(asked2), "AADSTS50076")
  })

  it.effect("[IDN-167] [IDN-170] a member settles the user risk with a new password", () =>
    Effect.gen(function* () {
      const it = yield* lab([changePassword])
      assert.strictEqual(verdict(yield* it.as("bob", "sign-in")), "allow")
      yield* it.as("bob", "detect-user-risk", { user: "bob@contoso.com", level: "high" })
      const shown = yield* it.as("ivan", "Get-MgRiskyUser")
      assert.strictEqual(shown.output[0]?.["RiskLevel"], "high")
      assert.strictEqual(
        verdict(yield* it.as("bob", "sign-in")),
        "challenge conditional-access-grant",
      )
      const factorOnly = yield* it.as("bob", "sign-in", { mfa: "authenticatorPush" })
      assert.strictEqual(verdict(factorOnly), "challenge conditional-access-grant")
      const both = { mfa: "authenticatorPush", changePassword: true }
      assert.strictEqual(verdict(yield* it.as("bob", "sign-in", both)), "allow")
      assert.lengthOf((yield* it.as("ivan", "Get-MgRiskyUser")).output, 0)
    }),
  )

  it.effect(
    "[IDN-167] a guest's user risk comes from home, and no password can be changed here",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([
          guest("nina@fabrikam.com", "ExternalAzureAD", withFactor),
          changePassword,
        ])
        const both = { mfa: "authenticatorPush", changePassword: true }
        assert.strictEqual(verdict(yield* it.as("nina@fabrikam.com", "sign-in")), "allow")
        yield* it.as("ivan", "detect-user-risk", { user: "nina@fabrikam.com", level: "high" })
        assert.strictEqual(
          verdict(yield* it.as("nina@fabrikam.com", "sign-in", both)),
          "deny conditional-access-grant",
        )
        const settled = yield* it.as("ivan", "Invoke-MgDismissRiskyUser", {
          UserIds: ["nina@fabrikam.com"],
        })
        assert.strictEqual(verdict(settled), "deny risky-users")
      }),
  )

  it.effect("[IDN-167] an administrator confirms a takeover and dismisses it again", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        added(
          policy(
            "Risky",
            { builtInControls: ["block"] },
            { conditions: { userRiskLevels: ["high"] } },
          ),
        ),
      ])
      const bob = { UserIds: ["bob@contoso.com"] }
      assert.strictEqual(
        (yield* it.as("alice", "Confirm-MgRiskyUserCompromised", bob)).decision.outcome,
        "deny",
      )
      yield* it.as("ivan", "Confirm-MgRiskyUserCompromised", bob)
      assert.strictEqual(verdict(yield* it.as("bob", "sign-in")), "deny conditional-access-block")
      yield* it.as("ivan", "Invoke-MgDismissRiskyUser", bob)
      assert.strictEqual(verdict(yield* it.as("bob", "sign-in")), "allow")
      const nobody = yield* it.as("ivan", "Invoke-MgDismissRiskyUser", { UserIds: ["nobody"] })
      assert.strictEqual(verdict(nobody), "deny risky-users")
    }),
  )
})

const onRegistration = mfa({
  apps: { includeApplications: [], includeUserActions: ["urn:user:registersecurityinfo"] },
})
const register = { method: "authenticatorPush" }

describe("registering security information", () => {
  it.effect("[IDN-173] with a factor demanded, a Microsoft account guest registers here", () =>
    Effect.gen(function* () {
      const it = yield* lab([guest("zoe@outlook.com", "MicrosoftAccount"), onRegistration])
      const zoe = yield* it.as("zoe@outlook.com", "register-security-info", register)
      assert.strictEqual(verdict(zoe), "allow")
    }),
  )

  it.effect("[IDN-173] a guest of another provider is blocked", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        { _tag: "GoogleFederationSet", isOn: true, at: start },
        guest("gus@gmail.com", "google.com"),
        onRegistration,
      ])
      const gus = yield* it.as("gus@gmail.com", "register-security-info", register)
      assert.strictEqual(verdict(gus), "deny conditional-access-grant")
      assert.strictEqual(refusal(gus), "AADSTS53010")
    }),
  )

  it.effect("[IDN-160] [IDN-173] a policy on the action says nothing about applications", () =>
    Effect.gen(function* () {
      const blocked = block({
        apps: { includeApplications: [], includeUserActions: ["urn:user:registersecurityinfo"] },
      })
      const it = yield* lab([blocked])
      assert.strictEqual(verdict(yield* it.as("bob", "sign-in")), "allow")
      const refused = yield* it.as("bob", "register-security-info", register)
      assert.strictEqual(verdict(refused), "deny conditional-access-block")
      const device = yield* lab([
        block({
          apps: { includeApplications: [], includeUserActions: ["urn:user:registerdevice"] },
        }),
      ])
      assert.strictEqual(
        verdict(yield* device.as("alice", "register-security-info", register)),
        "allow",
      )
    }),
  )
})

const forTypes = (...types: readonly ("b2bCollaborationGuest" | "b2bDirectConnectUser")[]) =>
  block({
    users: {
      includeUsers: [],
      includeGuestsOrExternalUsers: { guestOrExternalUserTypes: types },
    },
  })
const everybody = {
  usersAndGroups: { accessType: "allowed", targets: [{ target: "AllUsers", targetType: "user" }] },
  applications: {
    accessType: "allowed",
    targets: [{ target: "AllApplications", targetType: "application" }],
  },
} as const
const shared = (outbound: boolean): readonly IdentityEvent[] => [
  {
    _tag: "CrossTenantDefaultUpdated",
    changes: { b2bDirectConnectInbound: everybody },
    at: start,
  },
  ...(outbound
    ? [
        {
          _tag: "ForeignCrossTenantAccessSet" as const,
          tenantId: fabrikamId,
          crossTenantAccess: {
            default: { ...untouchedPolicy.default, b2bDirectConnectOutbound: everybody },
            partners: {},
          },
          at: start,
        },
      ]
    : []),
]

describe("both kinds of external user", () => {
  it("[IDN-159] a guest in a shared channel falls under policies for guests, too", () => {
    const channel = { route: "direct-connect" as const }
    const forGuests = forTypes("b2bCollaborationGuest")
    assert.strictEqual(
      verdict(asked("nina@fabrikam.com", [nina, forGuests], channel)),
      "deny conditional-access-block",
    )
    const forChannels = forTypes("b2bDirectConnectUser")
    assert.strictEqual(
      verdict(asked("nina@fabrikam.com", [nina, forChannels], channel)),
      "deny conditional-access-block",
    )
    assert.strictEqual(verdict(asked("nina@fabrikam.com", [nina, forChannels])), "allow")
  })

  it("[IDN-159] a guest who could use shared channels falls under their policies in Teams and SharePoint", () => {
    const events = [nina, forTypes("b2bDirectConnectUser"), ...shared(true)]
    const at = (app: string) => verdict(asked("nina@fabrikam.com", events, { app }))
    assert.strictEqual(at("Office 365 SharePoint Online"), "deny conditional-access-block")
    assert.strictEqual(at("Microsoft Teams Services"), "deny conditional-access-block")
    assert.strictEqual(at("Office 365 Exchange Online"), "allow")
    const oneSided = [nina, forTypes("b2bDirectConnectUser"), ...shared(false)]
    assert.strictEqual(verdict(asked("nina@fabrikam.com", oneSided)), "allow")
  })
})

const excluding = (...excludeApplications: readonly string[]) =>
  block({ apps: { includeApplications: ["All"], excludeApplications } })
const graph = { app: "Microsoft Graph" }
const profileOnly = ["openid", "profile", "User.Read"]

const askGraph = (events: readonly IdentityEvent[], rest: object) =>
  verdict(asked("bob@contoso.com", events, { ...graph, ...rest }))

describe("requests for baseline scopes", () => {
  const excluded = "00000012-0000-0000-c000-000000000000"
  const before = { now: Date.UTC(2025, 5, 1) }

  it("[IDN-162] are judged like requests to the directory", () => {
    assert.strictEqual(
      askGraph([excluding(excluded)], { scopes: profileOnly }),
      "deny conditional-access-block",
    )
    const directory = "00000002-0000-0000-c000-000000000000"
    assert.strictEqual(askGraph([excluding(directory)], { scopes: profileOnly }), "allow")
  })

  it("[IDN-162] passed in former years where anything was excluded", () => {
    assert.strictEqual(askGraph([excluding(excluded)], { scopes: profileOnly, ...before }), "allow")
    assert.strictEqual(
      askGraph([excluding()], { scopes: profileOnly, ...before }),
      "deny conditional-access-block",
    )
    assert.strictEqual(
      askGraph([excluding(excluded)], { scopes: [...profileOnly, "Mail.Read"], ...before }),
      "deny conditional-access-block",
    )
  })

  it("[IDN-162] an excluded application with a secret that only signs people in stays excluded", () => {
    const client = "797f4846-ba00-4fd7-ba71-dec1f923b33c"
    const confidentialClient = client
    const signInOnly = { scopes: ["openid", "profile"], confidentialClient }
    assert.strictEqual(askGraph([excluding(client)], signInOnly), "allow")
    assert.strictEqual(
      askGraph([excluding(client)], { ...signInOnly, scopes: profileOnly }),
      "deny conditional-access-block",
    )
  })
})

const onContext: Partial<Conditions["applications"]> = {
  includeApplications: [],
  includeAuthenticationContexts: ["c1"],
}

describe("authentication contexts", () => {
  it("[IDN-160] a policy on a context applies where the resource asks for it", () => {
    const events = [mfa({ apps: onContext })]
    const ask = (rest: object) => verdict(asked("bob@contoso.com", events, rest))
    assert.strictEqual(ask({}), "allow")
    assert.strictEqual(ask({ authenticationContext: "c2" }), "allow")
    assert.strictEqual(ask({ authenticationContext: "c1" }), "challenge conditional-access-grant")
  })
})

const oscar = (events: readonly IdentityEvent[], app: string) =>
  verdict(asked("oscar@fabrikam.com", events, { app, using: { app: "office-desktop" } }))

describe("people without an object, left out of a policy", () => {
  it("[IDN-130] [IDN-133] open attachments, and still need a guest account for files in SharePoint", () => {
    const leftOut = mfa({
      users: {
        excludeGuestsOrExternalUsers: { guestOrExternalUserTypes: ["otherExternalUser"] },
      },
    })
    const rights = "Microsoft Rights Management Services"
    assert.strictEqual(oscar([mfa()], rights), "deny conditional-access-grant")
    assert.strictEqual(oscar([leftOut], rights), "allow")
    const sharePoint = "Office 365 SharePoint Online"
    assert.strictEqual(oscar([leftOut], sharePoint), "deny account-in-directory")
    const invited = guest("oscar@fabrikam.com", "ExternalAzureAD")
    assert.strictEqual(oscar([leftOut, invited], sharePoint), "challenge conditional-access-grant")
  })
})
