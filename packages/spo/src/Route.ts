import { groupOf, siteGroups, siteRolesOf } from "@twin/identity"
import type { DriveItem } from "./DriveItem.ts"
import type { LinkMember, LinkRole, SharingLink } from "./SharingLink.ts"
import { isExpired } from "./SharingLink.ts"
import type { PermissionLevel, Site, SiteAssignment } from "./Site.ts"
import { lineageOf, linkOf, linksOfItem, type SpoWorld } from "./State.ts"
import { isNamed, type Visitor } from "./Visitor.ts"

/** How somebody may have come to an item: access is the union of all of them (SPO-303). */
export type RouteKind =
  | "site-admin"
  | "site-permission"
  | "group"
  | "everyone-except-external-users"
  | "direct-grant"
  | "users-link"
  | "organization-link"
  | "anonymous-link"
  | "existing-access-link"
  | "unknown-link"
  | "none"

export type RouteRole = LinkRole | "full" | "viewOnly" | "none"

/** One way in, as it stands in permissions and links; whether it is open, the gates say. */
export interface Route {
  readonly kind: RouteKind
  readonly role: RouteRole
  readonly link?: SharingLink
  /** What the visitor was to the directory when the link was made. */
  readonly addedAs?: LinkMember["addedAs"]
  /** The visitor is named, is named by an alias, or is not named at all. */
  readonly naming: "named" | "by-alias" | "not-named"
}

const roleOfLevel: Readonly<Record<PermissionLevel, RouteRole>> = {
  "Full Control": "full",
  Edit: "edit",
  Contribute: "edit",
  Read: "view",
  "View Only": "viewOnly",
}

const rank: Readonly<Record<RouteRole, number>> = {
  full: 6,
  edit: 5,
  review: 4,
  view: 3,
  viewOnly: 2,
  restrictedView: 2,
  createOnly: 1,
  none: 0,
}

/** The stronger roles first: the first route that allows is then also the one that grants most. */
export const compareRoles = (a: RouteRole, b: RouteRole): number => rank[b] - rank[a]

const assignmentKind = { person: "site-permission", group: "group" } as const

const viaAssignment = (visitor: Visitor, it: SiteAssignment): readonly Route[] => {
  const role = roleOfLevel[it.level]
  switch (it.kind) {
    case "person":
      return visitor.addresses.includes(it.principal.toLowerCase())
        ? [{ kind: assignmentKind.person, role, naming: "named" }]
        : []
    case "group":
      return visitor.groupIds.has(it.principal)
        ? [{ kind: assignmentKind.group, role, naming: "named" }]
        : []
    case "everyone-except-external-users":
      return visitor.kind === "member" ? [{ kind: it.kind, role, naming: "named" }] : []
  }
}

/** Members of the connected group edit, its owners own; a public group admits all members (SPO-234). */
const viaConnectedGroup = (world: SpoWorld, site: Site, visitor: Visitor): readonly Route[] => {
  const group = site.groupId === undefined ? undefined : groupOf(world, site.groupId)
  if (group === undefined) return []
  const isOwner = visitor.user !== undefined && group.owners.includes(visitor.user.id)
  const isPublic = (site.privacy ?? group.visibility) === "Public"
  return [
    ...(isOwner ? [{ kind: "group", role: "full", naming: "named" } as const] : []),
    ...(visitor.groupIds.has(group.id)
      ? [{ kind: "group", role: "edit", naming: "named" } as const]
      : []),
    ...(isPublic && visitor.kind === "member"
      ? [{ kind: "everyone-except-external-users", role: "edit", naming: "named" } as const]
      : []),
  ]
}

const roleOfSiteGroup: Readonly<Record<string, RouteRole>> = {
  [siteGroups.owners]: "full",
  [siteGroups.members]: "edit",
  [siteGroups.visitors]: "view",
}

/** A package puts people into a group of the site for as long as they have it (IDN-240). */
const viaPackages = (world: SpoWorld, site: Site, visitor: Visitor): readonly Route[] =>
  visitor.user === undefined
    ? []
    : siteRolesOf(world, visitor.user.id)
        .filter(({ id }) => id === site.url)
        .map(({ role }) => ({
          kind: assignmentKind.person,
          role: roleOfSiteGroup[role] ?? "none",
          naming: "named",
        }))

