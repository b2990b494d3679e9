import { X509Certificate } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { type CallResult, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { addedPrincipalsOf } from "../../src/applications.ts"
import { evaluateAssertion } from "../../src/decisions/evaluateSaml.ts"
import { assignedGroup, groupClaimLimits, type IdentityEvent } from "../../src/index.ts"
import { samlClaims, xmlText } from "../../src/samlAssertion.ts"
import { registered } from "../registrations.ts"
import {
  accepted,
  contosoId,
  fabrikamId,
  type Lab,
  lab,
  printed,
  refusal,
  start,
  userId,
  verdict,
} from "../world.ts"

const entityId = "https://tickets.example/saml"
const replyAddress = "https://tickets.example/acs"

/** An application of Contoso that takes assertions. */
const configured = Effect.fnUntraced(function* (it: Lab, body: object = {}, name = "Tickets") {
  const app = yield* registered(it, name, {
    IdentifierUris: [name === "Tickets" ? entityId : `https://${name}.example/saml`],
    Web: { RedirectUris: [replyAddress] },
    GroupMembershipClaims: "SecurityGroup",
    ...body,
  })
  const ServicePrincipalId = app.principalId
  yield* it.as("alice", "Update-MgServicePrincipal", {
    ServicePrincipalId,
    PreferredSingleSignOnMode: "saml",
  })
  const certificate = yield* it.as("alice", "Add-MgServicePrincipalTokenSigningCertificate", {
    ServicePrincipalId,
    DisplayName: "CN=Tickets",
  })
  return { ...app, certificate: printed(certificate, "Key") }
})

const acquired = (it: Lab, who: string, params: object = {}) =>
  it.as(who, "acquire-saml-token", { app: entityId, ...params })

const responseIn = (result: CallResult) => printed(result, "SAMLResponse")
const decoded = (response: string) => Buffer.from(response, "base64").toString("utf8")
const encoded = (xml: string) => Buffer.from(xml, "utf8").toString("base64")

const shown = (it: Lab, response: string, app = entityId) =>
  it.as("alice", "use-saml-token", { app, response })

const attributesIn = (result: CallResult): Record<string, readonly string[]> =>
  (result.output[0]?.["attributes"] ?? {}) as Record<string, readonly string[]>

const inGroups = (count: number): readonly IdentityEvent[] =>
  Array.from({ length: count }, (_, index): readonly IdentityEvent[] => [
    { _tag: "GroupCreated", group: assignedGroup({ id: `g${index}`, displayName: `g${index}` }) },
    { _tag: "GroupMemberAdded", groupId: `g${index}`, memberId: userId("alice"), at: start },
  ]).flat()

describe("assertions", () => {
  it.effect("[IDN-256] an application believes what the tenant has signed for it", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { certificate } = yield* configured(it)
      const given = yield* acquired(it, "alice", { requestId: "id42" })
      assert.strictEqual(verdict(given), "allow")
      assert.strictEqual(printed(given, "Destination"), replyAddress)
      const xml = decoded(responseIn(given))
      assert.include(xml, `<Issuer>https://sts.windows.net/${contosoId}/</Issuer>`)
      assert.include(xml, `InResponseTo="id42"`)
      assert.include(xml, certificate.slice(0, 60))
      const answer = yield* shown(it, responseIn(given))
      assert.strictEqual(verdict(answer), "allow")
      assert.strictEqual(printed(answer, "nameId"), "alice@contoso.com")
      assert.deepInclude(attributesIn(answer), {
        [samlClaims.tenantId]: [contosoId],
        [samlClaims.objectId]: [userId("alice")],
        [samlClaims.name]: ["alice@contoso.com"],
      })
    }),
  )

  it.effect("[IDN-256] the certificate is a real one, for three years or until the day given", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { certificate, principalId } = yield* configured(it)
      const read = new X509Certificate(Buffer.from(certificate, "base64"))
      assert.strictEqual(read.subject, "CN=Tickets")
      assert.isTrue(read.verify(read.publicKey))
      const [principal] = addedPrincipalsOf(yield* it.world)
      assert.strictEqual(
        principal?.signingCertificate?.thumbprint,
        read.fingerprint.replaceAll(":", ""),
      )
      const renew = (who: string, body: object) =>
        Effect.map(
          it.as(who, "Add-MgServicePrincipalTokenSigningCertificate", {
            ServicePrincipalId: principalId,
            ...body,
          }),
          verdict,
        )
      const old = responseIn(yield* acquired(it, "alice"))
      assert.strictEqual(yield* renew("bob", {}), "deny application-permission")
      assert.strictEqual(
        yield* renew("alice", { EndDateTime: "2020-01-01" }),
        "deny application-value",
      )
      assert.strictEqual(yield* renew("alice", { EndDateTime: "2027-01-01" }), "allow")
      assert.strictEqual(verdict(yield* shown(it, old)), "deny assertion-signature")
      const journal = JSON.stringify(yield* Effect.orDie(it.simulation.records))
      assert.notInclude(journal, "PRIVATE KEY")
      assert.notInclude(journal, old)
    }),
  )

  it.effect("[IDN-256] changed by one character of what was signed, it is refused", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* configured(it)
      const xml = decoded(responseIn(yield* acquired(it, "alice")))
      // The value of the signature and the certificate beside it are signed by nobody.
      const parts = [
        [xml.indexOf("<Assertion"), xml.indexOf("<ds:Signature ")],
        [xml.indexOf("<ds:SignedInfo"), xml.indexOf("<ds:SignatureValue")],
        [xml.indexOf("</ds:Signature>"), xml.indexOf("</samlp:Response>")],
      ] as const
      for (const [from, to] of parts) {
        assert.isBelow(from, to)
        // Not every character, so that the test ends soon; every kind of place is met.
        for (let place = from; place < to; place += 37) {
          const letter = xml[place] === "b" ? "c" : "b"
          const changed = `${xml.slice(0, place)}${letter}${xml.slice(place + 1)}`
          const answer = yield* shown(it, encoded(changed))
          assert.strictEqual(answer.decision.outcome, "deny", xml.slice(place - 20, place + 20))
        }
      }
    }),
  )

  it.effect("[IDN-256] nobody gets in with another name, a second assertion or an own key", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* configured(it)
      yield* configured(it, {}, "Other")
      const xml = decoded(responseIn(yield* acquired(it, "alice")))
      const tries = (text: string, app = entityId) =>
        Effect.map(shown(it, encoded(text), app), verdict)
      const renamed = xml.replaceAll("alice@contoso.com", "ivan@contoso.com")
      assert.strictEqual(yield* tries(renamed), "deny assertion-signature")
      const unsigned = xml.replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, "")
      assert.strictEqual(yield* tries(unsigned), "deny assertion-signature")
      const evil = unsigned
        .slice(unsigned.indexOf("<Assertion"), unsigned.indexOf("</samlp:Response>"))
        .replaceAll("alice@contoso.com", "ivan@contoso.com")
      const doubled = xml.replace("<Assertion", `${evil}<Assertion`)
      assert.strictEqual(yield* tries(doubled), "deny assertion-form")
      const wrapped = evil.replace(
        "</Assertion>",
        `${xml.slice(xml.indexOf("<Assertion"), xml.indexOf("</samlp:Response>"))}</Assertion>`,
      )
      assert.strictEqual(yield* tries(wrapped), "deny assertion-form")
      assert.strictEqual(
        yield* tries(`<!DOCTYPE x [<!ENTITY a "b">]>${xml}`),
        "deny assertion-form",
      )
      assert.strictEqual(yield* tries("no xml"), "deny assertion-form")
      assert.strictEqual(yield* tries("<a><b></a>"), "deny assertion-form")
      assert.strictEqual(yield* tries("<Response/>"), "deny assertion-form")
      const commented = xml.replace("alice@", "<!-- -->alice@")
      assert.strictEqual(yield* tries(commented), "deny assertion-form")
      const unclosed = xml.replace("</AuthnStatement>", "")
      assert.strictEqual(yield* tries(unclosed), "deny assertion-form")
      assert.strictEqual(yield* tries(`<?xml version="1.0"?>${xml}`), "allow")
      const foreign = decoded(responseIn(yield* acquired(it, "alice", { app: "Other" })))
      assert.strictEqual(yield* tries(foreign), "deny assertion-signature")
    }),
  )

  it.effect("[IDN-256] an assertion for another identifier or address is refused", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { objectId } = yield* configured(it)
      const response = responseIn(yield* acquired(it, "alice"))
      const change = (body: object) =>
        it.as("alice", "Update-MgApplication", { ApplicationId: objectId, ...body })
      yield* change({ IdentifierUris: ["https://elsewhere.example"] })
      assert.strictEqual(verdict(yield* shown(it, response, "Tickets")), "deny assertion-audience")
      yield* change({ IdentifierUris: [entityId], Web: { RedirectUris: ["https://new.example"] } })
      assert.strictEqual(verdict(yield* shown(it, response)), "deny assertion-audience")
      yield* change({ Web: { RedirectUris: [replyAddress] } })
      assert.strictEqual(verdict(yield* shown(it, response)), "allow")
    }),
  )

  it.effect("[IDN-258] it has to be shown at once, and lives for seventy minutes", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* configured(it)
      const response = responseIn(yield* acquired(it, "alice"))
      const xml = decoded(response)
      const [, from = "", until = ""] = /NotBefore="([^"]+)" NotOnOrAfter="([^"]+)"/.exec(xml) ?? []
      assert.strictEqual(Date.parse(until) - Date.parse(from), minutes(70))
      yield* it.wait(minutes(10) - 1)
      assert.strictEqual(verdict(yield* shown(it, response)), "allow")
      yield* it.wait(1)
      assert.strictEqual(verdict(yield* shown(it, response)), "deny assertion-lifetime")
    }),
  )
})

