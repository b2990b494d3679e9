import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import { HashMap, Option } from "effect"
import { userOf } from "../directory.ts"
import { requestDenied } from "../graphRefusals.ts"
import { isActiveAt, roles } from "../Role.ts"
import type { IdentityWorld } from "../State.ts"

/** At most so many users or devices at once (IDN-224). */
export const validatedAtOnce = 20

/** Roles that may ask whether somebody would be in a group, assigned directly (IDN-224). */
export const ruleValidators: readonly string[] = [
  roles.globalAdministrator,
  roles.groupsAdministrator,
  roles.intuneAdministrator,
]

interface RuleValidationFacets {
  readonly roleHeld: "direct" | "through-group" | "none"
  readonly objects: number
}

const validationGate = gate<RuleValidationFacets>()

const validatorRole = validationGate({
  name: "rule-validator",
  facts: ["IDN-224"],
  reads: ["roleHeld"],
  check: ({ roleHeld }) => {
    switch (roleHeld) {
      case "direct":
        return pass("The role is assigned to the account itself.", { roleHeld })
      case "through-group":
        return deny(
          "The role has to be assigned directly, not through a group.",
          { roleHeld },
          requestDenied,
        )
      case "none":
        return deny(
          "Validating a rule needs a role that manages groups.",
          { roleHeld },
          requestDenied,
        )
    }
  },
})

const notTooMany = validationGate({
  name: "validated-objects",
  facts: ["IDN-224"],
  reads: ["objects"],
  check: ({ objects }) =>
    objects > 0 && objects <= validatedAtOnce
      ? pass("The tool takes so many objects at once.", { objects, limit: validatedAtOnce })
      : deny(
          "The tool takes between one and twenty objects at once.",
          { objects, limit: validatedAtOnce },
          {
            code: "Request_BadRequest",
            message: "You can validate up to 20 users or devices at once.",
          },
        ),
})

const gates: GateRules<RuleValidationFacets> = [validatorRole, notTooMany]

const roleHeldBy = (
  world: IdentityWorld,
  actor: Actor,
  now: number,
): RuleValidationFacets["roleHeld"] => {
  const user = userOf(world, actor.id)
  const own =
    user === undefined ? [] : Option.getOrElse(HashMap.get(world.identity.roles, user.id), () => [])
  if (own.some((it) => ruleValidators.includes(it.role) && isActiveAt(it, now))) return "direct"
  return actor.roles.some((it) => ruleValidators.includes(it)) ? "through-group" : "none"
}

/** Whether the actor may ask for the validation of a rule. */
export const evaluateRuleValidation = (question: {
  readonly world: IdentityWorld
  readonly actor: Actor
  readonly now: number
  readonly objects: number
}): Decision =>
  decideByGates(gates, {
    roleHeld: roleHeldBy(question.world, question.actor, question.now),
    objects: question.objects,
  })
