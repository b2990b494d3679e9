import { deny, gate, pass } from "@twin/kernel"

/** A policy or rule as an administrator names it. */
export interface NameFacets {
  readonly isNameFree: boolean
  readonly isPolicyKnown: boolean
  readonly conditionDefect: string
}

/** The name is free, or known where it has to be. */
export const named = gate<NameFacets>()({
  name: "policy-name",
  facts: ["SPO-200"],
  reads: ["isNameFree", "isPolicyKnown"],
  check: ({ isNameFree, isPolicyKnown }) => {
    if (!isPolicyKnown) {
      return deny(
        "There is no such policy or rule.",
        {},
        { message: "The object couldn't be found." },
      )
    }
    return isNameFree
      ? pass("The name can be used.")
      : deny("The name is taken.", {}, { message: "An object with this name already exists." })
  },
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
