import { assert, describe, it } from "@effect/vitest"
import { type CallResult } from "@twin/kernel"
import { Effect } from "effect"
import { clientIds } from "../../src/CloudApp.ts"
import {
  assignedGroup,
  authorizedAddressesOf,
  type IdentityEvent,
  microsoftAccountTenantId,
  userOf,
} from "../../src/index.ts"
import { authenticationMethods, groupClaimLimits } from "../../src/tokenClaims.ts"
import {
  accepted,
  contosoId,
  fabrikamId,
  type Lab,
  lab,
  refusal,
  start,
  userId,
  verdict,
} from "../world.ts"

const textIn = ({ output }: Pick<CallResult, "output">, name: string): string => {
  const value = output[0]?.[name]
  return typeof value === "string" ? value : ""
}

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"))

const acquired = Effect.fnUntraced(function* (it: Lab, who: string, params: object = {}) {
  const result = yield* it.as(who, "acquire-token", params)
  if (result.decision.outcome !== "allow") {
    return yield* Effect.die(new Error(`no token: ${verdict(result)} ${refusal(result)}`))
  }
  return {
    access: textIn(result, "access_token"),
    id: textIn(result, "id_token"),
    refresh: textIn(result, "refresh_token"),
    claims: claimsOf(textIn(result, "access_token")),
    idClaims: claimsOf(textIn(result, "id_token")),
    seconds: Number(result.output[0]?.["expires_in"]),
  }
})

describe("authorities", () => {
  /** Who, where, what comes of it (IDN-251). */
  const table = [
    ["alice", contosoId, "allow"],
    ["alice", "contoso.com", "allow"],
    ["alice", "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0", "allow"],
    ["alice", "organizations", "allow"],
    ["alice", "common", "allow"],
    ["alice", "consumers", "AADSTS50020"],
    ["alice", fabrikamId, "AADSTS50020"],
    ["alice", "nowhere.example", "AADSTS90002"],
    ["alice", "../..", "AADSTS90002"],
    ["nina@fabrikam.com", contosoId, "allow"],
    ["nina@fabrikam.com", "organizations", "AADSTS50020"],
    ["nina@fabrikam.com", "common", "AADSTS50020"],
    ["nina@fabrikam.com", "fabrikam.com", "AADSTS50020"],
    ["zoe@outlook.com", "contoso.com", "allow"],
    ["zoe@outlook.com", "organizations", "AADSTS50020"],
    ["zoe@outlook.com", "consumers", "AADSTS50020"],
    ["zoe@outlook.com", microsoftAccountTenantId, "AADSTS50020"],
  ] as const

  it.effect.each(table)("[IDN-251] [IDN-257] %s at %s: %s", ([who, authority, expected]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      if (who !== "alice") yield* accepted(it, who)
      const answer = yield* it.as(who, "acquire-token", { authority })
      assert.strictEqual(refusal(answer) || answer.decision.outcome, expected)
    }),
  )

  it.effect(
    "[IDN-251] the tenant tells its endpoints and its public key, never the private one",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const answer = yield* it.as("alice", "read-openid-configuration")
        assert.strictEqual(
          textIn(answer, "issuer"),
          `https://login.microsoftonline.com/${contosoId}/v2.0`,
        )
        const keys = answer.output[0]?.["keys"] as readonly Record<string, string>[]
        assert.deepStrictEqual(Object.keys(keys[0] ?? {}).toSorted(), [
          "e",
          "kid",
          "kty",
          "n",
          "use",
        ])
      }),
  )

  it.effect("[IDN-262] an error has the documented body", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { output } = yield* it.as("alice", "acquire-token", { authority: "consumers" })
      const [body = {}] = output
      assert.match(
        textIn({ output }, "error_description"),
        /^AADSTS50020: .* Trace ID: .* Correlation ID: .* Timestamp: /,
      )
      assert.deepStrictEqual(body["error_codes"], [50020])
      assert.strictEqual(body["error_uri"], "https://login.microsoftonline.com/error?code=50020")
      assert.includeMembers(Object.keys(body), ["error", "timestamp", "trace_id", "correlation_id"])
    }),
  )
})

