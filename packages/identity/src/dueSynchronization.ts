import { type Due, minutes } from "@twin/kernel"
import { HashMap } from "effect"
import { guestUserPrincipalName } from "./Address.ts"
import { type DirectoryUser, isExternalUser, memberUser } from "./DirectoryUser.ts"
import { evaluateSynchronization } from "./decisions/evaluateSynchronization.ts"
import { deletedUserOf, organizationOf, personOf, userOf } from "./directory.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import type { SynchronizationJob } from "./Partnership.ts"
import type { IdentityWorld } from "./State.ts"

/** A job runs every 40 minutes: the service fixes that interval (Learn, cross-tenant synchronization). */
export const synchronizationMinutes = 40

type Entry = SynchronizationJob["scope"][number]

/** A synchronized user: member by default, redeemed without anybody's doing (IDN-005, IDN-041). */
const synchronizedUser = (world: IdentityWorld, entry: Entry, at: number): DirectoryUser =>
  memberUser({
    id: entry.objectId,
    userPrincipalName: guestUserPrincipalName(
      entry.address,
      organizationOf(world)?.initialDomain ?? "",
    ),
    displayName: personOf(world, entry.address)?.displayName ?? entry.address,
    mail: entry.address,
    userType: "Member",
    externalUserState: "Accepted",
    externalUserStateChangedAt: at,
    creationType: "Invitation",
    identities: [{ signInType: "federated", issuer: "ExternalAzureAD" }],
    invitedAddress: entry.address,
    accountEnabled: personOf(world, entry.address)?.accountEnabled ?? true,
    createdAt: at,
  })

/** What one run does for one person in scope; nothing where home and copy agree. */
const carriedOver = (world: IdentityWorld, entry: Entry, at: number): readonly IdentityEvent[] => {
  const known = userOf(world, entry.address)
  if (known === undefined) {
    if (deletedUserOf(world, entry.objectId) !== undefined) {
      return [{ _tag: "UserRestored", userId: entry.objectId, at }]
    }
    return [{ _tag: "UserCreated", user: synchronizedUser(world, entry, at) }]
  }
  const person = personOf(world, entry.address)
  // Somebody whom this tenant itself signs in, or has invited before, is left alone.
  if (person === undefined || !isExternalUser(known) || known.id !== entry.objectId) return []
  const accountEnabled = person.accountEnabled ?? true
  return known.displayName === person.displayName && known.accountEnabled === accountEnabled
    ? []
    : [
        {
          _tag: "UserUpdated",
          userId: known.id,
          changes: { displayName: person.displayName, accountEnabled },
          at,
        },
      ]
}

/** Runs of synchronization jobs; a run that is refused ends the job and keeps who is here (IDN-108). */
export const dueSynchronization = (
  world: IdentityWorld,
  until: number,
): readonly Due<IdentityEvent>[] =>
  HashMap.toValues(world.identity.partnership.syncJobs)
    .filter(({ nextRunAt }) => nextRunAt <= until)
    .toSorted((a, b) => a.nextRunAt - b.nextRunAt || (a.homeTenant < b.homeTenant ? -1 : 1))
    .map((job) => {
      const { homeTenant, nextRunAt: at, scope } = job
      const decision = evaluateSynchronization(world, { homeTenant })
      const next: SynchronizationJob = { ...job, nextRunAt: at + minutes(synchronizationMinutes) }
      return {
        at,
        name: "users-synchronized",
        decision,
        events:
          decision.outcome === "allow"
            ? [
                ...scope.flatMap((entry) => carriedOver(world, entry, at)),
                { _tag: "SynchronizationScheduled" as const, job: next, at },
              ]
            : [{ _tag: "SynchronizationStopped" as const, homeTenant, at }],
      }
    })
