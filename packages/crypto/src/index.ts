export { availabilityKeyAudit } from "./at-rest/availabilityKeyAudit.ts"
export { eraseAtRest } from "./at-rest/eraseAtRest.ts"
export { openAtRest } from "./at-rest/openAtRest.ts"
export {
  bytesContain,
  type RawBlob,
  rawBlobsOf,
  rawBytesOf,
  storedBytesContain,
} from "./at-rest/rawBytes.ts"
export { intermediateKeyCacheHours, type ReadRequest } from "./at-rest/rootRoute.ts"
export * from "./at-rest/sealAtRest.ts"
export * from "./BlobStore.ts"
export * from "./CryptoServices.ts"
export { certificateFrom } from "./certificates/Certificate.ts"
export { type CertificateWish, issueCertificate } from "./certificates/issueCertificate.ts"
export { issueBelow, pemOf } from "./certificates/simulatedAuthority.ts"
export { servicePrincipals, type Vault } from "./customer-key/AzureKeyVault.ts"
export * from "./customer-key/DataEncryptionPolicy.ts"
export {
  type AssumedServer,
  evaluateOutboundTls,
  type OutboundTls,
} from "./decisions/evaluateOutboundTls.ts"
export { evaluateSecondKey, type SecondKeyRequest } from "./decisions/evaluateSecondKey.ts"
export { evaluateSealing, evaluateStoredBytes } from "./decisions/evaluateStoredBytes.ts"
export { evaluateTlsConnection } from "./decisions/evaluateTlsConnection.ts"
export * from "./domain.ts"
export * from "./double-key/AccessToken.ts"
export * from "./double-key/AppSettings.ts"
export {
  askKeyService,
  isReachable,
  keyServiceUnreachable,
} from "./double-key/askKeyService.ts"
export {
  doubleKeyDrivers,
  doubleKeyHostings,
  isDoubleKeySwitchSet,
} from "./double-key/clientSupport.ts"
export type { Directories, DirectoryUser } from "./double-key/Directory.ts"
export {
  type AppRegistration,
  type DeployedKey,
  type DeployedKeyService,
  DoubleKeyEvent,
} from "./double-key/DoubleKeyEvent.ts"
export { documentedService, makeKey, setUpKey } from "./double-key/deployKeyService.ts"
export type { HttpRequest, HttpResponse } from "./double-key/HttpMessage.ts"
export { answerRequest, handleRequest, type KeyService } from "./double-key/handleRequest.ts"
export * from "./double-key/KeyEntry.ts"
export * from "./double-key/keyServiceOf.ts"
export * from "./double-key/tokenAuthority.ts"
export { type Access, accessOf, dkmRole, secretStoreRole } from "./Elevation.ts"
export * from "./Errors.ts"
export * from "./faults.ts"
export * from "./KeyVault.ts"
export { getMailboxStatistics } from "./operations/mailboxPolicies.ts"
export { assignGroupPolicy } from "./operations/recipients.ts"
export { getSpoSitePolicy } from "./operations/sharePointPolicies.ts"
export * from "./operations/table.ts"
export { ownValue } from "./ownValue.ts"
export { layerRsaPairs } from "./RsaPairs.ts"
export { contentCipherAt } from "./rights/contentCipher.ts"
export { type Unlocking, unlockUseLicence } from "./rights/doubleKey.ts"
export { isEnvelope } from "./rights/Envelope.ts"
export { issueUseLicence, type Licensing } from "./rights/issueUseLicence.ts"
export * from "./rights/openEnvelope.ts"
export * from "./rights/PublishingPolicy.ts"
export * from "./rights/protectBytes.ts"
export { readPublishingPolicy } from "./rights/readPublishingPolicy.ts"
export { signForTenant } from "./rights/signForTenant.ts"
export {
  activeTenantKey,
  type TenantKey,
  type TenantKeyState,
  tenantKeyStateOf,
  tenantKeysOf,
} from "./rights/TenantKey.ts"
export * from "./State.ts"
export { type From, systemKeySource } from "./SystemKeySource.ts"
export { encryptionPreferences, signingPreferences } from "./smime/SmimeAlgorithm.ts"
export { smimeChanges } from "./smime/SmimeState.ts"
export { readSerializedStore, serializedStoreOf } from "./smime/serializedStore.ts"
export * from "./smime/smimeLookup.ts"
export { isSenderRange } from "./transport/addressRange.ts"
export * from "./transport/InboundConnector.ts"
export { type InboundQuestion, inboundMailOf } from "./transport/inboundMailOf.ts"
export { inboundRouteOf } from "./transport/inboundRouteOf.ts"
export type { MailDestination, SendingServer } from "./transport/MailDestination.ts"
export { listsHost, parseMtaStsFile, parseMtaStsRecord } from "./transport/MtaStsPolicy.ts"
export * from "./transport/OutboundConnector.ts"
export * from "./transport/OwnDomain.ts"
export { type OutboundQuestion, outboundTlsOf, policyEventsOf } from "./transport/outboundTlsOf.ts"
export { tlsaRecordOf } from "./transport/Tlsa.ts"
export { CloudInstance } from "./transport/TlsPolicy.ts"
export { QueuedMail } from "./transport/TransportState.ts"
export * from "./transport/transportLookup.ts"
export { openCopies } from "./volumes/openCopies.ts"
export { volumeIds, volumesHolding } from "./volumes/Server.ts"
export * from "./Workload.ts"
