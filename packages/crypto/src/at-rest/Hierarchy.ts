import type { DataEncryptionPolicy } from "../customer-key/DataEncryptionPolicy.ts"
import {
  type CryptoWorld,
  geoEncryptionOf,
  type KeyKind,
  keyOf,
  keysOfKind,
  mailboxPolicyIdOf,
  policyById,
} from "../State.ts"
import type { Workload } from "../Workload.ts"

/** Microsoft's root of a workload: at the level of the service, not of the tenant (CRY-031). */
export const serviceRootKey = (workload: Workload): string => `service-root-key/${workload}`

/** The policy that serves every mailbox without one of its own; it cannot be unassigned (CRY-117). */
export const microsoftManagedDepKey = "dep-key/microsoft-managed"

/** SharePoint's third root belongs to the forest and serves many customers (CRY-100). */
export const sharePointAvailabilityKey = "availability-key/sharepoint-forest"

/** The caches of the front ends, which keep an unwrapped intermediate key for a while (CRY-097). */
export const cachedKey = (keyId: string): string => `front-end-cache/${keyId}`

/** Microsoft's own policy key for what Teams stores. */
export const microsoftManagedTeamsKey = "dep-key/microsoft-managed-teams"

const keyPrefix: Readonly<Record<Workload, string>> = {
  SharePoint: "site-key",
  Exchange: "mailbox-key",
  Teams: "workload-key",
}
const containerKind = {
  SharePoint: "SiteKey",
  Exchange: "MailboxKey",
  Teams: "WorkloadKey",
} as const satisfies Readonly<Record<Workload, KeyKind>>

/** Addresses and site urls know no case. */
export const containerKey = (workload: Workload, container: string): string =>
  `${keyPrefix[workload]}/${container.toLowerCase()}`

/** A site, a mailbox, or a store of Teams: what has a key of its own. */
export interface Container {
  readonly workload: Workload
  readonly container: string
  /** Of a store of Teams, which gets a new key with each policy (CRY-069). */
  readonly keyId?: string
}

/** Every site, mailbox or store of Teams that has a key, sorted. */
export const containersOf = (world: CryptoWorld, workload: Workload): readonly Container[] => {
  const prefix = containerKey(workload, "")
  return keysOfKind(world, containerKind[workload]).map(({ keyId }) => ({
    workload,
    container: keyId.slice(prefix.length),
    ...(workload === "Teams" ? { keyId } : {}),
  }))
}

/** One level of a chain: a key and what it is. */
export interface Level {
  readonly keyId: string
  readonly kind: KeyKind
}

/** The keys above one container, from its own key upwards; the roots are alternatives. */
export interface Hierarchy {
  readonly workload: Workload
  /** From the container's key up to the key that the roots wrap. */
  readonly levels: readonly [Level, ...Level[]]
  /** Present where the customer holds the roots. */
  readonly policy?: DataEncryptionPolicy
}

/**
 * As it is or, for a new container, as it will be. Without Customer Key a site key hangs on the
 * master key of the service (CRY-008, CRY-031) and a mailbox key on the Microsoft-managed policy;
 * Customer Key puts a key of the tenant in between (CRY-081, CRY-094).
 */
export const hierarchyOf = (
  world: CryptoWorld,
  workload: Workload,
  container: string,
  keyId?: string,
): Hierarchy => {
  if (workload === "Teams") return teamsHierarchy(world, container, keyId)
  const policy = policyInForce(world, workload, container)
  const own: Level = {
    keyId: containerKey(workload, container),
    kind: containerKind[workload],
  }
  if (policy !== undefined) {
    return { workload, levels: [own, policyKeyOf(policy)], policy }
  }
  if (workload === "SharePoint") return { workload, levels: [own] }
  return { workload, levels: [own, { keyId: microsoftManagedDepKey, kind: "DepKey" }] }
}

/**
 * What Teams stores takes the place of the mailbox (CRY-082). A policy counts for what is written after
 * its assignment (CRY-069): so each policy brings a new key, and what is stored stays under its own.
 */
const teamsHierarchy = (world: CryptoWorld, container: string, stored?: string): Hierarchy => {
  const assigned = policyInForce(world, "Teams", container)
  const keyId =
    stored ?? `${containerKey("Teams", container)}/${assigned?.id ?? "microsoft-managed"}`
  const above = keyOf(world, keyId)?.wrappedBy[0]
  const policy =
    above === undefined
      ? assigned
      : Object.values(world.crypto.customerKey.policies).find(({ depKeyId }) => depKeyId === above)
  const own: Level = { keyId, kind: "WorkloadKey" }
  return policy === undefined
    ? { workload: "Teams", levels: [own, { keyId: microsoftManagedTeamsKey, kind: "DepKey" }] }
    : { workload: "Teams", levels: [own, policyKeyOf(policy)], policy }
}

/** The key of a policy: what mailbox keys or site keys hang on. */
export const policyKeyOf = (policy: DataEncryptionPolicy): Level => ({
  keyId: policy.depKeyId,
  kind: policy.kind === "SharePointGeo" ? "TenantIntermediateKey" : "DepKey",
})

/** A mailbox policy comes before the multi-workload one; SharePoint has one for the geo (CRY-072, 073). */
export const policyInForce = (
  world: CryptoWorld,
  workload: Workload,
  container: string,
): DataEncryptionPolicy | undefined =>
  workload === "SharePoint"
    ? policyById(world, geoEncryptionOf(world).policyId)
    : workload === "Teams"
      ? policyById(world, world.crypto.customerKey.tenantPolicyId)
      : (policyById(world, mailboxPolicyIdOf(world, container)) ??
        policyById(world, world.crypto.customerKey.tenantPolicyId))

/** The level that somebody destroyed, if any: nothing below it opens again. */
export const destroyedLevel = (world: CryptoWorld, hierarchy: Hierarchy): Level | undefined =>
  hierarchy.levels.find(({ keyId }) => keyOf(world, keyId)?.isDestroyed === true) ??
  (hierarchy.policy === undefined ? destroyedServiceRoot(world, hierarchy.workload) : undefined)

const destroyedServiceRoot = (world: CryptoWorld, workload: Workload): Level | undefined => {
  const keyId = serviceRootKey(workload)
  return keyOf(world, keyId)?.isDestroyed === true ? { keyId, kind: "ServiceRootKey" } : undefined
}
