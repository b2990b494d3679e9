import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Result, Schema } from "effect"
import { matchPattern } from "../src/matchPattern.ts"
import { isLike } from "../src/wildcard.ts"

/** Words over a small alphabet, so that patterns and texts meet. */
const over = (alphabet: readonly string[], maxLength: number) =>
  Arbitrary.array(
    Arbitrary.schema(
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: alphabet.length - 1 })),
    ),
    { maxLength },
  ).pipe(Arbitrary.map((list) => list.map((index) => alphabet[index] ?? "").join("")))

const regexPieces =
  "a b c A . * + ? | ( ) (?: [ab] [^a] [a-c] \\d \\w \\s \\b ^ $ {2} {1,} {0,2} \\. 1 _".split(" ")

/** JavaScript's own engine, in the same dialect, as a second opinion. */
const secondOpinion = (pattern: string, text: string): boolean | undefined => {
  try {
    return new RegExp(pattern, "is").test(text)
  } catch {
    return undefined
  }
}

describe("-match", () => {
  it.prop(
    "agrees with JavaScript's engine on every pattern that both read",
    [over(regexPieces, 8), over(["a", "b", "c", "A", "1", "_", ".", " ", "ab"], 8)],
    ([pattern, text]) => {
      const ours = matchPattern(pattern, text)
      const theirs = secondOpinion(pattern, text)
      if (Result.isSuccess(ours) && theirs !== undefined) {
        assert.strictEqual(ours.success, theirs, `${JSON.stringify(text)} -match ${pattern}`)
      }
      // What JavaScript reads, we read, but for what only it has.
      if (theirs !== undefined && Result.isFailure(ours)) {
        assert.match(ours.failure, /quantifier|outside the subset/, pattern)
      }
    },
  )

  it("takes linear time where other engines take forever", () => {
    const text = `${"a".repeat(5_000)}b`
    for (const pattern of ["(a+)+$", "(a*)*c", "(a|a)*c", "(?:a?){50}a{50}c", "(.*)*x"]) {
      assert.deepStrictEqual(matchPattern(pattern, text), Result.succeed(false), pattern)
    }
  })

  it.each([
    ["(", "not enough )'s"],
    [")", "too many )'s"],
    ["[a", "unterminated [] set"],
    ["*a", "quantifier '*' following nothing"],
    ["\\", "illegal \\ at end of pattern"],
    ["(?<n>a)", "outside the subset"],
    ["(?=a)", "outside the subset"],
    ["\\1", "outside the subset"],
    ["(".repeat(60) + ")".repeat(60), "nested too deeply"],
    ["a".repeat(1_001), "too long"],
    ["(a{1000}){1000}", "too complex"],
  ])("%j is no pattern: %s", (pattern, reason) => {
    const found = matchPattern(pattern, "aaa")
    assert.isTrue(Result.isFailure(found) && found.failure.includes(reason), JSON.stringify(found))
  })
})

/** Wildcards by definition: slow, short, obviously right. */
const isLikeByDefinition = (text: string, pattern: string): boolean => {
  const [first, ...rest] = pattern
  const tail = rest.join("")
  if (first === undefined) return text === ""
  if (first === "*") {
    return Array.from({ length: text.length + 1 }, (_, at) => text.slice(at)).some((it) =>
      isLikeByDefinition(it, tail),
    )
  }
  const matches = text !== "" && (first === "?" || first === text.charAt(0))
  return matches && isLikeByDefinition(text.slice(1), tail)
}

describe("-like", () => {
  it.prop(
    "agrees with the definition",
    [over(["a", "b", "*", "?"], 7), over(["a", "b"], 8)],
    ([pattern, text]) => {
      assert.strictEqual(isLike(text, pattern), isLikeByDefinition(text, pattern))
    },
  )

  it.each([
    ["ALEX@contoso.com", "*@CONTOSO.com", true],
    ["abc", "[a-c]?[cd]", true],
    ["a*c", "a`*c", true],
    ["abc", "a`*c", false],
    ["a[b", "a[b", true],
    ["", "*", true],
    ["x", "", false],
  ] as const)("%j -like %j is %s", (text, pattern, expected) => {
    assert.strictEqual(isLike(text, pattern), expected)
  })
})
