import {
  type Call,
  decideByGates,
  type Given,
  gate,
  type OutputObject,
  pass,
  printedParameter,
  unknown,
} from "@twin/kernel"
import { HashMap, Schema } from "effect"
import type { IdentityWorld } from "../State.ts"
import { firstOf, sameNames, searched, searchParam } from "./entraModule.ts"
import { hashtable } from "./graphCmdlet.ts"
import {
  getMgGroup,
  getMgGroupMember,
  newMgGroupMember,
  removeMgGroupMember,
} from "./groupMembers.ts"
import {
  getGroupSetting,
  getGroupSettingTemplate,
  newGroupSetting,
  removeGroupSetting,
  updateGroupSetting,
} from "./groupSettings.ts"
import { newMgInvitation } from "./invitations.ts"
import type { IdentityOperation } from "./logged.ts"
import { profileParams } from "./userProfile.ts"
import { getMgUser, removeMgUser, updateMgUser } from "./users.ts"
import { derived } from "./withinUnits.ts"

/** The old module has permissions of its own: those of a Graph session say nothing about it. */
const ownSession = (call: Call<IdentityWorld>): Call<IdentityWorld> => {
  const { identity } = call.world
  const { partnership } = identity
  const graphSessions = HashMap.remove(partnership.graphSessions, call.actor.id)
  return {
    ...call,
    world: {
      ...call.world,
      identity: { ...identity, partnership: { ...partnership, graphSessions } },
    },
  }
}

/** Property of a Graph object -> its name in the old module. */
const oldNames: Readonly<Record<string, string>> = {
  Id: "ObjectId",
  ExternalUserState: "UserState",
  ExternalUserStateChangeDateTime: "UserStateChangedOn",
  OnPremisesSyncEnabled: "DirSyncEnabled",
}

const renamedRow = (row: OutputObject): OutputObject =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [oldNames[name] ?? name, value]))

/** A filter as Graph reads it: names outside of quotes are those of the old module. */
const graphFilter = (filter: Schema.Json): Schema.Json =>
  typeof filter === "string"
    ? filter.replaceAll(/'(?:[^']|'')*'|\w+/g, (part) => {
        const name = Object.entries(oldNames).find(
          ([, old]) => old.toLowerCase() === part.toLowerCase(),
        )
        return name?.[0] ?? part
      })
    : filter

const listed = (renamed: Given): Given =>
  renamed["Filter"] === undefined ? renamed : { ...renamed, Filter: graphFilter(renamed["Filter"]) }

const count = Schema.optionalKey(Schema.Int.annotate({ description: "At most so many" }))
const groupTarget = gate<{ readonly targetType: string }>()({
  name: "setting-target",
  facts: ["IDN-106"],
  reads: ["targetType"],
  check: ({ targetType }) =>
    targetType.toLowerCase() === "groups"
      ? pass("The settings are those of a group.", { targetType })
      : unknown("The twin keeps settings of groups only.", { targetType }),
})

const ofGroups = {
  own: { TargetType: Schema.NonEmptyString.annotate({ description: "Groups" }) },
  asks: (_call: Call<IdentityWorld>, { TargetType }: Given) =>
    decideByGates([groupTarget], { targetType: printedParameter(TargetType) }),
}

const withSetting = {
  ...ofGroups,
  own: {
    ...ofGroups.own,
    DirectorySetting: hashtable.annotate({
      description: "What CreateDirectorySetting() of the template makes, or TemplateId and Values",
    }),
  },
  request: (renamed: Given, { DirectorySetting = {} }: Given): Given => ({
    ...renamed,
    BodyParameter: settingBody(DirectorySetting),
  }),
}

/** A setting object knows its template and its values; its other properties are the service's. */
const settingBody = (setting: Schema.Json): Schema.Json =>
  typeof setting === "object" && setting !== null && !Array.isArray(setting)
    ? Object.fromEntries(
        Object.entries(setting).filter(([key]) => /^(templateid|values)$/i.test(key)),
      )
    : setting

const settingKey = { TargetObjectId: "GroupId", Id: "GroupSettingId" }

/**
 * The retired AzureAD module, for the runbooks that still speak in it: objects have an `ObjectId`, and
 * `-All` is a Boolean.
 */
