import { HashMap, HashSet, Option } from "effect"
import type { Device } from "./Device.ts"
import type { DirectoryUser } from "./DirectoryUser.ts"

/** What membership rules have still to look at, and when they last did. */
export interface MembershipProcessing {
  /** User or device id -> names of the properties that changed; `*` for all of them. */
  readonly pending: HashMap.HashMap<string, readonly string[]>
  /** Ids of groups whose rule is new, changed or resumed: it is evaluated for everybody. */
  readonly fresh: HashSet.HashSet<string>
  /** Group id -> the latest evaluations. */
  readonly processed: HashMap.HashMap<string, Processed>
  /** Ids of groups that were resumed after a pause and not evaluated since (IDN-220). */
  readonly resumed: readonly string[]
}

export interface Processed {
  /** Epoch milliseconds of the last evaluation. */
  readonly at: number
  /** Of the last one that added or removed somebody. */
  readonly changedAt?: number
}

export const nothingProcessed: MembershipProcessing = {
  pending: HashMap.empty(),
  fresh: HashSet.empty(),
  processed: HashMap.empty(),
  resumed: [],
}

/** An object changed; which rules that concerns is asked when they are evaluated. */
export const withPending = (
  it: MembershipProcessing,
  objectId: string,
  properties: readonly string[],
): MembershipProcessing => {
  const before = Option.getOrElse(HashMap.get(it.pending, objectId), (): readonly string[] => [])
  const after = [...new Set([...before, ...properties])]
  return { ...it, pending: HashMap.set(it.pending, objectId, after) }
}

export const withFresh = (it: MembershipProcessing, groupId: string): MembershipProcessing => ({
  ...it,
  fresh: HashSet.add(it.fresh, groupId),
})

export const withResumed = (it: MembershipProcessing, groupId: string): MembershipProcessing => ({
  ...it,
  resumed: [...it.resumed.filter((id) => id !== groupId), groupId],
})

/** A rule has been evaluated for everybody that waited. */
export const withProcessed = (
  it: MembershipProcessing,
  groupId: string,
  { at, hasChanged }: { readonly at: number; readonly hasChanged: boolean },
): MembershipProcessing => {
  const before = Option.getOrUndefined(HashMap.get(it.processed, groupId))
  const changedAt = hasChanged ? at : before?.changedAt
  return {
    pending: HashMap.empty(),
    fresh: HashSet.remove(it.fresh, groupId),
    processed: HashMap.set(it.processed, groupId, {
      at,
      ...(changedAt === undefined ? {} : { changedAt }),
    }),
    resumed: it.resumed.filter((id) => id !== groupId),
  }
}

/** Nothing waits any more; rules that nobody's change concerned were not evaluated. */
export const withSettled = (it: MembershipProcessing): MembershipProcessing => ({
  ...it,
  pending: HashMap.empty(),
})

const withoutGroupId = (ids: readonly string[], groupId: string): readonly string[] =>
  ids.filter((id) => id !== groupId)

export const withoutProcessing = (
  it: MembershipProcessing,
  groupId: string,
): MembershipProcessing => ({
  ...it,
  fresh: HashSet.remove(it.fresh, groupId),
  resumed: withoutGroupId(it.resumed, groupId),
  processed: HashMap.remove(it.processed, groupId),
})

const profileChanges = (
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  )

/** The properties of a user, by their names in a rule, that differ between two moments. */
export const changedUserProperties = (
  before: DirectoryUser,
  after: DirectoryUser,
): readonly string[] => [
  ...(["displayName", "mail", "userType", "accountEnabled", "employeeHireDate"] as const).filter(
    (name) => before[name] !== after[name],
  ),
  ...(["otherMails", "proxyAddresses", "assignedPlans"] as const).filter(
    (name) => before[name] !== after[name],
  ),
  ...(before.userPrincipalName === after.userPrincipalName ? [] : ["userPrincipalName"]),
  ...(before.mail === after.mail && before.userPrincipalName === after.userPrincipalName
    ? []
    : ["mailNickName"]),
  ...(before.manager === after.manager ? [] : ["manager"]),
  ...(before.onPremisesSyncEnabled === after.onPremisesSyncEnabled ? [] : ["dirSyncEnabled"]),
  ...profileChanges(before.profile, after.profile),
]

/** The same for a device. */
export const changedDeviceProperties = (before: Device, after: Device): readonly string[] => [
  ...(["displayName", "accountEnabled", "isRooted"] as const).filter(
    (name) => before[name] !== after[name],
  ),
  ...(["devicePhysicalIds", "systemLabels"] as const).filter(
    (name) => before[name] !== after[name],
  ),
  ...profileChanges(before.profile, after.profile),
]
