import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
  type Refusal,
  unknown,
} from "@twin/kernel"
import { HashMap, Option } from "effect"
import { groupOf } from "../directory.ts"
import { groupKindOf } from "../Group.ts"
import { guestTemplate, tenantTemplateIds } from "../GroupSettings.ts"
import { resourceNotFound } from "../graphRefusals.ts"
import type { IdentityWorld } from "../State.ts"

/** Somebody writes or reads the settings of one group (IDN-106). */
export interface GroupSettingQuestion {
  readonly world: IdentityWorld
  readonly change: "create" | "update" | "remove" | "read"
  /** Undefined: settings of the whole tenant. */
  readonly group: string | undefined
  readonly settingId?: string | undefined
  readonly templateId?: string
  readonly values?: readonly SettingValue[]
}

export interface SettingValue {
  readonly name: string
  readonly value: string
}

interface GroupSettingFacets {
  readonly change: GroupSettingQuestion["change"]
  readonly scope: "group" | "tenant"
  readonly isPresent: boolean
  readonly isUnified: boolean
  readonly template: "guest" | "tenant" | "none"
  /** The first value that the template does not have, or whose text is neither true nor false. */
  readonly oddValue: string
  readonly hasSetting: boolean
  readonly isMeant: boolean
}

const settingGate = gate<GroupSettingFacets>()

const bad = (message: string): Refusal => ({ code: "Request_BadRequest", message })
const ofGroup = settingGate({
  name: "setting-scope",
  facts: ["IDN-106"],
  reads: ["scope"],
  check: ({ scope }) =>
    scope === "group"
      ? pass("The settings are those of one group.", { scope })
      : unknown("The twin keeps settings of single groups, not those of all groups.", { scope }),
})

const groupPresent = settingGate({
  name: "group-present",
  facts: ["IDN-188"],
  reads: ["isPresent"],
  check: ({ isPresent }) =>
    isPresent
      ? pass("The directory has the group.")
      : deny("The directory has no such group.", {}, resourceNotFound()),
})

const unifiedGroup = settingGate({
  name: "setting-group-kind",
  facts: ["IDN-106", "IDN-188"],
  reads: ["isUnified"],
  check: ({ isUnified }) =>
    isUnified
      ? pass("It is a Microsoft 365 group.", { isUnified })
      : deny(
          "Only Microsoft 365 groups have settings.",
          { isUnified },
          bad("The template can be applied to Microsoft 365 groups only."),
        ),
})

const templateFits = settingGate({
  name: "setting-template",
  facts: ["IDN-106"],
  reads: ["template"],
  check: ({ template }) => {
    if (template === "guest") return pass("The template is the one for single groups.")
    return template === "tenant"
      ? deny(
          "The template is one for all groups of the tenant.",
          { template },
          bad("The template cannot be applied to a single group."),
        )
      : deny(
          "The service has no such template.",
          { template },
          bad("Invalid value specified for property 'templateId' of resource 'DirectorySetting'."),
        )
  },
})

const valuesFit = settingGate({
  name: "setting-values",
  facts: ["IDN-106"],
  reads: ["oddValue"],
  check: ({ oddValue }) =>
    oddValue === ""
      ? pass("The values are those that the template has.")
      : deny(
          "The template has no such value, or it is neither true nor false.",
          { oddValue },
          bad(`Invalid value specified for property '${oddValue}' of resource 'DirectorySetting'.`),
        ),
})

const settingFree = settingGate({
  name: "setting-single",
  facts: ["IDN-106"],
  reads: ["hasSetting"],
  check: ({ hasSetting }) =>
    hasSetting
      ? deny(
          "The group has settings of this template already.",
          { hasSetting },
          bad(
            "A conflicting object with one or more of the specified property values is present in the directory.",
          ),
        )
      : pass("The group has no settings of this template yet.", { hasSetting }),
})

const settingFound = settingGate({
  name: "setting-found",
  facts: ["IDN-106"],
  reads: ["isMeant"],
  check: ({ isMeant }) =>
    isMeant
      ? pass("The group has these settings.", { isMeant })
      : deny("The group has no such settings.", { isMeant }, resourceNotFound()),
})

const gatesOf: Record<GroupSettingQuestion["change"], GateRules<GroupSettingFacets>> = {
  create: [ofGroup, groupPresent, unifiedGroup, templateFits, valuesFit, settingFree],
  update: [ofGroup, groupPresent, settingFound, valuesFit],
  remove: [ofGroup, groupPresent, settingFound],
  read: [ofGroup, groupPresent, settingFound],
}

const isOdd = ({ name, value }: SettingValue): boolean =>
  name.toLowerCase() !== guestTemplate.value.name.toLowerCase() ||
  !["true", "false"].includes(value.toLowerCase())

/** Id of the settings that a group has; undefined where it has none. */
export const settingIdOf = (world: IdentityWorld, groupId: string): string | undefined =>
  Option.getOrUndefined(HashMap.get(world.identity.groupSettings, groupId))

/** Whether the settings of a group may be written or read like this. */
export const evaluateGroupSetting = (question: GroupSettingQuestion): Decision => {
  const { world, change, settingId, values = [] } = question
  const templateId = (question.templateId ?? "").toLowerCase()
  const group = question.group === undefined ? undefined : groupOf(world, question.group)
  const present = group === undefined ? undefined : settingIdOf(world, group.id)
  return decideByGates(gatesOf[change], {
    change,
    scope: question.group === undefined ? "tenant" : "group",
    isPresent: group !== undefined,
    isUnified: group !== undefined && groupKindOf(group) === "microsoft-365",
    template:
      templateId === guestTemplate.id
        ? "guest"
        : tenantTemplateIds.includes(templateId)
          ? "tenant"
          : "none",
    oddValue: values.find(isOdd)?.name ?? "",
    hasSetting: present !== undefined,
    isMeant: settingId === undefined ? change === "read" : settingId.toLowerCase() === present,
  })
}
