import { type CryptoServices, KeyVault, memoryServices } from "@twin/crypto"
import {
  type Actor,
  type Call,
  type Client,
  makeDraw,
  type Services,
  seededBytes,
} from "@twin/kernel"
import { Context, Effect, Random } from "effect"
import { SecureRandom } from "effect/crypto"
import { type MipWorld } from "../src/index.ts"
import { actor, baseline, client, evolveAll, start, type WorldEvent } from "./world.ts"

/** One tenant in which calls follow each other: state, time and services. */
export interface Stage {
  readonly world: MipWorld
  readonly now: number
  /** Runs with what the world is now, then applies its events. */
  readonly run: <A extends { readonly events: readonly WorldEvent[] }>(
    who: string | Actor,
    effect: (call: Call<MipWorld>) => Effect.Effect<A, never, CryptoServices>,
  ) => Effect.Effect<A>
  readonly apply: (...events: readonly WorldEvent[]) => void
  readonly wait: (millis: number) => void
  readonly asking: (
    contentId: string,
    address: string,
    app?: Client["app"],
  ) => {
    readonly world: MipWorld
    readonly contentId: string
    readonly address: string
    readonly client: Client
    readonly now: number
  }
}

/** Key pairs take most of the time of a test: those of the usual people are made once. */
const warm: { services?: Services<CryptoServices> } = {}
const usualKeys = [
  "rms-tenant-key/microsoft-managed",
  ...["alice", "bob", "carol", "dave", "judy"].map((it) => `account-key/${it}@contoso.com`),
  ...["nina@fabrikam.com", "oscar@fabrikam.co.uk", "zoe@outlook.com"].map(
    (it) => `account-key/${it}`,
  ),
]
export const warmServices: Effect.Effect<Services<CryptoServices>> = Effect.gen(function* () {
  if (warm.services === undefined) {
    const services = yield* memoryServices
    const make = Effect.gen(function* () {
      const vault = yield* KeyVault
      for (const keyId of usualKeys) yield* vault.createKeyPair(keyId)
    })
    yield* Effect.provideContext(make, contextOf(services, "warm"))
    warm.services = services
  }
  return yield* warm.services.copy
})

const contextOf = (services: Services<CryptoServices>, seed: string) =>
  Context.add(
    services.context,
    SecureRandom.SecureRandom,
    SecureRandom.make(seededBytes(seed)),
  ) as Context.Context<CryptoServices>

/** A fresh stage; the same seed gives the same bytes. `isCold`: no key is made beforehand. */
export const makeStage = (
  from: MipWorld = baseline,
  seed = "stage",
  isCold = false,
): Effect.Effect<Stage> =>
  Effect.gen(function* () {
    const services = yield* isCold ? memoryServices : warmServices
    const context = contextOf(services, seed)
    const live = { world: from, now: start, calls: 0 }
    return {
      get world() {
        return live.world
      },
      get now() {
        return live.now
      },
      run: (who, effect) =>
        Effect.gen(function* () {
          live.calls += 1
          const by = typeof who === "string" ? actor(who) : who
          const draw = makeDraw(`${seed}/${live.calls}`)
          const result = yield* effect({ world: live.world, actor: by, now: live.now, draw })
          live.world = evolveAll(live.world, result.events)
          return result
        }).pipe(Random.withSeed(seed), Effect.provideContext(context)),
      apply: (...events) => {
        live.world = evolveAll(live.world, events)
      },
      wait: (millis) => {
        live.now += millis
      },
      asking: (contentId, address, app = "office-desktop") => ({
        world: live.world,
        contentId,
        address,
        client: client(app),
        now: live.now,
      }),
    }
  })
