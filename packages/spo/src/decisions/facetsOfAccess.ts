import { createHash } from "node:crypto"
import { conditionalAccessOf, domainOf, groupOf, isEmailOtpOn, signInSubject } from "@twin/identity"
import { type Actor, days, hours } from "@twin/kernel"
import type { BlockAccessScope, DriveItem } from "../DriveItem.ts"
import { nameOf } from "../DriveItem.ts"
import { fileTypeOf } from "../fileTypes.ts"
import {
  authenticationContextOf,
  blockDownloadFileTypes,
  deviceAccessOf,
  isLimitedEditingOn,
  limitedAccessFiles,
} from "../in-force/deviceAccess.ts"
import { siteDomainLimit, tenantDomainLimit, verdictOn } from "../in-force/domainLimit.ts"
import { areOrganizationLinksOn, effectiveCapability } from "../in-force/effectiveCapability.ts"
import { integrationOf, isHitByOldDefect } from "../in-force/integration.ts"
import { networkLocationOf } from "../in-force/networkLocation.ts"
import { heldRole, type Route } from "../Route.ts"
import { isExpired, type SharingLink } from "../SharingLink.ts"
import type { Site } from "../Site.ts"
import {
  type SpoWorld,
  siteGuestOf,
  siteSetting,
  tenantSetting,
  verifiedAddressOf,
} from "../State.ts"
import { type Visitor, visitorByAddress } from "../Visitor.ts"
import type { AccessFacets, FileAction } from "./AccessFacets.ts"

/** One person before one item, with everything that does not depend on the way in. */
export interface AccessQuestion {
  readonly world: SpoWorld
  readonly site: Site
  readonly item: DriveItem
  readonly visitor: Visitor
  readonly action: FileAction
  readonly client: Actor["client"]
  readonly now: number
  readonly password?: string
}

/** The facets of one way in. */
export const facetsOfAccess = (question: AccessQuestion, route: Route): AccessFacets => ({
  ...commonFacets(question),
  ...routeFacets(question, route),
})

const routeFacets = (question: AccessQuestion, route: Route) => {
  const { world, site, now } = question
  return {
    route: route.kind,
    role: route.role,
    naming: route.naming,
    addedAs: route.addedAs ?? "none",
    linkState: linkState(route, now),
    password: passwordState(route.link, question.password),
    canSharerStillShare:
      route.link !== undefined && canStillShare(world, site, question.item, route.link, now),
  } as const satisfies Partial<AccessFacets>
}

const linkState = ({ kind, link }: Route, now: number): AccessFacets["linkState"] => {
  if (kind === "unknown-link") return "unknown"
  if (link === undefined) return "no-link"
  if (link.removedAt !== undefined) return "removed"
  return isExpired(link, now) ? "expired" : "live"
}

/** What is kept of a link's password. */
export const passwordDigest = (linkId: string, password: string): string =>
  createHash("sha256")
    .update(JSON.stringify([linkId, password]))
    .digest("hex")

const passwordState = (
  link: SharingLink | undefined,
  given: string | undefined,
): AccessFacets["password"] => {
  if (link?.passwordDigest === undefined) return "none"
  if (given === undefined) return "missing"
  return passwordDigest(link.id, given) === link.passwordDigest ? "right" : "wrong"
}

/** The maker of a link has left, was disabled, or lost the item: no guest on demand (SPO-111). */
const canStillShare = (
  world: SpoWorld,
  site: Site,
  item: DriveItem,
  link: SharingLink,
  now: number,
): boolean => {
  const visitor = visitorByAddress(world, link.createdBy)
  const role = heldRole({ world, site, item, visitor, now })
  return visitor.user?.accountEnabled === true && (role === "full" || role === "edit")
}

const commonFacets = (question: AccessQuestion) => {
  const { world, site, item, visitor, action, client, now } = question
  const capability = effectiveCapability(world, site)
  const deviceAccess = deviceAccessOf(world, site)
  const integration = integrationOf(world, isEmailOtpOn(world, now), now)
  return {
    action,
    itemState: itemState(site, item),
    itemKind: item.kind,
    fileType: fileTypeOf(nameOf(item)),
    person: visitor.kind,
    codeAccess: isHitByOldDefect(world, visitor.address) ? "code" : integration.forCodeRecipients,
    proof: proofOf(world, visitor, now),
    lockState: siteSetting(site, "LockState"),
    noAccessRedirect: tenantSetting(world, "NoAccessRedirectUrl"),
    level: capability.level,
    levelSetBy: capability.setBy,
    tenantDomain: verdictOn(tenantDomainLimit(world), domainOf(visitor.address)),
    siteDomain: verdictOn(siteDomainLimit(site), domainOf(visitor.address)),
    areOrganizationLinksOn: areOrganizationLinksOn(world, site),
    tracksAnyoneUsers: tenantSetting(world, "AnyoneLinkTrackUsers"),
    network: networkLocationOf(world, client.ipAddress),
    device: client.device,
    isBrowser: isBrowser(client),
    deviceAccess,
    isDeviceAccessEnforced:
      deviceAccess !== "AllowFullAccess" &&
      client.device === "unmanaged" &&
      isEnforcedFor(question),
    bindsAdHoc: tenantSetting(world, "ApplyAppEnforcedRestrictionsToAdHocRecipients"),
    isLimitedEditingOn: isLimitedEditingOn(world, site),
    limitedFiles: limitedAccessFiles(world, site),
    authenticationContext: authenticationContextOf(site),
    restrictedAccess: restrictedAccess(world, site, visitor),
    barriers: barriersFor(world, site, visitor),
    stay: stayOf(world, site, visitor, now),
    scan: scanOf(world, item),
    dlpBlock: dlpBlockOf(item),
    isCloseToFile: isCloseTo(site, item, visitor),
    blockDownloadFileTypes: blockDownloadFileTypes(world, site),
    downloadPolicy: downloadPolicyFor(world, site, visitor),
  } as const satisfies Partial<AccessFacets>
}

