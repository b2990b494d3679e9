import type { Operation } from "@twin/kernel"
import type { CryptoServices } from "../CryptoServices.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { removeAzKeyVaultAccessPolicy, setAzKeyVaultAccessPolicy } from "./accessPolicies.ts"
import { rollAvailabilityKeyOperation } from "./availabilityKeys.ts"
import {
  getCustomerKeyPosture,
  showEncryptionCoverage,
  showKeyCustody,
} from "./customerKeyPosture.ts"
import { openPurgeTicket, signDataPurge } from "./dataPurge.ts"
import { doubleKeyClientOperations } from "./doubleKeyClients.ts"
import { holdYourOwnKeyOperations } from "./holdYourOwnKey.ts"
import { inspectStoredBytes } from "./inspectStoredBytes.ts"
import { backupAzKeyVaultKey, restoreAzKeyVaultKey } from "./keyBackups.ts"
import { keyServiceOperations } from "./keyServices.ts"
import { setLicences } from "./licences.ts"
import { completeMailboxMove, holdUnencryptedMail, newMoveRequest } from "./mailboxMoves.ts"
import {
  getDataEncryptionPolicy,
  getMailboxStatistics,
  newDataEncryptionPolicy,
} from "./mailboxPolicies.ts"
import { describeMailDestination, publishMtaSts, publishTlsa } from "./mailDestinations.ts"
import {
  exportSecurityDomain,
  getManagedHsm,
  newManagedHsm,
  removeManagedHsm,
  undoManagedHsmRemoval,
  updateManagedHsm,
} from "./managedHsms.ts"
import {
  getM365Assignment,
  getM365Policy,
  newM365Policy,
  setM365Assignment,
  setM365Policy,
  testM365Policy,
} from "./multiWorkloadPolicies.ts"
import { completeOffboarding, openOffboardingTicket } from "./offboarding.ts"
import {
  mailOnboardingRequest,
  newCustomerKeyOnboardingRequest,
  submitCustomerKeyOffer,
} from "./onboarding.ts"
import { checkPinReplacement } from "./pinReplacement.ts"
import { processContent } from "./processContent.ts"
import { newUnifiedGroup, setMailbox, setMailUser, setUnifiedGroup } from "./recipients.ts"
import {
  getKeyVaultRoleAssignment,
  newAzRoleAssignment,
  newKeyVaultRoleAssignment,
  removeAzRoleAssignment,
  removeKeyVaultRoleAssignment,
} from "./roleAssignments.ts"
import { serviceKeyOperations } from "./serviceKeys.ts"
import { setDataEncryptionPolicy } from "./setDataEncryptionPolicy.ts"
import {
  getSpoPolicy,
  getSpoSitePolicy,
  registerSpoPolicy,
  updateSpoPolicy,
} from "./sharePointPolicies.ts"
import { requestSharePointRecovery, restoreSpoPolicy } from "./sharePointRecovery.ts"
import { enrollSmimeCertificate, synchronizeCertificate } from "./smimeCertificates.ts"
import { openSmimeMessage, scanSmimeMessage, sendSmimeMessage } from "./smimeMessages.ts"
import {
  disableAzSubscription,
  enableAzSubscription,
  getAzProviderFeature,
  getAzResourceProvider,
  registerAzProviderFeature,
  registerAzResourceProvider,
  requestMandatoryRetention,
  setAzureSubscription,
} from "./subscriptions.ts"
import {
  getAipServiceKeys,
  setAipServiceKeyProperties,
  useAipServiceKeyVaultKey,
} from "./tenantKeys.ts"
import { connectWithTls } from "./tlsConnection.ts"
import {
  findCertificateAuthority,
  listRevocationHosts,
  showTlsPolicy,
  showTlsTimeline,
} from "./tlsTables.ts"
import { traceKeyRequests } from "./traceKeyRequests.ts"
import { invokeKeyOperation } from "./useVaultKey.ts"
import { loadKeyVault, setVaultCondition, updateNetworkRuleSet } from "./vaultConditions.ts"
import {
  addAzKeyVaultKey,
  getAzKeyVaultKey,
  removeAzKeyVaultKey,
  undoAzKeyVaultKeyRemoval,
  updateAzKeyVaultKey,
} from "./vaultKeys.ts"
import {
  getAzKeyVault,
  newAzKeyVault,
  removeAzKeyVault,
  undoAzKeyVaultRemoval,
  updateAzKeyVault,
} from "./vaults.ts"

/** Everything that can be done in this domain. */
export const cryptoOperations: readonly Operation<CryptoWorld, CryptoEvent, CryptoServices>[] = [
  inspectStoredBytes,
  processContent,
  ...serviceKeyOperations,
  newAzKeyVault,
  getAzKeyVault,
  updateAzKeyVault,
  removeAzKeyVault,
  undoAzKeyVaultRemoval,
  setAzKeyVaultAccessPolicy,
  removeAzKeyVaultAccessPolicy,
  addAzKeyVaultKey,
  getAzKeyVaultKey,
  updateAzKeyVaultKey,
  removeAzKeyVaultKey,
  undoAzKeyVaultKeyRemoval,
  backupAzKeyVaultKey,
  restoreAzKeyVaultKey,
  invokeKeyOperation,
  setAzureSubscription,
  registerAzProviderFeature,
  getAzProviderFeature,
  registerAzResourceProvider,
  getAzResourceProvider,
  requestMandatoryRetention,
  disableAzSubscription,
  enableAzSubscription,
  newManagedHsm,
  getManagedHsm,
  updateManagedHsm,
  exportSecurityDomain,
  removeManagedHsm,
  undoManagedHsmRemoval,
  newAzRoleAssignment,
  removeAzRoleAssignment,
  newKeyVaultRoleAssignment,
  removeKeyVaultRoleAssignment,
  getKeyVaultRoleAssignment,
  updateNetworkRuleSet,
  setVaultCondition,
  loadKeyVault,
  setLicences,
  newCustomerKeyOnboardingRequest,
  submitCustomerKeyOffer,
  mailOnboardingRequest,
  newDataEncryptionPolicy,
  getDataEncryptionPolicy,
  setDataEncryptionPolicy,
  openPurgeTicket,
  signDataPurge,
  setMailbox,
  setMailUser,
  newUnifiedGroup,
  setUnifiedGroup,
  holdUnencryptedMail,
  newMoveRequest,
  completeMailboxMove,
  getMailboxStatistics,
  newM365Policy,
  getM365Policy,
  setM365Policy,
  setM365Assignment,
  getM365Assignment,
  testM365Policy,
  registerSpoPolicy,
  getSpoPolicy,
  getSpoSitePolicy,
  updateSpoPolicy,
  requestSharePointRecovery,
  restoreSpoPolicy,
  rollAvailabilityKeyOperation,
  openOffboardingTicket,
  completeOffboarding,
  traceKeyRequests,
  getCustomerKeyPosture,
  showEncryptionCoverage,
  showKeyCustody,
  useAipServiceKeyVaultKey,
  getAipServiceKeys,
  setAipServiceKeyProperties,
  connectWithTls,
  showTlsPolicy,
  showTlsTimeline,
  findCertificateAuthority,
  checkPinReplacement,
  listRevocationHosts,
  describeMailDestination,
  publishMtaSts,
  publishTlsa,
  enrollSmimeCertificate,
  synchronizeCertificate,
  sendSmimeMessage,
  openSmimeMessage,
  scanSmimeMessage,
  ...keyServiceOperations,
  ...holdYourOwnKeyOperations,
  ...doubleKeyClientOperations,
]
