import { HashMap, Option } from "effect"
import {
  joinGroup,
  leaveGroup,
  markStale,
  type Touched,
  withDevice,
  withGroup,
  withoutGroup,
} from "./directoryIndex.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import { withoutProcessing, withProcessed, withSettled } from "./MembershipProcessing.ts"
import type { IdentityState } from "./State.ts"

type Of<Tag extends IdentityEvent["_tag"]> = Extract<IdentityEvent, { readonly _tag: Tag }>

const at = <V>(map: HashMap.HashMap<string, V>, key: string): V | undefined =>
  Option.getOrUndefined(HashMap.get(map, key))

/** Everything about an object has changed, or it came or went. */
export const whole = (objectId: string): Touched => ({ objectId, properties: ["*"] })

/** What the events about groups, their members and devices change. */
export const groupCases = (state: IdentityState) => ({
  GroupCreated: ({ group }: Of<"GroupCreated">) => withGroup(state, group, group.createdAt),
  GroupUpdated: ({ groupId, changes, at: now }: Of<"GroupUpdated">) => {
    const group = at(state.groups, groupId)
    return group === undefined
      ? state
      : withGroup(withoutGroup(state, group), { ...group, ...changes }, now, group)
  },
  GroupDeleted: ({ groupId }: Of<"GroupDeleted">) => {
    const group = at(state.groups, groupId)
    if (group === undefined) return state
    const membershipProcessing = withoutProcessing(state.membershipProcessing, groupId)
    return { ...withoutGroup(state, group), membershipProcessing }
  },
  // Rules that take members from other groups look at who comes, never at who goes (IDN-213).
  GroupMemberAdded: ({ groupId, memberId, at: now }: Of<"GroupMemberAdded">) =>
    markStale(joinGroup(state, groupId, memberId, now), now, {
      objectId: memberId,
      properties: ["memberOf"],
    }),
  GroupMemberRemoved: ({ groupId, memberId, at: now }: Of<"GroupMemberRemoved">) =>
    leaveGroup(state, groupId, memberId, now),
  DynamicMembershipProcessed: ({
    groupId,
    added,
    removed,
    at: now,
  }: Of<"DynamicMembershipProcessed">) => {
    if (!HashMap.has(state.groups, groupId)) return state
    const joined = added.reduce((it, member) => joinGroup(it, groupId, member, now), state)
    const left = removed.reduce((it, member) => leaveGroup(it, groupId, member, now), joined)
    const hasChanged = added.length + removed.length > 0
    return {
      ...left,
      membershipStaleSince: undefined,
      membershipProcessing: withProcessed(left.membershipProcessing, groupId, {
        at: now,
        hasChanged,
      }),
    }
  },
  DynamicMembershipSettled: () => ({
    ...state,
    membershipStaleSince: undefined,
    membershipProcessing: withSettled(state.membershipProcessing),
  }),

  DynamicDistributionGroupCreated: ({ group }: Of<"DynamicDistributionGroupCreated">) => ({
    ...state,
    dynamicDistributionGroups: [
      ...state.dynamicDistributionGroups.filter((it) => it.address !== group.address),
      group,
    ],
  }),
  DeviceAdded: ({ device }: Of<"DeviceAdded">) => withDevice(state, device, device.createdAt),
  DeviceChanged: ({ deviceId, changes, at: now }: Of<"DeviceChanged">) => {
    const device = at(state.devices, deviceId)
    return device === undefined ? state : withDevice(state, { ...device, ...changes }, now)
  },
  DeviceRemoved: ({ deviceId, at: now }: Of<"DeviceRemoved">) =>
    markStale({ ...state, devices: HashMap.remove(state.devices, deviceId) }, now, whole(deviceId)),
})
