import type { MembershipRule, RuleValue } from "./MembershipRule.ts"
import { printDuration } from "./parseDuration.ts"
import type { ParsedRule } from "./parseRule.ts"
import { planFields } from "./properties.ts"

/** Prints a rule so that it reads back as the same rule, in the spelling of the documentation. */
export const printRule = ({ scope, rule }: Pick<ParsedRule, "scope" | "rule">): string =>
  print(rule, (property) => `${scope}.${property}`)

const print = (rule: MembershipRule, subject: (property: string) => string): string => {
  switch (rule._tag) {
    case "Or":
      return rule.parts.map((it) => group(it, subject)).join(" -or ")
    case "And":
      return rule.parts.map((it) => group(it, subject)).join(" -and ")
    case "Not":
      return `-not ${group(rule.part, subject)}`
    case "DirectReports":
      return `Direct Reports for ${quote(rule.managerId)}`
    case "Collection":
      return `${subject(rule.property)} -${rule.quantifier} (${print(rule.item, itemOf(rule.property))})`
    case "Comparison":
      return `${subject(rule.property)} -${rule.operator} ${printValue(rule.value)}`
  }
}

/** Every part in parentheses of its own: nobody has to know the precedence. */
const group = (rule: MembershipRule, subject: (property: string) => string): string =>
  `(${print(rule, subject)})`

const itemOf =
  (collection: string) =>
  (field: string): string => {
    if (collection === "memberOf") return `group.${field}`
    return planFields.some((it) => it === field) ? `assignedPlan.${field}` : "_"
  }

const printValue = (value: RuleValue): string => {
  switch (value.kind) {
    case "null":
      return "null"
    case "boolean":
      return String(value.isTrue)
    case "list":
      return `[${value.items.map(quote).join(",")}]`
    case "now":
      return printNow(value.offsetMillis)
    case "text":
      // A number or a date may stand without quotes.
      return value.isQuoted ? quote(value.text) : value.text
  }
}

const printNow = (offsetMillis: number): string => {
  if (offsetMillis === 0) return "system.now"
  return `system.now -${offsetMillis < 0 ? "minus" : "plus"} ${printDuration(Math.abs(offsetMillis))}`
}

/**
 * Single quotes are doubled in any value. Double quotes are escaped, except in a text that would end
 * in an escape itself: there single quotes enclose it, between which nothing is escaped (IDN-200).
 */
const quote = (text: string): string => {
  const doubled = text.replaceAll("'", "''")
  return /[\\`]$/.test(text) || /[\\`]"/.test(text)
    ? `'${doubled}'`
    : `"${doubled.replaceAll('"', '\\"')}"`
}
