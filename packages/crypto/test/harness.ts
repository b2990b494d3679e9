import { assert } from "@effect/vitest"
import {
  type Actor,
  type Checkpoint,
  compose,
  decidingGate,
  defaultClient,
  defaultEra,
  type KernelEvent,
  kernelDomain,
  makeSimulation,
  type OutputObject,
  resumeSimulation,
  type Services,
  type Simulation,
  seededBytes,
} from "@twin/kernel"
import { Arbitrary, Context, Effect, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import {
  type CryptoEvent,
  type CryptoServices,
  type CryptoWorld,
  cryptoDomain,
  memoryServices,
} from "../src/index.ts"

export const composition = compose<CryptoWorld, CryptoEvent | KernelEvent, CryptoServices>([
  kernelDomain(cryptoDomain.faults),
  cryptoDomain,
])

/** The world after these events. */
export const after = (
  world: CryptoWorld,
  events: readonly (CryptoEvent | KernelEvent)[],
): CryptoWorld => events.reduce<CryptoWorld>(composition.evolve, world)

/** Runs with an empty vault, an empty store and random bytes of this seed. */
export const withServices =
  (seed = "test") =>
  <A, E>(effect: Effect.Effect<A, E, CryptoServices>): Effect.Effect<A, E> =>
    Effect.gen(function* () {
      const { context } = yield* memoryServices
      return yield* inContext(context, seed)(effect)
    })

/** Runs with given services and random bytes of this seed. */
export const inContext =
  (context: Context.Context<Exclude<CryptoServices, SecureRandom.SecureRandom>>, seed: string) =>
  <A, E>(effect: Effect.Effect<A, E, CryptoServices>): Effect.Effect<A, E> =>
    effect.pipe(
      Effect.provideContext(
        Context.add(context, SecureRandom.SecureRandom, SecureRandom.make(seededBytes(seed))),
      ),
    )

const actor = (id: string, ...roles: string[]): Actor => ({
  id,
  kind: "member",
  roles,
  client: { ...defaultClient, app: "powershell" },
})
export const grace = actor("grace@contoso.com", "SharePoint Administrator")
export const heidi = actor("heidi@contoso.com", "Exchange Administrator")
export const ivan = actor("ivan@contoso.com", "Global Administrator")
export const judy = actor("judy@contoso.com", "Compliance Administrator")
export const mallory = actor("mallory@contoso.com")

type Moment = Checkpoint<CryptoWorld, CryptoServices>

/** A simulation of this domain alone, with shorthands that also check the outcome. */
export const startTwin = Effect.fnUntraced(function* (seed: string) {
  const services = yield* memoryServices
  const simulation = yield* makeSimulation({ composition, seed, services, start: defaultEra })
  return shorthands(seed, simulation, services)
})

/** The same again from a checkpoint, with keys and bytes of its own. */
export const resumeTwin = Effect.fnUntraced(function* (seed: string, moment: Moment) {
  const services = yield* moment.services.copy
  // The simulation copies once more, so it is handed a checkpoint that keeps this very copy.
  const kept: Services<CryptoServices> = { ...services, copy: Effect.succeed(services) }
  const simulation = yield* resumeSimulation(composition, seed, { ...moment, services: kept })
  return shorthands(seed, simulation, services)
})

const shorthands = (
  seed: string,
  simulation: Simulation<CryptoWorld, CryptoEvent | KernelEvent, CryptoServices>,
  services: Services<CryptoServices>,
) => {
  const allow = Effect.fnUntraced(function* (who: Actor, operation: string, params: object) {
    const result = yield* simulation.call(who, operation, params)
    assert.strictEqual(
      result.decision.outcome,
      "allow",
      `${operation}: ${decidingGate(result.decision).reason}`,
    )
    return result.output
  })
  /** The name of the gate that refused. */
  const refuse = Effect.fnUntraced(function* (who: Actor, operation: string, params: object) {
    const { decision } = yield* simulation.call(who, operation, params)
    assert.notStrictEqual(decision.outcome, "allow", operation)
    return decidingGate(decision)
  })
  /** Runs an effect of this package on the simulation's own keys and bytes, and applies its events. */
  const run = <A, E>(make: (world: CryptoWorld) => Effect.Effect<A, E, CryptoServices>) =>
    Effect.gen(function* () {
      const world = yield* simulation.world
      const ordinal = (yield* simulation.records).length
      return yield* inContext(services.context, `${seed}/${ordinal}`)(make(world))
    })
  const store = Effect.fnUntraced(function* (
    make: (world: CryptoWorld) => Effect.Effect<readonly CryptoEvent[], never, CryptoServices>,
  ) {
    const events = yield* run(make)
    yield* simulation.establish("store", events)
    return events
  })
  return { ...simulation, services, allow, refuse, run, store }
}
export type Twin = Effect.Success<ReturnType<typeof startTwin>>

/** Sizes from nothing to a few chunks, often at the borders between chunks. */
export const sizes = Arbitrary.map(
  Arbitrary.schema(
    Schema.Struct({
      chunks: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3 })),
      around: Schema.Int.check(Schema.isBetween({ minimum: -17, maximum: 17 })),
    }),
  ),
  ({ chunks, around }) => Math.max(0, chunks * 65_536 + around),
)

/** Content without repetition, so that a piece of it is found only where it really stands. */
export const content = (size: number, seed = "content"): Uint8Array => seededBytes(seed)(size)

/** A property of a printed row that is text; empty where it is none. */
export const textOf = (row: OutputObject | undefined, name: string): string => {
  const value = row?.[name]
  return typeof value === "string" ? value : ""
}
