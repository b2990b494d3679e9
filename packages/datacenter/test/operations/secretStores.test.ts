import { assert, describe, it } from "@effect/vitest"
import { hours } from "@twin/kernel"
import { Effect } from "effect"
import { elevationOf, liveAccountsOf } from "../../src/index.ts"
import {
  ask,
  ed,
  elevated,
  eva,
  fresh,
  operationsRequest,
  start,
  value,
  verdict,
} from "../setup.ts"

describe("the stores of secrets", () => {
  it.effect(
    "[CRY-092] the secret stores: a reason, the manager, some hours, and over with the log-out",
    () =>
      Effect.gen(function* () {
        const asked = {
          ...operationsRequest,
          role: "SecretStoreAccess",
          components: ["exo-nam01-safe"],
        }
        const unlock = { component: "exo-nam01-safe", action: "Get-BitLockerVolume" }
        const it = yield* fresh()
        const silent = yield* it.call(ed, "request-elevation", { ...asked, reason: "" })
        assert.strictEqual(verdict(silent), "deny at justification: JustificationMissing")
        const pending = yield* ask(it, asked)
        assert.strictEqual(elevationOf(yield* it.world, pending)?.state, "PendingManager")
        const early = yield* it.call(ed, "run-as-engineer", { ...unlock, request: pending })
        assert.notStrictEqual(early.decision.outcome, "allow")

        // Every other elevation outlives its sessions; this one does not.
        for (const [role, component, isLeft] of [
          ["SecretStoreAccess", "exo-nam01-safe", false],
          ["ServiceEngineerOperations", "exo-nam01-mbx01", true],
        ] as const) {
          const twin = yield* fresh()
          const request = yield* elevated(twin, { ...asked, role, components: [component] })
          const started = yield* twin.call(ed, "start-session", { request, component })
          const session = value(started, "session")
          const inside = { component, action: isLeft ? "Get-Queue" : unlock.action }
          assert.strictEqual(verdict(yield* twin.call(ed, "run-as-engineer", inside)), "allow")
          const stranger = yield* twin.call(eva, "end-session", { session })
          assert.notStrictEqual(stranger.decision.outcome, "allow")
          assert.strictEqual(liveAccountsOf(yield* twin.world, "ed", start).length, 1)
          assert.strictEqual(verdict(yield* twin.call(ed, "end-session", { session })), "allow")
          const live = liveAccountsOf(yield* twin.world, "ed", start)
          assert.strictEqual(live.length, isLeft ? 1 : 0, role)
          const again = yield* twin.call(ed, "start-session", { request, component })
          assert.strictEqual(again.decision.outcome, isLeft ? "allow" : "deny", role)
        }

        const timed = yield* fresh()
        yield* elevated(timed, asked)
        yield* timed.advance(hours(1))
        assert.isEmpty(liveAccountsOf(yield* timed.world, "ed", start + hours(1)))
      }),
  )
})
