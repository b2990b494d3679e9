import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeTenant } from "../src/index.ts"

const tenant = Effect.runSync(makeTenant({ seed: "1", people: 20 }))

const failure = (who: string) => Effect.flip(tenant.actor(who))

const invited = Effect.fnUntraced(function* () {
  const copy = yield* tenant.copy
  const params = {
    InvitedUserEmailAddress: "zoe@outlook.com",
    InviteRedirectUrl: "https://x.example",
  }
  yield* copy.call(yield* copy.actor("ivan"), "New-MgInvitation", params)
  return copy
})

describe("actor", () => {
  it.effect.each([
    ["alice", "alice@contoso.com", "member"],
    ["  ALICE ", "alice@contoso.com", "member"],
    ["Alice@Contoso.com", "alice@contoso.com", "member"],
    ["nina", "nina@fabrikam.com", "external"],
    ["pat@mailbox.example", "pat@mailbox.example", "external"],
    ["ed", "ed", "datacenter-engineer"],
    ["anonymous", "anonymous", "anonymous"],
    ["system", "system", "system"],
  ] as const)("'%s' is %s, %s", ([who, id, kind]) =>
    Effect.gen(function* () {
      const actor = yield* tenant.actor(who)
      assert.deepStrictEqual([actor.id, actor.kind], [id, kind])
    }),
  )

  it.effect("has the roles of this moment and the client that is asked for", () =>
    Effect.gen(function* () {
      const grace = yield* tenant.actor("grace", { device: "unmanaged" })
      assert.deepStrictEqual(grace.roles, ["SharePoint Administrator"])
      assert.deepStrictEqual([grace.client.app, grace.client.device], ["browser", "unmanaged"])
      assert.deepStrictEqual((yield* tenant.actor("anonymous")).roles, [])
    }),
  )

  it.effect("somebody who was invited is a guest from then on", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* tenant.actor("zoe")).kind, "external")
      const zoe = yield* (yield* invited()).actor("zoe")
      assert.deepStrictEqual([zoe.id, zoe.kind], ["zoe@outlook.com", "guest"])
    }),
  )

  it.effect("an unknown name fails with the names that may be meant", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* failure("alcie")).suggestions, ["alice"])
      assert.include((yield* failure("alcie")).message, "Did you mean alice?")
      assert.deepStrictEqual((yield* failure("qqqqqqqq")).suggestions, [])
      assert.deepStrictEqual((yield* failure("nobody@nowhere.example")).suggestions, [])
    }),
  )

  it.effect.each(["\u001b[2Jalice", "al\u202eice", "\u0000", "", "__proto__", "long"])(
    "a hostile name (%j) is nobody, and its message moves no cursor",
    (who) =>
      Effect.gen(function* () {
        const { message } = yield* failure(who === "long" ? "a".repeat(100_000) : who)
        assert.notMatch(message, /[\p{Cc}\p{Cf}]/u)
        assert.isBelow(message.length, 300)
      }),
  )
})
