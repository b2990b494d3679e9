import type { Operation } from "@twin/kernel"
import type { CryptoServices } from "../CryptoServices.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { removeAzKeyVaultAccessPolicy, setAzKeyVaultAccessPolicy } from "./accessPolicies.ts"
import { inspectStoredBytes } from "./inspectStoredBytes.ts"
import { backupAzKeyVaultKey, restoreAzKeyVaultKey } from "./keyBackups.ts"
import {
  getDataEncryptionPolicy,
  getMailboxStatistics,
  newDataEncryptionPolicy,
  setMailbox,
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
import { newCustomerKeyOnboardingRequest } from "./onboarding.ts"
import {
  getOutboundConnector,
  newOutboundConnector,
  removeOutboundConnector,
  setOutboundConnector,
} from "./outboundConnectors.ts"
import {
  getKeyVaultRoleAssignment,
  newAzRoleAssignment,
  newKeyVaultRoleAssignment,
  removeAzRoleAssignment,
  removeKeyVaultRoleAssignment,
} from "./roleAssignments.ts"
import { followMail, listCertificateDuties, listMailQueue, sendOverSmtp } from "./sendOverSmtp.ts"
import { serviceKeyOperations } from "./serviceKeys.ts"
import { setDataEncryptionPolicy, signDataPurge } from "./setDataEncryptionPolicy.ts"
import {
  getSpoPolicy,
  getSpoSitePolicy,
  registerSpoPolicy,
  updateSpoPolicy,
} from "./sharePointPolicies.ts"
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
import { getTransportConfig, setTransportConfig } from "./transportConfig.ts"
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
  newCustomerKeyOnboardingRequest,
  newDataEncryptionPolicy,
  getDataEncryptionPolicy,
  setDataEncryptionPolicy,
  signDataPurge,
  setMailbox,
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
  useAipServiceKeyVaultKey,
  getAipServiceKeys,
  setAipServiceKeyProperties,
  connectWithTls,
  showTlsPolicy,
  showTlsTimeline,
  findCertificateAuthority,
  listRevocationHosts,
  setTransportConfig,
  getTransportConfig,
  newOutboundConnector,
  getOutboundConnector,
  setOutboundConnector,
  removeOutboundConnector,
  describeMailDestination,
  publishMtaSts,
  publishTlsa,
  sendOverSmtp,
  followMail,
  listMailQueue,
  listCertificateDuties,
]