const inGroups = (count: number): readonly IdentityEvent[] =>
  Array.from({ length: count }, (_, index): readonly IdentityEvent[] => [
    { _tag: "GroupCreated", group: assignedGroup({ id: `g${index}`, displayName: `g${index}` }) },
    { _tag: "GroupMemberAdded", groupId: `g${index}`, memberId: userId("alice"), at: start },
  ]).flat()

describe("claims", () => {
  /** Guest, provider claim, name in version 1.0, domain verified, first method (IDN-252, IDN-254). */
  const guests = [
    [
      "nina@fabrikam.com",
      `https://sts.windows.net/${fabrikamId}/`,
      "nina@fabrikam.com",
      true,
      "pwd",
    ],
    ["zoe@outlook.com", "live.com", "live.com#zoe@outlook.com", true, "pwd"],
    ["gus@gmail.com", "google.com", "gus@gmail.com", true, "fed"],
    ["pat@mailbox.example", "mail", "pat@mailbox.example", true, "otp"],
  ] as const

  it.effect.each(guests)(
    "[IDN-252] [IDN-254] a guest's token comes from this tenant: %s, idp %s",
    ([address, idp, uniqueName, xms_edov, method]) =>
      Effect.gen(function* () {
        const it = yield* lab([{ _tag: "GoogleFederationSet", isOn: true, at: start }])
        yield* accepted(it, address)
        const { claims } = yield* acquired(it, address, { version: "1.0" })
        const guest = userOf(yield* it.world, address)
        assert.strictEqual(claims["iss"], `https://sts.windows.net/${contosoId}/`)
        assert.deepInclude(claims, {
          tid: contosoId,
          oid: guest?.id,
          idp,
          email: address,
          unique_name: uniqueName,
          acct: 1,
          xms_edov,
          amr: [method],
        })
        const second = yield* acquired(it, address)
        assert.strictEqual(
          second.claims["iss"],
          `https://login.microsoftonline.com/${contosoId}/v2.0`,
        )
        assert.isUndefined(second.claims["amr"])
        assert.isUndefined(second.claims["acr"])
        assert.strictEqual(second.claims["preferred_username"], address)
      }),
  )

  it.effect(
    "[IDN-252] [IDN-254] a member's token names no provider, no mail, and account kind 0",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const { claims, idClaims } = yield* acquired(it, "alice", { version: "1.0" })
        for (const absent of ["idp", "email", "acrs", "xms_cc"]) assert.notProperty(claims, absent)
        assert.deepInclude(claims, { acct: 0, acr: "1", upn: "alice@contoso.com", ver: "1.0" })
        assert.strictEqual(idClaims["aud"], "d3590ed6-52b3-4102-aeff-aad2292ab01c")
        const continuous = yield* acquired(it, "alice", {
          capabilities: ["cp1"],
          authenticationContext: "c1",
          version: "1.0",
        })
        assert.deepInclude(continuous.claims, { xms_cc: ["cp1"], acrs: ["c1"] })
      }),
  )

  it.effect("[IDN-253] the subject differs by application, the object id does not", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, "nina@fabrikam.com")
      const one = yield* acquired(it, "nina@fabrikam.com", { client: clientIds.teams })
      const again = yield* acquired(it, "nina@fabrikam.com", { client: clientIds.teams })
      const two = yield* acquired(it, "nina@fabrikam.com", { client: clientIds.outlookMobile })
      assert.strictEqual(one.claims["sub"], again.claims["sub"])
      assert.notStrictEqual(one.claims["sub"], two.claims["sub"])
      assert.strictEqual(one.claims["oid"], two.claims["oid"])
      // At home the same person is another object.
      assert.notStrictEqual(one.claims["oid"], "home-nina@fabrikam.com")
    }),
  )

  it.effect(
    "[IDN-254] [IDN-255] a second factor shows as mfa among the methods, in no claim of its own",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const { claims } = yield* acquired(it, "bob", { mfa: "authenticatorPush", version: "1.0" })
        assert.deepStrictEqual(claims["amr"], ["pwd", "mfa"])
        assert.notProperty(claims, "xms_mfa")
      }),
  )

  it("[IDN-254] every method is one of the documented words", () => {
    const words = ["pwd", "rsa", "otp", "fed", "wia", "mfa", "ngcmfa", "wiaormfa", "none"]
    const methods = [
      "sms",
      "voice",
      "authenticatorPush",
      "authenticatorPhoneSignIn",
      "fido2",
      "windowsHelloForBusiness",
      "certificate",
      "oathSoftware",
    ]
    const providers = [
      "azureActiveDirectory",
      "microsoftAccount",
      "google",
      "emailOneTimePasscode",
      "externalFederation",
    ] as const
    for (const provider of providers) {
      for (const method of methods) {
        const session = {
          address: "a@b.c",
          provider,
          authenticatedAt: start,
          mfa: { at: start, tenant: "home" as const, method },
        }
        assert.includeMembers(words, [...authenticationMethods(session)])
        assert.include(authenticationMethods(session), "mfa")
      }
    }
  })

  it.effect(
    "[IDN-256] [IDN-190] up to 200 groups, nested ones too; then a pointer; six in the implicit flow",
    () =>
      Effect.gen(function* () {
        const nested: readonly IdentityEvent[] = [
          { _tag: "GroupCreated", group: assignedGroup({ id: "outer", displayName: "outer" }) },
          { _tag: "GroupMemberAdded", groupId: "outer", memberId: "g0", at: start },
        ]
        const some = yield* acquired(yield* lab([...inGroups(199), ...nested]), "alice")
        assert.strictEqual(
          (some.claims["groups"] as readonly string[]).length,
          groupClaimLimits.jwt,
        )
        const full = yield* acquired(yield* lab([...inGroups(200), ...nested]), "alice")
        assert.notProperty(full.claims, "groups")
        assert.include(JSON.stringify(full.claims["_claim_sources"]), "getMemberObjects")
        const six = yield* lab(inGroups(6))
        const implicit = yield* acquired(six, "alice", { implicit: true })
        assert.strictEqual((implicit.claims["groups"] as readonly string[]).length, 6)
        const seven = yield* acquired(yield* lab(inGroups(7)), "alice", { implicit: true })
        assert.deepInclude(seven.claims, { hasgroups: true })
        assert.strictEqual(groupClaimLimits.saml, 150)
      }),
  )

  it.effect("[IDN-256] roles show as template ids", () =>
    Effect.gen(function* () {
      const { claims } = yield* acquired(yield* lab(), "ivan")
      assert.include(claims["wids"] as readonly string[], "62e90394-69f5-4237-9190-012177145e10")
    }),
  )

  it.effect(
    "[IDN-261] mail changes, object and subject stay; the rights service follows the mail",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* accepted(it, "nina@fabrikam.com")
        const before = yield* acquired(it, "alice", { version: "1.0" })
        yield* Effect.orDie(
          it.simulation.establish("alice is renamed", [
            {
              _tag: "UserUpdated",
              userId: userId("alice"),
              changes: {
                userPrincipalName: "alicia@contoso.com",
                mail: "alicia@contoso.com",
                proxyAddresses: ["SMTP:alicia@contoso.com"],
              },
              at: start,
            },
          ]),
        )
        const after = yield* acquired(it, "alicia@contoso.com", { version: "1.0" })
        assert.notStrictEqual(before.claims["upn"], after.claims["upn"])
        for (const stable of ["oid", "sub", "tid"]) {
          assert.strictEqual(before.claims[stable], after.claims[stable])
        }
        assert.deepStrictEqual(authorizedAddressesOf(yield* it.world, "alicia@contoso.com"), [
          "alicia@contoso.com",
        ])
      }),
  )
})
