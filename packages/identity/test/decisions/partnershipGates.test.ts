import { assert, describe, it } from "@effect/vitest"
import { hours, instant, minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  allowedForAll,
  blockedForAll,
  type IdentityEvent,
  untouchedPolicy,
  userOf,
} from "../../src/index.ts"
import {
  accepted,
  fabrikamId,
  invited,
  type Lab,
  lab,
  printed,
  refusal,
  verdict,
  withPasscode,
} from "../world.ts"

const nina = "nina@fabrikam.com"
const gus = "gus@gmail.com"
const pat = "pat@mailbox.example"
const contoso = "c0000000-0000-4000-8000-000000000001"

const fabrikam = (more: object = {}): IdentityEvent => ({
  _tag: "ForeignOrganizationAdded",
  organization: {
    tenantId: fabrikamId,
    displayName: "Fabrikam",
    initialDomain: "fabrikam.onmicrosoft.com",
    verifiedDomains: ["fabrikam.com"],
    crossTenantAccess: untouchedPolicy,
    ...more,
  },
})

/** Fabrikam's people have to use the passcode here. */
const onlyPasscode: IdentityEvent = {
  _tag: "CrossTenantDefaultUpdated",
  changes: {
    invitationRedemptionIdentityProviderConfiguration: {
      primaryIdentityProviderPrecedenceOrder: [],
      fallbackIdentityProvider: "emailOneTimePasscode",
    },
  },
  at: 0,
}

const network = (more: object): IdentityEvent => ({
  _tag: "RestrictedNetworkSet",
  network: { addressPrefix: "198.51.100.", restrictMsa: false, ...more },
  at: 0,
})

const direct = (setting: typeof allowedForAll) => ({
  b2bDirectConnectInbound: setting,
  b2bDirectConnectOutbound: setting,
})

