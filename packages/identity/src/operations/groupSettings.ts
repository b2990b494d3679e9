import {
  andThen,
  type Call,
  decideByGates,
  deny,
  gate,
  type OutputObject,
  operation,
  pass,
  printedParameter,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import {
  evaluateGroupSetting,
  type SettingValue,
  settingIdOf,
} from "../decisions/evaluateGroupSetting.ts"
import { groupOf } from "../directory.ts"
import type { Group } from "../Group.ts"
import { guestTemplate } from "../GroupSettings.ts"
import { resourceNotFound } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { readSettings } from "./authorizationPolicy.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"
import { getMgGroup } from "./groupMembers.ts"
import type { IdentityOperation } from "./logged.ts"
import { derived } from "./withinUnits.ts"

/** Inferred: the documentation asks for a global administrator, the role for groups writes it as well. */
const settingManagers: readonly string[] = [roles.groupsAdministrator, roles.globalAdministrator]

const GroupId = Schema.optionalKey(
  Schema.NonEmptyString.annotate({ description: "Object id of the group" }),
)
const settingId = Schema.NonEmptyString.annotate({ description: "Id of the settings of the group" })
const values = {
  Values: Schema.optionalKey(
    Schema.Array(hashtable).annotate({ description: "Rows of name and value" }),
  ),
}

const Values = Schema.Array(
  Schema.Struct({
    name: Schema.NonEmptyString,
    value: Schema.Union([Schema.String, Schema.Boolean]),
  }),
)

const texts = (given: typeof Values.Type): readonly SettingValue[] =>
  given.map(({ name, value }) => ({ name, value: printedParameter(value) }))

/** Whether guests are admitted by these values; nothing said leaves it as it is. */
const admitsGuests = (given: readonly SettingValue[], before: boolean): boolean => {
  const last = given.at(-1)
  return last === undefined ? before : last.value.toLowerCase() === "true"
}

const settingRow = (group: Group, id: string): OutputObject => ({
  Id: id,
  DisplayName: guestTemplate.displayName,
  TemplateId: guestTemplate.id,
  Values: [{ Name: guestTemplate.value.name, Value: group.allowToAddGuests ? "True" : "False" }],
})

const written = (
  { now }: Call<IdentityWorld>,
  group: Group,
  setting: { readonly id: string; readonly allowToAddGuests: boolean; readonly activity: string },
): Pick<Ruling<IdentityEvent>, "events" | "audit"> => {
  const { id, allowToAddGuests, activity } = setting
  return {
    events: [
      { _tag: "GroupSettingWritten", groupId: group.id, settingId: id, allowToAddGuests, at: now },
    ],
    audit: [auditLine(activity, group.displayName, { AllowToAddGuests: allowToAddGuests })],
  }
}

export const newGroupSetting = graphCmdlet({
  name: "New-MgGroupSetting",
  summary:
    "Gives a Microsoft 365 group settings of its own, for instance that it admits no guests.",
  params: {
    GroupId,
    TemplateId: Schema.optionalKey(
      Schema.String.annotate({ description: "Id of the template Group.Unified.Guest" }),
    ),
    ...values,
  },
  path: ["GroupId"],
  body: Schema.Struct({
    templateId: Schema.NonEmptyString,
    displayName: Schema.optionalKey(Schema.String),
    values: Schema.optionalKey(Values),
  }),
  roles: settingManagers,
  facts: ["IDN-106", "IDN-267"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const given = texts(body.values ?? [])
    const decision = evaluateGroupSetting({
      world: call.world,
      change: "create",
      group: params.GroupId,
      templateId: body.templateId,
      values: given,
    })
    const group = groupOf(call.world, params.GroupId ?? "")
    if (decision.outcome !== "allow" || group === undefined) return { decision }
    const id = call.draw.guid(`group setting ${group.id}`)
    const allowToAddGuests = admitsGuests(given, true)
    return {
      decision,
      ...written(call, group, { id, allowToAddGuests, activity: "Create group settings" }),
      output: [settingRow({ ...group, allowToAddGuests }, id)],
    }
  },
})

export const updateGroupSetting = graphCmdlet({
  name: "Update-MgGroupSetting",
  summary: "Changes the settings of a Microsoft 365 group.",
  params: { GroupId, GroupSettingId: settingId, ...values },
  path: ["GroupId", "GroupSettingId"],
  body: Schema.Struct({
    templateId: Schema.optionalKey(Schema.String),
    values: Schema.optionalKey(Values),
  }),
  roles: settingManagers,
  facts: ["IDN-106", "IDN-267"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const given = texts(body.values ?? [])
    const decision = evaluateGroupSetting({
      world: call.world,
      change: "update",
      group: params.GroupId,
      settingId: params.GroupSettingId,
      values: given,
    })
    const group = groupOf(call.world, params.GroupId ?? "")
    if (decision.outcome !== "allow" || group === undefined) return { decision }
    const id = params.GroupSettingId.toLowerCase()
    const allowToAddGuests = admitsGuests(given, group.allowToAddGuests)
    return {
      decision,
      ...written(call, group, { id, allowToAddGuests, activity: "Update group settings" }),
    }
  },
})

export const removeGroupSetting = graphCmdlet({
  name: "Remove-MgGroupSetting",
  summary: "Takes the settings off a group: it is as groups are without any.",
  params: { GroupId, GroupSettingId: settingId },
  path: ["GroupId", "GroupSettingId"],
  body: Schema.Struct({}),
  roles: settingManagers,
  facts: ["IDN-106", "IDN-267"],
  decide: (call, _body, params): Ruling<IdentityEvent> => {
    const decision = evaluateGroupSetting({
      world: call.world,
      change: "remove",
      group: params.GroupId,
      settingId: params.GroupSettingId,
    })
    const group = groupOf(call.world, params.GroupId ?? "")
    if (decision.outcome !== "allow" || group === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "GroupSettingRemoved", groupId: group.id, at: call.now }],
      audit: [auditLine("Delete group settings", group.displayName)],
    }
  },
})

