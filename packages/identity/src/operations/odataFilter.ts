import type { OutputObject } from "@twin/kernel"

interface Clause {
  readonly property: string
  readonly operator: "eq" | "ne" | "startswith"
  readonly value: string | boolean | number | null
}

const valueOf = (text: string): Clause["value"] | undefined => {
  const quoted = /^'((?:[^']|'')*)'$/.exec(text)
  if (quoted !== null) return (quoted[1] ?? "").replaceAll("''", "'")
  if (text === "null") return null
  if (/^\d{1,15}$/.test(text)) return Number(text)
  return text === "true" || text === "false" ? text === "true" : undefined
}

const clauseOf = (text: string): Clause | undefined => {
  const call = /^startswith\(\s*(\w+)\s*,\s*('(?:[^']|'')*')\s*\)$/i.exec(text)
  const comparison = /^(\w+)\s+(eq|ne)\s+('(?:[^']|'')*'|true|false|null|\d{1,15})$/i.exec(text)
  const [, property, operator, raw] =
    call === null ? (comparison ?? []) : ["", call[1], "startswith", call[2]]
  if (property === undefined || operator === undefined || raw === undefined) return undefined
  const value = valueOf(raw)
  const known = operator.toLowerCase()
  return value === undefined || (known !== "eq" && known !== "ne" && known !== "startswith")
    ? undefined
    : { property: property.toLowerCase(), operator: known, value }
}

/** Splits at `and` outside of quotes. */
const conjuncts = (filter: string): readonly string[] =>
  (filter.match(/(?:'(?:[^']|'')*'|(?!\sand\s)[\s\S])+/gi) ?? []).map((part) =>
    part.replace(/^\s*and\s+/i, "").trim(),
  )

/**
 * Reads the part of OData that admins type: comparisons and startswith, joined by `and`. Undefined
 * where it is something else: a filter is never half obeyed.
 */
export const readFilter = (filter: string | undefined): readonly Clause[] | undefined => {
  if (filter === undefined) return []
  const clauses = conjuncts(filter).map(clauseOf)
  const readable = clauses.filter((it) => it !== undefined)
  return readable.length === clauses.length && clauses.length > 0 ? readable : undefined
}

const fold = (it: unknown): unknown => (typeof it === "string" ? it.toLowerCase() : (it ?? null))

const holds = ({ operator, value }: Clause, actual: unknown): boolean => {
  switch (operator) {
    case "eq":
      return fold(actual) === fold(value)
    case "ne":
      return fold(actual) !== fold(value)
    case "startswith":
      return (
        typeof actual === "string" &&
        typeof value === "string" &&
        actual.toLowerCase().startsWith(value.toLowerCase())
      )
  }
}

/** The rows for which every clause holds; property names in any case. */
export const filterRows = (
  rows: readonly OutputObject[],
  clauses: readonly Clause[],
): readonly OutputObject[] =>
  rows.filter((row) => {
    const byName = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]))
    return clauses.every((clause) => holds(clause, byName.get(clause.property)))
  })
