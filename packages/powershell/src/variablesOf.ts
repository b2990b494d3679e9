import { nodesOf } from "./commandsOf.ts"
import type { AssignmentTarget, Expression, Script, Variable } from "./Syntax.ts"

/** A variable that a script reads, and the properties it goes on to: `$link.mail.id`. */
export interface VariableUse {
  readonly variable: Variable
  readonly path: readonly string[]
}

/** What a script reads from variables and which ones it sets, by name in lower case. */
export interface VariablesOf {
  readonly read: readonly VariableUse[]
  readonly set: ReadonlySet<string>
}

const automatic = new Set(["true", "false", "null", "_", "psitem"])

/** `script:x` is `x`; undefined for what the shell itself provides. */
const ownName = (name: string): string | undefined => {
  const [scope = "", rest] = name.toLowerCase().split(":")
  if (rest === undefined) return automatic.has(scope) ? undefined : scope
  return ["script", "global", "local", "private"].includes(scope) ? rest : undefined
}

export const variablesOf = (script: Script): VariablesOf => {
  const set = new Set<string>()
  const targets = new Set<Expression>()
  const within = new Set<Expression>()
  const read: VariableUse[] = []
  const nodes = nodesOf(script)
  for (const node of nodes) {
    if (node._tag === "Assignment") {
      const variable = variableOf(node.target)
      if (variable !== undefined) set.add(variable.name.toLowerCase().replace(/^.*:/, ""))
      if (node.operator === "=" && variable === node.target) targets.add(variable)
    }
    if (node._tag === "ForEach") set.add(node.variable.toLowerCase())
    if (node._tag === "Member") within.add(node.target)
  }
  for (const node of nodes) {
    const isOuter = (node._tag === "Variable" || node._tag === "Member") && !within.has(node)
    const use = isOuter && !targets.has(node) ? useOf(node) : undefined
    if (use !== undefined && ownName(use.variable.name) !== undefined) read.push(use)
  }
  return { read, set }
}

const variableOf = (target: AssignmentTarget | Expression): Variable | undefined => {
  switch (target._tag) {
    case "Variable":
      return target
    case "Member":
    case "Index":
      return variableOf(target.target)
    case "Cast":
      return variableOf(target.expression)
    default:
      return undefined
  }
}

/** Undefined where the chain of properties does not begin with a variable. */
const useOf = (node: Expression): VariableUse | undefined => {
  const path: string[] = []
  let at = node
  while (at._tag === "Member") {
    path.unshift(at.name)
    at = at.target
  }
  return at._tag === "Variable" ? { variable: at, path } : undefined
}

/** The name by which a variable is found, in lower case. */
export const variableName = ({ name }: Variable): string => ownName(name) ?? name.toLowerCase()
