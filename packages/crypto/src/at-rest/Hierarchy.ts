import { type CryptoWorld, type KeyKind, keyOf } from "../State.ts"
import type { Workload } from "../Workload.ts"

/** Microsoft's root of a workload: at the level of the service, not of the tenant (CRY-031). */
export const serviceRootKey = (workload: Workload): string => `service-root/${workload}`

/** The policy that serves every mailbox without one of its own; it cannot be unassigned (CRY-117). */
export const microsoftManagedDepKey = "dep-key/microsoft-managed"

/** Addresses and site urls know no case. */
export const containerKey = (workload: Workload, container: string): string =>
  `${workload === "SharePoint" ? "site-key" : "mailbox-key"}/${container.toLowerCase()}`

/** One level of a chain: a key and what it is. */
export interface Level {
  readonly keyId: string
  readonly kind: KeyKind
}

/**
 * From the container's key up to the root, as it is or, for a new container, as it will be. Without
 * Customer Key a site key hangs on the master key of the service, and a mailbox key on the
 * Microsoft-managed policy (CRY-008, CRY-031, CRY-081).
 */
export const chainOf = (
  world: CryptoWorld,
  workload: Workload,
  container: string,
): readonly Level[] => {
  const levels: Level[] = [
    {
      keyId: containerKey(workload, container),
      kind: workload === "SharePoint" ? "SiteKey" : "MailboxKey",
    },
  ]
  if (workload === "Exchange") levels.push({ keyId: microsoftManagedDepKey, kind: "DepKey" })
  levels.push({ keyId: serviceRootKey(workload), kind: "ServiceRootKey" })
  return levels
}

/** The level that somebody destroyed, if any: nothing below it opens again. */
export const destroyedLevel = (world: CryptoWorld, chain: readonly Level[]): Level | undefined =>
  chain.find(({ keyId }) => keyOf(world, keyId)?.isDestroyed === true)
