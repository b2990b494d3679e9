import type { Checksum } from "./checksums.ts"
import {
  defaultProximity,
  type Element,
  type Evidence,
  type SensitiveInformationType,
} from "./SensitiveInformationType.ts"

/** Stands alone: no letter or digit touches it. */
export const alone = (source: string): RegExp =>
  new RegExp(`(?<![A-Za-z0-9])(?:${source})(?![A-Za-z0-9])`, "g")

/** The same, whatever the case of letters. */
export const aloneAnyCase = (source: string): RegExp =>
  new RegExp(`(?<![A-Za-z0-9])(?:${source})(?![A-Za-z0-9])`, "gi")

/** Keywords, written as lines of words with commas. */
export const words = (...lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => line.split(", "))

interface Levels {
  /** Needed for the highest level; without it the level below counts, where there is one. */
  readonly keywords?: Evidence
  readonly with?: number
  /** Confidence of the pattern alone; absent where it never suffices. */
  readonly without?: number
}

/** An element that is surer with keywords near by. */
export const element = (
  pattern: RegExp,
  { keywords, with: sure = 85, without }: Levels,
  checksum?: Checksum,
): Element => ({
  pattern,
  ...(checksum === undefined ? {} : { checksum }),
  levels: [
    ...(keywords === undefined ? [] : [{ confidence: sure, evidence: [keywords] }]),
    ...(without === undefined ? [] : [{ confidence: without }]),
  ],
})

/** A type that the service brings along. */
export const builtIn = (
  id: string,
  name: string,
  elements: readonly Element[],
  recommendedConfidence = 85,
): SensitiveInformationType => ({
  id,
  name,
  publisher: "Microsoft Corporation",
  recommendedConfidence,
  proximity: defaultProximity,
  elements,
})
