import { domainOf, groupOf } from "@twin/identity"
import { days } from "@twin/kernel"
import type { DriveItem } from "../DriveItem.ts"
import { siteDomainLimit, tenantDomainLimit, verdictOn } from "../in-force/domainLimit.ts"
import { areOrganizationLinksOn, effectiveCapability } from "../in-force/effectiveCapability.ts"
import { anyoneLinkLife, organizationLinkLife } from "../in-force/linkLife.ts"
import { compareRoles, heldRole, type RouteRole, siteRoutes } from "../Route.ts"
import type { LinkRole, LinkScope } from "../SharingLink.ts"
import { partitionOf, type Site } from "../Site.ts"
import { isTenantSettingSet, type SpoWorld, siteSetting, tenantSetting } from "../State.ts"
import { type Visitor, visitorByAddress } from "../Visitor.ts"
import { barriersFor, restrictedAccess } from "./facetsOfAccess.ts"
import type { GroupLimit, RecipientKind, ShareFacets } from "./ShareFacets.ts"

/** What is to be shared, how, by whom. */
export interface ShareQuestion {
  readonly world: SpoWorld
  readonly site: Site
  /** Absent where the site itself is shared. */
  readonly item?: DriveItem
  readonly sharer: Visitor
  readonly scope: LinkScope | "site"
  readonly role: LinkRole
  /** Epoch milliseconds that the sharer asks for. */
  readonly expiresAt?: number
  readonly hasPassword: boolean
  /** Through Graph instead of the dialog. */
  readonly isGraph: boolean
  readonly now: number
}

/** What an address is to the directory at the moment of sharing. */
export const recipientKindOf = (world: SpoWorld, address: string): RecipientKind => {
  const { kind, user } = visitorByAddress(world, address)
  if (user === undefined && groupOf(world, address) !== undefined) return "member"
  return kind === "member" ? "member" : kind === "guest" ? "guest" : "new-guest"
}

/** The facets of one gesture towards one recipient; `undefined`: nobody is named. */
export const facetsOfShare = (question: ShareQuestion, to: string | undefined): ShareFacets => {
  const { world, site, item, sharer, scope, role, hasPassword, isGraph } = question
  const capability = effectiveCapability(world, site)
  const domain = to === undefined ? "" : domainOf(to)
  const held = heldFor(question)
  return {
    caller: sharer.kind,
    what: item === undefined ? "site" : item.kind,
    itemState:
      site.recycledAt !== undefined
        ? "site-recycled"
        : item?.recycledAt === undefined
          ? "present"
          : "recycled",
    lockState: siteSetting(site, "LockState"),
    heldRole: held,
    isOneDrive: site.kind === "OneDrive",
    ownsItem: item !== undefined && sharer.addresses.includes(item.createdBy),
    membersCanShare: siteSetting(site, "MembersCanShare"),
    odbMembersCanShare: tenantSetting(world, "ODBMembersCanShare"),
    areAccessRequestsOn:
      site.kind !== "OneDrive" || tenantSetting(world, "ODBAccessRequests") !== "Off",
    isResharingPrevented: tenantSetting(world, "PreventExternalUsersFromResharing"),
    barriers: barriersFor(world, site, sharer),
    scope,
    recipient: to === undefined ? "none" : recipientKindOf(world, to),
    level: capability.level,
    levelSetBy: capability.setBy,
    isSharedChannel: site.kind === "ChannelShared",
    areOrganizationLinksOn: areOrganizationLinksOn(world, site),
    errorUrl: tenantSetting(world, "CustomizedExternalSharingServiceUrl"),
    ...groupFacets(world, sharer),
    tenantDomain: verdictOn(tenantDomainLimit(world), domain),
    siteDomain: verdictOn(siteDomainLimit(site), domain),
    restrictedAccess: restrictedSharing(world, site, to),
    role,
    anyoneRoleCap: tenantSetting(
      world,
      item?.kind === "folder" ? "FolderAnonymousLinkType" : "FileAnonymousLinkType",
    ),
    areRequestLinksOn: areRequestLinksOn(world, site),
    hasPassword,
    isGraph,
    ...expiryFacets(question),
  }
}

const heldFor = ({ world, site, item, sharer, now }: ShareQuestion): RouteRole =>
  item === undefined
    ? (siteRoutes(world, site, sharer)
        .map(({ role }) => role)
        .toSorted(compareRoles)[0] ?? "none")
    : heldRole({ world, site, item, visitor: sharer, now })

const groupFacets = (
  world: SpoWorld,
  sharer: Visitor,
): Pick<ShareFacets, "groupLimit" | "hasAnyoneList"> => {
  const anyone = tenantSetting(world, "WhoCanShareAnonymousAllowList")
  const guests = tenantSetting(world, "WhoCanShareAuthenticatedGuestAllowList")
  const isIn = (list: readonly string[]): boolean =>
    list.some((it) => sharer.groupIds.has(groupOf(world, it)?.id ?? it))
  const groupLimit: GroupLimit =
    anyone.length === 0 && guests.length === 0
      ? "no-list"
      : isIn(anyone)
        ? "in-anyone-list"
        : isIn(guests)
          ? "in-guest-list"
          : "in-no-list"
  return { groupLimit, hasAnyoneList: anyone.length > 0 }
}

const restrictedSharing = (
  world: SpoWorld,
  site: Site,
  to: string | undefined,
): ShareFacets["restrictedAccess"] => {
  if (to === undefined) return "off"
  const state = restrictedAccess(world, site, visitorByAddress(world, to))
  if (state === "off") return "off"
  if (tenantSetting(world, "AllowSharingOutsideRestrictedAccessControlGroups"))
    return "sharing-free"
  return state === "inside" ? "recipient-inside" : "recipient-outside"
}

/** Untouched, requesting files is offered in a OneDrive only (SPO-016). */
const areRequestLinksOn = (world: SpoWorld, site: Site): boolean => {
  // A site's own word counts first.
  if (Object.hasOwn(site.requested, "RequestFilesLinkEnabled")) {
    return siteSetting(site, "RequestFilesLinkEnabled")
  }
  const isOneDrive = partitionOf(site.kind) === "OneDrive"
  const name = isOneDrive ? "OneDriveRequestFilesLinkEnabled" : "CoreRequestFilesLinkEnabled"
  return isTenantSettingSet(world, name) ? tenantSetting(world, name) : isOneDrive
}

const expiryFacets = ({
  world,
  site,
  scope,
  expiresAt,
  now,
}: ShareQuestion): Pick<ShareFacets, "expiry" | "maxDays"> => {
  const life =
    scope === "anonymous"
      ? anyoneLinkLife(world, site)
      : scope === "organization"
        ? organizationLinkLife(world, site)
        : undefined
  const maxDays = life?.maxDays ?? 0
  if (expiresAt === undefined) return { expiry: "none", maxDays }
  if (expiresAt <= now) return { expiry: "past", maxDays }
  return {
    expiry: maxDays > 0 && expiresAt > now + days(maxDays) ? "beyond-maximum" : "ahead",
    maxDays,
  }
}
