import { assert, describe, it } from "@effect/vitest"
import { type CallResult, days, hours, minutes } from "@twin/kernel"
import { Effect } from "effect"
import {
  appIds,
  assignedGroup,
  authorizedAddressesOf,
  type IdentityEvent,
  microsoftAccountTenantId,
  userOf,
} from "../../src/index.ts"
import { authenticationMethods, groupClaimLimits } from "../../src/tokenClaims.ts"
import { accessTokenLifetime, tokenLifetimes } from "../../src/tokenLifetimes.ts"
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

const textIn = ({ output }: Pick<CallResult, "output">, name: string): string =>
  String(output[0]?.[name] ?? "")

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
        String(body["error_description"]),
        /^AADSTS50020: .* Trace ID: .* Correlation ID: .* Timestamp: /,
      )
      assert.deepStrictEqual(body["error_codes"], [50020])
      assert.strictEqual(body["error_uri"], "https://login.microsoftonline.com/error?code=50020")
      assert.includeMembers(Object.keys(body), ["error", "timestamp", "trace_id", "correlation_id"])
    }),
  )
})

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
      const one = yield* acquired(it, "nina@fabrikam.com", { client: "app-one" })
      const again = yield* acquired(it, "nina@fabrikam.com", { client: "app-one" })
      const two = yield* acquired(it, "nina@fabrikam.com", { client: "app-two" })
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

  const inGroups = (count: number): readonly IdentityEvent[] =>
    Array.from({ length: count }, (_, index): readonly IdentityEvent[] => [
      { _tag: "GroupCreated", group: assignedGroup({ id: `g${index}`, displayName: `g${index}` }) },
      { _tag: "GroupMemberAdded", groupId: `g${index}`, memberId: userId("alice"), at: start },
    ]).flat()

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

describe("lifetimes", () => {
  it("[IDN-258] an access token lives 60 to 90 minutes, 75 on average, 28 hours at most", () => {
    const plain = { isContinuous: false, isOfficeWeb: false, hasConditionalAccess: false }
    const all = Array.from({ length: 1000 }, (_, index) =>
      accessTokenLifetime({ ...plain, chance: String(index * 10).padStart(4, "0") }),
    )
    assert.isAtLeast(Math.min(...all), minutes(60))
    assert.isAtMost(Math.max(...all), minutes(90))
    const mean = all.reduce((sum, it) => sum + it, 0) / all.length
    assert.approximately(mean, minutes(75), minutes(0.5))
    const continuous = { ...plain, isContinuous: true, configuredMinutes: 10, chance: "9999" }
    assert.strictEqual(accessTokenLifetime(continuous), hours(28))
    assert.strictEqual(
      accessTokenLifetime({ ...plain, configuredMinutes: 10, chance: "5000" }),
      minutes(10),
    )
    const web = { ...plain, isOfficeWeb: true, hasConditionalAccess: true, chance: "9999" }
    assert.strictEqual(accessTokenLifetime(web), hours(1))
    assert.strictEqual(tokenLifetimes.id, hours(1))
    assert.strictEqual(tokenLifetimes.saml, hours(1))
  })

  it.effect(
    "[IDN-258] [IDN-277] a refresh token lives 90 days from its last use, 24 hours in a browser app",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const { refresh: refreshToken } = yield* acquired(it, "alice")
        const exchange = it.as("alice", "refresh-tokens", { refreshToken })
        yield* it.wait(days(89))
        assert.strictEqual(verdict(yield* exchange), "allow")
        yield* it.wait(days(89))
        assert.strictEqual(verdict(yield* exchange), "allow")
        yield* it.wait(days(90))
        assert.strictEqual(refusal(yield* exchange), "AADSTS700082")
        const page = yield* acquired(it, "alice", { singlePage: true })
        const again = it.as("alice", "refresh-tokens", { refreshToken: page.refresh })
        yield* it.wait(hours(23))
        assert.strictEqual(verdict(yield* again), "allow")
        yield* it.wait(hours(1))
        assert.strictEqual(refusal(yield* again), "AADSTS70008")
      }),
  )

  it.effect(
    "[IDN-258] [IDN-275] the sign-in pages remember for 24 hours or 90 days, both sliding",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const silent = it.as("alice", "acquire-token", { silent: true })
        assert.strictEqual(refusal(yield* silent), "AADSTS50058")
        yield* acquired(it, "alice")
        for (const _again of [1, 2]) {
          yield* it.wait(hours(23))
          assert.strictEqual(verdict(yield* silent), "allow")
        }
        yield* it.wait(hours(24))
        assert.strictEqual(refusal(yield* silent), "AADSTS50058")
        yield* acquired(it, "alice", { keepSignedIn: true })
        yield* it.wait(days(89))
        assert.strictEqual(verdict(yield* silent), "allow")
        yield* it.wait(days(90))
        assert.strictEqual(refusal(yield* silent), "AADSTS50058")
      }),
  )
})

