export * from "./AutoLabelPolicy.ts"
export * from "./accessSymptoms.ts"
export * from "./attachmentLabel.ts"
export * from "./attachmentProtection.ts"
export * from "./automaticLabel.ts"
export * from "./ContentAction.ts"
export * from "./ContentFormat.ts"
export * from "./classification/builtInTypes.ts"
export * from "./classification/Classification.ts"
export * from "./classification/ContentCondition.ts"
export * from "./classification/classifyText.ts"
export * from "./classification/findSensitiveInformation.ts"
export * from "./classification/readCondition.ts"
export * from "./classification/SensitiveInformationType.ts"
export * from "./clientLabel.ts"
export { connectorLogIdentity, connectorOf } from "./connector/RmsConnector.ts"
export * from "./consumerSupport.ts"
export * from "./containerSettings.ts"
export * from "./content/copyContent.ts"
export * from "./content/openContent.ts"
export * from "./content/openForService.ts"
export * from "./content/prelicense.ts"
export * from "./content/protectContent.ts"
export * from "./content/republishContent.ts"
export * from "./content/saveLocalCopy.ts"
export * from "./contentMarks.ts"
export type { DomainEvent } from "./DomainEvent.ts"
export * from "./DomainEvent.ts"
export * from "./DoubleKeyService.ts"
export * from "./decisions/evaluateActivation.ts"
export { evaluateOpenContent } from "./decisions/evaluateOpenContent.ts"
export { evaluateProtect } from "./decisions/evaluateProtect.ts"
export { evaluateRevocation, evaluateTracking } from "./decisions/evaluateRevocation.ts"
export * from "./decisions/evaluateServiceLabel.ts"
export * from "./decisions/evaluateServiceProcessing.ts"
export * from "./defaultTemplates.ts"
export { mipDomain } from "./domain.ts"
export * from "./effectiveRights.ts"
export { evolve as evolveMip } from "./evolve.ts"
export { faultNames } from "./faults.ts"
export * from "./Grant.ts"
export * from "./identityClass.ts"
export * from "./isSuperUser.ts"
export * from "./Label.ts"
export * from "./LabelPolicy.ts"
export * from "./LocalDocument.ts"
export * from "./labelingEvents.ts"
export * from "./labelLocales.ts"
export * from "./labelMetadata.ts"
export * from "./labelOf.ts"
export * from "./labelSettings.ts"
export * from "./MipEvent.ts"
export * from "./membership.ts"
export { evaluateAipRole, evaluateAipSession } from "./operations/aipCmdlet.ts"
export { ConditionTables } from "./operations/autoLabelRule.ts"
export { customOf, type Permissions, permissionParams } from "./operations/file.ts"
export {
  type LabelledItem,
  type LabelMove,
  labelAudit,
  protectionAudit,
} from "./operations/labelAudit.ts"
export * from "./operations/underAipSession.ts"
export * from "./Protection.ts"
export * from "./policyInForce.ts"
export * from "./protectedName.ts"
export * from "./publishedLabels.ts"
export * from "./RmsService.ts"
export * from "./relabelEffect.ts"
export * from "./replication.ts"
export * from "./requests.ts"
export * from "./rightsExplained.ts"
export * from "./rightsPlan.ts"
export * from "./ServiceLedger.ts"
export * from "./Software.ts"
export {
  adminLogOf,
  attemptsOf,
  certificateOf,
  contentIdsOf,
  doubleKeyServiceOf,
  initialState as initialMipState,
  ledgerOf,
  localDocumentOf,
  type MipState,
  type MipWorld,
  protectionOf,
  rmsServiceOf,
  templateOf,
  templatesOf,
  trackedContentOf,
  trackedContentsOf,
  useLicenceOf,
} from "./State.ts"
export * from "./sdkError.ts"
export {
  requestsWithin,
  serviceAccountOf,
  serviceRequested,
  serviceRequestsOf,
} from "./serviceLoad.ts"
export * from "./serviceRoles.ts"
export * from "./sharedMailbox.ts"
export * from "./TrackedContent.ts"
export * from "./templateRefresh.ts"
export * from "./timeZone.ts"
export * from "./UsageRight.ts"
export * from "./UseLicenceRecord.ts"
export * from "./usageLog.ts"
export * from "./usageRightTable.ts"
export { callAfter, worldAfter } from "./worldAfter.ts"
