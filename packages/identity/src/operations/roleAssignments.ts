import {
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { HashMap, Schema } from "effect"
import { unitOf } from "../administration.ts"
import { evaluateRoleChange } from "../decisions/evaluateRoleChange.ts"
import { groupOf, userOf } from "../directory.ts"
import { requestDenied, resourceNotFound } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roleNameOf, roles, templateIdOf } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { unitAdministrators } from "./administrativeUnits.ts"
import { auditLine } from "./auditLine.ts"
import { graphCmdlet } from "./graphCmdlet.ts"

/** Roles that can be limited to a unit, of those the twin knows (Learn, roles with unit scope). */
const scopable: readonly string[] = [
  roles.groupsAdministrator,
  roles.helpdeskAdministrator,
  roles.sharePointAdministrator,
  roles.userAdministrator,
]

const wholeTenant = "/"
const unitPrefix = "/administrativeUnits/"

/** An assignment as the request means it. */
interface Wish {
  readonly principalId: string | undefined
  readonly role: string | undefined
  readonly unitId: string | undefined
  readonly isWhole: boolean
}

const wishIn = (
  world: IdentityWorld,
  given: { readonly principal: string; readonly role: string; readonly scope: string },
): Wish => {
  const group = groupOf(world, given.principal)
  const unitName = given.scope.startsWith(unitPrefix) ? given.scope.slice(unitPrefix.length) : ""
  return {
    principalId:
      userOf(world, given.principal)?.id ??
      (group?.isAssignableToRole === true ? group.id : undefined),
    role: roleNameOf(given.role),
    unitId: unitName === "" ? undefined : unitOf(world, unitName)?.id,
    isWhole: given.scope === wholeTenant,
  }
}

interface ScopedFacets {
  readonly missing: string
  readonly role: string
  readonly isScopable: boolean
  readonly isHeld: boolean
  readonly wants: "assign" | "remove"
}

const scopedGate = gate<ScopedFacets>()

const allKnown = scopedGate({
  name: "scoped-role-known",
  facts: ["IDN-242"],
  reads: ["missing"],
  check: ({ missing }) =>
    missing === ""
      ? pass("The principal, the role and the scope are known.")
      : deny(
          "The request names something that the directory does not have.",
          { missing },
          resourceNotFound(),
        ),
})

const roleScopable = scopedGate({
  name: "scoped-role-allowed",
  facts: ["IDN-242"],
  reads: ["role", "isScopable"],
  check: ({ role, isScopable }) =>
    isScopable
      ? pass("The role can be limited to an administrative unit.", { role })
      : deny(
          "The role cannot be limited to an administrative unit.",
          { role },
          {
            code: "Request_BadRequest",
            message: "The role definition cannot be assigned at administrative unit scope.",
          },
        ),
})

const changesSomething = scopedGate({
  name: "scoped-role-held",
  facts: ["IDN-242"],
  reads: ["isHeld", "wants"],
  check: ({ isHeld, wants }) =>
    (wants === "remove") === isHeld
      ? pass("The assignment changes by this.", { isHeld })
      : deny(
          "The assignment is already as it should be.",
          { isHeld },
          {
            code: "Request_BadRequest",
            message: isHeld
              ? "A conflicting object with one or more of the specified property values is present in the directory."
              : "The role assignment does not exist.",
          },
        ),
})

const isHeld = (world: IdentityWorld, { principalId, role, unitId }: Wish): boolean =>
  world.identity.administration.scopedRoles.some(
    (it) => it.principalId === principalId && it.role === role && it.unitId === unitId,
  )

const evaluateScoped = (world: IdentityWorld, wish: Wish, wants: "assign" | "remove"): Decision =>
  decideByGates([allKnown, roleScopable, changesSomething], {
    missing:
      wish.principalId === undefined
        ? "principal"
        : wish.role === undefined
          ? "role"
          : wish.unitId === undefined
            ? "scope"
            : "",
    role: wish.role ?? "",
    isScopable: scopable.includes(wish.role ?? ""),
    isHeld: isHeld(world, wish),
    wants,
  })

/** The twin names an assignment by what it consists of. */
const idOf = (principalId: string, role: string, unitId: string | undefined): string =>
  [principalId, templateIdOf(role) ?? role, unitId ?? "tenant"].join("_")

const rowOf = (principalId: string, role: string, unitId: string | undefined): OutputObject => ({
  Id: idOf(principalId, role, unitId),
  PrincipalId: principalId,
  RoleDefinitionId: templateIdOf(role) ?? role,
  RoleDefinition: role,
  DirectoryScopeId: unitId === undefined ? wholeTenant : `${unitPrefix}${unitId}`,
})

const nameOf = (world: IdentityWorld, principalId: string): string =>
  userOf(world, principalId)?.userPrincipalName ?? groupOf(world, principalId)?.displayName ?? ""

