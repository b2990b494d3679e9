import { assert, describe, it } from "@effect/vitest"
import { type CallResult, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { passcodeRules } from "../../src/decisions/evaluatePasscode.ts"
import { clockSkewMinutes } from "../../src/judgingClock.ts"
import { codeIn, invited, type Lab, lab, printed, verdict } from "../world.ts"

const pat = "pat@mailbox.example"
const ahead = "clock-skew"
const behind = "clock-behind"
const skew = minutes(clockSkewMinutes)
/** What resources forgive. */
const tolerated = minutes(5)

const withCode = Effect.fnUntraced(function* (it: Lab) {
  yield* invited(it, pat)
  yield* it.as(pat, "request-passcode")
  return codeIn(yield* it.mailbox(pat))
})

const seconds = (result: CallResult): number => Number(result.output[0]?.["expires_in"])

/** The verdict at the last millisecond before a moment, and at it. */
const around = Effect.fnUntraced(function* (
  it: Lab,
  moment: number,
  ask: Effect.Effect<CallResult>,
) {
  yield* it.wait(moment - 1)
  const before = verdict(yield* ask)
  yield* it.wait(1)
  return [before, verdict(yield* ask)]
})

describe("codes by a clock that is wrong", () => {
  const life = minutes(passcodeRules.lifetimeMinutes)

  it.effect.each([
    ["right", [], life],
    ["ahead", [ahead], life - skew],
    ["behind", [behind], life + skew],
    ["both, which is right", [ahead, behind], life],
  ] as const)("[IDN-049] %s: a code lasts exactly as long as that clock says", ([, faults, end]) =>
    Effect.gen(function* () {
      const it = yield* lab()
      const code = yield* withCode(it)
      for (const name of faults) yield* it.fault(name)
      yield* it.wait(end - 1)
      const late = yield* lab()
      const lateCode = yield* withCode(late)
      for (const name of faults) yield* late.fault(name)
      yield* late.wait(end)
      assert.strictEqual(verdict(yield* it.as(pat, "enter-passcode", { code })), "allow")
      assert.strictEqual(
        verdict(yield* late.as(pat, "enter-passcode", { code: lateCode })),
        "deny one-time-code",
      )
    }),
  )
})

describe("tokens by a clock that is wrong", () => {
  it.effect("[IDN-258] ahead: a token ends earlier, by the difference less what is forgiven", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const given = yield* it.as("alice", "acquire-token", {})
      const use = it.as("bob", "use-token", { token: printed(given, "access_token") })
      yield* it.fault(ahead)
      const end = seconds(given) * 1000 - skew + tolerated
      assert.deepStrictEqual(yield* around(it, end, use), ["allow", "deny token-lifetime"])
      yield* it.fault(ahead, false)
      assert.strictEqual(verdict(yield* use), "allow")
    }),
  )

  it.effect(
    "[IDN-258] behind: it is not valid yet for a while, and then longer than it should be",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const given = yield* it.as("alice", "acquire-token", {})
        const use = it.as("bob", "use-token", { token: printed(given, "access_token") })
        assert.strictEqual(verdict(yield* use), "allow")
        yield* it.fault(behind)
        const start = skew - tolerated
        assert.deepStrictEqual(yield* around(it, start, use), ["deny token-lifetime", "allow"])
        const end = seconds(given) * 1000 + skew + tolerated
        assert.deepStrictEqual(yield* around(it, end - start, use), [
          "allow",
          "deny token-lifetime",
        ])
      }),
  )

  it.effect("[IDN-258] right: five minutes are forgiven at the end, and no more", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const given = yield* it.as("alice", "acquire-token", {})
      const use = it.as("bob", "use-token", { token: printed(given, "access_token") })
      const end = seconds(given) * 1000 + tolerated
      assert.deepStrictEqual(yield* around(it, end, use), ["allow", "deny token-lifetime"])
    }),
  )
})

describe("sign-ins by a clock that is wrong", () => {
  it.effect.each([ahead, behind])(
    "[IDN-258] %s: the issuer's own clock is right: sign-ins and new tokens are what they were",
    (name) =>
      Effect.gen(function* () {
        const it = yield* lab()
        const before = yield* it.as("alice", "acquire-token", {})
        yield* it.fault(name)
        assert.strictEqual(verdict(yield* it.as("alice", "sign-in")), "allow")
        assert.strictEqual(
          verdict(yield* it.as("alice", "acquire-token", { silent: true })),
          "allow",
        )
        const refreshed = yield* it.as("alice", "refresh-tokens", {
          refreshToken: printed(before, "refresh_token"),
        })
        const claims = JSON.parse(
          Buffer.from(printed(refreshed, "access_token").split(".")[1] ?? "", "base64url").toString(
            "utf8",
          ),
        )
        const now = yield* it.simulation.now
        assert.strictEqual(claims.iat, Math.floor(now / 1000))
      }),
  )
})
