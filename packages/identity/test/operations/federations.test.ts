import { assert, describe, it } from "@effect/vitest"
import { minutes } from "@twin/kernel"
import { Effect } from "effect"
import { issuerOf, requiredSubject, userOf } from "../../src/index.ts"
import { invited, type Lab, lab, printed, verdict } from "../world.ts"

const create = "New-MgDirectoryFederationConfiguration"
const uma = "uma@tailspin.example"
const issuer = "https://sts.tailspin.example/adfs"

const setUp = (more: object = {}) => ({
  BodyParameter: {
    "@odata.type": "microsoft.graph.samlOrWsFedExternalDomainFederation",
    displayName: "Tailspin",
    issuerUri: issuer,
    passiveSignInUri: "https://sts.tailspin.example/adfs/ls",
    preferredAuthenticationProtocol: "saml",
    signingCertificate: "MIIC-first",
    domains: [{ id: "tailspin.example" }],
    ...more,
  },
})

const provider = (more: object = {}) => ({
  issuer,
  protocol: "saml",
  certificate: "MIIC-first",
  subjectFormat: requiredSubject.saml,
  sendsEmailAddress: true,
  ...more,
})

/** Uma has an account at Tailspin's own provider, which is set up there. */
const tailspin = Effect.fnUntraced(function* (it: Lab, more: object = {}) {
  yield* it.as("ivan", "add-person", { address: uma, account: "federated", issuer })
  assert.strictEqual(verdict(yield* it.as(uma, "set-up-partner-provider", provider(more))), "allow")
})

const redeem = Effect.fnUntraced(function* (it: Lab, address = uma) {
  const link = yield* invited(it, address)
  return yield* it.as(address, "redeem-invitation", { link })
})

