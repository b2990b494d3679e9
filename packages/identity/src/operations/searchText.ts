import type { OutputObject } from "@twin/kernel"

/** One `"property:text"` of a search. */
interface Term {
  readonly property: string
  readonly words: readonly string[]
}

/** Any of the alternatives, each of which needs all of its terms. */
export type Search = readonly (readonly Term[])[]

/** Words as the index of the directory sees them: cut at signs, digits and changes of case. */
const wordsOf = (text: string): readonly string[] =>
  (text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|\p{Lo}+|[^\p{ASCII}\p{Lo}]+/gu) ?? []).map((it) =>
    it.toLowerCase(),
  )

const searchable: readonly string[] = [
  "displayname",
  "description",
  "mail",
  "mailnickname",
  "userprincipalname",
  "givenname",
  "surname",
]

/**
 * Reads `"displayName:Box" AND "description:files"`. `malformed`: quotation marks are missing;
 * `property`: one that the twin does not search.
 */
export const readSearch = (text: string | undefined): Search | "malformed" | "property" => {
  if (text === undefined) return []
  const alternatives = text.trim().split(/\s+OR\s+(?=")/)
  const read = alternatives.map((one) =>
    one.split(/\s+AND\s+(?=")/).map((part) => /^"(\w+):([^"]+)"$/.exec(part.trim())),
  )
  const matches = read.flat()
  if (matches.some((it) => it === null)) return "malformed"
  if (matches.some((it) => !searchable.includes(it?.[1]?.toLowerCase() ?? ""))) return "property"
  return read.map((parts) =>
    parts.map((it) => ({
      property: it?.[1]?.toLowerCase() ?? "",
      words: wordsOf(it?.[2] ?? ""),
    })),
  )
}

const hasTerm = (row: OutputObject, { property, words }: Term): boolean => {
  const value = Object.entries(row).find(([name]) => name.toLowerCase() === property)?.[1]
  if (typeof value !== "string" || words.length === 0) return false
  const known = wordsOf(value)
  return words.every((word) => known.some((it) => it.startsWith(word)))
}

/** The rows that a search finds; all of them where nothing is searched. */
export const searchRows = (
  rows: readonly OutputObject[],
  search: Search,
): readonly OutputObject[] =>
  search.length === 0
    ? rows
    : rows.filter((row) => search.some((terms) => terms.every((term) => hasTerm(row, term))))
