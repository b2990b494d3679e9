import { DateTime, Option } from "effect"
import { isRulePattern } from "./isRulePattern.ts"
import { type ComparisonOperator, problems, type RuleValue } from "./MembershipRule.ts"
import type { PropertyType, RuleProperty } from "./properties.ts"

/** Operators that a property takes; the others give "Operator isn't supported on attribute". */
const operatorsOf: Record<PropertyType, readonly ComparisonOperator[]> = {
  string: [
    "eq",
    "ne",
    "startsWith",
    "notStartsWith",
    "endsWith",
    "notEndsWith",
    "contains",
    "notContains",
    "match",
    "notMatch",
    "in",
    "notIn",
  ],
  boolean: ["eq", "ne"],
  date: ["eq", "le", "ge"],
  strings: [
    "eq",
    "ne",
    "startsWith",
    "notStartsWith",
    "endsWith",
    "notEndsWith",
    "contains",
    "notContains",
    "match",
    "notMatch",
  ],
  plans: [],
  groups: [],
}

/** A moment in a rule, epoch milliseconds; undefined for what is none. */
export const momentOf = (text: string): number | undefined =>
  Option.getOrUndefined(Option.map(DateTime.make(text), (moment) => moment.epochMilliseconds))

/** Why an operator and a value do not fit a property (IDN-201 to IDN-209); undefined when they do. */
export const comparisonProblem = (
  { type, values }: RuleProperty,
  operator: ComparisonOperator,
  value: RuleValue,
): string | undefined => {
  // A group or a list of plans is only ever asked about its items.
  if (type === "groups") return problems.property
  if (!operatorsOf[type].includes(operator)) return problems.operator
  if (value.kind === "null") {
    return operator === "eq" || operator === "ne" ? undefined : problems.operator
  }
  if (type === "boolean") return value.kind === "boolean" ? undefined : problems.type
  if (type === "date") {
    const isMoment =
      value.kind === "now" || (value.kind === "text" && momentOf(value.text) !== undefined)
    return isMoment ? undefined : problems.type
  }
  const wantsList = operator === "in" || operator === "notIn"
  if (wantsList !== (value.kind === "list")) return problems.type
  if (wantsList) return undefined
  if (value.kind !== "text") return problems.type
  const isMatch = operator === "match" || operator === "notMatch"
  if (isMatch && !isRulePattern(value.text)) return problems.compilation
  return values !== undefined &&
    (operator === "eq" || operator === "ne") &&
    !values.includes(value.text.toLowerCase())
    ? problems.type
    : undefined
}
