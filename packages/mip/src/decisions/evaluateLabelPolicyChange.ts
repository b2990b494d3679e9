import { type Group, groupOf, userOf } from "@twin/identity"
import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { type LabelPolicy, policySettings } from "../LabelPolicy.ts"
import { labelOf } from "../labelOf.ts"
import { policySettingKinds, settingDefect } from "../labelSettings.ts"
import { canBeApplied, labelPolicyOf } from "../publishedLabels.ts"
import type { MipWorld } from "../State.ts"
import { type NameFacets, nameGate, policyNameTaken } from "./nameGate.ts"

/** A label policy as an administrator wants it. */
export interface LabelPolicyChange {
  readonly world: MipWorld
  readonly after: LabelPolicy
  readonly isNew: boolean
  /** Labels that were named and are not there. */
  readonly unknownLabels: readonly string[]
  /** A policy that was named to stand next to, and is not there. */
  readonly unknownNeighbour: string
}

interface PolicyFacets extends NameFacets {
  readonly labels: number
  readonly unknownLabels: string
  readonly missingParents: string
  readonly unknownLocations: string
  readonly unusableDefault: string
  readonly unknownNeighbour: string
  readonly settingDefect: string
}

/** Whether a label policy can be made or changed so. */
export const evaluateLabelPolicyChange = (change: LabelPolicyChange): Decision => {
  const { world, after, isNew, unknownLabels, unknownNeighbour } = change
  return decideByGates(policyGates, {
    isNameTaken: isNew && labelPolicyOf(world, after.name) !== undefined,
    nameLength: after.name.length,
    labels: after.labels.length,
    unknownLabels: unknownLabels.join(", "),
    missingParents: missingParents(world, after).join(", "),
    unknownLocations: unknownLocations(world, after).join(", "),
    unusableDefault: unusableDefault(world, after),
    unknownNeighbour,
    settingDefect: settingDefect(after.settings, policySettingKinds) ?? "",
  })
}

/** A sublabel is published only together with its parent (MIP-093, MIP-130). */
const missingParents = (world: MipWorld, { labels }: LabelPolicy): readonly string[] => [
  ...new Set(
    labels.flatMap((id) => {
      const parentId = labelOf(world, id)?.parentId
      return parentId === undefined || labels.includes(parentId)
        ? []
        : [labelOf(world, parentId)?.name ?? parentId]
    }),
  ),
]

/** People, and groups with an address; a security group without one is nobody's location (MIP-128). */
const unknownLocations = (world: MipWorld, policy: LabelPolicy): readonly string[] =>
  [...policy.exchangeLocation, ...policy.modernGroupLocation].filter(
    (it) =>
      it.toLowerCase() !== "all" &&
      userOf(world, it) === undefined &&
      !hasAddress(groupOf(world, it)),
  )

const hasAddress = (group: Group | undefined): boolean =>
  group?.mailEnabled === true && (group.mail ?? "") !== ""

/** A default has to be a label of the policy that can be applied by itself (MIP-093). */
const unusableDefault = (world: MipWorld, { settings, labels }: LabelPolicy): string => {
  const wanted = [
    settings[policySettings.defaultLabel],
    settings[policySettings.outlookDefaultLabel],
    settings[policySettings.teamworkDefaultLabel],
    settings[policySettings.powerBiDefaultLabel],
  ].filter((it) => it !== undefined && it.toLowerCase() !== "none")
  return (
    wanted.find((it) => {
      const label = labelOf(world, it ?? "")
      return label === undefined || !labels.includes(label.id) || !canBeApplied(world, label)
    }) ?? ""
  )
}

const rule = gate<PolicyFacets>()

const nameFree = nameGate({
  name: "label-policy-name",
  facts: ["MIP-130"],
  reason: "A label policy has this name already.",
  taken: policyNameTaken,
})

const labelsKnown = rule({
  name: "labels-known",
  facts: ["MIP-130", "MIP-093"],
  reads: ["labels", "unknownLabels", "missingParents"],
  check: ({ labels, unknownLabels, missingParents: parents }) => {
    const details = { labels, unknownLabels, missingParents: parents }
    if (unknownLabels !== "") {
      return deny("A label that the policy is to publish is not there.", details, {
        message: `The label '${unknownLabels}' could not be found.`,
      })
    }
    if (labels === 0) {
      return deny("A label policy has to publish at least one label.", details, {
        message: "The Labels parameter needs at least one label.",
      })
    }
    return parents === ""
      ? pass("The policy publishes labels that are there, together with their parents.", details)
      : deny("A sublabel is published without its parent.", details, {
          message: `Publish the parent label as well: ${parents}.`,
        })
  },
})

const locationsKnown = rule({
  name: "policy-locations",
  facts: ["MIP-128"],
  reads: ["unknownLocations"],
  check: ({ unknownLocations: unknown }) =>
    unknown === ""
      ? pass("The policy goes to everybody, or to people and groups with an address.")
      : deny(
          "A location of the policy is no person and no group with an address.",
          { unknown },
          {
            code: "ErrorExchangeLocationNotFound",
            message: `The location '${unknown}' could not be found or has no mail address.`,
          },
        ),
})

const defaultUsable = rule({
  name: "default-label",
  facts: ["MIP-093", "MIP-131"],
  reads: ["unusableDefault"],
  check: ({ unusableDefault: wanted }) =>
    wanted === ""
      ? pass("The default label, if there is one, can be applied.")
      : deny(
          "The default label is not published here, or cannot be applied itself.",
          { wanted },
          {
            message: "The default label has to be a label of this policy that has no sublabels.",
          },
        ),
})

const neighbourKnown = rule({
  name: "policy-order",
  facts: ["MIP-129"],
  reads: ["unknownNeighbour"],
  check: ({ unknownNeighbour }) =>
    unknownNeighbour === ""
      ? pass("The place of the policy in the order is clear.")
      : deny(
          "The policy to stand next to is not there.",
          { unknownNeighbour },
          {
            message: `The policy '${unknownNeighbour}' could not be found.`,
          },
        ),
})

const settingsUsable = rule({
  name: "policy-settings",
  facts: ["MIP-131", "MIP-137"],
  reads: ["settingDefect"],
  check: ({ settingDefect: setting }) =>
    setting === ""
      ? pass("The settings of the policy have values that they can have.")
      : deny(
          "A setting of the policy has a value that it cannot have.",
          { setting },
          { message: `The AdvancedSettings value for '${setting}' isn't valid.` },
        ),
})

const policyGates: GateRules<PolicyFacets> = [
  nameFree,
  labelsKnown,
  locationsKnown,
  settingsUsable,
  defaultUsable,
  neighbourKnown,
]
