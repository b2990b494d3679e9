import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { Result } from "effect"
import type { AdministrativeUnit } from "../AdministrativeUnit.ts"
import { unitsOf } from "../administration.ts"
import { resourceNotFound } from "../graphRefusals.ts"
import { parseRule } from "../rules/parseRule.ts"
import type { IdentityWorld } from "../State.ts"
import { isLicensed } from "./evaluateReviewDefinition.ts"

interface UnitChangeFacets {
  readonly isKnown: boolean
  readonly isNameFree: boolean
  readonly ruleProblem: string
  readonly hasRule: boolean
  readonly isLicensed: boolean
  readonly isByRule: boolean
  readonly isObjectKnown: boolean
  readonly isMember: boolean
  readonly wants: UnitChangeQuestion["wants"]
  readonly changesRestriction: boolean
}

/** An administrator makes, changes or removes a unit, or changes who is in it. */
export interface UnitChangeQuestion {
  readonly world: IdentityWorld
  readonly wants: "create" | "update" | "remove" | "add-member" | "remove-member"
  readonly unit: AdministrativeUnit | undefined
  /** As it would be afterwards. */
  readonly next?: Pick<AdministrativeUnit, "displayName" | "membershipRule">
  readonly changesRestriction?: boolean
  readonly isObjectKnown?: boolean
  readonly isMember?: boolean
}

const unitGate = gate<UnitChangeFacets>()

const bad = (message: string) => ({ code: "Request_BadRequest", message })
const known = unitGate({
  name: "unit-known",
  facts: ["IDN-242"],
  reads: ["isKnown"],
  check: ({ isKnown }) =>
    isKnown
      ? pass("The directory has this administrative unit.")
      : deny("The directory has no such administrative unit.", {}, resourceNotFound()),
})

const nameFree = unitGate({
  name: "unit-name",
  facts: ["IDN-242"],
  reads: ["isNameFree"],
  check: ({ isNameFree }) =>
    isNameFree
      ? pass("No other administrative unit has this name.")
      : deny(
          "Another administrative unit has this name.",
          {},
          bad("Another object with the same value for property displayName already exists."),
        ),
})

const restrictionKept = unitGate({
  name: "unit-restriction",
  facts: ["IDN-242"],
  reads: ["changesRestriction"],
  check: ({ changesRestriction }) =>
    changesRestriction
      ? deny(
          "Whether a unit is restricted is said when it is made, and stays.",
          { changesRestriction },
          bad("Property 'isMemberManagementRestricted' is read-only and cannot be set."),
        )
      : pass("The restriction of the unit stays as it is.", { changesRestriction }),
})

const ruleFits = unitGate({
  name: "unit-rule",
  facts: ["IDN-195", "IDN-217"],
  reads: ["hasRule", "ruleProblem", "isLicensed"],
  check: ({ hasRule, ruleProblem, isLicensed: hasLicence }) => {
    if (!hasRule) return pass("The unit is filled by hand.", { hasRule })
    if (!hasLicence) {
      return deny(
        "Membership rules need a premium licence for everybody whom they bring in.",
        { hasLicence },
        {
          code: "Authorization_RequestDenied",
          message: "Dynamic membership requires a Microsoft Entra ID P1 licence.",
        },
      )
    }
    return ruleProblem === ""
      ? pass("The rule of the unit can be read.", { hasRule })
      : deny("The rule of the unit cannot be read.", { ruleProblem }, bad(ruleProblem))
  },
})

const filledByHand = unitGate({
  name: "unit-membership",
  facts: ["IDN-242"],
  reads: ["isByRule", "isObjectKnown", "isMember", "wants"],
  check: ({ isByRule, isObjectKnown, isMember, wants }) => {
    if (isByRule) {
      return deny(
        "A rule fills this unit: nobody is put in or taken out by hand.",
        { isByRule },
        bad("Members cannot be changed for an administrative unit with dynamic membership."),
      )
    }
    if (!isObjectKnown || (wants === "remove-member" && !isMember)) {
      return deny(
        "The directory or the unit has no such object.",
        { isObjectKnown, isMember },
        resourceNotFound(),
      )
    }
    return wants === "add-member" && isMember
      ? deny(
          "The unit holds the object already.",
          { isMember },
          bad(
            "A conflicting object with one or more of the specified property values is present in the directory.",
          ),
        )
      : pass("The unit changes by this.", { wants })
  },
})

const gatesOf: Record<UnitChangeQuestion["wants"], GateRules<UnitChangeFacets>> = {
  create: [nameFree, ruleFits],
  update: [known, restrictionKept, nameFree, ruleFits],
  remove: [known],
  "add-member": [known, filledByHand],
  "remove-member": [known, filledByHand],
}

export const evaluateUnitChange = (question: UnitChangeQuestion): Decision => {
  const { world, wants, unit, next } = question
  const rule = next?.membershipRule
  const parsed = rule === undefined ? undefined : parseRule(rule)
  const name = next?.displayName.toLowerCase()
  return decideByGates(gatesOf[wants], {
    isKnown: unit !== undefined,
    isNameFree: !unitsOf(world).some(
      (it) => it.id !== unit?.id && it.displayName.toLowerCase() === name,
    ),
    hasRule: rule !== undefined,
    ruleProblem: parsed === undefined || Result.isSuccess(parsed) ? "" : parsed.failure.message,
    isLicensed: isLicensed(world, ["P1", "P2", "Governance"]),
    isByRule: unit?.membershipRule !== undefined,
    isObjectKnown: question.isObjectKnown ?? false,
    isMember: question.isMember ?? false,
    wants,
    changesRestriction: question.changesRestriction ?? false,
  })
}
