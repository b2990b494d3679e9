import { type Due, decideByGates, gate, type OutgoingMail, pass } from "@twin/kernel"
import {
  type AccessReview,
  deletionOf,
  effectiveDecision,
  type ReviewInstance,
  reminderOf,
} from "./AccessReview.ts"
import { instancesOf, nextInstance, reviewsOf, startInstance } from "./accessReviews.ts"
import { applyReview, guestsToDelete } from "./applyReview.ts"
import { userOf } from "./directory.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import type { IdentityWorld } from "./State.ts"

const step = gate<{ readonly review: string; readonly count: number; readonly what: string }>()({
  name: "access-review-step",
  facts: ["IDN-234", "IDN-235", "IDN-236", "IDN-237"],
  reads: ["review", "count", "what"],
  check: ({ review, count, what }) => pass(what, { review, count }),
})

const decided = (review: AccessReview, count: number, what: string) =>
  decideByGates([step], { review: review.displayName, count, what })

const mailTo = (world: IdentityWorld, userId: string): string | undefined => {
  const user = userOf(world, userId)
  return user?.invitedAddress ?? user?.mail
}

/** One mail to each reviewer who has not answered everything. */
export const reviewerMails = (
  world: IdentityWorld,
  review: AccessReview,
  instance: ReviewInstance,
  subject: string,
): readonly OutgoingMail[] => {
  const waiting = new Set(
    instance.items
      .filter(({ decision }) => decision === "NotReviewed")
      .flatMap(({ reviewerIds }) => reviewerIds),
  )
  return [...waiting].toSorted().flatMap((userId) => {
    const to = mailTo(world, userId)
    return to === undefined
      ? []
      : [
          {
            kind: "approval-request" as const,
            from: "azure-noreply@microsoft.com",
            to,
            subject: `${subject}: ${review.displayName}`,
            text: "Say in My Access whether these people still need their access.",
            link: instance.id,
          },
        ]
  })
}

type Step = Due<IdentityEvent>

const startDue = (world: IdentityWorld, review: AccessReview, until: number): readonly Step[] => {
  const next = nextInstance(world, review)
  if (next === undefined || next.at > until) return []
  const instance = startInstance(world, review, next.ordinal, next.at)
  return [
    {
      at: next.at,
      name: "access-review-started",
      decision: decided(review, instance.items.length, "The access review has started."),
      events: [{ _tag: "AccessReviewStarted", instance }],
      mail: review.mailNotifications
        ? reviewerMails(world, review, instance, "Action required: review access")
        : [],
    },
  ]
}

const remindDue = (world: IdentityWorld, review: AccessReview, instance: ReviewInstance): Step => ({
  at: reminderOf(instance),
  name: "access-review-reminded",
  decision: decided(review, instance.items.length, "Half of the time for answers is over."),
  events: [{ _tag: "AccessReviewReminded", instanceId: instance.id, at: reminderOf(instance) }],
  mail: review.reminderNotifications
    ? reviewerMails(world, review, instance, "Reminder: review access")
    : [],
})

/** The end of an instance, whoever brings it about. */
export const completion = (
  world: IdentityWorld,
  review: AccessReview,
  instance: ReviewInstance,
  at: number,
) => {
  const completed: IdentityEvent = {
    _tag: "AccessReviewStatusChanged",
    instanceId: instance.id,
    status: "Completed",
    at,
  }
  if (!review.autoApply) return { events: [completed], audit: [] }
  const { events, audit } = applyReview(world, review, instance, at)
  return { events: [completed, ...events], audit }
}

const completeDue = (
  world: IdentityWorld,
  review: AccessReview,
  instance: ReviewInstance,
): Step => {
  const denied = instance.items.filter((it) => effectiveDecision(review, it) === "Deny").length
  return {
    at: instance.endsAt,
    name: "access-review-completed",
    decision: decided(
      review,
      denied,
      review.autoApply
        ? "The time for answers is over, and the results are applied."
        : "The time for answers is over; an administrator applies the results.",
    ),
    ...completion(world, review, instance, instance.endsAt),
  }
}

const deleteDue = (
  world: IdentityWorld,
  review: AccessReview,
  instance: ReviewInstance,
  at: number,
): Step => {
  const userIds = guestsToDelete(world, review, instance)
  return {
    at,
    name: "denied-guests-deleted",
    decision: decided(review, userIds.length, "Denied guests who are still blocked are deleted."),
    events: [
      ...userIds.map((userId): IdentityEvent => ({ _tag: "UserDeleted", userId, at })),
      { _tag: "AccessReviewStatusChanged", instanceId: instance.id, status: "Applied", at },
    ],
    audit: userIds.map((userId) => ({
      operation: "Delete user",
      recordType: 8,
      workload: "AzureActiveDirectory" as const,
      objectId: userOf(world, userId)?.userPrincipalName ?? userId,
      resultStatus: "Success",
      details: { Category: "AccessReviews", Review: review.displayName },
    })),
  }
}

const instanceDue = (
  world: IdentityWorld,
  review: AccessReview,
  instance: ReviewInstance,
): readonly Step[] => {
  switch (instance.status) {
    case "InProgress":
      return [
        ...(instance.isReminded ? [] : [remindDue(world, review, instance)]),
        completeDue(world, review, instance),
      ]
    case "Applying": {
      const at = deletionOf(instance)
      return at === undefined ? [] : [deleteDue(world, review, instance, at)]
    }
    case "Completed":
    case "Applied":
      return []
  }
}

/** What access reviews do by the clock: start, remind, end, apply, delete. */
export const dueReviews = (world: IdentityWorld, until: number): readonly Step[] =>
  reviewsOf(world).flatMap((review) => [
    ...startDue(world, review, until),
    ...instancesOf(world, review.id)
      .flatMap((instance) => instanceDue(world, review, instance))
      .filter(({ at }) => at <= until),
  ])
