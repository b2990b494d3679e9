export * from "./auditEntries.ts"
export * from "./baseline.ts"
export * from "./Component.ts"
export * from "./CustomerLockboxRequest.ts"
export * from "./DatacenterEvent.ts"
export * from "./DetectionRule.ts"
export * from "./decisions/evaluateAccountChange.ts"
export { approverSetOf, evaluateApproval, evaluateDenial } from "./decisions/evaluateApproval.ts"
export {
  customerApproverRoles,
  evaluateCustomerApproval,
} from "./decisions/evaluateCustomerDecision.ts"
export {
  evaluateProductionAccess,
  type ProductionFacets,
} from "./decisions/evaluateProductionAccess.ts"
export { evaluateSubmission, type SubmissionFacets } from "./decisions/evaluateSubmission.ts"
export * from "./domain.ts"
export * from "./evolve.ts"
export * from "./faults.ts"
export * from "./InternalRecord.ts"
export * from "./JitAccount.ts"
export * from "./LockboxRequest.ts"
export * from "./LockboxRole.ts"
export * from "./NetworkRule.ts"
export { customerLockboxPlans } from "./operations/organizationConfig.ts"
export { validateInvariants } from "./operations/validateDatacenter.ts"
export * from "./RoleCapability.ts"
export * from "./Service.ts"
export * from "./ServiceTeamAccount.ts"
export * from "./Settings.ts"
export * from "./State.ts"
