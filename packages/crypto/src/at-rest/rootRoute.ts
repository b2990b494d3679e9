import { hours } from "@twin/kernel"
import { type DataEncryptionPolicy, principalOf } from "../customer-key/DataEncryptionPolicy.ts"
import { type KeyAnswer, keyAnswer } from "../customer-key/keyAnswer.ts"
import { type CryptoState, type CryptoWorld, geoEncryptionOf, keyOf, policyById } from "../State.ts"
import type { TriggerOrigin } from "../Workload.ts"
import type { Hierarchy } from "./Hierarchy.ts"

/** Who asks, and when. Without a moment nothing counts as cached: deny by default. */
export interface ReadRequest {
  readonly origin?: TriggerOrigin
  /** Epoch milliseconds. */
  readonly now?: number
  /** The restore of SharePoint itself, with which Microsoft was charged (CRY-099, CRY-116). */
  readonly isRecovery?: boolean
}

/** How long a front end keeps an unwrapped intermediate key: not published, so a twin parameter (CRY-097). */
export const intermediateKeyCacheHours = 24

/** What decides by which root the key above a container is unwrapped. */
export interface RootFacets {
  readonly management: "MicrosoftManaged" | "CustomerManaged"
  readonly workload: string
  readonly origin: TriggerOrigin
  /** What the customer's keys answer, all together; `none` where there are none. */
  readonly customerKeys: "answer" | "system-error" | "access-denied" | "mixed" | "none"
  readonly keysAnswering: number
  readonly availabilityKey: "held" | "destroyed"
  readonly isIntermediateKeyCached: boolean
  /** SharePoint's restore is running: its availability key serves for this, and for nothing else. */
  readonly isRecovery: boolean
  /** The keys were restored, and the sites are not yet there again (CRY-116). */
  readonly isRestoring: boolean
}

/** By which root the service gets in, if at all. */
export type RootRoute = "service-root" | "customer-key" | "cached-key" | "availability-key" | "none"

/**
 * The unwrap algorithm. A customer key that answers always wins (CRY-083, CRY-087). Exchange falls
 * back to the availability key after system errors, and after a refusal only for what the service
 * itself does (CRY-084 to 086); SharePoint never does, but lives on its cache for a while (CRY-098,
 * 099). Mixed answers are not documented: a person waits, the service goes on.
 */
export const rootRoute = (facets: RootFacets): RootRoute => {
  if (facets.management === "MicrosoftManaged") return "service-root"
  if (facets.isRecovery) return facets.availabilityKey === "held" ? "availability-key" : "none"
  if (facets.isRestoring) return "none"
  if (facets.customerKeys === "answer") return "customer-key"
  if (facets.workload === "SharePoint") {
    return facets.isIntermediateKeyCached ? "cached-key" : "none"
  }
  if (facets.availabilityKey === "destroyed") return "none"
  const isForSystem = facets.origin === "System" || facets.customerKeys === "system-error"
  return isForSystem ? "availability-key" : "none"
}

/** Reads the facets off the world. */
export const rootFacetsOf = (
  world: CryptoWorld,
  hierarchy: Hierarchy,
  { origin = "User", now, isRecovery = false }: ReadRequest = {},
): RootFacets => {
  const { policy, workload } = hierarchy
  const answers = policy === undefined ? [] : rootAnswers(world, policy, now)
  const availability = policy === undefined ? undefined : keyOf(world, policy.availabilityKeyId)
  return {
    management: policy === undefined ? "MicrosoftManaged" : "CustomerManaged",
    workload,
    origin,
    customerKeys: summaryOf(answers),
    keysAnswering: answers.filter(({ result }) => result === "Success").length,
    availabilityKey: availability?.isDestroyed === true ? "destroyed" : "held",
    isIntermediateKeyCached:
      workload === "SharePoint" && now !== undefined && now < cacheEnd(world, answers),
    isRecovery: isRecovery && workload === "SharePoint",
    isRestoring: workload === "SharePoint" && geoEncryptionOf(world).accessAt !== undefined,
  }
}

/** What each root key of a policy answers to an unwrap, in the order of the policy. */
export const rootAnswers = (
  world: CryptoWorld,
  policy: DataEncryptionPolicy,
  now?: number,
): readonly (KeyAnswer & { readonly uri: string })[] => {
  const principal = principalOf(policy.kind)
  return policy.rootKeys.map((uri) => ({
    uri,
    ...keyAnswer(world, {
      uri,
      principal,
      operation: "unwrapKey",
      ...(now === undefined ? {} : { now }),
    }),
  }))
}

const summaryOf = (answers: readonly KeyAnswer[]): RootFacets["customerKeys"] => {
  const results = new Set(answers.map(({ result }) => result))
  if (results.size === 0) return "none"
  if (results.has("Success")) return "answer"
  if (results.size === 2) return "mixed"
  return results.has("SystemError") ? "system-error" : "access-denied"
}

/** Hours before the end of the cache at which the service tries to renew it (CRY-097). */
export const cacheRenewalHours = 2

/** Since when no key has answered; undefined while one does, or where the twin does not know. */
export const silentSince = (answers: readonly KeyAnswer[]): number | undefined => {
  const known = answers.map(({ since }) => since).filter((since) => since !== undefined)
  const isSilent = answers.length > 0 && answers.every(({ result }) => result !== "Success")
  return isSilent && known.length === answers.length ? Math.max(...known) : undefined
}

/** The cache was renewed until the last key fell silent, and lives as long again. */
const cacheEnd = (world: CryptoWorld, answers: readonly KeyAnswer[]): number => {
  const known = [geoEncryptionOf(world).silentSince, silentSince(answers)]
  const since = known.filter((it) => it !== undefined)
  if (since.length === 0) return Number.NEGATIVE_INFINITY
  return Math.min(...since) + hours(intermediateKeyCacheHours)
}

/**
 * Keeps in mind since when the geo's root keys have been silent: reasons may follow one another, and none
 * of them renews the cache (CRY-097, CRY-098). Disturbances of the whole service are looked at when
 * somebody reads.
 */
export const rememberSilence = (crypto: CryptoState, at: number | undefined): CryptoState => {
  const { geo } = crypto.customerKey
  const world: CryptoWorld = { kernel: { organizationId: "", faults: {} }, crypto }
  const policy = policyById(world, geo.policyId)
  if (policy === undefined) return crypto
  const answers = rootAnswers(world, policy)
  const isSilent = answers.every(({ result }) => result !== "Success")
  if (isSilent === (geo.silentSince !== undefined)) return crypto
  const { silentSince: _before, ...rest } = geo
  const since = at ?? silentSince(answers)
  const now = isSilent && since !== undefined ? { ...rest, silentSince: since } : rest
  return { ...crypto, customerKey: { ...crypto.customerKey, geo: now } }
}
