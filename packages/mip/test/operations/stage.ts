import type { CryptoServices } from "@twin/crypto"
import { type Actor, decidingGate, makeSimulation, type Simulation } from "@twin/kernel"
import { Effect } from "effect"
import type { MipEvent, MipWorld } from "../../src/index.ts"
import { warmServices } from "../makeStage.ts"
import { actor, baseline, composition, evolveAll, start, type WorldEvent } from "../world.ts"

export type Sim = Simulation<MipWorld, WorldEvent, CryptoServices>

/** Administrators by name, with the role that counts here. */
export const admin = (name: string, ...roles: string[]): Actor => ({
  ...actor(`${name}@contoso.com`, "powershell"),
  roles,
})
export const ivan = admin("ivan", "Global Administrator")
export const judy = admin("judy", "Compliance Administrator")

/** A simulation that starts with the usual people and labels, and what a test adds. */
export const simulate = (
  events: readonly WorldEvent[] = [],
  from: MipWorld = baseline,
  at: number = start,
): Effect.Effect<Sim> =>
  Effect.gen(function* () {
    const initial = evolveAll(from, events)
    const services = yield* warmServices
    return yield* makeSimulation({
      composition: { ...composition, initial },
      seed: "test",
      services,
      start: at,
    })
  })

/** Calls an operation that must be known and take these parameters. */
export const call = (sim: Sim, who: Actor | string, name: string, params: object = {}) =>
  Effect.orDie(sim.call(typeof who === "string" ? actor(who) : who, name, params)).pipe(
    Effect.map((result) => ({
      ...result,
      verdict: `${result.decision.outcome} by ${decidingGate(result.decision).name}`,
      code: decidingGate(result.decision).refusal?.code,
    })),
  )

/** The events of the last record. */
export const eventsOf = (result: { readonly record?: { readonly events: readonly unknown[] } }) =>
  (result.record?.events ?? []) as readonly MipEvent[]
