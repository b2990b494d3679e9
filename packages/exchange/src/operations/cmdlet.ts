import type { AuditEntry, Decision, Refusal } from "@twin/kernel"
import { decideByGates, gate, type OutputObject, pass } from "@twin/kernel"
import { Schema } from "effect"

/** Who may change mail flow and encryption (EXO-006 ff. name the roles of the articles). */
export const adminRoles: readonly string[] = [
  "Exchange Administrator",
  "Compliance Administrator",
  "Global Administrator",
]

/** Who may look at it. */
export const readerRoles: readonly string[] = [...adminRoles, "Global Reader"]

/** Exchange Online shows an admin only the cmdlets of his roles: others are no commands at all. */
export const notRecognized = (cmdlet: string): Refusal => ({
  code: "CommandNotFoundException",
  message:
    `The term '${cmdlet}' is not recognized as the name of a cmdlet, function, script file, or ` +
    "operable program. Check the spelling of the name, or if a path was included, verify that " +
    "the path is correct and try again.",
})

/** What every cmdlet that changes something takes besides its own parameters. */
export const common = {
  WhatIf: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Shows what would happen and changes nothing" }),
  ),
  Confirm: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Asks before it changes something" }),
  ),
}

export const commonSwitches = ["WhatIf", "Confirm"] as const

/** The record that a change by an admin leaves (EXO-181). */
export const adminAudit = (
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
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False"
    case "string":
      return value
    case "number":
      return String(value)
    default:
      return value === null ? "" : JSON.stringify(value)
  }
}

/** `-WhatIf` prints this and changes nothing. */
export const whatIf = (action: string, target: string): readonly OutputObject[] => [
  { WhatIf: `What if: Performing the operation "${action}" on target "${target}".` },
]

/**
 * Cmdlets that ask before they act: the twin has nobody to answer, says so and goes on, as if the
 * admin had pressed Y (EXO-016, EXO-161).
 */
export const confirmation = (
  params: { readonly Confirm?: boolean; readonly Force?: boolean },
  asksByDefault: boolean,
): readonly string[] =>
  (params.Confirm ?? (asksByDefault && params.Force !== true))
    ? ["The cmdlet asks for confirmation; the twin answers Yes. Use -Confirm:$false to skip it."]
    : []

const reads = gate<{ readonly object: string }>()({
  name: "object-readable",
  facts: ["EXO-013"],
  reads: ["object"],
  check: ({ object }) => pass("The account may read this configuration.", { object }),
})

/** The decision of a cmdlet that only reads. */
export const readable = (object: string): Decision => decideByGates([reads], { object })
