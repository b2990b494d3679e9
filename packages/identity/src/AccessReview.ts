import { days } from "@twin/kernel"
import { Schema } from "effect"

/** Whose access is asked about (IDN-233). */
export const ReviewScope = Schema.Struct({
  /** Object ids of the groups; empty where every Microsoft 365 group with guests is meant. */
  groupIds: Schema.Array(Schema.NonEmptyString),
  isEveryMicrosoft365Group: Schema.Boolean,
  /** Ids of applications: who is assigned to them is asked about. */
  applicationIds: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
  users: Schema.Literals(["guests", "everyone"]),
  /** 1 to 730: only those who have not signed in for so long. */
  inactiveDays: Schema.optionalKey(Schema.Int),
})
export type ReviewScope = typeof ReviewScope.Type

/** Who answers (IDN-234). Managers need fallback reviewers for people without one. */
export const ReviewerKind = Schema.Literals(["owners", "selected", "self", "managers"])
export type ReviewerKind = typeof ReviewerKind.Type

/** What is written down for whoever was not reviewed (IDN-235). */
export const DefaultDecision = Schema.Literals(["None", "Approve", "Deny", "Recommendation"])
export type DefaultDecision = typeof DefaultDecision.Type

export const DeniedAction = Schema.Literals(["remove-access", "disable-and-delete"])
export type DeniedAction = typeof DeniedAction.Type

/** A recurring or single review as an administrator defines it. Times are epoch milliseconds. */
export const AccessReview = Schema.Struct({
  id: Schema.NonEmptyString,
  displayName: Schema.NonEmptyString,
  scope: ReviewScope,
  reviewers: ReviewerKind,
  /** Object ids of users; groups are taken apart when an instance starts. */
  reviewerIds: Schema.Array(Schema.NonEmptyString),
  fallbackReviewerIds: Schema.Array(Schema.NonEmptyString),
  mailNotifications: Schema.Boolean,
  reminderNotifications: Schema.Boolean,
  justificationRequiredOnApproval: Schema.Boolean,
  recommendationsEnabled: Schema.Boolean,
  /** No sign-in for so long: the recommendation is to deny (IDN-235). */
  recommendationLookBackDays: Schema.Int,
  defaultDecision: DefaultDecision,
  autoApply: Schema.Boolean,
  deniedAction: DeniedAction,
  durationDays: Schema.Int,
  startsAt: Schema.Number,
  /** Milliseconds from the start of one instance to that of the next; absent for a single review. */
  recursEveryMillis: Schema.optionalKey(Schema.Number),
  /** No instance starts after this. */
  endsAt: Schema.optionalKey(Schema.Number),
  occurrences: Schema.optionalKey(Schema.Int),
  createdBy: Schema.NonEmptyString,
  createdAt: Schema.Number,
})
export type AccessReview = typeof AccessReview.Type

export const ReviewDecision = Schema.Literals(["NotReviewed", "Approve", "Deny", "DontKnow"])
export type ReviewDecision = typeof ReviewDecision.Type

/** One person in one group or application, as it was when the instance started. */
export const ReviewItem = Schema.Struct({
  id: Schema.NonEmptyString,
  groupId: Schema.optionalKey(Schema.NonEmptyString),
  /** Instead of a group. */
  applicationId: Schema.optionalKey(Schema.NonEmptyString),
  userId: Schema.NonEmptyString,
  /** False: the person is there through another group, which a denial cannot change. */
  isDirect: Schema.Boolean,
  reviewerIds: Schema.Array(Schema.NonEmptyString),
  recommendation: Schema.Literals(["Approve", "Deny", "NoInfoAvailable"]),
  decision: ReviewDecision,
  justification: Schema.optionalKey(Schema.String),
  reviewedBy: Schema.optionalKey(Schema.String),
  reviewedAt: Schema.optionalKey(Schema.Number),
  applyResult: Schema.Literals([
    "New",
    "AppliedSuccessfully",
    "AppliedSuccessfullyButObjectNotFound",
    "NotSupported",
  ]),
})
export type ReviewItem = typeof ReviewItem.Type

/** `Applying` lasts thirty days where denied guests are to be deleted (IDN-236). */
export const InstanceStatus = Schema.Literals(["InProgress", "Completed", "Applying", "Applied"])
export type InstanceStatus = typeof InstanceStatus.Type

export const ReviewInstance = Schema.Struct({
  id: Schema.NonEmptyString,
  reviewId: Schema.NonEmptyString,
  /** 0 for the first. */
  ordinal: Schema.Int,
  startsAt: Schema.Number,
  endsAt: Schema.Number,
  status: InstanceStatus,
  isReminded: Schema.Boolean,
  items: Schema.Array(ReviewItem),
  /** Since when denied guests are blocked; they are deleted thirty days later. */
  appliedAt: Schema.optionalKey(Schema.Number),
})
export type ReviewInstance = typeof ReviewInstance.Type

/** How long a denied guest stays blocked before deletion (IDN-236). */
export const deniedGuestBlockDays = 30
/** How far back the inactive filter reaches at most (IDN-233). */
export const inactiveDaysLimits = { minimum: 1, maximum: 730 } as const
/** What the recommendation looks back without further word (IDN-235). */
export const defaultLookBackDays = 30

/** When an instance begins; undefined where the series is over. */
export const startOfInstance = (review: AccessReview, ordinal: number): number | undefined => {
  const { startsAt, recursEveryMillis, endsAt, occurrences } = review
  if (ordinal > 0 && recursEveryMillis === undefined) return undefined
  if (occurrences !== undefined && ordinal >= occurrences) return undefined
  const at = startsAt + ordinal * (recursEveryMillis ?? 0)
  return endsAt !== undefined && at > endsAt ? undefined : at
}

/** The moment at which those who have not answered yet are reminded: half of the time is over. */
export const reminderOf = ({ startsAt, endsAt }: ReviewInstance): number =>
  startsAt + Math.floor((endsAt - startsAt) / 2)

/** When guests who were denied are deleted. */
export const deletionOf = ({ appliedAt }: ReviewInstance): number | undefined =>
  appliedAt === undefined ? undefined : appliedAt + days(deniedGuestBlockDays)

/** What is applied to somebody: the reviewer's word, or else what stands in for it (IDN-235). */
export const effectiveDecision = (
  review: Pick<AccessReview, "defaultDecision">,
  item: Pick<ReviewItem, "decision" | "recommendation">,
): ReviewDecision => {
  if (item.decision !== "NotReviewed") return item.decision
  switch (review.defaultDecision) {
    case "None":
      return "NotReviewed"
    case "Approve":
    case "Deny":
      return review.defaultDecision
    case "Recommendation":
      return item.recommendation === "NoInfoAvailable" ? "NotReviewed" : item.recommendation
  }
}
