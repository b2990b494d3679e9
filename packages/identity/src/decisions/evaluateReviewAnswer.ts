import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import type { AccessReview, ReviewDecision, ReviewInstance, ReviewItem } from "../AccessReview.ts"

interface AnswerFacets {
  readonly instance: "absent" | ReviewInstance["status"]
  readonly item: "present" | "absent"
  readonly reviewer: "named" | "other"
  readonly decision: ReviewDecision
  readonly hasJustification: boolean
  readonly needsJustification: boolean
}

const answerGate = gate<AnswerFacets>()
const notFound = (message: string) => ({ code: "ResourceNotFound", message })

const instanceOpen = answerGate({
  name: "review-open",
  facts: ["IDN-234", "IDN-235"],
  reads: ["instance"],
  check: ({ instance }) => {
    if (instance === "absent") {
      return deny("There is no such review.", { instance }, notFound("Instance not found."))
    }
    return instance === "InProgress"
      ? pass("The review is open.", { instance })
      : deny(
          "The time for answers is over.",
          { instance },
          { code: "InvalidRequest", message: "The access review is not in progress." },
        )
  },
})

const itemKnown = answerGate({
  name: "review-item",
  facts: ["IDN-234"],
  reads: ["item"],
  check: ({ item }) =>
    item === "present"
      ? pass("The person was a member when the review started.", { item })
      : deny(
          "The person is not in the snapshot that the review asks about.",
          { item },
          notFound("Decision item not found."),
        ),
})

const reviewerNamed = answerGate({
  name: "reviewer",
  facts: ["IDN-234"],
  reads: ["reviewer"],
  check: ({ reviewer }) =>
    reviewer === "named"
      ? pass("The actor is asked about this person.", { reviewer })
      : deny(
          "Somebody else is asked about this person.",
          { reviewer },
          { code: "Forbidden", message: "The caller is not a reviewer of this decision." },
        ),
})

const justified = answerGate({
  name: "review-justification",
  facts: ["IDN-235"],
  reads: ["decision", "hasJustification", "needsJustification"],
  check: ({ decision, hasJustification, needsJustification }) =>
    decision === "Approve" && needsJustification && !hasJustification
      ? deny(
          "An approval needs a reason here.",
          { decision },
          { code: "InvalidRequest", message: "Justification is required on approval." },
        )
      : pass("The answer is complete.", { decision, hasJustification }),
})

const gates: GateRules<AnswerFacets> = [instanceOpen, itemKnown, reviewerNamed, justified]

/** May this actor give this answer? */
export const evaluateReviewAnswer = (question: {
  readonly review: AccessReview | undefined
  readonly instance: ReviewInstance | undefined
  readonly item: ReviewItem | undefined
  /** Object id of the actor; empty where there is none. */
  readonly reviewerId: string
  readonly decision: ReviewDecision
  readonly justification: string
}): Decision => {
  const { review, instance, item, reviewerId } = question
  return decideByGates(gates, {
    instance: instance?.status ?? "absent",
    item: item === undefined ? "absent" : "present",
    reviewer: item?.reviewerIds.includes(reviewerId) === true ? "named" : "other",
    decision: question.decision,
    hasJustification: question.justification.trim() !== "",
    needsJustification: review?.justificationRequiredOnApproval ?? false,
  })
}

interface StepFacets {
  readonly instance: "absent" | ReviewInstance["status"]
  readonly wants: "stop" | "apply"
}

const stepFits = gate<StepFacets>()({
  name: "review-step",
  facts: ["IDN-237"],
  reads: ["instance", "wants"],
  check: ({ instance, wants }) => {
    const needed = wants === "stop" ? "InProgress" : "Completed"
    return instance === needed
      ? pass("The review is where this step belongs.", { instance, wants })
      : deny(
          "The review is not where this step belongs.",
          { instance, wants, needed },
          {
            code: instance === "absent" ? "ResourceNotFound" : "InvalidRequest",
            message: `The access review instance is not in the state ${needed}.`,
          },
        )
  },
})

/** May an instance be ended early, or its results be applied by hand? */
export const evaluateReviewStep = (
  instance: ReviewInstance | undefined,
  wants: StepFacets["wants"],
): Decision => decideByGates([stepFits], { instance: instance?.status ?? "absent", wants })
