import { Effect } from "effect"
import type { MipWorld } from "../State.ts"
import { builtInTypeOf, builtInTypes } from "./builtInTypes.ts"
import type { Classification, TypeCount } from "./Classification.ts"
import type { CustomType } from "./CustomType.ts"
import { compiledTypes } from "./compiledType.ts"
import { confidenceOf } from "./DocumentFingerprint.ts"
import { findExactData } from "./exactMatch.ts"
import { findSensitiveInformation } from "./findSensitiveInformation.ts"
import {
  confidenceLevels,
  countOf,
  type SensitiveInformationType,
  type SitFinding,
} from "./SensitiveInformationType.ts"
import { classifierThreshold, probabilityOf } from "./TrainableClassifier.ts"

const counted = (finding: SitFinding, isExact: boolean): TypeCount => ({
  id: finding.id,
  name: finding.name,
  low: countOf(finding, confidenceLevels.Low),
  medium: countOf(finding, confidenceLevels.Medium),
  high: countOf(finding, confidenceLevels.High),
  isExact,
})

const exactFindings = (
  world: MipWorld,
  text: string,
  type: CustomType,
  ready: readonly SensitiveInformationType[],
): readonly SitFinding[] => {
  const { schemas, tables } = world.mip.classification
  const schema = schemas.find(({ name }) => name === type.dataStore)
  const table = tables.find(({ dataStore }) => dataStore === type.dataStore)
  if (schema === undefined || table === undefined) return []
  const typeOf = (id: string) => builtInTypeOf(id) ?? ready.find((it) => it.id === id)
  const found = findExactData(text, type, { schema, table, typeOf })
  return found === undefined ? [] : [found]
}

/** A document is one form once, however sure that is. */
const fingerprintFindings = (text: string, type: CustomType): readonly SitFinding[] => {
  const matches = (type.fingerprints ?? []).flatMap((fingerprint) => {
    const confidence = confidenceOf(fingerprint, text)
    return confidence === 0
      ? []
      : [{ value: fingerprint.whole, start: 0, end: text.length, confidence }]
  })
  return matches.length === 0 ? [] : [{ id: type.id, name: type.name, matches }]
}

/** What a text contains, value by value: for a test of the rules, never stored. */
export const findingsIn = Effect.fn("findingsIn")(function* (
  world: MipWorld,
  text: string,
  o: { readonly at?: number } = {},
) {
  const { types, dictionaries } = world.mip.classification
  // MIP-147: files are looked at again only when they change, so a type that is younger finds nothing.
  const own = types.filter(({ createdAt }) => o.at === undefined || createdAt <= o.at)
  const ready = yield* compiledTypes(
    own.filter(({ dataStore }) => dataStore === undefined),
    dictionaries,
  )
  return {
    patterns: [
      ...findSensitiveInformation(text, [...builtInTypes, ...ready]),
      ...own.flatMap((it) => fingerprintFindings(text, it)),
    ],
    exact: own
      .filter(({ dataStore }) => dataStore !== undefined)
      .flatMap((it) => exactFindings(world, text, it, ready)),
  }
})

/** What the services of the tenant note about a text. */
export const classifyText = Effect.fn("classifyText")(function* (
  world: MipWorld,
  text: string,
  o: { readonly at?: number } = {},
) {
  const { patterns, exact } = yield* findingsIn(world, text, o)
  const classification: Classification = {
    types: [
      ...patterns.map((it) => counted(it, false)),
      ...exact.map((it) => counted(it, true)),
    ].filter(({ low }) => low > 0),
    classifiers: world.mip.classification.classifiers
      .filter(({ state }) => state === "Published")
      .filter(({ model }) => probabilityOf(model, text) >= classifierThreshold)
      .map(({ id }) => id),
  }
  return classification
})
