import type { OutputObject } from "@twin/kernel"

type Literal = string | boolean | number | null
type Operator = "eq" | "ne" | "gt" | "ge" | "lt" | "le"

/** A filter as it was understood. Property names are in lower case, paths with slashes. */
export type Filter =
  | { readonly kind: "everything" }
  | { readonly kind: "and" | "or"; readonly parts: readonly Filter[] }
  | { readonly kind: "not"; readonly part: Filter }
  | {
      readonly kind: "comparison"
      readonly property: string
      readonly operator: Operator
      readonly value: Literal
    }
  | { readonly kind: "in"; readonly property: string; readonly values: readonly Literal[] }
  | {
      readonly kind: "startswith" | "endswith"
      readonly property: string
      readonly value: string
    }

export const everything: Filter = { kind: "everything" }

const token =
  /\s+|'(?:[^']|'')*'|[(),]|\d{4}-\d{2}-\d{2}T[\d:.]+Z|-?\d{1,15}(?![\w.-])|[A-Za-z_][\w/]*/y

/** The longest filter that is read, and how deep its brackets may nest. */
const longest = 4096
const deepest = 32

const tokensOf = (text: string): readonly string[] | undefined => {
  if (text.length > longest) return undefined
  const found: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const match = token.exec(text)
    if (match === null) return undefined
    if (match[0].trim() !== "") found.push(match[0])
  }
  return found
}

const literalOf = (text: string | undefined): Literal | undefined => {
  if (text === undefined) return undefined
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'")
  if (text === "null") return null
  if (text === "true" || text === "false") return text === "true"
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? text : undefined
}

const operators: readonly string[] = ["eq", "ne", "gt", "ge", "lt", "le"]
const isOperator = (it: string): it is Operator => operators.includes(it)
const isName = (it: string | undefined): it is string =>
  it !== undefined && /^[A-Za-z_]/.test(it) && literalOf(it) === undefined

/** What a rule has read, and where the text goes on. */
interface Read {
  readonly filter: Filter
  readonly next: number
}

type Rule = (tokens: readonly string[], at: number, depth: number) => Read | undefined

const joined =
  (kind: "and" | "or", part: Rule): Rule =>
  (tokens, at, depth) => {
    const first = part(tokens, at, depth)
    if (first === undefined) return undefined
    const parts = [first.filter]
    let { next } = first
    while (tokens[next]?.toLowerCase() === kind) {
      const more = part(tokens, next + 1, depth)
      if (more === undefined) return undefined
      parts.push(more.filter)
      next = more.next
    }
    return { filter: parts.length === 1 ? first.filter : { kind, parts }, next }
  }

const negated: Rule = (tokens, at, depth) => {
  if (tokens[at]?.toLowerCase() !== "not") return primary(tokens, at, depth)
  const inner = depth < deepest ? negated(tokens, at + 1, depth + 1) : undefined
  return inner === undefined
    ? undefined
    : { filter: { kind: "not", part: inner.filter }, next: inner.next }
}

const expression: Rule = (tokens, at, depth) =>
  joined("or", joined("and", negated))(tokens, at, depth)

const primary: Rule = (tokens, at, depth) => {
  if (tokens[at] === "(") {
    const inner = depth < deepest ? expression(tokens, at + 1, depth + 1) : undefined
    return inner === undefined || tokens[inner.next] !== ")"
      ? undefined
      : { filter: inner.filter, next: inner.next + 1 }
  }
  return call(tokens, at, depth) ?? comparison(tokens, at, depth)
}

const call: Rule = (tokens, at) => {
  const [name, open, property, comma, raw, close] = tokens.slice(at, at + 6)
  const kind = name?.toLowerCase()
  const value = literalOf(raw)
  if ((kind !== "startswith" && kind !== "endswith") || open !== "(") return undefined
  return !isName(property) || comma !== "," || close !== ")" || typeof value !== "string"
    ? undefined
    : { filter: { kind, property: property.toLowerCase(), value }, next: at + 6 }
}

