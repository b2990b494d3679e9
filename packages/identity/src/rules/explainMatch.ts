import { compileRule, type RuleContext } from "./compileRule.ts"
import type { MembershipRule } from "./MembershipRule.ts"
import { printRule } from "./printRule.ts"
import type { RuleScope } from "./properties.ts"
import type { RuleReaders } from "./ruleReaders.ts"

/** One expression of a rule and whether an object satisfies it. */
export interface ExplainedExpression {
  readonly expression: string
  readonly isSatisfied: boolean
}

/** The expressions of a rule between its connectives, from left to right. */
export const expressionsOf = (rule: MembershipRule): readonly MembershipRule[] => {
  switch (rule._tag) {
    case "Or":
    case "And":
      return rule.parts.flatMap(expressionsOf)
    case "Not":
      return expressionsOf(rule.part)
    default:
      return [rule]
  }
}

/** What each expression says about an object, as the validation tool shows it (IDN-224). */
export const explainMatch = <S>(
  asked: { readonly scope: RuleScope; readonly rule: MembershipRule },
  readers: RuleReaders<S>,
  subject: S,
  context: RuleContext,
): readonly ExplainedExpression[] =>
  expressionsOf(asked.rule).map((rule) => ({
    expression: printRule({ scope: asked.scope, rule }),
    isSatisfied: compileRule(rule, readers)(subject, context),
  }))

/** The rule builder of the portal shows no more expressions than this (IDN-217). */
export const builderExpressions = 5

/** Why the rule builder cannot show a rule; undefined when it can. The engine does not care (IDN-217). */
export const builderProblem = (rule: MembershipRule): string | undefined => {
  const expressions = expressionsOf(rule)
  if (expressions.some((it) => it._tag === "DirectReports")) {
    return "The rule builder has no direct reports."
  }
  if (expressions.some((it) => it._tag === "Collection")) {
    return "The rule builder has neither -any nor -all."
  }
  const operators = expressions.map((it) => (it._tag === "Comparison" ? it.operator : ""))
  if (operators.includes("contains") || operators.includes("notContains")) {
    return "The rule builder has neither -contains nor -notContains."
  }
  if (!isPlainChain(rule)) return "The rule builder keeps no precedence of its own."
  return expressions.length > builderExpressions
    ? "The rule builder shows at most five expressions."
    : undefined
}

const isLeaf = (it: MembershipRule): boolean => it._tag === "Comparison"

/** Comparisons joined without parentheses that matter. */
const isPlainChain = (rule: MembershipRule): boolean => {
  if (rule._tag === "And") return rule.parts.every(isLeaf)
  if (rule._tag === "Or") {
    return rule.parts.every((it) => isLeaf(it) || (it._tag === "And" && it.parts.every(isLeaf)))
  }
  return isLeaf(rule)
}
