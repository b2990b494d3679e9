import type { Schema } from "effect"
import type { AuditEntry } from "./AuditRecord.ts"
import type { Decision } from "./Decision.ts"
import type { FactId } from "./FactId.ts"
import type { OutgoingMail } from "./Mail.ts"
import type { Call, Operation } from "./Operation.ts"

/** A named disturbance that a scenario can switch on. */
export interface FaultDefinition {
  readonly name: string
  readonly summary: string
  readonly facts: readonly [FactId, ...FactId[]]
}

/** Something that falls due by the clock alone: an account that expires, a request that lapses. */
export interface Due<out Event> {
  /** Epoch milliseconds; not later than the moment asked for. */
  readonly at: number
  /** What the journal calls it, e.g. `jit-account-expired`. */
  readonly name: string
  readonly decision: Decision
  readonly events: readonly Event[]
  readonly audit?: readonly AuditEntry[]
  readonly mail?: readonly OutgoingMail[]
  /**
   * Work on stored bytes: the service calls this operation instead, and its ruling counts. It has to
   * change what made it due.
   */
  readonly operation?: { readonly name: string; readonly params: unknown }
}

/**
 * A question that the access oracle can answer: may this actor do this to that thing? Pure, without
 * trace; the operation of the same purpose asks the same gates.
 */
export interface Question<in World> {
  /** `open`, `edit`, `share`, `read`, `print`, ... */
  readonly action: string
  readonly summary: string
  /** The things of this world it can be asked about, sorted. */
  readonly subjects: (world: World) => readonly string[]
  /** Undefined where the subject is not one of this question's things. */
  readonly ask: (call: Call<World>, subject: string) => Decision | undefined
}

/** Two tagged shapes are enough for the kernel: the rest is the domain's business. */
export interface Tagged {
  readonly _tag: string
}

/** One domain as every composition sees it; the types of its slice and events are closed over. */
export interface Domain<in World, out Event extends Tagged, out R = never> {
  readonly name: string
  /** Tags of the events whose slice this is. */
  readonly tags: readonly string[]
  readonly events: Schema.Constraint
  readonly initial: unknown
  readonly evolveSlice: (slice: unknown, event: Tagged) => unknown
  readonly operations: readonly Operation<World, Event, R>[]
  readonly questions: readonly Question<World>[]
  readonly faults: readonly FaultDefinition[]
  readonly due: (world: World, until: number) => readonly Due<Event>[]
}

/** A tagged union schema, as `Schema.TaggedUnion` makes it. */
export interface EventSchema<out E extends Tagged> extends Schema.Constraint {
  readonly Type: E
  readonly cases: Readonly<Record<string, unknown>>
}

/**
 * Describes a domain: the slice `world[name]`, its own events, and how one changes the other. Its
 * operations may emit events of the domains below it as well (`Event` is then the wider union).
 */
export const domain = <World, Slice, Own extends Tagged, Event extends Tagged, R = never>(spec: {
  readonly name: string
  readonly initial: Slice
  readonly events: EventSchema<Own>
  readonly evolve: (slice: Slice, event: Own) => Slice
  readonly operations: readonly Operation<World, Event, R>[]
  readonly questions?: readonly Question<World>[]
  readonly faults?: readonly FaultDefinition[]
  readonly due?: (world: World, until: number) => readonly Due<Event>[]
}): Domain<World, Event | Own, R> => ({
  name: spec.name,
  tags: Object.keys(spec.events.cases),
  events: spec.events,
  initial: spec.initial,
  // Composition routes by tag, so that only the domain's own slice and events come here.
  evolveSlice: (slice, event) => spec.evolve(slice as Slice, event as Own),
  operations: spec.operations,
  questions: spec.questions ?? [],
  faults: spec.faults ?? [],
  due: spec.due ?? (() => []),
})

/** Domains put together: one world, one table of operations, one evolve. */
export interface Composition<World, Event extends Tagged, R> {
  readonly domains: readonly Domain<World, Event, R>[]
  readonly initial: World
  /** Total: an event that no domain knows leaves the world as it is. */
  readonly evolve: (world: World, event: Tagged) => World
  /** By name in lower case. */
  readonly operations: ReadonlyMap<string, Operation<World, Event, R>>
  readonly questions: readonly Question<World>[]
  readonly faults: readonly FaultDefinition[]
}

/**
 * Composes domains into a world with one slice each, the lower ones first. Two domains that claim the
 * same event are a defect, and so are two operations of one name, unless the later one says that it
 * extends the one below.
 */
export const compose = <World extends object, Event extends Tagged, R>(
  domains: readonly Domain<World, Event, R>[],
): Composition<World, Event, R> => {
  const owner = new Map<string, Domain<World, Event, R>>()
  const operations = new Map<string, Operation<World, Event, R>>()
  const world: Record<string, unknown> = {}
  for (const it of domains) {
    world[it.name] = it.initial
    for (const tag of it.tags) {
      if (owner.has(tag)) throw new Error(`two domains claim the event ${tag}`)
      owner.set(tag, it)
    }
    for (const op of it.operations) {
      const key = op.name.toLowerCase()
      if (operations.has(key) && op.extendsBelow !== true) {
        throw new Error(`two operations are called ${op.name}`)
      }
      operations.set(key, op)
    }
  }
  return {
    domains,
    initial: world as World,
    evolve: (before, event) => {
      const it = owner.get(event._tag)
      if (it === undefined) return before
      const slice = before[it.name as keyof World]
      const next = it.evolveSlice(slice, event)
      return next === slice ? before : { ...before, [it.name]: next }
    },
    operations,
    questions: domains.flatMap((it) => it.questions),
    faults: domains.flatMap((it) => it.faults),
  }
}