describe("refresh tokens that no longer count", () => {
  it.effect("[IDN-277] [IDN-259] revoked, unknown, or of another client", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { refresh: refreshToken } = yield* acquired(it, "alice")
      const exchange = (params: object = {}) =>
        it.as("alice", "refresh-tokens", { refreshToken, ...params })
      assert.strictEqual(refusal(yield* exchange({ client: "another" })), "AADSTS9002313")
      assert.strictEqual(refusal(yield* exchange({ refreshToken: "made up" })), "AADSTS9002313")
      yield* it.wait(1000)
      yield* it.as("ursula", "Revoke-MgUserSignInSession", { UserId: "alice@contoso.com" })
      assert.strictEqual(refusal(yield* exchange()), "AADSTS50173")
    }),
  )

  it.effect("[IDN-277] the sign-in frequency of a policy ends them, too", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { refresh: refreshToken } = yield* acquired(it, "alice")
      yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
        DisplayName: "Every hour",
        State: "enabled",
        Conditions: {
          users: { includeUsers: ["All"] },
          applications: { includeApplications: ["All"] },
          clientAppTypes: ["all"],
        },
        SessionControls: { signInFrequency: { value: 1, type: "hours", isEnabled: true } },
      })
      yield* it.wait(hours(30))
      assert.strictEqual(
        refusal(yield* it.as("alice", "refresh-tokens", { refreshToken })),
        "AADSTS70043",
      )
    }),
  )

  it.effect("neither tokens nor keys stand in the journal, and two runs give the same bytes", () =>
    Effect.gen(function* () {
      const run = Effect.gen(function* () {
        const it = yield* lab()
        const tokens = yield* acquired(it, "alice")
        yield* it.as("alice", "refresh-tokens", { refreshToken: tokens.refresh })
        const journal = JSON.stringify(yield* Effect.orDie(it.simulation.records))
        return { ...tokens, journal }
      })
      const [one, two] = [yield* run, yield* run]
      assert.strictEqual(one.access, two.access)
      for (const secret of [one.access, one.id, one.refresh]) assert.notInclude(one.journal, secret)
      assert.notInclude(one.journal, "PRIVATE KEY")
    }),
  )
})

