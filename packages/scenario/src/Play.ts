import { instant, type Journal } from "@twin/kernel"
import { makeTenant, resumeTenant, type Tenant, type TenantCheckpoint } from "@twin/tenant"
import { Effect, Stream } from "effect"
import type { LoadedScenario } from "./decodeScenario.ts"
import { emptyMemory, type Memory, type PlacedStep } from "./Memory.ts"
import type { Message } from "./Message.ts"
import { PlayUnable } from "./PlayUnable.ts"
import { runSetup } from "./powershellStep.ts"
import { runStep } from "./runStep.ts"

/** A moment of a play, complete: going back means starting again from here. */
interface Moment {
  readonly checkpoint: TenantCheckpoint
  readonly memory: Memory
}

export interface PlayOptions {
  readonly seed: string
  /** Where the tenant keeps what happens; in memory if absent. It must be empty. */
  readonly journal?: Journal["Service"]
}

/** A scenario on stage: forwards, backwards, and questions about the tenant in between. */
export interface Play {
  readonly loaded: LoadedScenario
  readonly seed: string
  readonly steps: readonly PlacedStep[]
  /** The first message. */
  readonly opening: Message
  /** Number of the next step; `steps.length` at the end. */
  readonly position: Effect.Effect<number>
  /** The next step would like the presenter to type this parameter. */
  readonly asks: Effect.Effect<string | undefined>
  /** Plays the next step; nothing at the end. `typed` replaces the parameter it asks for. */
  readonly forward: (typed?: string) => Effect.Effect<readonly Message[], PlayUnable>
  /**
   * What would have happened without some of the steps that were played: from the first of them to the
   * end, on a copy. What a left-out step expects is judged all the same.
   */
  readonly without: (
    positions: ReadonlySet<number>,
  ) => Effect.Effect<readonly Message[], PlayUnable>
  /** Back to the moment before a step that has been reached. */
  readonly goTo: (position: number) => Effect.Effect<void>
  /** The tenant of this moment. */
  readonly tenant: Effect.Effect<Tenant>
  readonly memory: Effect.Effect<Memory>
  /** A copy of this moment to try things on; the play does not notice. */
  readonly fork: Effect.Effect<{ readonly tenant: Tenant; readonly memory: Memory }, PlayUnable>
}

const unable = (cause: { readonly message: string }) => new PlayUnable({ detail: cause.message })

/** All steps of a scenario in the order in which they are played. */
export const placedSteps = ({ scenario, lineOf }: LoadedScenario): readonly PlacedStep[] =>
  scenario.agenda.flatMap((section, at) =>
    section.steps.map(
      (body, step): PlacedStep => ({ section: at, step, line: lineOf(at, step), body }),
    ),
  )

