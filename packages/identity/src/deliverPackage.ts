import { type AuditEntry, type Call, type Decision, days } from "@twin/kernel"
import { HashMap, Option } from "effect"
import { evaluateGovernedInvitation } from "./decisions/evaluatePackageRequest.ts"
import { groupOf, memberIdsOf, userOf } from "./directory.ts"
import type {
  AccessPackage,
  Assignment,
  AssignmentPolicy,
  AssignmentRequest,
} from "./EntitlementManagement.ts"
import { assignmentsOf, packageOf, requestorOf } from "./entitlements.ts"
import { type Group, isDynamic } from "./Group.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import { inviteGuest } from "./operations/inviteGuest.ts"
import { assignmentOf } from "./SignInProtection.ts"
import type { IdentityWorld } from "./State.ts"

/** What a delivery does, or why it fails. */
export interface Delivery {
  readonly isDelivered: boolean
  readonly events: readonly IdentityEvent[]
  readonly audit: readonly AuditEntry[]
}

/** A line of the audit log about packages. */
export const packageLine = (activity: string, objectId: string, details = {}): AuditEntry => ({
  operation: activity,
  recordType: 8,
  workload: "AzureActiveDirectory",
  objectId,
  resultStatus: "Success",
  details: { Category: "EntitlementManagement", ...details },
})

const admits = (group: Group | undefined, isOutside: boolean): group is Group =>
  group !== undefined &&
  !isDynamic(group) &&
  !group.onPremisesSyncEnabled &&
  (!isOutside || group.allowToAddGuests)

/** When an assignment under a policy ends; undefined where it lasts. */
export const expiryUnder = (policy: AssignmentPolicy, from: number): number | undefined =>
  policy.endsAt ??
  (policy.durationDays === undefined ? undefined : from + days(policy.durationDays))

/**
 * Gives somebody what a package holds: a guest object where there is none, without an invitation
 * mail, and the memberships (IDN-240).
 */
export const deliverPackage = (
  call: Call<IdentityWorld>,
  accessPackage: AccessPackage,
  policy: AssignmentPolicy,
  request: AssignmentRequest,
): Delivery => {
  const { world, now, draw } = call
  const { address, user: known, isOutside } = requestorOf(world, request.requestor)
  const invited =
    known === undefined
      ? inviteGuest(call, { address, sendMail: false, isGoverned: true, sponsors: [] })
      : undefined
  const user = known ?? invited?.user
  const groups = accessPackage.groupIds.map((id) => groupOf(world, id))
  const failed: Delivery = {
    isDelivered: false,
    events: [
      {
        _tag: "PackageRequestMoved",
        requestId: request.id,
        state: "deliveryFailed",
        stage: request.stage,
        at: now,
      },
    ],
    audit: [
      packageLine("Request failed to be delivered", address, {
        Package: accessPackage.displayName,
      }),
    ],
  }
  if (user === undefined || !groups.every((group) => admits(group, isOutside))) return failed
  const expiresAt = expiryUnder(policy, now)
  const assignment: Assignment = {
    id: draw.guid(`assignment ${request.id}`),
    accessPackageId: accessPackage.id,
    policyId: policy.id,
    userId: user.id,
    state: "delivered",
    deliveredAt: now,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    isReminded: false,
  }
  const isBlocked = blockedSince(world, user.id) !== undefined
  return {
    isDelivered: true,
    events: [
      ...(invited?.events ?? []),
      ...(invited === undefined
        ? []
        : [{ _tag: "GovernedGuestMade" as const, userId: user.id, at: now }]),
      // A package gives the account back that losing the last one has blocked.
      ...(isBlocked && !user.accountEnabled
        ? [
            {
              _tag: "UserUpdated" as const,
              userId: user.id,
              changes: { accountEnabled: true },
              at: now,
            },
          ]
        : []),
      ...groups.flatMap((group): readonly IdentityEvent[] =>
        group === undefined || memberIdsOf(world, group.id).includes(user.id)
          ? []
          : [{ _tag: "GroupMemberAdded", groupId: group.id, memberId: user.id, at: now }],
      ),
      ...applicationsOf(accessPackage)
        .filter(
          (appId) =>
            !assignmentOf(world.identity.signInProtection, appId).principals.includes(user.id),
        )
        .map(
          (appId): IdentityEvent => ({
            _tag: "ApplicationAssigned",
            appId,
            principalId: user.id,
            at: now,
          }),
        ),
      { _tag: "PackageAssigned", assignment },
      {
        _tag: "PackageRequestMoved",
        requestId: request.id,
        state: "delivered",
        stage: request.stage,
        at: now,
      },
    ],
    audit: [
      ...(invited?.audit ?? []),
      packageLine("Fulfill access package assignment request", address, {
        Package: accessPackage.displayName,
      }),
    ],
  }
}

