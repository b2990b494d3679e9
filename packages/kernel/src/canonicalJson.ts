/**
 * JSON with sorted keys and no spaces: equal values give equal bytes, whatever the order in which
 * they were built. What is hashed, compared or written as an artefact goes through here.
 */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value))

/** The same, two spaces deep, for files that people read; ends with a newline. */
export const canonicalJsonPretty = (value: unknown): string =>
  `${JSON.stringify(sorted(value), undefined, 2)}\n`

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  // fromEntries defines own properties, so that a key named __proto__ stays a key.
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
