import type { AuditEntry } from "@twin/kernel"
import {
  type AccessReview,
  effectiveDecision,
  type ReviewInstance,
  type ReviewItem,
} from "./AccessReview.ts"
import { appNameOf } from "./CloudApp.ts"
import { groupOf, memberIdsOf, userOf } from "./directory.ts"
import { isDynamic } from "./Group.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import { assignmentOf } from "./SignInProtection.ts"
import type { IdentityWorld } from "./State.ts"

type ApplyResult = ReviewItem["applyResult"]

const line = (activity: string, objectId: string, review: AccessReview): AuditEntry => ({
  operation: activity,
  recordType: 8,
  workload: "AzureActiveDirectory",
  objectId,
  resultStatus: "Success",
  details: { Category: "AccessReviews", Review: review.displayName },
})

/** Who is assigned through a group stays: a denial takes away the own assignment. */
const unassignment = (
  world: IdentityWorld,
  item: ReviewItem,
  appId: string,
  at: number,
): { readonly result: ApplyResult; readonly events: readonly IdentityEvent[] } => {
  if (userOf(world, item.userId) === undefined) {
    return { result: "AppliedSuccessfullyButObjectNotFound", events: [] }
  }
  if (!item.isDirect) return { result: "NotSupported", events: [] }
  const { principals } = assignmentOf(world.identity.signInProtection, appId)
  return {
    result: "AppliedSuccessfully",
    events: principals.includes(item.userId)
      ? [{ _tag: "ApplicationUnassigned", appId, principalId: item.userId, at }]
      : [],
  }
}

/** A denial takes away the direct membership and nothing else (IDN-234, IDN-236). */
const removal = (
  world: IdentityWorld,
  item: ReviewItem,
  at: number,
): { readonly result: ApplyResult; readonly events: readonly IdentityEvent[] } => {
  if (item.applicationId !== undefined) return unassignment(world, item, item.applicationId, at)
  const group = groupOf(world, item.groupId ?? "")
  if (group === undefined || userOf(world, item.userId) === undefined) {
    return { result: "AppliedSuccessfullyButObjectNotFound", events: [] }
  }
  if (!item.isDirect || isDynamic(group) || group.onPremisesSyncEnabled) {
    return { result: "NotSupported", events: [] }
  }
  return {
    result: "AppliedSuccessfully",
    events: memberIdsOf(world, group.id).includes(item.userId)
      ? [{ _tag: "GroupMemberRemoved", groupId: group.id, memberId: item.userId, at }]
      : [],
  }
}

/** A denied guest is blocked at once, whatever other access there is (IDN-236). */
const block = (
  world: IdentityWorld,
  item: ReviewItem,
  at: number,
): { readonly result: ApplyResult; readonly events: readonly IdentityEvent[] } => {
  const user = userOf(world, item.userId)
  if (user === undefined) return { result: "AppliedSuccessfullyButObjectNotFound", events: [] }
  return {
    result: "AppliedSuccessfully",
    events: user.accountEnabled
      ? [{ _tag: "UserUpdated", userId: user.id, changes: { accountEnabled: false }, at }]
      : [],
  }
}

/** Everything that applying the results of an instance does. */
export const applyReview = (
  world: IdentityWorld,
  review: AccessReview,
  instance: ReviewInstance,
  at: number,
): { readonly events: readonly IdentityEvent[]; readonly audit: readonly AuditEntry[] } => {
  const isDeletion = review.deniedAction === "disable-and-delete"
  const applied = instance.items.map((item) => {
    if (effectiveDecision(review, item) !== "Deny") {
      return { item, result: "AppliedSuccessfully" as const, events: [] }
    }
    return { item, ...(isDeletion ? block(world, item, at) : removal(world, item, at)) }
  })
  // One person in two groups is blocked once.
  const seen = new Set<string>()
  const effects = applied
    .flatMap(({ events }) => events)
    .filter((event) => {
      if (event._tag !== "UserUpdated") return true
      const isNew = !seen.has(event.userId)
      seen.add(event.userId)
      return isNew
    })
  const waits = isDeletion && applied.some(({ events }) => events.length > 0)
  return {
    events: [
      ...effects,
      {
        _tag: "AccessReviewApplied",
        instanceId: instance.id,
        results: applied.map(({ item, result }) => ({ itemId: item.id, applyResult: result })),
        at,
      },
      {
        _tag: "AccessReviewStatusChanged",
        instanceId: instance.id,
        status: waits ? "Applying" : "Applied",
        at,
      },
    ],
    audit: [
      line("Access review ended: apply decisions", instance.id, review),
      ...effects.flatMap((event) => {
        if (event._tag === "UserUpdated") {
          const name = userOf(world, event.userId)?.userPrincipalName ?? event.userId
          return [line("Disable account", name, review)]
        }
        if (event._tag === "ApplicationUnassigned") {
          return [line("Remove app role assignment from user", appNameOf(event.appId), review)]
        }
        if (event._tag === "GroupMemberRemoved") {
          return [
            line(
              "Remove member from group",
              groupOf(world, event.groupId)?.displayName ?? event.groupId,
              review,
            ),
          ]
        }
        return []
      }),
    ],
  }
}

/** The guests of an instance who were denied and are still blocked when the time is over. */
export const guestsToDelete = (
  world: IdentityWorld,
  review: AccessReview,
  instance: ReviewInstance,
): readonly string[] => [
  ...new Set(
    instance.items
      .filter((item) => effectiveDecision(review, item) === "Deny")
      .map(({ userId }) => userId)
      .filter((userId) => userOf(world, userId)?.accountEnabled === false),
  ),
]