/** Routes to the whole site. SharePoint and global administrators have none by their role (SPO-233). */
export const siteRoutes = (world: SpoWorld, site: Site, visitor: Visitor): readonly Route[] => {
  const isAdmin = [site.owner, ...site.admins].some((it) => visitor.addresses.includes(it))
  return [
    ...(isAdmin ? [{ kind: "site-admin", role: "full", naming: "named" } as const] : []),
    ...viaConnectedGroup(world, site, visitor),
    ...site.assignments.flatMap((it) => viaAssignment(visitor, it)),
    ...viaPackages(world, site, visitor),
  ]
}

const kindOfScope = {
  users: "users-link",
  organization: "organization-link",
  anonymous: "anonymous-link",
  existingAccess: "existing-access-link",
} as const

/** A link as a route; undefined where the visitor neither presents it nor stands in it. */
const viaLink = (visitor: Visitor, link: SharingLink, isPresented: boolean): Route | undefined => {
  const kind = kindOfScope[link.scope]
  const route = { kind, role: link.role, link } as const
  const holdsUrl = isPresented || link.sentTo.some((it) => visitor.addresses.includes(it))
  switch (link.scope) {
    case "users": {
      const named = link.members.find((it) => isNamed(visitor, it.address))
      const alias = link.members.find((it) => visitor.aliases.includes(it.address))
      if (named !== undefined) return { ...route, naming: "named", addedAs: named.addedAs }
      if (alias !== undefined) return { ...route, naming: "by-alias", addedAs: alias.addedAs }
      return holdsUrl ? { ...route, naming: "not-named" } : undefined
    }
    case "organization": {
      // Nobody has access by the link's existence; redeeming it grants (SPO-022).
      const hasRedeemed = link.redeemedBy.some((it) => visitor.addresses.includes(it))
      return holdsUrl || hasRedeemed ? { ...route, naming: "not-named" } : undefined
    }
    case "anonymous":
      return holdsUrl ? { ...route, naming: "not-named" } : undefined
    case "existingAccess":
      return undefined
  }
}

export interface RouteRequest {
  readonly world: SpoWorld
  readonly site: Site
  readonly item: DriveItem
  readonly visitor: Visitor
  /** The link by which the visitor comes, if by one. */
  readonly token?: string
}

/**
 * All ways in, strongest role first. A presented link that does not exist shows as `unknown-link`;
 * nobody without any way has the one route `none`.
 */
export const routesTo = (request: RouteRequest): readonly [Route, ...Route[]] => {
  const { world, site, item, visitor, token } = request
  const presented = token === undefined ? undefined : linkOf(world, token)
  const lineage = lineageOf(world, item)
  const isForThis = presented !== undefined && lineage.some(({ id }) => id === presented.itemId)
  const links = lineage.flatMap(({ id }) => linksOfItem(world, id))
  const found: Route[] = [
    ...siteRoutes(world, site, visitor),
    ...lineage.flatMap(({ grants }) =>
      grants
        .filter(({ address }) => isNamed(visitor, address))
        .map(({ role }) => ({ kind: "direct-grant", role, naming: "named" }) as const),
    ),
    ...links.flatMap((it) => viaLink(visitor, it, it.id === presented?.id) ?? []),
    ...(token !== undefined && !isForThis
      ? [{ kind: "unknown-link", role: "none", naming: "not-named" } as const]
      : []),
  ]
  const [first, ...rest] = found.toSorted((a, b) => compareRoles(a.role, b.role))
  return first === undefined
    ? [{ kind: "none", role: "none", naming: "not-named" }]
    : [first, ...rest]
}

/** The role somebody holds by what is written down, before any gate is asked: for sharing on. */
export const heldRole = (request: RouteRequest & { readonly now: number }): RouteRole =>
  routesTo(request).find(
    ({ link, naming, kind }) =>
      link === undefined ||
      (link.removedAt === undefined &&
        !isExpired(link, request.now) &&
        (kind === "users-link" ? naming === "named" : kind !== "anonymous-link")),
  )?.role ?? "none"