export const newRoleAssignment = graphCmdlet({
  name: "New-MgRoleManagementDirectoryRoleAssignment",
  summary: "Gives somebody a role, in the whole tenant or over one administrative unit.",
  params: {
    PrincipalId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Object id of the user or group" }),
    ),
    RoleDefinitionId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "Template id of the role" }),
    ),
    DirectoryScopeId: Schema.optionalKey(
      Schema.NonEmptyString.annotate({ description: "/ or /administrativeUnits/<id>" }),
    ),
  },
  body: Schema.Struct({
    principalId: Schema.NonEmptyString,
    roleDefinitionId: Schema.NonEmptyString,
    directoryScopeId: Schema.NonEmptyString,
  }),
  roles: unitAdministrators,
  facts: ["IDN-242", "IDN-250"],
  decide: ({ world, now }, body): Ruling<IdentityEvent> => {
    const wish = wishIn(world, {
      principal: body.principalId,
      role: body.roleDefinitionId,
      scope: body.directoryScopeId,
    })
    const { principalId, role, unitId } = wish
    const decision = wish.isWhole
      ? evaluateRoleChange({
          world,
          now,
          change: "assign",
          user: body.principalId,
          role: body.roleDefinitionId,
          assignment: "active",
        })
      : evaluateScoped(world, wish, "assign")
    if (decision.outcome !== "allow" || principalId === undefined || role === undefined) {
      return { decision }
    }
    return {
      decision,
      events: [
        unitId === undefined
          ? {
              _tag: "RoleAssigned",
              assignment: { principalId, role, assignment: "active", from: now },
            }
          : { _tag: "ScopedRoleAssigned", scopedRole: { principalId, role, unitId, from: now } },
      ],
      audit: [
        auditLine(
          unitId === undefined ? "Add member to role" : "Add scoped member to role",
          nameOf(world, principalId),
          { Role: role },
        ),
      ],
      output: [rowOf(principalId, role, unitId)],
    }
  },
})

interface Held {
  readonly principalId: string
  readonly role: string
  readonly unitId: string | undefined
}

/** Every assignment that gives its role without being activated first. */
const heldRoles = (world: IdentityWorld): readonly Held[] => [
  ...HashMap.toValues(world.identity.roles)
    .flat()
    .filter(({ assignment }) => assignment === "active")
    .map(({ principalId, role }) => ({ principalId, role, unitId: undefined })),
  ...world.identity.administration.scopedRoles,
]

const listed = gate<object>()({
  name: "role-assignments",
  facts: ["IDN-242"],
  reads: [],
  check: () => pass("The role assignments of the tenant can be read."),
})

export const getRoleAssignment = operation({
  name: "Get-MgRoleManagementDirectoryRoleAssignment",
  summary: "Shows who holds which role, in the whole tenant or over a unit.",
  params: Schema.Struct({
    All: Schema.optionalKey(Schema.Boolean.annotate({ description: "All pages; switch" })),
  }),
  binding: { switches: ["All"] },
  roles: [...unitAdministrators, roles.globalReader],
  roleRefusal: requestDenied,
  facts: ["IDN-242"],
  isReadOnly: true,
  decide: ({ world }: Call<IdentityWorld>): Ruling<IdentityEvent> => ({
    decision: decideByGates([listed], {}),
    output: heldRoles(world)
      .map((it) => rowOf(it.principalId, it.role, it.unitId))
      .toSorted((a, b) => (JSON.stringify(a["Id"]) < JSON.stringify(b["Id"]) ? -1 : 1)),
  }),
})

export const removeRoleAssignment = graphCmdlet({
  name: "Remove-MgRoleManagementDirectoryRoleAssignment",
  summary: "Takes a role away again, in the whole tenant or over one unit.",
  params: {
    UnifiedRoleAssignmentId: Schema.NonEmptyString.annotate({
      description: "Id of the assignment, as the list shows it",
    }),
  },
  path: ["UnifiedRoleAssignmentId"],
  body: Schema.Struct({}),
  roles: unitAdministrators,
  facts: ["IDN-242", "IDN-249"],
  decide: ({ world, now }, _body, given): Ruling<IdentityEvent> => {
    const held = heldRoles(world).find(
      (it) => idOf(it.principalId, it.role, it.unitId) === given.UnifiedRoleAssignmentId,
    )
    const { principalId, role, unitId } = held ?? {}
    const known = evaluateScoped(
      world,
      { principalId, role, unitId, isWhole: unitId === undefined },
      "remove",
    )
    if (principalId === undefined || role === undefined) return { decision: known }
    const decision =
      unitId === undefined
        ? evaluateRoleChange({
            world,
            now,
            change: "remove",
            user: principalId,
            role,
            assignment: "active",
          })
        : known
    if (decision.outcome !== "allow") return { decision }
    return {
      decision,
      events: [
        unitId === undefined
          ? { _tag: "RoleRemoved", principalId, role, assignment: "active", at: now }
          : { _tag: "ScopedRoleRemoved", principalId, role, unitId, at: now },
      ],
      audit: [
        auditLine(
          unitId === undefined ? "Remove member from role" : "Remove scoped member from role",
          nameOf(world, principalId),
          { Role: role },
        ),
      ],
    }
  },
})
