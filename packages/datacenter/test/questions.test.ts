import { assert, describe, it } from "@effect/vitest"
import { type Actor, decidingGate, hours, makeDraw, resumeSimulation } from "@twin/kernel"
import { Effect } from "effect"
import { commands, datacenterDomain, engineerActor } from "../src/index.ts"
import { lived, steps } from "./histories.ts"
import { composition, ed, elevated, fresh, type TestSimulation } from "./setup.ts"

const asking = Effect.fnUntraced(function* (
  it: TestSimulation,
  actor: Actor,
  command: string,
  component: string,
) {
  const question = datacenterDomain.questions.find(({ action }) => action === `run:${command}`)
  const call = { world: yield* it.world, actor, now: yield* it.now, draw: makeDraw("question") }
  return question?.ask(call, component)
})

describe("may this engineer run this command on this machine now", () => {
  it.effect("[DCO-011] [DCO-053] no, then yes inside the elevation, then no again", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const ask = () => asking(it, ed, "Get-Queue", "exo-nam01-mbx01")
      const before = yield* ask()
      assert.isDefined(before)
      if (before) assert.strictEqual(decidingGate(before).name, "no-standing-access")
      yield* elevated(it)
      const during = yield* ask()
      assert.strictEqual(during?.outcome, "allow")
      if (during) {
        assert.strictEqual(decidingGate(during).route, "elevation ServiceEngineerOperations")
      }
      yield* it.advance(hours(1))
      assert.strictEqual((yield* ask())?.outcome, "deny")
    }),
  )

  it.effect("[DCO-298] can be asked for every command and machine, and about nothing else", () =>
    Effect.gen(function* () {
      const it = yield* fresh()
      const world = yield* it.world
      assert.strictEqual(datacenterDomain.questions.length, commands.length)
      for (const question of datacenterDomain.questions) {
        const subjects = question.subjects(world)
        assert.include(subjects, "exo-nam01-mbx01")
        assert.deepStrictEqual(subjects, [...subjects].toSorted())
      }
      assert.isUndefined(yield* asking(it, ed, "Get-Queue", "nowhere"))
    }),
  )

  it.effect.prop(
    "[DCO-058] [DCO-298] the answer is what the operation would decide by the best single way in",
    [steps],
    ([history]) =>
      Effect.gen(function* () {
        const it = yield* lived(history)
        const world = yield* it.world
        for (const who of ["ed", "eva"]) {
          for (const [action, component] of [
            ["Get-Queue", "exo-nam01-mbx01"],
            ["Get-ServerHealth", "exo-eur01-mbx01"],
            ["Get-DkmKey", "exo-nam01-dkm"],
          ] as const) {
            const answer = yield* asking(it, engineerActor(who), action, component)
            const ways: (string | undefined)[] = [undefined, ...world.datacenter.openRequests]
            let isAllowed = false
            for (const request of ways) {
              const params = { action, component, ...(request === undefined ? {} : { request }) }
              const { decision } = yield* forked(it, engineerActor(who), params)
              isAllowed ||= decision.outcome === "allow"
            }
            assert.strictEqual(answer?.outcome === "allow", isAllowed, `${who} ${action}`)
          }
        }
      }),
    { timeout: 120_000, arbitrary: { runs: 20 } },
  )
})

/** Tries a command on a copy of the world, so that the attempt leaves no trace. */
const forked = Effect.fnUntraced(function* (it: TestSimulation, actor: Actor, params: object) {
  const copy = yield* resumeSimulation(composition, "fork", yield* it.checkpoint)
  return yield* copy.call(actor, "run-as-engineer", params)
})
