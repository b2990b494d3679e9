import { Schema } from "effect"
import type { AuditEntry } from "./AuditRecord.ts"
import type { Refusal } from "./Decision.ts"
import type { OutputObject } from "./Operation.ts"

/** To somebody without a role for it, Exchange and compliance PowerShell show no such cmdlet. */
export const notRecognized = (cmdlet: string): Refusal => ({
  code: "CommandNotFoundException",
  message:
    `The term '${cmdlet}' is not recognized as the name of a cmdlet, function, script file, or ` +
    "operable program. Check the spelling of the name, or if a path was included, verify that " +
    "the path is correct and try again.",
})

/** What Exchange and compliance PowerShell say of an identity that nobody has. */
export const objectNotFound = (identity: string): Refusal => ({
  code: "ManagementObjectNotFoundException",
  message: `The operation couldn't be performed because object '${identity}' couldn't be found.`,
})

/** The same for policies of labels, automatic labelling and data loss prevention. */
export const policyNotFound = (identity: string): Refusal => ({
  code: "ErrorPolicyNotFoundException",
  message: `There is no policy matching identity '${identity}'.`,
})

/** The same for the rules of such policies. */
export const ruleNotFound = (identity: string): Refusal => ({
  code: "ErrorRuleNotFoundException",
  message: `There is no rule matching identity '${identity}'.`,
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

/** `-WhatIf` prints this and changes nothing. */
export const whatIfOutput = (action: string, target: string): readonly OutputObject[] => [
  { WhatIf: `What if: Performing the operation "${action}" on target "${target}".` },
]

/** The record that a change by an Exchange admin leaves (record type 1, EXO-181). */
export const exchangeAdminAudit = (
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
      .map(([Name, value]) => ({ Name, Value: printedParameter(value) })),
  },
})

/** A parameter as logs print it. */
export const printedParameter = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(printedParameter).join(";")
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False"
    case "string":
      return value
    case "number":
      return String(value)
    default:
      return value === null || value === undefined ? "" : JSON.stringify(value)
  }
}
