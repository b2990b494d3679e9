import type { Step } from "./Scenario.ts"

/** A value as it is shown in a command line: short, one line. */
export const shown = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  const line = text.replaceAll(/\s+/g, " ").trim()
  return line.length > 70 ? `${line.slice(0, 69)}…` : line
}

const parameters = (params: Readonly<Record<string, unknown>>): string =>
  Object.entries(params)
    .map(([key, value]) => `${key}: ${shown(value)}`)
    .join(", ")

/** What the audience sees being done: cmdlet lines as written, actions with their parameters. */
export const commandOf = (step: Step, params?: Readonly<Record<string, unknown>>): string => {
  if ("powershell" in step) return step.powershell.trimEnd()
  if ("do" in step) return `${step.do}  ${parameters(params ?? step.with ?? {})}`.trimEnd()
  if ("attack" in step) return `${step.attack}  ${parameters(params ?? step.with ?? {})}`.trimEnd()
  if ("wait" in step) return `wait ${step.wait}`
  if ("fault" in step) return `${step.fault} ${step.on ? "begins" : "ends"}`
  if ("poll" in step) return step.poll
  return ""
}

/** The heading of a step: the author's, or one made from what it does. */
export const titleOf = (step: Step): string => {
  if (step.title !== undefined) return step.title
  if ("powershell" in step) {
    const first = step.powershell
      .split("\n")
      .map((line) => line.trim())
      .find((line) => line !== "" && !line.startsWith("#"))
    return shown(first ?? "")
  }
  if ("do" in step) return `${step.as}: ${step.do.replaceAll("-", " ")}`
  if ("attack" in step) return `${step.as} attacks: ${step.attack.replaceAll("-", " ")}`
  if ("wait" in step) return `${step.wait} later`
  if ("fault" in step) return `Fault ${step.on ? "on" : "off"}: ${step.fault.replaceAll("-", " ")}`
  if ("poll" in step) return "Question to the audience"
  return "What must hold"
}
