import { Schema } from "effect"
import { CustomerLockboxRequest } from "./CustomerLockboxRequest.ts"
import { DatacenterAlert } from "./DetectionRule.ts"
import { InternalRecord, PrincipalKind } from "./InternalRecord.ts"
import { JitAccount, OperatorSession } from "./JitAccount.ts"
import { Approval, LockboxRequest, RejectionReason } from "./LockboxRequest.ts"
import { ApprovalStep, DataClass } from "./LockboxRole.ts"
import { NetworkRule } from "./NetworkRule.ts"
import { DisabledBecause, ServiceTeamAccount } from "./ServiceTeamAccount.ts"
import { adjustableSettings } from "./Settings.ts"

const Id = Schema.NonEmptyString
const at = Schema.Finite

/** An operation that took place in production; refused ones stand in the log only. */
export const OperatorAction = Schema.Struct({
  id: Id,
  at,
  owner: Id,
  principal: PrincipalKind,
  account: Schema.optionalKey(Id),
  request: Schema.optionalKey(Id),
  session: Schema.optionalKey(Id),
  component: Id,
  partition: Id,
  command: Id,
  touches: DataClass,
  isPrivileged: Schema.Boolean,
  tenant: Schema.optionalKey(Id),
  container: Schema.optionalKey(Id),
  /** The operation ran, but what came back is ciphertext (DCO-202). */
  isOpaque: Schema.Boolean,
})
export type OperatorAction = typeof OperatorAction.Type

/** Everything that changes the datacenter's slice. */
export const DatacenterEvent = Schema.TaggedUnion({
  EngineerOnboarded: { account: ServiceTeamAccount },
  EngineerDisabled: { engineer: Id, because: DisabledBecause, at },
  EngineerEnabled: { engineer: Id, at },
  EngineerLocked: { engineer: Id, at },
  EngineerUnlocked: { engineer: Id, at },
  EngineerTransferred: { engineer: Id, manager: Id, expiresAt: Schema.Finite },
  EngineerTransferConfirmed: { engineer: Id },
  EligibilitiesLapsed: { engineer: Id, at },
  EngineerRemoved: { engineer: Id, at },
  ScreeningRenewed: { engineer: Id, validUntil: Schema.Finite },
  TrainingRenewed: { engineer: Id, validUntil: Schema.Finite },
  WorkstationChecked: { engineer: Id, isCompliant: Schema.Boolean },
  LockboxRoleAssigned: { engineer: Id, role: Id },
  LockboxRoleRemoved: { engineer: Id, role: Id },
  ApproverDesignated: { engineer: Id, role: Id, step: ApprovalStep },
  StandingPrivilegeAppeared: { engineer: Id, privilege: Id },
  PhysicalAccessAppeared: { engineer: Id },
  NetworkRuleAppeared: { rule: NetworkRule },

  ElevationRejected: { request: LockboxRequest },
  ElevationRequested: { request: LockboxRequest },
  ElevationStepApproved: { request: Id, approval: Approval },
  ElevationApproved: { request: Id, approval: Approval, at },
  ElevationSentToCustomer: {
    request: Id,
    approval: Approval,
    customerRequest: CustomerLockboxRequest,
  },
  ElevationDenied: { request: Id, by: Id, at },
  ElevationRequestLapsed: { request: Id, at },
  ElevationCancelled: { request: Id, at },
  ElevationEligibilityLost: { request: Id, reason: RejectionReason, at },
  JitAccountProvisioned: { account: JitAccount },
  ElevationActivated: { request: Id, at },
  ElevationElapsed: { request: Id, at },
  ElevationCompleted: { request: Id, at },
  ElevationRevoked: { request: Id, because: Schema.String, at },

  CustomerLockboxApproved: {
    customerRequest: Id,
    by: Id,
    at,
    accessUntil: Schema.Finite,
    comment: Schema.optionalKey(Schema.String),
  },
  CustomerLockboxDenied: {
    customerRequest: Id,
    by: Id,
    at,
    comment: Schema.optionalKey(Schema.String),
  },
  CustomerLockboxCanceled: {
    customerRequest: Id,
    by: Id,
    at,
    comment: Schema.optionalKey(Schema.String),
  },
  CustomerLockboxLapsed: { customerRequest: Id, at },
  CustomerAccessEnded: { customerRequest: Id, at },
  CustomerLockboxSwitched: { isOn: Schema.Boolean },
  CustomerLockboxLicensed: { plan: Schema.String, isLicensed: Schema.Boolean },
  MailboxAuditSwitched: { isDisabled: Schema.Boolean },

  OperatorSessionStarted: { session: OperatorSession },
  OperatorSessionEnded: {
    session: Id,
    because: Schema.Literals(["ended", "idle", "forced-logoff", "elevation-ended", "killed"]),
    at,
  },
  OperatorActionTaken: { action: OperatorAction },

  InternalRecordWritten: { record: InternalRecord },
  DatacenterAlertRaised: { alert: DatacenterAlert },
  ComponentIsolated: { component: Id },
  SourceBlocked: { ipAddress: Schema.NonEmptyString },
  ServiceAccountDisabled: { account: Id },
  DatacenterSettingsChanged: { settings: adjustableSettings },
  ValidationRan: { at, failed: Schema.Array(Schema.String) },
})
export type DatacenterEvent = typeof DatacenterEvent.Type
