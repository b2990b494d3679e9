import { deny, type GateRules, gate, pass } from "@twin/kernel"
import { contentRole } from "../LockboxRole.ts"
import type { ProductionFacets } from "./evaluateProductionAccess.ts"

const partitionBoundary = gate<ProductionFacets>()({
  name: "partition-boundary",
  facts: ["DCO-298", "DCO-096", "DCO-005", "DCO-098"],
  reads: ["principal", "accountPartition", "targetPartition"],
  check: ({ principal, accountPartition, targetPartition }) => {
    if (principal === "service-team-account") {
      return pass("System metadata may be read in every partition.")
    }
    return accountPartition === targetPartition
      ? pass("The account belongs to the partition of the machine.", { targetPartition })
      : deny(
          "The account belongs to another partition, and no right crosses that boundary.",
          { accountPartition, targetPartition },
          { code: "PartitionBoundary", message: "The target is outside your partition." },
        )
  },
})

const resourceScope = gate<ProductionFacets>()({
  name: "resource-scope",
  facts: ["DCO-298", "DCO-013", "DCO-057"],
  reads: ["principal", "scope"],
  check: ({ principal, scope }) => {
    if (principal !== "jit-account") return pass("No scope was approved that could be left.")
    const reasons = {
      "other-component": "The machine is not among those that were approved.",
      "other-tenant": "The content belongs to another tenant than the approved one.",
      "other-container": "The mailbox or site is not the approved one.",
      "no-tenant": "Content is touched, but no tenant was approved.",
    } as const
    return scope === "inside"
      ? pass("The target lies inside the approved scope.", { scope })
      : deny(
          reasons[scope],
          { scope },
          {
            code: "OutOfScope",
            message: "The target is outside the scope of your elevation.",
          },
        )
  },
})

const justEnoughAccess = gate<ProductionFacets>()({
  name: "just-enough-access",
  facts: ["DCO-298", "DCO-079", "DCO-080", "DCO-081"],
  reads: ["capability", "capabilityParameter", "role"],
  check: ({ capability, capabilityParameter, role }) => {
    switch (capability) {
      case "allowed":
        return pass("The approved actions include this command with these parameters.", { role })
      case "cmdlet-not-in-role":
        return deny(
          "The command is not among the approved actions.",
          { role },
          {
            code: "CmdletNotInRole",
            message: "The term is not recognized as the name of a cmdlet in this session.",
          },
        )
      case "parameter-not-allowed":
        return deny(
          "The command is approved, but not with this parameter or value.",
          { role, parameter: capabilityParameter },
          {
            code: "ParameterNotAllowed",
            message: `Cannot validate argument on parameter '${capabilityParameter}'.`,
          },
        )
    }
  },
})

const contentAccess = gate<ProductionFacets>()({
  name: "content-role",
  facts: ["DCO-298", "DCO-025", "DCO-026", "DCO-201"],
  reads: ["isHuman", "touchesContent", "role"],
  check: ({ isHuman, touchesContent, role }) => {
    if (!touchesContent) return pass("The command touches no customer content.")
    if (!isHuman) return pass("Service code serves the customer's own request.")
    return role === contentRole
      ? pass("The role is the one for access to customer data.", { role })
      : deny(
          "Administration rights do not include customer content.",
          { role, roleAccepted: contentRole },
          {
            code: "RoleLacksContentAccess",
            message: "Your role does not give access to customer content.",
          },
        )
  },
})

const customerApproval = gate<ProductionFacets>()({
  name: "customer-lockbox",
  facts: ["DCO-298", "DCO-107", "DCO-109", "DCO-124"],
  reads: ["isHuman", "touchesContent", "customerApproval"],
  check: ({ isHuman, touchesContent, customerApproval: approval }) => {
    if (!isHuman || !touchesContent) {
      return pass("No person touches customer content, so the tenant need not be asked.")
    }
    if (approval === "not-in-force") {
      return pass("The tenant does not ask to approve such access.", { approval })
    }
    return approval === "approved"
      ? pass("The tenant approved this access, and the approval is in date.", { approval })
      : deny(
          "The tenant has not approved this access.",
          { approval },
          {
            code: "CustomerApprovalRequired",
            message: "The customer's approval is required to access this content.",
          },
        )
  },
})

const auditSink = gate<ProductionFacets>()({
  name: "audit-sink",
  facts: ["DCO-298", "DCO-211"],
  reads: ["isAuditAvailable"],
  check: ({ isAuditAvailable }) =>
    isAuditAvailable
      ? pass("The audit sink takes the record.")
      : deny(
          "The audit sink takes no record, and nothing happens in production without one.",
          { isAuditAvailable },
          { code: "AuditUnavailable", message: "The action cannot be audited at this time." },
        ),
})

/** Never refuses: what the service cannot decrypt, the operator gets as ciphertext. */
const readability = gate<ProductionFacets>()({
  name: "readable-content",
  facts: ["DCO-298", "DCO-010", "DCO-202", "DCO-305"],
  reads: ["readability"],
  check: ({ readability: state }) => {
    switch (state) {
      case "no-content":
        return pass("No stored content is read.")
      case "readable":
        return pass("The service can decrypt the stored content.", { opaque: false })
      case "opaque":
        return pass("The operation succeeds, but what comes back is ciphertext.", { opaque: true })
    }
  },
})

/** Gates 7 to 13 of DCO-298: what the elevation, the tenant and the keys admit. */
export const elevationGates: GateRules<ProductionFacets> = [
  partitionBoundary,
  resourceScope,
  justEnoughAccess,
  contentAccess,
  customerApproval,
  auditSink,
  readability,
]
