import type { CryptoServices } from "@twin/crypto"
import type { Operation } from "@twin/kernel"
import type { DomainEvent } from "../DomainEvent.ts"
import type { MipWorld } from "../State.ts"
import { withinReach } from "./adminReach.ts"
import * as aip from "./aipService.ts"
import { connectAipService, disconnectAipService } from "./aipSession.ts"
import * as autoLabel from "./autoLabelPolicy.ts"
import * as autoLabelRule from "./autoLabelRule.ts"
import * as connector from "./connector.ts"
import * as connectorSetup from "./connectorSetup.ts"
import { newCustomPermissions } from "./customPermissions.ts"
import * as fingerprint from "./documentFingerprint.ts"
import * as tracking from "./documentTracking.ts"
import { configureDoubleKeyService, showDoubleKeyOffer, showDoubleKeySetUp } from "./doubleKey.ts"
import * as exactData from "./exactData.ts"
import { explainAccess } from "./explainAccess.ts"
import { fetchTemplates } from "./fetchTemplates.ts"
import { getAipFileStatus, getFileStatus, removeFileLabel, setFileLabel } from "./fileLabel.ts"
import { signUpForRms } from "./individuals.ts"
import { installSharingApplication } from "./installSharingApplication.ts"
import * as dictionary from "./keywordDictionary.ts"
import { getLabel, newLabel, removeLabel, setLabel } from "./label.ts"
import { setLabelContext } from "./labelContext.ts"
import * as switches from "./labelingSwitches.ts"
import { labelElsewhere, readLabelMetadata } from "./labelMetadataOf.ts"
import { getLabelPolicy, newLabelPolicy, removeLabelPolicy, setLabelPolicy } from "./labelPolicy.ts"
import { createDefaultLabels, migrateLabelGroups } from "./labelScheme.ts"
import { openDocument } from "./openDocument.ts"
import { protectDocument, relabelDocument, removeProtection } from "./protectDocument.ts"
import { protectRmsFile } from "./protectRmsFile.ts"
import { relayThroughConnector } from "./relayThroughConnector.ts"
import * as roleBased from "./roleBasedAdministrator.ts"
import { saveCopy } from "./saveCopy.ts"
import { saveDocument } from "./saveDocument.ts"
import * as sensitiveType from "./sensitiveType.ts"
import { shareProtected } from "./shareProtected.ts"
import * as show from "./showRights.ts"
import * as subscription from "./subscription.ts"
import * as superUser from "./superUser.ts"
import * as template from "./template.ts"
import * as templateProperty from "./templateProperty.ts"
import { closeDocument, keepDocumentOpen } from "./temporaryFile.ts"
import { testDataClassification } from "./testDataClassification.ts"
import { setTimeZone } from "./timeZone.ts"
import { revokeDocument, trackDocument } from "./trackDocument.ts"
import * as classifier from "./trainableClassifier.ts"
import { getUserLog } from "./userLog.ts"

/** Every operation of this domain. */
export const operations: readonly Operation<MipWorld, DomainEvent, CryptoServices>[] = [
  protectDocument,
  saveDocument,
  openDocument,
  saveCopy,
  setTimeZone,
  keepDocumentOpen,
  closeDocument,
  explainAccess,
  signUpForRms,
  show.showRights,
  show.showUsageRights,
  show.showPermissionLevels,
  show.showSupportMatrix,
  relabelDocument,
  removeProtection,
  trackDocument,
  revokeDocument,
  configureDoubleKeyService,
  showDoubleKeyOffer,
  showDoubleKeySetUp,
  setFileLabel,
  removeFileLabel,
  getFileStatus,
  getAipFileStatus,
  newCustomPermissions,
  protectRmsFile,
  withinReach(newLabel),
  withinReach(setLabel),
  getLabel,
  removeLabel,
  setLabelContext,
  newLabelPolicy,
  setLabelPolicy,
  getLabelPolicy,
  removeLabelPolicy,
  sensitiveType.newRulePackage,
  sensitiveType.setRulePackage,
  sensitiveType.removeRulePackage,
  sensitiveType.getSensitiveType,
  fingerprint.newFingerprint,
  fingerprint.newSensitiveType,
  fingerprint.setSensitiveType,
  fingerprint.removeSensitiveType,
  dictionary.newKeywordDictionary,
  dictionary.setKeywordDictionary,
  dictionary.getKeywordDictionary,
  dictionary.removeKeywordDictionary,
  exactData.newEdmSchema,
  exactData.setEdmSchema,
  exactData.getEdmSchema,
  exactData.removeEdmSchema,
  exactData.uploadExactData,
  classifier.trainClassifier,
  classifier.publishClassifier,
  classifier.listClassifiers,
  testDataClassification,
  readLabelMetadata,
  labelElsewhere,
  createDefaultLabels,
  migrateLabelGroups,
  switches.setPolicyConfig,
  switches.getPolicyConfig,
  switches.setAdminAuditLogConfig,
  switches.setLabelReplication,
  switches.setAutoLabelLimit,
  autoLabel.newAutoLabelPolicy,
  autoLabel.setAutoLabelPolicy,
  autoLabel.getAutoLabelPolicy,
  autoLabel.removeAutoLabelPolicy,
  autoLabelRule.newAutoLabelRule,
  autoLabelRule.setAutoLabelRule,
  autoLabelRule.getAutoLabelRule,
  autoLabelRule.removeAutoLabelRule,
  connectAipService,
  disconnectAipService,
  aip.enableAipService,
  aip.disableAipService,
  aip.getAipService,
  aip.getAipServiceConfiguration,
  aip.setOnboardingControlPolicy,
  aip.getOnboardingControlPolicy,
  aip.setMaxUseLicenseValidityTime,
  aip.getMaxUseLicenseValidityTime,
  aip.getAdminLog,
  getUserLog,
  roleBased.addRoleBasedAdministrator,
  roleBased.getRoleBasedAdministrator,
  roleBased.removeRoleBasedAdministrator,
  roleBased.clearRoleBasedAdministrator,
  installSharingApplication,
  shareProtected,
  connector.authorizeConnectorServer,
  connector.listConnectorServers,
  connectorSetup.installConnector,
  connectorSetup.setConnectorAccount,
  connectorSetup.configureConnectorAvailability,
  connectorSetup.configureConnectedServer,
  connectorSetup.checkConnector,
  relayThroughConnector,
  subscription.exportTrustedPublishingDomain,
  subscription.endSubscription,
  subscription.setAdRms,
  subscription.assignRightsLicence,
  subscription.setTokenLifetime,
  superUser.enableSuperUserFeature,
  superUser.disableSuperUserFeature,
  superUser.getSuperUserFeature,
  superUser.addSuperUser,
  superUser.removeSuperUser,
  superUser.getSuperUser,
  superUser.setSuperUserGroup,
  superUser.clearSuperUserGroup,
  superUser.getSuperUserGroup,
  tracking.getDocumentLog,
  tracking.getTrackingLog,
  tracking.setDocumentRevoked,
  tracking.clearDocumentRevoked,
  tracking.enableDocumentTracking,
  tracking.disableDocumentTracking,
  tracking.getDocumentTracking,
  tracking.setDoNotTrackGroup,
  tracking.clearDoNotTrackGroup,
  tracking.getDoNotTrackGroup,
  fetchTemplates,
  template.newRightsDefinition,
  template.addTemplate,
  template.getTemplate,
  template.removeTemplate,
  templateProperty.getTemplateProperty,
  templateProperty.setTemplateProperty,
  templateProperty.exportTemplate,
  templateProperty.importTemplate,
]
