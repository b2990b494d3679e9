import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import type { AssignmentPolicy, AssignmentRequest } from "../EntitlementManagement.ts"

interface StepFacets {
  readonly request: "absent" | AssignmentRequest["state"]
  readonly actor: "approver" | "requestor" | "other"
  readonly wants: "approve" | "deny" | "cancel"
  readonly hasJustification: boolean
  readonly needsJustification: boolean
}

const stepGate = gate<StepFacets>()

const requestOpen = stepGate({
  name: "request-open",
  facts: ["IDN-240"],
  reads: ["request"],
  check: ({ request }) => {
    if (request === "absent") {
      return deny(
        "There is no such request.",
        { request },
        { code: "ResourceNotFound", message: "The assignment request was not found." },
      )
    }
    return request === "pendingApproval"
      ? pass("The request waits for an answer.", { request })
      : deny(
          "The request has been settled.",
          { request },
          { code: "InvalidRequest", message: "The request is not pending approval." },
        )
  },
})

const mayAnswer = stepGate({
  name: "approver",
  facts: ["IDN-240"],
  reads: ["actor", "wants"],
  check: ({ actor, wants }) =>
    actor === (wants === "cancel" ? "requestor" : "approver")
      ? pass("This step is the actor's to take.", { actor, wants })
      : deny(
          "Somebody else decides about this request.",
          { actor, wants },
          { code: "Forbidden", message: "The caller is not an approver of this request." },
        ),
})

const justified = stepGate({
  name: "approver-justification",
  facts: ["IDN-240"],
  reads: ["wants", "hasJustification", "needsJustification"],
  check: ({ wants, hasJustification, needsJustification }) =>
    wants === "cancel" || !needsJustification || hasJustification
      ? pass("The answer is complete.", { hasJustification })
      : deny(
          "The policy asks approvers for a reason.",
          { needsJustification },
          { code: "InvalidRequest", message: "Approver justification is required." },
        ),
})

const gates: GateRules<StepFacets> = [requestOpen, mayAnswer, justified]

/** May the actor approve, deny or withdraw this request? Nobody approves the own one. */
export const evaluatePackageStep = (question: {
  readonly request: AssignmentRequest | undefined
  readonly policy: AssignmentPolicy | undefined
  readonly approverIds: readonly string[]
  readonly actorId: string
  readonly actorAddress: string
  readonly wants: StepFacets["wants"]
  readonly justification: string
}): Decision => {
  const { request, policy, actorId, actorAddress } = question
  const isRequestor = request?.requestor === actorAddress
  const isApprover = actorId !== "" && question.approverIds.includes(actorId) && !isRequestor
  return decideByGates(gates, {
    request: request?.state ?? "absent",
    actor: isRequestor ? "requestor" : isApprover ? "approver" : "other",
    wants: question.wants,
    hasJustification: question.justification.trim() !== "",
    needsJustification:
      policy?.stages[request?.stage ?? 0]?.isApproverJustificationRequired ?? false,
  })
}

interface SetUpFacets {
  readonly missing: string
  readonly problem: string
}

const setUpFits = gate<SetUpFacets>()({
  name: "entitlement-set-up",
  facts: ["IDN-240"],
  reads: ["missing", "problem"],
  check: ({ missing, problem }) => {
    if (missing !== "") {
      return deny(
        "Something that the request names does not exist.",
        { missing },
        { code: "ResourceNotFound", message: `The ${missing} was not found.` },
      )
    }
    return problem === ""
      ? pass("Everything that the request names is there.")
      : deny(
          "The request does not fit what is there.",
          { problem },
          { code: "InvalidRequest", message: problem },
        )
  },
})

/** Whether catalogues, packages and policies may be set up like this. */
export const evaluateSetUp = (missing: string, problem = ""): Decision =>
  decideByGates([setUpFits], { missing, problem })
