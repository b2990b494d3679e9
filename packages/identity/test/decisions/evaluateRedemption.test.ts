import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  blockedForAll,
  type IdentityEvent,
  issuerOf,
  untouchedPolicy,
  userOf,
} from "../../src/index.ts"
import {
  accepted,
  contosoId,
  fabrikamId,
  invited,
  lab,
  refusal,
  start,
  verdict,
  withPasscode,
} from "../world.ts"

const google: IdentityEvent = { _tag: "GoogleFederationSet", isOn: true, at: start }
describe("redemption", () => {
  it.effect.each([
    ["nina@fabrikam.com", "ExternalAzureAD"],
    ["zoe@outlook.com", "MicrosoftAccount"],
    ["pat@mailbox.example", "mail"],
  ] as const)("[IDN-006] [IDN-007] %s is accepted as %s", ([address, issuer]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, address)
      const guest = userOf(yield* it.world, address)
      assert.strictEqual(guest?.externalUserState, "Accepted")
      assert.strictEqual(guest === undefined ? "" : issuerOf(guest), issuer)
      assert.isDefined(guest?.externalUserStateChangedAt)
    }),
  )

  it.effect("[IDN-007] a federated Google account is accepted as google.com", () =>
    Effect.gen(function* () {
      const it = yield* lab([google])
      yield* accepted(it, "gus@gmail.com")
      const guest = userOf(yield* it.world, "gus@gmail.com")
      assert.strictEqual(guest?.identities[0]?.issuer, "google.com")
    }),
  )

  it.effect("[IDN-048] [IDN-050] a bare mailbox has to enter a code first", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const link = yield* invited(it, "pat@mailbox.example")
      const early = yield* it.as("pat@mailbox.example", "redeem-invitation", { link })
      assert.strictEqual(verdict(early), "challenge first-factor")
      yield* withPasscode(it, "pat@mailbox.example")
      const late = yield* it.as("pat@mailbox.example", "redeem-invitation", { link })
      assert.strictEqual(verdict(late), "allow")
    }),
  )

  it.effect("[IDN-034] somebody with two accounts of one address picks one", () =>
    Effect.gen(function* () {
      const both: IdentityEvent = {
        _tag: "PersonChanged",
        address: "nina@fabrikam.com",
        hasMicrosoftAccount: true,
        at: start,
      }
      const it = yield* lab([both])
      const link = yield* invited(it, "nina@fabrikam.com")
      const answer = yield* it.as("nina@fabrikam.com", "redeem-invitation", {
        link,
        provider: "microsoftAccount",
      })
      assert.strictEqual(answer.output[0]?.["issuer"], "MicrosoftAccount")
    }),
  )

  it.effect("[IDN-039] who declines the permissions stays pending and gets no access", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const link = yield* invited(it, "nina@fabrikam.com")
      const answer = yield* it.as("nina@fabrikam.com", "redeem-invitation", {
        link,
        consent: false,
      })
      assert.strictEqual(verdict(answer), "deny consent")
      assert.strictEqual(refusal(answer), "AADSTS65004")
      const guest = userOf(yield* it.world, "nina@fabrikam.com")
      assert.strictEqual(guest?.externalUserState, "PendingAcceptance")
    }),
  )

  it.effect("[IDN-040] consent is asked once: a second redemption changes nothing", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      const again = yield* it.as("nina@fabrikam.com", "redeem-invitation", { consent: false })
      assert.strictEqual(verdict(again), "allow")
      assert.isFalse(again.record?.events.some(({ _tag }) => _tag === "InvitationRedeemed") ?? true)
    }),
  )

  it.effect.each([
    [true, true, "allow"],
    [true, false, "deny consent"],
    [false, true, "deny consent"],
    [false, false, "deny consent"],
  ] as const)(
    "[IDN-041] outbound %s and inbound %s: who would decline is asked or not",
    ([outboundConsent, inboundAllowed, expected]) =>
      Effect.gen(function* () {
        const it = yield* lab([
          {
            _tag: "ForeignCrossTenantAccessSet",
            tenantId: fabrikamId,
            crossTenantAccess: {
              ...untouchedPolicy,
              partners: {
                [contosoId]: {
                  tenantId: contosoId,
                  automaticUserConsentSettings: {
                    inboundAllowed: false,
                    outboundAllowed: outboundConsent,
                  },
                },
              },
            },
            at: start,
          },
          {
            _tag: "CrossTenantPartnerAdded",
            partner: {
              tenantId: fabrikamId,
              automaticUserConsentSettings: { inboundAllowed, outboundAllowed: false },
            },
            at: start,
          },
        ])
        yield* invited(it, "nina@fabrikam.com")
        const answer = yield* it.as("nina@fabrikam.com", "redeem-invitation", { consent: false })
        assert.strictEqual(verdict(answer), expected)
      }),
  )

  it.effect("[IDN-042] a direct visit redeems just in time, without the mail", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, "nina@fabrikam.com")
      assert.strictEqual(verdict(yield* it.as("nina@fabrikam.com", "redeem-invitation")), "allow")
    }),
  )

  it.effect("[IDN-001] nobody redeems without an invitation, or with somebody else's", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const link = yield* invited(it, "nina@fabrikam.com")
      assert.strictEqual(
        verdict(yield* it.as("zoe@outlook.com", "redeem-invitation")),
        "deny invitation",
      )
      assert.strictEqual(
        verdict(yield* it.as("nina@fabrikam.com", "redeem-invitation", { link: "made-up" })),
        "deny invitation",
      )
      const stolen = yield* it.as("oscar@fabrikam.com", "redeem-invitation", { link })
      assert.strictEqual(verdict(stolen), "deny account-in-directory")
      assert.strictEqual(refusal(stolen), "AADSTS50020")
    }),
  )

  it.effect(
    "[IDN-046] a domain blocked afterwards stops who is pending, not who has accepted",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* accepted(it, "nina@fabrikam.com")
        yield* invited(it, "oscar@fabrikam.com")
        yield* it.as("ivan", "New-AzureADPolicy", {
          Definition: [
            '{"B2BManagementPolicy":{"InvitationsAllowedAndBlockedDomainsPolicy":{"BlockedDomains":["fabrikam.com"]}}}',
          ],
          DisplayName: "B2BManagementPolicy",
          Type: "B2BManagementPolicy",
          IsOrganizationDefault: true,
        })
        assert.strictEqual(
          verdict(yield* it.as("oscar@fabrikam.com", "redeem-invitation")),
          "deny domain-list",
        )
        assert.strictEqual(verdict(yield* it.as("nina@fabrikam.com", "sign-in")), "allow")
      }),
  )

  it.effect(
    "[IDN-047] [IDN-113] cross-tenant access blocks at redemption and leaves the guest pending",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* invited(it, "nina@fabrikam.com")
        yield* it.as("ivan", "New-MgPolicyCrossTenantAccessPolicyPartner", {
          TenantId: fabrikamId,
          B2bCollaborationInbound: blockedForAll,
        })
        const answer = yield* it.as("nina@fabrikam.com", "redeem-invitation")
        assert.strictEqual(verdict(answer), "deny resource-inbound")
        const guest = userOf(yield* it.world, "nina@fabrikam.com")
        assert.strictEqual(guest?.externalUserState, "PendingAcceptance")
      }),
  )

  it.effect("[IDN-092] [IDN-093] an alias redeems through the mail, not directly", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const link = yield* invited(it, "zoe.alias@outlook.com")
      const direct = yield* it.as("zoe@outlook.com", "redeem-invitation")
      assert.strictEqual(verdict(direct), "deny invitation")
      assert.strictEqual(refusal(direct), "AADSTS50020")
      assert.strictEqual(
        verdict(yield* it.as("zoe@outlook.com", "redeem-invitation", { link })),
        "allow",
      )
      assert.strictEqual(verdict(yield* it.as("zoe@outlook.com", "sign-in")), "allow")
    }),
  )
})
