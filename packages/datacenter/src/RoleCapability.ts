import { Schema } from "effect"

/** One parameter that a role may use, with the values it may carry (DCO-081). */
export const ParameterCapability = Schema.Struct({
  name: Schema.NonEmptyString,
  validateSet: Schema.optionalKey(Schema.Array(Schema.String)),
  validatePattern: Schema.optionalKey(Schema.NonEmptyString),
})
export type ParameterCapability = typeof ParameterCapability.Type

/** One visible cmdlet. Without `parameters` all of its parameters are open. */
export const CmdletCapability = Schema.Struct({
  name: Schema.NonEmptyString,
  parameters: Schema.optionalKey(Schema.Array(ParameterCapability)),
})
export type CmdletCapability = typeof CmdletCapability.Type

/** What a constrained session can always do (DCO-080). */
export const defaultCommands = [
  "Clear-Host",
  "Exit-PSSession",
  "Get-Command",
  "Get-FormatData",
  "Get-Help",
  "Measure-Object",
  "Out-Default",
  "Select-Object",
] as const

/** Open on every cmdlet (DCO-081). */
const commonParameters = [
  "Debug",
  "ErrorAction",
  "ErrorVariable",
  "InformationAction",
  "InformationVariable",
  "OutBuffer",
  "OutVariable",
  "PipelineVariable",
  "ProgressAction",
  "Verbose",
  "WarningAction",
  "WarningVariable",
]

/** Ways out of a constrained session: no role may expose one (DCO-086). */
export const escapeCommands = [
  "Add-ADGroupMember",
  "Add-LocalGroupMember",
  "Start-Process",
  "New-Service",
  "Invoke-Expression",
  "Invoke-Command",
  "New-ScheduledTask",
  "Register-ScheduledTask",
  "net.exe",
] as const

/** A command line as it arrives: a name and string values. */
export interface CommandLine {
  readonly command: string
  readonly parameters: Readonly<Record<string, string>>
}

/** What the constrained session says about a command line. */
export interface CapabilityFinding {
  readonly result: "allowed" | "cmdlet-not-in-role" | "parameter-not-allowed"
  /** The parameter that is not open, or whose value is not. */
  readonly parameter?: string
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const admits = (open: ParameterCapability, value: string): boolean => {
  // Where both are given the pattern wins (DCO-081).
  if (open.validatePattern !== undefined) return new RegExp(open.validatePattern, "i").test(value)
  return open.validateSet === undefined || open.validateSet.some((it) => same(it, value))
}

/** Asks one session's capabilities, the union of its role groups (DCO-079, DCO-082). */
export const checkCommandLine = (
  capabilities: readonly CmdletCapability[],
  { command, parameters }: CommandLine,
): CapabilityFinding => {
  if (defaultCommands.some((it) => same(it, command))) return { result: "allowed" }
  const visible = capabilities.filter(({ name }) => same(name, command))
  if (visible.length === 0) return { result: "cmdlet-not-in-role" }
  // The most permissive of several exposures counts.
  if (visible.some((it) => it.parameters === undefined)) return { result: "allowed" }
  const open = visible.flatMap((it) => it.parameters ?? [])
  for (const [name, value] of Object.entries(parameters)) {
    if (commonParameters.some((it) => same(it, name))) continue
    const admitted = open.some((it) => same(it.name, name) && admits(it, value))
    if (!admitted) return { result: "parameter-not-allowed", parameter: name }
  }
  return { result: "allowed" }
}

/** Commands of a capability that would let a session out of its bounds (DCO-086). */
export const escapesOf = (capabilities: readonly CmdletCapability[]): readonly string[] =>
  capabilities
    .map(({ name }) => name)
    .filter((name) => name.includes("*") || escapeCommands.some((it) => same(it, name)))
