import {
  authorizedAddressesOf,
  domainOf,
  foreignOrganizationByDomain,
  isExternalUser,
  isOwnDomain,
  personOf,
  userOf,
} from "@twin/identity"
import { kindOfWho } from "./Grant.ts"
import { groupAddressesOf } from "./membership.ts"
import type { MipWorld } from "./State.ts"
import { delegatedMailboxesOf } from "./sharedMailbox.ts"

/** Through what a grant can reach somebody. */
export type GrantMatch =
  | "named"
  | "shared-mailbox"
  | "group"
  | "organization"
  | "domain"
  | "any-authenticated"

/** Who asks, and how: everything that decides whether a grant is theirs. */
export interface GrantSeeker {
  readonly world: MipWorld
  readonly address: string
  readonly now: number
  /** The reader is in the message encryption portal. */
  readonly isPortal: boolean
  /** The address itself was proven, e.g. by a passcode: it counts although it may be an alias. */
  readonly isAddressProven?: boolean
  /** The software opens what was sent to a shared mailbox for those assigned to it (MIP-171). */
  readonly opensSharedMailbox?: boolean
}

/**
 * Tells for each identity in a policy whether it is this person, and how. What does not depend on the
 * identity is looked up once, because a policy can name hundreds.
 */
export const grantMatcher = (seeker: GrantSeeker): ((who: string) => GrantMatch | undefined) => {
  const { world, address, now, isPortal, isAddressProven = false } = seeker
  const isKnown = personOf(world, address) !== undefined || userOf(world, address) !== undefined
  const addresses = new Set(addressesFor(world, address))
  if (isAddressProven) addresses.add(address.trim().toLowerCase())
  const groups = new Set(groupAddressesOf(world, address, now))
  const shared = new Set(
    seeker.opensSharedMailbox === true ? delegatedMailboxesOf(world, address) : [],
  )
  return (who) => {
    switch (kindOfWho(who)) {
      case "authenticated-users":
        return isKnown ? "any-authenticated" : undefined
      case "address":
        if (addresses.has(who)) return "named"
        if (shared.has(who)) return "shared-mailbox"
        return groups.has(who) ? "group" : undefined
      case "domain":
        return domainMatch(seeker, who, isPortal)
      case "owner":
        return undefined
    }
  }
}

/** A principal name in a domain that is not verified never matches (MIP-036). */
const addressesFor = (world: MipWorld, address: string): readonly string[] => {
  const user = userOf(world, address)
  const known = authorizedAddressesOf(world, address)
  return user !== undefined && !isExternalUser(user)
    ? known.filter((it) => isOwnDomain(world, domainOf(it)))
    : known
}

/** A domain stands for the whole tenant that owns it, without that tenant's guests (MIP-044). */
const domainMatch = (
  { world, address }: GrantSeeker,
  domain: string,
  isPortal: boolean,
): GrantMatch | undefined => {
  if (isOwnDomain(world, domain)) {
    return userOf(world, address)?.userType === "Member" ? "organization" : undefined
  }
  const person = personOf(world, address)
  if (person === undefined) return undefined
  const owner = foreignOrganizationByDomain(world, domain)
  if (owner !== undefined) {
    return person.account === "entra" && person.homeTenant === owner.tenantId ? "domain" : undefined
  }
  return isPortal && isConsumerDomain(domain) && domainOf(person.address) === domain
    ? "domain"
    : undefined
}

/** Providers of personal mail: as a domain they count in the portal only (MIP-045). */
export const isConsumerDomain = (domain: string): boolean => consumerDomains.has(domain)

const consumerDomains: ReadonlySet<string> = new Set([
  "gmail.com",
  "googlemail.com",
  "yahoo.com",
  "outlook.com",
  "hotmail.com",
  "live.com",
  "msn.com",
])
