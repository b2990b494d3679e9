import {
  type Binding,
  type Call,
  commonSwitches,
  type Decision,
  type FactId,
  type NamedObjects,
  namedObjects,
  notRecognized,
  type Operation,
  type OutputObject,
  operation,
  type PlainStruct,
  type Ruling,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import {
  common,
  complianceAudit,
  complianceReaderRoles,
  complianceRoles,
  whatIfWarning,
} from "./cmdlet.ts"

/** What a cmdlet of Security & Compliance PowerShell comes to. */
export interface ComplianceAnswer {
  readonly decision: Decision
  readonly events?: readonly MipEvent[]
  readonly output?: readonly OutputObject[]
  readonly warnings?: readonly string[]
  /** What the audit record says was changed. */
  readonly changed?: string
}

interface ComplianceSpec<F extends Schema.Struct.Fields, R> {
  readonly name: string
  readonly summary: string
  readonly params: PlainStruct<F>
  readonly facts: readonly [FactId, ...FactId[]]
  readonly binding?: Binding
  /** Parameters whose values neither journal nor audit record keep. */
  readonly secrets?: readonly string[]
  readonly decide: (
    call: Call<MipWorld>,
    params: Schema.Struct<F>["Type"],
  ) => ComplianceAnswer | Effect.Effect<ComplianceAnswer, never, R>
}

/**
 * A cmdlet that changes something: its roles, what others see instead, the switches that all of them
 * take, and the audit record with the parameters that were given.
 */
export const complianceCmdlet = <F extends Schema.Struct.Fields, R = never>(
  spec: ComplianceSpec<F, R>,
): Operation<MipWorld, MipEvent, R> =>
  operation<MipWorld, MipEvent, F, R>({
    name: spec.name,
    summary: spec.summary,
    params: spec.params,
    roles: complianceRoles,
    roleRefusal: notRecognized(spec.name),
    facts: spec.facts,
    binding: { ...spec.binding, switches: [...(spec.binding?.switches ?? []), ...commonSwitches] },
    secrets: spec.secrets ?? [],
    decide: (call, params) => {
      const answer = spec.decide(call, params)
      const kept = Object.fromEntries(
        Object.entries(params).map(([name, value]) => [
          name,
          spec.secrets?.includes(name) === true ? "System.Byte[]" : value,
        ]),
      )
      const settled = (it: ComplianceAnswer): Ruling<MipEvent> => rulingOf(spec.name, kept, it)
      return Effect.isEffect(answer) ? Effect.map(answer, settled) : settled(answer)
    },
  })

const rulingOf = (
  cmdlet: string,
  params: object,
  { decision, events = [], output = [], warnings = [], changed }: ComplianceAnswer,
): Ruling<MipEvent> =>
  decision.outcome === "allow"
    ? {
        decision,
        events,
        output,
        audit: changed === undefined ? [] : [complianceAudit(cmdlet, changed, { ...params })],
        warnings: [...whatIfWarning(params), ...warnings],
      }
    : { decision }

/** A kind of thing that administrators make, look at and take away by name. */
export interface ComplianceKind<A> extends NamedObjects {
  /** What stands behind the verb: `LabelPolicy`. */
  readonly noun: string
  /** What an identity can be, for help. */
  readonly identity: string
  readonly find: (world: MipWorld, identity: string) => A | undefined
}

/** How `Get-` shows a kind of thing. */
export interface ShowSpec<A> {
  readonly summary: string
  readonly all: (world: MipWorld) => readonly A[]
  readonly shown: (world: MipWorld, it: A) => OutputObject
  /** The parameter that names one of them; `Identity` unless given. */
  readonly parameter?: string
}

/** How `Remove-` takes one of them away. */
export interface RemoveSpec<A> {
  readonly summary: string
  readonly facts?: readonly [FactId, ...FactId[]]
  readonly nameOf: (it: A) => string
  readonly removed: (it: A, now: number) => MipEvent
}

/** The cmdlets that every kind of thing has alike, and the gate before those that it has of its own. */
export const complianceKind = <A>(kind: ComplianceKind<A>) => {
  const { noun, facts, find } = kind
  const { known, list } = namedObjects(kind)
  const identity = Schema.NonEmptyString.annotate({ description: kind.identity })
  return {
    known,
    list,
    find,
    identity,
    /** `Get-`: all of them, or the one that was named. */
    showing: ({ summary, all, shown, parameter = "Identity" }: ShowSpec<A>) =>
      operation({
        name: `Get-${noun}`,
        summary,
        params: Schema.Struct({ [parameter]: Schema.optionalKey(identity) }),
        roles: complianceReaderRoles,
        roleRefusal: notRecognized(`Get-${noun}`),
        facts,
        binding: { positional: [parameter], pipeline: parameter },
        isReadOnly: true,
        decide: ({ world }: Call<MipWorld>, params): Ruling<MipEvent> =>
          list({
            all: all(world),
            identity: params[parameter],
            find: (it) => find(world, it),
            shown: (it) => shown(world, it),
          }),
      }),
    /** `Remove-`: the one that was named. */
    removing: (spec: RemoveSpec<A>) =>
      complianceCmdlet({
        name: `Remove-${noun}`,
        summary: spec.summary,
        params: Schema.Struct({ Identity: identity, ...common }),
        facts: spec.facts ?? facts,
        binding: { positional: ["Identity"], pipeline: "Identity" },
        decide: ({ world, now }, { Identity }) => {
          const found = find(world, Identity)
          const decision = known(Identity, found !== undefined)
          if (found === undefined) return { decision }
          return { decision, events: [spec.removed(found, now)], changed: spec.nameOf(found) }
        },
      }),
  }
}
