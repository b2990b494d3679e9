import { Clock, Context, Effect, Random, type Schema, Semaphore } from "effect"
import { SecureRandom } from "effect/crypto"
import { type Actor, systemActor } from "./Actor.ts"
import { auditRecord } from "./AuditRecord.ts"
import type { Decision } from "./Decision.ts"
import type { Composition, Due, Tagged } from "./Domain.ts"
import { drawFromRandom, seededBytes } from "./Draw.ts"
import type { OperationFailure } from "./Errors.ts"
import { type JournalUnusable, OperationUnknown } from "./Errors.ts"
import { decideByGates, type Facets, gate, pass } from "./GateRule.ts"
import {
  type Journal,
  type JournalEvent,
  type JournalRecord,
  makeMemoryJournal,
} from "./Journal.ts"
import type { KernelWorld } from "./KernelState.ts"
import type { Mail, OutgoingMail } from "./Mail.ts"
import { nearest } from "./nearest.ts"
import type { OutputObject, Ruling } from "./Operation.ts"
import { makeVirtualClock } from "./VirtualClock.ts"

/**
 * What the operations need besides state, and how to get an independent copy of it for a fork.
 * `SecureRandom` is not among it: the simulation seeds one for each call.
 */
export interface Services<R> {
  readonly context: Context.Context<Exclude<R, SecureRandom.SecureRandom>>
  /** A copy that shares nothing which can change. Cheap: contents are immutable values. */
  readonly copy: Effect.Effect<Services<R>>
}

/** A moment of a simulation, complete: going back means starting again from here. */
export interface Checkpoint<World, R> {
  readonly world: World
  readonly now: number
  readonly ordinal: number
  readonly records: readonly JournalRecord[]
  readonly services: Services<R>
}

/** The answer to one call. */
export interface CallResult {
  readonly decision: Decision
  readonly output: readonly OutputObject[]
  readonly warnings: readonly string[]
  /** Variables that a script finds afterwards, by name; absent where there are none. */
  readonly variables?: OutputObject
  /** Absent where nothing was written (reads). */
  readonly record?: JournalRecord
}

/** A world that runs: calls come in one after the other, time moves when told to. */
export interface Simulation<World, Event extends Tagged, R> {
  readonly world: Effect.Effect<World>
  readonly now: Effect.Effect<number>
  readonly records: Effect.Effect<readonly JournalRecord[], JournalUnusable>
  /** All mails ever sent, oldest first; `mailboxOf` tells which have arrived. */
  readonly mails: Effect.Effect<readonly Mail[], JournalUnusable>
  /** Journal first, then apply: nothing is half done. */
  readonly call: (
    actor: Actor,
    operation: string,
    params: unknown,
  ) => Effect.Effect<CallResult, OperationFailure>
  /** Writes what nobody decided: how a tenant starts. Journalled like everything else. */
  readonly establish: (
    name: string,
    events: readonly Event[],
  ) => Effect.Effect<JournalRecord, JournalUnusable>
  /** Moves the clock forward; what falls due on the way happens at its own moment, in order. */
  readonly advance: (millis: number) => Effect.Effect<readonly JournalRecord[], JournalUnusable>
  readonly checkpoint: Effect.Effect<Checkpoint<World, R>, JournalUnusable>
}

/** What a simulation is made of. */
export interface SimulationOptions<World, Event extends Tagged, R> {
  readonly composition: Composition<World, Event, R>
  /** Same seed, same calls: same journal. */
  readonly seed: string
  readonly services: Services<R>
  /** Epoch milliseconds at which the clock starts. */
  readonly start: number
  /** Where records go; in memory unless given. It must be empty. */
  readonly journal?: Journal["Service"]
}

/** Starts a new simulation from the composition's initial world. */
export const makeSimulation = <World extends KernelWorld, Event extends Tagged, R>(
  options: SimulationOptions<World, Event, R>,
): Effect.Effect<Simulation<World, Event, R>> =>
  start(options, options.journal ?? makeMemoryJournal([]), {
    world: options.composition.initial,
    now: options.start,
    ordinal: 0,
    records: [],
    services: options.services,
  })