describe("the way in for people of other organizations", () => {
  it.effect(
    "[IDN-059] a session at home gets in the way of a passcode until another account is picked",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([onlyPasscode])
        const link = yield* invited(it, nina)
        yield* it.as(nina, "sign-in-at-home")
        const blind = yield* it.as(nina, "redeem-invitation", { link })
        assert.strictEqual(verdict(blind), "deny account-picker")
        assert.strictEqual(refusal(blind), "AADSTS50020")
        yield* withPasscode(it, nina)
        assert.strictEqual(
          verdict(yield* it.as(nina, "redeem-invitation", { link, useAnotherAccount: true })),
          "allow",
        )
      }),
  )

  it.effect.each([
    ["2023-12-31T00:00:00Z", "allow"],
    ["2024-01-01T00:00:00Z", "deny passcode-at-sharepoint"],
    ["2024-07-31T00:00:00Z", "deny passcode-at-sharepoint"],
    ["2024-08-01T00:00:00Z", "allow"],
    ["2026-09-01T00:00:00Z", "allow"],
  ] as const)("[IDN-060] at %s a configured passcode at SharePoint: %s", ([day, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab([onlyPasscode], { now: instant(day) })
      yield* accepted(it, pat)
      assert.strictEqual(
        verdict(yield* it.as(pat, "sign-in", { app: "SharePoint Online" })),
        expected,
      )
      assert.strictEqual(verdict(yield* it.as(pat, "sign-in")), "allow")
    }),
  )

  it.effect.each([
    ["tenant", "allow"],
    ["common", "deny sign-in-endpoint"],
    ["common-organization", "allow"],
  ] as const)("[IDN-061] a passcode at the address %s: %s", ([endpoint, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, pat)
      assert.strictEqual(verdict(yield* it.as(pat, "sign-in", { endpoint })), expected)
      yield* accepted(it, nina)
      assert.strictEqual(verdict(yield* it.as(nina, "sign-in", { endpoint })), "allow")
    }),
  )

  it.effect("[IDN-063] inside an app Google asks for nine characters in a browser", () =>
    Effect.gen(function* () {
      const it = yield* lab([{ _tag: "GoogleFederationSet", isOn: true, at: 0 }])
      yield* accepted(it, gus)
      const embedded = () => Effect.map(it.as(gus, "sign-in", { embedded: true }), verdict)
      assert.strictEqual(yield* embedded(), "challenge google-web-view")
      const code = printed(yield* it.as(gus, "show-device-code"), "code")
      assert.match(code, /^[0-9A-F]{9}$/)
      assert.strictEqual(
        verdict(yield* it.as(gus, "enter-device-code", { code: "000000000" })),
        "deny device-code",
      )
      assert.strictEqual(
        verdict(yield* it.as(pat, "enter-device-code", { code })),
        "deny device-code",
      )
      assert.strictEqual(verdict(yield* it.as(gus, "enter-device-code", { code })), "allow")
      assert.strictEqual(
        verdict(yield* it.as(gus, "enter-device-code", { code })),
        "deny device-code",
      )
      assert.strictEqual(yield* embedded(), "allow")
      assert.strictEqual(verdict(yield* it.as(gus, "sign-in")), "allow")
      const late = printed(yield* it.as(gus, "show-device-code"), "code")
      yield* it.wait(minutes(15))
      assert.strictEqual(
        verdict(yield* it.as(gus, "enter-device-code", { code: late })),
        "deny device-code",
      )
    }),
  )

  it.effect("[IDN-063] before the last of September 2021 Google showed its page inside apps", () =>
    Effect.gen(function* () {
      const it = yield* lab(
        [
          { _tag: "GoogleFederationSet", isOn: true, at: 0 },
          { _tag: "EmailOtpSet", state: "enabled", at: 0 },
        ],
        { now: instant("2021-09-29") },
      )
      yield* accepted(it, gus)
      assert.strictEqual(verdict(yield* it.as(gus, "sign-in", { embedded: true })), "allow")
    }),
  )

  it.effect.each([
    [[], [], "deny cloud-endpoint"],
    [["microsoftonline.us"], [], "deny cloud-endpoint"],
    [[], ["microsoftonline.com"], "deny cloud-endpoint"],
    [["microsoftonline.us"], ["microsoftonline.com"], "allow"],
    [["partner.microsoftonline.cn"], ["microsoftonline.com"], "deny cloud-endpoint"],
  ] as const)("[IDN-119] another cloud, here %j and there %j: %s", ([ours, theirs, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, nina)
      yield* it.simulation.establish("cloud", [
        fabrikam({ cloud: "microsoftonline.us", allowedCloudEndpoints: theirs }),
      ])
      yield* it.as("ivan", "Update-MgPolicyCrossTenantAccessPolicy", {
        AllowedCloudEndpoints: ours,
      })
      const answer = yield* it.as(nina, "sign-in")
      assert.strictEqual(verdict(answer), expected)
      if (expected !== "allow") assert.strictEqual(refusal(answer), "AADSTS1000104")
      assert.strictEqual(
        verdict(yield* it.as("alice", "invite-guest", { address: "oscar@fabrikam.com" })),
        expected,
      )
    }),
  )

  it.effect("[IDN-029] the app that carries invitations between clouds is disabled there", () =>
    Effect.gen(function* () {
      const it = yield* lab([
        fabrikam({
          cloud: "microsoftonline.us",
          allowedCloudEndpoints: ["microsoftonline.com"],
          isCrossCloudWorkerDisabled: true,
        }),
        { _tag: "CloudEndpointsSet", endpoints: ["microsoftonline.us"], at: 0 },
      ])
      const answer = yield* it.as("alice", "invite-guest", { address: nina })
      assert.include(
        answer.decision.gates.at(-1)?.refusal?.message ?? "",
        "B2B Cross Cloud Worker application has been disabled",
      )
      const own = yield* it.as("alice", "invite-guest", { address: "new@contoso.com" })
      assert.include(
        own.decision.gates.at(-1)?.refusal?.message ?? "",
        "This user can't be invited to this directory.",
      )
    }),
  )

  it.effect(
    "[IDN-031] a federated domain's person is invited once the home directory knows the person",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([fabrikam({ federatedDomains: ["fabrikam.com"] })])
        const invite = () =>
          Effect.map(it.as("alice", "invite-guest", { address: "new@fabrikam.com" }), verdict)
        assert.strictEqual(yield* invite(), "deny federated-user")
        assert.isUndefined(userOf(yield* it.world, "new@fabrikam.com"))
        yield* it.as("ivan", "add-person", {
          address: "new@fabrikam.com",
          account: "entra",
          homeTenant: fabrikamId,
        })
        assert.strictEqual(yield* invite(), "allow")
      }),
  )

  it.effect.each([
    [{ restrictAccessToTenants: ["fabrikam.com"] }, "AADSTS500021"],
    [{ restrictAccessToTenants: ["fabrikam.com", "contoso.com"] }, ""],
    [{ restrictAccessToTenants: [contoso] }, ""],
    [{ restrictAccessToTenants: [] }, "AADSTS500021"],
  ] as const)("[IDN-120] a network that lists tenants: %j: %s", ([more, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab([network(more)])
      yield* accepted(it, nina)
      const from = (ipAddress: string) =>
        Effect.map(it.as(nina, "sign-in", {}, { ipAddress }), refusal)
      assert.strictEqual(yield* from("198.51.100.7"), expected)
      assert.strictEqual(yield* from("203.0.113.7"), "")
    }),
  )

  it.effect(
    "[IDN-120] restrictions are separate from inbound: a personal account, and version 2",
    () =>
      Effect.gen(function* () {
        const it = yield* lab([
          network({ restrictMsa: true, policyTenantId: fabrikamId }),
          fabrikam({ tenantRestrictions: { default: blockedForAll, partners: {} } }),
        ])
        yield* accepted(it, "zoe@outlook.com")
        yield* accepted(it, pat)
        yield* accepted(it, nina)
        const from = (who: string) =>
          Effect.map(it.as(who, "sign-in", {}, { ipAddress: "198.51.100.7" }), refusal)
        assert.strictEqual(yield* from("zoe@outlook.com"), "AADSTS500022")
        assert.strictEqual(yield* from(pat), "AADSTS5000211")
        assert.strictEqual(yield* from("alice"), "AADSTS5000211")
        // Their own accounts are a matter of their outbound settings.
        assert.strictEqual(yield* from(nina), "")
        yield* it.simulation.establish("partner", [
          fabrikam({
            tenantRestrictions: { default: blockedForAll, partners: { [contoso]: allowedForAll } },
          }),
        ])
        assert.strictEqual(yield* from(pat), "")
      }),
  )
})

