/** Operators of the rule language (IDN-196), in the spelling of the documentation. */
export const comparisonOperators = [
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
  "le",
  "ge",
] as const
export type ComparisonOperator = (typeof comparisonOperators)[number]

export type RuleValue =
  | { readonly kind: "text"; readonly text: string; readonly isQuoted: boolean }
  | { readonly kind: "boolean"; readonly isTrue: boolean }
  | { readonly kind: "null" }
  | { readonly kind: "list"; readonly items: readonly string[] }
  /** `system.now`, moved by a number of milliseconds. */
  | { readonly kind: "now"; readonly offsetMillis: number }

/** A membership rule as a tree. Inside `Collection` a comparison is about one item. */
export type MembershipRule =
  | { readonly _tag: "Or"; readonly parts: readonly MembershipRule[] }
  | { readonly _tag: "And"; readonly parts: readonly MembershipRule[] }
  | { readonly _tag: "Not"; readonly part: MembershipRule }
  | {
      readonly _tag: "Comparison"
      /** The name as the documentation spells it, without `user.`. */
      readonly property: string
      readonly operator: ComparisonOperator
      readonly value: RuleValue
    }
  | {
      readonly _tag: "Collection"
      readonly property: string
      readonly quantifier: "any" | "all"
      readonly item: MembershipRule
    }
  | { readonly _tag: "DirectReports"; readonly managerId: string }

/** Why a rule is refused when it is saved: the classes of the service (IDN-215). */
export class RuleProblem {
  readonly message: string
  /** Position in the text, 0 for the first character. */
  readonly at: number
  constructor(message: string, at: number) {
    this.message = message
    this.at = at
  }
}

export const problems = {
  compilation: "Query compilation error",
  attribute: "Attribute not supported",
  operator: "Operator isn't supported on attribute",
  type: "Invalid object type.",
  not: "Invalid operands found for operator -not",
  property: "Wrong property applied.",
} as const

/** In characters (IDN-194). */
export const ruleLengthLimit = 3072
