import { Effect } from "effect"
import { objectNotFound } from "./adminCmdlet.ts"
import { andThen, type Decision, type Refusal } from "./Decision.ts"
import type { FactId } from "./FactId.ts"
import { decideByGates, deny, gate, pass } from "./GateRule.ts"
import type { Operation, OutputObject, Ruling } from "./Operation.ts"

/** Things that cmdlets name: label policies, mailbox policies, accepted domains. */
export interface NamedObjects {
  /** Their kind in the plural, for reasons and details. */
  readonly objects: string
  readonly facts: readonly [FactId, ...FactId[]]
  /** The gate's name, where the kind has one of its own. */
  readonly gate?: string
  /** What the service says of an identity that none of them has. */
  readonly notFound?: (identity: string) => Refusal
}

/** What a `Get-` cmdlet was asked: everything, or the one thing of an identity. */
export interface Asked<A> {
  readonly all: readonly A[]
  readonly identity: string | undefined
  readonly find: (identity: string) => A | undefined
  readonly shown: (it: A) => OutputObject
}

interface KnownFacets {
  readonly objects: string
  readonly identity: string
  readonly isKnown: boolean
}

/**
 * The one way in which a cmdlet looks for what it was told to name: `known` for those that change
 * it, `list` for those that show it. An identity that nobody has is refused, and shows nothing.
 */
export const namedObjects = ({
  objects,
  facts,
  gate: name = "object-known",
  notFound = objectNotFound,
}: NamedObjects) => {
  const objectKnown = gate<KnownFacets>()({
    name,
    facts,
    reads: ["objects", "identity", "isKnown"],
    check: ({ identity, isKnown }) => {
      if (identity === "") return pass("The account may see all of them.", { objects })
      return isKnown
        ? pass("What was named is there.", { objects, identity })
        : deny("There is nothing of this name.", { objects, identity }, notFound(identity))
    },
  })
  const known = (identity: string, isKnown: boolean): Decision =>
    decideByGates([objectKnown], { objects, identity, isKnown })
  const list = <A>({ all, identity, find, shown }: Asked<A>): Ruling<never> => {
    if (identity === undefined) return { decision: known("", true), output: all.map(shown) }
    const found = find(identity)
    const decision = known(identity, found !== undefined)
    return found === undefined ? { decision } : { decision, output: [shown(found)] }
  }
  return { known, list }
}

/**
 * The operation of a domain below, where only a domain above knows what its parameter may name: a
 * mailbox of the directory, a site. What is not there is refused once the one below has allowed.
 */
export const whereKnown = <World, Event, R>(
  below: Operation<World, Event, R>,
  parameter: string,
  evaluate: (world: World, identity: string) => Decision,
): Operation<World, Event, R> => ({
  ...below,
  extendsBelow: true,
  rule: (call, params) =>
    Effect.map(below.rule(call, params), (ruling) => {
      const given = Object.entries(params ?? {}).find(([name]) => name === parameter)
      const decision = andThen(ruling.decision, () => evaluate(call.world, String(given?.[1])))
      return decision.outcome === "allow" ? { ...ruling, decision } : { decision }
    }),
})
