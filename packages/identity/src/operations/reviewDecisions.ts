import {
  type AuditEntry,
  andThen,
  type Call,
  isoOf,
  type OutputObject,
  operation,
  type Ruling,
} from "@twin/kernel"
import { Schema } from "effect"
import {
  type AccessReview,
  effectiveDecision,
  ReviewDecision,
  type ReviewInstance,
  type ReviewItem,
} from "../AccessReview.ts"
import { instanceOf, instancesOf, reviewOf } from "../accessReviews.ts"
import { applyReview } from "../applyReview.ts"
import { appIdOf, appNameOf } from "../CloudApp.ts"
import { evaluateReviewAnswer, evaluateReviewStep } from "../decisions/evaluateReviewAnswer.ts"
import { evaluateSignIn } from "../decisions/evaluateSignIn.ts"
import { groupOf, userOf } from "../directory.ts"
import { completion } from "../dueReviews.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { reviewAdministrators, reviewKnown } from "./accessReviews.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

const review = Schema.NonEmptyString.annotate({ description: "Id or display name of the review" })
const instance = Schema.NonEmptyString.annotate({
  description: "Id of the instance; the latest one if absent",
})
const reviewKey = "AccessReviewScheduleDefinitionId"
const instanceKey = "AccessReviewInstanceId"
const itemKey = "AccessReviewInstanceDecisionItemId"
const readers = [...reviewAdministrators, roles.globalReader, roles.securityReader]

const chosen = (
  world: IdentityWorld,
  reviewName: string,
  instanceId: string | undefined,
): { readonly review: AccessReview | undefined; readonly instance: ReviewInstance | undefined } => {
  const found = reviewOf(world, reviewName)
  const all = found === undefined ? [] : instancesOf(world, found.id)
  return {
    review: found,
    instance: instanceId === undefined ? all.at(-1) : all.find(({ id }) => id === instanceId),
  }
}

const instanceRow = (it: ReviewInstance): OutputObject => ({
  Id: it.id,
  StartDateTime: isoOf(it.startsAt),
  EndDateTime: isoOf(it.endsAt),
  Status: it.status,
})

export const getReviewInstance = operation({
  name: "Get-MgIdentityGovernanceAccessReviewDefinitionInstance",
  summary: "Shows the instances of an access review.",
  params: Schema.Struct({ [reviewKey]: review }),
  roles: readers,
  roleRefusal: requestDenied,
  facts: ["IDN-234", "IDN-236"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const found = reviewOf(world, params[reviewKey])
    return {
      decision: reviewKnown(found),
      output: found === undefined ? [] : instancesOf(world, found.id).map(instanceRow),
    }
  },
})

const itemRow = (world: IdentityWorld, of: AccessReview, item: ReviewItem): OutputObject => ({
  Id: item.id,
  Principal: userOf(world, item.userId)?.displayName ?? item.userId,
  PrincipalId: item.userId,
  Resource:
    item.applicationId === undefined
      ? (groupOf(world, item.groupId ?? "")?.displayName ?? item.groupId ?? null)
      : appNameOf(item.applicationId),
  IsDirect: item.isDirect,
  Recommendation: item.recommendation,
  Decision: item.decision,
  EffectiveDecision: effectiveDecision(of, item),
  Justification: item.justification ?? null,
  ReviewedBy: item.reviewedBy ?? null,
  ReviewedDateTime: item.reviewedAt === undefined ? null : isoOf(item.reviewedAt),
  ApplyResult: item.applyResult,
})

export const getReviewDecision = operation({
  name: "Get-MgIdentityGovernanceAccessReviewDefinitionInstanceDecision",
  summary: "Shows whom an instance asks about, the recommendations and the answers.",
  params: Schema.Struct({ [reviewKey]: review, [instanceKey]: Schema.optionalKey(instance) }),
  roles: readers,
  roleRefusal: requestDenied,
  facts: ["IDN-234", "IDN-235"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const found = chosen(world, params[reviewKey], params[instanceKey])
    const { review: of, instance: one } = found
    return {
      decision: reviewKnown(one === undefined ? undefined : of),
      output:
        of === undefined || one === undefined
          ? []
          : one.items.map((item) => itemRow(world, of, item)),
    }
  },
})

interface Answer {
  readonly review: AccessReview | undefined
  readonly instance: ReviewInstance | undefined
  readonly item: ReviewItem | undefined
  readonly decision: typeof ReviewDecision.Type
  readonly justification: string
}

