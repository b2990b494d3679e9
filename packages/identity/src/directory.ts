import { isFaultOn, minutes } from "@twin/kernel"
import { HashMap, Option } from "effect"
import { addressOfProxy, domainOf, normalizeAddress } from "./Address.ts"
import { addressesOfUser, type DirectoryUser, isExternalUser } from "./DirectoryUser.ts"
import { type Contact, type Group, heldAt } from "./Group.ts"
import type { Invitation } from "./Invitation.ts"
import type { OneTimeCode } from "./OneTimeCode.ts"
import type { ForeignOrganization, Organization } from "./Organization.ts"
import type { Person } from "./Person.ts"
import { isActiveAt, type RoleAssignment } from "./Role.ts"
import type { Session } from "./Session.ts"
import type { IdentityWorld } from "./State.ts"
import type { UserRisk } from "./UserRisk.ts"

const at = <V>(map: HashMap.HashMap<string, V>, key: string): V | undefined =>
  Option.getOrUndefined(HashMap.get(map, key))

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** This tenant; undefined before it has been set up. */
export const organizationOf = (world: IdentityWorld): Organization | undefined =>
  world.identity.organization

export const foreignOrganizationOf = (
  world: IdentityWorld,
  tenantId: string,
): ForeignOrganization | undefined => at(world.identity.foreignOrganizations, tenantId)

const ownsDomain = (
  organization: Pick<Organization, "initialDomain" | "verifiedDomains">,
  domain: string,
): boolean =>
  organization.initialDomain.toLowerCase() === domain ||
  organization.verifiedDomains.some((it) => it.toLowerCase() === domain)

/** Whether a domain is verified in this tenant. */
export const isOwnDomain = (world: IdentityWorld, domain: string): boolean => {
  const { organization } = world.identity
  return organization !== undefined && ownsDomain(organization, domain.toLowerCase())
}

/** The other organization in which a domain is verified. */
export const foreignOrganizationByDomain = (
  world: IdentityWorld,
  domain: string,
): ForeignOrganization | undefined => {
  const wanted = domain.toLowerCase()
  return HashMap.toValues(world.identity.foreignOrganizations)
    .toSorted((a, b) => compareText(a.tenantId, b.tenantId))
    .find((it) => ownsDomain(it, wanted))
}

/**
 * A user of the directory by object id, principal name (also `#EXT#`), mail or proxy address. A
 * guest is not found by an alias that the directory does not know (IDN-093).
 */
export const userOf = (world: IdentityWorld, idOrName: string): DirectoryUser | undefined => {
  const { users, userIds } = world.identity
  const key = normalizeAddress(idOrName)
  const userId = at(userIds, key) ?? key
  return at(users, userId)
}

/** Every user object, by principal name. */
export const usersOf = (world: IdentityWorld): readonly DirectoryUser[] =>
  HashMap.toValues(world.identity.users).toSorted((a, b) =>
    compareText(a.userPrincipalName.toLowerCase(), b.userPrincipalName.toLowerCase()),
  )

export const deletedUserOf = (
  world: IdentityWorld,
  userId: string,
): { readonly user: DirectoryUser; readonly at: number } | undefined =>
  at(world.identity.deletedUsers, userId)

/**
 * Somebody in the world by address, alias or principal name. A member needs no separate entry: the
 * user object tells everything.
 */
export const personOf = (world: IdentityWorld, address: string): Person | undefined => {
  const { people, aliases, organization } = world.identity
  const key = normalizeAddress(address)
  const known = at(people, at(aliases, key) ?? key)
  if (known !== undefined) return known
  const user = userOf(world, key)
  if (user === undefined) return undefined
  if (isExternalUser(user)) {
    const invited = user.invitedAddress ?? user.mail
    return invited === undefined ? undefined : at(people, at(aliases, invited) ?? invited)
  }
  const primary = normalizeAddress(user.mail ?? user.userPrincipalName)
  return {
    address: primary,
    displayName: user.displayName,
    account: "entra",
    ...(organization === undefined ? {} : { homeTenant: organization.tenantId }),
    aliases: addressesOfUser(user).filter((it) => it !== primary),
    accountEnabled: user.accountEnabled,
    objectId: user.id,
    mfaMethods: user.mfaMethods,
  }
}

