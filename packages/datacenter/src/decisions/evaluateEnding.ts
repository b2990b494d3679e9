import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import { isFinal, isLive, isPending, type LockboxState } from "../LockboxRequest.ts"
import { type DatacenterWorld, elevationOf, engineerOf } from "../State.ts"

export interface EndingFacets {
  readonly requestState: LockboxState | "Unknown"
  readonly isSelf: boolean
  readonly isApproverOfRequest: boolean
  readonly isSecurityResponder: boolean
}

const requestKnown = gate<EndingFacets>()({
  name: "request-known",
  facts: ["DCO-056"],
  reads: ["requestState"],
  check: ({ requestState }) =>
    requestState === "Unknown"
      ? deny(
          "There is no such request.",
          { requestState },
          { code: "RequestUnknown", message: "The request could not be found." },
        )
      : pass("The request exists.", { requestState }),
})

const closed = { code: "RequestClosed", message: "The request is closed." }

/** The state that an input needs; a final request always says that it is closed (LBX-17). */
const inState = (
  name: string,
  fits: (state: LockboxState) => boolean,
  refusal: { readonly reason: string; readonly code: string; readonly message: string },
) =>
  gate<EndingFacets>()({
    name,
    facts: ["DCO-059"],
    reads: ["requestState"],
    check: ({ requestState }) => {
      if (requestState === "Unknown" || isFinal(requestState)) {
        return deny("The request is closed.", { requestState }, closed)
      }
      return fits(requestState)
        ? pass("The state of the request admits this.", { requestState })
        : deny(refusal.reason, { requestState }, refusal)
    },
  })

const stillPending = inState("request-pending", isPending, {
  reason: "The elevation is granted already; it can be finished, not withdrawn.",
  code: "AlreadyDecided",
  message: "The request has been approved already.",
})

const elevationLive = inState("elevation-live", isLive, {
  reason: "The request has not become an elevation yet.",
  code: "NotElevated",
  message: "The request is not approved yet.",
})

const ownRequest = gate<EndingFacets>()({
  name: "own-request",
  facts: ["DCO-059"],
  reads: ["isSelf"],
  check: ({ isSelf }) =>
    isSelf
      ? pass("The requester acts on their own request.", { isSelf })
      : deny(
          "Only the requester may do this.",
          { isSelf },
          { code: "NotRequester", message: "Only the requester can do this." },
        ),
})

const mayRevoke = gate<EndingFacets>()({
  name: "revocation-authority",
  facts: ["DCO-060"],
  reads: ["isApproverOfRequest", "isSecurityResponder"],
  check: ({ isApproverOfRequest, isSecurityResponder }) =>
    isApproverOfRequest || isSecurityResponder
      ? pass("The approver or the security response may end an elevation at any time.", {
          isApproverOfRequest,
          isSecurityResponder,
        })
      : deny(
          "Only the approver of the request or the security response may revoke it.",
          { isApproverOfRequest, isSecurityResponder },
          { code: "RevocationNotAllowed", message: "You cannot revoke this elevation." },
        ),
})

/** The guards of LBX-08. */
export const evaluateCancellation = (facets: EndingFacets): Decision =>
  decideByGates([requestKnown, ownRequest, stillPending], facets)

/** The guards of LBX-14. */
export const evaluateCompletion = (facets: EndingFacets): Decision =>
  decideByGates([requestKnown, ownRequest, elevationLive], facets)

/** The guards of LBX-15, where a person revokes. */
export const evaluateRevocation = (facets: EndingFacets): Decision =>
  decideByGates([requestKnown, mayRevoke, elevationLive], facets)

export const factsOfEnding = (
  world: DatacenterWorld,
  asked: { readonly request: string; readonly by: string },
): EndingFacets => {
  const request = elevationOf(world, asked.request)
  const by = asked.by.toLowerCase()
  const person = engineerOf(world, by)
  const isEnabled = person?.state === "Active"
  return {
    requestState: request?.state ?? "Unknown",
    isSelf: request?.requester === by,
    isApproverOfRequest:
      isEnabled && (request?.approvals.some((approval) => approval.by === by) ?? false),
    isSecurityResponder: isEnabled && person.isSecurityResponder,
  }
}
