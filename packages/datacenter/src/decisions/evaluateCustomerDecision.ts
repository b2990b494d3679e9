import { type Actor, type Decision, decideByGates, deny, gate, isFaultOn, pass } from "@twin/kernel"
import type { CustomerLockboxStatus } from "../CustomerLockboxRequest.ts"
import { approvalChannelUnavailable, auditUnavailable, lockboxUnavailable } from "../faults.ts"
import { customerRequestOf, type DatacenterWorld, elevationOf } from "../State.ts"
import { problemOfRequester } from "./evaluateApproval.ts"

/** Who decides for the tenant (DCO-115); the tenant alone controls who holds these (DCO-116). */
export const customerApproverRoles = [
  "Global Administrator",
  "Customer Lockbox Access Approver",
] as const

export interface CustomerDecisionFacets {
  readonly isChannelAvailable: boolean
  readonly isLockboxAvailable: boolean
  readonly isAuditAvailable: boolean
  readonly status: CustomerLockboxStatus | "Unknown"
  readonly roleHeld: string
  readonly isBeforeDue: boolean
  readonly requesterProblem: string
}

const approvalChannel = gate<CustomerDecisionFacets>()({
  name: "approval-channel",
  facts: ["DCO-309"],
  reads: ["isChannelAvailable"],
  check: ({ isChannelAvailable }) =>
    isChannelAvailable
      ? pass("The approval channel works.")
      : deny(
          "The approval channel does not work; undecided requests lapse.",
          { isChannelAvailable },
          { code: "ApprovalChannelUnavailable", message: "The service is unavailable." },
        ),
})

const customerApprover = gate<CustomerDecisionFacets>()({
  name: "customer-approver",
  facts: ["DCO-115", "DCO-191", "DCO-299"],
  reads: ["roleHeld"],
  check: ({ roleHeld }) =>
    roleHeld === ""
      ? deny(
          "Only a Global Administrator or a Customer Lockbox Access Approver decides for the tenant.",
          { rolesAccepted: customerApproverRoles },
          {
            code: "AccessDenied",
            message: "You do not have permission to decide on Customer Lockbox requests.",
          },
        )
      : pass("The person may decide for the tenant.", { roleHeld }),
})

const statusRefusal = (status: CustomerDecisionFacets["status"]) =>
  status === "Unknown"
    ? deny(
        "There is no such Customer Lockbox request.",
        { status },
        { code: "RequestNotFound", message: "The request could not be found." },
      )
    : deny(
        "The request has been decided or has lapsed; the first decision stands.",
        { status },
        { code: "RequestNotPending", message: "The request is not pending." },
      )

const requestPending = gate<CustomerDecisionFacets>()({
  name: "customer-request-status",
  facts: ["DCO-122", "DCO-126"],
  reads: ["status"],
  check: ({ status }) =>
    status === "Pending" ? pass("The request is pending.", { status }) : statusRefusal(status),
})

const requestCancellable = gate<CustomerDecisionFacets>()({
  name: "customer-request-status",
  facts: ["DCO-129"],
  reads: ["status"],
  check: ({ status }) =>
    status === "Pending" || status === "Approved"
      ? pass("The request can be withdrawn.", { status })
      : statusRefusal(status),
})

const decisionWindow = gate<CustomerDecisionFacets>()({
  name: "customer-decision-window",
  facts: ["DCO-120", "DCO-121"],
  reads: ["isBeforeDue"],
  check: ({ isBeforeDue }) =>
    isBeforeDue
      ? pass("The twelve hours for the decision have not run out.", { isBeforeDue })
      : deny(
          "The twelve hours for the decision have run out.",
          { isBeforeDue },
          { code: "RequestNotPending", message: "The request has expired." },
        ),
})

const requesterStillEligible = gate<CustomerDecisionFacets>()({
  name: "requester-eligibility",
  facts: ["DCO-036"],
  reads: ["requesterProblem"],
  check: ({ requesterProblem }) =>
    requesterProblem === ""
      ? pass("The engineer is still entitled to ask.")
      : deny(
          "The engineer is no longer entitled to ask.",
          { requesterProblem },
          { code: requesterProblem, message: "The requester is no longer eligible." },
        ),
})

const provisioning = gate<CustomerDecisionFacets>()({
  name: "lockbox-available",
  facts: ["DCO-309", "DCO-211"],
  reads: ["isLockboxAvailable", "isAuditAvailable"],
  check: ({ isLockboxAvailable, isAuditAvailable }) =>
    isLockboxAvailable && isAuditAvailable
      ? pass("The account can be made, and the record can be written.")
      : deny(
          "Without the Lockbox system and a record nobody is elevated.",
          { isLockboxAvailable, isAuditAvailable },
          {
            code: isLockboxAvailable ? "AuditUnavailable" : "LockboxUnavailable",
            message: "The service is unavailable. Try again later.",
          },
        ),
})

/** The guards of CLB-02, CLB-08 and CLB-09. */
export const evaluateCustomerApproval = (facets: CustomerDecisionFacets): Decision =>
  decideByGates(
    [
      approvalChannel,
      customerApprover,
      requestPending,
      decisionWindow,
      requesterStillEligible,
      provisioning,
    ],
    facets,
  )

/** The guards of CLB-03. */
export const evaluateCustomerDenial = (facets: CustomerDecisionFacets): Decision =>
  decideByGates([approvalChannel, customerApprover, requestPending, decisionWindow], facets)

/** The guards of CLB-04 and CLB-06, where the tenant withdraws. */
export const evaluateCustomerCancellation = (facets: CustomerDecisionFacets): Decision =>
  decideByGates([approvalChannel, customerApprover, requestCancellable], facets)

/** The role counts only where it is active at this moment (DCO-191), and only for members. */
export const customerRoleHeld = (actor: Actor): string =>
  actor.kind === "member"
    ? (customerApproverRoles.find((role) => actor.roles.includes(role)) ?? "")
    : ""

export const factsOfCustomerDecision = (
  world: DatacenterWorld,
  asked: { readonly request: string; readonly actor: Actor },
  now: number,
): CustomerDecisionFacets => {
  const request = customerRequestOf(world, asked.request)
  const elevation = request === undefined ? undefined : elevationOf(world, request.elevation)
  return {
    isChannelAvailable: !isFaultOn(world, approvalChannelUnavailable),
    isLockboxAvailable: !isFaultOn(world, lockboxUnavailable),
    isAuditAvailable: !isFaultOn(world, auditUnavailable),
    status: request?.status ?? "Unknown",
    roleHeld: customerRoleHeld(asked.actor),
    isBeforeDue: request !== undefined && now < request.dueAt,
    requesterProblem: elevation === undefined ? "" : problemOfRequester(world, elevation, now),
  }
}
