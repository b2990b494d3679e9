import { deny, type FactId, gate, pass, type Refusal } from "@twin/kernel"

/** What a new name is asked. */
export interface NameFacets {
  readonly isNameTaken: boolean
  readonly nameLength: number
}

/** Longest name of a label or a policy, in characters. */
const nameLengthMax = 64

/** Whether a label or a policy can be called so. */
export const nameGate = (o: {
  readonly name: string
  readonly facts: readonly [FactId, ...FactId[]]
  /** Why a taken name cannot be had, and what the service says of it. */
  readonly reason: string
  readonly taken: Refusal
}) =>
  gate<NameFacets>()({
    name: o.name,
    facts: o.facts,
    reads: ["isNameTaken", "nameLength"],
    check: ({ isNameTaken, nameLength }) => {
      const details = { nameLength, nameLengthMax }
      if (nameLength > nameLengthMax) {
        return deny("The name is too long.", details, {
          code: "ParameterBindingValidationException",
          message: `The Name parameter can have at most ${nameLengthMax} characters.`,
        })
      }
      return isNameTaken
        ? deny(o.reason, details, o.taken)
        : pass("The name is free and short enough.", details)
    },
  })

/** What compliance PowerShell says of the name of a policy. */
export const policyNameTaken = {
  code: "CompliancePolicyAlreadyExistsException",
  message: "A policy with the same name already exists. Specify a different name.",
}