const comparison: Rule = (tokens, at) => {
  const [property, word, raw] = tokens.slice(at, at + 3)
  const operator = word?.toLowerCase() ?? ""
  if (!isName(property)) return undefined
  if (operator === "in") return membership(property.toLowerCase(), tokens, at + 2)
  const value = literalOf(raw)
  return !isOperator(operator) || value === undefined
    ? undefined
    : {
        filter: { kind: "comparison", property: property.toLowerCase(), operator, value },
        next: at + 3,
      }
}

const membership = (property: string, tokens: readonly string[], at: number): Read | undefined => {
  if (tokens[at] !== "(") return undefined
  const values: Literal[] = []
  for (let next = at + 1; ; next += 2) {
    const value = literalOf(tokens[next])
    if (value === undefined) return undefined
    values.push(value)
    if (tokens[next + 1] === ")")
      return { filter: { kind: "in", property, values }, next: next + 2 }
    if (tokens[next + 1] !== ",") return undefined
  }
}

/**
 * Reads the part of OData that admins type: comparisons, `in`, startsWith and endsWith, joined by and,
 * or, not and brackets. Undefined where it is something else: a filter is never half obeyed.
 */
export const readFilter = (filter: string | undefined): Filter | undefined => {
  if (filter === undefined) return everything
  const tokens = tokensOf(filter)
  if (tokens === undefined || tokens.length === 0) return undefined
  const read = expression(tokens, 0, 0)
  return read?.next === tokens.length ? read.filter : undefined
}

const fold = (it: unknown): unknown => (typeof it === "string" ? it.toLowerCase() : (it ?? null))

const ordered = (operator: Operator, actual: unknown, value: Literal): boolean => {
  const [a, b] = [fold(actual), fold(value)]
  if (a === null || b === null || typeof a !== typeof b) return false
  if (typeof a !== "string" && typeof a !== "number") return false
  const [left, right] = [a, b as string | number]
  switch (operator) {
    case "gt":
      return left > right
    case "ge":
      return left >= right
    case "lt":
      return left < right
    default:
      return left <= right
  }
}

type Row = ReadonlyMap<string, unknown>

/** A property of a row, or of an object inside it: `web/redirecturis`. */
const valueAt = (row: Row, path: string): unknown => {
  const [head = "", ...rest] = path.split("/")
  let value: unknown = row.get(head) ?? null
  for (const name of rest) {
    if (typeof value !== "object" || value === null) return null
    value = Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1] ?? null
  }
  return value
}

const holds = (filter: Filter, row: Row): boolean => {
  switch (filter.kind) {
    case "everything":
      return true
    case "and":
      return filter.parts.every((part) => holds(part, row))
    case "or":
      return filter.parts.some((part) => holds(part, row))
    case "not":
      return !holds(filter.part, row)
    case "in":
      return filter.values.some((it) => fold(it) === fold(valueAt(row, filter.property)))
    case "startswith":
    case "endswith": {
      const actual = valueAt(row, filter.property)
      if (typeof actual !== "string") return false
      const [text, piece] = [actual.toLowerCase(), filter.value.toLowerCase()]
      return filter.kind === "startswith" ? text.startsWith(piece) : text.endsWith(piece)
    }
    case "comparison": {
      const actual = valueAt(row, filter.property)
      if (filter.operator === "eq") return fold(actual) === fold(filter.value)
      if (filter.operator === "ne") return fold(actual) !== fold(filter.value)
      return ordered(filter.operator, actual, filter.value)
    }
  }
}

/** The rows that the filter admits; property names in any case. */
export const filterRows = (
  rows: readonly OutputObject[],
  filter: Filter,
): readonly OutputObject[] =>
  rows.filter((row) =>
    holds(filter, new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]))),
  )

/** Every simple condition of a filter, wherever it stands. */
export const conditionsOf = (filter: Filter): readonly Filter[] => {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.parts.flatMap(conditionsOf)
    case "not":
      return [filter, ...conditionsOf(filter.part)]
    case "everything":
      return []
    default:
      return [filter]
  }
}
