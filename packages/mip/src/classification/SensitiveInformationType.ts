import type { Checksum } from "./checksums.ts"

/** How sure a match is (MIP-151). */
export const confidenceLevels = { Low: 65, Medium: 75, High: 85 } as const
export type ConfidenceLevel = keyof typeof confidenceLevels

/** Supporting evidence has to stand so near to the match, in characters (MIP-151). */
export const defaultProximity = 300

/** A place in a text: where it starts, and where the text goes on. */
export type Place = readonly [start: number, end: number]

/** Finds places in a text, from the first to the last, in time that grows with the text alone. */
export interface Finder {
  readonly placesIn: (text: string) => Iterable<Place>
}

/** Words, a pattern, or anything that finds places. */
export type Evidence = readonly string[] | RegExp | Finder

/** Some of several kinds of evidence; `max` 0 demands that none is there. */
export interface AnyEvidence {
  readonly of: readonly Evidence[]
  readonly min: number
  readonly max?: number
}

/** How sure a match is with this evidence near by. */
export interface Level {
  readonly confidence: number
  /** All of these. */
  readonly evidence?: readonly Evidence[]
  /** All of these choices. */
  readonly any?: readonly AnyEvidence[]
}

/** One way of writing the thing, and how sure it is with which evidence near by. */
export interface Element {
  /** A regular expression is global, bounded in length, without nested repetition. */
  readonly pattern: Evidence
  /** Letters and digits that belong to it, where the pattern may take in too many. */
  readonly length?: (value: string) => number | undefined
  /** Asked about the number without separators, letters in upper case. */
  readonly checksum?: Checksum
  /** Highest first; the first whose evidence is there counts. No evidence: the pattern suffices. */
  readonly levels: readonly Level[]
}

/** A thing that texts can contain, as the service recognises it. */
export interface SensitiveInformationType {
  /** GUID, lower case. */
  readonly id: string
  readonly name: string
  readonly publisher: string
  /** Recommended for rules that name none. */
  readonly recommendedConfidence: number
  readonly proximity: number
  readonly elements: readonly Element[]
}

/** One place in a text. */
export interface SitMatch {
  /** Without separators, letters in upper case: what is counted once (MIP-155). */
  readonly value: string
  readonly start: number
  readonly end: number
  readonly confidence: number
}

/** What a text contains of one type. The values stay inside: only counts leave the service. */
export interface SitFinding {
  readonly id: string
  readonly name: string
  readonly matches: readonly SitMatch[]
}

/** How many different values are at least so certain: a higher level is part of a lower (MIP-151). */
export const countOf = ({ matches }: SitFinding, minConfidence: number): number =>
  new Set(matches.filter((it) => it.confidence >= minConfidence).map(({ value }) => value)).size
