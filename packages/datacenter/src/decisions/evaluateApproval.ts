import { type Decision, decideByGates, deny, gate, isFaultOn, pass } from "@twin/kernel"
import { auditUnavailable, lockboxUnavailable } from "../faults.ts"
import { isFinal, type LockboxRequest, type LockboxState } from "../LockboxRequest.ts"
import type { ApprovalStep } from "../LockboxRole.ts"
import type { ServiceTeamAccount } from "../ServiceTeamAccount.ts"
import {
  type DatacenterWorld,
  elevationOf,
  engineerOf,
  engineersOf,
  lockboxRoleOf,
} from "../State.ts"
import { evaluateStillEligible, factsOfEligibility } from "./evaluateSubmission.ts"

export interface ApprovalFacets {
  readonly requestState: LockboxState | "Unknown"
  readonly isLockboxAvailable: boolean
  readonly isAuditAvailable: boolean
  readonly isSelf: boolean
  readonly approverState: ServiceTeamAccount["state"] | "None"
  readonly isDesignated: boolean
  readonly hasApprovedBefore: boolean
  readonly step: ApprovalStep | "none"
  readonly isBeforeDue: boolean
  readonly requesterProblem: string
}

/** The yes that is due next; undefined when the chain is complete or the role is gone. */
export const nextStepOf = (
  world: Pick<DatacenterWorld, "datacenter">,
  request: LockboxRequest,
): ApprovalStep | undefined =>
  lockboxRoleOf(world, request.role)?.approvalChain[request.approvals.length]

/** Whether the yes that comes now is the last one inside Microsoft. */
export const isLastStep = (
  world: Pick<DatacenterWorld, "datacenter">,
  request: LockboxRequest,
): boolean =>
  request.approvals.length + 1 >= (lockboxRoleOf(world, request.role)?.approvalChain.length ?? 1)

const isDesignatedFor = (
  account: ServiceTeamAccount,
  request: LockboxRequest,
  step: ApprovalStep | undefined,
): boolean => account.approverFor.some((it) => it.role === request.role && it.step === step)

/** Who may decide now: designated, enabled, never the requester, never twice (DCO-061). */
export const approverSetOf = (
  world: Pick<DatacenterWorld, "datacenter">,
  request: LockboxRequest,
): readonly ServiceTeamAccount[] => {
  const step = nextStepOf(world, request)
  return engineersOf(world).filter(
    (it) =>
      it.state === "Active" &&
      it.id !== request.requester &&
      isDesignatedFor(it, request, step) &&
      !request.approvals.some(({ by }) => by === it.id),
  )
}

/** A request that is over answers everything with the same error (LBX-17). */
export const requestAwaitsManager = gate<Pick<ApprovalFacets, "requestState">>()({
  name: "request-state",
  facts: ["DCO-048", "DCO-055"],
  reads: ["requestState"],
  check: ({ requestState }) => {
    if (requestState === "PendingManager") {
      return pass("The request waits for a decision inside Microsoft.", { requestState })
    }
    if (requestState === "Unknown") {
      return deny(
        "There is no such request.",
        { requestState },
        { code: "RequestUnknown", message: "The request could not be found." },
      )
    }
    return isFinal(requestState)
      ? deny(
          "The request is closed; a new one is needed.",
          { requestState },
          { code: "RequestClosed", message: "The request is closed." },
        )
      : deny(
          "The request has been decided inside Microsoft already.",
          { requestState },
          { code: "AlreadyDecided", message: "The request does not wait for this decision." },
        )
  },
})

const lockboxAvailable = gate<ApprovalFacets>()({
  name: "lockbox-available",
  facts: ["DCO-309"],
  reads: ["isLockboxAvailable"],
  check: ({ isLockboxAvailable }) =>
    isLockboxAvailable
      ? pass("The Lockbox system answers.")
      : deny(
          "The Lockbox system does not answer, and without it nobody is elevated.",
          { isLockboxAvailable },
          { code: "LockboxUnavailable", message: "Lockbox is unavailable. Try again later." },
        ),
})

const separationOfDuties = gate<ApprovalFacets>()({
  name: "separation-of-duties",
  facts: ["DCO-047", "DCO-017"],
  reads: ["isSelf"],
  check: ({ isSelf }) =>
    isSelf
      ? deny(
          "Nobody decides on their own request.",
          { isSelf },
          { code: "SelfApprovalForbidden", message: "You cannot approve your own request." },
        )
      : pass("A second person decides.", { isSelf }),
})