const itemState = (site: Site, item: DriveItem): AccessFacets["itemState"] => {
  if (site.recycledAt !== undefined) return "site-recycled"
  return item.recycledAt === undefined ? "present" : "recycled"
}

export const isBrowser = (client: Actor["client"]): boolean =>
  client.app === "browser" || client.app === "office-web" || client.app === "outlook-web"

/** A session that is not kept ends with the browser, at the latest after a day (twin's choice). */
const browserSession = hours(24)

/** Whether an address has been proven by a code, and recently enough (SPO-099). */
const proofOf = (
  world: SpoWorld,
  visitor: Pick<Visitor, "addresses" | "aliases">,
  now: number,
): AccessFacets["proof"] => {
  const proofs = [...visitor.addresses, ...visitor.aliases].flatMap(
    (it) => verifiedAddressOf(world, it) ?? [],
  )
  const latest = proofs.toSorted((a, b) => b.at - a.at)[0]
  if (latest === undefined) return "none"
  const isDue =
    tenantSetting(world, "EmailAttestationRequired") &&
    now - latest.at >= days(tenantSetting(world, "EmailAttestationReAuthDays"))
  if (isDue) return "reauthentication-due"
  return latest.isKept || now - latest.at < browserSession ? "fresh" : "none"
}

/** A policy with "use app enforced restrictions" covers this sign-in (SPO-211). */
const isEnforcedFor = ({ world, visitor, client, now }: AccessQuestion): boolean =>
  conditionalAccessOf(
    signInSubject({
      world,
      address: visitor.address,
      app: "Office 365 SharePoint Online",
      client,
      now,
    }),
  ).policies.some(
    ({ policy, match }) =>
      policy.state === "enabled" &&
      match.applies === "yes" &&
      policy.sessionControls?.applicationEnforcedRestrictions === true,
  )

export const restrictedAccess = (
  world: SpoWorld,
  site: Site,
  visitor: Pick<Visitor, "groupIds">,
): AccessFacets["restrictedAccess"] => {
  if (
    !tenantSetting(world, "EnableRestrictedAccessControl") ||
    !siteSetting(site, "RestrictedAccessControl")
  ) {
    return "off"
  }
  const groups = [
    ...(site.groupId === undefined ? [] : [site.groupId]),
    ...siteSetting(site, "RestrictedAccessControlGroups").flatMap(
      (it) => groupOf(world, it)?.id ?? [],
    ),
  ]
  return groups.some((id) => visitor.groupIds.has(id)) ? "inside" : "outside"
}

export const barriersFor = (
  world: SpoWorld,
  site: Site,
  visitor: Pick<Visitor, "groupIds">,
): AccessFacets["barriers"] => {
  if (tenantSetting(world, "InformationBarriersSuspension")) return "off"
  switch (siteSetting(site, "InformationBarriersMode")) {
    case "Open":
      return "open"
    case "Implicit":
      return site.groupId !== undefined && visitor.groupIds.has(site.groupId)
        ? "group-member"
        : "not-in-group"
    case "OwnerModerated":
    case "Explicit":
    case "Mixed":
      return "segments"
  }
}

const stayOf = (
  world: SpoWorld,
  site: Site,
  visitor: Visitor,
  now: number,
): AccessFacets["stay"] => {
  const stay = visitor.addresses
    .map((it) => siteGuestOf(world, site.url, it))
    .find((it) => it !== undefined)
  if (stay === undefined) return "none"
  if (stay.isRemoved) return "removed"
  return stay.expiresAt !== undefined && now >= stay.expiresAt ? "expired" : "current"
}

const scanOf = (world: SpoWorld, { scan }: DriveItem): AccessFacets["scan"] => {
  if (scan === undefined || !scan.isNewAndSensitive) return "not-sensitive"
  if (tenantSetting(world, "MarkNewFilesSensitiveByDefault") === "AllowExternalSharing") {
    return "not-sensitive"
  }
  if (scan.scannedAt !== undefined) return "scanned"
  return scan.dueAt === undefined ? "never-scanned" : "waiting"
}

const strictestBlock: readonly BlockAccessScope[] = ["All", "PerUser", "PerAnonymousUser"]

/** Several matches: the most restrictive action counts (SPO-204); an override lifts it (SPO-205). */
const dlpBlockOf = ({ scan }: DriveItem): AccessFacets["dlpBlock"] =>
  scan === undefined || scan.isOverridden
    ? "none"
    : (strictestBlock.find((it) => scan.matches.some(({ block }) => block === it)) ?? "none")

const isCloseTo = (site: Site, item: DriveItem, visitor: Visitor): boolean =>
  [item.createdBy, item.modifiedBy, site.owner, ...site.admins].some((it) =>
    visitor.addresses.includes(it),
  )

const downloadPolicyFor = (
  world: SpoWorld,
  site: Site,
  visitor: Visitor,
): AccessFacets["downloadPolicy"] => {
  if (!siteSetting(site, "BlockDownloadPolicy")) return "off"
  const isOwner = [site.owner, ...site.admins].some((it) => visitor.addresses.includes(it))
  const isExemptByGroup = siteSetting(site, "ExcludedBlockDownloadGroupIds").some((it) =>
    visitor.groupIds.has(groupOf(world, it)?.id ?? it),
  )
  if (isExemptByGroup || (isOwner && siteSetting(site, "ExcludeBlockDownloadPolicySiteOwners"))) {
    return "exempt"
  }
  return siteSetting(site, "ReadOnlyForBlockDownloadPolicy") ? "browser-only-read" : "browser-only"
}
