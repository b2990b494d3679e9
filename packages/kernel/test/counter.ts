import { Effect, Schema } from "effect"
import {
  compose,
  decideByGates,
  deny,
  domain,
  gate,
  type KernelEvent,
  type KernelWorld,
  kernelDomain,
  operation,
  pass,
} from "../src/index.ts"

/** The smallest domain that has everything: used by the kernel's own tests. */
export interface CounterState {
  readonly total: number
  readonly deadline?: number
}
export interface CounterWorld extends KernelWorld {
  readonly counter: CounterState
}
export const CounterEvent = Schema.TaggedUnion({
  Counted: { by: Schema.Number, label: Schema.String },
  DeadlineSet: { at: Schema.Number },
  DeadlinePassed: { at: Schema.Number },
})
export type CounterEvent = typeof CounterEvent.Type

interface CountFacets {
  readonly by: number
  readonly limit: number
}

export const withinLimit = gate<CountFacets>()({
  name: "within-limit",
  facts: ["DCO-001"],
  reads: ["by", "limit"],
  check: ({ by, limit }) =>
    by <= limit
      ? pass("The step is small enough.", { by, limit })
      : deny("The step is too large.", { by, limit }, { code: "TooLarge", message: "Too large." }),
})

const count = operation<CounterWorld, CounterEvent, { by: typeof Schema.Number }>({
  name: "count-up",
  summary: "Counts.",
  params: Schema.Struct({ by: Schema.Number }),
  facts: ["DCO-001"],
  decide: ({ draw, actor }, { by }) => {
    const decision = decideByGates([withinLimit], { by, limit: 10 })
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [{ _tag: "Counted", by, label: draw.guid("label") }],
      audit: [{ operation: "Counted", recordType: 1, workload: "Datacenter" }],
      mail: [{ kind: "message", from: "c@x", to: actor.id, subject: "n", text: String(by) }],
    }
  },
})

const setDeadline = operation({
  name: "Set-Deadline",
  summary: "Sets a deadline.",
  params: Schema.Struct({ At: Schema.Number }),
  roles: ["Keeper"],
  facts: ["DCO-001"],
  decide: (_call: { world: CounterWorld }, { At }) =>
    Effect.succeed({
      decision: decideByGates([withinLimit], { by: 0, limit: 1 }),
      events: [{ _tag: "DeadlineSet" as const, at: At }],
    }),
})

const evolve = (state: CounterState, event: CounterEvent): CounterState =>
  CounterEvent.match(event, {
    Counted: ({ by }) => ({ ...state, total: state.total + by }),
    DeadlineSet: ({ at }) => ({ ...state, deadline: at }),
    DeadlinePassed: () => ({ total: state.total }),
  })

export const counterDomain = domain<CounterWorld, CounterState, CounterEvent, CounterEvent>({
  name: "counter",
  initial: { total: 0 },
  events: CounterEvent,
  evolve,
  operations: [count, setDeadline],
  faults: [{ name: "stuck", summary: "Nothing moves.", facts: ["DCO-001"] }],
  due: ({ counter: { deadline } }, until) =>
    deadline !== undefined && deadline <= until
      ? [
          {
            at: deadline,
            name: "deadline-passed",
            decision: decideByGates([withinLimit], { by: 0, limit: 1 }),
            events: [{ _tag: "DeadlinePassed", at: deadline }],
          },
        ]
      : [],
})

export const composition = compose<CounterWorld, CounterEvent | KernelEvent, never>([
  kernelDomain(counterDomain.faults),
  counterDomain,
])
