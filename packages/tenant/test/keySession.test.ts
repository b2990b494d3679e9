import { assert, describe, it } from "@effect/vitest"
import { type Actor, decidingGate, defaultClient } from "@twin/kernel"
import { Effect } from "effect"
import { makeTenant } from "../src/index.ts"

const admin = (name: string, ...roles: string[]): Actor => ({
  id: `${name}@contoso.com`,
  kind: "member",
  roles,
  client: { ...defaultClient, app: "powershell" },
})
const ivan = admin("ivan", "Global Administrator")

describe("cmdlets of the module that handle keys", () => {
  it.effect(
    "[MIP-009] [MIP-010] ask for a session like all others, and know its administrators",
    () =>
      Effect.gen(function* () {
        const sim = yield* makeTenant({ seed: "keys" })
        const run = (who: Actor, name: string, params: object = {}) =>
          Effect.map(Effect.orDie(sim.call(who, name, params)), ({ decision }) => {
            const { name: gate } = decidingGate(decision)
            return `${decision.outcome} ${gate}`
          })
        const keys = (who: Actor) => run(who, "Get-AipServiceKeys")
        assert.strictEqual(yield* keys(ivan), "deny aip-service-session")
        yield* run(ivan, "Connect-AipService")
        assert.strictEqual(yield* keys(ivan), "allow listed")
        assert.strictEqual(yield* keys(admin("bob")), "deny role")
        yield* run(ivan, "Add-AipServiceRoleBasedAdministrator", {
          EmailAddress: "bob@contoso.com",
        })
        yield* run(admin("bob"), "Connect-AipService")
        assert.strictEqual(yield* keys(admin("bob")), "allow listed")
        yield* run(ivan, "Disconnect-AipService")
        assert.strictEqual(yield* keys(ivan), "deny aip-service-session")
      }),
  )
})
