import type { ParameterSpec, ParameterType } from "./ParameterSpec.ts"

const text: ParameterType = { kind: "string" }
const preferences: ParameterType = {
  kind: "choice",
  name: "System.Management.Automation.ActionPreference",
  values: ["SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore", "Suspend", "Break"],
}

const common = (name: string, alias: string, type: ParameterType): ParameterSpec => ({
  name,
  aliases: [alias],
  type,
  isMandatory: false,
})

const everywhere: readonly ParameterSpec[] = [
  common("Verbose", "vb", { kind: "switch" }),
  common("Debug", "db", { kind: "switch" }),
  common("ErrorAction", "ea", preferences),
  common("WarningAction", "wa", preferences),
  common("InformationAction", "infa", preferences),
  common("ProgressAction", "proga", preferences),
  common("ErrorVariable", "ev", text),
  common("WarningVariable", "wv", text),
  common("InformationVariable", "iv", text),
  common("OutVariable", "ov", text),
  common("OutBuffer", "ob", { kind: "integer" }),
  common("PipelineVariable", "pv", text),
]

const whereSomethingChanges: readonly ParameterSpec[] = [
  common("WhatIf", "wi", { kind: "switch" }),
  common("Confirm", "cf", { kind: "switch" }),
]

/** What every cmdlet takes besides its own parameters. */
export const commonParameters = (changesThings: boolean): readonly ParameterSpec[] =>
  changesThings ? [...everywhere, ...whereSomethingChanges] : everywhere
