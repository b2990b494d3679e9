import { type Decision, type Due, days, decidingGate, minutes } from "@twin/kernel"
import { HashMap } from "effect"
import { guestUserPrincipalName } from "./Address.ts"
import { type DirectoryUser, isExternalUser, memberUser } from "./DirectoryUser.ts"
import { evaluateSynchronization } from "./decisions/evaluateSynchronization.ts"
import {
  deletedUserOf,
  groupOf,
  isDirectMember,
  memberIdsOf,
  organizationOf,
  personOf,
  userOf,
} from "./directory.ts"
import { assignedGroup } from "./Group.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import type { Person } from "./Person.ts"
import type { IdentityWorld } from "./State.ts"
import {
  attributesOf,
  quarantineDays,
  quarantineWait,
  type SynchronizationJob,
  type SynchronizedGroup,
  type SynchronizedPerson,
  synchronizationMinutes,
} from "./Synchronization.ts"

/** A synchronized user: member by default, redeemed without anybody's doing (IDN-005, IDN-041). */
const synchronizedUser = (
  world: IdentityWorld,
  job: SynchronizationJob,
  entry: SynchronizedPerson,
  person: Person,
  at: number,
): DirectoryUser =>
  memberUser({
    id: entry.objectId,
    userPrincipalName: guestUserPrincipalName(
      entry.address,
      organizationOf(world)?.initialDomain ?? "",
    ),
    ...attributesOf(job, person),
    mail: entry.address,
    externalUserState: "Accepted",
    externalUserStateChangedAt: at,
    creationType: "Invitation",
    identities: [{ signInType: "federated", issuer: "ExternalAzureAD" }],
    invitedAddress: entry.address,
    accountEnabled: person.accountEnabled ?? true,
    createdAt: at,
  })

