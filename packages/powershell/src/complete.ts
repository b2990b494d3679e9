import type { OperationInfo } from "@twin/kernel"
import { commonParameters } from "./commonParameters.ts"
import { type CommandSpec, commandSpecOf, type ParameterType } from "./ParameterSpec.ts"
import { argumentText } from "./quote.ts"
import { shellCommandNamed, shellCommands } from "./shell-commands/table.ts"
import type { Entries } from "./Value.ts"

/** What may stand where the cursor is, and which part of the line it replaces. */
export interface Completion {
  readonly from: number
  readonly candidates: readonly Candidate[]
}

export interface Candidate {
  readonly text: string
  /** One sentence for the screen. */
  readonly description?: string
}

/**
 * What somebody may be typing: the name of a cmdlet, a parameter that is not given yet, a value of
 * an enumeration, a variable. Works on lines that are not complete and therefore cannot be parsed.
 */
export const complete = (
  line: string,
  cursor: number,
  operations: ReadonlyMap<string, OperationInfo>,
  variables?: Entries,
): Completion => {
  const before = line.slice(0, cursor)
  const segment = before.slice(lastSeparator(before))
  const words = segment.split(/\s+/)
  const word = words.at(-1) ?? ""
  const from = before.length - word.length
  if (word.startsWith("$")) return { from, candidates: variableNames(word, variables) }
  const given = words.filter((it) => it !== "")
  const isName = given.length === 0 || (given.length === 1 && word !== "")
  if (isName) return { from, candidates: commandNames(word, operations) }
  const spec = specOf(given[0] ?? "", operations)
  if (spec === undefined) return { from, candidates: [] }
  if (/^[-\u2013-\u2015]/.test(word)) return parameterCompletion(spec, given, word, from)
  const parameter = /^[-\u2013-\u2015](.+)$/.exec(words.at(-2) ?? "")?.[1]
  const type = parameter === undefined ? undefined : parameterType(spec, parameter)
  return { from, candidates: type === undefined ? [] : valuesOf(type, word) }
}

/** Where the command around the end of the text begins: after a pipe, a semicolon, a bracket. */
const lastSeparator = (text: string): number => {
  const found = /[|;({=][^|;({=]*$/.exec(text)
  return found === null ? 0 : found.index + 1
}

const matching = (names: readonly Candidate[], typed: string): readonly Candidate[] =>
  names
    .filter(({ text }) => text.toLowerCase().startsWith(typed.toLowerCase()))
    .toSorted((a, b) => (a.text.toLowerCase() < b.text.toLowerCase() ? -1 : 1))

const automatic = ["true", "false", "null", "_"]

const variableNames = (typed: string, variables: Entries | undefined): readonly Candidate[] => {
  const own = [...(variables?.values() ?? [])].map(({ name }) => name)
  const names = [...automatic, ...own].map((name) => ({ text: `$${name}` }))
  return matching(names, typed)
}

const commandNames = (
  typed: string,
  operations: ReadonlyMap<string, OperationInfo>,
): readonly Candidate[] => {
  const cmdlets = [...operations.values()].filter(({ kind }) => kind === "cmdlet")
  const own = shellCommands.map(({ spec }) => ({ text: spec.name }))
  return matching(
    [...cmdlets.map(({ name, summary }) => ({ text: name, description: summary })), ...own],
    typed,
  )
}

const specOf = (
  name: string,
  operations: ReadonlyMap<string, OperationInfo>,
): CommandSpec | undefined => {
  const plain = name.slice(name.lastIndexOf("\\") + 1).toLowerCase()
  const operation = operations.get(plain)
  return operation === undefined ? shellCommandNamed(plain)?.spec : commandSpecOf(operation)
}

const parameterCompletion = (
  spec: CommandSpec,
  given: readonly string[],
  word: string,
  from: number,
): Completion => {
  const colon = word.indexOf(":")
  if (colon > 0) {
    const type = parameterType(spec, word.slice(1, colon))
    const typed = word.slice(colon + 1)
    return { from: from + colon + 1, candidates: type === undefined ? [] : valuesOf(type, typed) }
  }
  const used = new Set(given.slice(0, -1).map((it) => it.toLowerCase()))
  const common = commonParameters(spec.changesThings).filter(({ name }) =>
    ["ErrorAction", "WhatIf", "Confirm"].includes(name),
  )
  const names = [...spec.parameters, ...common]
    .filter(({ name }) => !used.has(`-${name}`.toLowerCase()))
    .map(({ name, description }) =>
      description === undefined ? { text: `-${name}` } : { text: `-${name}`, description },
    )
  return { from, candidates: matching(names, `-${word.slice(1)}`) }
}

const parameterType = (spec: CommandSpec, name: string): ParameterType | undefined => {
  const wanted = name.toLowerCase()
  const all = [...spec.parameters, ...commonParameters(spec.changesThings)]
  const near = all.filter((it) => it.name.toLowerCase().startsWith(wanted))
  const exact = all.find((it) => it.name.toLowerCase() === wanted)
  return (exact ?? (near.length === 1 ? near[0] : undefined))?.type
}

const valuesOf = (type: ParameterType, typed: string): readonly Candidate[] => {
  switch (type.kind) {
    case "bool":
    case "switch":
      return matching([{ text: "$true" }, { text: "$false" }], typed)
    case "choice":
      return matching(
        type.values.map((it) => ({ text: argumentText(String(it), "script") })),
        typed,
      )
    case "list":
    case "nullable":
      return valuesOf(type.of, typed)
    default:
      return []
  }
}
