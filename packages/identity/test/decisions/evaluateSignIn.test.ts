import { assert, describe, it } from "@effect/vitest"
import { type Client, decidingGate, defaultClient } from "@twin/kernel"
import { Effect } from "effect"
import {
  allowedForAll,
  appIds,
  type B2bSetting,
  blockedForAll,
  type CrossTenantPartner,
  evaluateSignIn,
  type IdentityEvent,
  memberUser,
  type SignInQuestion,
} from "../../src/index.ts"
import {
  accepted,
  baseline,
  fabrikamId,
  fabrikamOutbound,
  invited,
  lab,
  refusal,
  start,
  userId,
  verdict,
  worldFrom,
} from "../world.ts"

const guest = (address: string, issuer: string, rest: object = {}): IdentityEvent => ({
  _tag: "UserCreated",
  user: memberUser({
    id: `guest-${address}`,
    userPrincipalName: `${address.replace("@", "_")}#EXT#@contoso.onmicrosoft.com`,
    displayName: address,
    mail: address,
    userType: "Guest",
    externalUserState: "Accepted",
    identities: [{ signInType: "federated", issuer }],
    ...rest,
  }),
})
const nina = guest("nina@fabrikam.com", "ExternalAzureAD")
const zoe = guest("zoe@outlook.com", "MicrosoftAccount")

const asked = (
  address: string,
  events: readonly IdentityEvent[] = [],
  rest: Partial<SignInQuestion> & { readonly using?: Partial<Client> } = {},
) => {
  const { using, ...more } = rest
  return {
    decision: evaluateSignIn({
      world: worldFrom([...baseline, ...events]),
      address,
      app: "Office 365 SharePoint Online",
      client: { ...defaultClient, ...using },
      now: start,
      ...more,
    }),
  }
}

const partner = (rest: Omit<CrossTenantPartner, "tenantId">): IdentityEvent => ({
  _tag: "CrossTenantPartnerAdded",
  partner: { tenantId: fabrikamId, ...rest },
  at: start,
})

/** Everybody, but only to these applications. */
const onlyApps = (...ids: readonly string[]): B2bSetting => ({
  usersAndGroups: allowedForAll.usersAndGroups,
  applications: {
    accessType: "allowed",
    targets: ids.map((target) => ({ target, targetType: "application" as const })),
  },
})
const butApps = (...ids: readonly string[]): B2bSetting => ({
  ...onlyApps(...ids),
  applications: { ...onlyApps(...ids).applications, accessType: "blocked" },
})
const users = (accessType: "allowed" | "blocked", ...ids: readonly string[]): B2bSetting => ({
  usersAndGroups: {
    accessType,
    targets: ids.map((target) => ({ target, targetType: "user" as const })),
  },
  applications: allowedForAll.applications,
})

const disabledUser = (name: string): IdentityEvent => ({
  _tag: "UserUpdated",
  userId: name,
  changes: { accountEnabled: false },
  at: start,
})