/** Ids of the applications that a package assigns. */
const applicationsOf = (it: AccessPackage | undefined): readonly string[] =>
  (it?.roles ?? []).filter(({ kind }) => kind === "application").map(({ id }) => id)

/** Since when a guest is blocked for want of a package. */
export const blockedSince = (world: IdentityWorld, userId: string): number | undefined =>
  Option.getOrUndefined(HashMap.get(world.identity.governance.blockedGuests, userId))?.at

const isGoverned = (world: IdentityWorld, userId: string): boolean =>
  HashMap.has(world.identity.governance.governedGuests, userId)

/**
 * Takes an assignment away: memberships that no other package gives, and, for a guest who came
 * through packages and has none left, what the lifecycle settings say (IDN-240).
 */
export const endAssignment = (
  world: IdentityWorld,
  assignment: Assignment,
  at: number,
): { readonly events: readonly IdentityEvent[]; readonly audit: readonly AuditEntry[] } => {
  const { userId } = assignment
  const user = userOf(world, userId)
  const others = assignmentsOf(world, userId).filter(
    (it) => it.id !== assignment.id && it.state === "delivered",
  )
  const kept = new Set(others.flatMap((it) => packageOf(world, it.accessPackageId)?.groupIds ?? []))
  const lost = (packageOf(world, assignment.accessPackageId)?.groupIds ?? []).filter(
    (id) => !kept.has(id) && memberIdsOf(world, id).includes(userId),
  )
  const keptApps = new Set(
    others.flatMap((it) => applicationsOf(packageOf(world, it.accessPackageId))),
  )
  const lostApps = applicationsOf(packageOf(world, assignment.accessPackageId)).filter(
    (appId) =>
      !keptApps.has(appId) &&
      assignmentOf(world.identity.signInProtection, appId).principals.includes(userId),
  )
  const { externalUserLifecycleAction: action } = world.identity.governance.lifecycle
  const leaves =
    user !== undefined && others.length === 0 && action !== "none" && isGoverned(world, userId)
  const name = user?.userPrincipalName ?? userId
  return {
    events: [
      { _tag: "PackageAssignmentEnded", assignmentId: assignment.id, at },
      ...lost.map(
        (groupId): IdentityEvent => ({ _tag: "GroupMemberRemoved", groupId, memberId: userId, at }),
      ),
      ...lostApps.map(
        (appId): IdentityEvent => ({
          _tag: "ApplicationUnassigned",
          appId,
          principalId: userId,
          at,
        }),
      ),
      ...(leaves
        ? [
            {
              _tag: "UserUpdated" as const,
              userId,
              changes: { accountEnabled: false },
              at,
            },
            { _tag: "GovernedGuestBlocked" as const, userId, at },
          ]
        : []),
    ],
    audit: [
      packageLine("Remove access package assignment", name),
      ...(leaves ? [packageLine("Disable account", name)] : []),
    ],
  }
}

/** Whether the guest could still be made: asked again when a request is approved (IDN-240). */
export const stillInvitable = (
  world: IdentityWorld,
  request: AssignmentRequest,
  now: number,
): Decision | undefined => {
  const { user, address } = requestorOf(world, request.requestor)
  return user === undefined ? evaluateGovernedInvitation(world, address, now) : undefined
}
