import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { groupOf } from "../directory.ts"
import type { IdentityWorld } from "../State.ts"
import { evaluateProtectionGroup } from "./evaluateProtectionGroup.ts"

/** What the rights service takes a group for. */
export const rightsServicePurposes = [
  "permission",
  "onboarding-control",
  "delegated-administration",
  "super-users",
] as const
export type RightsServicePurpose = (typeof rightsServicePurposes)[number]

interface PurposeFacets {
  readonly purpose: RightsServicePurpose
  readonly isInDirectory: boolean
  readonly isSecurity: boolean
  readonly hasAddress: boolean
}

const purposeGate = gate<PurposeFacets>()

const present = purposeGate({
  name: "group-in-directory",
  facts: ["IDN-225", "IDN-231"],
  reads: ["isInDirectory"],
  check: ({ isInDirectory }) =>
    isInDirectory
      ? pass("The directory has this group.")
      : deny("The directory has no such group.", { isInDirectory }),
})

const fitsPurpose = purposeGate({
  name: "group-purpose",
  facts: ["IDN-231"],
  reads: ["purpose", "isSecurity", "hasAddress"],
  check: ({ purpose, isSecurity, hasAddress }) => {
    const details = { purpose, isSecurity, hasAddress }
    if (purpose === "onboarding-control" && !isSecurity) {
      return deny("Onboarding is controlled by a security group only.", details)
    }
    if (purpose === "super-users" && !hasAddress) {
      return deny("The super user group needs a mail address.", details)
    }
    return pass("A group of this kind serves the purpose.", details)
  },
})

const gates: GateRules<PurposeFacets> = [present, fitsPurpose]

/** Whether the rights service takes a group for a purpose (IDN-225, IDN-231). */
export const evaluateRightsServiceGroup = (
  world: IdentityWorld,
  idOrNameOrMail: string,
  purpose: RightsServicePurpose,
): Decision => {
  if (purpose === "permission") return evaluateProtectionGroup(world, idOrNameOrMail)
  const group = groupOf(world, idOrNameOrMail)
  return decideByGates(gates, {
    purpose,
    isInDirectory: group !== undefined,
    isSecurity: group?.securityEnabled === true,
    hasAddress: group?.mailEnabled === true && (group.mail ?? "") !== "",
  })
}
