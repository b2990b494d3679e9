import { bytesContain, type CryptoServices, memoryServices } from "@twin/crypto"
import {
  type Actor,
  type CallResult,
  type Checkpoint,
  type Client,
  type Decision,
  decidingGate,
  defaultEra,
  type Journal,
  type JournalRecord,
  type JournalUnusable,
  type Mail,
  mailboxOf,
  makeDraw,
  makeSimulation,
  nearest,
  type OperationFailure,
  resumeSimulation,
} from "@twin/kernel"
import { Effect } from "effect"
import { actorNamed } from "./actorNamed.ts"
import { establishContoso } from "./contoso.ts"
import { QuestionUnanswerable, StoredUnknown, type WhoUnknown } from "./Errors.ts"
import { storedBytesOf, storedThing } from "./storedThing.ts"
import { type TenantSimulation, type TenantWorld, tenantComposition } from "./TenantWorld.ts"

/** A question to the access oracle: who, doing what, to which thing, with which client. */
export interface AccessQuestion {
  readonly who: string
  readonly action: string
  readonly on: string
  readonly using?: Partial<Client>
}

/** Everything needed to go on from a moment, as often as wanted. */
export type TenantCheckpoint = Checkpoint<TenantWorld, CryptoServices>

/** A running tenant: people call operations, time moves, everything is journalled. */
export interface Tenant {
  readonly seed: string
  readonly world: Effect.Effect<TenantWorld>
  /** Epoch milliseconds of the tenant's clock. */
  readonly now: Effect.Effect<number>
  readonly records: Effect.Effect<readonly JournalRecord[], JournalUnusable>
  /** Who somebody is right now: kind, active roles, client. */
  readonly actor: (who: string, using?: Partial<Client>) => Effect.Effect<Actor, WhoUnknown>
  /** Runs an operation; a refusal is an answer, not an error. */
  readonly call: (
    actor: Actor,
    operation: string,
    params: unknown,
  ) => Effect.Effect<CallResult, OperationFailure>
  /** The access oracle: may they, and why? Leaves no trace. */
  readonly explain: (
    question: AccessQuestion,
  ) => Effect.Effect<Decision, WhoUnknown | QuestionUnanswerable>
  /** What has arrived in a mailbox, oldest first. */
  readonly mailbox: (who: string) => Effect.Effect<readonly Mail[], WhoUnknown | JournalUnusable>
  /** Whether a text stands in the stored bytes of a file, message or document, in any encoding. */
  readonly searchStored: (
    thing: string,
    text: string,
  ) => Effect.Effect<{ readonly isFound: boolean; readonly size: number }, StoredUnknown>
  /** Whether the stored bytes really open for somebody; tried on a copy, leaves no trace. */
  readonly openStored: (
    thing: string,
    who: string,
  ) => Effect.Effect<
    { readonly isOpen: boolean; readonly reason: string },
    StoredUnknown | WhoUnknown | OperationFailure
  >
  /** Moves the clock forward by milliseconds; returns what fell due on the way. */
  readonly advance: (millis: number) => Effect.Effect<readonly JournalRecord[], JournalUnusable>
  readonly checkpoint: Effect.Effect<TenantCheckpoint, JournalUnusable>
  /** A tenant of its own that goes on from this moment: to try things on. */
  readonly copy: Effect.Effect<Tenant, JournalUnusable>
  /** The simulation below, for readers of stored bytes. */
  readonly simulation: TenantSimulation
}

export interface TenantOptions {
  readonly seed: string
  /** Epoch milliseconds; the default era if absent. */
  readonly start?: number
  /** Made-up members besides the named ones; none if absent. */
  readonly people?: number
  readonly journal?: Journal["Service"]
}

/** A tenant as its baseline leaves it: people, sites, labels, documents. */
export const makeTenant = Effect.fn("makeTenant")(function* (options: TenantOptions) {
  const simulation = yield* makeSimulation({
    composition: tenantComposition,
    seed: options.seed,
    services: yield* memoryServices,
    start: options.start ?? defaultEra,
    ...(options.journal === undefined ? {} : { journal: options.journal }),
  })
  yield* establishContoso(simulation, { seed: options.seed, people: options.people ?? 0 })
  return tenantOf(simulation, options.seed)
})

/** A tenant that goes on from a checkpoint: a rewind, or a fork for a what-if. */
export const resumeTenant = (seed: string, from: TenantCheckpoint): Effect.Effect<Tenant> =>
  Effect.map(resumeSimulation(tenantComposition, seed, from), (it) => tenantOf(it, seed))

const tenantOf = (simulation: TenantSimulation, seed: string): Tenant => {
  const actor = Effect.fnUntraced(function* (who: string, using: Partial<Client> = {}) {
    const world = yield* simulation.world
    return yield* actorNamed({ world, who, using, now: yield* simulation.now })
  })
  return {
    seed,
    simulation,
    world: simulation.world,
    now: simulation.now,
    records: simulation.records,
    call: simulation.call,
    advance: simulation.advance,
    checkpoint: simulation.checkpoint,
    copy: Effect.flatMap(simulation.checkpoint, (it) => resumeTenant(seed, it)),
    actor,
    explain: Effect.fn("Tenant.explain")(function* ({ who, action, on, using }: AccessQuestion) {
      const questions = tenantComposition.questions.filter((it) => it.action === action)
      if (questions.length === 0) {
        const known = [...new Set(tenantComposition.questions.map((it) => it.action))].toSorted()
        return yield* new QuestionUnanswerable({ reason: "action", given: action, known })
      }
      const call = {
        world: yield* simulation.world,
        actor: yield* actor(who, using),
        now: yield* simulation.now,
        // A question draws nothing that lasts; its draws need only be the same each time.
        draw: makeDraw(`${seed}/question`),
      }
      for (const question of questions) {
        const decision = question.ask(call, on)
        if (decision !== undefined) return decision
      }
      const subjects = questions.flatMap((it) => it.subjects(call.world)).toSorted()
      const near = nearest(on, subjects)
      return yield* new QuestionUnanswerable({
        reason: "subject",
        given: on,
        known: near.length > 0 ? near : subjects,
      })
    }),
    searchStored: Effect.fn("Tenant.searchStored")(function* (name: string, text: string) {
      const thing = storedThing(yield* simulation.world, name)
      if (thing === undefined) return yield* new StoredUnknown({ name })
      const { services } = yield* Effect.orDie(simulation.checkpoint)
      const bytes = yield* Effect.provideContext(storedBytesOf(thing), services.context)
      return { isFound: bytesContain(bytes, text), size: bytes.length }
    }),
    openStored: Effect.fn("Tenant.openStored")(function* (name: string, who: string) {
      const thing = storedThing(yield* simulation.world, name)
      if (thing === undefined) return yield* new StoredUnknown({ name })
      const fork = yield* resumeSimulation(tenantComposition, seed, yield* simulation.checkpoint)
      const { decision } = yield* fork.call(
        yield* actor(who, thing.open.using),
        thing.open.operation,
        thing.open.params,
      )
      return { isOpen: decision.outcome === "allow", reason: decidingGate(decision).reason }
    }),
    mailbox: Effect.fn("Tenant.mailbox")(function* (who: string) {
      const { id } = yield* actor(who)
      return mailboxOf(yield* simulation.mails, id, yield* simulation.now)
    }),
  }
}
