import { Result } from "effect"
import { comparisonProblem } from "./comparisonProblem.ts"
import {
  type ComparisonOperator,
  comparisonOperators,
  type MembershipRule,
  problems,
  RuleProblem,
  type RuleValue,
  ruleLengthLimit,
} from "./MembershipRule.ts"
import { parseDuration } from "./parseDuration.ts"
import {
  type PropertyType,
  planField,
  type RuleProperty,
  type RuleScope,
  ruleProperty,
} from "./properties.ts"
import { type RuleToken, tokenizeRule } from "./tokenizeRule.ts"

/** A rule that can be saved, and what is odd about its spelling. */
export interface ParsedRule {
  readonly scope: RuleScope
  readonly rule: MembershipRule
  /** Property names whose case differs from the documented one (IDN-198). */
  readonly warnings: readonly string[]
}

type Parsed<A> = Result.Result<A, RuleProblem>

/** Deeper nesting than anybody writes; keeps a hostile rule from exhausting the stack. */
const nestingLimit = 60

/** What may be tested in a rule; undefined for a name that stands for nothing. */
export type PropertyOf = (scope: RuleScope, name: string) => RuleProperty | undefined

/** Parses a rule over users or over devices (IDN-195, IDN-216). The first problem is the answer. */
export const parseRule = (
  text: string,
  propertyOf: PropertyOf = ruleProperty,
): Parsed<ParsedRule> => {
  if (text.length > ruleLengthLimit) return fail(problems.compilation, ruleLengthLimit)
  const tokens = tokenizeRule(text)
  if (tokens instanceof RuleProblem) return Result.fail(tokens)
  const parser = new RuleParser(tokens, text.length, propertyOf)
  return Result.map(parser.parse(), (rule) => ({
    scope: parser.scope ?? "user",
    rule,
    warnings: parser.warnings,
  }))
}

const fail = (message: string, at: number): Result.Result<never, RuleProblem> =>
  Result.fail(new RuleProblem(message, at))

const bare = (word: string): string => word.replace(/^-/, "").toLowerCase()

const operatorOf = (word: string): ComparisonOperator | undefined =>
  comparisonOperators.find((it) => it.toLowerCase() === bare(word))

class RuleParser {
  readonly warnings: string[] = []
  /** Whatever the first property is about, all others have to be about as well (IDN-194). */
  scope: RuleScope | undefined
  private readonly tokens: readonly RuleToken[]
  private readonly end: number
  private readonly propertyOf: PropertyOf
  private index = 0
  private depth = 0
  /** What an item inside a collection is, while inside one. */
  private item: RuleProperty | undefined

  constructor(tokens: readonly RuleToken[], end: number, propertyOf: PropertyOf) {
    this.tokens = tokens
    this.end = end
    this.propertyOf = propertyOf
  }

  parse(): Parsed<MembershipRule> {
    const rule = this.isDirectReports() ? this.directReports() : this.or()
    if (Result.isFailure(rule)) return rule
    return this.peek() === undefined ? alone(rule.success) : fail(problems.compilation, this.at())
  }

  private peek(): RuleToken | undefined {
    return this.tokens[this.index]
  }

  private at(): number {
    return this.peek()?.at ?? this.end
  }

  private isWord(word: string): boolean {
    const token = this.peek()
    return token?.kind === "word" && bare(token.text) === word
  }

  private take(kind: RuleToken["kind"]): RuleToken | undefined {
    const token = this.peek()
    if (token?.kind !== kind) return undefined
    this.index += 1
    return token
  }

  private takeWord(word: string): boolean {
    if (!this.isWord(word)) return false
    this.index += 1
    return true
  }

  private isDirectReports(): boolean {
    const [first, second, third] = this.tokens
    return (
      [first, second, third].map((it) => it?.text.toLowerCase()).join(" ") === "direct reports for"
    )
  }

  private directReports(): Parsed<MembershipRule> {
    this.index = 3
    const manager = this.take("text")
    return manager === undefined
      ? fail(problems.compilation, this.at())
      : Result.succeed({ _tag: "DirectReports", managerId: manager.text.trim() })
  }

  private or(): Parsed<MembershipRule> {
    return this.chain("or", "Or", () => this.chain("and", "And", () => this.not()))
  }

  private chain(
    word: "or" | "and",
    tag: "Or" | "And",
    next: () => Parsed<MembershipRule>,
  ): Parsed<MembershipRule> {
    const first = next()
    if (Result.isFailure(first)) return first
    const parts = [first.success]
    while (this.takeWord(word)) {
      const part = next()
      if (Result.isFailure(part)) return part
      parts.push(part.success)
    }
    return Result.succeed(parts.length === 1 ? first.success : { _tag: tag, parts })
  }

  private not(): Parsed<MembershipRule> {
    if (!this.takeWord("not")) return this.primary()
    return Result.map(this.primary(), (part) => ({ _tag: "Not", part }))
  }

  private primary(): Parsed<MembershipRule> {
    if (this.take("(") !== undefined) return this.closed(() => this.or())
    return this.item === undefined ? this.predicate() : this.itemComparison(this.item)
  }

  private closed(inner: () => Parsed<MembershipRule>): Parsed<MembershipRule> {
    this.depth += 1
    if (this.depth > nestingLimit) return fail(problems.compilation, this.at())
    const result = inner()
    this.depth -= 1
    if (Result.isFailure(result)) return result
    return this.take(")") === undefined ? fail(problems.compilation, this.at()) : result
  }

