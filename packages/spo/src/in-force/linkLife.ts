import { days } from "@twin/kernel"
import { partitionOf, type Site } from "../Site.ts"
import { type SpoWorld, siteSetting, tenantSetting } from "../State.ts"

/** How long links of one kind may live here, in days; 0 is without limit. */
export interface LinkLife {
  readonly maxDays: number
  /** Given to a link that names no date, where a maximum or a recommendation exists. */
  readonly recommendedDays: number
}

const lifeOf = (max: number, recommended: number): LinkLife => {
  const maxDays = Math.max(0, max)
  // 0 recommends the maximum (SPO-031, SPO-038).
  const wanted = recommended > 0 ? recommended : maxDays
  return { maxDays, recommendedDays: maxDays === 0 ? wanted : Math.min(wanted, maxDays) }
}

/** Anyone links: the site's own rule, else the partition's, else the tenant's (SPO-035, SPO-038). */
export const anyoneLinkLife = (world: SpoWorld, site: Site): LinkLife => {
  if (siteSetting(site, "OverrideTenantAnonymousLinkExpirationPolicy")) {
    return lifeOf(
      siteSetting(site, "AnonymousLinkExpirationInDays"),
      siteSetting(site, "AnyoneSharingLinkRecommendedExpirationInDays"),
    )
  }
  const isOneDrive = partitionOf(site.kind) === "OneDrive"
  const max = tenantSetting(
    world,
    isOneDrive
      ? "OneDriveAnyoneSharingLinkMaxExpirationInDays"
      : "CoreAnyoneSharingLinkMaxExpirationInDays",
  )
  const recommended = tenantSetting(
    world,
    isOneDrive
      ? "OneDriveAnyoneSharingLinkRecommendedExpirationInDays"
      : "CoreAnyoneSharingLinkRecommendedExpirationInDays",
  )
  return lifeOf(
    max > 0 ? max : tenantSetting(world, "RequireAnonymousLinksExpireInDays"),
    recommended,
  )
}

/** Organization links: the site's own rule, else the partition's (SPO-031). */
export const organizationLinkLife = (world: SpoWorld, site: Site): LinkLife => {
  if (siteSetting(site, "OverrideTenantOrganizationSharingLinkExpirationPolicy")) {
    return lifeOf(
      siteSetting(site, "OrganizationSharingLinkMaxExpirationInDays"),
      siteSetting(site, "OrganizationSharingLinkRecommendedExpirationInDays"),
    )
  }
  const isOneDrive = partitionOf(site.kind) === "OneDrive"
  return lifeOf(
    tenantSetting(
      world,
      isOneDrive
        ? "OneDriveOrganizationSharingLinkMaxExpirationInDays"
        : "CoreOrganizationSharingLinkMaxExpirationInDays",
    ),
    tenantSetting(
      world,
      isOneDrive
        ? "OneDriveOrganizationSharingLinkRecommendedExpirationInDays"
        : "CoreOrganizationSharingLinkRecommendedExpirationInDays",
    ),
  )
}

/** When a link made now runs out: the date asked for, else what is recommended; absent: never. */
export const expiryOf = (
  life: LinkLife,
  asked: number | undefined,
  now: number,
): number | undefined =>
  asked ?? (life.recommendedDays > 0 ? now + days(life.recommendedDays) : undefined)
