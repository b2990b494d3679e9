import { decideByGates, gate, operation, pass } from "@twin/kernel"
import { conclude } from "../conclude.ts"
import type { DatacenterEvent } from "../DatacenterEvent.ts"
import { outcomeOf } from "../Happening.ts"
import { adjustableSettings } from "../Settings.ts"
import type { DatacenterWorld } from "../State.ts"
import { callerOf } from "./caller.ts"

const withinLimits = gate<{}>()({
  name: "twin-setting",
  facts: ["DCO-049", "DCO-066", "DCO-071"],
  reads: [],
  check: () => pass("The value lies within the limits of this setting."),
})

/** Numbers that no source gives, or that differ between documents: the presenter may set them. */
export const setDatacenterSetting = operation<
  DatacenterWorld,
  DatacenterEvent,
  typeof adjustableSettings.fields
>({
  name: "set-datacenter-setting",
  summary: "Changes a number of the twin that no public source fixes.",
  params: adjustableSettings,
  facts: ["DCO-030", "DCO-032", "DCO-033", "DCO-049", "DCO-071"],
  decide: ({ world, actor, now }, settings) => {
    const decision = decideByGates([withinLimits], {})
    return conclude(world, now, {
      decision,
      events: [{ _tag: "DatacenterSettingsChanged", settings }],
      happenings: [
        {
          draft: {
            ...callerOf(actor),
            kind: "change",
            what: "set-datacenter-setting",
            ...outcomeOf(decision),
          },
        },
      ],
    })
  },
})
