import { createHash } from "node:crypto"
import { Schema } from "effect"
import { confidenceLevels } from "./SensitiveInformationType.ts"

/** Shares of the form, in percent, from which on a document matches so surely. */
export const FingerprintThresholds = Schema.Struct({
  low: Schema.Finite,
  medium: Schema.Finite,
  high: Schema.Finite,
})
export type FingerprintThresholds = typeof FingerprintThresholds.Type

/** What is kept of a form: hashes of its word pattern, and nothing of its words. */
export const DocumentFingerprint = Schema.Struct({
  description: Schema.String,
  salt: Schema.NonEmptyString,
  /** Of runs of words; the smallest ones, sorted: a sample of the form that every document shares. */
  hashes: Schema.Array(Schema.String),
  /** Of all words of the form in their order. */
  whole: Schema.NonEmptyString,
  isExact: Schema.Boolean,
  thresholds: FingerprintThresholds,
})
export type DocumentFingerprint = typeof DocumentFingerprint.Type

/**
 * Limits of Microsoft's page about fingerprinting; how many hashes fit follows from the 150 KB that some
 * 50 fingerprints share. How the service hashes is not public: runs of words and a sample of them are
 * inferred, and so are the thresholds without `ThresholdConfig`, which are those of its example.
 */
export const fingerprintLimits = {
  perTenant: 50,
  fileBytes: 4 * 1024 * 1024,
  hashes: 192,
  percentMin: 30,
  percentMax: 90,
} as const

export const defaultThresholds: FingerprintThresholds = { low: 40, medium: 60, high: 80 }

/** Words in a row that are hashed together. */
const runLength = 3

const wordsOf = (text: string): readonly string[] =>
  text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

const hashOf = (salt: string, words: readonly string[]): string =>
  createHash("sha256")
    .update(`${salt}\n${words.join(" ")}`)
    .digest("hex")
    .slice(0, 16)

const runsOf = (salt: string, words: readonly string[]): ReadonlySet<string> => {
  const last = Math.max(words.length - runLength, 0)
  return new Set(
    words.slice(0, last + 1).map((_, at) => hashOf(salt, words.slice(at, at + runLength))),
  )
}

/** The fingerprint of a form; undefined where it has no words, as a scanned image. */
export const fingerprintOf = (
  text: string,
  o: Pick<DocumentFingerprint, "description" | "salt" | "isExact" | "thresholds">,
): DocumentFingerprint | undefined => {
  const words = wordsOf(text)
  if (words.length === 0) return undefined
  const hashes = [...runsOf(o.salt, words)].toSorted().slice(0, fingerprintLimits.hashes)
  return { ...o, hashes, whole: hashOf(o.salt, words) }
}

/** How much of a form a document contains, in percent. */
export const percentOf = ({ salt, hashes }: DocumentFingerprint, text: string): number => {
  const there = runsOf(salt, wordsOf(text))
  return (hashes.filter((it) => there.has(it)).length / hashes.length) * 100
}

/** Whether a text is the form itself, whatever its spaces and signs. */
export const isForm = ({ salt, whole }: DocumentFingerprint, text: string): boolean =>
  hashOf(salt, wordsOf(text)) === whole

/** How sure it is that a document is the form, filled in; 0: it is not. */
export const confidenceOf = (fingerprint: DocumentFingerprint, text: string): number => {
  if (fingerprint.isExact) return isForm(fingerprint, text) ? confidenceLevels.High : 0
  const { low, medium, high } = fingerprint.thresholds
  const percent = percentOf(fingerprint, text)
  if (percent >= high) return confidenceLevels.High
  if (percent >= medium) return confidenceLevels.Medium
  return percent >= low ? confidenceLevels.Low : 0
}
