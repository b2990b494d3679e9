import { disableAccount, enableAccount } from "./accounts.ts"
import { activateRole, decideActivation, setRoleSettings } from "./activations.ts"
import {
  getAdministrativeUnit,
  getUnitMember,
  newAdministrativeUnit,
  newUnitMember,
  removeAdministrativeUnit,
  removeUnitMember,
  updateAdministrativeUnit,
} from "./administrativeUnits.ts"
import {
  getMgAgreement,
  newMgAgreement,
  removeMgAgreement,
  updateMgAgreement,
} from "./agreements.ts"
import {
  getMgApplication,
  newMgApplication,
  publishApplication,
  removeMgApplication,
  updateMgApplication,
} from "./applications.ts"
import {
  getAppRoleAssignedTo,
  getAppRoleAssignment,
  newAppRoleAssignedTo,
  newAppRoleAssignment,
  removeAppRoleAssignedTo,
} from "./appRoleAssignments.ts"
import {
  getAuthorizationPolicy,
  getEmailMethod,
  updateAuthorizationPolicy,
  updateEmailMethod,
} from "./authorizationPolicy.ts"
import { azureADModule } from "./azureADModule.ts"
import {
  getAzureADPolicy,
  newAzureADPolicy,
  removeAzureADPolicy,
  setAzureADPolicy,
} from "./collaborationRestrictions.ts"
import {
  getConditionalAccessPolicy,
  newConditionalAccessPolicy,
  removeConditionalAccessPolicy,
  updateConditionalAccessPolicy,
} from "./conditionalAccess.ts"
import {
  getCrossTenantDefault,
  getCrossTenantPartner,
  newCrossTenantPartner,
  removeCrossTenantPartner,
  resetCrossTenantDefault,
  updateCrossTenantDefault,
  updateCrossTenantPartner,
} from "./crossTenantAccess.ts"
import { getCrossTenantActivity } from "./crossTenantActivity.ts"
import { getMgDevice, newMgDevice, removeMgDevice, updateMgDevice } from "./devices.ts"
import { getAuditLog, getSignInLog, readHomeSignInLog } from "./directoryLogs.ts"
import {
  confirmMgDomain,
  getMgDomain,
  getVerificationRecord,
  newMgDomain,
  removeMgDomain,
} from "./domains.ts"
import { entraModule } from "./entraModule.ts"
import {
  addDistributionGroupMember,
  newDistributionGroup,
  newDynamicDistributionGroup,
} from "./exchangeGroups.ts"
import { getFederation, newFederation, removeFederation, updateFederation } from "./federations.ts"
import { governanceOperations } from "./governance.ts"
import { invokeGraphRequest } from "./graphRequest.ts"
import { connectGraph, disconnectGraph } from "./graphSession.ts"
import {
  getMgGroup,
  getMgGroupMember,
  newMgGroupMember,
  removeMgGroupMember,
} from "./groupMembers.ts"
import { groupSettings } from "./groupSettings.ts"
import { newMgGroup, removeMgGroup, updateMgGroup } from "./groups.ts"
import { newIdentityProvider, removeIdentityProvider } from "./identityProviders.ts"
import { inviteGuestAction, newMgInvitation } from "./invitations.ts"
import {
  leaveOrganization,
  updateCrossTenantPolicy,
  updateLeavePolicy,
  updateOrganization,
} from "./leaveOrganization.ts"
import { type IdentityOperation, logged } from "./logged.ts"
import {
  inspectMembershipRule,
  showMembershipProcessing,
  validateMembershipRule,
} from "./membershipRules.ts"
import { getNamedLocation, newNamedLocation, removeNamedLocation } from "./namedLocations.ts"
import {
  addPerson,
  enterDeviceCode,
  publishDnsText,
  setUpProvider,
  showDeviceCode,
  signInAtHome,
} from "./outside.ts"
import { setPartnerAccess } from "./partnerSettings.ts"
import { enterPasscode, requestPasscode } from "./passcode.ts"
import {
  getPermissionGrant,
  grantAdminConsent,
  newPermissionClassification,
  newPermissionGrant,
  removePermissionClassification,
  removePermissionGrant,
  updatePermissionGrant,
} from "./permissionGrants.ts"
import { checkProtectionGroup } from "./protectionGroups.ts"
import { createMicrosoftAccount, redeemInvitation } from "./redeemInvitation.ts"
import { registerSecurityInfo } from "./registerSecurityInfo.ts"
import { getRoleAssignment, newRoleAssignment, removeRoleAssignment } from "./roleAssignments.ts"
import { assignRole, removeRole } from "./roles.ts"
import { acquireSamlToken, addTokenSigningCertificate, useSamlToken } from "./samlTokens.ts"
import { getSecurityDefaults, updateSecurityDefaults } from "./securityDefaults.ts"
import {
  getServicePrincipal,
  newServicePrincipal,
  removeServicePrincipal,
  updateServicePrincipal,
} from "./servicePrincipals.ts"
import {
  addChannelMember,
  createSharedChannel,
  openSharedChannel,
  removeChannelMember,
} from "./sharedChannels.ts"
import { signIn } from "./signIn.ts"
import { updateDomain } from "./signInProtection.ts"
import { resetStrongAuthentication } from "./strongAuthentication.ts"
import {
  getBetaIdentitySynchronization,
  getIdentitySynchronization,
  setBetaIdentitySynchronization,
  setIdentitySynchronization,
  showPartnerSynchronization,
  startPartnerSynchronization,
} from "./synchronization.ts"
import {
  getApplicationLifetimePolicy,
  getLifetimePolicy,
  getPrincipalLifetimePolicy,
  newApplicationLifetimePolicy,
  newLifetimePolicy,
  newPrincipalLifetimePolicy,
  removeApplicationLifetimePolicy,
  removeLifetimePolicy,
  removePrincipalLifetimePolicy,
  updateLifetimePolicy,
} from "./tokenLifetimePolicies.ts"
import { acquireToken, refreshTokens } from "./tokens.ts"
import { getUnifiedGroup, newUnifiedGroup, setUnifiedGroup } from "./unifiedGroups.ts"
import { confirmCompromised, detectUserRisk, dismissRisk, getRiskyUser } from "./userRisk.ts"
import {
  getMgUser,
  newMgUser,
  removeMgUser,
  restoreDeletedItem,
  revokeSession,
  updateMgUser,
} from "./users.ts"
import { openIdConfiguration, useToken } from "./useToken.ts"
import { testConditionalAccess, whatIf } from "./whatIf.ts"
import { withinUnits } from "./withinUnits.ts"

