import type { AuditEntry, OutputObject, Refusal } from "@twin/kernel"
import { Schema } from "effect"

/** Who may change the transport of mail. */
export const transportAdminRoles: readonly string[] = [
  "Exchange Administrator",
  "Global Administrator",
]

/** Who may look at it. */
export const transportReaderRoles: readonly string[] = [
  ...transportAdminRoles,
  "Compliance Administrator",
  "Security Administrator",
  "Global Reader",
]

/** To somebody without a role the service shows no such cmdlet. */
export const notRecognized = (cmdlet: string): Refusal => ({
  code: "CommandNotFoundException",
  message:
    `The term '${cmdlet}' is not recognized as the name of a cmdlet, function, script file, or ` +
    "operable program. Check the spelling of the name, or if a path was included, verify that " +
    "the path is correct and try again.",
})

/** What cmdlets that change something take besides their own parameters. */
export const commonParams = {
  WhatIf: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Shows what would happen and changes nothing" }),
  ),
  Confirm: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Asks before it changes something" }),
  ),
}
export const commonSwitches = ["WhatIf", "Confirm"] as const

export const whatIfOutput = (action: string, target: string): readonly OutputObject[] => [
  { WhatIf: `What if: Performing the operation "${action}" on target "${target}".` },
]

/** The record of an admin's cmdlet. */
export const cmdletAudit = (
  cmdlet: string,
  objectId: string,
  params: Readonly<Record<string, unknown>>,
): AuditEntry => ({
  operation: cmdlet,
  recordType: 1,
  workload: "Exchange",
  objectId,
  resultStatus: "True",
  details: {
    ExternalAccess: false,
    Parameters: Object.entries(params)
      .filter(([, value]) => value !== undefined)
      .map(([Name, value]) => ({ Name, Value: printed(value) })),
  },
})

const printed = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(printed).join(";")
  if (typeof value === "boolean") return value ? "True" : "False"
  if (typeof value === "string") return value
  return value === null ? "" : JSON.stringify(value)
}