/** Everybody who was named in the world, members without an entry of their own left out. */
export const peopleOf = (world: IdentityWorld): readonly Person[] =>
  HashMap.toValues(world.identity.people).toSorted((a, b) => compareText(a.address, b.address))

/** A mail contact by object id or address. */
export const contactOf = (world: IdentityWorld, idOrAddress: string): Contact | undefined => {
  const wanted = normalizeAddress(idOrAddress)
  const byId = at(world.identity.contacts, wanted)
  if (byId !== undefined) return byId
  return HashMap.toValues(world.identity.contacts)
    .toSorted((a, b) => compareText(a.id, b.id))
    .find((it) => normalizeAddress(it.mail) === wanted)
}

/** A group by object id, address, nickname or display name. */
export const groupOf = (world: IdentityWorld, idOrNameOrMail: string): Group | undefined => {
  const { groups, groupIds } = world.identity
  const key = normalizeAddress(idOrNameOrMail)
  return at(groups, at(groupIds, key) ?? key)
}

/** Every group, by display name, then id. */
export const allGroups = (world: IdentityWorld): readonly Group[] =>
  HashMap.toValues(world.identity.groups).toSorted(
    (a, b) => compareText(a.displayName, b.displayName) || compareText(a.id, b.id),
  )

/** Object ids of the direct members, sorted; `asOf` looks back in time. */
export const memberIdsOf = (
  world: IdentityWorld,
  groupId: string,
  asOf?: number,
): readonly string[] => {
  const members = at(world.identity.members, groupId)
  return members === undefined
    ? []
    : HashMap.toEntries(members)
        .filter(([, stretches]) => heldAt(stretches, asOf))
        .map(([id]) => id)
        .toSorted(compareText)
}

/** The groups that hold this object, directly or through nesting (IDN-190). */
export const groupsOfObject = (
  world: IdentityWorld,
  objectId: string,
  asOf?: number,
): readonly Group[] => {
  const found = new Map<string, Group>()
  const waiting = [objectId]
  for (let memberId = waiting.pop(); memberId !== undefined; memberId = waiting.pop()) {
    for (const groupId of at(world.identity.groupsOfMember, memberId) ?? []) {
      const group = at(world.identity.groups, groupId)
      const stretches = Option.getOrElse(
        HashMap.get(world.identity.members, groupId).pipe(
          Option.flatMap((members) => HashMap.get(members, memberId)),
        ),
        () => [],
      )
      if (group === undefined || found.has(groupId) || !heldAt(stretches, asOf)) continue
      found.set(groupId, group)
      waiting.push(groupId)
    }
  }
  return [...found.values()].toSorted(
    (a, b) => compareText(a.displayName, b.displayName) || compareText(a.id, b.id),
  )
}

/** Whether an object is directly in a group now. */
export const isDirectMember = (world: IdentityWorld, groupId: string, memberId: string): boolean =>
  HashMap.get(world.identity.members, groupId).pipe(
    Option.flatMap((members) => HashMap.get(members, memberId)),
    Option.exists((stretches) => heldAt(stretches, undefined)),
  )

/**
 * The groups of a member or guest, nested ones included. `asOf` asks for a moment in the past: the
 * rights service knows memberships only as they were when it cached them (IDN-227).
 */
export const groupsOf = (
  world: IdentityWorld,
  address: string,
  asOf?: number,
): readonly Group[] => {
  const objectId = userOf(world, address)?.id ?? contactOf(world, address)?.id
  return objectId === undefined ? [] : groupsOfObject(world, objectId, asOf)
}

