import { type Due, days, decideByGates, gate, type OutgoingMail, pass } from "@twin/kernel"
import { HashMap } from "effect"
import { endAssignment, packageLine } from "./deliverPackage.ts"
import { userOf } from "./directory.ts"
import {
  type Assignment,
  type AssignmentRequest,
  expiryNoticeDays,
} from "./EntitlementManagement.ts"
import { assignmentsOf, packageOf, policyOf, requestsOf } from "./entitlements.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import type { IdentityWorld } from "./State.ts"

const step = gate<{ readonly what: string; readonly who: string }>()({
  name: "assignment-step",
  facts: ["IDN-240"],
  reads: ["what", "who"],
  check: ({ what, who }) => pass(what, { who }),
})

const decided = (who: string, what: string) => decideByGates([step], { what, who })

type Step = Due<IdentityEvent>

/** A mail about packages. */
export const packageMail = (
  to: string,
  subject: string,
  text: string,
  link?: string,
): OutgoingMail => ({
  kind: link === undefined ? "notification" : "approval-request",
  from: "azure-noreply@microsoft.com",
  to,
  subject,
  text,
  ...(link === undefined ? {} : { link }),
})

const nameOf = (world: IdentityWorld, userId: string): string =>
  userOf(world, userId)?.invitedAddress ?? userOf(world, userId)?.mail ?? userId

const lapse = (world: IdentityWorld, request: AssignmentRequest): readonly Step[] => {
  const stage = policyOf(world, request.policyId)?.stages[request.stage]
  if (request.state !== "pendingApproval" || stage === undefined) return []
  const at = request.stageSince + days(stage.automaticDenialDays)
  return [
    {
      at,
      name: "access-request-lapsed",
      decision: decided(request.requestor, "Nobody has answered in time: the request is denied."),
      events: [
        {
          _tag: "PackageRequestMoved",
          requestId: request.id,
          state: "denied",
          stage: request.stage,
          at,
        },
      ],
      mail: [
        packageMail(
          request.requestor,
          "Your request was denied",
          "Nobody has answered your request in time.",
        ),
      ],
    },
  ]
}

const expiry = (world: IdentityWorld, assignment: Assignment): readonly Step[] => {
  const { expiresAt } = assignment
  if (assignment.state !== "delivered" || expiresAt === undefined) return []
  const name = nameOf(world, assignment.userId)
  const title = packageOf(world, assignment.accessPackageId)?.displayName ?? ""
  const noticeAt = Math.max(assignment.deliveredAt, expiresAt - days(expiryNoticeDays))
  const notice: readonly Step[] =
    assignment.isReminded || userOf(world, assignment.userId) === undefined
      ? []
      : [
          {
            at: noticeAt,
            name: "assignment-expiry-announced",
            decision: decided(name, "The person is told that the access ends."),
            events: [
              { _tag: "PackageAssignmentNoticed", assignmentId: assignment.id, at: noticeAt },
            ],
            mail: [
              packageMail(name, `Your access to ${title} ends soon`, "Extend it in My Access."),
            ],
          },
        ]
  return [
    ...notice,
    {
      at: expiresAt,
      name: "assignment-expired",
      decision: decided(name, "The time of the assignment is over."),
      ...endAssignment(world, assignment, expiresAt),
      mail: [packageMail(name, `Your access to ${title} has ended`, "You no longer have access.")],
    },
  ]
}

/** A guest blocked for want of a package goes, unless somebody switched the account on again. */
const departures = (world: IdentityWorld): readonly Step[] => {
  const { blockedGuests, lifecycle } = world.identity.governance
  if (lifecycle.externalUserLifecycleAction !== "blockSignInAndDelete") return []
  return HashMap.toEntries(blockedGuests).map(([userId, blocked]): Step => {
    const at = blocked.at + days(lifecycle.durationUntilExternalUserDeletedAfterBlockedDays)
    const user = userOf(world, userId)
    const goes = user !== undefined && !user.accountEnabled
    const name = user?.userPrincipalName ?? userId
    return {
      at,
      name: "governed-guest-deleted",
      decision: decided(
        name,
        goes
          ? "The guest has no package left and is deleted."
          : "The guest is gone, or was let in again by an administrator.",
      ),
      events: [
        { _tag: "GovernedGuestReleased", userId, at },
        ...(goes ? [{ _tag: "UserDeleted" as const, userId, at }] : []),
      ],
      audit: goes ? [packageLine("Delete user", name)] : [],
    }
  })
}

/** What entitlement management does by the clock. */
export const dueAssignments = (world: IdentityWorld, until: number): readonly Step[] =>
  [
    ...requestsOf(world).flatMap((it) => lapse(world, it)),
    ...assignmentsOf(world).flatMap((it) => expiry(world, it)),
    ...departures(world),
  ].filter(({ at }) => at <= until)
