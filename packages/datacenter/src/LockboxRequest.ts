import { Schema } from "effect"
import { ApprovalStep } from "./LockboxRole.ts"
import { Service } from "./Service.ts"

/** States of an elevation request (SM-1). */
export const LockboxState = Schema.Literals([
  "PendingManager",
  "PendingCustomer",
  "Approved",
  "Provisioned",
  "Active",
  "Rejected",
  "Denied",
  "CustomerDenied",
  "Expired",
  "Cancelled",
  "Elapsed",
  "Completed",
  "Revoked",
])
export type LockboxState = typeof LockboxState.Type

/** What can happen to a request. The guards are decisions; this is what follows from them. */
export const lockboxInputs = [
  "reject",
  "submit",
  "approve",
  "approve-step",
  "approve-for-customer",
  "deny",
  "time-out",
  "cancel",
  "customer-approve",
  "customer-deny",
  "customer-time-out",
  "customer-cancel",
  "provision",
  "first-use",
  "elapse",
  "complete",
  "revoke",
  "lose-eligibility",
] as const
export type LockboxInput = (typeof lockboxInputs)[number]

export interface LockboxTransition {
  readonly id: string
  readonly from: readonly (LockboxState | "None")[]
  readonly on: LockboxInput
  readonly to: LockboxState
}

/** SM-1 as a table. LBX-05 and LBX-17 change nothing, so they are refusals and stand in the gates. */
export const lockboxTransitions: readonly LockboxTransition[] = [
  { id: "LBX-01", from: ["None"], on: "reject", to: "Rejected" },
  { id: "LBX-02", from: ["None"], on: "submit", to: "PendingManager" },
  { id: "LBX-03", from: ["PendingManager"], on: "approve", to: "Approved" },
  { id: "LBX-03b", from: ["PendingManager"], on: "approve-step", to: "PendingManager" },
  { id: "LBX-04", from: ["PendingManager"], on: "approve-for-customer", to: "PendingCustomer" },
  { id: "LBX-06", from: ["PendingManager"], on: "deny", to: "Denied" },
  { id: "LBX-07", from: ["PendingManager"], on: "time-out", to: "Expired" },
  { id: "LBX-08", from: ["PendingManager", "PendingCustomer"], on: "cancel", to: "Cancelled" },
  { id: "LBX-09", from: ["PendingCustomer"], on: "customer-approve", to: "Approved" },
  { id: "LBX-10", from: ["PendingCustomer"], on: "customer-deny", to: "CustomerDenied" },
  { id: "LBX-10", from: ["PendingCustomer"], on: "customer-time-out", to: "Expired" },
  { id: "LBX-10", from: ["PendingCustomer"], on: "customer-cancel", to: "Cancelled" },
  { id: "LBX-11", from: ["Approved"], on: "provision", to: "Provisioned" },
  { id: "LBX-12", from: ["Provisioned"], on: "first-use", to: "Active" },
  { id: "LBX-13", from: ["Provisioned", "Active"], on: "elapse", to: "Elapsed" },
  { id: "LBX-14", from: ["Provisioned", "Active"], on: "complete", to: "Completed" },
  { id: "LBX-15", from: ["Provisioned", "Active"], on: "revoke", to: "Revoked" },
  {
    id: "LBX-16",
    from: ["PendingManager", "PendingCustomer"],
    on: "lose-eligibility",
    to: "Rejected",
  },
]

/** The transition that an input makes from a state; undefined where there is none. */
export const lockboxTransition = (
  from: LockboxState | "None",
  input: LockboxInput,
): LockboxTransition | undefined =>
  lockboxTransitions.find((it) => it.on === input && it.from.includes(from))

const finals: readonly LockboxState[] = [
  "Rejected",
  "Denied",
  "CustomerDenied",
  "Expired",
  "Cancelled",
  "Elapsed",
  "Completed",
  "Revoked",
]

/** A final request answers everything with `RequestClosed` (LBX-17). */
export const isFinal = (state: LockboxState): boolean => finals.includes(state)
export const isPending = (state: LockboxState): boolean =>
  state === "PendingManager" || state === "PendingCustomer"
export const isLive = (state: LockboxState): boolean =>
  state === "Provisioned" || state === "Active"

/** First failing check of a submission, or the condition that was lost later (DCO-062). */
export const RejectionReason = Schema.Literals([
  "AccountDisabled",
  "ScreeningExpired",
  "TrainingExpired",
  "NotEligible",
  "NoLockboxRole",
  "ActionNotInRole",
  "ResourceOutOfScope",
  "PartitionBoundary",
  "DurationExceedsMaximum",
  "JustificationMissing",
  "ServiceRequestMissing",
])
export type RejectionReason = typeof RejectionReason.Type

/** What an elevation reaches: one partition, some of its machines, at most one tenant (DCO-057). */
export const ElevationScope = Schema.Struct({
  partition: Schema.String,
  components: Schema.Array(Schema.NonEmptyString),
  tenant: Schema.optionalKey(Schema.NonEmptyString),
  /** A mailbox address or a site URL, where the work is on one item. */
  container: Schema.optionalKey(Schema.NonEmptyString),
})
export type ElevationScope = typeof ElevationScope.Type

/** One yes on the way (DCO-063). */
export const Approval = Schema.Struct({
  by: Schema.NonEmptyString,
  step: ApprovalStep,
  at: Schema.Finite,
})
export type Approval = typeof Approval.Type

/** A just-in-time elevation request with everything it must name (DCO-042). */
export const LockboxRequest = Schema.Struct({
  /** The `ElevationRequestId` of audit records. */
  id: Schema.NonEmptyString,
  requester: Schema.NonEmptyString,
  role: Schema.String,
  /** The role's commands that were asked for; empty: all of them. */
  actions: Schema.Array(Schema.NonEmptyString),
  scope: ElevationScope,
  service: Schema.optionalKey(Service),
  touchesCustomerContent: Schema.Boolean,
  durationMinutes: Schema.Finite,
  reason: Schema.String,
  serviceRequest: Schema.optionalKey(Schema.NonEmptyString),
  /** Automated work is the rule, a person on a machine the exception (DCO-023). */
  mode: Schema.Literals(["Workflow", "DirectSession"]),
  state: LockboxState,
  submittedAt: Schema.Finite,
  /** When a pending decision lapses. */
  dueAt: Schema.Finite,
  approvals: Schema.Array(Approval),
  /** The moment of the last approval: the grant window starts here (DCO-053). */
  approvedAt: Schema.optionalKey(Schema.Finite),
  customerRequest: Schema.optionalKey(Schema.NonEmptyString),
  account: Schema.optionalKey(Schema.NonEmptyString),
  rejectedBecause: Schema.optionalKey(RejectionReason),
  closedAt: Schema.optionalKey(Schema.Finite),
})
export type LockboxRequest = typeof LockboxRequest.Type

/** End of the grant window, half-open (DCO-053); undefined before the last approval. */
export const grantEndsAt = (request: LockboxRequest): number | undefined =>
  request.approvedAt === undefined
    ? undefined
    : request.approvedAt + request.durationMinutes * 60_000
