import { type DefaultSharing, defaultSharingOf } from "@twin/mip"
import type { DriveItem } from "../DriveItem.ts"
import type { LinkRole, LinkScope } from "../SharingLink.ts"
import { partitionOf, type Site } from "../Site.ts"
import { type SpoWorld, siteSetting, tenantSetting } from "../State.ts"
import { areAnyoneLinksOn, areOrganizationLinksOn } from "./effectiveCapability.ts"

/** What the Share dialog preselects: a proposal, which people may change (SPO-058). */
export interface DefaultSharingLink {
  readonly scope: LinkScope
  readonly role: LinkRole
  /** Where the scope comes from. */
  readonly from: "tenant" | "site" | "label"
  /** The preselection asked for more than this place allows (SPO-055). */
  readonly isFallback: boolean
}

interface Wish {
  readonly scope: LinkScope | "widest"
  readonly role: LinkRole
  readonly from: DefaultSharingLink["from"]
}

/** Most restrictive first (SPO-057). */
const byRestriction: readonly LinkScope[] = ["existingAccess", "users", "organization", "anonymous"]

const scopeOfType = {
  None: undefined,
  Direct: "users",
  Internal: "organization",
  AnonymousAccess: "anonymous",
} as const satisfies Record<string, LinkScope | undefined>

const scopeOfSuccessor = {
  Uninitialized: undefined,
  SpecificPeople: "users",
  Organization: "organization",
  Anyone: "anonymous",
} as const satisfies Record<string, LinkScope | undefined>

const roleOfSetting = {
  None: undefined,
  View: "view",
  Edit: "edit",
  Review: "review",
  RestrictedView: "restrictedView",
} as const satisfies Record<string, LinkRole | undefined>

const tenantWish = (world: SpoWorld, site: Site): Wish => {
  const isOneDrive = partitionOf(site.kind) === "OneDrive"
  const scope =
    scopeOfSuccessor[
      tenantSetting(
        world,
        isOneDrive ? "OneDriveDefaultShareLinkScope" : "CoreDefaultShareLinkScope",
      )
    ] ??
    scopeOfType[tenantSetting(world, "DefaultSharingLinkType")] ??
    // None: the widest that is allowed (SPO-051).
    "widest"
  const role =
    roleOfSetting[
      tenantSetting(world, isOneDrive ? "OneDriveDefaultShareLinkRole" : "CoreDefaultShareLinkRole")
    ] ??
    roleOfSetting[tenantSetting(world, "DefaultLinkPermission")] ??
    "edit"
  const isExisting = tenantSetting(
    world,
    isOneDrive ? "OneDriveDefaultLinkToExistingAccess" : "CoreDefaultLinkToExistingAccess",
  )
  return { scope: isExisting ? "existingAccess" : scope, role, from: "tenant" }
}

/** What is set on the site wins over the tenant, part by part (SPO-053). */
const siteWish = (site: Site, inherited: Wish): Wish => {
  const scope =
    scopeOfSuccessor[siteSetting(site, "DefaultShareLinkScope")] ??
    scopeOfType[siteSetting(site, "DefaultSharingLinkType")]
  const role =
    roleOfSetting[siteSetting(site, "DefaultShareLinkRole")] ??
    roleOfSetting[siteSetting(site, "DefaultLinkPermission")] ??
    inherited.role
  if (siteSetting(site, "DefaultLinkToExistingAccess")) {
    return { scope: "existingAccess", role, from: "site" }
  }
  return scope === undefined ? { ...inherited, role } : { scope, role, from: "site" }
}

/** The document's label against the place: the more restrictive scope, with its own permission. */
const labelWish = (place: Wish, label: DefaultSharing, widest: LinkScope): Wish => {
  const scope =
    label.toExistingAccess === true
      ? "existingAccess"
      : label.scope === undefined
        ? undefined
        : scopeOfSuccessor[label.scope]
  const role = label.permission === undefined ? undefined : roleOfSetting[label.permission]
  if (scope === undefined) return { ...place, role: role ?? place.role }
  const placeRank = byRestriction.indexOf(place.scope === "widest" ? widest : place.scope)
  const labelRank = byRestriction.indexOf(scope)
  if (placeRank < labelRank) return place
  if (placeRank > labelRank) return { scope, role: role ?? place.role, from: "label" }
  // Equal scope, different permission: the lesser one.
  return { scope, role: role === "view" ? "view" : place.role, from: "label" }
}

/** Resolves the preselected link of an item (SPO-050 to SPO-057); of the site without one. */
export const defaultSharingLink = (
  world: SpoWorld,
  site: Site,
  item?: DriveItem,
): DefaultSharingLink => {
  const isAnyoneOn = areAnyoneLinksOn(world, site)
  const widest: LinkScope = isAnyoneOn ? "anonymous" : "organization"
  const place = siteWish(site, tenantWish(world, site))
  const labelId = item?.content?.labelId
  // On documents this needs labels enabled for SharePoint (SPO-059).
  const label =
    labelId !== undefined && tenantSetting(world, "EnableAIPIntegration")
      ? defaultSharingOf(world, labelId)
      : undefined
  const wish = label === undefined ? place : labelWish(place, label, widest)
  const wanted = wish.scope === "widest" ? widest : wish.scope
  // Anyone falls back to the organization, not to specific people (SPO-055).
  const afterAnyone = wanted === "anonymous" && !isAnyoneOn ? "organization" : wanted
  const scope =
    afterAnyone === "organization" && !areOrganizationLinksOn(world, site) ? "users" : afterAnyone
  return { scope, role: wish.role, from: wish.from, isFallback: scope !== wanted }
}
