import { assert, describe, it } from "@effect/vitest"
import { minutes } from "@twin/kernel"
import { Effect } from "effect"
import { userKindOf, userOf } from "../../src/index.ts"
import { accepted, fabrikamId, type Lab, lab, refusal, verdict } from "../world.ts"

const key = "CrossTenantAccessPolicyConfigurationPartnerTenantId"
const set = "Set-MgPolicyCrossTenantAccessPolicyPartnerIdentitySynchronization"
const get = "Get-MgPolicyCrossTenantAccessPolicyPartnerIdentitySynchronization"
const start = "start-partner-synchronization"
const [nina, oscar] = ["nina@fabrikam.com", "oscar@fabrikam.com"]

const allow = (bench: Lab, isSyncAllowed = true) =>
  bench.as("ivan", set, {
    [key]: fabrikamId,
    BodyParameter: { userSyncInbound: { isSyncAllowed } },
  })
const addPartner = (bench: Lab, inboundAllowed = true) =>
  bench.as("ivan", "New-MgPolicyCrossTenantAccessPolicyPartner", {
    TenantId: fabrikamId,
    AutomaticUserConsentSettings: { inboundAllowed },
  })
const push = (bench: Lab, more: object = {}) =>
  bench.as(nina, start, {
    organization: "fabrikam.com",
    scope: [nina],
    automaticRedemption: true,
    ...more,
  })

describe("cross-tenant synchronization", () => {
  it.effect("[IDN-005] [IDN-041] users come as external members who need not redeem", () =>
    Effect.gen(function* () {
      const bench = yield* lab()
      yield* addPartner(bench)
      yield* allow(bench)
      assert.strictEqual(verdict(yield* push(bench)), "allow")
      yield* bench.wait(1)
      const user = userOf(yield* bench.world, nina)
      assert.isDefined(user)
      if (user === undefined) return
      assert.strictEqual(userKindOf(user), "external member")
      assert.strictEqual(user.externalUserState, "Accepted")
      assert.strictEqual(user.userPrincipalName, "nina_fabrikam.com#EXT#@contoso.onmicrosoft.com")
      assert.isUndefined(userOf(yield* bench.world, oscar), "out of scope")
      assert.deepStrictEqual(yield* bench.mailbox(nina), [], "nobody is invited by mail")
    }),
  )

  it.effect("[IDN-108] nobody is synchronized before a partner is allowed to", () =>
    Effect.gen(function* () {
      const bench = yield* lab()
      assert.strictEqual(verdict(yield* allow(bench)), "deny synchronization-partner")
      yield* addPartner(bench)
      const shown = () =>
        Effect.map(bench.as("ivan", get, { [key]: fabrikamId }), (it) => it.output)
      assert.deepStrictEqual(yield* shown(), [
        { TenantId: fabrikamId, UserSyncInbound: { IsSyncAllowed: false } },
      ])
      const refused = yield* push(bench)
      assert.strictEqual(verdict(refused), "deny synchronization-inbound")
      assert.strictEqual(refusal(refused), "AzureActiveDirectoryCrossTenantSyncPolicyCheckFailure")
      assert.strictEqual(
        (yield* bench.as("ursula", set, {
          [key]: fabrikamId,
          BodyParameter: { userSyncInbound: { isSyncAllowed: true } },
        })).decision.outcome,
        "deny",
      )
      yield* allow(bench)
      assert.deepStrictEqual(yield* shown(), [
        { TenantId: fabrikamId, UserSyncInbound: { IsSyncAllowed: true } },
      ])
      assert.strictEqual(verdict(yield* push(bench)), "allow")
    }),
  )

  it.effect.each([
    [false, true],
    [true, false],
    [false, false],
  ] as const)(
    "[IDN-041] both sides redeem automatically, or nothing runs: %s and %s",
    ([out, into]) =>
      Effect.gen(function* () {
        const bench = yield* lab()
        yield* addPartner(bench, into)
        yield* allow(bench)
        const refused = yield* push(bench, { automaticRedemption: out })
        assert.strictEqual(verdict(refused), "deny synchronization-redemption")
        assert.strictEqual(refusal(refused), "AzureDirectoryB2BManagementPolicyCheckFailure")
        yield* bench.wait(minutes(41))
        assert.isUndefined(userOf(yield* bench.world, nina))
      }),
  )

  it.effect("[IDN-005] a guest who is here already stays as invited", () =>
    Effect.gen(function* () {
      const bench = yield* lab()
      yield* accepted(bench, nina)
      yield* addPartner(bench)
      yield* allow(bench)
      const before = userOf(yield* bench.world, nina)
      yield* push(bench)
      yield* bench.wait(minutes(41))
      assert.deepStrictEqual(userOf(yield* bench.world, nina), before)
    }),
  )

  it.effect("[IDN-107] a tenant pushes its own users only, and has to exist", () =>
    Effect.gen(function* () {
      const bench = yield* lab()
      yield* addPartner(bench)
      yield* allow(bench)
      assert.strictEqual(
        verdict(yield* push(bench, { scope: [nina, "zoe@outlook.com"] })),
        "deny synchronization-scope",
      )
      assert.strictEqual(
        verdict(yield* push(bench, { organization: "nowhere.example" })),
        "deny synchronization-source",
      )
    }),
  )

  it.effect(
    "[IDN-108] a run every forty minutes; a switch back stops it and keeps who is here",
    () =>
      Effect.gen(function* () {
        const bench = yield* lab()
        yield* addPartner(bench)
        yield* allow(bench)
        yield* push(bench)
        yield* bench.wait(1)
        yield* push(bench, { scope: [nina, oscar] })
        yield* bench.wait(1)
        assert.isDefined(userOf(yield* bench.world, oscar))
        const user = userOf(yield* bench.world, oscar)
        yield* bench.as("ivan", "Remove-MgUser", { UserId: user?.id })
        yield* bench.wait(minutes(39))
        assert.isUndefined(userOf(yield* bench.world, oscar))
        yield* bench.wait(minutes(2))
        assert.isDefined(userOf(yield* bench.world, oscar), "the next run brings him back")
        yield* bench.simulation.establish("a new name, and disabled", [
          {
            _tag: "PersonAdded",
            person: {
              address: oscar,
              displayName: "Oscar Renamed",
              account: "entra",
              aliases: [],
              homeTenant: fabrikamId,
              accountEnabled: false,
            },
          },
        ])
        yield* bench.wait(minutes(40))
        const copy = userOf(yield* bench.world, oscar)
        assert.deepStrictEqual([copy?.displayName, copy?.accountEnabled], ["Oscar Renamed", false])
        yield* allow(bench, false)
        yield* bench.as("ivan", "Remove-MgUser", { UserId: user?.id })
        yield* bench.wait(minutes(120))
        assert.isUndefined(userOf(yield* bench.world, oscar))
        assert.isDefined(userOf(yield* bench.world, nina), "who was synchronized stays")
      }),
  )
})
