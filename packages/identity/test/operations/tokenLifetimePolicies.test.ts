import { assert, describe, it } from "@effect/vitest"
import { type CallResult, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { lifetimePoliciesOf } from "../../src/lifetimePolicies.ts"
import { needs, registered } from "../registrations.ts"
import { type Lab, lab, printed, verdict } from "../world.ts"

const create = "New-MgPolicyTokenLifetimePolicy"

const definition = (AccessTokenLifetime: string, more: object = {}) => [
  JSON.stringify({ TokenLifetimePolicy: { Version: 1, AccessTokenLifetime, ...more } }),
]

const made = (it: Lab, span: string, body: object = {}, who = "ivan") =>
  it.as(who, create, { DisplayName: `of ${span}`, Definition: definition(span), ...body })

const secondsOf = (token: string): number => {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"))
  return claims.exp - claims.iat
}

const given = (result: CallResult) => [
  secondsOf(printed(result, "access_token")),
  secondsOf(printed(result, "id_token")),
]

const ref = (id: string) => `https://graph.microsoft.com/v1.0/policies/tokenLifetimePolicies/${id}`

describe("policies of token lifetimes", () => {
  /** Ten minutes to a day, written as time spans (IDN-258). */
  it.effect.each([
    ["00:09:59", "deny lifetime-definition"],
    ["00:10:00", "allow"],
    ["00:90:00", "allow"],
    ["23:59:59", "allow"],
    ["1.00:00:00", "allow"],
    ["1.00:00:01", "deny lifetime-definition"],
    ["90", "deny lifetime-definition"],
    ["-01:00:00", "deny lifetime-definition"],
  ] as const)("[IDN-258] %s: %s", ([span, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      assert.strictEqual(verdict(yield* made(it, span)), expected)
      assert.strictEqual(lifetimePoliciesOf(yield* it.world).length, expected === "allow" ? 1 : 0)
    }),
  )

  it.effect(
    "[IDN-258] a definition is one text of the documented form, from an administrator",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const tries = (Definition: readonly string[]) =>
          Effect.map(made(it, "02:00:00", { Definition }), verdict)
        for (const bad of [
          [],
          ["no json"],
          ["{}"],
          ['{"TokenLifetimePolicy":{"Version":2,"AccessTokenLifetime":"02:00:00"}}'],
          definition("02:00:00", { Nonsense: 1 }),
          [...definition("02:00:00"), ...definition("03:00:00")],
        ]) {
          assert.strictEqual(yield* tries(bad), "deny lifetime-definition", bad.join())
        }
        assert.strictEqual(verdict(yield* made(it, "02:00:00", {}, "alice")), "deny role")
        assert.deepStrictEqual(lifetimePoliciesOf(yield* it.world), [])
        const old = yield* made(it, "02:00:00", {
          Definition: definition("02:00:00", { MaxInactiveTime: "30.00:00:00" }),
        })
        assert.strictEqual(verdict(old), "allow")
        assert.match(old.warnings.join(), /2021-01-30/)
      }),
  )

  it.effect("[IDN-258] the organization's policy decides, and there is one of it", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const first = yield* made(it, "00:20:00", { IsOrganizationDefault: true })
      assert.strictEqual(
        verdict(yield* made(it, "00:30:00", { IsOrganizationDefault: true })),
        "deny organization-default",
      )
      const app = yield* registered(it, "Expenses", {
        RequiredResourceAccess: [needs(["User.Read"])],
      })
      const other = yield* made(it, "03:00:00")
      yield* it.as("ivan", "New-MgApplicationTokenLifetimePolicyByRef", {
        ApplicationId: app.objectId,
        OdataId: ref(printed(other)),
      })
      const ask = it.as("alice", "acquire-token", { client: app.appId, consent: "accept" })
      assert.deepStrictEqual(given(yield* ask), [20 * 60, 20 * 60])
      yield* it.as("ivan", "Update-MgPolicyTokenLifetimePolicy", {
        TokenLifetimePolicyId: printed(first),
        IsOrganizationDefault: false,
      })
      const [access = 0, id] = given(yield* ask)
      assert.isAtLeast(access, 60 * 60)
      assert.isAtMost(access, 90 * 60)
      assert.strictEqual(id, 3 * 60 * 60)
    }),
  )

  it.effect(
    "[IDN-258] an access token goes by the policy of its resource, an id token by the client's",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const api = yield* registered(it, "Payroll API", {
          Api: { Oauth2PermissionScopes: [{ Value: "Pay.Read" }] },
        })
        const client = yield* registered(it, "Expenses")
        const policy = printed(yield* made(it, "00:15:00"))
        const assign = (ServicePrincipalId: string, id = policy) =>
          Effect.map(
            it.as("ivan", "New-MgServicePrincipalTokenLifetimePolicyByRef", {
              ServicePrincipalId,
              BodyParameter: { "@odata.id": ref(id) },
            }),
            verdict,
          )
        assert.strictEqual(yield* assign(api.principalId), "allow")
        assert.strictEqual(yield* assign(api.principalId), "deny one-policy")
        assert.strictEqual(yield* assign("nobody"), "deny resource-found")
        assert.strictEqual(yield* assign(client.principalId, "no-policy"), "deny resource-found")
        const ask = it.as("alice", "acquire-token", {
          client: client.appId,
          resource: api.appId,
          scopes: ["Pay.Read"],
          consent: "accept",
        })
        assert.deepStrictEqual(given(yield* ask), [15 * 60, 60 * 60])
        const shown = yield* it.as("ivan", "Get-MgServicePrincipalTokenLifetimePolicy", {
          ServicePrincipalId: api.principalId,
        })
        assert.deepStrictEqual(shown.output[0]?.["Definition"], definition("00:15:00"))
        const gone = { ServicePrincipalId: api.principalId, TokenLifetimePolicyId: policy }
        const remove = it.as("ivan", "Remove-MgServicePrincipalTokenLifetimePolicyByRef", gone)
        assert.strictEqual(verdict(yield* remove), "allow")
        assert.strictEqual(verdict(yield* remove), "deny resource-found")
        assert.isAtLeast(given(yield* ask)[0] ?? 0, 60 * 60)
      }),
  )

  it.effect("[IDN-258] at SharePoint it holds for apps, and not for sessions of browsers", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* made(it, "00:20:00", { IsOrganizationDefault: true })
      const ask = (app: "browser" | "office-desktop") =>
        it.as("alice", "acquire-token", { resource: "Office 365 SharePoint Online" }, { app })
      assert.strictEqual(given(yield* ask("office-desktop"))[0], 20 * 60)
      assert.isAtLeast(given(yield* ask("browser"))[0] ?? 0, 60 * 60)
    }),
  )

  it.effect(
    "[IDN-258] a deleted policy counts no more, tokens that were given keep their time",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const id = printed(yield* made(it, "00:10:00", { IsOrganizationDefault: true }))
        const token = yield* it.as("alice", "acquire-token", {})
        const remove = it.as("ivan", "Remove-MgPolicyTokenLifetimePolicy", {
          TokenLifetimePolicyId: id,
        })
        assert.strictEqual(verdict(yield* remove), "allow")
        assert.strictEqual(verdict(yield* remove), "deny resource-found")
        assert.deepStrictEqual((yield* it.as("ivan", "Get-MgPolicyTokenLifetimePolicy")).output, [])
        yield* it.wait(minutes(15))
        const used = yield* it.as("bob", "use-token", { token: printed(token, "access_token") })
        assert.strictEqual(verdict(used), "deny token-lifetime")
      }),
  )

  it.effect(
    "[IDN-256] [IDN-258] an assertion lives as long as a policy says, and five minutes",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const app = yield* registered(it, "Tickets", {
          Web: { RedirectUris: ["https://tickets.example/acs"] },
        })
        const ServicePrincipalId = app.principalId
        yield* it.as("alice", "Update-MgServicePrincipal", {
          ServicePrincipalId,
          PreferredSingleSignOnMode: "saml",
        })
        yield* it.as("alice", "Add-MgServicePrincipalTokenSigningCertificate", {
          ServicePrincipalId,
        })
        const policy = printed(yield* made(it, "00:30:00"))
        yield* it.as("ivan", "New-MgServicePrincipalTokenLifetimePolicyByRef", {
          ServicePrincipalId,
          OdataId: ref(policy),
        })
        const answer = yield* it.as("alice", "acquire-saml-token", { app: "Tickets" })
        const xml = Buffer.from(printed(answer, "SAMLResponse"), "base64").toString("utf8")
        const [, from = "", until = ""] =
          /NotBefore="([^"]+)" NotOnOrAfter="([^"]+)"/.exec(xml) ?? []
        assert.strictEqual(Date.parse(until) - Date.parse(from), minutes(35))
      }),
  )
})