export const azureADModule: readonly IdentityOperation[] = [
  derived(newMgInvitation, {
    name: "New-AzureADMSInvitation",
    summary: "Invites an external person as a guest, or resets how a guest signs in.",
    params: sameNames(
      "InvitedUserEmailAddress",
      "InviteRedirectUrl",
      "SendInvitationMessage",
      "InvitedUserDisplayName",
      "InvitedUserType",
      "InvitedUserMessageInfo",
      "InvitedUser",
      "ResetRedemption",
    ),
    mandatory: ["InvitedUserEmailAddress", "InviteRedirectUrl"],
    call: ownSession,
  }),
  derived(getMgUser, {
    name: "Get-AzureADUser",
    summary: "Shows users of the directory with all their properties.",
    params: { ObjectId: "UserId", ...sameNames("Filter", "All", "Top") },
    own: searchParam,
    binding: { pipeline: "ObjectId" },
    call: ownSession,
    request: (renamed) => ({ ...listed(renamed), Property: ["*"] }),
    output: (rows, { SearchString }) => searched(rows, SearchString).map(renamedRow),
  }),
  derived(updateMgUser, {
    name: "Set-AzureADUser",
    summary: "Changes a user, for instance blocks the sign-in of a guest.",
    params: {
      ObjectId: "UserId",
      ...sameNames(
        "AccountEnabled",
        "UserType",
        "DisplayName",
        "OtherMails",
        "ShowInAddressList",
        ...Object.keys(profileParams),
      ),
    },
    binding: { pipeline: "ObjectId" },
    call: ownSession,
  }),
  derived(removeMgUser, {
    name: "Remove-AzureADUser",
    summary: "Deletes a user; for thirty days the object can be restored.",
    params: { ObjectId: "UserId" },
    binding: { pipeline: "ObjectId" },
    call: ownSession,
  }),
  derived(getMgGroup, {
    name: "Get-AzureADGroup",
    summary: "Shows groups of the directory.",
    params: { ObjectId: "GroupId", ...sameNames("Filter", "All") },
    own: { ...searchParam, Top: count },
    binding: { pipeline: "ObjectId" },
    call: ownSession,
    request: listed,
    output: (rows, { SearchString, Top }) =>
      firstOf(searched(rows, SearchString), Top).map(renamedRow),
  }),
  derived(getMgGroupMember, {
    name: "Get-AzureADGroupMember",
    summary: "Shows the direct members of a group and what each of them is.",
    params: { ObjectId: "GroupId", All: "All" },
    own: { Top: count },
    binding: { pipeline: "ObjectId" },
    call: ownSession,
    output: (rows, { Top }) => firstOf(rows, Top).map(renamedRow),
  }),
  derived(newMgGroupMember, {
    name: "Add-AzureADGroupMember",
    summary: "Adds a user, a contact, a device or a group to a group.",
    params: { ObjectId: "GroupId", RefObjectId: "DirectoryObjectId" },
    binding: { pipeline: "ObjectId" },
    call: ownSession,
  }),
  derived(removeMgGroupMember, {
    name: "Remove-AzureADGroupMember",
    summary: "Removes a member from a group.",
    params: { ObjectId: "GroupId", MemberId: "DirectoryObjectId" },
    binding: { pipeline: "ObjectId" },
    call: ownSession,
  }),
  derived(getGroupSettingTemplate, {
    name: "Get-AzureADDirectorySettingTemplate",
    summary: "Shows the template from which settings of a group are made.",
    params: { Id: "GroupSettingTemplateId" },
    binding: { pipeline: "Id" },
    call: ownSession,
  }),
  derived(newGroupSetting, {
    name: "New-AzureADObjectSetting",
    summary:
      "Gives a Microsoft 365 group settings of its own, for instance that it admits no guests.",
    params: { TargetObjectId: "GroupId" },
    mandatory: ["TargetObjectId"],
    call: ownSession,
    ...withSetting,
  }),
  derived(updateGroupSetting, {
    name: "Set-AzureADObjectSetting",
    summary: "Changes the settings of a Microsoft 365 group.",
    params: settingKey,
    mandatory: ["TargetObjectId"],
    call: ownSession,
    ...withSetting,
  }),
  derived(removeGroupSetting, {
    name: "Remove-AzureADObjectSetting",
    summary: "Takes the settings off a group: it is as groups are without any.",
    params: settingKey,
    mandatory: ["TargetObjectId"],
    call: ownSession,
    ...ofGroups,
  }),
  derived(getGroupSetting, {
    name: "Get-AzureADObjectSetting",
    summary: "Shows the settings of a group; a group without any shows nothing.",
    params: { ...settingKey, All: "All" },
    mandatory: ["TargetObjectId"],
    call: ownSession,
    ...ofGroups,
    own: { ...ofGroups.own, Top: count },
    output: (rows, { Top }) => firstOf(rows, Top),
  }),
]