/** Sets the tenant up and stands before the first step. */
export const makePlay = Effect.fn("makePlay")(function* (
  loaded: LoadedScenario,
  options: PlayOptions,
) {
  const { seed } = options
  const { scenario } = loaded
  const steps = placedSteps(loaded)
  let tenant = yield* startingTenant(loaded, options).pipe(Effect.mapError(unable))
  let memory = emptyMemory
  let position = 0
  const opening = openingOf(loaded, seed, yield* tenant.now)
  const moments: Moment[] = [
    { checkpoint: yield* tenant.checkpoint.pipe(Effect.mapError(unable)), memory },
  ]

  const forward = Effect.fn("Play.forward")(function* (typed?: string) {
    const placed = steps[position]
    if (placed === undefined) return []
    const before = sectionsBefore(loaded, steps, position)
    const result = yield* runStep({ tenant, memory, placed, typed, isLeftOut: false }).pipe(
      Effect.mapError(unable),
    )
    memory = result.memory
    position += 1
    moments[position] = {
      checkpoint: yield* tenant.checkpoint.pipe(Effect.mapError(unable)),
      memory,
    }
    const messages = [...before, ...result.messages]
    if (position === steps.length) {
      messages.push(...sectionsFrom(loaded, placed.section + 1, scenario.agenda.length))
      messages.push(closingOf(memory, yield* tenant.now))
    }
    return messages
  })

  const without = Effect.fn("Play.without")(function* (positions: ReadonlySet<number>) {
    const first = Math.min(...positions)
    const moment = moments[first]
    if (moment === undefined) return []
    let copy = yield* resumeTenant(seed, moment.checkpoint)
    let copied = moment.memory
    const messages: Message[] = []
    for (const [index, placed] of steps.slice(first).entries()) {
      const isLeftOut = positions.has(first + index)
      const result = yield* runStep({
        tenant: copy,
        memory: copied,
        placed,
        typed: undefined,
        isLeftOut,
      }).pipe(Effect.mapError(unable))
      copied = result.memory
      messages.push(...result.messages)
      if (isLeftOut) copy = yield* inStep(copy, moments[first + index + 1])
    }
    return messages
  })

  // Calls that were left out count all the same: later ones then have the chance that they had, and
  // nothing but the step itself is missing.
  const inStep = Effect.fnUntraced(function* (copy: Tenant, after: Moment | undefined) {
    const checkpoint = yield* copy.checkpoint.pipe(Effect.mapError(unable))
    const ordinal = Math.max(checkpoint.ordinal, after?.checkpoint.ordinal ?? 0)
    return yield* resumeTenant(seed, { ...checkpoint, ordinal })
  })

  const play: Play = {
    loaded,
    seed,
    steps,
    opening,
    position: Effect.sync(() => position),
    asks: Effect.sync(() => {
      const body = steps[position]?.body
      return body !== undefined && "typed" in body ? body.typed : undefined
    }),
    forward,
    without,
    goTo: Effect.fn("Play.goTo")(function* (target: number) {
      const moment = moments[Math.max(0, target)]
      if (moment === undefined) return
      tenant = yield* resumeTenant(seed, moment.checkpoint)
      memory = moment.memory
      position = Math.max(0, target)
    }),
    tenant: Effect.sync(() => tenant),
    memory: Effect.sync(() => memory),
    fork: Effect.gen(function* () {
      const checkpoint = yield* tenant.checkpoint.pipe(Effect.mapError(unable))
      return { tenant: yield* resumeTenant(seed, checkpoint), memory }
    }),
  }
  return play
})

/** The whole play as one stream, from the opening to the end. */
export const playAll = (
  loaded: LoadedScenario,
  options: PlayOptions,
): Stream.Stream<Message, PlayUnable> =>
  Stream.unwrap(
    Effect.map(makePlay(loaded, options), (play) =>
      Stream.concat(
        Stream.make(play.opening),
        Stream.fromIterable(play.steps).pipe(
          Stream.mapEffect(() => play.forward()),
          Stream.flatMap(Stream.fromIterable),
        ),
      ),
    ),
  )

const startingTenant = Effect.fnUntraced(function* (
  loaded: LoadedScenario,
  { seed, journal }: PlayOptions,
) {
  const { at, people, setup } = loaded.scenario.tenant
  const tenant = yield* makeTenant({
    seed,
    ...(journal === undefined ? {} : { journal }),
    ...(at === undefined ? {} : { start: instant(at) }),
    ...(people === undefined ? {} : { people }),
  })
  const problem = setup === undefined ? undefined : yield* runSetup(tenant, setup)
  if (problem !== undefined) {
    return yield* new PlayUnable({ detail: `the set-up of the tenant failed: ${problem}` })
  }
  return tenant
})

const openingOf = ({ scenario, file }: LoadedScenario, seed: string, at: number): Message => ({
  _tag: "ScenarioStarted",
  id: scenario.id,
  title: scenario.title,
  abstract: scenario.abstract,
  level: scenario.level,
  durationMinutes: scenario.durationMinutes,
  file,
  seed,
  at,
  agenda: scenario.agenda.map(({ title, steps }) => ({ title, steps: steps.length })),
  claims: scenario.claims ?? [],
  sources: scenario.sources,
})

/** A section begins before its first step; sections without steps before the next one that has some. */
const sectionsBefore = (
  loaded: LoadedScenario,
  steps: readonly PlacedStep[],
  position: number,
): Message[] => {
  const to = steps[position]?.section ?? 0
  const from = position === 0 ? 0 : (steps[position - 1]?.section ?? 0) + 1
  return sectionsFrom(loaded, from, to + 1)
}

const sectionsFrom = ({ scenario }: LoadedScenario, from: number, until: number): Message[] =>
  scenario.agenda.slice(from, until).map((section, index) => ({
    _tag: "SectionStarted",
    section: from + index,
    title: section.title,
    talk: section.talk ?? "",
  }))

const closingOf = ({ held, failed, openErrors }: Memory, at: number): Message => ({
  _tag: "ScenarioFinished",
  held,
  failed,
  errors: openErrors.length,
  at,
})
