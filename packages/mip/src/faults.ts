import type { FaultDefinition } from "@twin/kernel"

/** Names of the disturbances that this domain knows. */
export const faultNames = {
  serviceUnreachable: "rights-management-unreachable",
  tenantKeyUnreachable: "tenant-key-unreachable",
  doubleKeyUnreachable: "double-key-service-unreachable",
  templateRefresh: "template-refresh-delay",
} as const

export const faults: readonly FaultDefinition[] = [
  {
    name: faultNames.serviceUnreachable,
    summary: "Readers have no connection to the rights management service: they are offline.",
    facts: ["MIP-080"],
  },
  {
    name: faultNames.tenantKeyUnreachable,
    summary: "The service may not use the tenant's own key in the key vault any more.",
    facts: ["MIP-235"],
  },
  {
    name: faultNames.doubleKeyUnreachable,
    summary: "The customer's key service for Double Key Encryption does not answer.",
    facts: ["MIP-245"],
  },
  {
    name: faultNames.templateRefresh,
    summary: "Exchange and Office learn of edited templates as late as they may.",
    facts: ["MIP-202"],
  },
]
