import { HashMap } from "effect"
import { isDynamic } from "./Group.ts"
import { compiledRuleOf } from "./rules/CompiledRule.ts"
import type { IdentityWorld } from "./State.ts"

/** What the service sets a bound to, and how much of it there may be (IDN-193, IDN-213, IDN-280). */
export const directoryLimits = {
  dynamicGroups: { limit: 15_000, facts: ["IDN-193"] },
  roleAssignableGroups: { limit: 500, facts: ["IDN-193"] },
  groupOwners: { limit: 100, facts: ["IDN-193"] },
  groupsPerCreator: { limit: 250, facts: ["IDN-193"] },
  memberOfGroups: { limit: 500, facts: ["IDN-213"] },
  objects: { limit: 50_000, facts: ["IDN-280"] },
  objectsWithVerifiedDomain: { limit: 300_000, facts: ["IDN-280"] },
  managedDomains: { limit: 5_000, facts: ["IDN-280"] },
  termsOfUse: { limit: 40, facts: ["IDN-280"] },
  tenantsPerUser: { limit: 500, facts: ["IDN-280"] },
  securityGroupsPerUser: { limit: 2_049, facts: ["IDN-193"] },
} as const
export type DirectoryLimit = keyof typeof directoryLimits

/** Objects that count: users, groups, devices and contacts, deleted users for a quarter each. */
export const objectCount = (world: IdentityWorld): number => {
  const { users, groups, devices, contacts, deletedUsers } = world.identity
  return (
    HashMap.size(users) +
    HashMap.size(groups) +
    HashMap.size(devices) +
    HashMap.size(contacts) +
    Math.floor(HashMap.size(deletedUsers) / 4)
  )
}

/** The quota of a directory: larger once a domain of its own is verified (IDN-280). */
export const objectLimit = (world: IdentityWorld): number => {
  const { organization } = world.identity
  const hasOwn = organization?.verifiedDomains.some(
    (it) => it.toLowerCase() !== organization.initialDomain.toLowerCase(),
  )
  return hasOwn === true
    ? directoryLimits.objectsWithVerifiedDomain.limit
    : directoryLimits.objects.limit
}

export const roleAssignableGroupCount = (world: IdentityWorld): number => {
  let count = 0
  for (const it of HashMap.values(world.identity.groups)) if (it.isAssignableToRole) count += 1
  return count
}

/** How many groups somebody without a role has made (IDN-193). */
export const groupCountOf = (world: IdentityWorld, creatorId: string): number => {
  let count = 0
  for (const it of HashMap.values(world.identity.groups)) if (it.createdBy === creatorId) count += 1
  return count
}

/** Groups that take their members from other groups (IDN-213). */
export const memberOfGroupIds = (world: IdentityWorld): readonly string[] =>
  [...HashMap.values(world.identity.groups)]
    .filter((it) => isDynamic(it) && (compiledRuleOf(it)?.footprint.sources.length ?? 0) > 0)
    .map(({ id }) => id)
    .toSorted()
