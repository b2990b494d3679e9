import type { Operation } from "@twin/kernel"
import type { CryptoServices } from "../CryptoServices.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { removeAzKeyVaultAccessPolicy, setAzKeyVaultAccessPolicy } from "./accessPolicies.ts"
import { inspectStoredBytes } from "./inspectStoredBytes.ts"
import {
  getDataEncryptionPolicy,
  getMailboxStatistics,
  newDataEncryptionPolicy,
  setMailbox,
} from "./mailboxPolicies.ts"
import {
  getM365Assignment,
  getM365Policy,
  newM365Policy,
  setM365Assignment,
  setM365Policy,
  testM365Policy,
} from "./multiWorkloadPolicies.ts"
import { newCustomerKeyOnboardingRequest } from "./onboarding.ts"
import { setDataEncryptionPolicy, signDataPurge } from "./setDataEncryptionPolicy.ts"
import {
  getSpoPolicy,
  getSpoSitePolicy,
  registerSpoPolicy,
  updateSpoPolicy,
} from "./sharePointPolicies.ts"
import {
  getAipServiceKeys,
  setAipServiceKeyProperties,
  useAipServiceKeyVaultKey,
} from "./tenantKeys.ts"
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
]
