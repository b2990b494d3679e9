import { deny, gate, pass } from "@twin/kernel"

/** A policy or rule as an administrator names it. */
export interface NameFacets {
  readonly isNameFree: boolean
  readonly conditionDefect: string
}

/** The name is free. */
export const named = gate<NameFacets>()({
  name: "policy-name",
  facts: ["SPO-200"],
  reads: ["isNameFree"],
  check: ({ isNameFree }) =>
    isNameFree
      ? pass("The name can be used.")
      : deny("The name is taken.", {}, { message: "An object with this name already exists." }),
})

/** The twin evaluates what a rule asks. */
export const condition = gate<NameFacets>()({
  name: "rule-conditions",
  facts: ["SPO-200", "SPO-205"],
  reads: ["conditionDefect"],
  check: ({ conditionDefect }) =>
    conditionDefect === ""
      ? pass("The twin can evaluate the conditions.")
      : deny("The conditions of the rule cannot be evaluated.", {}, { message: conditionDefect }),
})
