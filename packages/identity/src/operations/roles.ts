import { type Call, days, operation, type Ruling } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateRoleChange } from "../decisions/evaluateRoleChange.ts"
import { userOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { roleNameOf, roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"
import { auditLine } from "./auditLine.ts"

const administrators: readonly string[] = [
  roles.privilegedRoleAdministrator,
  roles.globalAdministrator,
]
const user = Schema.NonEmptyString.annotate({
  description: "Principal name, address or object id",
})
const role = Schema.NonEmptyString.annotate({ description: "Display name or template id" })

/** An eligible assignment gives nothing until its holder activates it (IDN-247). */
export const assignRole = operation({
  name: "assign-role",
  summary: "Gives a user a directory role, active or eligible, for good or for some days.",
  params: Schema.Struct({
    user,
    role,
    eligible: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "true: the user has to activate the role first" }),
    ),
    days: Schema.optionalKey(Schema.Number.annotate({ description: "Ends after so many days" })),
  }),
  roles: administrators,
  roleRefusal: requestDenied,
  facts: ["IDN-242", "IDN-247", "IDN-250"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, now } = call
    const assignment = params.eligible === true ? "eligible" : "active"
    const decision = evaluateRoleChange({ world, now, change: "assign", ...params, assignment })
    const holder = userOf(world, params.user)
    const name = roleNameOf(params.role)
    if (decision.outcome !== "allow" || holder === undefined || name === undefined) {
      return { decision }
    }
    return {
      decision,
      events: [
        {
          _tag: "RoleAssigned",
          assignment: {
            principalId: holder.id,
            role: name,
            assignment,
            from: now,
            ...(params.days === undefined ? {} : { until: now + days(params.days) }),
          },
        },
      ],
      audit: [
        auditLine(
          assignment === "active" ? "Add member to role" : "Add eligible member to role",
          holder.userPrincipalName,
          { Role: name },
        ),
      ],
      output: [{ id: holder.id, role: name, assignment }],
    }
  },
})

export const removeRole = operation({
  name: "remove-role",
  summary: "Takes a directory role away from a user.",
  params: Schema.Struct({
    user,
    role,
    eligible: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "true: an eligible assignment is meant" }),
    ),
  }),
  roles: administrators,
  roleRefusal: requestDenied,
  facts: ["IDN-242", "IDN-249"],
  decide: (call: Call<IdentityWorld>, params): Ruling<IdentityEvent> => {
    const { world, now } = call
    const assignment = params.eligible === true ? "eligible" : "active"
    const decision = evaluateRoleChange({ world, now, change: "remove", ...params, assignment })
    const holder = userOf(world, params.user)
    const name = roleNameOf(params.role)
    if (decision.outcome !== "allow" || holder === undefined || name === undefined) {
      return { decision }
    }
    return {
      decision,
      events: [{ _tag: "RoleRemoved", principalId: holder.id, role: name, assignment, at: now }],
      audit: [auditLine("Remove member from role", holder.userPrincipalName, { Role: name })],
      output: [{ id: holder.id, role: name }],
    }
  },
})
