import {
  type AuditEntry,
  type Decision,
  decideByGates,
  gate,
  pass,
  printedParameter,
} from "@twin/kernel"
import { Schema } from "effect"

/** Who may change labels and label policies. */
export const complianceRoles: readonly string[] = [
  "Compliance Administrator",
  "Compliance Data Administrator",
  "Security Administrator",
  "Global Administrator",
]

/** Who may look at them. */
export const complianceReaderRoles: readonly string[] = [...complianceRoles, "Global Reader"]

/** What cmdlets that change something take besides their own; -WhatIf has no effect there. */
export const common = {
  WhatIf: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Has no effect in Security & Compliance PowerShell" }),
  ),
  Confirm: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Asks before it changes something" }),
  ),
}

/** The trap that admins fall into: the module takes -WhatIf and acts all the same. */
export const whatIfWarning = (params: { readonly WhatIf?: unknown }): readonly string[] =>
  params.WhatIf === true
    ? ["-WhatIf has no effect in Security & Compliance PowerShell: the change was made."]
    : []

/** What a record keeps of a parameter: of a rule package or a long list the beginning. */
const auditedCharacters = 1000

const audited = (value: unknown): string => {
  const text = printedParameter(value)
  return text.length > auditedCharacters ? `${text.slice(0, auditedCharacters)}...` : text
}

/** The record that a change in Security & Compliance PowerShell leaves (record type 18). */
export const complianceAudit = (
  cmdlet: string,
  objectId: string,
  params: Readonly<Record<string, unknown>>,
): AuditEntry => ({
  operation: cmdlet,
  recordType: 18,
  workload: "SecurityComplianceCenter",
  objectId,
  resultStatus: "Success",
  details: {
    Parameters: Object.entries(params)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `-${name} "${audited(value)}"`)
      .join(" "),
  },
})

/** Values of an `AdvancedSettings` hashtable; `$null` takes a setting away. */
export const AdvancedSettings = Schema.Record(
  Schema.String,
  Schema.NullOr(
    Schema.Union([Schema.String, Schema.Boolean, Schema.Finite, Schema.Array(Schema.String)]),
  ),
)
export type AdvancedSettings = typeof AdvancedSettings.Type

/** Settings after a change; keys in lower case, no key for what was taken away. */
export const withSettings = (
  before: Readonly<Record<string, string>>,
  changes: AdvancedSettings = {},
): Readonly<Record<string, string>> => {
  const after: Record<string, string> = { ...before }
  for (const [name, value] of Object.entries(changes)) {
    const key = name.toLowerCase()
    if (value === null || value === "") delete after[key]
    else after[key] = Array.isArray(value) ? value.join(",") : printedParameter(value)
  }
  return Object.fromEntries(Object.entries(after).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Settings the way `Get-Label` prints them. */
export const printedSettings = (settings: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(settings).map(([key, value]) => `[${key}, ${value}]`)

const reads = gate<{ readonly object: string }>()({
  name: "object-readable",
  facts: ["MIP-090"],
  reads: ["object"],
  check: ({ object }) => pass("The account may read this configuration.", { object }),
})

/** The decision of a cmdlet that only reads. */
export const readable = (object: string): Decision => decideByGates([reads], { object })
