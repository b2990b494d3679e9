import type { CustomType } from "./CustomType.ts"
import {
  type ExactField,
  type ExactSchema,
  type ExactTable,
  hashOf,
  normalValue,
} from "./ExactData.ts"
import { findSensitiveInformation } from "./findSensitiveInformation.ts"
import type { SensitiveInformationType, SitFinding, SitMatch } from "./SensitiveInformationType.ts"

/** Words in a row that are compared as one value. */
const longestPhrase = 4

interface Words {
  readonly text: string
  readonly places: readonly { readonly start: number; readonly end: number }[]
}

const wordsOf = (text: string): Words => ({
  text,
  places: [...text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}@._%+'-]{0,120}/gu)].map(
    ({ index, 0: word }) => ({
      start: index,
      end: index + word.replace(/[.'_-]+$/, "").length,
    }),
  ),
})

/** Hashes of the words and phrases around a place. */
const hashesNear = (
  words: Words,
  { start, end }: { readonly start: number; readonly end: number },
  o: { readonly proximity: number; readonly salt: string; readonly field: ExactField },
): ReadonlySet<string> => {
  const hashes = new Set<string>()
  const near = words.places.filter(
    (it) => it.start >= start - o.proximity && it.end <= end + o.proximity,
  )
  near.forEach((first, index) => {
    for (let length = 0; length < longestPhrase; length++) {
      const last = near[index + length]
      if (last === undefined) break
      const value = normalValue(o.field, words.text.slice(first.start, last.end))
      if (value !== "") hashes.add(hashOf(o.salt, o.field.name, value))
    }
  })
  return hashes
}

/**
 * What a text contains of a table: a candidate of the primary element whose hash is in the table,
 * and values of the same row near by. Without data nothing matches.
 */
export const findExactData = (
  text: string,
  type: CustomType,
  o: {
    readonly schema: ExactSchema
    readonly table: ExactTable
    /** Recognises candidates of the primary element. */
    readonly typeOf: (id: string) => SensitiveInformationType | undefined
  },
): SitFinding | undefined => {
  const { schema, table } = o
  const words = wordsOf(text)
  const fieldAt = (name: string): number =>
    schema.fields.findIndex((it) => it.name.toLowerCase() === name.toLowerCase())
  const best = new Map<number, SitMatch>()
  for (const { primary, all, any, confidence } of type.patterns) {
    if (primary._tag !== "Field") continue
    const column = fieldAt(primary.field)
    const field = schema.fields[column]
    const classification = o.typeOf(primary.type ?? "")
    if (field === undefined || classification === undefined) continue
    const candidates = findSensitiveInformation(text, [anyLevel(classification)])[0]?.matches ?? []
    for (const match of candidates) {
      const written = normalValue(field, text.slice(match.start, match.end))
      const hashes = [written, normalValue(field, match.value)].map((it) =>
        hashOf(table.salt, field.name, it),
      )
      const rows = table.rows.filter((row) => hashes.includes(row[column] ?? ""))
      const supports = (row: readonly string[], name: string): boolean => {
        const at = fieldAt(name)
        const other = schema.fields[at]
        const hash = row[at] ?? ""
        if (other === undefined || hash === "") return false
        const near = { proximity: type.proximity, salt: table.salt, field: other }
        return hashesNear(words, match, near).has(hash)
      }
      const isMet = rows.some(
        (row) =>
          all.every((it) => it._tag === "Field" && supports(row, it.field)) &&
          any.every(({ of, min, max = of.length }) => {
            const count = of.filter((it) => it._tag === "Field" && supports(row, it.field)).length
            return count >= min && count <= max
          }),
      )
      const before = best.get(match.start)?.confidence ?? 0
      if (isMet && confidence > before) best.set(match.start, { ...match, confidence })
    }
  }
  const matches = [...best.values()].toSorted((a, b) => a.start - b.start)
  return matches.length === 0 ? undefined : { id: type.id, name: type.name, matches }
}

/** The candidate need not be sure by itself: the table decides. */
const anyLevel = (type: SensitiveInformationType): SensitiveInformationType => ({
  ...type,
  elements: type.elements.map((it) => ({ ...it, levels: [{ confidence: 1 }] })),
})
