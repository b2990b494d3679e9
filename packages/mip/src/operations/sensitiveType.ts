import {
  type Call,
  commonSwitches,
  isoOf,
  notRecognized,
  type OutputObject,
  operation,
  type Ruling,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import { builtInTypes } from "../classification/builtInTypes.ts"
import { type CustomType, evidenceOf } from "../classification/CustomType.ts"
import { regexDefect } from "../classification/compiledType.ts"
import { readRulePackage } from "../classification/rulePackage.ts"
import { evaluateKnown } from "../decisions/evaluateKnown.ts"
import { evaluateRulePackage } from "../decisions/evaluateRulePackage.ts"
import type { MipEvent } from "../MipEvent.ts"
import type { MipWorld } from "../State.ts"
import {
  common,
  complianceAudit,
  complianceReaderRoles,
  complianceRoles,
  readable,
  whatIfWarning,
} from "./cmdlet.ts"

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
  operation({
    name: `${name}-DlpSensitiveInformationTypeRulePackage`,
    summary:
      name === "New"
        ? "Brings custom sensitive information types in, as a rule package."
        : "Replaces a rule package and its types.",
    params: Schema.Struct({ FileData, ...common }),
    roles: complianceRoles,
    roleRefusal: notRecognized(`${name}-DlpSensitiveInformationTypeRulePackage`),
    facts: ["MIP-156", "MIP-157"],
    binding: { positional: ["FileData"], switches: commonSwitches },
    decide: Effect.fnUntraced(function* (
      { world, now }: Call<MipWorld>,
      params: {
        readonly FileData: string
        readonly WhatIf?: boolean
      },
    ): Effect.fn.Return<Ruling<MipEvent>> {
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
        audit: [complianceAudit(`${name}-DlpSensitiveInformationTypeRulePackage`, read.name, {})],
        warnings: whatIfWarning(params),
      }
    }),
  })

export const newRulePackage = storing("New")
export const setRulePackage = storing("Set")

const identity = Schema.NonEmptyString.annotate({ description: "GUID or name" })

export const removeRulePackage = operation({
  name: "Remove-DlpSensitiveInformationTypeRulePackage",
  summary: "Takes a rule package and its types away.",
  params: Schema.Struct({ Identity: identity, ...common }),
  roles: complianceRoles,
  roleRefusal: notRecognized("Remove-DlpSensitiveInformationTypeRulePackage"),
  facts: ["MIP-156"],
  binding: { positional: ["Identity"], switches: commonSwitches },
  decide: ({ world, now }: Call<MipWorld>, params): Ruling<MipEvent> => {
    const wanted = params.Identity.toLowerCase()
    const type = world.mip.classification.types.find(({ packageId, id, name }) =>
      [packageId, id, name.toLowerCase()].includes(wanted),
    )
    const decision = evaluateKnown("rule package", type !== undefined)
    if (type === undefined) return { decision }
    return {
      decision,
      events: [{ _tag: "RulePackageRemoved", packageId: type.packageId, at: now }],
      audit: [complianceAudit("Remove-DlpSensitiveInformationTypeRulePackage", type.name, params)],
      warnings: whatIfWarning(params),
    }
  },
})

export const getSensitiveType = operation({
  name: "Get-DlpSensitiveInformationType",
  summary: "Shows the types that the tenant recognises, built in and custom.",
  params: Schema.Struct({ Identity: Schema.optionalKey(identity) }),
  roles: complianceReaderRoles,
  roleRefusal: notRecognized("Get-DlpSensitiveInformationType"),
  facts: ["MIP-151", "MIP-156"],
  binding: { positional: ["Identity"], pipeline: "Identity" },
  isReadOnly: true,
  decide: ({ world }: Call<MipWorld>, { Identity }): Ruling<MipEvent> => {
    const all = [
      ...builtInTypes.map((it) => ({ ...it, description: "" })),
      ...world.mip.classification.types,
    ].toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const wanted = Identity?.trim().toLowerCase()
    return {
      decision: readable("sensitive information types"),
      output: all
        .filter(
          ({ id, name }) => wanted === undefined || id === wanted || name.toLowerCase() === wanted,
        )
        .map(shown),
    }
  },
})

const shown = (
  type: Pick<CustomType, "id" | "name" | "publisher" | "recommendedConfidence"> & {
    readonly description?: string
    readonly createdAt?: number
    readonly dataStore?: string
  },
): OutputObject => ({
  Name: type.name,
  Id: type.id,
  Description: type.description ?? "",
  Publisher: type.publisher,
  RecommendedConfidence: type.recommendedConfidence,
  Type: type.dataStore === undefined ? "Entity" : "ExactMatch",
  ...(type.createdAt === undefined ? {} : { WhenCreatedUTC: isoOf(type.createdAt) }),
})
