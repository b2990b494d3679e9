import type {
  Element,
  Evidence,
  Level,
  Place,
  SensitiveInformationType,
  SitFinding,
  SitMatch,
} from "./SensitiveInformationType.ts"

/** Longest text that is looked at, in characters: the service stops there as well (it says 2 MB). */
export const textLimit = 2_000_000

/** Places of evidence, found once for each text and kind of evidence, in order. */
class EvidenceIndex {
  private readonly found = new Map<Evidence, Float64Array>()
  private readonly text: string
  constructor(text: string) {
    this.text = text
  }

  /** Whether this evidence starts and ends inside `from` to `to`, outside the match itself. */
  isNear(evidence: Evidence, match: { start: number; end: number }, proximity: number): boolean {
    const places = this.placesOf(evidence)
    const from = match.start - proximity
    const to = match.end + proximity
    for (let at = firstFrom(places, from); at < places.length; at += 2) {
      const start = places[at] ?? 0
      const end = places[at + 1] ?? 0
      if (start >= to) return false
      if (end <= to && (end <= match.start || start >= match.end)) return true
    }
    return false
  }

  /** Places of evidence in order: a start and an end each. */
  placesOf(evidence: Evidence): Float64Array {
    const known = this.found.get(evidence)
    if (known !== undefined) return known
    const stored = Float64Array.from([...placesIn(this.text, evidence)].flat())
    this.found.set(evidence, stored)
    return stored
  }
}

const placesIn = function* (text: string, evidence: Evidence): Iterable<Place> {
  if ("placesIn" in evidence) return yield* evidence.placesIn(text)
  for (const { index, 0: found } of text.matchAll(patternOf(evidence))) {
    yield [index, index + found.length]
  }
}

/** Index of the first pair that starts at or after a position. */
const firstFrom = (places: Float64Array, from: number): number => {
  let low = 0
  let high = places.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle * 2] ?? 0) < from) low = middle + 1
    else high = middle
  }
  return low * 2
}

const keywordPatterns = new WeakMap<readonly string[], RegExp>()

const patternOf = (evidence: readonly string[] | RegExp): RegExp => {
  if (evidence instanceof RegExp) return evidence
  const known = keywordPatterns.get(evidence)
  if (known !== undefined) return known
  const made = keywordPattern(evidence)
  keywordPatterns.set(evidence, made)
  return made
}

/** Whole words, whatever the case; a space stands for any white space. */
const keywordPattern = (words: readonly string[]): RegExp => {
  const sources = words
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((word) => RegExp.escape(word).replaceAll(/\\x20| /g, "\\s"))
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${sources.join("|")})(?![\\p{L}\\p{N}])`, "giu")
}

/** Letters and digits of any script count; all else only separates. */
const separators = /[^\p{L}\p{N}]+/gu

/** Whether a level has all its evidence around a place. */
const isMet = (
  index: EvidenceIndex,
  { evidence = [], any = [] }: Level,
  place: { readonly start: number; readonly end: number },
  proximity: number,
): boolean =>
  evidence.every((it) => index.isNear(it, place, proximity)) &&
  any.every(({ of, min, max = of.length }) => {
    const count = of.filter((it) => index.isNear(it, place, proximity)).length
    return count >= min && count <= max
  })

const confidenceOf = (
  index: EvidenceIndex,
  element: Element,
  place: { readonly start: number; readonly end: number },
  proximity: number,
): number => element.levels.find((level) => isMet(index, level, place, proximity))?.confidence ?? 0

/** What belongs to the number; empty where it would have to be cut inside a word. */
const trimmed = ({ length }: Element, found: string): string => {
  const wanted = length?.(found)
  if (wanted === undefined) return found
  let count = 0
  for (let end = 0; end < found.length; end++) {
    if (/[A-Za-z0-9]/.test(found.charAt(end))) count += 1
    if (count === wanted)
      return /[A-Za-z0-9]/.test(found.charAt(end + 1)) ? "" : found.slice(0, end + 1)
  }
  return ""
}

const matchesOf = (
  text: string,
  index: EvidenceIndex,
  { elements, proximity }: SensitiveInformationType,
): readonly SitMatch[] => {
  const best = new Map<number, SitMatch>()
  for (const element of elements) {
    const places = index.placesOf(element.pattern)
    for (let at = 0; at < places.length; at += 2) {
      const start = places[at] ?? 0
      const taken = trimmed(element, text.slice(start, places[at + 1]))
      const value = taken.replaceAll(separators, "").toUpperCase()
      if (taken === "" || element.checksum?.(value) === false) continue
      const end = start + taken.length
      const confidence = confidenceOf(index, element, { start, end }, proximity)
      const before = best.get(start)?.confidence ?? 0
      if (confidence > before) best.set(start, { value, start, end, confidence })
    }
  }
  return [...best.values()].toSorted((a, b) => a.start - b.start)
}

/**
 * What a text contains of the given types, in their order; types that it does not contain are left
 * out. Takes time in proportion to the text: patterns are bounded, evidence is looked up once.
 */
export const findSensitiveInformation = (
  text: string,
  types: readonly SensitiveInformationType[],
): readonly SitFinding[] => {
  const read = text.length > textLimit ? text.slice(0, textLimit) : text
  const index = new EvidenceIndex(read)
  return types.flatMap((type) => {
    const matches = matchesOf(read, index, type)
    return matches.length === 0 ? [] : [{ id: type.id, name: type.name, matches }]
  })
}
