import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { actor, ivan, makeTenant, type Tenant } from "../tenant.ts"

const alice = actor("alice")
const gus = actor("gus@gmail.com")
/** Nobody has the first address, so its mail comes back. */
const mail = { to: ["nobody@contoso.com", "bob@contoso.com"], subject: "Offer" }
const system = "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e"

const reporter = Effect.fnUntraced(function* (it: Tenant, who: typeof alice) {
  yield* it.call(who, "send-mail", mail)
  const { from, subject } = yield* it.lastMail(who.id)
  assert.strictEqual(subject, "Undeliverable: Offer")
  return from
})

describe("who reports that mail could not be delivered", () => {
  it.effect("[EXO-203] to senders inside the service itself, in the default domain", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      assert.strictEqual(yield* reporter(it, alice), `${system}@contoso.com`)
      const domain = "contoso.onmicrosoft.com"
      yield* it.admin("Set-AcceptedDomain", { Identity: domain, MakeDefault: true })
      assert.strictEqual(yield* reporter(it, alice), `${system}@${domain}`)
      const shown = yield* it.call(ivan, "Get-AcceptedDomain", {})
      assert.deepStrictEqual(
        shown.output.filter((row) => row["Default"] === true).map((row) => row["Name"]),
        [domain],
      )
      yield* it.admin("Set-TransportConfig", { ExternalPostmasterAddress: "mail@contoso.com" })
      assert.strictEqual(yield* reporter(it, alice), `${system}@${domain}`)
    }),
  )

  it.effect("[EXO-203] to senders outside the postmaster, who may have another address", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      assert.strictEqual(yield* reporter(it, gus), "postmaster@contoso.com")
      const set = (ExternalPostmasterAddress: string | null) =>
        it.admin("Set-TransportConfig", { ExternalPostmasterAddress })
      yield* set("help@contoso.com")
      assert.strictEqual(yield* reporter(it, gus), "help@contoso.com")
      const shown = yield* it.admin("Get-TransportConfig", {})
      assert.strictEqual(shown["ExternalPostmasterAddress"], "help@contoso.com")
      for (const wrong of ["help", "a b@contoso.com", "help@contoso", "<help@contoso.com>"]) {
        const gate = yield* it.refuse(ivan, "Set-TransportConfig", {
          ExternalPostmasterAddress: wrong,
        })
        assert.strictEqual(gate.name, "postmaster-address", wrong)
      }
      yield* it.admin("Set-TransportConfig", { MessageExpiration: "12:00:00" })
      assert.strictEqual(yield* reporter(it, gus), "help@contoso.com")
      yield* set(null)
      assert.strictEqual(yield* reporter(it, gus), "postmaster@contoso.com")
    }),
  )
})
