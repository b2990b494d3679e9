import type { FaultDefinition } from "@twin/kernel"

/** Every customer key vault times out: the class "system error" (CRY-064). */
export const vaultUnreachable = "customer-key-vault-unreachable"

/** Every customer key vault refuses the service: the class "access denied" (CRY-064). */
export const vaultAccessDenied = "customer-key-vault-access-denied"

export const cryptoFaults: readonly FaultDefinition[] = [
  {
    name: vaultUnreachable,
    summary: "The customer's key vaults in Azure do not answer.",
    facts: ["CRY-064", "CRY-084", "CRY-098"],
  },
  {
    name: vaultAccessDenied,
    summary: "The customer's key vaults in Azure refuse the service.",
    facts: ["CRY-064", "CRY-085", "CRY-098"],
  },
]
