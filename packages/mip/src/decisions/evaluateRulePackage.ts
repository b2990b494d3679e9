import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { builtInTypeOf } from "../classification/builtInTypes.ts"
import type { ClassificationState } from "../classification/ClassificationState.ts"
import { type CustomType, customTypeLimits, evidenceOf } from "../classification/CustomType.ts"

/** A rule package as an administrator wants it. */
export interface RulePackageChange {
  readonly state: ClassificationState
  readonly packageId: string
  /** New, or in the place of one that is there. */
  readonly isNew: boolean
  readonly types: readonly CustomType[]
  /** What keeps the file from being read; empty where it can be. */
  readonly problem: string
  /** What is wrong with a pattern, of the first that cannot be used. */
  readonly regexDefect: string
}

interface PackageFacets {
  readonly problem: string
  readonly isPlaceRight: boolean
  readonly takenName: string
  readonly types: number
  readonly typesMax: number
  readonly longestRegex: number
  readonly mostRegexes: number
  readonly regexDefect: string
  readonly mostKeywords: number
  readonly longestKeyword: number
  readonly typesWithDictionary: number
  readonly levels: "fit" | "out-of-range"
}

/** Whether a tenant takes a rule package: readable, and within the limits (MIP-156). */
export const evaluateRulePackage = (change: RulePackageChange): Decision =>
  decideByGates(packageGates, facetsOf(change))

const most = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0)

const regexesOf = (type: CustomType): readonly string[] => [
  ...new Set(evidenceOf(type).flatMap((it) => (it._tag === "Regex" ? [it.source] : []))),
]

const facetsOf = (change: RulePackageChange): PackageFacets => {
  const { state, packageId, types, isNew } = change
  const others = state.types.filter((it) => it.packageId !== packageId)
  const isThere = others.length < state.types.length
  const keywords = types.flatMap(evidenceOf).filter((it) => it._tag === "Keywords")
  const names = new Set(others.flatMap(({ id, name }) => [id, name.toLowerCase()]))
  return {
    problem: change.problem,
    isPlaceRight: isThere !== isNew,
    takenName:
      types.find(
        ({ id, name }) =>
          names.has(id) ||
          names.has(name.toLowerCase()) ||
          builtInTypeOf(id) !== undefined ||
          builtInTypeOf(name) !== undefined,
      )?.name ?? "",
    types: others.length + types.length,
    typesMax: customTypeLimits.types,
    longestRegex: most(types.flatMap(regexesOf).map(({ length }) => length)),
    mostRegexes: most(types.map((it) => regexesOf(it).length)),
    regexDefect: change.regexDefect,
    mostKeywords: most(keywords.map(({ words }) => words.length)),
    longestKeyword: most(keywords.flatMap(({ words }) => words.map(({ length }) => length))),
    typesWithDictionary: [...others, ...types].filter((it) =>
      evidenceOf(it).some(({ _tag }) => _tag === "Dictionary"),
    ).length,
    levels: types.every(
      ({ recommendedConfidence, patterns, proximity }) =>
        [recommendedConfidence, ...patterns.map(({ confidence }) => confidence)].every(
          (it) => it >= 1 && it <= 100,
        ) && proximity >= 1,
    )
      ? "fit"
      : "out-of-range",
  }
}

const rule = gate<PackageFacets>()

const readable = rule({
  name: "rule-package-readable",
  facts: ["MIP-156"],
  reads: ["problem"],
  check: ({ problem }) =>
    problem === ""
      ? pass("The rule package can be read.")
      : deny(
          "The rule package cannot be read.",
          { problem },
          {
            code: "ClassificationRuleCollectionValidationException",
            message: `The rule collection isn't valid: ${problem}.`,
          },
        ),
})

const place = rule({
  name: "rule-package-place",
  facts: ["MIP-156"],
  reads: ["isPlaceRight", "takenName"],
  check: ({ isPlaceRight, takenName }) => {
    if (!isPlaceRight) {
      return deny(
        "A package is made once, and only one that is there can be replaced.",
        {},
        {
          code: "ClassificationRuleCollectionAlreadyExistsException",
          message: "Use Set- to replace a rule package that exists, and New- for a new one.",
        },
      )
    }
    return takenName === ""
      ? pass("Its types have names and ids that no other type has.")
      : deny(
          "Another type has this name or id.",
          { takenName },
          {
            code: "ClassificationRuleCollectionAlreadyExistsException",
            message: `A sensitive information type '${takenName}' already exists.`,
          },
        )
  },
})

const withinLimits = rule({
  name: "rule-package-limits",
  facts: ["MIP-156"],
  reads: [
    "types",
    "typesMax",
    "longestRegex",
    "mostRegexes",
    "mostKeywords",
    "longestKeyword",
    "typesWithDictionary",
    "levels",
  ],
  check: (facets) => {
    const { types, typesMax, longestRegex, mostRegexes, mostKeywords, longestKeyword } = facets
    const details = { types, typesMax, longestRegex, mostRegexes, mostKeywords, longestKeyword }
    const over = (message: string) =>
      deny("The package goes beyond a limit of the service.", details, {
        code: "ClassificationRuleCollectionLimitException",
        message,
      })
    if (types > typesMax) return over("A tenant has at most 500 custom types.")
    if (longestRegex > customTypeLimits.regexLength) {
      return over("A regular expression has at most 1024 characters.")
    }
    if (mostRegexes > customTypeLimits.regexesPerType) {
      return over("A type has at most 20 regular expressions.")
    }
    if (mostKeywords > customTypeLimits.keywords) {
      return over("A keyword list has at most 2048 terms.")
    }
    if (longestKeyword > customTypeLimits.keywordLength) {
      return over("A keyword has at most 50 characters.")
    }
    if (facets.typesWithDictionary > customTypeLimits.typesWithDictionary) {
      return over("At most 50 types use a keyword dictionary.")
    }
    return facets.levels === "fit"
      ? pass("The package stays within the limits of the service.", details)
      : over("Confidence levels are 1 to 100, and proximity is at least 1.")
  },
})

const patternsUsable = rule({
  name: "regex-usable",
  facts: ["MIP-156"],
  reads: ["regexDefect"],
  check: ({ regexDefect }) =>
    regexDefect === ""
      ? pass("Its patterns can be searched for in time that grows with the text alone.")
      : deny(
          "A regular expression of the package cannot be used.",
          { regexDefect },
          {
            code: "ClassificationRuleCollectionRegexException",
            message: `A regular expression isn't valid: ${regexDefect}.`,
          },
        ),
})

const packageGates: GateRules<PackageFacets> = [readable, place, withinLimits, patternsUsable]
