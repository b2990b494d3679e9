import { assert, describe, it } from "@effect/vitest"
import { type CallResult, days, hours, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { appIds, type IdentityEvent } from "../../src/index.ts"
import { accessTokenLifetime, tokenLifetimes } from "../../src/tokenLifetimes.ts"
import { type Lab, lab, refusal, start, userId, verdict } from "../world.ts"

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

const show = (it: Lab, token: string, resource = "SharePoint", client = {}) =>
  it.as("alice", "use-token", { token, resource }, client)

describe("a resource that is shown a token", () => {
  const sharePoint = { resource: "SharePoint", capabilities: ["cp1"] }

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
