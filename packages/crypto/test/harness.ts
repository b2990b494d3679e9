import { compose, kernelDomain, type KernelEvent, seededBytes } from "@twin/kernel"
import { Context, Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import {
  cryptoDomain,
  type CryptoEvent,
  type CryptoServices,
  type CryptoWorld,
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
      const random = SecureRandom.make(seededBytes(seed))
      return yield* effect.pipe(
        Effect.provideContext(Context.add(context, SecureRandom.SecureRandom, random)),
      )
    })
