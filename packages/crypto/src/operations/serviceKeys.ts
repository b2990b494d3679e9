import type { Operation } from "@twin/kernel"
import type { CryptoServices } from "../CryptoServices.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { getBitLockerVolume, unlockBitLocker } from "./bitLockerCmdlets.ts"
import { accessBlobContainer, connectToSite, replicateContent } from "./contentStores.ts"
import {
  formatDisk,
  moveDisk,
  recoverVolumes,
  reinstallServer,
  releasePasswordPart,
  replaceTpm,
} from "./disks.ts"
import { inspectVolume } from "./inspectVolume.ts"
import {
  connectAccount,
  inspectMailSecret,
  joinKeyGroup,
  listMailKeys,
  openMailSecret,
} from "./mailSecrets.ts"
import { checkCoverage, checkFips, listEncryptionRisks, showEncryptionAtRest } from "./posture.ts"
import {
  checkIrmEncryptionMode,
  planBreachResponse,
  setIrmEncryptionMode,
  setRmsConnector,
  useAccountCertificate,
} from "./rightsSettings.ts"
import { collectTenantKeyExport, requestTenantKeyExport } from "./tenantKeyExport.ts"
import { unlockVolume } from "./unlockVolume.ts"
import { listVolumeProtectors } from "./volumeReport.ts"

/** What is done with keys that the service holds for itself, and what it says about encryption. */
export const serviceKeyOperations: readonly Operation<CryptoWorld, CryptoEvent, CryptoServices>[] =
  [
    listVolumeProtectors,
    getBitLockerVolume,
    unlockBitLocker,
    inspectVolume,
    unlockVolume,
    moveDisk,
    formatDisk,
    reinstallServer,
    replaceTpm,
    recoverVolumes,
    releasePasswordPart,
    connectAccount,
    openMailSecret,
    inspectMailSecret,
    joinKeyGroup,
    listMailKeys,
    showEncryptionAtRest,
    listEncryptionRisks,
    checkFips,
    checkCoverage,
    accessBlobContainer,
    connectToSite,
    replicateContent,
    setIrmEncryptionMode,
    setRmsConnector,
    checkIrmEncryptionMode,
    useAccountCertificate,
    planBreachResponse,
    requestTenantKeyExport,
    collectTenantKeyExport,
  ]
