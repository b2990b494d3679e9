import { isAtLeast, rankOf, type SharingCapability } from "../SharingCapability.ts"
import { partitionOf, type Site } from "../Site.ts"
import { type SpoWorld, siteSetting, tenantSetting } from "../State.ts"

/** What counts at this moment, and who made it so. */
export interface EffectiveCapability {
  readonly level: SharingCapability
  /** The first of them in the order in which codes are reported (SPO-272) that is as strict. */
  readonly setBy: "tenant" | "partition" | "site"
  readonly tenant: SharingCapability
  readonly partition: SharingCapability
  readonly site: SharingCapability
}

/**
 * The most restrictive of tenant, partition and site (SPO-005, SPO-006). A site may step over its
 * partition, never over the tenant.
 */
export const effectiveCapability = (world: SpoWorld, site: Site): EffectiveCapability => {
  const tenant = tenantSetting(world, "SharingCapability")
  const isOneDrive = partitionOf(site.kind) === "OneDrive"
  const partition = tenantSetting(
    world,
    isOneDrive ? "OneDriveSharingCapability" : "CoreSharingCapability",
  )
  const own = siteSetting(site, "SharingCapability")
  const counted: readonly (readonly [EffectiveCapability["setBy"], SharingCapability])[] = [
    ["tenant", tenant],
    ...(siteSetting(site, "OverrideSharingCapability") ? [] : [["partition", partition] as const]),
    ["site", own],
  ]
  const [setBy, level] = counted.reduce((a, b) => (rankOf(b[1]) < rankOf(a[1]) ? b : a))
  return { level, setBy, tenant, partition, site: own }
}

/** Whether Anyone links work here (SPO-029); never for the site itself (SPO-004). */
export const areAnyoneLinksOn = (world: SpoWorld, site: Site): boolean =>
  site.kind !== "ChannelShared" &&
  !hasBarriers(world, site) &&
  isAtLeast(effectiveCapability(world, site).level, "ExternalUserAndGuestSharing")

/** Whether organization links work here (SPO-030, SPO-218). */
export const areOrganizationLinksOn = (world: SpoWorld, site: Site): boolean =>
  siteSetting(site, "DisableCompanyWideSharingLinks") === "NotDisabled" && !hasBarriers(world, site)

/** Information barriers bind this site: in every mode but Open the wide links are off (SPO-218). */
const hasBarriers = (world: SpoWorld, site: Site): boolean =>
  !tenantSetting(world, "InformationBarriersSuspension") &&
  siteSetting(site, "InformationBarriersMode") !== "Open"
