import { FactId } from "@twin/kernel"
import { Schema } from "effect"

/** What a claim rests on. `seed`: a document the project started from. */
export const Confidence = Schema.Literals(["seed", "documented", "community", "inferred"])
export type Confidence = typeof Confidence.Type

export const ClaimDomain = Schema.Literals([
  "crypto",
  "datacenter",
  "exchange",
  "identity",
  "mip",
  "spo",
])
export type ClaimDomain = typeof ClaimDomain.Type

/** A sentence about the real service that the twin says it keeps. */
export const Claim = Schema.Struct({
  id: FactId,
  domain: ClaimDomain,
  /** Heading under which it stands in its domain. */
  group: Schema.String,
  statement: Schema.NonEmptyString,
  /** Document and section. */
  source: Schema.NonEmptyString,
  confidence: Confidence,
})
export type Claim = typeof Claim.Type