const sameProfile = (
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean => Object.entries(b).every(([name, value]) => a[name] === value)

/** What one run does for one person in scope; nothing where home and copy agree. */
const carriedOver = (
  world: IdentityWorld,
  job: SynchronizationJob,
  entry: SynchronizedPerson,
  at: number,
): readonly IdentityEvent[] => {
  const person = personOf(world, entry.address)
  if (person === undefined) return []
  const known = userOf(world, entry.address)
  if (known === undefined) {
    return deletedUserOf(world, entry.objectId) === undefined
      ? [{ _tag: "UserCreated", user: synchronizedUser(world, job, entry, person, at) }]
      : [{ _tag: "UserRestored", userId: entry.objectId, at }]
  }
  // Somebody whom this tenant itself signs in, or has invited before, is left alone.
  if (!isExternalUser(known) || known.id !== entry.objectId) return []
  const accountEnabled = person.accountEnabled ?? true
  const wanted = attributesOf(job, person)
  const isSame =
    known.displayName === wanted.displayName &&
    known.userType === wanted.userType &&
    known.showInAddressList === wanted.showInAddressList &&
    known.accountEnabled === accountEnabled &&
    sameProfile(known.profile, wanted.profile)
  return isSame
    ? []
    : [
        {
          _tag: "UserUpdated",
          userId: known.id,
          changes: { ...wanted, profile: { ...known.profile, ...wanted.profile }, accountEnabled },
          at,
        },
      ]
}

/** Who has left the scope goes, and can come back for thirty days (Learn, cross-tenant synchronization). */
const leaving = (
  world: IdentityWorld,
  { scope, former = [] }: SynchronizationJob,
  at: number,
): readonly IdentityEvent[] =>
  former
    .filter(({ objectId }) => !scope.some((it) => it.objectId === objectId))
    .flatMap(({ objectId }): readonly IdentityEvent[] =>
      userOf(world, objectId) === undefined ? [] : [{ _tag: "UserDeleted", userId: objectId, at }],
    )

/** The copy of a group, and in it whoever of its members is synchronized, too. */
const groupCarriedOver = (
  world: IdentityWorld,
  { scope }: SynchronizationJob,
  { displayName, objectId, members }: SynchronizedGroup,
  at: number,
): readonly IdentityEvent[] => {
  const wanted = scope.filter(({ address }) => members.includes(address))
  const wantedIds = wanted.map((it) => it.objectId)
  const isThere = groupOf(world, objectId) !== undefined
  return [
    ...(isThere
      ? []
      : [
          {
            _tag: "GroupCreated" as const,
            group: assignedGroup({ id: objectId, displayName, createdAt: at }),
          },
        ]),
    ...wantedIds
      .filter((memberId) => !isThere || !isDirectMember(world, objectId, memberId))
      .map(
        (memberId): IdentityEvent => ({
          _tag: "GroupMemberAdded",
          groupId: objectId,
          memberId,
          at,
        }),
      ),
    ...memberIdsOf(world, objectId)
      .filter((memberId) => !wantedIds.includes(memberId))
      .map(
        (memberId): IdentityEvent => ({
          _tag: "GroupMemberRemoved",
          groupId: objectId,
          memberId,
          at,
        }),
      ),
  ]
}

const groupsLeaving = (
  world: IdentityWorld,
  { groups = [], formerGroups = [] }: SynchronizationJob,
  at: number,
): readonly IdentityEvent[] =>
  formerGroups
    .filter(({ objectId }) => !groups.some((it) => it.objectId === objectId))
    .flatMap(({ objectId }): readonly IdentityEvent[] =>
      groupOf(world, objectId) === undefined
        ? []
        : [{ _tag: "GroupDeleted", groupId: objectId, at }],
    )

/** A run that succeeds: the job leaves quarantine by it. */
const succeeded = (world: IdentityWorld, job: SynchronizationJob): readonly IdentityEvent[] => {
  const { quarantine: _healed, ...healthy } = job
  const at = job.nextRunAt
  return [
    ...job.scope.flatMap((entry) => carriedOver(world, job, entry, at)),
    ...leaving(world, job, at),
    ...(job.groups ?? []).flatMap((it) => groupCarriedOver(world, job, it, at)),
    ...groupsLeaving(world, job, at),
    {
      _tag: "SynchronizationScheduled",
      job: { ...healthy, nextRunAt: at + minutes(synchronizationMinutes) },
      at,
    },
  ]
}

/** A run that is refused: the job is looked at ever more rarely, and after four weeks it ends. */
const failed = (job: SynchronizationJob, decision: Decision): readonly IdentityEvent[] => {
  const { homeTenant, nextRunAt: at } = job
  const since = job.quarantine?.since ?? at
  const failures = (job.quarantine?.failures ?? 0) + 1
  if (at - since > days(quarantineDays)) return [{ _tag: "SynchronizationStopped", homeTenant, at }]
  const { code = "" } = decidingGate(decision).refusal ?? {}
  return [
    {
      _tag: "SynchronizationScheduled",
      job: {
        ...job,
        quarantine: { since, failures, code },
        nextRunAt: at + quarantineWait(failures),
      },
      at,
    },
  ]
}

/** Runs of synchronization jobs; a run that is refused keeps who is here (IDN-108). */
export const dueSynchronization = (
  world: IdentityWorld,
  until: number,
): readonly Due<IdentityEvent>[] =>
  HashMap.toValues(world.identity.partnership.syncJobs)
    .filter(({ nextRunAt }) => nextRunAt <= until)
    .toSorted((a, b) => a.nextRunAt - b.nextRunAt || (a.homeTenant < b.homeTenant ? -1 : 1))
    .map((job) => {
      const { homeTenant, nextRunAt: at, groups = [] } = job
      const decision = evaluateSynchronization(world, { homeTenant, hasGroups: groups.length > 0 })
      const isAllowed = decision.outcome === "allow"
      return {
        at,
        name: isAllowed ? "users-synchronized" : "synchronization-quarantined",
        decision,
        events: isAllowed ? succeeded(world, job) : failed(job, decision),
      }
    })
