import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { HashMap } from "effect"
import { roleAssignmentsOf, userOf } from "../directory.ts"
import { resourceNotFound } from "../graphRefusals.ts"
import { isActiveAt, roleNameOf, roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"

interface RoleChangeFacets {
  readonly isUserKnown: boolean
  readonly isRoleKnown: boolean
  readonly change: "assign" | "remove"
  readonly isHeld: boolean
  readonly isLastOfItsKind: boolean
}

const roleGate = gate<RoleChangeFacets>()

const bothKnown = roleGate({
  name: "role-assignment",
  facts: ["IDN-242", "IDN-250"],
  reads: ["isUserKnown", "isRoleKnown"],
  check: ({ isUserKnown, isRoleKnown }) =>
    isUserKnown && isRoleKnown
      ? pass("The user and the role are known; guests may hold roles, too.")
      : deny(
          "The user or the role is not known.",
          { isUserKnown, isRoleKnown },
          resourceNotFound(),
        ),
})

const changesSomething = roleGate({
  name: "role-held",
  facts: ["IDN-247"],
  reads: ["change", "isHeld"],
  check: ({ change, isHeld }) =>
    (change === "remove") === isHeld
      ? pass("The assignment changes by this.", { isHeld })
      : deny(
          "The assignment is already as it should be.",
          { isHeld },
          {
            code: isHeld ? "RoleAssignmentExists" : "RoleAssignmentDoesNotExist",
            message: isHeld
              ? "The Role assignment already exists."
              : "The Role assignment does not exist.",
          },
        ),
})

const lastOne = roleGate({
  name: "role-last-holder",
  facts: ["IDN-249"],
  reads: ["change", "isLastOfItsKind"],
  check: ({ change, isLastOfItsKind }) =>
    change === "remove" && isLastOfItsKind
      ? deny(
          "Nobody would hold this role any more.",
          { isLastOfItsKind },
          {
            code: "RoleAssignmentRequestPolicyValidationFailed",
            message: "The last active assignment of this role cannot be removed.",
          },
        )
      : pass("Somebody holds the role afterwards, or nobody has to."),
})

const gates: GateRules<RoleChangeFacets> = [bothKnown, changesSomething, lastOne]

const kept: readonly string[] = [roles.globalAdministrator, roles.privilegedRoleAdministrator]

const holdersOf = (world: IdentityWorld, role: string, now: number): number =>
  HashMap.toValues(world.identity.roles).filter((held) =>
    held.some((it) => it.role === role && it.assignment === "active" && isActiveAt(it, now)),
  ).length

/** Whether a role may be assigned to somebody, or taken away again. */
export const evaluateRoleChange = (question: {
  readonly world: IdentityWorld
  readonly now: number
  readonly change: "assign" | "remove"
  readonly user: string
  readonly role: string
  readonly assignment: "active" | "eligible"
}): Decision => {
  const { world, now, change, user, assignment } = question
  const role = roleNameOf(question.role) ?? question.role
  const held = roleAssignmentsOf(world, user).filter((it) => it.role === role)
  return decideByGates(gates, {
    isUserKnown: userOf(world, user) !== undefined,
    isRoleKnown: roleNameOf(question.role) !== undefined,
    change,
    isHeld: held.some((it) => it.assignment === assignment),
    isLastOfItsKind:
      kept.includes(role) &&
      held.some((it) => it.assignment === "active") &&
      holdersOf(world, role, now) <= 1,
  })
}
