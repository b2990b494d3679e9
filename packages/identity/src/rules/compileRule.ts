import { momentOf } from "./comparisonProblem.ts"
import type { ComparisonOperator, MembershipRule, RuleValue } from "./MembershipRule.ts"
import type { RuleReaders } from "./ruleReaders.ts"

/** What a rule may look at beside the object it is about. */
export interface RuleContext {
  /** Epoch milliseconds. */
  readonly now: number
  /** Direct membership only (IDN-213). */
  readonly isDirectMember: (groupId: string, objectId: string) => boolean
}

/** A rule made ready: constants are folded, patterns compiled, properties found. */
export type RuleTest<in S> = (subject: S, context: RuleContext) => boolean

/** Whether an object satisfies a rule. Total: a property without a value is null (IDN-218). */
export const compileRule = <S>(rule: MembershipRule, readers: RuleReaders<S>): RuleTest<S> => {
  switch (rule._tag) {
    case "Or": {
      const parts = rule.parts.map((part) => compileRule(part, readers))
      return (subject, context) => parts.some((part) => part(subject, context))
    }
    case "And": {
      const parts = rule.parts.map((part) => compileRule(part, readers))
      return (subject, context) => parts.every((part) => part(subject, context))
    }
    case "Not": {
      const part = compileRule(rule.part, readers)
      return (subject, context) => !part(subject, context)
    }
    case "DirectReports":
      return (subject) => readers.manager(subject) === rule.managerId
    case "Collection":
      return collection(rule, readers)
    case "Comparison":
      return comparison(rule, readers)
  }
}

type Comparison = Extract<MembershipRule, { readonly _tag: "Comparison" }>
type Collection = Extract<MembershipRule, { readonly _tag: "Collection" }>

const comparison = <S>(
  { property, operator, value }: Comparison,
  readers: RuleReaders<S>,
): RuleTest<S> => {
  const flag = readers.flags[property]
  if (flag !== undefined) {
    const wanted = value.kind === "boolean" ? value.isTrue : null
    return (subject) => (operator === "eq") === (flag(subject) === wanted)
  }
  const date = readers.dates[property]
  if (date !== undefined) return dateTest(date, operator, value)
  const strings = readers.strings[property]
  if (strings !== undefined) return anyItem(strings, operator, value)
  const read = readers.text(property)
  const holds = textTest(operator, value)
  return (subject) => holds(read(subject))
}

const dateTest = <S>(
  read: (subject: S) => number | undefined,
  operator: ComparisonOperator,
  value: RuleValue,
): RuleTest<S> => {
  if (value.kind === "null") {
    return (subject) => (operator === "eq") === (read(subject) === undefined)
  }
  const fixed = value.kind === "text" ? momentOf(value.text) : undefined
  const offset = value.kind === "now" ? value.offsetMillis : undefined
  return (subject, { now }) => {
    const actual = read(subject)
    const wanted = offset === undefined ? fixed : now + offset
    if (actual === undefined || wanted === undefined) return false
    if (operator === "eq") return actual === wanted
    return operator === "le" ? actual <= wanted : actual >= wanted
  }
}

/** Each negative operator is the exact opposite of its positive one (IDN-218). */
export const positiveOf: Partial<Record<ComparisonOperator, ComparisonOperator>> = {
  ne: "eq",
  notStartsWith: "startsWith",
  notEndsWith: "endsWith",
  notContains: "contains",
  notMatch: "match",
  notIn: "in",
}

type TextTest = (actual: string | null) => boolean

const textTest = (operator: ComparisonOperator, value: RuleValue): TextTest => {
  const positive = positiveOf[operator]
  if (positive === undefined) return positiveTest(operator, value)
  const opposite = positiveTest(positive, value)
  return (actual) => !opposite(actual)
}

const never: TextTest = () => false

/** Comparison of strings does not look at case (IDN-198). */
const positiveTest = (operator: ComparisonOperator, value: RuleValue): TextTest => {
  if (value.kind === "null") return operator === "eq" ? (actual) => actual === null : never
  if (value.kind === "list") {
    const wanted = new Set(value.items.map((it) => it.toLowerCase()))
    return operator === "in"
      ? (actual) => actual !== null && wanted.has(actual.toLowerCase())
      : never
  }
  if (value.kind !== "text") return never
  const wanted = value.text.toLowerCase()
  switch (operator) {
    case "eq":
      return (actual) => actual !== null && actual.toLowerCase() === wanted
    case "startsWith":
      return (actual) => actual !== null && actual.toLowerCase().startsWith(wanted)
    case "endsWith":
      return (actual) => actual !== null && actual.toLowerCase().endsWith(wanted)
    case "contains":
      return (actual) => actual !== null && actual.toLowerCase().includes(wanted)
    case "match": {
      const pattern = new RegExp(value.text, "i")
      return (actual) => actual !== null && pattern.test(actual.slice(0, longestMatched))
    }
    default:
      return never
  }
}

/** Directory strings are shorter; keeps a pattern from being busy with a text that is none. */
const longestMatched = 1024

/** A plain operator on a collection: some item matches, or for the negative ones none (IDN-210). */
const anyItem = <S>(
  read: (subject: S) => readonly string[],
  operator: ComparisonOperator,
  value: RuleValue,
): RuleTest<S> => {
  if (value.kind === "null") {
    return (subject) => (operator === "eq") === (read(subject).length === 0)
  }
  const positive = positiveOf[operator]
  const holds = positiveTest(positive ?? operator, value)
  return (subject) => read(subject).some(holds) === (positive === undefined)
}

/** `-all` holds for an empty collection, `-any` does not (IDN-211). */
const collection = <S>(
  { property, quantifier, item }: Collection,
  readers: RuleReaders<S>,
): RuleTest<S> => {
  if (property === "memberOf") {
    const sources = sourceGroups(item)
    return (subject, { isDirectMember }) =>
      sources.some((groupId) => isDirectMember(groupId, readers.id(subject)))
  }
  const strings = readers.strings[property]
  if (strings !== undefined) {
    const holds = itemTest<string>(item, () => (text) => text)
    return (subject) =>
      quantifier === "any" ? strings(subject).some(holds) : strings(subject).every(holds)
  }
  const holds = itemTest<Readonly<Record<string, string>>>(
    item,
    (field) => (plan) => plan[field] ?? null,
  )
  return (subject) =>
    quantifier === "any" ? readers.plans(subject).some(holds) : readers.plans(subject).every(holds)
}

const itemTest = <I>(
  rule: MembershipRule,
  read: (property: string) => (item: I) => string | null,
): ((item: I) => boolean) => {
  switch (rule._tag) {
    case "Or": {
      const parts = rule.parts.map((part) => itemTest(part, read))
      return (item) => parts.some((part) => part(item))
    }
    case "And": {
      const parts = rule.parts.map((part) => itemTest(part, read))
      return (item) => parts.every((part) => part(item))
    }
    case "Not": {
      const part = itemTest(rule.part, read)
      return (item) => !part(item)
    }
    case "Comparison": {
      const field = read(rule.property)
      const holds = textTest(rule.operator, rule.value)
      return (item) => holds(field(item))
    }
    default:
      return () => false
  }
}

/** The groups that a memberOf rule takes its members from (IDN-213). */
export const sourceGroups = (item: MembershipRule): readonly string[] =>
  item._tag === "Comparison" && item.value.kind === "list" ? item.value.items : []