describe("federation with SAML and WS-Fed providers", () => {
  it.effect(
    "[IDN-064] [IDN-007] signs the partner's people in, ten minutes after it was set up",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* tailspin(it)
        assert.strictEqual(verdict(yield* it.as("ursula", create, setUp())), "deny role")
        assert.strictEqual(verdict(yield* it.as("ivan", create, setUp())), "allow")
        assert.strictEqual(verdict(yield* redeem(it)), "challenge first-factor")
        yield* it.wait(minutes(10))
        assert.strictEqual(verdict(yield* it.as(uma, "redeem-invitation")), "allow")
        assert.strictEqual(issuerOf(userOf(yield* it.world, uma) ?? ({} as never)), issuer)
        assert.strictEqual(verdict(yield* it.as(uma, "sign-in")), "allow")
      }),
  )

  it.effect.each([
    ["http", { passiveSignInUri: "http://sts.tailspin.example/ls" }, "deny passive-endpoint"],
    ["a foreign host", { passiveSignInUri: "https://login.idp.example/ls" }, "deny federation-dns"],
    [
      "a look-alike host",
      { passiveSignInUri: "https://sts.nottailspin.example/ls" },
      "deny federation-dns",
    ],
    ["an own domain", { domains: [{ id: "contoso.com" }] }, "deny federation-domain"],
    ["no certificate", { signingCertificate: "" }, "deny request-body"],
    ["another protocol", { preferredAuthenticationProtocol: "oauth" }, "deny request-body"],
  ] as const)("[IDN-064] [IDN-065] is refused with %s", ([, more, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(verdict(yield* it.as("ivan", create, setUp(more))), expected)
      assert.deepStrictEqual(
        (yield* it.as("ivan", "Get-MgDirectoryFederationConfiguration")).output,
        [],
      )
    }),
  )

  it.effect("[IDN-065] a foreign host needs a text record in the partner's domain", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* tailspin(it)
      const elsewhere = { passiveSignInUri: "https://login.idp.example/ls" }
      const text = "DirectFedAuthUrl=https://login.idp.example/ls"
      const publish = (who: string) =>
        it.as(who, "publish-dns-text", { domain: "tailspin.example", text })
      assert.strictEqual(verdict(yield* publish("zoe@outlook.com")), "deny own-matter")
      assert.strictEqual(
        verdict(yield* it.as("ivan", create, setUp(elsewhere))),
        "deny federation-dns",
      )
      yield* publish(uma)
      assert.strictEqual(verdict(yield* it.as("ivan", create, setUp(elsewhere))), "allow")
      assert.strictEqual(
        verdict(yield* it.as("ivan", create, setUp(elsewhere))),
        "deny federation-domain",
      )
    }),
  )

  it.effect.each([
    ["another certificate", { certificate: "MIIC-second" }, {}, "deny federated-assertion"],
    [
      "another certificate that the metadata tells",
      { certificate: "MIIC-second" },
      { metadataExchangeUri: "https://sts.tailspin.example/metadata" },
      "allow",
    ],
    [
      "a transient name",
      { subjectFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient" },
      {},
      "deny federated-assertion",
    ],
    ["no address", { sendsEmailAddress: false }, {}, "deny federated-assertion"],
    [
      "WS-Fed with its immutable id",
      { protocol: "wsFed", subjectFormat: requiredSubject.wsFed },
      { preferredAuthenticationProtocol: "wsFed" },
      "allow",
    ],
    [
      "WS-Fed with a SAML name",
      { protocol: "wsFed" },
      { preferredAuthenticationProtocol: "wsFed" },
      "deny federated-assertion",
    ],
  ] as const)("[IDN-064] an assertion with %s", ([, theirs, ours, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* tailspin(it, theirs)
      yield* it.as("ivan", create, setUp(ours))
      yield* it.wait(minutes(10))
      assert.strictEqual(verdict(yield* redeem(it)), expected)
    }),
  )

  it.effect("[IDN-066] Entra stays first for a work account, unless the order says otherwise", () =>
    Effect.gen(function* () {
      const it = yield* lab([{ _tag: "PersonChanged", address: "nina@fabrikam.com", at: 0 }])
      yield* it.as("ivan", "add-person", {
        address: "both@fabrikam.com",
        account: "entra",
        homeTenant: "f0000000-0000-4000-8000-000000000002",
        issuer,
      })
      yield* it.as("both@fabrikam.com", "set-up-partner-provider", provider())
      yield* it.as(
        "ivan",
        create,
        setUp({
          passiveSignInUri: "https://sts.fabrikam.com/ls",
          domains: [{ id: "fabrikam.com" }],
        }),
      )
      yield* it.wait(minutes(10))
      const link = yield* invited(it, "both@fabrikam.com")
      const first = yield* it.as("both@fabrikam.com", "redeem-invitation", { link, consent: false })
      assert.strictEqual(verdict(first), "deny consent")
      assert.strictEqual(
        printed(yield* it.as("both@fabrikam.com", "sign-in"), "provider"),
        "azureActiveDirectory",
      )
      yield* it.as("ivan", "Update-MgPolicyCrossTenantAccessPolicyDefault", {
        InvitationRedemptionIdentityProviderConfiguration: {
          primaryIdentityProviderPrecedenceOrder: [
            "externalFederation",
            "azureActiveDirectory",
            "socialIdentityProviders",
          ],
          fallbackIdentityProvider: "defaultConfiguredIdp",
        },
      })
      assert.strictEqual(
        printed(yield* it.as("both@fabrikam.com", "sign-in"), "provider"),
        "externalFederation",
      )
    }),
  )

  it.effect("[IDN-067] setting up and removing it changes nobody who has redeemed", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* tailspin(it)
      const made = yield* it.as("ivan", create, setUp())
      yield* it.wait(minutes(10))
      yield* redeem(it)
      yield* it.as("ivan", "Remove-MgDirectoryFederationConfiguration", {
        IdentityProviderBaseId: printed(made),
      })
      assert.strictEqual(issuerOf(userOf(yield* it.world, uma) ?? ({} as never)), issuer)
      // Bound to a provider that nobody knows any more: no other way in until the redemption is reset.
      assert.strictEqual(verdict(yield* it.as(uma, "sign-in")), "deny federated-assertion")
    }),
  )

  it.effect("[IDN-035] an unmanaged account redeems like a bare mailbox", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* it.as("ivan", "add-person", { address: "vic@self.example", account: "unmanaged" })
      assert.strictEqual(verdict(yield* redeem(it, "vic@self.example")), "challenge first-factor")
    }),
  )

  it.effect(
    "[IDN-064] a renewed certificate is set by hand; what is not there cannot be changed",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* tailspin(it, { certificate: "MIIC-second" })
        const id = printed(yield* it.as("ivan", create, setUp()))
        const update = (key: string) =>
          it.as("ivan", "Update-MgDirectoryFederationConfiguration", {
            IdentityProviderBaseId: key,
            BodyParameter: { signingCertificate: "MIIC-second" },
          })
        const remove = { IdentityProviderBaseId: "nowhere" }
        assert.strictEqual(verdict(yield* update("nowhere")), "deny federation-known")
        assert.strictEqual(
          verdict(yield* it.as("ivan", "Remove-MgDirectoryFederationConfiguration", remove)),
          "deny federation-known",
        )
        yield* it.wait(minutes(10))
        const link = yield* invited(it, uma)
        const redeemIt = () => Effect.map(it.as(uma, "redeem-invitation", { link }), verdict)
        assert.strictEqual(yield* redeemIt(), "deny federated-assertion")
        assert.strictEqual(verdict(yield* update(id)), "allow")
        yield* it.wait(minutes(10))
        assert.strictEqual(yield* redeemIt(), "allow")
      }),
  )
})
