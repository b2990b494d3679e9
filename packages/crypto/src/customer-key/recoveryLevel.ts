import { azureSubscriptionOf, type CryptoWorld } from "../State.ts"
import type { Vault } from "./AzureKeyVault.ts"
import { hasMandatoryRetention } from "./AzureSubscription.ts"

/** What Customer Key wants a key to show (CRY-047). */
export const requiredRecoveryLevel = "Recoverable+ProtectedSubscription"

/**
 * How well a deleted key is protected: who may purge it before its time, and whether the time is
 * shorter than the usual 90 days (CRY-047, CRY-061).
 */
export const recoveryLevelOf = (world: CryptoWorld, vault: Vault): string => {
  const recoverable = vault.retentionDays < 90 ? "CustomizedRecoverable" : "Recoverable"
  if (hasMandatoryRetention(azureSubscriptionOf(world, vault.subscription))) {
    return `${recoverable}+ProtectedSubscription`
  }
  return vault.isPurgeProtected ? recoverable : `${recoverable}+Purgeable`
}