const approverDesignation = gate<ApprovalFacets>()({
  name: "approver-designation",
  facts: ["DCO-047", "DCO-061", "DCO-063"],
  reads: ["approverState", "isDesignated", "hasApprovedBefore", "step"],
  check: ({ approverState, isDesignated, hasApprovedBefore, step }) => {
    const refusal = {
      code: "ApproverNotDesignated",
      message: "You are not an approver for this request.",
    }
    const details = { approverState, step }
    if (approverState !== "Active") {
      return deny("The approver has no enabled service team account.", details, refusal)
    }
    if (!isDesignated) {
      return deny("The person is not designated to decide on this role.", details, refusal)
    }
    return hasApprovedBefore
      ? deny("Each level of approval needs another person.", details, refusal)
      : pass("The person is designated to decide on this role.", details)
  },
})

const decisionWindow = gate<ApprovalFacets>()({
  name: "decision-window",
  facts: ["DCO-048", "DCO-049"],
  reads: ["isBeforeDue"],
  check: ({ isBeforeDue }) =>
    isBeforeDue
      ? pass("The time to decide has not run out.", { isBeforeDue })
      : deny(
          "The time to decide has run out.",
          { isBeforeDue },
          { code: "RequestClosed", message: "The request has expired." },
        ),
})

const requesterStillEligible = gate<ApprovalFacets>()({
  name: "requester-eligibility",
  facts: ["DCO-036"],
  reads: ["requesterProblem"],
  check: ({ requesterProblem }) =>
    requesterProblem === ""
      ? pass("The requester is still entitled to ask.")
      : deny(
          "The requester is no longer entitled to ask.",
          { requesterProblem },
          { code: requesterProblem, message: "The requester is no longer eligible." },
        ),
})

/** An approval makes a privilege, so it needs its record like any privileged operation. */
const auditSink = gate<ApprovalFacets>()({
  name: "audit-sink",
  facts: ["DCO-211"],
  reads: ["isAuditAvailable"],
  check: ({ isAuditAvailable }) =>
    isAuditAvailable
      ? pass("The audit sink takes the record.")
      : deny(
          "The audit sink takes no record, and nothing privileged happens without one.",
          { isAuditAvailable },
          { code: "AuditUnavailable", message: "The action cannot be audited at this time." },
        ),
})

/** The guards of LBX-03 to LBX-05 and of LBX-17. */
export const evaluateApproval = (facets: ApprovalFacets): Decision =>
  decideByGates(
    [
      requestAwaitsManager,
      lockboxAvailable,
      separationOfDuties,
      approverDesignation,
      decisionWindow,
      requesterStillEligible,
      auditSink,
    ],
    facets,
  )

/** The guards of LBX-06: a no needs no more than the right to say it. */
export const evaluateDenial = (facets: ApprovalFacets): Decision =>
  decideByGates(
    [requestAwaitsManager, separationOfDuties, approverDesignation, decisionWindow],
    facets,
  )

export const factsOfApproval = (
  world: DatacenterWorld,
  asked: { readonly request: string; readonly by: string },
  now: number,
): ApprovalFacets => {
  const request = elevationOf(world, asked.request)
  const by = asked.by.toLowerCase()
  const approver = engineerOf(world, by)
  const step = request === undefined ? undefined : nextStepOf(world, request)
  return {
    requestState: request?.state ?? "Unknown",
    isLockboxAvailable: !isFaultOn(world, lockboxUnavailable),
    isAuditAvailable: !isFaultOn(world, auditUnavailable),
    isSelf: request?.requester === by,
    approverState: approver?.state ?? "None",
    isDesignated:
      request !== undefined &&
      approver !== undefined &&
      step !== undefined &&
      isDesignatedFor(approver, request, step),
    hasApprovedBefore: request?.approvals.some((it) => it.by === by) ?? false,
    step: step ?? "none",
    isBeforeDue: request !== undefined && now < request.dueAt,
    requesterProblem: request === undefined ? "" : problemOfRequester(world, request, now),
  }
}

/** The condition that the requester has lost since the submission; empty when none. */
export const problemOfRequester = (
  world: Pick<DatacenterWorld, "datacenter">,
  request: LockboxRequest,
  now: number,
): string => {
  const account = engineerOf(world, request.requester)
  // The condition that switched the account off says more than that it is off.
  if (account?.state === "Disabled" && isExpiry(account.disabledBecause)) {
    return account.disabledBecause
  }
  const facets = factsOfEligibility(
    world,
    {
      requester: request.requester,
      role: request.role,
      components: request.scope.components,
    },
    now,
  )
  const decision = evaluateStillEligible(facets)
  return decision.outcome === "allow" ? "" : (decision.gates.at(-1)?.refusal?.code ?? "NotEligible")
}

const isExpiry = (
  because: ServiceTeamAccount["disabledBecause"],
): because is "ScreeningExpired" | "TrainingExpired" =>
  because === "ScreeningExpired" || because === "TrainingExpired"
