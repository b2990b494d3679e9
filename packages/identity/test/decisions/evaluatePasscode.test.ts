import { assert, describe, it } from "@effect/vitest"
import { hours, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { codeMailDelayMinutes } from "../../src/index.ts"
import {
  accepted,
  codeIn,
  invited,
  type Lab,
  lab,
  refusal,
  verdict,
  withPasscode,
} from "../world.ts"

const pat = "pat@mailbox.example"

/** Pat is invited and has asked for a code. */
const withCode = Effect.fnUntraced(function* (it: Lab) {
  yield* invited(it, pat)
  yield* it.as(pat, "request-passcode")
  return codeIn(yield* it.mailbox(pat))
})
const wrong = (code: string) => (code.startsWith("0") ? `1${code.slice(1)}` : `0${code.slice(1)}`)

describe("asking for a passcode", () => {
  it.effect("[IDN-050] sends eight digits to the invited mailbox and to nobody else", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, pat)
      yield* it.as("zoe@outlook.com", "request-passcode", { address: pat })
      assert.match(codeIn(yield* it.mailbox(pat)), /^\d{8}$/)
      assert.isEmpty(yield* it.mailbox("zoe@outlook.com"))
    }),
  )

  it.effect("[IDN-048] is for guests without any other account", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, "zoe@outlook.com")
      assert.strictEqual(
        verdict(yield* it.as("zoe@outlook.com", "request-passcode")),
        "deny passcode-recipient",
      )
      const stranger = yield* it.as(pat, "request-passcode")
      assert.strictEqual(verdict(stranger), "deny passcode-recipient")
      assert.strictEqual(refusal(stranger), "AADSTS50020")
    }),
  )

  it.effect("[IDN-055] is refused while the passcode is switched off", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* accepted(it, pat)
      yield* it.as(
        "ivan",
        "Update-MgPolicyAuthenticationMethodPolicyAuthenticationMethodConfiguration",
        {
          AuthenticationMethodConfigurationId: "Email",
          BodyParameter: { allowExternalIdToUseEmailOtp: "disabled" },
        },
      )
      assert.strictEqual(
        verdict(yield* it.as(pat, "request-passcode")),
        "deny passcode-switched-on",
      )
    }),
  )
})

describe("a directory outage", () => {
  it.effect("[IDN-048] stops both the request and the entry of a code", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const code = yield* withCode(it)
      yield* it.fault("directory-outage")
      const down = "deny directory-reachable"
      assert.strictEqual(verdict(yield* it.as(pat, "request-passcode")), down)
      assert.strictEqual(verdict(yield* it.as(pat, "enter-passcode", { code })), down)
    }),
  )
})

describe("entering a passcode", () => {
  it.effect("[IDN-049] [IDN-050] opens a session of 24 hours, once", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const code = yield* withCode(it)
      assert.strictEqual(verdict(yield* it.as(pat, "enter-passcode", { code })), "allow")
      const again = yield* it.as(pat, "enter-passcode", { code })
      assert.strictEqual(verdict(again), "deny one-time-code")
      yield* it.as(pat, "redeem-invitation")
      yield* it.wait(hours(24) - 1)
      assert.strictEqual(verdict(yield* it.as(pat, "sign-in")), "allow")
      yield* it.wait(1)
      assert.strictEqual(verdict(yield* it.as(pat, "sign-in")), "challenge first-factor")
      yield* withPasscode(it, pat)
      assert.strictEqual(verdict(yield* it.as(pat, "sign-in")), "allow")
    }),
  )

  it.effect("[IDN-049] works until the thirtieth minute is over", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const code = yield* withCode(it)
      yield* it.wait(minutes(30))
      const late = yield* it.as(pat, "enter-passcode", { code })
      assert.strictEqual(verdict(late), "deny one-time-code")
      assert.include(refusal(late), "expired")
    }),
  )

  it.effect("[IDN-050] refuses another person's address, a wrong code and no code at all", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, pat)
      assert.include(
        refusal(yield* it.as(pat, "enter-passcode", { code: "12345678" })),
        "Request a code first",
      )
      yield* it.as(pat, "request-passcode")
      const code = codeIn(yield* it.mailbox(pat))
      assert.strictEqual(
        verdict(yield* it.as("zoe@outlook.com", "enter-passcode", { code })),
        "deny one-time-code",
      )
      assert.strictEqual(
        verdict(yield* it.as(pat, "enter-passcode", { code: wrong(code) })),
        "deny one-time-code",
      )
    }),
  )

  it.effect(
    "[IDN-278] after five wrong tries even the right code is worth nothing; a new one is",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const code = yield* withCode(it)
        for (let tries = 0; tries < 5; tries++) {
          yield* it.as(pat, "enter-passcode", { code: wrong(code) })
        }
        assert.include(refusal(yield* it.as(pat, "enter-passcode", { code })), "too many times")
        assert.strictEqual(verdict(yield* withPasscode(it, pat)), "allow")
      }),
  )

  it.effect("[IDN-049] a new code replaces the older one", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const first = yield* withCode(it)
      yield* it.as(pat, "request-passcode")
      assert.strictEqual(
        verdict(yield* it.as(pat, "enter-passcode", { code: first })),
        "deny one-time-code",
      )
    }),
  )

  it.effect("never writes a code into the journal, except in the mail that carries it", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const code = yield* withCode(it)
      yield* it.as(pat, "enter-passcode", { code })
      const records = yield* Effect.orDie(it.simulation.records)
      const written = records.map(({ mail: _mail, ...rest }) => rest)
      assert.notInclude(JSON.stringify(written), code)
      assert.include(JSON.stringify(records), code)
    }),
  )
})

describe("mails with a code", () => {
  it.effect(
    "[IDN-279] arrive late while they are delayed, and the code still has its lifetime",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        yield* invited(it, pat)
        yield* it.fault("code-mail-delayed")
        yield* it.as(pat, "request-passcode")
        const before = (yield* it.mailbox(pat)).length
        yield* it.wait(minutes(codeMailDelayMinutes))
        const mails = yield* it.mailbox(pat)
        assert.strictEqual(mails.length, before + 1)
        assert.strictEqual(
          verdict(yield* it.as(pat, "enter-passcode", { code: codeIn(mails) })),
          "allow",
        )
      }),
  )

  it.effect("[IDN-279] never arrive while they get lost", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, pat)
      yield* it.fault("code-mail-lost")
      assert.strictEqual(verdict(yield* it.as(pat, "request-passcode")), "allow")
      yield* it.wait(hours(24))
      assert.deepStrictEqual(
        (yield* it.mailbox(pat)).map(({ kind }) => kind),
        ["invitation"],
      )
    }),
  )

  it.effect("[IDN-279] cannot be sent at all: the page says so", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      yield* invited(it, pat)
      yield* it.fault("code-mail-unavailable")
      const answer = yield* it.as(pat, "request-passcode")
      assert.strictEqual(verdict(answer), "deny code-mail")
      assert.strictEqual(
        refusal(answer),
        "Unable to send a code. Wait a few minutes and try again.",
      )
    }),
  )

  it.effect("[IDN-049] a clock that runs ahead shortens the life of a code", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const code = yield* withCode(it)
      yield* it.fault("clock-skew")
      yield* it.wait(minutes(21))
      assert.strictEqual(
        verdict(yield* it.as(pat, "enter-passcode", { code })),
        "deny one-time-code",
      )
      yield* it.fault("clock-skew", false)
      assert.strictEqual(verdict(yield* it.as(pat, "enter-passcode", { code })), "allow")
    }),
  )
})
