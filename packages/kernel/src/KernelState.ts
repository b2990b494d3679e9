import { Schema } from "effect"
import { domain, type FaultDefinition } from "./Domain.ts"
import { decideByGates, deny, gate, pass } from "./GateRule.ts"
import { type Operation, operation } from "./Operation.ts"

/** What no domain owns: which faults are on, and who the organisation is. */
export interface KernelState {
  /** Lower-case GUID of the tenant, as audit records carry it. */
  readonly organizationId: string
  /** Fault name -> epoch milliseconds since when. */
  readonly faults: Readonly<Record<string, number>>
}

/** Every world has this slice. */
export interface KernelWorld {
  readonly kernel: KernelState
}

export const KernelEvent = Schema.TaggedUnion({
  OrganizationNamed: { organizationId: Schema.NonEmptyString },
  FaultSwitched: { fault: Schema.NonEmptyString, isOn: Schema.Boolean, at: Schema.Number },
})
export type KernelEvent = typeof KernelEvent.Type

/** Whether a fault is on; a domain asks by the name it declared. */
export const isFaultOn = (world: KernelWorld, fault: string): boolean =>
  Object.hasOwn(world.kernel.faults, fault)

/** The faults that are on, sorted by name. */
export const faultsOn = (world: KernelWorld): readonly string[] =>
  Object.keys(world.kernel.faults).toSorted()

export const evolveKernel = (state: KernelState, event: KernelEvent): KernelState =>
  KernelEvent.match(event, {
    OrganizationNamed: ({ organizationId }) => ({ ...state, organizationId }),
    FaultSwitched: ({ fault, isOn, at }) => {
      const faults = Object.fromEntries(
        Object.entries(state.faults).filter(([name]) => name !== fault),
      )
      return { ...state, faults: isOn ? { ...faults, [fault]: at } : faults }
    },
  })

interface FaultFacets {
  readonly fault: string
  readonly isKnown: boolean
  readonly known: string
}

const faultIsKnown = gate<FaultFacets>()({
  name: "fault-known",
  facts: ["DCO-309"],
  reads: ["fault", "isKnown", "known"],
  check: ({ fault, isKnown, known }) =>
    isKnown
      ? pass("The twin models this fault.", { fault })
      : deny("The twin has no fault of this name.", { fault, known }),
})

/**
 * The kernel's own slice as a domain, with the one operation that switches faults. It needs the
 * faults that the other domains declare.
 */
export const kernelDomain = (faults: readonly FaultDefinition[]) => {
  const known = faults.map(({ name }) => name).toSorted()
  const switchFault: Operation<KernelWorld, KernelEvent> = operation({
    name: "switch-fault",
    summary: "Switches a disturbance of the service on or off.",
    params: Schema.Struct({
      fault: Schema.NonEmptyString.annotate({ description: "Name of the fault" }),
      on: Schema.Boolean.annotate({ description: "true: it begins, false: it ends" }),
    }),
    facts: ["DCO-309"],
    decide: ({ now }, { fault, on }) => {
      const decision = decideByGates([faultIsKnown], {
        fault,
        isKnown: known.includes(fault),
        known: known.join(", "),
      })
      return decision.outcome === "allow"
        ? { decision, events: [{ _tag: "FaultSwitched", fault, isOn: on, at: now }] }
        : { decision }
    },
  })
  return domain<KernelWorld, KernelState, KernelEvent, KernelEvent>({
    name: "kernel",
    initial: { organizationId: "00000000-0000-4000-8000-000000000000", faults: {} },
    events: KernelEvent,
    evolve: evolveKernel,
    operations: [switchFault],
  })
}
