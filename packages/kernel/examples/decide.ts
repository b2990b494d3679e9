import { decideByGates, decidingGate, deny, gate, pass } from "@twin/kernel"

interface ShareFacets {
  readonly level: "Disabled" | "Anyone"
  readonly recipient: "member" | "outsider"
}

const sharingLevel = gate<ShareFacets>()({
  name: "sharing-level",
  facts: ["SPO-003"],
  reads: ["level", "recipient"],
  check: ({ level, recipient }) =>
    recipient === "member" || level === "Anyone"
      ? pass("The sharing level admits this recipient.", { level })
      : deny("The sharing level does not admit this recipient.", { level }),
})

const decision = decideByGates([sharingLevel], { level: "Disabled", recipient: "outsider" })
const { name, reason, facts } = decidingGate(decision)
console.log(decision.outcome)
console.log(`${name}: ${reason} [${facts.join(" ")}]`)
