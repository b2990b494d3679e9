import { HashMap, Schema } from "effect"
import { withGroup, withoutGroup } from "./directoryIndex.ts"
import type { IdentityState } from "./State.ts"

/** A template of directory settings that applies to single Microsoft 365 groups (IDN-106). */
export const guestTemplate = {
  id: "08d542b9-071f-4e16-94b0-74abb372e3d9",
  displayName: "Group.Unified.Guest",
  description: "Settings for a specific Microsoft 365 group",
  value: {
    name: "AllowToAddGuests",
    type: "System.Boolean",
    defaultValue: "true",
    description: "Whether guests may be added to the group",
  },
} as const

/** Templates of the service that apply to the whole tenant: known by name, not modelled. */
export const tenantTemplateIds: readonly string[] = ["62375ab9-6b52-47ed-826b-58e47e0e304b"]

const id = Schema.NonEmptyString

export const groupSettingEvents = {
  GroupSettingWritten: {
    groupId: id,
    settingId: id,
    allowToAddGuests: Schema.Boolean,
    at: Schema.Number,
  },
  /** The group is as groups are without a setting. */
  GroupSettingRemoved: { groupId: id, at: Schema.Number },
}

type Written = Schema.Struct<typeof groupSettingEvents.GroupSettingWritten>["Type"]
type Removed = Schema.Struct<typeof groupSettingEvents.GroupSettingRemoved>["Type"]

const withGuests = (
  state: IdentityState,
  groupId: string,
  allowToAddGuests: boolean,
  at: number,
): IdentityState => {
  const group = HashMap.getUnsafe(state.groups, groupId)
  return withGroup(withoutGroup(state, group), { ...group, allowToAddGuests }, at, group)
}

/** What the events about settings of groups change: the setting, and the group it is about. */
export const groupSettingCases = (state: IdentityState) => ({
  GroupSettingWritten: ({ groupId, settingId, allowToAddGuests, at }: Written) =>
    HashMap.has(state.groups, groupId)
      ? {
          ...withGuests(state, groupId, allowToAddGuests, at),
          groupSettings: HashMap.set(state.groupSettings, groupId, settingId),
        }
      : state,
  GroupSettingRemoved: ({ groupId, at }: Removed) =>
    HashMap.has(state.groups, groupId)
      ? {
          ...withGuests(state, groupId, true, at),
          groupSettings: HashMap.remove(state.groupSettings, groupId),
        }
      : state,
})
