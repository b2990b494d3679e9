import { assert, describe, it } from "@effect/vitest"
import { minutes } from "@twin/kernel"
import { Effect } from "effect"
import { actor, makeTenant, type Tenant } from "../tenant.ts"

const alice = actor("alice")
const gus = actor("gus@gmail.com")
const pat = actor("pat@mailbox.example")
const zoe = actor("zoe@outlook.com")
const nina = actor("nina@fabrikam.com")

const encrypted = (it: Tenant, to: readonly string[], more: object = {}) =>
  it.send(alice, { to, subject: "Offer", body: "4.2", protection: "encrypt-only", ...more })

const template = (it: Tenant, settings: object) =>
  it.admin("Set-OMEConfiguration", { Identity: "OME Configuration", ...settings })

const askCode = Effect.fnUntraced(function* (it: Tenant, who: typeof alice, message: string) {
  const row = yield* it.allow(who, "request-portal-code", { message })
  const mail = yield* it.lastMail(who.id)
  return { code: mail.code ?? "", text: mail.text, reference: row["reference"] as string }
})

describe("signing in to the portal", () => {
  it.effect("[EXO-065] each address has its own way in", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const rows = [
        [gus, "Google"],
        [actor("yara@yahoo.com"), "Yahoo"],
        [zoe, "Microsoft"],
        [nina, "Microsoft365"],
      ] as const
      const id = yield* encrypted(
        it,
        rows.map(([who]) => who.id),
      )
      for (const [who, method] of rows) {
        const row = yield* it.allow(who, "sign-in-portal", { message: id })
        assert.strictEqual(row["method"], method)
        yield* it.allow(
          { ...who, client: { ...who.client, app: "encrypted-message-portal" } },
          "open-message",
          { message: id },
        )
      }
    }),
  )

  it.effect(
    "[EXO-065] another account than the addressed one is refused, with link or without",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const id = yield* encrypted(it, ["gus@gmail.com"])
        const { link = "" } = yield* it.lastMail("gus@gmail.com")
        for (const who of [pat, zoe, actor("mallory")]) {
          assert.strictEqual(
            (yield* it.refuse(who, "sign-in-portal", { message: link })).name,
            "address-equality",
          )
          assert.strictEqual(
            (yield* it.refuse(who, "open-message", { message: link })).name,
            "addressed-to-reader",
          )
          assert.strictEqual(
            (yield* it.refuse(who, "sign-in-portal", { message: id })).name,
            "portal-link",
          )
        }
        yield* it.allow(gus, "sign-in-portal", { message: link })
        yield* it.allow(gus, "open-message", { message: link })
      }),
  )

  it.effect(
    "[EXO-065] an alias is not the address of the account; a passcode proves the alias",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const id = yield* encrypted(it, ["zoe.lee@outlook.com"])
        const portal = {
          ...zoe,
          client: { ...zoe.client, app: "encrypted-message-portal" as const },
        }
        assert.strictEqual(
          (yield* it.refuse(portal, "sign-in-portal", { message: id })).name,
          "address-equality",
        )
        const { code } = yield* askCode(it, portal, id)
        yield* it.allow(portal, "enter-portal-code", { message: id, code })
        yield* it.allow(portal, "open-message", { message: id })
      }),
  )

  it.effect("[EXO-066] without social accounts a passcode is left", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["gus@gmail.com"])
      yield* it.allow(gus, "sign-in-portal", { message: id })
      yield* template(it, { SocialIdSignIn: false })
      const other = yield* encrypted(it, ["yara@yahoo.com"])
      const yara = actor("yara@yahoo.com")
      const { decision } = yield* it.call(yara, "sign-in-portal", { message: other })
      assert.strictEqual(decision.outcome, "challenge")
      const { code } = yield* askCode(it, yara, other)
      yield* it.allow(yara, "enter-portal-code", { message: other, code })
      yield* it.allow(yara, "open-message", { message: other })
    }),
  )

  it.effect("[EXO-067] with neither, somebody without a work account cannot open it at all", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["gus@gmail.com", "nina@fabrikam.com"])
      const waiting = yield* it.call(gus, "open-message", { message: id })
      assert.strictEqual(waiting.decision.outcome, "challenge")
      yield* template(it, { SocialIdSignIn: false, OTPEnabled: false })
      const gate = yield* it.refuse(gus, "open-message", { message: id })
      assert.deepStrictEqual([gate.name, gate.verdict], ["portal-identity", "deny"])
      assert.strictEqual(
        (yield* it.refuse(gus, "sign-in-portal", { message: id })).name,
        "sign-in-method",
      )
      assert.strictEqual(
        (yield* it.refuse(gus, "request-portal-code", { message: id })).name,
        "passcode-offered",
      )
      yield* it.allow(nina, "sign-in-portal", { message: id })
    }),
  )
})

