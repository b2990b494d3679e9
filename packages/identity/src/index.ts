export * from "./AccessReview.ts"
export * from "./Address.ts"
export * from "./accessReviews.ts"
export * from "./CloudApp.ts"
export * from "./CollaborationSettings.ts"
export * from "./ConditionalAccessPolicy.ts"
export * from "./CrossTenantAccess.ts"
export { contentGuestDelayMinutes, contentGuestEvents } from "./contentGuest.ts"
export * from "./Device.ts"
export { directoryLimits, objectCount, objectLimit } from "./DirectoryLimits.ts"
export * from "./DirectoryUser.ts"
export * from "./decisions/conditionalAccess.ts"
export * from "./decisions/evaluateInvitation.ts"
export * from "./decisions/evaluatePasscode.ts"
export * from "./decisions/evaluateProtectionGroup.ts"
export { evaluateSignIn, signInGatesFor } from "./decisions/evaluateSignIn.ts"
export { type Discovered, discoverProvider, isEmailOtpOn } from "./decisions/identityProvider.ts"
export { matchPolicy } from "./decisions/matchPolicy.ts"
export type { SignInContext } from "./decisions/SignInContext.ts"
export { conditionalAccessOf, type SignInFacets, signInFacets } from "./decisions/signInFacets.ts"
export {
  type SignInQuestion,
  type SignInSubject,
  signInSubject,
} from "./decisions/signInSubject.ts"
export * from "./directory.ts"
export { addressesOfGroup } from "./directoryIndex.ts"
export * from "./domain.ts"
export {
  membershipChanges,
  processingDelay,
  processMembership,
  smallDirectory,
  usersMatching,
} from "./dynamicMembership.ts"
export * from "./EntitlementManagement.ts"
export * from "./ExternalFederation.ts"
export { siteRolesOf } from "./entitlements.ts"
export * from "./evolve.ts"
export * from "./Group.ts"
export * from "./IdentityEvent.ts"
export * from "./Invitation.ts"
export { membershipStateOf, membershipStatuses } from "./membershipStatus.ts"
export * from "./OneTimeCode.ts"
export * from "./Organization.ts"
export type { InvitationOutcome, InvitationRequest } from "./operations/inviteGuest.ts"
export { inviteGuestLogged } from "./operations/inviteGuestLogged.ts"
export { newResourceRequest } from "./operations/packageResources.ts"
export { codeMailDelayMinutes, codeMailDelivery } from "./operations/passcode.ts"
export { membershipCacheLife, rightsDelayOf } from "./operations/protectionGroups.ts"
export * from "./Partnership.ts"
export * from "./Person.ts"
export * from "./principalFacets.ts"
export * from "./Role.ts"
export { type RequiredRole, requiredRoles } from "./requiredRoles.ts"
export { type ParsedRule, parseRule } from "./rules/parseRule.ts"
export { printRule } from "./rules/printRule.ts"
export {
  planFields,
  type RuleProperty,
  type RuleScope,
  ruleProperties,
} from "./rules/properties.ts"
export { criticalEventKinds, type TokenLifetimePolicy } from "./SecurityTokenService.ts"
export * from "./Session.ts"
export * from "./SharedChannel.ts"
export {
  type IdentityState,
  type IdentityWorld,
  initialState as initialIdentityState,
} from "./State.ts"
export { type SynchronizationJob, synchronizationMinutes } from "./Synchronization.ts"
export { asSilentClient } from "./silentClient.ts"
export { groupClaimLimits, issuers, tokenClaims } from "./tokenClaims.ts"
export { tokenLifetimes } from "./tokenLifetimes.ts"
