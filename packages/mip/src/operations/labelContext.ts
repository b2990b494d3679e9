import type { Call } from "@twin/kernel"
import { decideByGates, deny, gate, operation, pass, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { labelOf } from "../labelOf.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import { complianceAudit, complianceRoles } from "./cmdlet.ts"
import { labelNames } from "./label.ts"

interface ContextFacets {
  readonly isForContainers: boolean
  readonly areDevicesChosen: boolean
}

const contextFits = gate<ContextFacets>()({
  name: "label-authentication-context",
  facts: ["MIP-216"],
  reads: ["isForContainers", "areDevicesChosen"],
  check: ({ isForContainers, areDevicesChosen }) => {
    if (!isForContainers) {
      return deny(
        "The label does not act on groups and sites.",
        { isForContainers },
        { message: "Turn on the protection settings for groups and sites first." },
      )
    }
    return areDevicesChosen
      ? deny(
          "The label says already what becomes of unmanaged devices.",
          { areDevicesChosen },
          { message: "Choose access from unmanaged devices or an authentication context." },
        )
      : pass("The label can ask for an authentication context.", { isForContainers })
  },
})

/** A choice of the portal: no parameter of the cmdlets is documented for it. */
export const setLabelContext = operation({
  name: "set-label-authentication-context",
  summary: "Lets a label for sites ask for an authentication context, or no more for one.",
  params: Schema.Struct({
    label: labelNames.identity,
    context: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Name of the context; absent: none" }),
    ),
  }),
  roles: complianceRoles,
  facts: ["MIP-216"],
  decide: ({ world, now }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const label = labelOf(world, params.label)
    if (label === undefined) return { decision: labelNames.known(params.label, false) }
    const { authenticationContext: _before, ...container } = label.container ?? { isEnabled: false }
    const { allowFullAccess, allowLimitedAccess, blockAccess } = container
    const decision = decideByGates([contextFits], {
      isForContainers: container.isEnabled,
      areDevicesChosen:
        params.context !== undefined &&
        [allowFullAccess, allowLimitedAccess, blockAccess].includes(true),
    })
    if (decision.outcome !== "allow") return { decision }
    const { context } = params
    return {
      decision,
      events: [
        {
          _tag: "LabelChanged",
          label: {
            ...label,
            container: {
              ...container,
              ...(context === undefined ? {} : { authenticationContext: context }),
            },
            changedAt: now,
          },
        },
      ],
      audit: [complianceAudit("Set-Label", label.name, params)],
    }
  },
})