/** Goes on from a checkpoint, as often as wanted: a rewind, a fork for a what-if. In memory. */
export const resumeSimulation = <World extends KernelWorld, Event extends Tagged, R>(
  composition: Composition<World, Event, R>,
  seed: string,
  from: Checkpoint<World, R>,
): Effect.Effect<Simulation<World, Event, R>> =>
  Effect.flatMap(from.services.copy, (services) =>
    start({ composition, seed }, makeMemoryJournal(from.records), { ...from, services }),
  )

/** The world that a journal's records lead to: a replay decides nothing anew. */
export const replay = <World, Event extends Tagged, R>(
  composition: Composition<World, Event, R>,
  records: Iterable<JournalRecord>,
): World => {
  let world = composition.initial
  for (const record of records) world = record.events.reduce(composition.evolve, world)
  return world
}

interface Live<World> {
  world: World
  /** Counts calls, so that each has chance of its own; survives rewinding and forking. */
  ordinal: number
}

const start = <World extends KernelWorld, Event extends Tagged, R>(
  { composition, seed }: Pick<SimulationOptions<World, Event, R>, "composition" | "seed">,
  journal: Journal["Service"],
  from: Checkpoint<World, R>,
): Effect.Effect<Simulation<World, Event, R>> =>
  Effect.sync(() => {
    const live: Live<World> = { world: from.world, ordinal: from.ordinal }
    const time = makeVirtualClock(from.now)
    const alone = Semaphore.makeUnsafe(1).withPermits(1)

    /** Journal first, then apply. */
    const commit = Effect.fnUntraced(function* (written: Written<Event>) {
      const draw = yield* drawFromRandom
      const { organizationId } = live.world.kernel
      const now = time.now()
      const record = yield* journal.append({
        at: now,
        operation: written.operation,
        actor: written.actor,
        params: written.params,
        decision: written.ruling.decision,
        events: (written.ruling.events ?? []).map(plain),
        audit: (written.ruling.audit ?? []).map((entry, index) =>
          auditRecord({ entry, actor: written.actor, now, organizationId, draw, index }),
        ),
        mail: (written.ruling.mail ?? []).map((mail, index) =>
          posted(mail, draw.guid(`mail ${index}`), now),
        ),
      })
      live.world = record.events.reduce(composition.evolve, live.world)
      return record
    })

    const ownChance = <A, E>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E> => {
      const own = `${seed}/operation/${live.ordinal}`
      const context = Context.add(
        from.services.context,
        SecureRandom.SecureRandom,
        SecureRandom.make(seededBytes(`${own}/keys`)),
      )
      return effect.pipe(
        Random.withSeed(`${own}/world`),
        Effect.provideService(Clock.Clock, time.clock),
        // R is what the services hold and the one that was just added.
        Effect.provideContext(context as Context.Context<R>),
      )
    }

    const call = Effect.fn("Simulation.call")(
      function* (actor: Actor, name: string, params: unknown) {
        const operation = composition.operations.get(name.toLowerCase())
        if (operation === undefined) {
          const names = [...composition.operations.values()].map((it) => it.name)
          return yield* new OperationUnknown({ name, suggestions: nearest(name, names) })
        }
        const result = yield* ownChance(
          Effect.gen(function* () {
            const draw = yield* drawFromRandom
            const now = time.now()
            const ruling = yield* operation.rule({ world: live.world, actor, now, draw }, params)
            if (operation.isReadOnly) return answer(ruling)
            const shown = withoutSecrets(params, operation.secrets ?? [])
            const asked = { operation: operation.name, actor, params: asJson(shown), ruling }
            return { ...answer(ruling), record: yield* commit(asked) }
          }),
        )
        live.ordinal += 1
        return result
      },
      alone,
      Effect.uninterruptible,
    )

    const establish = Effect.fn("Simulation.establish")(
      function* (name: string, events: readonly Event[]) {
        const decision = decideByGates([given], {})
        const written = {
          operation: name,
          actor: systemActor,
          params: {},
          ruling: { decision, events },
        }
        const record = yield* ownChance(commit(written))
        live.ordinal += 1
        return record
      },
      alone,
      Effect.uninterruptible,
    )

    /** What a deadline comes to: its own events, or the ruling of the operation it calls. */
    const workOf = Effect.fnUntraced(function* (due: Due<Event>) {
      const work = due.operation
      if (work === undefined) return due
      const operation = composition.operations.get(work.name.toLowerCase())
      if (operation === undefined) {
        return yield* Effect.die(
          new Error(`'${due.name}' calls '${work.name}', which is not there`),
        )
      }
      const draw = yield* drawFromRandom
      const now = time.now()
      const asked = { world: live.world, actor: systemActor, now, draw }
      return yield* Effect.orDie(operation.rule(asked, work.params))
    })

    const advance = Effect.fn("Simulation.advance")(
      function* (millis: number) {
        const until = time.now() + Math.max(0, millis)
        const records: JournalRecord[] = []
        for (;;) {
          const due = earliest(composition, live.world, until)
          if (due === undefined) break
          time.setTime(Math.max(time.now(), due.at))
          const params = {}
          const ruling = yield* ownChance(workOf(due))
          const written = { operation: due.name, actor: systemActor, params, ruling }
          records.push(yield* ownChance(commit(written)))
          live.ordinal += 1
          if (records.length > dueLimit) {
            return yield* Effect.die(new Error(`'${due.name}' falls due again and again`))
          }
        }
        time.setTime(until)
        return records
      },
      alone,
      Effect.uninterruptible,
    )

    return {
      world: Effect.sync(() => live.world),
      now: Effect.sync(time.now),
      records: journal.records,
      mails: Effect.map(journal.records, (records) => records.flatMap(({ mail }) => mail)),
      call,
      establish,
      advance,
      checkpoint: Effect.gen(function* () {
        const services = yield* from.services.copy
        const records = yield* journal.records
        return { world: live.world, now: time.now(), ordinal: live.ordinal, records, services }
      }).pipe(alone),
    }
  })

