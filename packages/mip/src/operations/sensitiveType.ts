import { type Call, isoOf, type OutputObject } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { builtInTypes } from "../classification/builtInTypes.ts"
import { type CustomType, evidenceOf } from "../classification/CustomType.ts"
import { regexDefect } from "../classification/compiledType.ts"
import { readRulePackage } from "../classification/rulePackage.ts"
import { evaluateRulePackage } from "../decisions/evaluateRulePackage.ts"
import type { MipWorld } from "../State.ts"
import { common } from "./cmdlet.ts"
import { type ComplianceAnswer, complianceCmdlet, complianceKind } from "./complianceCmdlet.ts"

const FileData = Schema.NonEmptyString.annotate({ description: "The rule package, as XML text" })

const firstRegexDefect = (types: readonly CustomType[]): Effect.Effect<string> =>
  Effect.gen(function* () {
    const sources = types
      .flatMap(evidenceOf)
      .flatMap((it) => (it._tag === "Regex" ? [it.source] : []))
    for (const source of new Set(sources)) {
      const defect = yield* regexDefect(source)
      if (defect !== undefined) return defect
    }
    return ""
  })

const storing = (name: "New" | "Set") =>
  complianceCmdlet({
    name: `${name}-DlpSensitiveInformationTypeRulePackage`,
    summary:
      name === "New"
        ? "Brings custom sensitive information types in, as a rule package."
        : "Replaces a rule package and its types.",
    params: Schema.Struct({ FileData, ...common }),
    facts: ["MIP-156", "MIP-157"],
    binding: { positional: ["FileData"] },
    decide: Effect.fnUntraced(function* (
      { world, now }: Call<MipWorld>,
      params: { readonly FileData: string },
    ): Effect.fn.Return<ComplianceAnswer> {
      const state = world.mip.classification
      const read = readRulePackage(params.FileData, {
        now,
        hasDictionary: (id) => state.dictionaries.some((it) => it.id === id.toLowerCase()),
      })
      const types = "problem" in read ? [] : read.types
      const decision = evaluateRulePackage({
        state,
        packageId: "problem" in read ? "" : read.id,
        isNew: name === "New",
        types,
        problem: "problem" in read ? read.problem : "",
        regexDefect: yield* firstRegexDefect(types),
      })
      if (decision.outcome !== "allow" || "problem" in read) return { decision }
      return {
        decision,
        events: [{ _tag: "RulePackageStored", packageId: read.id, types, at: now }],
        output: types.map(shown),
        changed: read.name,
      }
    }),
  })

export const newRulePackage = storing("New")
export const setRulePackage = storing("Set")

const shown = (
  type: Pick<CustomType, "id" | "name" | "publisher" | "recommendedConfidence"> & {
    readonly description?: string
    readonly createdAt?: number
    readonly dataStore?: string
    readonly fingerprints?: CustomType["fingerprints"]
  },
): OutputObject => ({
  Name: type.name,
  Id: type.id,
  Description: type.description ?? "",
  Publisher: type.publisher,
  RecommendedConfidence: type.recommendedConfidence,
  Type:
    type.fingerprints !== undefined
      ? "Fingerprint"
      : type.dataStore === undefined
        ? "Entity"
        : "ExactMatch",
  ...(type.fingerprints === undefined
    ? {}
    : { Fingerprints: type.fingerprints.map((it) => ({ ...it })) }),
  ...(type.createdAt === undefined ? {} : { WhenCreatedUTC: isoOf(type.createdAt) }),
})

/** A package is found by its own GUID, and by any of its types. */
const packages = complianceKind({
  noun: "DlpSensitiveInformationTypeRulePackage",
  objects: "rule packages",
  identity: "GUID or name",
  facts: ["MIP-156"],
  find: (world: MipWorld, identity) => {
    const wanted = identity.trim().toLowerCase()
    return world.mip.classification.types.find(
      ({ packageId, id, name, fingerprints }) =>
        fingerprints === undefined && [packageId, id, name.toLowerCase()].includes(wanted),
    )
  },
})

export const removeRulePackage = packages.removing({
  summary: "Takes a rule package and its types away.",
  nameOf: ({ name }) => name,
  removed: ({ packageId }, now) => ({ _tag: "RulePackageRemoved", packageId, at: now }),
})

export const typesOf = (world: MipWorld) =>
  [...builtInTypes, ...world.mip.classification.types].toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  )

/** Sensitive information types, as cmdlets name them. */
export const sensitiveTypeNames = complianceKind({
  noun: "DlpSensitiveInformationType",
  objects: "sensitive information types",
  identity: "GUID or name",
  facts: ["MIP-151", "MIP-156"],
  find: (world: MipWorld, identity) => {
    const wanted = identity.trim().toLowerCase()
    return typesOf(world).find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
  },
})

export const getSensitiveType = sensitiveTypeNames.showing({
  summary: "Shows the types that the tenant recognises, built in and custom.",
  all: typesOf,
  shown: (_world, it) => shown(it),
})
