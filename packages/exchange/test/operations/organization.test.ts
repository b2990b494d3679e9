import { assert, describe, it } from "@effect/vitest"
import { days, hours } from "@twin/kernel"
import { Effect } from "effect"
import { actor, heidi, ivan, makeTenant, theMessage } from "../tenant.ts"

const alice = actor("alice")

describe("accepted domains", () => {
  it.effect("[EXO-115] [EXO-116] an external relay domain is outside, a verified one inside", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-TransportRule", {
        Name: "To us",
        SentToScope: "InOrganization",
        SetHeaderName: "X-Scope",
        SetHeaderValue: "inside",
      })
      const rules = Effect.fnUntraced(function* () {
        const id = yield* it.send(alice, { to: ["bob@contoso.com"], subject: "S" })
        return theMessage(yield* it.world, id).copies[0]?.rules.length
      })
      assert.strictEqual(yield* rules(), 1)
      const { output } = yield* it.call(heidi, "Get-AcceptedDomain", {})
      assert.deepInclude(output, {
        Name: "contoso.com",
        DomainName: "contoso.com",
        DomainType: "Authoritative",
        Default: true,
      })
      const relay = { Identity: "contoso.com", DomainType: "ExternalRelay" }
      yield* it.admin("Set-AcceptedDomain", relay)
      const row = yield* it.admin("Get-AcceptedDomain", { Identity: "contoso.com" })
      assert.strictEqual(row["DomainType"], "ExternalRelay")
      yield* it.admin("Set-AcceptedDomain", { ...relay, DomainType: "InternalRelay" })
      assert.strictEqual(yield* rules(), 1)
      const other = { Identity: "fabrikam.com", DomainType: "Authoritative" }
      assert.strictEqual(
        (yield* it.refuse(heidi, "Set-AcceptedDomain", other)).name,
        "accepted-domain",
      )
    }),
  )

  it.effect(
    "[EXO-044] [EXO-015] the templates of the service are the built-in ones and the labels'",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const names = (params: object) =>
          Effect.map(it.call(heidi, "Get-RMSTemplate", params), ({ output }) =>
            output.map((row) => row["Name"]),
          )
        assert.deepStrictEqual(yield* names({}), [
          "Confidential",
          "Confidential \\ All Employees",
          "Highly Confidential \\ All Employees",
          "Encrypt",
          "Do Not Forward",
        ])
        assert.deepStrictEqual(yield* names({ Identity: "encrypt" }), ["Encrypt"])
        assert.strictEqual((yield* names({ Identity: "none" })).length, 5)
      }),
  )
})

describe("message trace", () => {
  it.effect("[EXO-180] shows two days unless asked for more, rule hits and what failed", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-TransportRule", { Name: "Tag", PrependSubject: "[x] " })
      const id = yield* it.send(alice, {
        to: ["bob@contoso.com", "gus@gmail.com", "nobody@contoso.com"],
        subject: "Offer",
      })
      const trace = (params: object) =>
        Effect.map(it.call(heidi, "Get-MessageTraceV2", params), ({ output }) =>
          output.map((row) => `${row["RecipientAddress"] as string} ${row["Status"] as string}`),
        )
      assert.deepStrictEqual(yield* trace({}), [
        "bob@contoso.com Delivered",
        "gus@gmail.com Delivered",
        "nobody@contoso.com Failed",
      ])
      assert.deepStrictEqual(yield* trace({ Status: ["Failed"] }), ["nobody@contoso.com Failed"])
      assert.deepStrictEqual(yield* trace({ SenderAddress: ["bob@contoso.com"] }), [])
      assert.strictEqual((yield* trace({ Subject: "offer", ResultSize: 1 })).length, 1)
      const detail = yield* it.call(heidi, "Get-MessageTraceDetailV2", {
        MessageTraceId: id,
        RecipientAddress: "bob@contoso.com",
      })
      assert.deepStrictEqual(
        detail.output.map((row) => row["Event"]),
        ["RECEIVE", "Transport rule", "DELIVER"],
      )
      yield* it.wait(hours(49))
      assert.deepStrictEqual(yield* trace({}), [])
      const week = { StartDate: "2026-08-31" }
      assert.strictEqual((yield* trace(week)).length, 3)
      yield* it.wait(days(100))
      for (const params of [week, { StartDate: "someday" }, { ResultSize: 0 }]) {
        assert.strictEqual(
          (yield* it.refuse(heidi, "Get-MessageTraceV2", params)).name,
          "trace-window",
        )
      }
    }),
  )
})

describe("roles", () => {
  const cmdlets: readonly (readonly [string, object])[] = [
    ["New-TransportRule", { Name: "x" }],
    ["Set-OMEConfiguration", { Identity: "OME Configuration" }],
    ["Set-OMEMessageRevocation", { MessageId: "<x@y>", Revoke: true }],
    ["Set-IRMConfiguration", {}],
    ["change-subscription", {}],
  ]
  it.effect("nobody changes anything without a role, a reader reads", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const reader = actor("judy", "powershell", ["Global Reader"])
      for (const [cmdlet, params] of cmdlets) {
        for (const who of [alice, reader]) {
          assert.strictEqual((yield* it.refuse(who, cmdlet, params)).name, "role")
        }
      }
      yield* it.allow(reader, "Get-IRMConfiguration", {})
      yield* it.refuse(alice, "Get-TransportRule", {})
      yield* it.allow(ivan, "change-subscription", { premiumEncryption: false })
    }),
  )
})
