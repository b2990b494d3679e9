import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { domainOf } from "../Address.ts"
import { groupOf, isOwnDomain } from "../directory.ts"
import { type GroupKind, groupKindOf, isDynamic } from "../Group.ts"
import type { IdentityWorld } from "../State.ts"

/** What decides whether a group can be named in an encryption permission. */
export interface ProtectionGroupFacets {
  readonly isInDirectory: boolean
  readonly kind: GroupKind | "none"
  readonly hasAddress: boolean
  readonly isVerifiedDomain: boolean
  readonly isDynamic: boolean
}

const groupGate = gate<ProtectionGroupFacets>()

const inDirectory = groupGate({
  name: "group-in-directory",
  facts: ["IDN-225"],
  reads: ["isInDirectory"],
  check: ({ isInDirectory }) =>
    isInDirectory
      ? pass("The directory has this group.")
      : deny(
          "The directory has no such group; a dynamic distribution group lives in Exchange only.",
          { isInDirectory },
        ),
})

const hasAddressGate = groupGate({
  name: "group-address",
  facts: ["IDN-225", "IDN-226"],
  reads: ["hasAddress", "kind", "isDynamic"],
  check: ({ hasAddress, kind, isDynamic: isRuled }) => {
    const details = { kind, isDynamic: isRuled }
    if (hasAddress) return pass("The group has a mail address.", details)
    return isRuled
      ? deny(
          "A dynamic security group has no mail address: only a dynamic Microsoft 365 group has one.",
          details,
        )
      : deny("The group has no mail address, so the picker does not show it.", details)
  },
})

const verifiedDomain = groupGate({
  name: "group-domain",
  facts: ["IDN-225", "IDN-232"],
  reads: ["isVerifiedDomain"],
  check: ({ isVerifiedDomain }) =>
    isVerifiedDomain
      ? pass("The address lies in a verified domain.", { isVerifiedDomain })
      : deny("The address does not lie in a verified domain.", { isVerifiedDomain }),
})

export const protectionGroupGates: GateRules<ProtectionGroupFacets> = [
  inDirectory,
  hasAddressGate,
  verifiedDomain,
]

export const protectionGroupFacets = (
  world: IdentityWorld,
  idOrNameOrMail: string,
): ProtectionGroupFacets => {
  const group = groupOf(world, idOrNameOrMail)
  const mail = group?.mailEnabled === true ? (group.mail ?? "") : ""
  return {
    isInDirectory: group !== undefined,
    kind: group === undefined ? "none" : groupKindOf(group),
    hasAddress: mail !== "",
    isVerifiedDomain: mail !== "" && isOwnDomain(world, domainOf(mail)),
    isDynamic: group !== undefined && isDynamic(group),
  }
}

/** Whether a label or a protection may name this group (IDN-225, IDN-226). */
export const evaluateProtectionGroup = (world: IdentityWorld, idOrNameOrMail: string): Decision =>
  decideByGates(protectionGroupGates, protectionGroupFacets(world, idOrNameOrMail))
