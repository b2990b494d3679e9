import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { call, simulate } from "./operations/stage.ts"
import { group, joins, userIdOf } from "./world.ts"

it.effect("[MIP-038] rights name a group by any of its addresses in a verified domain", () =>
  Effect.gen(function* () {
    const sim = yield* simulate([
      group("Launch", { proxyAddresses: ["go@contoso.com", "go@elsewhere.example"] }),
      joins("Launch", userIdOf("bob")),
    ])
    const opens = Effect.fnUntraced(function* (to: string) {
      const file = `for ${to}.docx`
      yield* call(sim, "alice@contoso.com", "protect-document", { file, to: [to] })
      return (yield* call(sim, "bob@contoso.com", "open-document", { file })).verdict
    })
    assert.strictEqual(yield* opens("go@contoso.com"), "allow by application-enforces")
    assert.strictEqual(yield* opens("go@elsewhere.example"), "deny by usage-rights")
  }),
)
