import type { Schema } from "effect"
import { labelOf } from "../labelOf.ts"
import type { MipWorld } from "../State.ts"
import { builtInTypeOf } from "./builtInTypes.ts"
import { type ConditionItem, type ContentCondition, instanceCounts } from "./ContentCondition.ts"
import { confidenceLevels } from "./SensitiveInformationType.ts"

/** A condition as cmdlets took it, or what is wrong with it. */
export type ReadCondition = { readonly condition: ContentCondition } | { readonly problem: string }

type Json = Schema.Json
type Table = Readonly<Record<string, Json>>

const isTable = (value: Json | undefined): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? (value as Json[]) : [value]

/** Keys of hash tables count in any case. */
const keyOf = (table: Table, ...names: readonly string[]): Json | undefined => {
  const key = Object.keys(table).find((it) => names.includes(it.toLowerCase()))
  return key === undefined ? undefined : table[key]
}

const wordOf = (value: Json | undefined): string =>
  typeof value === "string" || typeof value === "number" ? String(value).trim() : ""

/** A type that the tenant recognises, by GUID or name: built in or custom. */
export const typeNamed = (
  world: MipWorld,
  idOrName: string,
): { readonly id: string; readonly name: string; readonly confidence: number } | undefined => {
  const wanted = idOrName.trim().toLowerCase()
  const type =
    builtInTypeOf(wanted) ??
    world.mip.classification.types.find(
      ({ id, name }) => id === wanted || name.toLowerCase() === wanted,
    )
  return type === undefined
    ? undefined
    : { id: type.id, name: type.name, confidence: type.recommendedConfidence }
}

const numberOf = (value: Json | undefined, otherwise: number): number => {
  const word = wordOf(value)
  if (word === "") return otherwise
  return word.toLowerCase() === "any" ? instanceCounts.any : Number(word)
}

const levelNames: Readonly<Record<string, number>> = {
  low: confidenceLevels.Low,
  medium: confidenceLevels.Medium,
  high: confidenceLevels.High,
}

const isLevel = (it: number): boolean => Number.isInteger(it) && it >= 1 && it <= 100

const defectOf = ({ minCount, maxCount, minConfidence, maxConfidence }: ConditionItem): string => {
  const { min, max, any } = instanceCounts
  const isCount = (it: number): boolean => Number.isInteger(it) && it >= min && it <= max
  if (!isCount(minCount)) return "the minimum count is 1 to 500"
  if (maxCount !== any && !isCount(maxCount)) return "the maximum count is 1 to 500 or any"
  if (maxCount !== any && maxCount < minCount) return "the maximum count is below the minimum"
  if (!isLevel(minConfidence) || !isLevel(maxConfidence)) return "a confidence is 1 to 100"
  return maxConfidence < minConfidence ? "the maximum confidence is below the minimum" : ""
}

const itemFrom = (
  world: MipWorld,
  kind: ConditionItem["kind"],
  table: Table,
): ConditionItem | string => {
  const named = wordOf(keyOf(table, "id")) || wordOf(keyOf(table, "name"))
  const found =
    subjectOf(world, kind, named) ?? subjectOf(world, kind, wordOf(keyOf(table, "name")))
  if (found === undefined) return `the ${kind} '${named}' is not known`
  const level = levelNames[wordOf(keyOf(table, "confidencelevel")).toLowerCase()]
  const item: ConditionItem = {
    kind,
    id: found.id,
    name: found.name,
    minCount: numberOf(keyOf(table, "mincount"), 1),
    maxCount: numberOf(keyOf(table, "maxcount"), instanceCounts.any),
    minConfidence: numberOf(
      keyOf(table, "minconfidence"),
      level ?? numberOf(keyOf(table, "confidencelevel"), found.confidence),
    ),
    maxConfidence: numberOf(keyOf(table, "maxconfidence"), 100),
  }
  const defect = defectOf(item)
  return defect === "" ? item : `${defect} ('${found.name}')`
}

const subjectOf = (world: MipWorld, kind: ConditionItem["kind"], named: string) => {
  if (kind === "type") return typeNamed(world, named)
  if (kind === "label") {
    const label = labelOf(world, named)
    return label === undefined ? undefined : { id: label.id, name: label.name, confidence: 75 }
  }
  const wanted = named.toLowerCase()
  const classifier = world.mip.classification.classifiers.find(
    ({ id, name }) => id === wanted || name.toLowerCase() === wanted,
  )
  return classifier === undefined
    ? undefined
    : { id: classifier.id, name: classifier.name, confidence: 75 }
}