describe("passcodes", () => {
  it.effect(
    "[EXO-068] [EXO-069] a code comes to the address, with its reference, and opens the message",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const id = yield* encrypted(it, ["pat@mailbox.example"])
        assert.strictEqual(
          (yield* it.refuse(pat, "open-message", { message: id })).verdict,
          "challenge",
        )
        const { code, text, reference } = yield* askCode(it, pat, id)
        assert.include(text, reference)
        assert.match(code, /^\d{8}$/)
        const { from } = yield* it.lastMail("pat@mailbox.example")
        assert.strictEqual(from, "MicrosoftOffice365@messaging.microsoft.com")
        yield* it.allow(pat, "enter-portal-code", { message: id, code, reference })
        yield* it.allow(pat, "open-message", { message: id })
        const journal = yield* it.journal
        assert.notInclude(journal.replaceAll(`"code":"${code}"`, ""), code)
      }),
  )

  it.effect("[EXO-068] it lives fifteen minutes, to the millisecond", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["pat@mailbox.example"])
      const first = yield* askCode(it, pat, id)
      yield* it.wait(minutes(15))
      const late = yield* it.refuse(pat, "enter-portal-code", { message: id, code: first.code })
      assert.deepStrictEqual([late.name, late.details["state"]], ["passcode", "expired"])
      const second = yield* askCode(it, pat, id)
      yield* it.wait(minutes(15) - 1)
      yield* it.allow(pat, "enter-portal-code", { message: id, code: second.code })
    }),
  )

  it.effect("[EXO-068] it works once, and a new one puts the old one out of use", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["pat@mailbox.example"])
      const old = yield* askCode(it, pat, id)
      const fresh = yield* askCode(it, pat, id)
      assert.notStrictEqual(old.code, fresh.code)
      const stale = yield* it.refuse(pat, "enter-portal-code", { message: id, code: old.code })
      assert.strictEqual(stale.details["state"], "wrong")
      yield* it.allow(pat, "enter-portal-code", { message: id, code: fresh.code })
      const again = yield* it.refuse(pat, "enter-portal-code", { message: id, code: fresh.code })
      assert.strictEqual(again.details["state"], "used")
    }),
  )

  it.effect("[EXO-068] three wrong tries end it", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["pat@mailbox.example"])
      const { code } = yield* askCode(it, pat, id)
      for (const state of ["wrong", "wrong", "wrong", "too-many-tries"]) {
        const gate = yield* it.refuse(pat, "enter-portal-code", { message: id, code: "0" })
        assert.strictEqual(gate.details["state"], state)
      }
      const gate = yield* it.refuse(pat, "enter-portal-code", { message: id, code })
      assert.strictEqual(gate.details["state"], "too-many-tries")
    }),
  )

  it.effect("[EXO-068] it opens this message for this browser, and nothing else", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["pat@mailbox.example"])
      const other = yield* encrypted(it, ["pat@mailbox.example"])
      const { code } = yield* askCode(it, pat, id)
      const elsewhere = { ...pat, client: { ...pat.client, ipAddress: "198.51.100.7" } }
      const thief = yield* it.refuse(elsewhere, "enter-portal-code", { message: id, code })
      assert.strictEqual(thief.name, "passcode-browser")
      const wrong = yield* it.refuse(pat, "enter-portal-code", {
        message: id,
        code,
        reference: "x",
      })
      assert.strictEqual(wrong.name, "passcode-browser")
      const crossed = yield* it.refuse(pat, "enter-portal-code", { message: other, code })
      assert.strictEqual(crossed.details["state"], "not-issued")
      yield* it.allow(pat, "enter-portal-code", { message: id, code })
      yield* it.refuse(pat, "open-message", { message: other })
      yield* it.allow(pat, "open-message", { message: id })
      const wrapper = (yield* it.mailbox(pat.id)).find(({ kind }) => kind === "encrypted-message")
      yield* it.refuse(gus, "open-message", { message: wrapper?.link })
    }),
  )

  it.effect("[EXO-067] switched off, there is none", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["pat@mailbox.example"])
      yield* template(it, { OTPEnabled: false })
      const gate = yield* it.refuse(pat, "request-portal-code", { message: id })
      assert.strictEqual(gate.name, "passcode-offered")
      yield* template(it, { OTPEnabled: true })
      yield* it.allow(pat, "request-portal-code", { message: id })
    }),
  )

  it.effect("[EXO-068] a code mail may come too late, or never", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["pat@mailbox.example"])
      yield* it.fault("code-mail-delayed")
      yield* it.allow(pat, "request-portal-code", { message: id })
      assert.isUndefined((yield* it.lastMail("pat@mailbox.example")).code)
      yield* it.wait(minutes(15))
      const { code = "" } = yield* it.lastMail("pat@mailbox.example")
      const gate = yield* it.refuse(pat, "enter-portal-code", { message: id, code })
      assert.strictEqual(gate.details["state"], "expired")
    }),
  )
})

