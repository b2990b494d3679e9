import { assert, describe, it } from "@effect/vitest"
import { days, instant } from "@twin/kernel"
import { Arbitrary, Result, Schema } from "effect"
import { type DirectoryUser, memberUser, parseRule } from "../../src/index.ts"
import { matchesRule } from "../../src/rules/matchesRule.ts"

const now = instant("2026-09-01T08:00:00Z")
const context = {
  now,
  isDirectMember: (group: string, user: string) => group === "g1" && user === "u",
}

const user = (rest: Partial<DirectoryUser> = {}): DirectoryUser =>
  memberUser({
    id: "u",
    userPrincipalName: "u@contoso.com",
    displayName: "U",
    profile: { department: "Sales", city: "Lagos" },
    otherMails: ["u@private.example", "u2@fabrikam.com"],
    proxyAddresses: ["SMTP:u@contoso.com", "smtp:alias@contoso.com"],
    ...rest,
  })

const matches = (rule: string, who: DirectoryUser = user()): boolean => {
  const parsed = parseRule(rule)
  return Result.isSuccess(parsed) && matchesRule(parsed.success.rule, who, context)
}

/** Rule, whether the user above satisfies it. Flat, obviously right. */
const table: readonly (readonly [facts: string, rule: string, expected: boolean])[] = [
  ["[IDN-198]", 'user.department -eq "SALES"', true],
  ["[IDN-198]", 'user.department -ne "sales"', false],
  ["[IDN-207]", 'user.city -match "ago"', true],
  ["[IDN-207]", 'user.city -match "^ago"', false],
  ["[IDN-207]", 'user.city -notMatch "^ago"', true],
  ["[IDN-208]", 'user.department -contains "ale"', true],
  ["[IDN-208]", 'user.department -notContains "ale"', false],
  ["[IDN-209]", 'user.department -in ["HR","sales"]', true],
  ["[IDN-209]", 'user.department -in ["HR","sale"]', false],
  ["[IDN-209]", 'user.department -notIn ["HR"]', true],
  ["[IDN-196]", 'user.department -startsWith "sa"', true],
  ["[IDN-196]", 'user.department -notStartsWith "sa"', false],
  ["[IDN-196]", 'user.mail -endsWith "@CONTOSO.com"', true],
  ["[IDN-196]", 'user.mail -notEndsWith "@contoso.com"', false],
  ["[IDN-196]", 'user.city -eq "x" -or user.city -eq "Lagos" -and user.department -eq "x"', false],
  ["[IDN-196]", 'user.city -eq "Lagos" -or user.city -eq "x" -and user.department -eq "x"', true],
  ["[IDN-196]", '-not user.city -eq "x" -and user.department -eq "Sales"', true],
  ["[IDN-196]", '-not (user.city -eq "Lagos" -or user.city -eq "x")', false],
  ["[IDN-201]", "user.jobTitle -eq null", true],
  ["[IDN-201]", "user.jobTitle -ne null", false],
  ["[IDN-199]", 'user.jobTitle -eq "null"', false],
  ["[IDN-202]", "user.accountEnabled -eq true", true],
  ["[IDN-202]", "user.accountEnabled -ne true", false],
  ["[IDN-202]", "user.dirSyncEnabled -eq true", false],
  ["[IDN-206]", 'user.userType -eq "Guest"', false],
  ["[IDN-206]", 'user.userType -eq "member"', true],
  ["[IDN-210]", 'user.otherMails -endsWith "@fabrikam.com"', true],
  ["[IDN-210]", 'user.otherMails -notEndsWith "@fabrikam.com"', false],
  ["[IDN-210]", 'user.proxyAddresses -startsWith "SMTP:"', true],
  ["[IDN-211]", 'user.otherMails -any (_ -contains "fabrikam")', true],
  ["[IDN-211]", 'user.otherMails -all (_ -contains "fabrikam")', false],
  ["[IDN-211]", 'user.otherMails -all (_ -contains "u")', true],
  ["[IDN-211]", "user.assignedPlans -all (assignedPlan.servicePlanId -eq null)", true],
  ["[IDN-211]", 'user.assignedPlans -any (assignedPlan.service -eq "x")', false],
  ["[IDN-213]", "user.memberOf -any (group.objectId -in ['g0','g1'])", true],
  ["[IDN-213]", "user.memberOf -any (group.objectId -in ['g0'])", false],
  ["[IDN-200]", "user.city -in ['Lagos','it''s']", true],
  ["[IDN-210]", "user.otherMails -eq null", false],
  ["[IDN-210]", "user.otherMails -ne null", true],
  ["[IDN-214]", "user.objectId -ne null", true],
  ["[IDN-218]", 'user.jobTitle -eq "x"', false],
  ["[IDN-218]", 'user.jobTitle -ne "x"', true],
  ["[IDN-218]", 'user.jobTitle -notContains "x"', true],
  ["[IDN-218]", 'user.jobTitle -notIn ["x"]', true],
  ["[IDN-218]", 'user.jobTitle -match ".*"', false],
]

