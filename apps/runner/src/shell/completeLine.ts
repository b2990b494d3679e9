import type { OperationInfo } from "@twin/kernel"
import { type CommandSpec, commandSpecOf, shellCommandNamed } from "@twin/powershell"
import { shellCommandOf, shellCommands } from "./commands.ts"
import { parameterName, valuesOf } from "./helpLines.ts"
import type { WordKind } from "./ShellCommand.ts"
import { splitWords, type Word } from "./splitWords.ts"

/** What there is to choose from at this moment. */
export interface Vocabulary {
  readonly operations: readonly OperationInfo[]
  readonly people: readonly string[]
  /** What the access oracle can be asked. */
  readonly actions: readonly string[]
  readonly things: readonly string[]
  readonly faults: readonly string[]
}

/** What may stand at the end of a line, and the piece of the line that it takes the place of. */
export interface Completion {
  readonly candidates: readonly string[]
  readonly replaced: string
}

const byName = (a: string, b: string): number => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)

/** Completes the end of a line: names first, then parameters, then values. */
export const completeLine = (line: string, vocabulary: Vocabulary): Completion => {
  // What is left of a pipe or of a semicolon has been said.
  const segment = line.slice(Math.max(line.lastIndexOf("|"), line.lastIndexOf(";")) + 1)
  const words = splitWords(segment)
  const last = words.at(-1)
  const isOpen = last !== undefined && !(last.quote !== "" && last.isClosed) && !/\s$/.test(segment)
  const isInside = isOpen || (last !== undefined && !last.isClosed)
  const current: Word = isInside ? (last ?? emptyWord(segment)) : emptyWord(segment)
  const before = isInside ? words.slice(0, -1) : words
  const replaced = segment.slice(current.start)
  const [head] = before
  const isFirstSegment = segment.length === line.length
  const candidates =
    head === undefined
      ? namesFor(vocabulary, isFirstSegment)
      : isFirstSegment && shellCommandOf(head.text) !== undefined
        ? wordsFor(shellCommandOf(head.text)?.takes[before.length - 1], vocabulary)
        : argumentsFor(head.text, before, current, vocabulary)
  return {
    candidates: [...new Set(candidates)]
      .filter((it) => it.toLowerCase().startsWith(current.text.toLowerCase()))
      .toSorted(byName)
      .map((it) => quoted(it, current.quote)),
    replaced,
  }
}

const emptyWord = (segment: string): Word => ({
  text: "",
  start: segment.length,
  quote: "",
  isClosed: true,
})

const namesFor = ({ operations }: Vocabulary, isFirst: boolean): readonly string[] => [
  ...(isFirst ? shellCommands.map((it) => it.name) : []),
  ...operations.map((it) => it.name),
  ...pipelineCommands,
]

/** Of PowerShell's own commands, those that follow a pipe most often. */
const pipelineCommands = ["Format-List", "Format-Table", "Select-Object", "Where-Object"]

const wordsFor = (kind: WordKind | undefined, vocabulary: Vocabulary): readonly string[] => {
  switch (kind) {
    case "person":
      return vocabulary.people
    case "action":
      return vocabulary.actions
    case "thing":
      return vocabulary.things
    case "fault":
      return vocabulary.faults
    case "switch":
      return ["on", "off"]
    case "name":
      return ["actions", "cmdlets", ...namesFor(vocabulary, true)]
    case undefined:
      return []
  }
}

const argumentsFor = (
  name: string,
  before: readonly Word[],
  current: Word,
  vocabulary: Vocabulary,
): readonly string[] => {
  const spec = specOf(name, vocabulary)
  if (spec === undefined) return []
  const given = before.slice(1).filter(({ text, quote }) => quote === "" && text.startsWith("-"))
  if (current.quote === "" && current.text.startsWith("-")) {
    const taken = new Set(given.map(({ text }) => text.toLowerCase()))
    return spec.parameters.map(parameterName).filter((it) => !taken.has(it.toLowerCase()))
  }
  const previous = before.at(-1)
  const isNamed = previous?.quote === "" && previous.text.startsWith("-")
  const parameter = isNamed
    ? spec.parameters.find((it) => parameterName(it).toLowerCase() === previous.text.toLowerCase())
    : spec.parameters.find((it) => it.position === before.length - 1 - 2 * given.length)
  if (parameter === undefined) return spec.parameters.map(parameterName)
  const values = valuesOf(parameter.type)
  return values.length > 0 ? values : [...vocabulary.people, ...vocabulary.things]
}

const specOf = (name: string, { operations }: Vocabulary): CommandSpec | undefined => {
  const operation = operations.find((it) => it.name.toLowerCase() === name.toLowerCase())
  return operation === undefined ? shellCommandNamed(name)?.spec : commandSpecOf(operation)
}

/** A value as it has to be written: in quotes where it would fall apart without. */
const quoted = (text: string, quote: string): string => {
  if (quote === '"') return `"${text}"`
  const isPlain = /^[\w.@$:/-]+$/.test(text)
  return quote === "'" || !isPlain ? `'${text.replaceAll("'", "''")}'` : text
}
