import { assert, describe, it } from "@effect/vitest"
import { userOf } from "@twin/identity"
import { days, minutes } from "@twin/kernel"
import { Effect, Schema } from "effect"
import {
  audited,
  first,
  inTheDaysOfChoice,
  inTheDaysOfCodes,
  lastMail,
  launch,
  makeLab,
  refusal,
  verdict,
} from "../world.ts"

const nina = "nina@fabrikam.com"
const pat = "pat@mailbox.example"

/** A link for pat, and the steps at the door. */
const atTheDoor = (recipient = pat, start = inTheDaysOfCodes, who = recipient) =>
  Effect.gen(function* () {
    const lab = yield* makeLab({ start })
    yield* lab.does("alice", "upload-file", {
      site: launch,
      file: "Plan.docx",
      content: "The plan",
    })
    const shared = yield* lab.does("alice", "share-file", {
      file: "Plan.docx",
      to: [recipient],
      scope: "users",
      role: "view",
    })
    const link = first(shared, "link")
    const request = lab.as(who, "request-code", { link })
    const received = Effect.map(
      lab.mailbox(recipient),
      (mails) => lastMail(mails, "verification-code")?.code ?? "",
    )
    const enter = (code: string, more: object = {}) =>
      lab.as(who, "enter-code", { link, code, ...more })
    const open = lab.as(who, "open-file", { link })
    return { ...lab, link, request, received, enter, open }
  })

