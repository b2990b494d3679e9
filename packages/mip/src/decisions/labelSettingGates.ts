import { deny, gate, pass } from "@twin/kernel"
import type { Label } from "../Label.ts"
import { effectOf } from "../Label.ts"
import { labelOf, sublabelsOf } from "../labelOf.ts"
import { labelSettingKinds, settingDefect } from "../labelSettings.ts"
import type { MipWorld } from "../State.ts"

/** What the settings of a label are judged by, beside its encryption. */
export interface LabelSettingFacets {
  /** What is wrong with conditions, languages or advanced settings; empty where nothing is. */
  readonly conditionProblem: string
  readonly localeProblem: string
  readonly settingProblem: string
  readonly autoLabeling: "none" | "fits" | "user-defined" | "parent"
  readonly scope: "fits" | "meetings-without-mail" | "empty"
  readonly group: "none" | "fits" | "with-settings"
}

/** Facets of a label as it is to be. */
export const labelSettingFacets = (
  world: MipWorld,
  label: Label,
  read: { readonly conditionProblem: string; readonly localeProblem: string },
): LabelSettingFacets => ({
  ...read,
  settingProblem: settingProblem(world, label),
  autoLabeling:
    label.autoLabeling === undefined
      ? "none"
      : effectOf(label) === "user-defined"
        ? "user-defined"
        : label.isLabelGroup || sublabelsOf(world, label.id).length > 0
          ? "parent"
          : "fits",
  scope:
    label.contentTypes.includes("Teamwork") && !label.contentTypes.includes("Email")
      ? "meetings-without-mail"
      : label.contentTypes.length === 0
        ? "empty"
        : "fits",
  group: !label.isLabelGroup ? "none" : hasSettings(label) ? "with-settings" : "fits",
})

/** A group has a name, a description, a colour and a place, and nothing else (MIP-094). */
const hasSettings = ({ encryption, marking, container, autoLabeling }: Label): boolean =>
  encryption?.isEnabled === true ||
  container?.isEnabled === true ||
  autoLabeling !== undefined ||
  [marking.header, marking.footer, marking.watermark].some((it) => it?.isEnabled === true)

const settingProblem = (world: MipWorld, label: Label): string => {
  const defect = settingDefect(label.advancedSettings, labelSettingKinds)
  if (defect !== undefined) return `${defect} has no value that it can have`
  const sublabel = label.advancedSettings["defaultsublabelid"]
  if (sublabel !== undefined && labelOf(world, sublabel)?.parentId !== label.id) {
    return "defaultsublabelid has to name a sublabel of this label"
  }
  return label.parentId !== undefined && label.advancedSettings["color"] !== undefined
    ? "color belongs to the parent label"
    : ""
}

const rule = gate<LabelSettingFacets>()

export const conditionsFit = rule({
  name: "label-conditions",
  facts: ["MIP-093", "MIP-110", "MIP-143", "MIP-155"],
  reads: ["conditionProblem", "autoLabeling"],
  check: ({ conditionProblem, autoLabeling }) => {
    const details = { autoLabeling, conditionProblem }
    if (conditionProblem !== "") {
      return deny("The conditions of the label cannot be read.", details, {
        message: `The Conditions value isn't valid: ${conditionProblem}.`,
      })
    }
    if (autoLabeling === "user-defined") {
      return deny("A label that lets people decide is applied by hand only.", details, {
        message: "A label with user-defined permissions can't be applied automatically.",
      })
    }
    return autoLabeling === "parent"
      ? deny(
          "A label that groups others cannot be applied, so not automatically either.",
          details,
          {
            message: "A parent label can't be applied automatically. Use one of its sublabels.",
          },
        )
      : pass("The label has no conditions, or such as it can have.", details)
  },
})

export const settingsFit = rule({
  name: "label-settings",
  facts: ["MIP-093", "MIP-118", "MIP-136"],
  reads: ["settingProblem", "localeProblem"],
  check: ({ settingProblem: setting, localeProblem }) => {
    if (localeProblem !== "") {
      return deny(
        "The names in other languages cannot be read.",
        { localeProblem },
        { message: `The LocaleSettings value isn't valid: ${localeProblem}.` },
      )
    }
    return setting === ""
      ? pass("The advanced settings have values that they can have.")
      : deny(
          "An advanced setting has a value that it cannot have.",
          { setting },
          { message: `The AdvancedSettings value isn't valid: ${setting}.` },
        )
  },
})

export const scopeFits = rule({
  name: "label-scope",
  facts: ["MIP-095", "MIP-106"],
  reads: ["scope"],
  check: ({ scope }) => {
    if (scope === "meetings-without-mail") {
      return deny(
        "The scope for meetings needs the one for mail.",
        { scope },
        {
          message: "ContentType Teamwork requires Email.",
        },
      )
    }
    return scope === "empty"
      ? deny(
          "The label has no scope at all.",
          { scope },
          { message: "ContentType can't be empty." },
        )
      : pass("The scope of the label is one that it can have.", { scope })
  },
})

export const groupFits = rule({
  name: "label-group",
  facts: ["MIP-094"],
  reads: ["group"],
  check: ({ group }) =>
    group === "with-settings"
      ? deny(
          "A label group has a name, a description, a colour and a place, and no settings.",
          { group },
          {
            message:
              "A label group can't have protection, marking, container or labeling settings.",
          },
        )
      : pass("The label is no group, or a group without settings.", { group }),
})

export const labelSettingGates = [scopeFits, groupFits, conditionsFit, settingsFit] as const
