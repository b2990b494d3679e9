import { type ParsedRule, planFields, ruleProperties } from "../../src/index.ts"
import type {
  ComparisonOperator,
  MembershipRule,
  RuleValue,
} from "../../src/rules/MembershipRule.ts"

/** A small generator of our own: a hundred thousand rules have to cost next to nothing. */
export const numbers = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

type Below = ReturnType<typeof numbers>

const pick = <A>(below: Below, list: readonly A[]): A => list[below(list.length)] as A

/** Texts that collide with each other and with values of people, and some that hurt. */
const texts = [
  "Sales",
  "sales",
  "Legal",
  "",
  "o'neil",
  'a"b',
  "x\\",
  "y`",
  '\\"',
  "ä–ß",
  "42",
  "Guest",
]
const patterns = ["^Sa", "les$", "a.e", "[A-M]+", "x|y", "o'neil"]
const textOperators: readonly ComparisonOperator[] = [
  "eq",
  "ne",
  "startsWith",
  "notStartsWith",
  "endsWith",
  "notEndsWith",
  "contains",
  "notContains",
]

const listOf = (below: Below): RuleValue => ({
  kind: "list",
  items: Array.from({ length: 1 + below(3) }, () => pick(below, texts)),
})

const text = (content: string): RuleValue => ({ kind: "text", text: content, isQuoted: true })

const textComparison = (below: Below, property: string): MembershipRule => {
  const kind = below(10)
  const comparison = (operator: ComparisonOperator, value: RuleValue): MembershipRule => ({
    _tag: "Comparison",
    property,
    operator,
    value,
  })
  if (kind === 0) return comparison(pick(below, ["eq", "ne"]), { kind: "null" })
  if (kind === 1) return comparison(pick(below, ["in", "notIn"]), listOf(below))
  if (kind === 2) return comparison(pick(below, ["match", "notMatch"]), text(pick(below, patterns)))
  if (kind === 3) return comparison("eq", { kind: "text", text: "42", isQuoted: false })
  return comparison(pick(below, textOperators), text(pick(below, texts)))
}

const leaf = (below: Below, scope: ParsedRule["scope"]): MembershipRule => {
  const { name, type, values } = pick(below, ruleProperties(scope))
  const comparison = (operator: ComparisonOperator, value: RuleValue): MembershipRule => ({
    _tag: "Comparison",
    property: name,
    operator,
    value,
  })
  switch (type) {
    case "boolean":
      return comparison(
        pick(below, ["eq", "ne"]),
        below(4) === 0 ? { kind: "null" } : { kind: "boolean", isTrue: below(2) === 0 },
      )
    case "date":
      return comparison(pick(below, ["eq", "le", "ge"]), {
        kind: "now",
        offsetMillis: (below(2001) - 1000) * 3_600_000,
      })
    case "plans":
      return collection(below, name, () => pick(below, [...planFields]) as string)
    case "strings":
      return below(2) === 0
        ? collection(below, name, () => "_")
        : comparison(pick(below, textOperators), text(pick(below, texts)))
    case "groups":
      return textComparison(below, "displayName")
    case "string":
      return values === undefined
        ? textComparison(below, name)
        : comparison(pick(below, ["eq", "ne"]), text(pick(below, values)))
  }
}

const collection = (below: Below, property: string, field: () => string): MembershipRule => ({
  _tag: "Collection",
  property,
  quantifier: pick(below, ["any", "all"]),
  item: tree(below, 2, () => textComparison(below, field())),
})

const tree = (below: Below, depth: number, end: () => MembershipRule): MembershipRule => {
  const kind = depth === 0 ? 9 : below(10)
  const part = (): MembershipRule => tree(below, depth - 1, end)
  if (kind < 2) return { _tag: "And", parts: Array.from({ length: 2 + below(2) }, part) }
  if (kind < 4) return { _tag: "Or", parts: Array.from({ length: 2 + below(2) }, part) }
  if (kind === 4) return { _tag: "Not", part: part() }
  return end()
}

/** A rule that the service would save, within the limit of length almost always. */
export const randomRule = (
  below: Below,
  scope: ParsedRule["scope"] = below(4) === 0 ? "device" : "user",
): Pick<ParsedRule, "scope" | "rule"> => {
  const special = below(20)
  if (special === 0 && scope === "user") {
    return { scope, rule: { _tag: "DirectReports", managerId: pick(below, ["m1", "m'2"]) } }
  }
  if (special === 1) {
    return {
      scope,
      rule: {
        _tag: "Collection",
        property: "memberOf",
        quantifier: "any",
        item: { _tag: "Comparison", property: "objectId", operator: "in", value: listOf(below) },
      },
    }
  }
  return { scope, rule: tree(below, 3, () => leaf(below, scope)) }
}

const scraps = [
  "(",
  ")",
  '"',
  "'",
  "`",
  "\\",
  "-",
  "–",
  "not ",
  " -and ",
  "null",
  "[",
  "]",
  ",",
  "_",
  "\u0000",
  "😀",
  "user.",
  "device.",
  " -any ",
  "*",
  "+",
]

/** Damages a rule in a few places: characters lost, doubled, swapped, or strange ones put in. */
export const mutated = (below: Below, rule: string): string => {
  let result = rule
  for (let count = 1 + below(3); count > 0; count--) {
    const at = below(result.length + 1)
    const kind = below(4)
    if (kind === 0) result = result.slice(0, at) + result.slice(at + 1 + below(4))
    else if (kind === 1) result = result.slice(0, at) + pick(below, scraps) + result.slice(at)
    else if (kind === 2)
      result = result.slice(0, at) + result.slice(at, at + 20).repeat(2) + result.slice(at)
    else result = result.slice(at) + result.slice(0, at)
  }
  return result
}