describe("shared channels", () => {
  const here = (setting: Partial<ReturnType<typeof direct>>): IdentityEvent => ({
    _tag: "CrossTenantPartnerAdded",
    partner: { tenantId: fabrikamId, ...setting },
    at: 0,
  })
  const there = (setting: Partial<ReturnType<typeof direct>>): IdentityEvent =>
    fabrikam({
      crossTenantAccess: {
        ...untouchedPolicy,
        partners: { [contoso]: { tenantId: contoso, ...setting } },
      },
    })
  const open = direct(allowedForAll)

  const channel = Effect.fnUntraced(function* (it: Lab) {
    yield* it.as("alice", "create-shared-channel", { name: "Launch" })
    return yield* it.as("alice", "add-channel-member", { channel: "Launch", person: nina })
  })

  it.effect("[IDN-122] both sides, both directions: each alone is not enough", () =>
    Effect.gen(function* () {
      const kinds = ["b2bDirectConnectInbound", "b2bDirectConnectOutbound"] as const
      for (const missing of kinds) {
        for (const side of ["here", "there"] as const) {
          const { [missing]: _gone, ...rest } = open
          const it = yield* lab(
            side === "here" ? [here(rest), there(open)] : [here(open), there(rest)],
          )
          assert.strictEqual(verdict(yield* channel(it)), "deny direct-connect")
        }
      }
      const it = yield* lab([here(open), there(open)])
      assert.strictEqual(verdict(yield* channel(it)), "allow")
      assert.strictEqual(
        verdict(yield* it.as(nina, "open-shared-channel", { channel: "Launch" })),
        "allow",
      )
      assert.isUndefined(userOf(yield* it.world, nina))
      assert.strictEqual(
        verdict(yield* it.as("oscar@fabrikam.com", "open-shared-channel", { channel: "Launch" })),
        "deny shared-channel",
      )
      yield* it.simulation.establish("closed", [there({})])
      assert.strictEqual(
        verdict(yield* it.as(nina, "open-shared-channel", { channel: "Launch" })),
        "deny direct-connect",
      )
    }),
  )

  it.effect("[IDN-122] guests and people without a work account are not for shared channels", () =>
    Effect.gen(function* () {
      const it = yield* lab([here(open), there(open)])
      yield* accepted(it, "zoe@outlook.com")
      yield* channel(it)
      for (const person of ["zoe@outlook.com", pat]) {
        const answer = yield* it.as("alice", "add-channel-member", { channel: "Launch", person })
        assert.strictEqual(verdict(answer), "deny direct-connect-person")
      }
    }),
  )

  it.effect("[IDN-119] direct connect never works across clouds", () =>
    Effect.gen(function* () {
      const it = yield* lab([here(open), there(open)])
      yield* channel(it)
      const clouds = { cloud: "microsoftonline.us", allowedCloudEndpoints: ["microsoftonline.com"] }
      yield* it.simulation.establish("cloud", [
        fabrikam({
          ...clouds,
          crossTenantAccess: {
            ...untouchedPolicy,
            partners: { [contoso]: { tenantId: contoso, ...open } },
          },
        }),
        { _tag: "CloudEndpointsSet", endpoints: ["microsoftonline.us"], at: 0 },
      ])
      assert.strictEqual(
        verdict(yield* it.as(nina, "open-shared-channel", { channel: "Launch" })),
        "deny direct-connect-cloud",
      )
    }),
  )

  it.effect(
    "[IDN-123] a second factor counts only from a trusted home; the token lives an hour",
    () =>
      Effect.gen(function* () {
        const trust = {
          isMfaAccepted: true,
          isCompliantDeviceAccepted: false,
          isHybridAzureADJoinedDeviceAccepted: false,
        }
        const it = yield* lab([
          here(open),
          there(open),
          { _tag: "PersonChanged", address: nina, mfaMethods: ["authenticatorPush"], at: 0 },
        ])
        yield* channel(it)
        yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
          DisplayName: "MFA for all",
          State: "enabled",
          Conditions: {
            users: { includeUsers: ["All"] },
            applications: { includeApplications: ["All"] },
          },
          GrantControls: { operator: "OR", builtInControls: ["mfa"] },
        })
        const blocked = yield* it.as(nina, "open-shared-channel", { channel: "Launch" })
        assert.strictEqual(refusal(blocked), "AADSTS90071")
        yield* it.simulation.establish("trust", [
          {
            _tag: "CrossTenantPartnerUpdated",
            tenantId: fabrikamId,
            changes: { inboundTrust: trust },
            at: 0,
          },
        ])
        const opened = yield* it.as(nina, "open-shared-channel", { channel: "Launch" })
        assert.strictEqual(verdict(opened), "allow")
        assert.strictEqual(
          Date.parse(printed(opened, "tokenEnds")),
          (yield* it.simulation.now) + hours(1),
        )
      }),
  )
})
