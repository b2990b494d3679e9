import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import {
  directoryLimits,
  groupCountOf,
  memberOfGroupIds,
  objectCount,
  objectLimit,
  roleAssignableGroupCount,
} from "../DirectoryLimits.ts"
import { type Group, isDynamic } from "../Group.ts"
import { compiledRuleOf } from "../rules/CompiledRule.ts"
import type { IdentityWorld } from "../State.ts"
import { isLicensed } from "./evaluateReviewDefinition.ts"

/** Something is about to be added to the directory. */
export interface QuotaQuestion {
  readonly world: IdentityWorld
  /** The group that is made, or changed to this; absent for a user or a device. */
  readonly group?: Group
  readonly isNew: boolean
}

interface QuotaFacets {
  readonly isLicensed: boolean
  readonly objects: number
  readonly objectLimit: number
  readonly isNew: boolean
  readonly isDynamic: boolean
  readonly dynamicGroups: number
  readonly isAssignableToRole: boolean
  readonly roleAssignableGroups: number
  readonly owners: number
  readonly hasCreator: boolean
  readonly groupsOfCreator: number
  readonly takesFromGroups: boolean
  readonly memberOfGroups: number
  readonly feedsOnMemberOf: boolean
}

const quotaGate = gate<QuotaFacets>()

const badRequest = (message: string) => ({ code: "Request_BadRequest", message })

const objectQuota = quotaGate({
  name: "directory-quota",
  facts: ["IDN-280"],
  reads: ["objects", "objectLimit", "isNew"],
  check: ({ objects, objectLimit: limit, isNew }) =>
    !isNew || objects < limit
      ? pass("The directory has room for another object.", { objects, limit })
      : deny(
          "The directory is full.",
          { objects, limit },
          {
            code: "Directory_QuotaExceeded",
            message:
              "The directory object quota limit for the Tenant has been exceeded. Please ask your administrator to increase the quota limit or delete objects to reduce the used quota.",
          },
        ),
})

const dynamicGroupLimit = quotaGate({
  name: "dynamic-group-limit",
  facts: ["IDN-193"],
  reads: ["isNew", "isDynamic", "dynamicGroups"],
  check: ({ isNew, isDynamic: isRuled, dynamicGroups }) => {
    const { limit } = directoryLimits.dynamicGroups
    return isNew && isRuled && dynamicGroups >= limit
      ? deny(
          "The tenant has as many dynamic groups as it may have.",
          { dynamicGroups, limit },
          badRequest("Dynamic group policies max allowed groups count reached"),
        )
      : pass("The tenant may have another dynamic group.", { dynamicGroups, limit })
  },
})

const roleAssignableLimit = quotaGate({
  name: "role-assignable-group-limit",
  facts: ["IDN-193"],
  reads: ["isNew", "isAssignableToRole", "roleAssignableGroups"],
  check: ({ isNew, isAssignableToRole, roleAssignableGroups }) => {
    const { limit } = directoryLimits.roleAssignableGroups
    return isNew && isAssignableToRole && roleAssignableGroups >= limit
      ? deny(
          "The tenant has as many groups for roles as it may have.",
          { roleAssignableGroups, limit },
          badRequest("The maximum number of role-assignable groups has been reached."),
        )
      : pass("No limit on groups for roles is in the way.", { roleAssignableGroups, limit })
  },
})

const ownerLimit = quotaGate({
  name: "group-owner-limit",
  facts: ["IDN-193"],
  reads: ["owners"],
  check: ({ owners }) => {
    const { limit } = directoryLimits.groupOwners
    return owners > limit
      ? deny(
          "A group has no more owners than this.",
          { owners, limit },
          badRequest("The maximum number of owners for the group has been reached."),
        )
      : pass("The group may have so many owners.", { owners, limit })
  },
})

