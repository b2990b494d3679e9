import { days } from "@twin/kernel"
import type { Site } from "../Site.ts"
import { type SpoWorld, siteSetting, tenantSetting } from "../State.ts"

/** Days until a guest's access to this site expires; 0 without a policy (SPO-090). */
export const guestExpirationDays = (world: SpoWorld, site: Site): number => {
  if (siteSetting(site, "OverrideTenantExternalUserExpirationPolicy")) {
    return siteSetting(site, "ExternalUserExpirationInDays")
  }
  return tenantSetting(world, "ExternalUserExpirationRequired")
    ? tenantSetting(world, "ExternalUserExpireInDays")
    : 0
}

/** The date a guest gets who joins the site now: fixed once, never afterwards (SPO-091, SPO-092). */
export const guestExpiryFor = (world: SpoWorld, site: Site, now: number): number | undefined => {
  const limit = guestExpirationDays(world, site)
  return limit > 0 ? now + days(limit) : undefined
}
