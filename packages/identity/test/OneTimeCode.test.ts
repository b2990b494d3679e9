import { assert, describe, it } from "@effect/vitest"
import { makeDraw, minutes } from "@twin/kernel"
import { Arbitrary, Schema } from "effect"
import { checkCode, issueCode, missCode, type OneTimeCode, spendCode } from "../src/index.ts"

const rules = { lifetimeMinutes: 30, digits: 8, tries: 5 }
const purpose = "entra-sign-in"
const issuedAt = 1_000_000_000

const issue = (seed: string, address = "pat@mailbox.example") =>
  issueCode({ draw: makeDraw(seed), purpose, address, now: issuedAt, rules })

/** One thing that happens to a code: time passes, or somebody tries something. */
const Step = Schema.Union([
  Schema.Struct({ kind: Schema.Literal("wait"), minutes: Schema.Literals([0, 1, 10, 29, 30, 31]) }),
  Schema.Struct({
    kind: Schema.Literal("try"),
    code: Schema.Literals(["right", "wrong", "another"]),
    address: Schema.Literals([
      "pat@mailbox.example",
      " PAT@mailbox.example",
      "eve@mailbox.example",
    ]),
  }),
])
const histories = Arbitrary.array(Arbitrary.schema(Step), { maxLength: 30 })

interface Accepted {
  readonly at: number
  readonly address: string
  readonly missesBefore: number
}

/** Plays a history against one code, as an issuer does. */
const play = (steps: readonly (typeof Step.Type)[]): readonly Accepted[] => {
  const { code, record } = issue("right")
  const codes = { right: code, wrong: `${code.slice(1)}x`, another: issue("other").code }
  let now = issuedAt
  let kept: OneTimeCode = record
  let misses = 0
  const accepted: Accepted[] = []
  for (const step of steps) {
    if (step.kind === "wait") {
      now += minutes(step.minutes)
      continue
    }
    const state = checkCode(kept, { purpose, address: step.address, code: codes[step.code], now })
    if (state === "accepted") {
      accepted.push({ at: now, address: step.address, missesBefore: misses })
      kept = spendCode(kept, now)
    }
    if (state === "wrong") {
      misses += 1
      kept = missCode(kept)
    }
  }
  return accepted
}

describe("OneTimeCode", () => {
  it.prop(
    "[IDN-050] works at most once, whatever is tried in whatever order",
    [histories],
    ([it]) => {
      assert.isAtMost(play(it).length, 1)
    },
  )

  it.prop(
    "[IDN-050] works only for its address and [IDN-049] only in time",
    [histories],
    ([it]) => {
      for (const { at, address } of play(it)) {
        assert.strictEqual(address.trim().toLowerCase(), "pat@mailbox.example")
        assert.isBelow(at, issuedAt + minutes(30))
      }
    },
  )

  it.prop("[IDN-050] never works after five wrong tries", [histories], ([it]) => {
    for (const { missesBefore } of play(it)) assert.isBelow(missesBefore, 5)
  })

  it("[IDN-049] is valid to the last millisecond of its lifetime, and no longer", () => {
    const { code, record } = issue("s")
    const at = (now: number) => checkCode(record, { purpose, address: record.address, code, now })
    assert.strictEqual(at(issuedAt), "accepted")
    assert.strictEqual(at(issuedAt + minutes(30) - 1), "accepted")
    assert.strictEqual(at(issuedAt + minutes(30)), "expired")
    assert.strictEqual(at(issuedAt - 1), "not-yet-valid")
  })

  it("[IDN-050] is nothing where none was issued, or for another purpose", () => {
    const { code, record } = issue("s")
    const asked = { purpose, address: record.address, code, now: issuedAt }
    assert.strictEqual(checkCode(undefined, asked), "not-issued")
    assert.strictEqual(checkCode(record, { ...asked, purpose: "portal" }), "other-purpose")
    assert.strictEqual(checkCode(spendCode(record, issuedAt), asked), "used")
    assert.strictEqual(checkCode({ ...record, triesLeft: 0 }, asked), "too-many-tries")
  })

  it("keeps no trace of the code itself", () => {
    const { code, record } = issue("s")
    assert.match(code, /^\d{8}$/)
    assert.notInclude(JSON.stringify(record), code)
    // The same digits of another issue are another secret.
    assert.notStrictEqual(record.digest, issue("t").record.digest)
  })
})