describe("who signs in", () => {
  it("[IDN-001] members and accepted guests do, each through their own provider", () => {
    assert.strictEqual(verdict(asked("alice@contoso.com")), "allow")
    assert.strictEqual(verdict(asked("nina@fabrikam.com", [nina])), "allow")
    assert.strictEqual(verdict(asked("zoe@outlook.com", [zoe])), "allow")
  })

  it("[IDN-270] an external account without a user object does not", () => {
    const answer = asked("nina@fabrikam.com")
    assert.strictEqual(verdict(answer), "deny account-in-directory")
    assert.strictEqual(refusal(answer), "AADSTS50020")
  })

  it("[IDN-275] nobody does with an address that nobody has, or a wrong password", () => {
    const nobody = asked("stranger@nowhere.example")
    assert.strictEqual(verdict(nobody), "deny identity-provider")
    assert.strictEqual(refusal(nobody), "AADSTS50034")
    const wrong = asked("alice@contoso.com", [], { hasWrongPassword: true })
    assert.strictEqual(verdict(wrong), "deny first-factor")
    assert.strictEqual(refusal(wrong), "AADSTS50126")
  })

  it("[IDN-033] [IDN-275] nobody does whom no provider knows, or whose account at home is gone", () => {
    const otpOff: IdentityEvent = { _tag: "EmailOtpSet", state: "disabled", at: start }
    const temp: IdentityEvent = {
      _tag: "PersonAdded",
      person: { address: "t@fabrikam.com", displayName: "T", account: "mail-only", aliases: [] },
    }
    const pending = guest("t@fabrikam.com", "contoso.onmicrosoft.com", {
      externalUserState: "PendingAcceptance",
    })
    const unknown = asked("t@fabrikam.com", [otpOff, temp, pending])
    assert.strictEqual(verdict(unknown), "deny identity-provider")
    assert.strictEqual(refusal(unknown), "AADSTS50034")
    const left: IdentityEvent = {
      _tag: "PersonChanged",
      address: "nina@fabrikam.com",
      account: "mail-only",
      at: start,
    }
    assert.strictEqual(verdict(asked("nina@fabrikam.com", [nina, left])), "deny identity-provider")
  })

  it("[IDN-013] [IDN-275] nobody does with a disabled account, here or at home", () => {
    const member = asked("alice@contoso.com", [disabledUser(userId("alice"))])
    assert.strictEqual(verdict(member), "deny account-enabled")
    assert.strictEqual(refusal(member), "AADSTS50057")
    assert.strictEqual(
      verdict(asked("nina@fabrikam.com", [nina, disabledUser("guest-nina@fabrikam.com")])),
      "deny account-enabled",
    )
    const away: IdentityEvent = {
      _tag: "PersonChanged",
      address: "nina@fabrikam.com",
      accountEnabled: false,
      at: start,
    }
    assert.strictEqual(verdict(asked("nina@fabrikam.com", [nina, away])), "deny first-factor")
  })

  it("[IDN-006] [IDN-275] a pending guest is asked to accept first", () => {
    const pending = guest("nina@fabrikam.com", "contoso.onmicrosoft.com", {
      externalUserState: "PendingAcceptance",
    })
    const answer = asked("nina@fabrikam.com", [pending])
    assert.strictEqual(verdict(answer), "challenge invitation-redeemed")
    assert.strictEqual(refusal(answer), "AADSTS50014")
  })

  it("[IDN-161] [IDN-124] an application goes by its id, its name and its former name", () => {
    for (const app of [
      "00000003-0000-0ff1-ce00-000000000000",
      "Office 365 SharePoint Online",
      "sharepoint",
      "00000012-0000-0000-c000-000000000000",
      "Microsoft Azure Information Protection",
    ]) {
      assert.strictEqual(verdict(asked("alice@contoso.com", [], { app })), "allow", app)
    }
  })

  it("[IDN-276] an unknown application has no tokens", () => {
    const answer = asked("alice@contoso.com", [], { app: "Sharepint" })
    assert.strictEqual(verdict(answer), "deny application-known")
    assert.strictEqual(refusal(answer), "AADSTS700016")
  })

  it("without an organization nothing is decided", () => {
    const decision = evaluateSignIn({
      world: worldFrom([]),
      address: "a@b.example",
      app: "My Apps",
      client: defaultClient,
      now: start,
    })
    assert.strictEqual(decision.outcome, "unknown")
  })

  it.effect("[IDN-262] nobody does while the directory is down", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.fault("directory-outage")
      const answer = yield* it.as("alice", "sign-in")
      assert.strictEqual(verdict(answer), "deny directory-reachable")
      assert.strictEqual(refusal(answer), "AADSTS90033")
    }),
  )
})

const letIn = (setting: B2bSetting) =>
  verdict(asked("nina@fabrikam.com", [nina, partner({ b2bCollaborationInbound: setting })]))