/** What a starting tenant rests on is given, not decided. */
const given = gate<Facets>()({
  name: "given",
  facts: ["IDN-001"],
  reads: [],
  check: () => pass("This is how the tenant starts."),
})

interface Written<Event> {
  readonly operation: string
  readonly actor: Actor
  readonly params: Schema.Json
  readonly ruling: Pick<Ruling<Event>, "decision" | "events" | "audit" | "mail">
}

/** One advance never runs more deadlines than this: a rule that re-arms itself is a defect. */
const dueLimit = 100_000

const earliest = <World, Event extends Tagged, R>(
  composition: Composition<World, Event, R>,
  world: World,
  until: number,
): Due<Event> | undefined =>
  composition.domains
    .flatMap((it) => it.due(world, until))
    .filter((it) => it.at <= until)
    .toSorted((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1))[0]

const answer = <Event>(ruling: Ruling<Event>): CallResult => ({
  decision: ruling.decision,
  output: ruling.output ?? [],
  warnings: ruling.warnings ?? [],
  ...(ruling.variables === undefined ? {} : { variables: ruling.variables }),
})

/** Events are plain JSON with a tag by the rule for events; `undefined` members fall away. */
const plain = (event: Tagged): typeof JournalEvent.Type =>
  JSON.parse(JSON.stringify(event)) as typeof JournalEvent.Type

/** A replay decides nothing anew, so it misses nothing of what is left out here. */
const withoutSecrets = (params: unknown, secrets: readonly string[]): unknown =>
  typeof params !== "object" || params === null || secrets.length === 0
    ? params
    : Object.fromEntries(
        Object.entries(params).map(([name, value]) => [
          name,
          secrets.includes(name) ? "(not journalled)" : value,
        ]),
      )

const asJson = (params: unknown): Schema.Json =>
  params === undefined ? null : (JSON.parse(JSON.stringify(params)) as Schema.Json)

const posted = (mail: OutgoingMail, id: string, now: number): Mail => {
  const { delayMillis = 0, isLost = false, attachments = [], ...rest } = mail
  return {
    ...rest,
    id,
    attachments,
    sentAt: now,
    ...(isLost ? {} : { arrivesAt: now + delayMillis }),
  }
}
