import { sourceGroups } from "./compileRule.ts"
import type { MembershipRule } from "./MembershipRule.ts"

/** What a rule looks at: a change of anything else cannot change its members. */
export interface RuleFootprint {
  /** Names of properties; `manager` for direct reports. */
  readonly properties: ReadonlySet<string>
  readonly sources: readonly string[]
  /** Milliseconds by which the rule shifts `system.now`, each once; empty where time plays no part. */
  readonly clockOffsets: readonly number[]
  /** Required equalities: who satisfies the rule has one of these values, for each of the list. */
  readonly required: readonly RequiredValues[]
}

/** A property and the values, in lower case, of which a member has one. */
export interface RequiredValues {
  readonly property: string
  readonly values: readonly string[]
}

export const ruleFootprint = (rule: MembershipRule): RuleFootprint => {
  const properties = new Set<string>()
  const sources = new Set<string>()
  const clockOffsets = new Set<number>()
  const visit = (it: MembershipRule): void => {
    switch (it._tag) {
      case "Or":
      case "And":
        it.parts.forEach(visit)
        return
      case "Not":
        visit(it.part)
        return
      case "DirectReports":
        properties.add("manager")
        return
      case "Collection":
        properties.add(it.property)
        if (it.property === "memberOf") sourceGroups(it.item).forEach((id) => sources.add(id))
        return
      case "Comparison":
        properties.add(it.property)
        if (it.value.kind === "now") clockOffsets.add(it.value.offsetMillis)
    }
  }
  visit(rule)
  return {
    properties,
    sources: [...sources],
    clockOffsets: [...clockOffsets],
    required: requiredValues(rule),
  }
}

/** Properties whose reader gives one text; the others have indexes of no use here. */
const isText = (property: string): boolean =>
  ![
    "otherMails",
    "proxyAddresses",
    "devicePhysicalIds",
    "systemLabels",
    "employeeHireDate",
  ].includes(property)

const requiredValues = (rule: MembershipRule): readonly RequiredValues[] => {
  switch (rule._tag) {
    case "And":
      return rule.parts.flatMap(requiredValues)
    case "Or": {
      const [first = [], ...others] = rule.parts.map(requiredValues)
      return first.flatMap(({ property, values }) => {
        const same = others.map((part) => part.find((it) => it.property === property))
        return same.every((it) => it !== undefined)
          ? [{ property, values: [...new Set([values, ...same.map((it) => it.values)].flat())] }]
          : []
      })
    }
    case "Comparison": {
      const { property, operator, value } = rule
      if (!isText(property)) return []
      if (operator === "eq" && value.kind === "text") {
        return [{ property, values: [value.text.toLowerCase()] }]
      }
      return operator === "in" && value.kind === "list"
        ? [{ property, values: [...new Set(value.items.map((it) => it.toLowerCase()))] }]
        : []
    }
    default:
      return []
  }
}
