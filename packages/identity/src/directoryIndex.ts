import { HashMap, Option } from "effect"
import { normalizeAddress } from "./Address.ts"
import type { Device } from "./Device.ts"
import { addressesOfUser, type DirectoryUser } from "./DirectoryUser.ts"
import { type Group, heldAt, isDynamic, type Membership } from "./Group.ts"
import {
  changedDeviceProperties,
  withFresh,
  withPending,
  withResumed,
} from "./MembershipProcessing.ts"
import type { IdentityState } from "./State.ts"

const namesOfUser = (user: DirectoryUser): readonly string[] => [
  user.userPrincipalName.toLowerCase(),
  ...addressesOfUser(user),
]

/** What changed about an object: names as rules know them; `*` for everything. */
export interface Touched {
  readonly objectId: string
  readonly properties: readonly string[]
}

/** Something changed that membership rules may look at; processing takes its time from here. */
export const markStale = (
  state: IdentityState,
  at: number,
  { objectId, properties }: Touched,
): IdentityState =>
  state.dynamicGroups.length === 0 || properties.length === 0
    ? state
    : {
        ...state,
        membershipStaleSince: state.membershipStaleSince ?? at,
        membershipProcessing: withPending(state.membershipProcessing, objectId, properties),
      }

export const withUser = (state: IdentityState, user: DirectoryUser): IdentityState => ({
  ...state,
  users: HashMap.set(state.users, user.id, user),
  userIds: HashMap.setMany(
    state.userIds,
    namesOfUser(user).map((name) => [name, user.id] as const),
  ),
})

export const withoutUser = (state: IdentityState, user: DirectoryUser): IdentityState => ({
  ...state,
  users: HashMap.remove(state.users, user.id),
  userIds: HashMap.removeMany(
    state.userIds,
    namesOfUser(user).filter((name) => owns(state.userIds, name, user.id)),
  ),
})

/** A device comes, or changes. */
export const withDevice = (state: IdentityState, device: Device, at: number): IdentityState => {
  const before = Option.getOrUndefined(HashMap.get(state.devices, device.id))
  return markStale({ ...state, devices: HashMap.set(state.devices, device.id, device) }, at, {
    objectId: device.id,
    properties: before === undefined ? ["*"] : changedDeviceProperties(before, device),
  })
}

const owns = (index: HashMap.HashMap<string, string>, name: string, id: string): boolean =>
  Option.getOrUndefined(HashMap.get(index, name)) === id

/** Names need not be unique: the address finds its group for certain, a name the first of it. */
const namesOfGroup = (group: Group): readonly string[] =>
  [group.displayName, group.mailNickname].filter((it) => it !== "").map((it) => it.toLowerCase())

/** Every address of a group, the primary one first. */
export const addressesOfGroup = ({ mail, proxyAddresses = [] }: Group): readonly string[] =>
  mail === undefined ? [] : [normalizeAddress(mail), ...proxyAddresses]

export const withGroup = (
  state: IdentityState,
  group: Group,
  at: number,
  before?: Group,
): IdentityState => {
  const free = namesOfGroup(group).filter((name) => !HashMap.has(state.groupIds, name))
  const names = [...free, ...addressesOfGroup(group)]
  const next: IdentityState = {
    ...state,
    groups: HashMap.set(state.groups, group.id, group),
    groupIds: HashMap.setMany(
      state.groupIds,
      names.map((name) => [name, group.id] as const),
    ),
    dynamicGroups: [
      ...(HashMap.has(state.groups, group.id)
        ? state.dynamicGroups.filter((it) => it !== group.id)
        : state.dynamicGroups),
      ...(isDynamic(group) ? [group.id] : []),
    ],
  }
  if (!isDynamic(group)) return next
  const isResumed =
    before?.membershipRuleProcessingState === "Paused" &&
    group.membershipRuleProcessingState !== "Paused"
  const fresh = withFresh(state.membershipProcessing, group.id)
  // A new or resumed rule begins its waiting now, whatever waited before.
  return {
    ...next,
    membershipStaleSince: at,
    membershipProcessing: isResumed ? withResumed(fresh, group.id) : fresh,
  }
}

export const withoutGroup = (state: IdentityState, group: Group): IdentityState => ({
  ...state,
  groups: HashMap.remove(state.groups, group.id),
  groupIds: HashMap.removeMany(
    state.groupIds,
    [...namesOfGroup(group), ...addressesOfGroup(group)].filter((name) =>
      owns(state.groupIds, name, group.id),
    ),
  ),
  dynamicGroups: state.dynamicGroups.filter((it) => it !== group.id),
})

const stretchesOf = (
  state: IdentityState,
  groupId: string,
  memberId: string,
): readonly Membership[] =>
  HashMap.get(state.members, groupId).pipe(
    Option.flatMap((members) => HashMap.get(members, memberId)),
    Option.getOrElse(() => []),
  )

const withStretches = (
  state: IdentityState,
  key: { readonly groupId: string; readonly memberId: string },
  stretches: readonly Membership[],
): IdentityState => {
  const members = Option.getOrElse(HashMap.get(state.members, key.groupId), () =>
    HashMap.empty<string, readonly Membership[]>(),
  )
  const groups = Option.getOrElse(
    HashMap.get(state.groupsOfMember, key.memberId),
    (): readonly string[] => [],
  )
  return {
    ...state,
    members: HashMap.set(state.members, key.groupId, HashMap.set(members, key.memberId, stretches)),
    groupsOfMember: groups.includes(key.groupId)
      ? state.groupsOfMember
      : HashMap.set(state.groupsOfMember, key.memberId, [...groups, key.groupId]),
  }
}

export const joinGroup = (
  state: IdentityState,
  groupId: string,
  memberId: string,
  at: number,
): IdentityState => {
  if (!HashMap.has(state.groups, groupId)) return state
  const stretches = stretchesOf(state, groupId, memberId)
  return heldAt(stretches, undefined)
    ? state
    : withStretches(state, { groupId, memberId }, [...stretches, { from: at }])
}

export const leaveGroup = (
  state: IdentityState,
  groupId: string,
  memberId: string,
  at: number,
): IdentityState => {
  const stretches = stretchesOf(state, groupId, memberId)
  const last = stretches.at(-1)
  return last === undefined || last.until !== undefined
    ? state
    : withStretches(state, { groupId, memberId }, [
        ...stretches.slice(0, -1),
        { from: last.from, until: at },
      ])
}
