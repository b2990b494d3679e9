import type { FaultDefinition } from "@twin/kernel"

/** Every customer key vault times out: the class "system error" (CRY-064). */
export const vaultUnreachable = "customer-key-vault-unreachable"

/** Every customer key vault refuses the service: the class "access denied" (CRY-064). */
export const vaultAccessDenied = "customer-key-vault-access-denied"

/** Somebody answers questions to the DNS in the place of whoever owns the domain (CRY-203, CRY-204). */
export const dnsSpoofed = "dns-spoofed"

/** Somebody on the way removes the offer to use TLS (CRY-200 to CRY-204). */
export const tlsStripped = "tls-stripped"

/** The safe that holds recovery keys of disks does not answer. */
export const secretSafeUnavailable = "secret-safe-unavailable"

/** The directory does not answer: numerical passwords and the keys of mail secrets lie there. */
export const directoryUnavailable = "directory-unavailable"

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
  {
    name: dnsSpoofed,
    summary: "Forged DNS answers send mail for other domains to a server of the attacker.",
    facts: ["CRY-203", "CRY-204"],
  },
  {
    name: tlsStripped,
    summary: "Somebody on the way takes the offer of STARTTLS out of every connection.",
    facts: ["CRY-200", "CRY-201", "CRY-203", "CRY-204"],
  },
  {
    name: secretSafeUnavailable,
    summary: "The safe with the recovery keys of disks does not answer.",
    facts: ["CRY-012", "CRY-016"],
  },
  {
    name: directoryUnavailable,
    summary: "The directory of the service does not answer.",
    facts: ["CRY-012", "CRY-019"],
  },
]