  private predicate(): Parsed<MembershipRule> {
    const token = this.take("word")
    if (token === undefined) return fail(problems.compilation, this.at())
    const [scope = "", ...rest] = token.text.split(".")
    if (rest.length === 0) return fail(problems.compilation, token.at)
    const asked = scope.toLowerCase()
    if (asked !== "user" && asked !== "device") return fail(problems.attribute, token.at)
    const known = this.propertyOf(asked, rest.join("."))
    if (known === undefined) return fail(problems.attribute, token.at)
    this.scope ??= asked
    if (this.scope !== asked) return fail(problems.property, token.at)
    if (token.text !== `${asked}.${known.name}`) {
      this.warnings.push(`Property '${token.text}' is documented as '${asked}.${known.name}'.`)
    }
    for (const quantifier of ["any", "all"] as const) {
      if (this.takeWord(quantifier)) return this.collection(known, quantifier, token.at)
    }
    return this.comparison(known, token.at)
  }

  private collection(
    subject: RuleProperty,
    quantifier: "any" | "all",
    at: number,
  ): Parsed<MembershipRule> {
    const isCollection = ["strings", "plans", "groups"].includes(subject.type)
    if (!isCollection || this.item !== undefined) return fail(problems.operator, at)
    if (subject.type === "groups" && quantifier === "all") return fail(problems.property, at)
    this.item = subject
    const item =
      this.take("(") === undefined ? this.itemComparison(subject) : this.closed(() => this.or())
    this.item = undefined
    return Result.map(item, (it) => ({
      _tag: "Collection",
      property: subject.name,
      quantifier,
      item: it,
    }))
  }

  /** `_` for a string, `assignedPlan.<field>` for a plan, `group.objectId` for a group. */
  private itemComparison(collection: RuleProperty): Parsed<MembershipRule> {
    const token = this.take("word")
    if (token === undefined) return fail(problems.compilation, this.at())
    const [scope = "", field = ""] = token.text.split(".")
    switch (collection.type) {
      case "strings":
        return token.text === "_"
          ? this.comparison({ name: "_", type: "string" }, token.at)
          : fail(problems.compilation, token.at)
      case "plans": {
        const known = scope.toLowerCase() === "assignedplan" ? planField(field) : undefined
        return known === undefined
          ? fail(problems.attribute, token.at)
          : this.comparison({ name: known, type: "string" }, token.at)
      }
      default:
        return scope.toLowerCase() === "group" && field.toLowerCase() === "objectid"
          ? this.comparison({ name: "objectId", type: "string" }, token.at)
          : fail(problems.property, token.at)
    }
  }

  private comparison(subject: RuleProperty, at: number): Parsed<MembershipRule> {
    if (this.isWord("not")) return fail(problems.not, this.at())
    const word = this.take("word")
    const operator = word === undefined ? undefined : operatorOf(word.text)
    if (operator === undefined) return fail(problems.compilation, word?.at ?? this.at())
    const value = this.value(subject.type)
    if (Result.isFailure(value)) return Result.fail(value.failure)
    const problem = comparisonProblem(subject, operator, value.success)
    return problem === undefined
      ? Result.succeed({
          _tag: "Comparison",
          property: subject.name,
          operator,
          value: value.success,
        })
      : fail(problem, at)
  }

  private value(type: PropertyType): Parsed<RuleValue> {
    if (this.take("[") !== undefined) return this.list()
    const quoted = this.take("text")
    if (quoted !== undefined) {
      return Result.succeed({ kind: "text", text: quoted.text, isQuoted: true })
    }
    const word = this.take("word")
    if (word === undefined) return fail(problems.compilation, this.at())
    const lower = word.text.toLowerCase()
    if (lower === "null" || lower === "$null") return Result.succeed({ kind: "null" })
    if (lower === "true" || lower === "false") {
      return Result.succeed({ kind: "boolean", isTrue: lower === "true" })
    }
    if (lower === "system.now") return this.now()
    const isPlain = type === "date" || /^[\d.]+$/.test(lower)
    return isPlain
      ? Result.succeed({ kind: "text", text: word.text, isQuoted: false })
      : fail(problems.compilation, word.at)
  }

  private now(): Parsed<RuleValue> {
    const sign = this.takeWord("plus") ? 1 : this.takeWord("minus") ? -1 : 0
    if (sign === 0) return Result.succeed({ kind: "now", offsetMillis: 0 })
    const word = this.take("word")
    const millis = word === undefined ? undefined : parseDuration(word.text)
    return millis === undefined
      ? fail(problems.compilation, word?.at ?? this.at())
      : Result.succeed({ kind: "now", offsetMillis: millis === 0 ? 0 : sign * millis })
  }

  private list(): Parsed<RuleValue> {
    const items: string[] = []
    for (;;) {
      const item = this.take("text")
      if (item === undefined) return fail(problems.compilation, this.at())
      items.push(item.text)
      if (this.take("]") !== undefined) return Result.succeed({ kind: "list", items })
      if (this.take(",") === undefined) return fail(problems.compilation, this.at())
    }
  }
}

const usesGroups = (rule: MembershipRule): boolean => {
  switch (rule._tag) {
    case "Or":
    case "And":
      return rule.parts.some(usesGroups)
    case "Not":
      return usesGroups(rule.part)
    case "Collection":
      return rule.property === "memberOf"
    default:
      return false
  }
}

/** A rule on groups stands alone, lists its groups with -in, and at most fifty of them (IDN-213). */
const alone = (rule: MembershipRule): Parsed<MembershipRule> => {
  if (!usesGroups(rule)) return Result.succeed(rule)
  const isAlone =
    rule._tag === "Collection" &&
    rule.item._tag === "Comparison" &&
    rule.item.operator === "in" &&
    rule.item.value.kind === "list" &&
    rule.item.value.items.length <= 50
  return isAlone ? Result.succeed(rule) : fail(problems.property, 0)
}
