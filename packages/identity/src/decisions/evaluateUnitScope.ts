import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import { scopedRolesOf, unitsOf, unitsOfObject } from "../administration.ts"
import type { IdentityWorld } from "../State.ts"

interface UnitScopeFacets {
  readonly unit: string
  readonly restrictedUnit: string
  readonly rolesOverUnit: string
  readonly rolesOverRestricted: string
}

const scopeGate = gate<UnitScopeFacets>()

const restricted = scopeGate({
  name: "restricted-management",
  facts: ["IDN-242"],
  reads: ["restrictedUnit", "rolesOverRestricted"],
  check: ({ restrictedUnit, rolesOverRestricted }) => {
    const details = { restrictedUnit, rolesOverRestricted }
    if (restrictedUnit === "") return pass("No restricted unit holds the object.", details)
    return rolesOverRestricted === ""
      ? deny(
          "A restricted unit holds the object: only administrators of that unit change it, whatever other roles there are.",
          details,
          {
            code: "Authorization_RequestDenied",
            message:
              "Insufficient privileges to complete the operation. Target object is a member of a restricted management administrative unit and can only be modified by administrators scoped to that administrative unit.",
          },
        )
      : pass("The actor has a role over the restricted unit that holds the object.", details)
  },
})

const covered = scopeGate({
  name: "administrative-unit",
  facts: ["IDN-242"],
  reads: ["unit", "rolesOverUnit"],
  check: ({ unit, rolesOverUnit }) =>
    rolesOverUnit === ""
      ? pass("The actor has no role over a unit that holds the object.", { unit })
      : pass("The actor has a role over a unit that holds the object.", { unit, rolesOverUnit }),
})

const gates: GateRules<UnitScopeFacets> = [restricted, covered]

/**
 * With which roles an actor stands before one object: those of the whole tenant, and those over units
 * that hold the object itself. Where a unit is restricted, those over that unit alone.
 */
export const rolesTowards = (
  world: IdentityWorld,
  {
    actor,
    objectId,
    now,
  }: { readonly actor: Actor; readonly objectId: string; readonly now: number },
): { readonly roles: readonly string[]; readonly decision: Decision | undefined } => {
  if (unitsOf(world).length === 0) return { roles: actor.roles, decision: undefined }
  const units = unitsOfObject(world, objectId, now)
  const scoped = scopedRolesOf(world, actor.id)
  if (units.length === 0 && scoped.length === 0) return { roles: actor.roles, decision: undefined }
  const rolesOver = (only: typeof units): readonly string[] => [
    ...new Set(
      scoped.filter(({ unitId }) => only.some(({ id }) => id === unitId)).map(({ role }) => role),
    ),
  ]
  const closed = units.filter((it) => it.isMemberManagementRestricted)
  const over = rolesOver(units)
  const overClosed = rolesOver(closed)
  return {
    roles: closed.length > 0 ? overClosed : [...new Set([...actor.roles, ...over])],
    decision: decideByGates(gates, {
      unit: units.map(({ displayName }) => displayName).join(", "),
      restrictedUnit: closed.map(({ displayName }) => displayName).join(", "),
      rolesOverUnit: over.join(", "),
      rolesOverRestricted: overClosed.join(", "),
    }),
  }
}