const answered = (call: Call<IdentityWorld>, answer: Answer): Ruling<IdentityEvent> => {
  const { world, actor, now } = call
  const { review: of, instance: one, item, justification } = answer
  const reviewerId = userOf(world, actor.id)?.id ?? ""
  // Whoever cannot sign in answers nothing, in particular not about itself.
  const decision = andThen(
    evaluateSignIn({ world, address: actor.id, app: "My Apps", client: actor.client, now }),
    () => evaluateReviewAnswer({ ...answer, reviewerId }),
  )
  if (decision.outcome !== "allow" || one === undefined || item === undefined) return { decision }
  return {
    decision,
    events: [
      {
        _tag: "AccessReviewDecided",
        instanceId: one.id,
        itemId: item.id,
        decision: answer.decision,
        reviewedBy: actor.id,
        at: now,
        ...(justification === "" ? {} : { justification }),
      },
    ],
    audit: [
      auditLine(
        answer.decision === "Approve"
          ? "Approve decision in access review"
          : answer.decision === "Deny"
            ? "Deny decision in access review"
            : "Update decision in access review",
        userOf(world, item.userId)?.userPrincipalName ?? item.userId,
        { Review: of?.displayName ?? "" },
      ),
    ],
    output: [{ id: item.id, decision: answer.decision }],
  }
}

export const updateReviewDecision = graphCmdlet({
  name: "Update-MgIdentityGovernanceAccessReviewDefinitionInstanceDecision",
  summary: "Answers for one person in an access review.",
  params: {
    [reviewKey]: review,
    [instanceKey]: instance,
    [itemKey]: Schema.NonEmptyString.annotate({ description: "Id of the decision item" }),
    Decision: Schema.optionalKey(ReviewDecision.annotate({ description: "The answer" })),
    Justification: Schema.optionalKey(Schema.String.annotate({ description: "Why" })),
  },
  path: [reviewKey, instanceKey, itemKey],
  body: Schema.Struct({
    decision: ReviewDecision,
    justification: Schema.optionalKey(Schema.String),
  }),
  facts: ["IDN-234", "IDN-235"],
  decide: (call, body, params): Ruling<IdentityEvent> => {
    const found = chosen(call.world, params[reviewKey], params[instanceKey])
    return answered(call, {
      ...found,
      item: found.instance?.items.find(({ id }) => id === params[itemKey]),
      decision: body.decision,
      justification: body.justification ?? "",
    })
  },
})

/** The same in the portal for reviewers. */
export const reviewAccess = operation({
  name: "review-access",
  summary: "Answers in My Access whether somebody still needs the access.",
  params: Schema.Struct({
    review,
    person: Schema.optionalKey(
      Schema.NonEmptyString.annotate({
        description: "Who is reviewed: address or name; the actor if absent",
      }),
    ),
    decision: ReviewDecision.annotate({ description: "Approve, Deny or DontKnow" }),
    justification: Schema.optionalKey(Schema.String.annotate({ description: "Why" })),
    group: Schema.optionalKey(
      Schema.NonEmptyString.annotate({
        description: "Which group or application; the first one if absent",
      }),
    ),
  }),
  facts: ["IDN-234", "IDN-235"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, actor } = call
    const found = chosen(world, params.review, undefined)
    const userId = userOf(world, params.person ?? actor.id)?.id
    const groupId = groupOf(world, params.group ?? "")?.id ?? ""
    const applicationId = appIdOf(params.group ?? "") ?? ""
    return answered(call, {
      ...found,
      item: found.instance?.items.find(
        (it) =>
          it.userId === userId &&
          (params.group === undefined ||
            it.groupId === groupId ||
            it.applicationId === applicationId),
      ),
      decision: params.decision,
      justification: params.justification ?? "",
    })
  },
})

interface Step {
  readonly events: readonly IdentityEvent[]
  readonly audit: readonly AuditEntry[]
}

const stepCmdlet = (
  name: string,
  summary: string,
  wants: "stop" | "apply",
  carryOut: (call: Call<IdentityWorld>, of: AccessReview, one: ReviewInstance) => Step,
) =>
  graphCmdlet({
    name,
    summary,
    params: { [reviewKey]: review, [instanceKey]: Schema.optionalKey(instance) },
    path: [reviewKey, instanceKey],
    body: Schema.Struct({}),
    roles: reviewAdministrators,
    facts: ["IDN-236", "IDN-237"],
    decide: (call, _body, params): Ruling<IdentityEvent> => {
      const { review: of, instance: one } = chosen(
        call.world,
        params[reviewKey],
        params[instanceKey],
      )
      const decision = evaluateReviewStep(one, wants)
      if (decision.outcome !== "allow" || of === undefined || one === undefined) return { decision }
      return { decision, ...carryOut(call, of, instanceOf(call.world, one.id) ?? one) }
    },
  })

export const stopReviewInstance = stepCmdlet(
  "Stop-MgIdentityGovernanceAccessReviewDefinitionInstance",
  "Ends an instance before its time.",
  "stop",
  ({ world, now }, of, one) => completion(world, of, one, now),
)

export const applyReviewInstance = stepCmdlet(
  "Add-MgIdentityGovernanceAccessReviewDefinitionInstanceDecision",
  "Applies the results of an instance that has ended.",
  "apply",
  ({ world, now }, of, one) => applyReview(world, of, one, now),
)