const operations: readonly IdentityOperation[] = [
  inviteGuestAction,
  redeemInvitation,
  createMicrosoftAccount,
  signIn,
  requestPasscode,
  enterPasscode,
  acquireToken,
  refreshTokens,
  useToken,
  openIdConfiguration,
  disableAccount,
  enableAccount,
  activateRole,
  decideActivation,
  setRoleSettings,
  assignRole,
  removeRole,
  newRoleAssignment,
  getRoleAssignment,
  removeRoleAssignment,
  newAdministrativeUnit,
  getAdministrativeUnit,
  updateAdministrativeUnit,
  removeAdministrativeUnit,
  newUnitMember,
  getUnitMember,
  removeUnitMember,
  newMgInvitation,
  getMgUser,
  newMgUser,
  updateMgUser,
  removeMgUser,
  restoreDeletedItem,
  revokeSession,
  getMgGroup,
  newMgGroup,
  updateMgGroup,
  removeMgGroup,
  newUnifiedGroup,
  setUnifiedGroup,
  getUnifiedGroup,
  newDistributionGroup,
  addDistributionGroupMember,
  newDynamicDistributionGroup,
  newMgDevice,
  updateMgDevice,
  removeMgDevice,
  getMgDevice,
  showMembershipProcessing,
  inspectMembershipRule,
  validateMembershipRule,
  checkProtectionGroup,
  getSignInLog,
  getAuditLog,
  readHomeSignInLog,
  newMgGroupMember,
  removeMgGroupMember,
  getMgGroupMember,
  getAuthorizationPolicy,
  updateAuthorizationPolicy,
  getEmailMethod,
  updateEmailMethod,
  newAzureADPolicy,
  setAzureADPolicy,
  getAzureADPolicy,
  removeAzureADPolicy,
  newConditionalAccessPolicy,
  updateConditionalAccessPolicy,
  removeConditionalAccessPolicy,
  getConditionalAccessPolicy,
  newNamedLocation,
  getNamedLocation,
  removeNamedLocation,
  resetCrossTenantDefault,
  updateCrossTenantDefault,
  getCrossTenantDefault,
  newCrossTenantPartner,
  updateCrossTenantPartner,
  removeCrossTenantPartner,
  getCrossTenantPartner,
  setIdentitySynchronization,
  getIdentitySynchronization,
  setBetaIdentitySynchronization,
  getBetaIdentitySynchronization,
  startPartnerSynchronization,
  showPartnerSynchronization,
  newIdentityProvider,
  removeIdentityProvider,
  getSecurityDefaults,
  updateSecurityDefaults,
  setPartnerAccess,
  registerSecurityInfo,
  detectUserRisk,
  confirmCompromised,
  dismissRisk,
  getRiskyUser,
  testConditionalAccess,
  whatIf,
  newFederation,
  updateFederation,
  removeFederation,
  getFederation,
  addPerson,
  publishDnsText,
  setUpProvider,
  signInAtHome,
  showDeviceCode,
  enterDeviceCode,
  createSharedChannel,
  addChannelMember,
  removeChannelMember,
  openSharedChannel,
  leaveOrganization,
  updateOrganization,
  updateLeavePolicy,
  updateCrossTenantPolicy,
  connectGraph,
  disconnectGraph,
  newMgDomain,
  getMgDomain,
  getVerificationRecord,
  confirmMgDomain,
  removeMgDomain,
  newMgAgreement,
  getMgAgreement,
  updateMgAgreement,
  removeMgAgreement,
  updateDomain,
  updateServicePrincipal,
  newAppRoleAssignedTo,
  removeAppRoleAssignedTo,
  ...governanceOperations,
  ...groupSettings,
  ...entraModule,
  ...azureADModule,
  getCrossTenantActivity,
  resetStrongAuthentication,
  newMgApplication,
  updateMgApplication,
  removeMgApplication,
  getMgApplication,
  publishApplication,
  newServicePrincipal,
  getServicePrincipal,
  removeServicePrincipal,
  getAppRoleAssignedTo,
  newAppRoleAssignment,
  getAppRoleAssignment,
  newPermissionGrant,
  getPermissionGrant,
  updatePermissionGrant,
  removePermissionGrant,
  grantAdminConsent,
  newPermissionClassification,
  removePermissionClassification,
  addTokenSigningCertificate,
  acquireSamlToken,
  useSamlToken,
  invokeGraphRequest,
  getApplicationLifetimePolicy,
  getLifetimePolicy,
  getPrincipalLifetimePolicy,
  newApplicationLifetimePolicy,
  newLifetimePolicy,
  newPrincipalLifetimePolicy,
  removeApplicationLifetimePolicy,
  removeLifetimePolicy,
  removePrincipalLifetimePolicy,
  updateLifetimePolicy,
]

/** Every operation of the domain; what it writes into the audit can be read from the logs. */
export const identityOperations: readonly IdentityOperation[] = operations
  .map(withinUnits)
  .map(logged)