describe("cross-tenant access at sign-in", () => {
  it("[IDN-108] the service's default lets everybody out and in", () => {
    const gates = asked("nina@fabrikam.com", [nina]).decision.gates.map(({ name }) => name)
    assert.includeMembers(gates, ["home-outbound", "resource-inbound"])
  })

  it("[IDN-113] [IDN-272] the home tenant's block is 500212, the resource tenant's 500213", () => {
    const out = asked("nina@fabrikam.com", [nina, fabrikamOutbound(blockedForAll)])
    assert.strictEqual(verdict(out), "deny home-outbound")
    assert.strictEqual(refusal(out), "AADSTS500212")
    const blocked = partner({ b2bCollaborationInbound: blockedForAll })
    const inbound = asked("nina@fabrikam.com", [nina, blocked])
    assert.strictEqual(verdict(inbound), "deny resource-inbound")
    assert.strictEqual(refusal(inbound), "AADSTS500213")
    const both = asked("nina@fabrikam.com", [nina, blocked, fabrikamOutbound(blockedForAll)])
    assert.strictEqual(verdict(both), "deny home-outbound")
  })

  it("[IDN-107] does not concern a Microsoft account or a member", () => {
    const nobody: IdentityEvent = {
      _tag: "CrossTenantDefaultUpdated",
      changes: { b2bCollaborationInbound: blockedForAll, b2bCollaborationOutbound: blockedForAll },
      at: start,
    }
    assert.strictEqual(verdict(asked("zoe@outlook.com", [zoe, nobody])), "allow")
    assert.strictEqual(verdict(asked("alice@contoso.com", [nobody])), "allow")
    assert.strictEqual(verdict(asked("nina@fabrikam.com", [nina, nobody])), "deny resource-inbound")
  })

  it("[IDN-110] allowed with a list admits only those, blocked with a list all but those", () => {
    assert.strictEqual(letIn(onlyApps(appIds.sharePointOnline)), "allow")
    assert.strictEqual(letIn(onlyApps(appIds.exchangeOnline)), "deny resource-inbound")
    assert.strictEqual(letIn(onlyApps("Office365")), "allow")
    assert.strictEqual(letIn(butApps(appIds.sharePointOnline)), "deny resource-inbound")
    assert.strictEqual(letIn(butApps(appIds.exchangeOnline)), "allow")
    assert.strictEqual(letIn(users("allowed", "home-nina@fabrikam.com")), "allow")
    assert.strictEqual(letIn(users("allowed", "somebody-else")), "deny resource-inbound")
    assert.strictEqual(letIn(users("blocked", "home-nina@fabrikam.com")), "deny resource-inbound")
    assert.strictEqual(letIn(users("blocked", "somebody-else")), "allow")
  })

  it("[IDN-112] says that it does not know the members of a partner's group", () => {
    const setting: B2bSetting = {
      usersAndGroups: { accessType: "allowed", targets: [{ target: "g1", targetType: "group" }] },
      applications: allowedForAll.applications,
    }
    const answer = asked("nina@fabrikam.com", [nina, partner({ b2bCollaborationInbound: setting })])
    assert.strictEqual(verdict(answer), "unknown resource-inbound")
  })

  it("[IDN-113] says that it does not know what an unrecorded home organization allows", () => {
    const stray = {
      _tag: "PersonAdded" as const,
      person: {
        address: "kai@unrecorded.example",
        displayName: "Kai",
        account: "entra" as const,
        homeTenant: "somewhere",
        aliases: [],
      },
    }
    const kai = guest("kai@unrecorded.example", "ExternalAzureAD")
    const answer = asked("kai@unrecorded.example", [stray, kai])
    assert.strictEqual(verdict(answer), "unknown home-outbound")
    const { homeTenant: _home, ...homeless } = stray.person
    const without = asked("kai@unrecorded.example", [{ ...stray, person: homeless }, kai])
    assert.strictEqual(verdict(without), "unknown home-outbound")
  })
})

const rms = (
  address: string,
  events: readonly IdentityEvent[] = [],
  using: Partial<Client> = { app: "office-desktop" },
) => asked(address, events, { app: "Microsoft Azure Information Protection", using })

