export { availabilityKeyAudit } from "./at-rest/availabilityKeyAudit.ts"
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
export { servicePrincipals, type Vault } from "./customer-key/AzureKeyVault.ts"
export * from "./customer-key/DataEncryptionPolicy.ts"
export { evaluateSealing, evaluateStoredBytes } from "./decisions/evaluateStoredBytes.ts"
export * from "./domain.ts"
export * from "./Errors.ts"
export * from "./faults.ts"
export * from "./KeyVault.ts"
export * from "./operations/table.ts"
export { contentCipherAt } from "./rights/contentCipher.ts"
export { isEnvelope } from "./rights/Envelope.ts"
export { issueUseLicence, type Licensing } from "./rights/issueUseLicence.ts"
export * from "./rights/openEnvelope.ts"
export * from "./rights/PublishingPolicy.ts"
export * from "./rights/protectBytes.ts"
export { readPublishingPolicy } from "./rights/readPublishingPolicy.ts"
export {
  activeTenantKey,
  type TenantKey,
  type TenantKeyState,
  tenantKeyStateOf,
  tenantKeysOf,
} from "./rights/TenantKey.ts"
export * from "./State.ts"
export * from "./Workload.ts"
