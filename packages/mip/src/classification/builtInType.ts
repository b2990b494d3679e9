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

/** A day of a year, in digits. */
export const anyDate =
  /(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d)(?!\d)/g

/** What stands beside the number of a passport. */
export const passportDates = words("date of issue, date of expiry")

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

/** A passport: the number with its keyword, and surer with a date of the passport. */
export const passport = (pattern: RegExp, keywords: Evidence, ...dates: Evidence[]): Element => ({
  pattern,
  levels: [
    { confidence: 85, evidence: [keywords], any: [{ of: dates, min: 1 }] },
    { confidence: 75, evidence: [keywords] },
  ],
})

/**
 * A type that the service brings along. GUIDs, confidence levels, recommended confidence and proximity
 * of all of them are those of Microsoft's page of entity definitions (microsoft-365-docs,
 * `compliance/sensitive-information-type-entity-definitions.md` of 2021-07, and the `sit-defn-...` pages
 * of 2022 and 2023 that took its place, where both were at hand). Patterns follow the prose of the pages,
 * because the functions behind them are not public, and keywords are a choice of theirs.
 */
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
