import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { memberUser, parseRule, printRule } from "../../src/index.ts"
import { compileRule, type RuleContext } from "../../src/rules/compileRule.ts"
import { ruleLengthLimit } from "../../src/rules/MembershipRule.ts"
import { userReaders } from "../../src/rules/ruleReaders.ts"
import { start } from "../world.ts"
import { mutated, numbers, randomRule } from "./randomRule.ts"
import { slowlyMatches } from "./slowRule.ts"

const values = ["Sales", "sales", "Legal", "", "o'neil", 'a"b', "x\\", "y`", "42", "Guest"]

const people = Array.from({ length: 40 }, (_, index) => {
  const below = numbers(index)
  const value = () => values[below(values.length)] as string
  return memberUser({
    id: `u${index}`,
    userPrincipalName: `u${index}@contoso.com`,
    displayName: value(),
    userType: below(2) === 0 ? "Guest" : "Member",
    accountEnabled: below(2) === 0,
    otherMails: Array.from({ length: below(3) }, value),
    profile: { department: value(), city: value(), ...(below(2) === 0 ? { state: value() } : {}) },
    assignedPlans: Array.from({ length: below(3) }, () => ({
      service: value(),
      servicePlanId: value(),
      capabilityStatus: value(),
    })),
    ...(below(2) === 0 ? { employeeHireDate: start + (below(400) - 200) * 3_600_000 } : {}),
    ...(below(2) === 0 ? { manager: "m1" } : {}),
  })
})

const context: RuleContext = { now: start, isDirectMember: (groupId) => groupId === "Sales" }

describe("a hundred thousand rules", () => {
  it("[IDN-195] [IDN-200] what is printed reads back as the same rule", { timeout: 30_000 }, () => {
    const below = numbers(195)
    for (let count = 0; count < 20_000; count++) {
      const rule = randomRule(below)
      const text = printRule(rule)
      if (text.length > ruleLengthLimit) continue
      const parsed = parseRule(text)
      if (Result.isFailure(parsed)) assert.fail(`${text}: ${parsed.failure.message}`)
      if (JSON.stringify(parsed.success.rule) !== JSON.stringify(rule.rule)) {
        assert.deepStrictEqual(parsed.success.rule, rule.rule, text)
      }
      const { scope, warnings } = parsed.success
      if (scope !== rule.scope || warnings.length > 0) assert.fail(text)
    }
  })

  it("[IDN-215] damaged ones give a rule or a reason at a place in the text, never a crash", {
    timeout: 30_000,
  }, () => {
    const below = numbers(215)
    let refused = 0
    let whole = ""
    for (let count = 0; count < 80_000; count++) {
      if (count % 8 === 0) whole = printRule(randomRule(below))
      const text = mutated(below, whole)
      const parsed = parseRule(text)
      if (Result.isSuccess(parsed)) {
        if (parsed.success.scope === "user" && count % 10 === 0) {
          const test = compileRule(parsed.success.rule, userReaders)
          for (const person of people.slice(0, 3)) test(person, context)
        }
        continue
      }
      refused += 1
      const { message, at } = parsed.failure
      if (message === "" || at < 0 || at > text.length) assert.fail(`${text}: ${message} ${at}`)
    }
    assert.isAbove(refused, 20_000)
  })

  it("[IDN-196] [IDN-218] the compiled rule agrees with the tree read slowly, for everybody", {
    timeout: 30_000,
  }, () => {
    const below = numbers(196)
    for (let count = 0; count < 5000; count++) {
      const { rule } = randomRule(below, "user")
      const test = compileRule(rule, userReaders)
      for (const person of people) {
        assert.strictEqual(
          test(person, context),
          slowlyMatches(rule, person, context),
          printRule({ scope: "user", rule }),
        )
      }
    }
  })
})

describe("patterns that would never end", () => {
  it.each([
    "(a+)+$",
    "(a|aa)+$",
    "(.*a){20}",
    "([a-z]+)*x",
    "(a)\\1",
    ".*a.*b.*c.*d.*e.*f",
    "x{5000}",
    "((a{2,9}){2,9}){2,9}",
  ])("[IDN-207] %s is no pattern for a rule", (pattern) => {
    const parsed = parseRule(`user.city -match "${pattern}"`)
    assert.isTrue(Result.isFailure(parsed))
    if (Result.isFailure(parsed))
      assert.strictEqual(parsed.failure.message, "Query compilation error")
  })

  it.each([
    "^Da.*",
    "@fabrikam\\.com$",
    "(Berlin|Rome)",
    "[(+*]+x",
    "^\\d{3}-\\w+$",
    "a?b+?",
    "(?:ab)?c",
  ])("[IDN-207] %s is one", (pattern) => {
    assert.isTrue(Result.isSuccess(parseRule(`user.city -match "${pattern}"`)))
  })
})