describe("an assertion of somebody else", () => {
  it("[IDN-256] signed well, and from a tenant that the application does not trust", () => {
    const facets = {
      form: "readable",
      signature: "good",
      issuer: "https://sts.windows.net/elsewhere/",
      isTrustedIssuer: false,
      audience: entityId,
      isOwnAudience: true,
      isOwnRecipient: true,
      lifetime: "current",
    } as const
    assert.strictEqual(verdict({ decision: evaluateAssertion(facets) }), "deny assertion-issuer")
    const own = evaluateAssertion({ ...facets, isTrustedIssuer: true })
    assert.strictEqual(own.outcome, "allow")
  })
})

describe("groups of an assertion", () => {
  const { saml } = groupClaimLimits

  it.effect.each([
    [saml, true],
    [saml + 1, false],
  ] as const)("[IDN-256] of %i groups the names stand in it: %s", ([count, isListed]) =>
    Effect.gen(function* () {
      const it = yield* lab(inGroups(count))
      yield* configured(it)
      const attributes = attributesIn(yield* shown(it, responseIn(yield* acquired(it, "alice"))))
      assert.strictEqual(attributes[samlClaims.groups]?.length, isListed ? count : undefined)
      assert.deepStrictEqual(
        attributes[samlClaims.groupsLink],
        isListed
          ? undefined
          : [
              `https://graph.microsoft.com/v1.0/${contosoId}/users/${userId("alice")}/getMemberObjects`,
            ],
      )
      const token = printed(yield* it.as("alice", "acquire-token", {}), "access_token")
      const claims = JSON.parse(
        Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"),
      )
      assert.strictEqual(claims.groups.length, count)
    }),
  )

  it.effect("[IDN-256] an application that asks for no groups hears of none", () =>
    Effect.gen(function* () {
      const it = yield* lab(inGroups(3))
      yield* configured(it, { GroupMembershipClaims: "None" })
      const attributes = attributesIn(yield* shown(it, responseIn(yield* acquired(it, "alice"))))
      assert.isUndefined(attributes[samlClaims.groups])
    }),
  )
})

