import { normalizeAddress } from "../../src/Address.ts"
import type { DirectoryUser } from "../../src/DirectoryUser.ts"
import { momentOf } from "../../src/rules/comparisonProblem.ts"
import type { RuleContext } from "../../src/rules/compileRule.ts"
import type {
  ComparisonOperator,
  MembershipRule,
  RuleValue,
} from "../../src/rules/MembershipRule.ts"

/** A second opinion on rules about users: interprets the tree, slow and obviously right. */
export const slowlyMatches = (
  rule: MembershipRule,
  user: DirectoryUser,
  context: RuleContext,
): boolean => {
  switch (rule._tag) {
    case "Or":
      return rule.parts.some((part) => slowlyMatches(part, user, context))
    case "And":
      return rule.parts.every((part) => slowlyMatches(part, user, context))
    case "Not":
      return !slowlyMatches(rule.part, user, context)
    case "DirectReports":
      return user.manager === rule.managerId
    case "Collection":
      return matchesCollection(rule, user, context)
    case "Comparison":
      return matchesProperty(rule, user, context)
  }
}

type Comparison = Extract<MembershipRule, { readonly _tag: "Comparison" }>
type Collection = Extract<MembershipRule, { readonly _tag: "Collection" }>

const nickname = (user: DirectoryUser): string =>
  normalizeAddress(user.mail ?? user.userPrincipalName).split("@")[0] ?? ""

const textOf = (user: DirectoryUser, property: string): string | null => {
  switch (property) {
    case "displayName":
      return user.displayName
    case "mail":
      return user.mail ?? null
    case "mailNickName":
      return nickname(user)
    case "objectId":
      return user.id
    case "userPrincipalName":
      return user.userPrincipalName
    case "userType":
      return user.userType
    default:
      return Object.hasOwn(user.profile, property) ? (user.profile[property] ?? null) : null
  }
}

const matchesProperty = (
  { property, operator, value }: Comparison,
  user: DirectoryUser,
  context: RuleContext,
): boolean => {
  switch (property) {
    case "accountEnabled":
      return matchesFlag(user.accountEnabled, operator, value)
    case "dirSyncEnabled":
      return matchesFlag(user.onPremisesSyncEnabled ? true : null, operator, value)
    case "employeeHireDate":
      return matchesDate(user.employeeHireDate, operator, value, context.now)
    case "otherMails":
      return matchesAnyItem(user.otherMails, operator, value)
    case "proxyAddresses":
      return matchesAnyItem(user.proxyAddresses, operator, value)
    default:
      return matchesText(textOf(user, property), operator, value)
  }
}

const matchesFlag = (
  actual: boolean | null,
  operator: ComparisonOperator,
  value: RuleValue,
): boolean => {
  const wanted = value.kind === "boolean" ? value.isTrue : null
  return (operator === "eq") === (actual === wanted)
}

const matchesDate = (
  actual: number | undefined,
  operator: ComparisonOperator,
  value: RuleValue,
  now: number,
): boolean => {
  if (value.kind === "null") return (operator === "eq") === (actual === undefined)
  const wanted =
    value.kind === "now"
      ? now + value.offsetMillis
      : value.kind === "text"
        ? momentOf(value.text)
        : undefined
  if (actual === undefined || wanted === undefined) return false
  if (operator === "eq") return actual === wanted
  return operator === "le" ? actual <= wanted : actual >= wanted
}

/** Each negative operator is the exact opposite of its positive one (IDN-218). */
const positiveOf: Partial<Record<ComparisonOperator, ComparisonOperator>> = {
  ne: "eq",
  notStartsWith: "startsWith",
  notEndsWith: "endsWith",
  notContains: "contains",
  notMatch: "match",
  notIn: "in",
}

const matchesText = (
  actual: string | null,
  operator: ComparisonOperator,
  value: RuleValue,
): boolean => {
  const positive = positiveOf[operator]
  return positive === undefined ? holds(actual, operator, value) : !holds(actual, positive, value)
}

/** Comparison of strings does not look at case (IDN-198). */
const holds = (actual: string | null, operator: ComparisonOperator, value: RuleValue): boolean => {
  if (value.kind === "null") return operator === "eq" && actual === null
  if (actual === null) return false
  const text = actual.toLowerCase()
  if (value.kind === "list") {
    return operator === "in" && value.items.some((item) => item.toLowerCase() === text)
  }
  if (value.kind !== "text") return false
  const wanted = value.text.toLowerCase()
  switch (operator) {
    case "eq":
      return text === wanted
    case "startsWith":
      return text.startsWith(wanted)
    case "endsWith":
      return text.endsWith(wanted)
    case "contains":
      return text.includes(wanted)
    case "match":
      return new RegExp(value.text, "i").test(actual)
    default:
      return false
  }
}

/** A plain operator on a collection: some item matches, or for the negative ones none (IDN-210). */
const matchesAnyItem = (
  items: readonly string[],
  operator: ComparisonOperator,
  value: RuleValue,
): boolean => {
  const positive = positiveOf[operator]
  if (value.kind === "null") return (operator === "eq") === (items.length === 0)
  return positive === undefined
    ? items.some((item) => holds(item, operator, value))
    : !items.some((item) => holds(item, positive, value))
}

const matchesItem = (rule: MembershipRule, read: (property: string) => string | null): boolean => {
  switch (rule._tag) {
    case "Or":
      return rule.parts.some((part) => matchesItem(part, read))
    case "And":
      return rule.parts.every((part) => matchesItem(part, read))
    case "Not":
      return !matchesItem(rule.part, read)
    case "Comparison":
      return matchesText(read(rule.property), rule.operator, rule.value)
    default:
      return false
  }
}

/** `-all` holds for an empty collection, `-any` does not (IDN-211). */
const matchesCollection = (
  { property, quantifier, item }: Collection,
  user: DirectoryUser,
  context: RuleContext,
): boolean => {
  if (property === "memberOf") {
    return (
      item._tag === "Comparison" &&
      item.value.kind === "list" &&
      item.value.items.some((groupId) => context.isDirectMember(groupId, user.id))
    )
  }
  const checks =
    property === "assignedPlans"
      ? user.assignedPlans.map(
          (plan) => () => matchesItem(item, (field) => plan[field as keyof typeof plan] ?? null),
        )
      : (property === "otherMails" ? user.otherMails : user.proxyAddresses).map(
          (text) => () => matchesItem(item, () => text),
        )
  return quantifier === "any" ? checks.some((check) => check()) : checks.every((check) => check())
}
