import { addressesOfUser, type DirectoryUser, groupsOf, personOf, userOf } from "@twin/identity"
import type { Actor } from "@twin/kernel"
import type { SpoWorld } from "./State.ts"

/**
 * What somebody is to SharePoint. `ad-hoc` has no directory object: known by address only. Members
 * and guests are told apart by the user type, because that is what the service looks at (SPO-197).
 */
export type VisitorKind = "member" | "guest" | "ad-hoc" | "anonymous"

/** Somebody at the door. */
export interface Visitor {
  readonly kind: VisitorKind
  /** Lower case; empty for somebody without identity. */
  readonly address: string
  /** Every address under which the directory, or else the world, knows this identity. */
  readonly addresses: readonly string[]
  /** Other addresses of the same mailbox, which sign-in does not compare (SPO-115). */
  readonly aliases: readonly string[]
  readonly user?: DirectoryUser
  /** Object ids of all groups, nested ones included. */
  readonly groupIds: ReadonlySet<string>
  /** Lower-case addresses of those groups. */
  readonly groupMails: ReadonlySet<string>
}

const nobody: Visitor = {
  kind: "anonymous",
  address: "",
  addresses: [],
  aliases: [],
  groupIds: new Set(),
  groupMails: new Set(),
}

/** The directory decides what an actor is; only "anonymous" is taken from the actor. */
export const visitorOf = (world: SpoWorld, actor: Pick<Actor, "id" | "kind">): Visitor =>
  actor.kind === "anonymous" ? nobody : visitorByAddress(world, actor.id)

export const visitorByAddress = (world: SpoWorld, who: string): Visitor => {
  const user = userOf(world, who)
  const person = personOf(world, who)
  if (user === undefined) {
    const address = who.trim().toLowerCase()
    return {
      ...nobody,
      kind: "ad-hoc",
      address,
      addresses: [address],
      aliases: person === undefined ? [] : [person.address, ...person.aliases],
    }
  }
  const groups = groupsOf(world, user.id)
  const addresses = addressesOfUser(user)
  return {
    kind: user.userType === "Guest" ? "guest" : "member",
    address: user.mail?.toLowerCase() ?? user.userPrincipalName.toLowerCase(),
    addresses: [...new Set([user.userPrincipalName.toLowerCase(), ...addresses])],
    aliases: person?.aliases ?? [],
    user,
    groupIds: new Set(groups.map(({ id }) => id)),
    groupMails: new Set(groups.flatMap(({ mail }) => mail?.toLowerCase() ?? [])),
  }
}

/** Whether a name in a permission or link means this visitor. */
export const isNamed = (visitor: Visitor, who: string): boolean => {
  const wanted = who.toLowerCase()
  return visitor.addresses.includes(wanted) || visitor.groupMails.has(wanted)
}

/** Guests and people without a directory object are outside; so is whoever shows no identity. */
export const isOutside = (kind: VisitorKind): boolean => kind !== "member"
