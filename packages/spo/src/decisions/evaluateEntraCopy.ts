import { evaluateRestrictions } from "@twin/identity"
import { type Call, type Decision, type Gate, hours, isoOf } from "@twin/kernel"
import { entraPolicyCopyOf } from "../in-force/entraPolicyCopy.ts"
import type { SpoWorld } from "../State.ts"

/** Gates of Entra under the name that they have when SharePoint asks its own copy. */
export const copiedGate = (name: string): string => `copied-${name}`

/**
 * What SharePoint's own copy of the Entra settings says about inviting somebody, before Entra itself
 * is asked (IDN-077). The copy may be a day old: the two can disagree, and the first that refuses
 * decides (Interactions 1).
 */
export const evaluateEntraCopy = (
  { world, actor, now }: Call<SpoWorld>,
  address: string,
): Decision => {
  const { restrictions, takenAt, takenBy } = entraPolicyCopyOf(world, now)
  const details = {
    copyTakenAt: isoOf(takenAt),
    copyTakenBy: takenBy,
    copyAgeHours: ((now - takenAt) / hours(1)).toFixed(1),
  }
  const fromCopy = (gate: Gate): Gate => ({
    ...gate,
    name: copiedGate(gate.name),
    reason: `${gate.reason} So says SharePoint's own copy of the Entra settings.`,
    details: { ...gate.details, ...details },
    facts: ["IDN-077", "SPO-113", ...gate.facts],
  })
  const decision = evaluateRestrictions(restrictions, { inviter: actor, address })
  const [first, ...rest] = decision.gates
  return { ...decision, gates: [fromCopy(first), ...rest.map(fromCopy)] }
}