const plans = (...assignedPlans: readonly (readonly [string, string])[]) =>
  user({
    assignedPlans: assignedPlans.map(([servicePlanId, capabilityStatus]) => ({
      service: "exchange",
      servicePlanId,
      capabilityStatus,
    })),
  })

describe("a membership rule", () => {
  it.each(table)("%s %s is %s", (_facts, rule, expected) => {
    assert.strictEqual(matches(rule), expected)
  })

  it("[IDN-200] takes a quote inside a value, escaped with a backtick or a backslash", () => {
    const quoted = user({ profile: { department: 'the "best"' } })
    assert.isTrue(matches('user.department -eq "the `"best`""', quoted))
    assert.isTrue(matches('user.department -eq "the \\"best\\""', quoted))
    assert.isFalse(matches('user.department -eq "the best"', quoted))
    const city = user({ profile: { city: "it's" } })
    assert.isTrue(matches("user.city -in ['it''s']", city))
  })

  it("[IDN-203] compares dates with the clock, shifted or not", () => {
    const hired = (at: number) => user({ employeeHireDate: at })
    const soon = "user.employeeHireDate -ge system.now -plus p1d"
    assert.isTrue(matches(soon, hired(now + days(1))))
    assert.isFalse(matches(soon, hired(now + days(1) - 1)))
    assert.isTrue(
      matches("user.employeeHireDate -le system.now -minus p30d", hired(now - days(30))),
    )
    assert.isFalse(matches(soon, user()))
    assert.isTrue(matches("user.employeeHireDate -eq null", user()))
    assert.isTrue(matches("user.employeeHireDate -eq 2026-01-01", hired(Date.UTC(2026, 0, 1))))
    assert.isFalse(matches("user.employeeHireDate -eq 2026-01-01", hired(Date.UTC(2026, 0, 2))))
    assert.isTrue(matches("user.employeeHireDate -ge system.now", hired(now)))
    assert.isTrue(matches("user.otherMails -eq null", user({ otherMails: [] })))
    assert.isTrue(matches("user.employeeHireDate -ge 2026-01-01", hired(now)))
  })

  it("[IDN-206] [IDN-004] about guests finds them in any state, and misses external members", () => {
    const rule = '(user.objectId -ne null) and (user.userType -eq "Guest")'
    assert.isTrue(
      matches(rule, user({ userType: "Guest", externalUserState: "PendingAcceptance" })),
    )
    assert.isTrue(matches(rule, user({ userType: "Guest" })))
    assert.isFalse(
      matches(rule, user({ creationType: "Invitation", externalUserState: "Accepted" })),
    )
  })

  it("[IDN-211] looks at all fields of one plan together", () => {
    const rule =
      'user.assignedPlans -any (assignedPlan.servicePlanId -eq "p1" -and assignedPlan.capabilityStatus -eq "Enabled")'
    assert.isTrue(matches(rule, plans(["p1", "Enabled"])))
    assert.isFalse(matches(rule, plans(["p1", "Deleted"], ["p2", "Enabled"])))
  })

  it("[IDN-212] finds direct reports, one level", () => {
    const rule = 'Direct Reports for "boss"'
    assert.isTrue(matches(rule, user({ manager: "boss" })))
    assert.isFalse(matches(rule, user({ manager: "other" })))
    assert.isFalse(matches(rule, user()))
  })

  const Operators = Schema.Literals(["eq", "startsWith", "endsWith", "contains", "match", "in"])
  const negative = {
    eq: "ne",
    startsWith: "notStartsWith",
    endsWith: "notEndsWith",
    contains: "notContains",
    match: "notMatch",
    in: "notIn",
  } as const
  const questions = Arbitrary.schema(
    Schema.Struct({
      operator: Operators,
      property: Schema.Literals(["department", "city", "jobTitle", "mail"]),
      value: Schema.Literals(["Sales", "la", "GO", "x", "u@"]),
    }),
  )

  it.prop("[IDN-218] and its negation are opposites, for everybody", [questions], ([it]) => {
    const value = it.operator === "in" ? `["${it.value}"]` : `"${it.value}"`
    const rule = (operator: string) => `user.${it.property} -${operator} ${value}`
    assert.notStrictEqual(matches(rule(it.operator)), matches(rule(negative[it.operator])))
    assert.notStrictEqual(matches(rule(it.operator)), matches(`-not (${rule(it.operator)})`))
  })

  it.prop(
    "[IDN-196] binds -and closer than -or, whatever stands around",
    [questions, questions, questions],
    ([a, b, c]) => {
      const rule = ({ operator, property, value }: typeof a) =>
        `user.${property} -${operator} ${operator === "in" ? `["${value}"]` : `"${value}"`}`
      const flat = `${rule(a)} -or ${rule(b)} -and ${rule(c)}`
      assert.strictEqual(matches(flat), matches(rule(a)) || (matches(rule(b)) && matches(rule(c))))
    },
  )
})