const operatorOf = (value: Json | undefined, otherwise: "And" | "Or"): "And" | "Or" => {
  const word = wordOf(value).toLowerCase()
  return word === "and" ? "And" : word === "or" ? "Or" : otherwise
}

/**
 * `-ContentContainsSensitiveInformation`: tables of types, or groups of them with operators, labels
 * among them (MIP-158).
 */
export const readRuleCondition = (world: MipWorld, value: Json): ReadCondition => {
  const tables = listOf(value).filter(isTable)
  const grouped = tables.find((it) => keyOf(it, "groups") !== undefined)
  const groups = grouped === undefined ? [{ sensitivetypes: tables } as Table] : tablesIn(grouped)
  const problems: string[] = []
  const read = groups.map((group) => {
    const items = (["sensitivetypes", "labels", "trainableclassifiers"] as const).flatMap((key) =>
      listOf(keyOf(group, key))
        .filter(isTable)
        .map((table) => itemFrom(world, kindOf(key, table), table)),
    )
    problems.push(...items.filter((it) => typeof it === "string"))
    return {
      name: wordOf(keyOf(group, "name")) || "Default",
      operator: operatorOf(keyOf(group, "operator"), "Or"),
      items: items.filter((it) => typeof it !== "string"),
    }
  })
  const [problem] = problems
  if (problem !== undefined) return { problem }
  if (read.every(({ items }) => items.length === 0)) return { problem: "it names nothing" }
  const operator = operatorOf(grouped === undefined ? undefined : keyOf(grouped, "operator"), "And")
  return { condition: { operator, groups: read } }
}

const tablesIn = (table: Table): readonly Table[] => listOf(keyOf(table, "groups")).filter(isTable)

const kindOf = (key: string, table: Table): ConditionItem["kind"] => {
  if (key === "labels") return "label"
  return key === "trainableclassifiers" || keyOf(table, "classifiertype") === "MLModel"
    ? "classifier"
    : "type"
}

/** What `-Conditions` of a label says beside what to look for. */
export interface LabelConditions {
  readonly condition: ContentCondition
  readonly mode: "automatic" | "recommended"
  readonly policyTip: string
}

/** `-Conditions` of `New-Label` and `Set-Label`: JSON of nested `And`, `Or`, `Key`, `Settings`. */
export const readLabelConditions = (
  world: MipWorld,
  text: string,
): LabelConditions | { readonly problem: string } => {
  let parsed: Json
  try {
    parsed = JSON.parse(text) as Json
  } catch {
    return { problem: "it is no JSON" }
  }
  const outer = operatorsIn(parsed)
  if (outer === undefined) return { problem: "it has neither And nor Or at the top" }
  const problems: string[] = []
  const settings: Table[] = []
  const groups = outer.children.map((child) => {
    const inner = operatorsIn(child) ?? { operator: "And" as const, children: [child] }
    const items = inner.children.filter(isTable).map((leaf) => {
      const table = settingsOf(leaf)
      settings.push(table)
      const isClassifier = wordOf(keyOf(leaf, "key")) === "ContentMatchesModule"
      return itemFrom(world, isClassifier ? "classifier" : "type", {
        ...table,
        id: wordOf(keyOf(leaf, "value")),
      })
    })
    problems.push(...items.filter((it) => typeof it === "string"))
    return {
      name: wordOf(settings.at(-1)?.["groupname"]) || "Default",
      operator: inner.operator,
      items: items.filter((it) => typeof it !== "string"),
    }
  })
  const [problem] = problems
  if (problem !== undefined) return { problem }
  if (settings.length === 0) return { problem: "it names nothing" }
  const applyType = wordOf(
    settings.find((it) => it["autoapplytype"] !== undefined)?.["autoapplytype"],
  )
  return {
    condition: { operator: outer.operator, groups },
    mode: applyType.toLowerCase() === "recommend" ? "recommended" : "automatic",
    policyTip: wordOf(settings.find((it) => it["policytip"] !== undefined)?.["policytip"]),
  }
}

const operatorsIn = (
  value: Json,
): { readonly operator: "And" | "Or"; readonly children: readonly Json[] } | undefined => {
  if (!isTable(value)) return undefined
  const and = keyOf(value, "and")
  const or = keyOf(value, "or")
  if (Array.isArray(and)) return { operator: "And", children: and as Json[] }
  return Array.isArray(or) ? { operator: "Or", children: or as Json[] } : undefined
}

const settingsOf = (leaf: Table): Table =>
  Object.fromEntries(
    listOf(keyOf(leaf, "settings"))
      .filter(isTable)
      .map((it) => [wordOf(keyOf(it, "key")).toLowerCase(), keyOf(it, "value") ?? ""]),
  )