/** Every assignment of a user, active or not, direct or through a role-assignable group. */
export const roleAssignmentsOf = (
  world: IdentityWorld,
  idOrName: string,
): readonly RoleAssignment[] => {
  const user = userOf(world, idOrName)
  if (user === undefined) return []
  const holders = [
    user.id,
    ...groupsOfObject(world, user.id)
      .filter(({ isAssignableToRole }) => isAssignableToRole)
      .map(({ id }) => id),
  ]
  return holders.flatMap((id) => at(world.identity.roles, id) ?? [])
}

/** Names of the roles in force: an eligible role that is not activated is not among them (IDN-247). */
export const rolesOf = (world: IdentityWorld, idOrName: string, now: number): readonly string[] =>
  [
    ...new Set(
      roleAssignmentsOf(world, idOrName)
        .filter((it) => isActiveAt(it, now) && isRoleNoticed(world, idOrName, it, now))
        .map(({ role }) => role),
    ),
  ].toSorted(compareText)

/** How long a new role may take to count, unless its holder signs in again (IDN-246). */
export const roleChangeDelay = minutes(15)

/** Role changes count at once, but while the fault lasts only after the documented time. */
const isRoleNoticed = (
  world: IdentityWorld,
  idOrName: string,
  it: RoleAssignment,
  now: number,
): boolean => {
  if (!isFaultOn(world, "role-change-delayed")) return true
  const since = it.assignment === "eligible" ? (it.activeFrom ?? it.from) : it.from
  const address = personOf(world, idOrName)?.address ?? idOrName
  const signedIn = sessionOf(world, address, now)?.authenticatedAt ?? Number.NEGATIVE_INFINITY
  return now >= since + roleChangeDelay || signedIn > since
}

/** The latest invitation of a guest. */
export const invitationOf = (world: IdentityWorld, userId: string): Invitation | undefined => {
  const invitationId = at(world.identity.invitationOfUser, userId)
  return invitationId === undefined ? undefined : at(world.identity.invitations, invitationId)
}

export const invitationByTicket = (
  world: IdentityWorld,
  ticket: string,
): Invitation | undefined => {
  const invitationId = at(world.identity.tickets, ticket)
  return invitationId === undefined ? undefined : at(world.identity.invitations, invitationId)
}

/** The latest passcode that was sent to an address, as the issuer keeps it. */
export const passcodeOf = (world: IdentityWorld, address: string): OneTimeCode | undefined =>
  at(world.identity.codes, normalizeAddress(address))

/** What somebody has proven to this tenant and can still use. */
export const sessionOf = (
  world: IdentityWorld,
  address: string,
  now: number,
): Session | undefined => {
  const session = at(world.identity.sessions, normalizeAddress(address))
  return session === undefined || (session.expiresAt !== undefined && session.expiresAt <= now)
    ? undefined
    : session
}

/** What the home tenant's risk engine thinks of an account; `none` where it thinks nothing (IDN-167). */
export const userRiskOf = (world: IdentityWorld, address: string): UserRisk["level"] | "none" => {
  const { userRisks } = world.identity
  const key = normalizeAddress(address)
  return Object.hasOwn(userRisks, key) ? (userRisks[key]?.level ?? "none") : "none"
}

/**
 * The addresses under which the rights service knows somebody (IDN-095 to IDN-098): for a work
 * account every proxy address in a verified domain of its tenant, the principal name only where
 * there is none; for any other account the account's own address and nothing else.
 */
export const authorizedAddressesOf = (world: IdentityWorld, address: string): readonly string[] => {
  const user = userOf(world, address)
  if (user !== undefined && !isExternalUser(user)) {
    const proxies = user.proxyAddresses.map(addressOfProxy)
    const usable = proxies.filter((it) => isOwnDomain(world, domainOf(it)))
    return proxies.length === 0 ? [normalizeAddress(user.userPrincipalName)] : usable
  }
  const person = personOf(world, address)
  if (person === undefined) return []
  if (person.account !== "entra") return [person.address]
  const home =
    person.homeTenant === undefined ? undefined : foreignOrganizationOf(world, person.homeTenant)
  return home === undefined
    ? [person.address]
    : [person.address, ...person.aliases].filter((it) => ownsDomain(home, domainOf(it)))
}
