import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import type { Label } from "../Label.ts"
import { sublabelsOf } from "../labelOf.ts"
import { policiesOf } from "../publishedLabels.ts"
import type { MipWorld } from "../State.ts"

interface RemovalFacets {
  readonly policies: number
  readonly sublabels: number
}

/** A label goes only after it is out of every policy, and after its sublabels (MIP-101). */
export const evaluateLabelRemoval = (world: MipWorld, label: Label): Decision =>
  decideByGates([unpublished], {
    policies: policiesOf(world).filter((it) => it.labels.includes(label.id)).length,
    sublabels: sublabelsOf(world, label.id).length,
  })

const rule = gate<RemovalFacets>()

const unpublished = rule({
  name: "label-unpublished",
  facts: ["MIP-101", "MIP-093"],
  reads: ["policies", "sublabels"],
  check: ({ policies, sublabels }) => {
    const details = { policies, sublabels }
    if (policies > 0) {
      return deny("A policy still publishes the label.", details, {
        message: "The label is in use by a label policy. Remove it from the policy first.",
      })
    }
    return sublabels > 0
      ? deny("The label still has sublabels.", details, {
          message: "The label has sublabels. Remove them first.",
        })
      : pass("No policy publishes the label, and nothing stands below it.", details)
  },
})