describe("requests for an assertion", () => {
  it.effect("[IDN-256] what is not set up, or asked for wrongly, gets a code of its own", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const plain = yield* registered(it, "Plain")
      const tries = (params: object) =>
        Effect.map(acquired(it, "alice", params), (answer) => refusal(answer) || verdict(answer))
      assert.strictEqual(yield* tries({ app: "https://nobody.example" }), "AADSTS700016")
      assert.strictEqual(yield* tries({ app: "Plain" }), "AADSTS650056")
      yield* it.as("alice", "Update-MgServicePrincipal", {
        ServicePrincipalId: plain.principalId,
        PreferredSingleSignOnMode: "saml",
      })
      assert.strictEqual(yield* tries({ app: "Plain" }), "AADSTS50011")
      yield* it.as("alice", "Update-MgApplication", {
        ApplicationId: plain.objectId,
        Web: { RedirectUris: [replyAddress] },
      })
      assert.strictEqual(yield* tries({ app: "Plain" }), "AADSTS50003")
      yield* configured(it)
      assert.strictEqual(
        yield* tries({ replyAddress: "https://tickets.example/other" }),
        "AADSTS50011",
      )
      assert.strictEqual(yield* tries({ nameIdFormat: "kerberos" }), "AADSTS75016")
      assert.strictEqual(yield* tries({ nameIdFormat: "persistent" }), "allow")
    }),
  )

  it.effect(
    "[IDN-256] the name of a person: lasting and pairwise, of the moment, or a mail name",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* configured(it)
        const name = (nameIdFormat: string) =>
          Effect.gen(function* () {
            const response = responseIn(yield* acquired(it, "alice", { nameIdFormat }))
            return printed(yield* shown(it, response), "nameId")
          })
        assert.strictEqual(yield* name("persistent"), yield* name("unspecified"))
        assert.notInclude(yield* name("persistent"), "alice")
        assert.notStrictEqual(yield* name("transient"), yield* name("transient"))
        assert.strictEqual(
          yield* name("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
          "alice@contoso.com",
        )
      }),
  )

  it.effect("[IDN-252] [IDN-256] a guest's assertion says who vouched for the guest", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* configured(it)
      yield* accepted(it, "nina@fabrikam.com")
      const answer = yield* shown(it, responseIn(yield* acquired(it, "nina@fabrikam.com")))
      assert.deepStrictEqual(attributesIn(answer)[samlClaims.identityProvider], [
        `https://sts.windows.net/${fabrikamId}/`,
      ])
    }),
  )

  it.effect("[IDN-276] people sign in to it without consent, and 50105 holds here as well", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { principalId } = yield* configured(it)
      assert.strictEqual(verdict(yield* it.as("alice", "sign-in", { app: entityId })), "allow")
      yield* it.as("alice", "Update-MgServicePrincipal", {
        ServicePrincipalId: principalId,
        AppRoleAssignmentRequired: true,
      })
      assert.strictEqual(refusal(yield* acquired(it, "bob")), "AADSTS50105")
    }),
  )
})

describe("text in XML", () => {
  it("[IDN-256] cannot break out, and loses what no document may contain", () => {
    assert.strictEqual(xmlText(`<a b="c">&'`), "&lt;a b=&quot;c&quot;&gt;&amp;'")
    assert.strictEqual(xmlText("a\u0000\u001B[31m\uD800\uFFFEb😀\n"), "a[31mb😀&#xA;")
  })

  it.effect("[IDN-256] a hostile name stays a name", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* configured(it)
      const displayName = `</AttributeValue><Evil a="1">&\u0007]]>`
      yield* it.as("ursula", "Update-MgUser", {
        UserId: "alice@contoso.com",
        DisplayName: displayName,
      })
      const answer = yield* shown(it, responseIn(yield* acquired(it, "alice")))
      assert.deepStrictEqual(attributesIn(answer)[samlClaims.displayName], [
        displayName.replace("\u0007", ""),
      ])
    }),
  )
})