describe("the verification code", () => {
  it.effect("[SPO-096] [SPO-097] proves the mailbox, and the file opens without any account", () =>
    Effect.gen(function* () {
      const door = yield* atTheDoor()
      assert.strictEqual(verdict(yield* door.open), "challenge at verification-code")
      assert.strictEqual(verdict(yield* door.request), "allow")
      const code = yield* door.received
      assert.match(code, /^\d{8}$/)
      assert.strictEqual(verdict(yield* door.enter(code)), "allow")
      const opened = yield* door.open
      assert.strictEqual(first(opened, "text"), "The plan")
      assert.deepStrictEqual(audited(opened), ["SecureLinkUsed", "FileAccessed"])
      assert.strictEqual(opened.record?.audit[0]?.UserType, 10)
      assert.isUndefined(userOf(yield* door.world, pat))
      assert.notInclude(
        JSON.stringify(
          (yield* door.records).map(({ events, params, audit }) => [events, params, audit]),
        ),
        code,
      )
    }),
  )

  it.effect("[SPO-097] works once", () =>
    Effect.gen(function* () {
      const door = yield* atTheDoor()
      yield* door.request
      const code = yield* door.received
      yield* door.enter(code)
      assert.strictEqual(verdict(yield* door.enter(code)), "deny at verification-code")
    }),
  )

  it.effect("[SPO-098] lives for fifteen minutes", () =>
    Effect.gen(function* () {
      const late = yield* atTheDoor()
      yield* late.request
      yield* late.wait(minutes(15))
      assert.strictEqual(
        verdict(yield* late.enter(yield* late.received)),
        "deny at verification-code",
      )
      const early = yield* atTheDoor()
      yield* early.request
      yield* early.wait(minutes(15) - 1)
      assert.strictEqual(verdict(yield* early.enter(yield* early.received)), "allow")
    }),
  )

  it.effect("[SPO-098] is worth nothing once a new one was asked for", () =>
    Effect.gen(function* () {
      const door = yield* atTheDoor()
      yield* door.request
      const old = yield* door.received
      yield* door.wait(minutes(1))
      yield* door.request
      assert.strictEqual(verdict(yield* door.enter(old)), "deny at verification-code")
      assert.strictEqual(verdict(yield* door.enter(yield* door.received)), "allow")
    }),
  )

  it.effect("[SPO-097] bears five wrong tries, not more", () =>
    Effect.gen(function* () {
      const door = yield* atTheDoor()
      yield* door.request
      const code = yield* door.received
      const wrong = code === "00000000" ? "11111111" : "00000000"
      for (let tries = 0; tries < 4; tries++) yield* door.enter(wrong)
      const patient = yield* door.enter(code)
      assert.strictEqual(verdict(patient), "allow")
      yield* door.wait(minutes(1))
      yield* door.request
      const next = yield* door.received
      for (let tries = 0; tries < 5; tries++)
        yield* door.enter(next === "00000000" ? "1" : "00000000")
      const locked = yield* door.enter(next)
      assert.strictEqual(verdict(locked), "deny at verification-code")
      assert.match(refusal(locked)?.message ?? "", /request a new one/)
    }),
  )

  it.effect("[SPO-097] goes to the address of the link and to nobody else", () =>
    Effect.gen(function* () {
      const door = yield* atTheDoor()
      const stranger = yield* door.as("zoe@outlook.com", "request-code", { link: door.link })
      assert.strictEqual(verdict(stranger), "deny at link-scope")
      yield* door.request
      const stolen = yield* door.as("zoe@outlook.com", "enter-code", {
        link: door.link,
        code: yield* door.received,
      })
      assert.strictEqual(verdict(stolen), "deny at link-scope")
      const unknown = yield* door.as(pat, "request-code", { link: "made up" })
      assert.strictEqual(verdict(unknown), "deny at present")
      assert.strictEqual(
        verdict(yield* door.as("bob", "request-code", { link: door.link })),
        "deny at link-scope",
      )
    }),
  )

  it.effect(
    "[SPO-101] cannot be sent too often, nor while the mail is down; it clears after the wait",
    () =>
      Effect.gen(function* () {
        const door = yield* atTheDoor()
        for (let sends = 0; sends < 5; sends++)
          assert.strictEqual(verdict(yield* door.request), "allow")
        const sixth = yield* door.request
        assert.strictEqual(verdict(sixth), "deny at code-sendable")
        assert.strictEqual(
          refusal(sixth)?.message,
          "Unable to send a code. Wait a few minutes and try again.",
        )
        yield* door.wait(minutes(15))
        assert.strictEqual(verdict(yield* door.request), "allow")
        yield* door.fault("verification-code-mail-unavailable")
        assert.strictEqual(verdict(yield* door.request), "deny at code-sendable")
        yield* door.fault("verification-code-mail-unavailable", false)
        assert.strictEqual(verdict(yield* door.request), "allow")
      }),
  )

  it.effect("[SPO-099] a new browser session asks again, a kept one does not", () =>
    Effect.gen(function* () {
      const door = yield* atTheDoor()
      const prove = (more: object) =>
        Effect.gen(function* () {
          yield* door.request
          yield* door.enter(yield* door.received, more)
        })
      yield* prove({})
      assert.strictEqual(verdict(yield* door.open), "allow")
      yield* door.does(pat, "close-browser")
      assert.strictEqual(verdict(yield* door.open), "challenge at verification-code")
      yield* prove({ staySignedIn: true })
      yield* door.does(pat, "close-browser")
      assert.strictEqual(verdict(yield* door.open), "allow")
    }),
  )

  it.effect("[SPO-100] whoever has lost the mailbox is locked out at the next reverification", () =>
    Effect.gen(function* () {
      const door = yield* atTheDoor(nina)
      yield* door.tenant({ EmailAttestationRequired: true, EmailAttestationReAuthDays: 14 })
      const ghost = "left@mailbox.example"
      const shared = yield* door.does("alice", "share-file", {
        file: "Plan.docx",
        to: [ghost],
        scope: "users",
        role: "view",
      })
      const link = first(shared, "link")
      yield* door.given({
        _tag: "AddressVerified",
        address: ghost,
        isKept: true,
        at: inTheDaysOfCodes,
      })
      const open = door.as(ghost, "open-file", { link })
      assert.strictEqual(verdict(yield* open), "allow")
      yield* door.wait(days(14))
      assert.strictEqual(verdict(yield* open), "challenge at verification-code")
      yield* door.as(ghost, "request-code", { link })
      assert.deepStrictEqual(yield* door.mailbox(ghost), [])
    }),
  )

  it.effect("[SPO-103] somebody with a work account becomes a guest with the first code", () =>
    Effect.gen(function* () {
      const door = yield* atTheDoor(nina)
      yield* door.request
      yield* door.enter(yield* door.received)
      assert.strictEqual(userOf(yield* door.world, nina)?.externalUserState, "Accepted")
      const { decision } = yield* door.open
      assert.strictEqual(decision.outcome, "allow")
      assert.isTrue(decision.gates.some(({ name }) => name === "account-enabled"))
    }),
  )

  it.effect("[SPO-115] an alias gets the code in the mailbox behind it", () =>
    Effect.gen(function* () {
      const door = yield* atTheDoor("zoe.alias@outlook.com", inTheDaysOfCodes, "zoe@outlook.com")
      yield* door.request
      assert.strictEqual(verdict(yield* door.enter(yield* door.received)), "allow")
      assert.strictEqual(verdict(yield* door.open), "allow")
    }),
  )

  it.effect("[SPO-118] no code is sent any more once they are retired", () =>
    Effect.gen(function* () {
      const door = yield* atTheDoor()
      yield* door.wait(Date.UTC(2026, 6, 1) - inTheDaysOfCodes)
      assert.strictEqual(verdict(yield* door.request), "deny at code-applies")
      assert.strictEqual(verdict(yield* door.open), "deny at verification-code")
      yield* door.does("alice", "share-file", { file: "Plan.docx", to: [pat], scope: "users" })
      yield* door.as(pat, "request-passcode", {})
      assert.isDefined(userOf(yield* door.world, pat))
    }),
  )

  it.effect(
    "[SPO-111] with the integration on, an older link makes a guest at the first visit",
    () =>
      Effect.gen(function* () {
        const door = yield* atTheDoor(nina, inTheDaysOfChoice)
        yield* door.tenant({ EnableAzureADB2BIntegration: true })
        assert.strictEqual(verdict(yield* door.open), "challenge at verification-code")
        const user = userOf(yield* door.world, nina)
        assert.strictEqual(user?.externalUserState, "PendingAcceptance")
        assert.strictEqual(verdict(yield* door.open), "challenge at invitation-redeemed")
        yield* door.does(nina, "redeem-invitation", {})
        assert.strictEqual(verdict(yield* door.open), "allow")
      }),
  )

  it.effect("[SPO-041] Anyone links ask for an address where users are tracked", () =>
    Effect.gen(function* () {
      const lab = yield* makeLab()
      yield* lab.does("alice", "upload-file", { site: launch, file: "Plan.docx", content: "x" })
      const shared = yield* lab.does("alice", "share-file", {
        file: "Plan.docx",
        scope: "anonymous",
        role: "view",
      })
      const link = first(shared, "link")
      assert.strictEqual(
        verdict(yield* lab.as(pat, "request-code", { link })),
        "deny at code-applies",
      )
      yield* lab.tenant({ AnyoneLinkTrackUsers: true })
      assert.strictEqual(
        verdict(yield* lab.as(pat, "open-file", { link })),
        "challenge at verification-code",
      )
      yield* lab.does(pat, "request-code", { link })
      const code = lastMail(yield* lab.mailbox(pat), "verification-code")?.code ?? ""
      yield* lab.does(pat, "enter-code", { link, code })
      assert.strictEqual(verdict(yield* lab.as(pat, "open-file", { link })), "allow")
    }),
  )

  const Code = Schema.String.check(Schema.isPattern(/^\d{1,8}$/))
  it.effect.prop(
    "[SPO-097] no guessed code opens anything",
    [Code],
    ([guess]) =>
      Effect.gen(function* () {
        const door = yield* atTheDoor()
        yield* door.request
        if (guess === (yield* door.received)) return
        assert.strictEqual(verdict(yield* door.enter(guess)), "deny at verification-code")
        assert.strictEqual(verdict(yield* door.open), "challenge at verification-code")
      }),
    { arbitrary: { runs: 20 } },
  )
})