describe("the token for encrypted content", () => {
  it("[IDN-124] needs no user object and no settings for another organization's user", () => {
    assert.strictEqual(verdict(rms("nina@fabrikam.com")), "allow")
    assert.strictEqual(verdict(rms("zoe@outlook.com")), "allow")
    assert.strictEqual(verdict(rms("alice@contoso.com")), "allow")
  })

  it("[IDN-138] does not exist for a Google account or a bare mailbox", () => {
    const google: IdentityEvent = { _tag: "GoogleFederationSet", isOn: true, at: start }
    const gus = guest("gus@gmail.com", "google.com")
    assert.strictEqual(
      verdict(rms("gus@gmail.com", [google, gus])),
      "deny rights-management-identity",
    )
    assert.strictEqual(verdict(rms("pat@mailbox.example")), "deny rights-management-identity")
  })

  it("[IDN-125] [IDN-126] [IDN-127] is a matter of both tenants, for this application alone", () => {
    const out = rms("nina@fabrikam.com", [fabrikamOutbound(blockedForAll)])
    assert.strictEqual(refusal(out), "AADSTS500212")
    assert.include(decidingGate(out.decision).refusal?.message ?? "", "Your tenant administrator")
    const inbound = rms("nina@fabrikam.com", [
      partner({ b2bCollaborationInbound: onlyApps(appIds.sharePointOnline) }),
    ])
    assert.strictEqual(refusal(inbound), "AADSTS500213")
    assert.include(decidingGate(inbound.decision).refusal?.message ?? "", "Contoso")
    const narrow = [fabrikamOutbound(onlyApps(appIds.rightsManagement)), nina]
    assert.strictEqual(verdict(rms("nina@fabrikam.com", narrow)), "allow")
    assert.strictEqual(verdict(asked("nina@fabrikam.com", narrow)), "deny home-outbound")
  })

  it("finds a disabled guest object only after cross-tenant access", () => {
    const disabled = guest("nina@fabrikam.com", "ExternalAzureAD", { accountEnabled: false })
    assert.strictEqual(verdict(rms("nina@fabrikam.com", [disabled])), "deny account-enabled")
    assert.strictEqual(
      verdict(rms("nina@fabrikam.com", [disabled, fabrikamOutbound(blockedForAll)])),
      "deny home-outbound",
    )
  })
})

describe("the action", () => {
  it.effect("[IDN-269] is written down with the number of the refusal, 0 for none", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const good = yield* it.as("alice", "sign-in", { app: "SharePoint" })
      assert.deepInclude(good.record?.audit[0], {
        Operation: "UserLoggedIn",
        RecordType: 15,
        UserId: "alice@contoso.com",
        ErrorCode: "0",
        UserType: 0,
      })
      const bad = yield* it.as("alice", "sign-in", { wrongPassword: true })
      assert.deepInclude(bad.record?.audit[0], {
        Operation: "UserLoginFailed",
        ErrorCode: "50126",
      })
    }),
  )

  it.effect("[IDN-131] [IDN-264] leaves no line for a person without a user object", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const answer = yield* it.as("nina@fabrikam.com", "sign-in", {
        app: "Microsoft Rights Management Services",
      })
      assert.strictEqual(answer.record?.audit.length, 0)
    }),
  )

  it.effect("[IDN-259] revoking reaches members, and guests only at home", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      const outside = yield* it.as("ursula", "Revoke-MgUserSignInSession", {
        UserId: "nina@fabrikam.com",
      })
      assert.deepStrictEqual(
        outside.record?.events.map(({ _tag }) => _tag),
        ["DirectoryLogged"],
      )
      assert.isNotEmpty(outside.warnings)
      const inside = yield* it.as("ursula", "Revoke-MgUserSignInSession", {
        UserId: "alice@contoso.com",
      })
      assert.strictEqual(inside.record?.events[0]?._tag, "SessionsRevoked")
    }),
  )

  it.effect("a question to the oracle gets the same answer as the attempt", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, "nina@fabrikam.com")
      const attempt = yield* it.as("nina@fabrikam.com", "sign-in", { app: "My Apps" })
      const { decision } = {
        decision: evaluateSignIn({
          world: yield* it.world,
          address: "nina@fabrikam.com",
          app: "My Apps",
          client: defaultClient,
          now: start,
        }),
      }
      assert.deepStrictEqual(attempt.decision, decision)
    }),
  )
})
