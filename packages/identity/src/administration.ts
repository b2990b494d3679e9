import { HashMap, Option } from "effect"
import type { AdministrativeUnit, ScopedRole } from "./AdministrativeUnit.ts"
import { groupOf, groupsOfObject, userOf } from "./directory.ts"
import { usersMatching } from "./dynamicMembership.ts"
import { assignedGroup } from "./Group.ts"
import type { IdentityWorld } from "./State.ts"

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Every unit, by name, then id. */
export const unitsOf = (world: IdentityWorld): readonly AdministrativeUnit[] =>
  HashMap.toValues(world.identity.administration.units).toSorted(
    (a, b) => byText(a.displayName, b.displayName) || byText(a.id, b.id),
  )

export const unitOf = (world: IdentityWorld, idOrName: string): AdministrativeUnit | undefined =>
  Option.getOrUndefined(HashMap.get(world.identity.administration.units, idOrName)) ??
  unitsOf(world).find(({ displayName }) => displayName.toLowerCase() === idOrName.toLowerCase())

const isThere = (world: IdentityWorld, objectId: string): boolean =>
  userOf(world, objectId) !== undefined ||
  groupOf(world, objectId) !== undefined ||
  HashMap.has(world.identity.devices, objectId)

/** Object ids of what is in a unit now: as somebody put it there, or as its rule says at this moment. */
export const unitMemberIds = (
  world: IdentityWorld,
  unit: AdministrativeUnit,
  now: number,
): readonly string[] => {
  const { membershipRule } = unit
  if (membershipRule === undefined) return unit.memberIds.filter((it) => isThere(world, it))
  const asGroup = assignedGroup({
    id: unit.id,
    displayName: unit.displayName,
    groupTypes: ["DynamicMembership"],
    membershipRule,
  })
  return usersMatching(world, asGroup, now)
}

/** The units that hold an object itself; being in a group of the unit is not enough. */
export const unitsOfObject = (
  world: IdentityWorld,
  objectId: string,
  now: number,
): readonly AdministrativeUnit[] =>
  unitsOf(world).filter((unit) => unitMemberIds(world, unit, now).includes(objectId))

/** The roles that somebody holds over units, by oneself or through a group that holds roles. */
export const scopedRolesOf = (world: IdentityWorld, idOrName: string): readonly ScopedRole[] => {
  const user = userOf(world, idOrName)
  const { scopedRoles } = world.identity.administration
  if (user === undefined || scopedRoles.length === 0) return []
  const holders = [
    user.id,
    ...groupsOfObject(world, user.id)
      .filter(({ isAssignableToRole }) => isAssignableToRole)
      .map(({ id }) => id),
  ]
  return scopedRoles.filter(({ principalId }) => holders.includes(principalId))
}
