import {
  type Call,
  decideByGates,
  deny,
  gate,
  isoOf,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import { type AccessReview, startOfInstance } from "../AccessReview.ts"
import { instancesOf, reviewOf, reviewsOf, startInstance } from "../accessReviews.ts"
import { evaluateReviewDefinition } from "../decisions/evaluateReviewDefinition.ts"
import { reviewerMails } from "../dueReviews.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet, hashtable } from "./graphCmdlet.ts"
import { ReviewBody, reviewIn } from "./reviewBody.ts"

export const reviewAdministrators: readonly string[] = [
  roles.identityGovernanceAdministrator,
  roles.globalAdministrator,
]

const reviewRow = (world: IdentityWorld, review: AccessReview): OutputObject => ({
  Id: review.id,
  DisplayName: review.displayName,
  Status: instancesOf(world, review.id).some(({ status }) => status === "InProgress")
    ? "InProgress"
    : startOfInstance(review, instancesOf(world, review.id).length) === undefined
      ? "Completed"
      : "NotStarted",
  CreatedDateTime: isoOf(review.createdAt),
  Scope: { ...review.scope },
  Settings: {
    MailNotificationsEnabled: review.mailNotifications,
    ReminderNotificationsEnabled: review.reminderNotifications,
    JustificationRequiredOnApproval: review.justificationRequiredOnApproval,
    DefaultDecisionEnabled: review.defaultDecision !== "None",
    DefaultDecision: review.defaultDecision,
    InstanceDurationInDays: review.durationDays,
    AutoApplyDecisionsEnabled: review.autoApply,
    RecommendationsEnabled: review.recommendationsEnabled,
    ApplyActions: [
      review.deniedAction === "remove-access"
        ? "removeAccessApplyAction"
        : "disableAndDeleteUserApplyAction",
    ],
  },
})

const tables = Object.fromEntries(
  (["Scope", "InstanceEnumerationScope", "Settings"] as const).map((name) => [
    name,
    Schema.optionalKey(hashtable.annotate({ description: `${name}, as the service documents it` })),
  ]),
)
const lists = Object.fromEntries(
  (["Reviewers", "FallbackReviewers"] as const).map((name) => [
    name,
    Schema.optionalKey(
      Schema.Array(hashtable).annotate({ description: `${name}: queries for users or groups` }),
    ),
  ]),
)
const texts = Object.fromEntries(
  (["DisplayName", "DescriptionForAdmins", "DescriptionForReviewers"] as const).map((name) => [
    name,
    Schema.optionalKey(Schema.String.annotate({ description: name })),
  ]),
)

export const newAccessReview = graphCmdlet({
  name: "New-MgIdentityGovernanceAccessReviewDefinition",
  summary: "Defines a single or recurring review of who is in a group.",
  params: { ...texts, ...tables, ...lists },
  body: ReviewBody,
  roles: reviewAdministrators,
  facts: ["IDN-233", "IDN-234", "IDN-235", "IDN-236", "IDN-237", "IDN-242"],
  decide: (call, body): Ruling<IdentityEvent> => {
    const { world, actor, now, draw } = call
    const { kind, review: wish } = reviewIn(world, body, now)
    const decision = evaluateReviewDefinition(world, wish, kind)
    if (decision.outcome !== "allow") return { decision }
    const review: AccessReview = {
      ...wish,
      id: draw.guid(`review ${body.displayName}`),
      createdBy: actor.id,
    }
    const first = review.startsAt <= now ? startInstance(world, review, 0, now) : undefined
    return {
      decision,
      events: [
        { _tag: "AccessReviewDefined", review },
        ...(first === undefined ? [] : [{ _tag: "AccessReviewStarted" as const, instance: first }]),
      ],
      audit: [auditLine("Create access review", review.displayName)],
      mail:
        first !== undefined && review.mailNotifications
          ? reviewerMails(world, review, first, "Action required: review access")
          : [],
      output: [
        { ...reviewRow(world, review), ...(first === undefined ? {} : { Status: "InProgress" }) },
      ],
    }
  },
})

const reviewId = Schema.NonEmptyString.annotate({
  description: "Id or display name of the review",
})

const known = gate<{ readonly isKnown: boolean }>()({
  name: "review-known",
  facts: ["IDN-233"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The review is known.")
      : deny(
          "There is no such review.",
          {},
          { code: "ResourceNotFound", message: "The access review was not found." },
        ),
})

/** Whether a review of this name exists, as a decision. */
export const reviewKnown = (review: AccessReview | undefined) =>
  decideByGates([known], { isKnown: review !== undefined })

export const getAccessReview = operation({
  name: "Get-MgIdentityGovernanceAccessReviewDefinition",
  summary: "Shows access reviews.",
  params: Schema.Struct({ AccessReviewScheduleDefinitionId: Schema.optionalKey(reviewId) }),
  roles: [...reviewAdministrators, roles.globalReader, roles.securityReader],
  roleRefusal: requestDenied,
  facts: ["IDN-233", "IDN-237"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const wanted = params.AccessReviewScheduleDefinitionId
    const found = wanted === undefined ? undefined : reviewOf(world, wanted)
    const shown = wanted === undefined ? reviewsOf(world) : found === undefined ? [] : [found]
    return {
      decision: decideByGates([known], { isKnown: wanted === undefined || found !== undefined }),
      output: shown.map((it) => reviewRow(world, it)),
    }
  },
})

export const removeAccessReview = graphCmdlet({
  name: "Remove-MgIdentityGovernanceAccessReviewDefinition",
  summary: "Removes an access review; what it has applied stays.",
  params: { AccessReviewScheduleDefinitionId: reviewId },
  path: ["AccessReviewScheduleDefinitionId"],
  body: Schema.Struct({}),
  roles: reviewAdministrators,
  facts: ["IDN-237"],
  decide: (call, _body, params): Ruling<IdentityEvent> => {
    const review = reviewOf(call.world, params.AccessReviewScheduleDefinitionId)
    const decision = reviewKnown(review)
    if (review === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "AccessReviewRemoved", reviewId: review.id, at: call.now }],
      audit: [auditLine("Delete access review", review.displayName)],
    }
  },
})