const creatorLimit = quotaGate({
  name: "groups-per-creator",
  facts: ["IDN-193"],
  reads: ["isNew", "hasCreator", "groupsOfCreator"],
  check: ({ isNew, hasCreator, groupsOfCreator }) => {
    const { limit } = directoryLimits.groupsPerCreator
    return isNew && hasCreator && groupsOfCreator >= limit
      ? deny(
          "Somebody without a role has made as many groups as allowed.",
          { groupsOfCreator, limit },
          {
            code: "Directory_QuotaExceeded",
            message:
              "The directory object quota limit for the Principal has been exceeded. Please ask your administrator to increase the quota limit or delete objects to reduce the used quota.",
          },
        )
      : pass("The creator may make another group.", { groupsOfCreator, limit })
  },
})

const memberOfLimit = quotaGate({
  name: "member-of-limit",
  facts: ["IDN-213"],
  reads: ["takesFromGroups", "memberOfGroups", "feedsOnMemberOf"],
  check: ({ takesFromGroups, memberOfGroups, feedsOnMemberOf }) => {
    const { limit } = directoryLimits.memberOfGroups
    if (!takesFromGroups) return pass("The group takes no members from other groups.")
    const refusal = badRequest("Dynamic membership rule validation error: Wrong property applied.")
    if (feedsOnMemberOf) {
      return deny(
        "A group that takes its members from groups cannot feed another one.",
        { feedsOnMemberOf },
        refusal,
      )
    }
    return memberOfGroups >= limit
      ? deny(
          "The tenant has as many groups that take members from groups as it may have.",
          { memberOfGroups, limit },
          badRequest("Dynamic group policies max allowed groups count reached"),
        )
      : pass("The group may take its members from these groups.", { memberOfGroups, limit })
  },
})

const premium = quotaGate({
  name: "premium-licence",
  facts: ["IDN-217"],
  reads: ["isDynamic", "isLicensed"],
  check: ({ isDynamic: isRuled, isLicensed: hasLicence }) =>
    !isRuled || hasLicence
      ? pass("The tenant is licensed for this group.", { isDynamic: isRuled })
      : deny(
          "Membership rules need a premium licence for everybody whom they bring in.",
          { isDynamic: isRuled },
          {
            code: "Authorization_RequestDenied",
            message: "Dynamic membership requires a Microsoft Entra ID P1 licence.",
          },
        ),
})

export const quotaGates: GateRules<QuotaFacets> = [
  premium,
  objectQuota,
  dynamicGroupLimit,
  roleAssignableLimit,
  ownerLimit,
  creatorLimit,
  memberOfLimit,
]

/** Whether the limits of the service leave room for this (IDN-193, IDN-213, IDN-280). */
export const evaluateDirectoryQuota = ({ world, group, isNew }: QuotaQuestion): Decision => {
  const sources = (group === undefined ? undefined : compiledRuleOf(group))?.footprint.sources ?? []
  const takers = sources.length === 0 ? [] : memberOfGroupIds(world)
  const others = takers.filter((id) => id !== group?.id)
  const { createdBy } = group ?? {}
  return decideByGates(quotaGates, {
    isLicensed: isLicensed(world, ["P1", "P2", "Governance"]),
    objects: objectCount(world),
    objectLimit: objectLimit(world),
    isNew,
    isDynamic: group !== undefined && isDynamic(group),
    dynamicGroups: world.identity.dynamicGroups.length,
    isAssignableToRole: group?.isAssignableToRole === true,
    roleAssignableGroups: group?.isAssignableToRole === true ? roleAssignableGroupCount(world) : 0,
    owners: group?.owners.length ?? 0,
    hasCreator: createdBy !== undefined,
    groupsOfCreator: createdBy === undefined ? 0 : groupCountOf(world, createdBy),
    takesFromGroups: sources.length > 0,
    memberOfGroups: others.length,
    feedsOnMemberOf:
      sources.some((id) => others.includes(id)) ||
      (group !== undefined &&
        sources.length > 0 &&
        others.some((id) => takesFrom(world, id, group.id))),
  })
}

const takesFrom = (world: IdentityWorld, takerId: string, sourceId: string): boolean => {
  const taker = [...world.identity.groups].find(([id]) => id === takerId)?.[1]
  return taker !== undefined && (compiledRuleOf(taker)?.footprint.sources ?? []).includes(sourceId)
}
