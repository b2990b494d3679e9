import { type Decision, decideByGates, deny, gate, notRecognized } from "@twin/kernel"

const introduced = gate<{ readonly cmdlet: string }>()({
  name: "cmdlet-introduced",
  facts: ["EXO-224"],
  reads: ["cmdlet"],
  check: ({ cmdlet }) =>
    deny("The service does not have this cmdlet yet.", { cmdlet }, notRecognized(cmdlet)),
})

/** The decision for a cmdlet that the service of that day does not know. */
export const evaluateCmdletExists = (cmdlet: string): Decision =>
  decideByGates([introduced], { cmdlet })
