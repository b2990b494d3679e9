import type { FaultDefinition } from "@twin/kernel"

/** Names of the disturbances that this domain knows. */
export const faultNames = {
  mailDelayed: "sharing-mail-delayed",
  codeMailUnavailable: "verification-code-mail-unavailable",
  scanBacklog: "content-scan-backlog",
  microsoftAccountBug: "b2b-integration-ignores-microsoft-accounts",
} as const

/** How late sharing mail arrives while it is delayed (SPO-087). */
export const mailDelayMinutes = 15

export const faults: readonly FaultDefinition[] = [
  {
    name: faultNames.mailDelayed,
    summary: "Sharing mail arrives a quarter of an hour late; permissions are in place at once.",
    facts: ["SPO-087"],
  },
  {
    name: faultNames.codeMailUnavailable,
    summary: "Verification codes cannot be sent.",
    facts: ["SPO-101"],
  },
  {
    name: faultNames.scanBacklog,
    summary: "Crawl and evaluation of new files do not get done.",
    facts: ["SPO-192"],
  },
  {
    name: faultNames.microsoftAccountBug,
    summary:
      "The defect of 2020: recipients with a Microsoft account still get a code and no guest account.",
    facts: ["SPO-114"],
  },
]
