import { addressesOfGroup, domainOf, groupOf, groupsOf, isOwnDomain, userOf } from "@twin/identity"
import { hours } from "@twin/kernel"
import { canonicalAddress } from "./identityClass.ts"
import { cachedMembershipOf, type MipWorld } from "./State.ts"
import { membershipCacheHours } from "./UseLicenceRecord.ts"

/**
 * Object ids of the groups the service takes somebody to be in: what it remembers for up to three
 * hours, otherwise the directory (MIP-040). Mail contacts are in no group here (MIP-039).
 */
export const groupIdsOf = (world: MipWorld, address: string, now: number): readonly string[] => {
  const cached = cachedMembershipOf(world, canonicalAddress(world, address))
  if (cached !== undefined && now - cached.at < hours(membershipCacheHours)) return cached.groups
  if (userOf(world, address) === undefined) return []
  return groupsOf(world, address).map(({ id }) => id)
}

/** Whether what the service remembers of somebody's groups is still believed. */
export const isMembershipCached = (world: MipWorld, address: string, now: number): boolean => {
  const cached = cachedMembershipOf(world, canonicalAddress(world, address))
  return cached !== undefined && now - cached.at < hours(membershipCacheHours)
}

/**
 * Addresses of these groups by which rights can name them: only mail-enabled groups with an address
 * in a verified domain are accepted (MIP-038).
 */
export const groupAddressesOf = (
  world: MipWorld,
  address: string,
  now: number,
): readonly string[] =>
  groupIdsOf(world, address, now).flatMap((id) => {
    const group = groupOf(world, id)
    return group?.mailEnabled === true
      ? addressesOfGroup(group).filter((it) => isOwnDomain(world, domainOf(it)))
      : []
  })
