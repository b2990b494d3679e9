import { assert, describe, it } from "@effect/vitest"
import { Context, Effect } from "effect"
import {
  type Actor,
  canonicalJson,
  decidingGate,
  defaultClient,
  firstBreak,
  mailboxOf,
  makeSimulation,
  replay,
  resumeSimulation,
  type Services,
} from "../src/index.ts"
import { composition } from "./counter.ts"

const none: Services<never> = {
  context: Context.empty(),
  copy: Effect.suspend(() => Effect.succeed(none)),
}
const ann: Actor = { id: "ann@x", kind: "member", roles: [], client: defaultClient }
const keeper: Actor = { ...ann, roles: ["Keeper"] }
const fresh = (seed: string) =>
  makeSimulation({ composition, seed, services: none, start: Date.UTC(2026, 8, 1) })

describe("Simulation", () => {
  it.effect("applies what it has journalled, and only that", () =>
    Effect.gen(function* () {
      const twin = yield* fresh("s")
      const allowed = yield* twin.call(ann, "COUNT-UP", { by: 3 })
      assert.strictEqual(allowed.decision.outcome, "allow")
      const refused = yield* twin.call(ann, "count-up", { by: 30 })
      assert.strictEqual(refused.decision.outcome, "deny")
      assert.strictEqual(decidingGate(refused.decision).name, "within-limit")
      const world = yield* twin.world
      assert.strictEqual(world.counter.total, 3)
      const records = yield* twin.records
      assert.strictEqual(records.length, 2)
      assert.isUndefined(firstBreak(records))
      assert.deepStrictEqual(replay(composition, records), world)
      assert.strictEqual(mailboxOf(yield* twin.mails, "ANN@x", yield* twin.now).length, 1)
    }),
  )

  it.effect("refuses an operation to an account without its role", () =>
    Effect.gen(function* () {
      const twin = yield* fresh("s")
      const refused = yield* twin.call(ann, "Set-Deadline", { At: 1 })
      assert.strictEqual(refused.decision.outcome, "deny")
      assert.strictEqual(decidingGate(refused.decision).name, "role")
      const allowed = yield* twin.call(keeper, "Set-Deadline", { At: 1 })
      assert.strictEqual(allowed.decision.outcome, "allow")
    }),
  )

  it.effect("changes nothing on bad parameters or an unknown operation", () =>
    Effect.gen(function* () {
      const twin = yield* fresh("s")
      const bad = yield* Effect.flip(twin.call(ann, "count-up", { by: "x", more: 1 }))
      assert.strictEqual(bad._tag, "ParametersInvalid")
      assert.include(bad.message, "by")
      assert.include(bad.message, "more")
      const missing = yield* Effect.flip(twin.call(ann, "cuont-up", {}))
      assert.include(missing.message, "Did you mean count-up?")
      assert.strictEqual((yield* twin.records).length, 0)
    }),
  )

  it.effect("lets deadlines pass at their own moment when time moves", () =>
    Effect.gen(function* () {
      const twin = yield* fresh("s")
      const start = yield* twin.now
      yield* twin.call(keeper, "Set-Deadline", { At: start + 5_000 })
      const due = yield* twin.advance(60_000)
      assert.deepStrictEqual(
        due.map(({ at, operation }) => [at - start, operation]),
        [[5_000, "deadline-passed"]],
      )
      assert.strictEqual((yield* twin.now) - start, 60_000)
    }),
  )

  it.effect("a fork from a checkpoint leaves the original alone and repeats its chance", () =>
    Effect.gen(function* () {
      const twin = yield* fresh("s")
      yield* twin.call(ann, "count-up", { by: 1 })
      const checkpoint = yield* twin.checkpoint
      const fork = yield* resumeSimulation(composition, "s", checkpoint)
      yield* fork.call(ann, "count-up", { by: 5 })
      assert.strictEqual((yield* twin.world).counter.total, 1)
      yield* twin.call(ann, "count-up", { by: 5 })
      assert.strictEqual(canonicalJson(yield* twin.records), canonicalJson(yield* fork.records))
      const back = yield* resumeSimulation(composition, "s", checkpoint)
      assert.deepStrictEqual(yield* back.world, checkpoint.world)
    }),
  )

  it.effect("the same seed gives the same journal byte for byte, another seed other ids", () =>
    Effect.gen(function* () {
      const run = Effect.fnUntraced(function* (seed: string) {
        const twin = yield* fresh(seed)
        yield* twin.call(ann, "count-up", { by: 1 })
        yield* twin.advance(1_000)
        yield* twin.call(ann, "count-up", { by: 2 })
        return canonicalJson(yield* twin.records)
      })
      assert.strictEqual(yield* run("a"), yield* run("a"))
      assert.notStrictEqual(yield* run("a"), yield* run("b"))
    }),
  )

  it.effect("knows the faults that its domains declare, and refuses others by name", () =>
    Effect.gen(function* () {
      const twin = yield* fresh("s")
      const on = yield* twin.call(keeper, "switch-fault", { fault: "stuck", on: true })
      assert.strictEqual(on.decision.outcome, "allow")
      assert.deepStrictEqual(Object.keys((yield* twin.world).kernel.faults), ["stuck"])
      const wrong = yield* twin.call(keeper, "switch-fault", { fault: "flood", on: true })
      assert.strictEqual(decidingGate(wrong.decision).name, "fault-known")
      yield* twin.call(keeper, "switch-fault", { fault: "stuck", on: false })
      assert.deepStrictEqual((yield* twin.world).kernel.faults, {})
    }),
  )
})