export const getGroupSetting = operation({
  name: "Get-MgGroupSetting",
  summary: "Shows the settings of a group; a group without any shows nothing.",
  params: Schema.Struct({
    GroupId,
    GroupSettingId: Schema.optionalKey(settingId),
    All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
  }),
  binding: { switches: ["All"] },
  facts: ["IDN-106"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const decision = andThen(readSettings(call), () =>
      evaluateGroupSetting({
        world: call.world,
        change: "read",
        group: params.GroupId,
        settingId: params.GroupSettingId,
      }),
    )
    const group = groupOf(call.world, params.GroupId ?? "")
    const id = group === undefined ? undefined : settingIdOf(call.world, group.id)
    return decision.outcome !== "allow" || group === undefined || id === undefined
      ? { decision }
      : { decision, output: [settingRow(group, id)] }
  },
})

const templateFound = gate<{ readonly isFound: boolean }>()({
  name: "template-found",
  facts: ["IDN-106"],
  reads: ["isFound"],
  check: ({ isFound }) =>
    isFound
      ? pass("The template is there.", { isFound })
      : deny("There is no such template.", { isFound }, resourceNotFound()),
})

export const getGroupSettingTemplate = operation({
  name: "Get-MgGroupSettingTemplateGroupSettingTemplate",
  summary: "Shows the template from which settings of a group are made.",
  params: Schema.Struct({
    GroupSettingTemplateId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Id of the template" }),
    ),
    All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
  }),
  binding: { switches: ["All"] },
  facts: ["IDN-106"],
  isReadOnly: true,
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const wanted = params.GroupSettingTemplateId?.toLowerCase() ?? guestTemplate.id
    const decision = andThen(readSettings(call), () =>
      decideByGates([templateFound], { isFound: wanted === guestTemplate.id }),
    )
    const { id, displayName, description, value } = guestTemplate
    return {
      decision,
      output:
        decision.outcome === "allow"
          ? [
              {
                Id: id,
                DisplayName: displayName,
                Description: description,
                Values: [
                  {
                    Name: value.name,
                    Type: value.type,
                    DefaultValue: value.defaultValue,
                    Description: value.description,
                  },
                ],
              },
            ]
          : [],
    }
  },
})

const bySettingId = { GroupId: "GroupId", DirectorySettingId: "GroupSettingId" }

/** The beta module, whose names the documentation of this setting uses. */
const betaSettings: readonly IdentityOperation[] = [
  derived(newGroupSetting, {
    name: "New-MgBetaGroupSetting",
    summary: newGroupSetting.summary,
    params: {
      GroupId: "GroupId",
      TemplateId: "TemplateId",
      Values: "Values",
      BodyParameter: "BodyParameter",
    },
  }),
  derived(updateGroupSetting, {
    name: "Update-MgBetaGroupSetting",
    summary: updateGroupSetting.summary,
    params: { ...bySettingId, Values: "Values", BodyParameter: "BodyParameter" },
  }),
  derived(removeGroupSetting, {
    name: "Remove-MgBetaGroupSetting",
    summary: removeGroupSetting.summary,
    params: bySettingId,
  }),
  derived(getGroupSetting, {
    name: "Get-MgBetaGroupSetting",
    summary: getGroupSetting.summary,
    params: { ...bySettingId, All: "All" },
    binding: { switches: ["All"] },
  }),
  derived(getGroupSettingTemplate, {
    name: "Get-MgBetaDirectorySettingTemplate",
    summary: getGroupSettingTemplate.summary,
    params: { DirectorySettingTemplateId: "GroupSettingTemplateId", All: "All" },
    binding: { switches: ["All"] },
  }),
  derived(getMgGroup, {
    name: "Get-MgBetaGroup",
    summary: getMgGroup.summary,
    params: { GroupId: "GroupId", Filter: "Filter", All: "All" },
    binding: { switches: ["All"] },
  }),
]

export const groupSettings: readonly IdentityOperation[] = [
  newGroupSetting,
  updateGroupSetting,
  removeGroupSetting,
  getGroupSetting,
  getGroupSettingTemplate,
  ...betaSettings,
]
