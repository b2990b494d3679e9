import { Schema } from "effect"
import { DocumentFingerprint } from "./DocumentFingerprint.ts"

/** What supports a match: words, a pattern, a dictionary of the tenant, or a built-in type. */
export const CustomEvidence = Schema.TaggedUnion({
  Keywords: { words: Schema.Array(Schema.String), isWholeWord: Schema.Boolean },
  Regex: { source: Schema.String },
  /** GUID of the dictionary. */
  Dictionary: { id: Schema.String },
  /** GUID of a built-in type whose pattern and checksum are used. */
  Type: { id: Schema.String },
  /** A field of a table (MIP-157); of the primary one also the type that finds candidates. */
  Field: { field: Schema.String, type: Schema.optionalKey(Schema.String) },
})
export type CustomEvidence = typeof CustomEvidence.Type

/** Evidence of which some has to be there; `max` 0: none of it. */
export const EvidenceChoice = Schema.Struct({
  of: Schema.Array(CustomEvidence),
  min: Schema.Int,
  max: Schema.optionalKey(Schema.Int),
})

export const CustomPattern = Schema.Struct({
  confidence: Schema.Int,
  primary: CustomEvidence,
  all: Schema.Array(CustomEvidence),
  any: Schema.Array(EvidenceChoice),
})
export type CustomPattern = typeof CustomPattern.Type

/** A type that an administrator has described. */
export const CustomType = Schema.Struct({
  /** GUID, lower case. */
  id: Schema.NonEmptyString,
  name: Schema.NonEmptyString,
  description: Schema.String,
  publisher: Schema.String,
  recommendedConfidence: Schema.Int,
  proximity: Schema.Int,
  patterns: Schema.Array(CustomPattern),
  /** Set where values of a table are looked up instead (MIP-157). */
  dataStore: Schema.optionalKey(Schema.String),
  /** Set where forms are recognised instead (MIP-157). */
  fingerprints: Schema.optionalKey(Schema.Array(DocumentFingerprint)),
  /** Of the rule package that brought it. */
  packageId: Schema.NonEmptyString,
  createdAt: Schema.Finite,
})
export type CustomType = typeof CustomType.Type

/** Fingerprints have a rule package of their own, which nobody uploads. */
export const fingerprintPackage = "document-fingerprints"

/** A list of words too long for a type; several types can use it. */
export const KeywordDictionary = Schema.Struct({
  id: Schema.NonEmptyString,
  name: Schema.NonEmptyString,
  description: Schema.String,
  words: Schema.Array(Schema.String),
})
export type KeywordDictionary = typeof KeywordDictionary.Type

/** Limits of one tenant (MIP-156). */
export const customTypeLimits = {
  types: 500,
  regexLength: 1024,
  regexesPerType: 20,
  keywords: 2048,
  keywordLength: 50,
  dictionaryBytes: 1024 * 1024,
  typesWithDictionary: 50,
} as const

/** Every kind of evidence of a type, primary and supporting. */
export const evidenceOf = ({ patterns }: Pick<CustomType, "patterns">): readonly CustomEvidence[] =>
  patterns.flatMap(({ primary, all, any }) => [primary, ...all, ...any.flatMap(({ of }) => of)])
