import { Schema } from "effect"
import { Service } from "./Service.ts"

/** Status words of the tenant's side (SM-2). */
export const CustomerLockboxStatus = Schema.Literals([
  "Pending",
  "Approved",
  "Denied",
  "Canceled",
  "Expired",
  "Completed",
])
export type CustomerLockboxStatus = typeof CustomerLockboxStatus.Type

export const customerLockboxInputs = [
  "manager-approve",
  "approve",
  "deny",
  "cancel",
  "time-out",
  "access-ends",
] as const
export type CustomerLockboxInput = (typeof customerLockboxInputs)[number]

export interface CustomerLockboxTransition {
  readonly id: string
  readonly from: CustomerLockboxStatus | "None"
  readonly on: CustomerLockboxInput
  readonly to: CustomerLockboxStatus
}

/** SM-2 as a table. CLB-08 and CLB-09 change nothing: they are refusals. */
export const customerLockboxTransitions: readonly CustomerLockboxTransition[] = [
  { id: "CLB-01", from: "None", on: "manager-approve", to: "Pending" },
  { id: "CLB-02", from: "Pending", on: "approve", to: "Approved" },
  { id: "CLB-03", from: "Pending", on: "deny", to: "Denied" },
  { id: "CLB-04", from: "Pending", on: "cancel", to: "Canceled" },
  { id: "CLB-05", from: "Pending", on: "time-out", to: "Expired" },
  { id: "CLB-06", from: "Approved", on: "cancel", to: "Canceled" },
  { id: "CLB-07", from: "Approved", on: "access-ends", to: "Completed" },
]

/** The transition that an input makes from a status; undefined where there is none. */
export const customerLockboxTransition = (
  from: CustomerLockboxStatus | "None",
  input: CustomerLockboxInput,
): CustomerLockboxTransition | undefined =>
  customerLockboxTransitions.find((it) => it.on === input && it.from === from)

/** The tenant's approval step of one elevation request: the last one (DCO-055, DCO-107). */
export const CustomerLockboxRequest = Schema.Struct({
  /** `EXSR` and digits (DCO-128). */
  id: Schema.NonEmptyString,
  /** What the audit record names as its object (DCO-131). */
  guid: Schema.NonEmptyString,
  elevation: Schema.NonEmptyString,
  tenant: Schema.NonEmptyString,
  service: Service,
  serviceRequest: Schema.String,
  reason: Schema.String,
  container: Schema.optionalKey(Schema.NonEmptyString),
  requestedMinutes: Schema.Finite,
  createdAt: Schema.Finite,
  dueAt: Schema.Finite,
  status: CustomerLockboxStatus,
  /** The human, kept here and in the portal history; the audit record names a service account. */
  decidedBy: Schema.optionalKey(Schema.NonEmptyString),
  decidedAt: Schema.optionalKey(Schema.Finite),
  comment: Schema.optionalKey(Schema.String),
  accessUntil: Schema.optionalKey(Schema.Finite),
})
export type CustomerLockboxRequest = typeof CustomerLockboxRequest.Type