describe("in the portal", () => {
  it.effect("[EXO-064] [EXO-071] [EXO-163] the wrapper leads there and says nothing else", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* template(it, {
        IntroductionText: "from Contoso writes to you in confidence.",
        ReadButtonText: "Open",
        DisclaimerText: "Not for others.",
        PortalText: "Contoso portal",
      })
      const id = yield* encrypted(it, ["gus@gmail.com"])
      const { text, subject } = yield* it.lastMail("gus@gmail.com")
      assert.strictEqual(subject, "Offer")
      assert.include(text, "alice@contoso.com from Contoso writes to you in confidence.")
      assert.include(text, "[Open] https://outlook.office365.com/Encryption")
      assert.include(text, "Not for others.")
      assert.notInclude(text, "4.2")
      const wrapper = (yield* it.blobs).get(`outside/gus@gmail.com/${id}/0`)
      assert.strictEqual(Buffer.from(wrapper ?? []).toString(), text)
      yield* it.allow(gus, "sign-in-portal", { message: id })
      const opened = yield* it.allow(gus, "open-message", { message: id })
      assert.strictEqual(opened["portalText"], "Contoso portal")
      yield* template(it, { PortalText: null })
      assert.isUndefined((yield* it.allow(gus, "open-message", { message: id }))["portalText"])
    }),
  )

  it.effect("[EXO-070] rights govern the portal as well, and answers go back encrypted", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["gus@gmail.com"], { protection: "do-not-forward" })
      yield* it.allow(gus, "sign-in-portal", { message: id })
      for (const use of ["print-message", "copy-message"]) {
        yield* it.refuse(gus, use, { message: id })
      }
      yield* it.refuse(gus, "forward-message", { message: id, to: ["pat@mailbox.example"] })
      const answer = yield* it.allow(gus, "reply-message", { message: id, body: "I accept" })
      const deliveries = answer["deliveries"] as readonly { protection: string }[]
      assert.strictEqual(deliveries[0]?.protection, "do-not-forward")
      yield* it.allow(alice, "open-message", { message: answer["id"] })
      assert.notInclude(yield* it.journal, "I accept")
    }),
  )

  it.effect(
    "[EXO-038] [EXO-047] [MIP-164] who may forward brings others into the conversation",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const id = yield* encrypted(it, ["gus@gmail.com"])
        yield* it.allow(gus, "sign-in-portal", { message: id })
        const next = yield* it.allow(gus, "forward-message", {
          message: id,
          to: ["pat@mailbox.example"],
        })
        const message = next["id"] as string
        const { code } = yield* askCode(it, pat, message)
        yield* it.allow(pat, "enter-portal-code", { message, code })
        yield* it.allow(pat, "open-message", { message })
        yield* it.refuse(pat, "open-message", { message: id })
      }),
  )

  it.effect("[EXO-065] a sign-in does not last for ever", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["gus@gmail.com"])
      yield* it.allow(gus, "sign-in-portal", { message: id })
      yield* it.wait(minutes(12 * 60))
      const gate = yield* it.refuse(gus, "open-message", { message: id })
      assert.strictEqual(gate.name, "portal-identity")
    }),
  )
})