describe("a resource that is shown a token", () => {
  const sharePoint = { resource: "SharePoint", capabilities: ["cp1"] }
  const show = (it: Lab, token: string, resource = "SharePoint", client = {}) =>
    it.as("alice", "use-token", { token, resource }, client)

  it.effect("[IDN-252] believes what the tenant signed for it, and nothing else", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { access } = yield* acquired(it, "alice", { resource: "SharePoint" })
      assert.strictEqual(verdict(yield* show(it, access)), "allow")
      assert.strictEqual(verdict(yield* show(it, access, "Exchange")), "deny token-audience")
      assert.strictEqual(verdict(yield* show(it, "no.token")), "deny token-form")
      assert.strictEqual(verdict(yield* show(it, "a.b.c")), "deny token-form")
      const [header = "", body = "", signature = ""] = access.split(".")
      const forged = Buffer.from(
        JSON.stringify({ ...claimsOf(access), oid: userId("ivan") }),
      ).toString("base64url")
      assert.strictEqual(
        verdict(yield* show(it, `${header}.${forged}.${signature}`)),
        "deny token-signature",
      )
      const none = Buffer.from('{"alg":"none"}').toString("base64url")
      assert.strictEqual(verdict(yield* show(it, `${none}.${body}.x`)), "deny token-signature")
    }),
  )

  it.effect("[IDN-258] until it expires, give or take five minutes", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const { access, seconds } = yield* acquired(it, "alice", { resource: "SharePoint" })
      yield* it.wait(seconds * 1000 + minutes(5) - 1000)
      assert.strictEqual(verdict(yield* show(it, access)), "allow")
      yield* it.wait(1000)
      assert.strictEqual(verdict(yield* show(it, access)), "deny token-lifetime")
    }),
  )

  /** What happens, and whether SharePoint and Exchange hear of it (IDN-260). */
  const critical: readonly (readonly [string, IdentityEvent, boolean])[] = [
    ["deleted", { _tag: "UserDeleted", userId: userId("alice"), at: start }, true],
    [
      "disabled",
      {
        _tag: "UserUpdated",
        userId: userId("alice"),
        changes: { accountEnabled: false },
        at: start,
      },
      true,
    ],
    [
      "password",
      {
        _tag: "PasswordChanged",
        userId: userId("alice"),
        address: "alice@contoso.com",
        by: "user",
        at: start,
      },
      true,
    ],
    [
      "mfa",
      { _tag: "MfaMethodRegistered", userId: userId("alice"), method: "fido2", at: start },
      true,
    ],
    ["revoked", { _tag: "SessionsRevoked", address: "alice@contoso.com", at: start }, true],
    [
      "risk",
      { _tag: "UserRiskRaised", address: "alice@contoso.com", level: "high", at: start },
      false,
    ],
  ]

  it.effect.each(critical)(
    "[IDN-260] hears of it within a quarter of an hour: %s",
    ([, event, isHeardBySharePoint]) =>
      Effect.gen(function* () {
        const it = yield* lab()
        const tokens = [
          ["SharePoint", (yield* acquired(it, "alice", sharePoint)).access, isHeardBySharePoint],
          [
            "Exchange",
            (yield* acquired(it, "alice", { ...sharePoint, resource: "Exchange" })).access,
            true,
          ],
          ["SharePoint", (yield* acquired(it, "alice", { resource: "SharePoint" })).access, false],
        ] as const
        yield* Effect.orDie(it.simulation.establish("it happens", [event]))
        yield* it.wait(minutes(15) - 1)
        for (const [resource, token] of tokens) {
          assert.strictEqual(verdict(yield* show(it, token, resource)), "allow")
        }
        yield* it.wait(1)
        for (const [resource, token, isHeard] of tokens) {
          assert.strictEqual(
            verdict(yield* show(it, token, resource)),
            isHeard ? "deny critical-event" : "allow",
          )
        }
      }),
  )

  it.effect("[IDN-260] sees another address at once, where a policy blocks it", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const ranges = [
        { "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress: "198.51.100.0/24" },
      ]
      const location = yield* it.as("carl", "New-MgIdentityConditionalAccessNamedLocation", {
        BodyParameter: {
          "@odata.type": "#microsoft.graph.ipNamedLocation",
          displayName: "Elsewhere",
          isTrusted: false,
          ipRanges: ranges,
        },
      })
      yield* it.as("carl", "New-MgIdentityConditionalAccessPolicy", {
        DisplayName: "Not from there",
        State: "enabled",
        Conditions: {
          users: { includeUsers: ["All"] },
          applications: { includeApplications: ["All"] },
          clientAppTypes: ["all"],
          locations: { includeLocations: [textIn(location, "Id")] },
        },
        GrantControls: { operator: "OR", builtInControls: ["block"] },
      })
      const { access } = yield* acquired(it, "alice", sharePoint)
      const plain = yield* acquired(it, "alice", { resource: "SharePoint" })
      assert.strictEqual(verdict(yield* show(it, access)), "allow")
      const away = { ipAddress: "198.51.100.7" }
      assert.strictEqual(
        verdict(yield* show(it, access, "SharePoint", away)),
        "deny token-location",
      )
      assert.strictEqual(verdict(yield* show(it, plain.access, "SharePoint", away)), "allow")
      assert.strictEqual(appIds.sharePointOnline, claimsOf(access)["aud"])
    }),
  )
})
