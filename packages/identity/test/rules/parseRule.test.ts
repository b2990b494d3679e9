import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Result, Schema } from "effect"
import { parseRule } from "../../src/index.ts"

const problem = (rule: string): string => {
  const parsed = parseRule(rule)
  return Result.isFailure(parsed) ? parsed.failure.message : "none"
}

describe("rules that can be saved", () => {
  it.each([
    'user.department -eq "Sales"',
    '(user.department -eq "Sales") -or (user.department -eq "Marketing")',
    '(user.department -eq "Sales") -and -not (user.jobTitle -startsWith "SDE")',
    '(user.objectId -ne null) and (user.userType -eq "Guest")',
    '(user.userType -eq "Guest") -and (user.mail -match "@fabrikam\\.com$")',
    '(user.userType -eq "Guest") -and (user.mail -endsWith "@fabrikam.com")',
    'user.department -in ["50001","50002","50003"]',
    "user.accountEnabled -eq true",
    "user.employeehiredate -ge system.now -plus p1d",
    "user.employeeHireDate -le 2026-01-01T00:00:00Z",
    'user.assignedPlans -any (assignedPlan.servicePlanId -eq "efb87545" -and assignedPlan.capabilityStatus -eq "Enabled")',
    "user.assignedPlans -all (assignedPlan.servicePlanId -eq null)",
    '(user.proxyAddresses -any (_ -startsWith "contoso"))',
    'user.proxyAddresses -any _ -startsWith "smtp:"',
    'user.otherMails -endsWith "@contoso.com"',
    "user.memberof -any (group.objectId -in ['g1', 'g2'])",
    'Direct Reports for "62e19b97-8b3d-4d4a-a106-4ce66896a863"',
    'user.extension_c272a57b722d4eb29bfe327874ae79cb_OfficeNumber -eq "123"',
    'user.extensionAttribute15 -eq "Marketing"',
    "user.manager\u2013eq null".replace("manager\u2013eq", "mail \u2013eq"),
    'USER.DEPARTMENT -EQ "Sales" -AND user.city -StartsWith "B"',
    "user.mail -ne $null",
  ])("[IDN-195] [IDN-197] [IDN-214] %s", (rule) => {
    assert.strictEqual(problem(rule), "none")
  })
})

describe("rules that cannot", () => {
  it.each([
    ["[IDN-205]", 'user.externalUserState -eq "Accepted"', "Attribute not supported"],
    ["[IDN-205]", 'user.creationType -eq "Invitation"', "Attribute not supported"],
    ["[IDN-205]", 'user.identities -eq "x"', "Attribute not supported"],
    ["[IDN-204]", 'user.favouriteColour -eq "red"', "Attribute not supported"],
    ["[IDN-216]", `device.externalUserState -eq "x"`, "Attribute not supported"],
    ["[IDN-202]", 'user.accountEnabled -startsWith "t"', "Operator isn't supported on attribute"],
    ["[IDN-202]", 'user.accountEnabled -eq "true"', "Invalid object type."],
    ["[IDN-201]", "user.mail -not null", "Invalid operands found for operator -not"],
    ["[IDN-201]", "user.mail -contains null", "Operator isn't supported on attribute"],
    ["[IDN-207]", 'user.mail -match "*@fabrikam.com"', "Query compilation error"],
    ["[IDN-207]", 'user.mail -match "("', "Query compilation error"],
    ["[IDN-207]", 'user.mail -notMatch "("', "Query compilation error"],
    ["[IDN-206]", 'user.userType -ne "Visitor"', "Invalid object type."],
    ["[IDN-211]", 'user.city -any (_ -eq "x")', "Operator isn't supported on attribute"],
    ["[IDN-215]", 'user.city -eq "a" user.city -eq "b"', "Query compilation error"],
    ["[IDN-215]", '(user.city -eq "a"', "Query compilation error"],
    ["[IDN-215]", 'user.city -eq "a")', "Query compilation error"],
    ["[IDN-215]", "user.city -eq Berlin", "Query compilation error"],
    ["[IDN-215]", "", "Query compilation error"],
    ["[IDN-199]", 'user.department -in "Sales"', "Invalid object type."],
    ["[IDN-199]", 'user.department -eq ["Sales"]', "Invalid object type."],
    ["[IDN-206]", 'user.userType -eq "Visitor"', "Invalid object type."],
    [
      "[IDN-203]",
      'user.employeeHireDate -contains "2026"',
      "Operator isn't supported on attribute",
    ],
    ["[IDN-203]", "user.employeeHireDate -ge tomorrow", "Invalid object type."],
    ["[IDN-212]", 'Direct Reports for "m" -and user.city -eq "a"', "Query compilation error"],
    ["[IDN-213]", "user.memberOf -all (group.objectId -in ['g'])", "Wrong property applied."],
    ["[IDN-213]", "user.memberOf -any (group.displayName -in ['g'])", "Wrong property applied."],
    [
      "[IDN-213]",
      "user.memberOf -any (group.objectId -in ['g']) -and user.city -eq \"a\"",
      "Wrong property applied.",
    ],
    [
      "[IDN-213]",
      `user.memberOf -any (group.objectId -in [${Array.from({ length: 51 }, (_, i) => `'${i}'`).join(",")}])`,
      "Wrong property applied.",
    ],
    ["[IDN-194]", `user.city -eq "${"x".repeat(3072)}"`, "Query compilation error"],
  ])("%s %s", (_facts, rule, expected) => {
    assert.strictEqual(problem(rule), expected)
  })

  it("[IDN-194] [IDN-213] the limits themselves are within the limits", () => {
    const frame = 'user.city -eq ""'
    assert.strictEqual(problem(`user.city -eq "${"x".repeat(3072 - frame.length)}"`), "none")
    const groups = Array.from({ length: 50 }, (_, index) => `'${index}'`).join(",")
    assert.strictEqual(problem(`user.memberOf -any (group.objectId -in [${groups}])`), "none")
  })

  it("[IDN-198] a name in another case is read, and remarked upon", () => {
    const parsed = parseRule('user.Department -eq "Sales"')
    assert.isTrue(Result.isSuccess(parsed))
    if (Result.isSuccess(parsed)) assert.strictEqual(parsed.success.warnings.length, 1)
    const exact = parseRule('user.department -eq "Sales"')
    if (Result.isSuccess(exact)) assert.isEmpty(exact.success.warnings)
  })
})

describe("whatever somebody pastes", () => {
  const pieces = Arbitrary.array(
    Arbitrary.schema(
      Schema.Literals([
        "user.department",
        "user.memberOf",
        "user.otherMails",
        "-eq",
        "-any",
        "-in",
        "not",
        "and",
        "-or",
        "(",
        ")",
        "[",
        "]",
        ",",
        '"x"',
        "'y",
        "null",
        "_",
        "\\",
        "system.now",
        "-plus",
        "p1d",
        "Direct Reports for",
      ]),
    ),
    { maxLength: 40 },
  )

  it.prop("gives a rule or a reason, never a crash", [pieces], ([it]) => {
    const parsed = parseRule(it.join(" "))
    if (Result.isFailure(parsed)) assert.isNotEmpty(parsed.failure.message)
  })

  it("does not fall over nesting", () => {
    assert.strictEqual(problem("(".repeat(3000)), "Query compilation error")
    assert.strictEqual(
      problem(`${"-not ".repeat(600)}user.mail -eq null`),
      "Query compilation error",
    )
  })
})
