import { decidingGate } from "@twin/kernel"
import { makeTenant } from "@twin/tenant"
import { Effect } from "effect"

const program = Effect.gen(function* () {
  const tenant = yield* makeTenant({ seed: "1" })
  const ask = Effect.gen(function* () {
    const decision = yield* tenant.explain({ who: "oscar", action: "open", on: "Press Kit.docx" })
    const { name, reason } = decidingGate(decision)
    console.log(`${decision.outcome} by ${name}: ${reason}`)
  })
  yield* ask
  const alice = yield* tenant.actor("alice")
  const params = { file: "Press Kit.docx", to: ["oscar@fabrikam.com"], scope: "users" }
  yield* tenant.call(alice, "share-file", params)
  yield* ask
  yield* tenant.call(yield* tenant.actor("oscar"), "redeem-invitation", {})
  yield* ask
})

await Effect.runPromise(program)
