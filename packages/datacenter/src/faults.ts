import type { FaultDefinition } from "@twin/kernel"

export const lockboxUnavailable = "lockbox-unavailable"
export const auditUnavailable = "audit-unavailable"
export const approvalChannelUnavailable = "approval-channel-unavailable"

/** What can go wrong with the datacenter's own services; each fails closed (DCO-309). */
export const datacenterFaults: readonly FaultDefinition[] = [
  {
    name: lockboxUnavailable,
    summary: "The Lockbox system does not answer: nobody can ask for or receive an elevation.",
    facts: ["DCO-309"],
  },
  {
    name: auditUnavailable,
    summary: "The audit sink takes no records: privileged operations are refused.",
    facts: ["DCO-211", "DCO-309"],
  },
  {
    name: approvalChannelUnavailable,
    summary: "The tenant's approvers cannot be reached: their requests lapse undecided.",
    facts: ["DCO-309", "DCO-120"],
  },
]
