import { roles } from "@twin/identity"
import { andThen, type Call, decideByGates, deny, gate, operation, pass } from "@twin/kernel"
import { labelOf, publishedLabelsOf } from "@twin/mip"
import { Schema } from "effect"
import { containerLabelResult, evaluateContainerLabel } from "../containerLabel.ts"
import { evaluateManageSite } from "../decisions/evaluateManage.ts"
import { missing } from "../decisions/missing.ts"
import { type SpoWorld, siteOf } from "../State.ts"
import type { SpoOperation, SpoRuling } from "./SpoOperation.ts"

interface ChoiceFacets {
  readonly isOffered: boolean
}

const labelOffered = gate<ChoiceFacets>()({
  name: "label-offered",
  facts: ["SPO-133"],
  reads: ["isOffered"],
  check: ({ isOffered }) =>
    isOffered
      ? pass("The label is published to this person.")
      : deny(
          "The label is not published to this person.",
          {},
          {
            message: "You can't apply this sensitivity label.",
          },
        ),
})

/** An owner who may choose labels changes sharing by it, which the owner could not directly (SPO-133). */
export const labelSite: SpoOperation = operation({
  name: "label-site",
  summary: "Puts a sensitivity label on a site as its owner; without a label, takes it off.",
  params: Schema.Struct({
    site: Schema.NonEmptyString.annotate({ description: "Address or name of the site" }),
    label: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Name or id of the label; none takes it off" }),
    ),
  }),
  facts: ["SPO-131", "SPO-132", "SPO-133", "SPO-148"],
  decide: (call: Call<SpoWorld>, { site: name, label }): SpoRuling => {
    const { world, actor, now } = call
    const site = siteOf(world, name)
    if (site === undefined) return { decision: missing("site") }
    const wanted = label === undefined ? undefined : labelOf(world, label)
    const isOffered =
      label === undefined ||
      publishedLabelsOf(world, actor.id, now).some(({ id }) => id === wanted?.id)
    const decision = [
      () => evaluateContainerLabel(world, site, label),
      () => decideByGates([labelOffered], { isOffered }),
    ].reduce(andThen, evaluateManageSite(call, site))
    return decision.outcome === "allow"
      ? { decision, ...containerLabelResult(call, site, label) }
      : { decision }
  },
})

interface SwitchFacets {
  readonly isOn: boolean
}

const switched = gate<SwitchFacets>()({
  name: "directory-setting",
  facts: ["SPO-130", "SPO-141"],
  reads: ["isOn"],
  check: ({ isOn }) =>
    pass("The directory setting for labels of groups and sites is written.", {
      EnableMIPLabels: isOn ? "True" : "False",
    }),
})

/** The directory setting `EnableMIPLabels` of the template Group.Unified (SPO-130, SPO-141). */
export const enableContainerLabels: SpoOperation = operation({
  name: "enable-container-labels",
  summary: "Switches sensitivity labels for groups and sites on or off in the directory.",
  params: Schema.Struct({
    on: Schema.optionalKey(Schema.Boolean.annotate({ description: "On unless false" })),
  }),
  roles: [roles.globalAdministrator],
  facts: ["SPO-130", "SPO-141"],
  decide: ({ now }: Call<SpoWorld>, { on: isOn = true }): SpoRuling => ({
    decision: decideByGates([switched], { isOn }),
    events: [{ _tag: "ContainerLabelsSwitched", isOn, at: now }],
  }),
})

/** Copies the labels to the directory: nothing to wait for in the twin (SPO-308). */
export const executeAzureAdLabelSync: SpoOperation = operation({
  name: "Execute-AzureAdLabelSync",
  summary: "Copies sensitivity labels to the directory.",
  params: Schema.Struct({}),
  roles: [roles.complianceAdministrator, roles.globalAdministrator],
  facts: ["SPO-130"],
  decide: (_call: Call<SpoWorld>): SpoRuling => ({
    decision: decideByGates([synced], {}),
  }),
})

const synced = gate<object>()({
  name: "label-sync",
  facts: ["SPO-130"],
  reads: [],
  check: () => pass("The labels are known to the directory."),
})
