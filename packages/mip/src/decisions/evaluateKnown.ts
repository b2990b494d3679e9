import { type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"

interface KnownFacets {
  readonly isKnown: boolean
  readonly what: string
}

const known = gate<KnownFacets>()({
  name: "object-known",
  facts: ["MIP-156"],
  reads: ["isKnown", "what"],
  check: ({ isKnown, what }) =>
    isKnown
      ? pass("What was named is there.", { what })
      : deny(
          "There is nothing of this name.",
          { what },
          {
            code: "ManagementObjectNotFoundException",
            message: `The ${what} could not be found. Check its identity.`,
          },
        ),
})

/** Whether something that a cmdlet names is there. */
export const evaluateKnown = (what: string, isKnown: boolean): Decision =>
  decideByGates([known], { isKnown, what })
