import { assert, describe, it } from "@effect/vitest"
import { BlobStore, isEnvelope, issueUseLicence, memoryServices, openEnvelope } from "@twin/crypto"
import { Effect, Schema } from "effect"
import { evaluateMessage, exchangeDomain, messagesOf } from "../src/index.ts"
import { actor, makeTenant, theMessage } from "./tenant.ts"

const everybody = [
  "bob@contoso.com",
  "carol@contoso.com",
  "nina@fabrikam.com",
  "zoe@outlook.com",
  "gus@gmail.com",
  "pat@mailbox.example",
]
const apps = ["browser", "outlook-desktop", "encrypted-message-portal", "other-mail-app"] as const
const secret = "unmistakable secret 8f1c"
const questions = ["read", "reply", "reply-all", "forward", "print", "copy", "send-to"]

const some = Schema.Array(Schema.Literals(everybody as [string, ...string[]])).check(
  Schema.isMinLength(1),
  Schema.isMaxLength(4),
)
const Protection = Schema.Literals(["encrypt-only", "do-not-forward"])

/** Every stored byte, as text. */
const stored = (blobs: ReadonlyMap<string, Uint8Array>): string =>
  [...blobs.values()].map((bytes) => Buffer.from(bytes).toString("latin1")).join("\n")

describe("nobody outside the recipients reads", () => {
  it.effect.prop(
    "[EXO-003] [EXO-040] whoever is addressed, however it is protected, whatever app is used",
    { to: some, protection: Protection, isBranded: Schema.Boolean },
    ({ to, protection, isBranded }) =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        if (isBranded) {
          yield* it.admin("New-TransportRule", {
            Name: "Brand",
            ApplyRightsProtectionCustomizationTemplate: "OME Configuration",
          })
        }
        const message = yield* it.send(actor("alice"), {
          to,
          subject: "S",
          body: secret,
          protection,
          attachments: [{ name: "a.docx", content: secret }],
        })
        assert.notInclude(stored(yield* it.blobs), secret)
        assert.notInclude(yield* it.journal, secret)
        const outsiders = [...everybody, "mallory@contoso.com", "oscar@fabrikam.com"].filter(
          (it2) => !to.includes(it2),
        )
        for (const address of outsiders) {
          for (const app of apps) {
            const { decision, output } = yield* it.call(actor(address, app), "open-message", {
              message,
            })
            assert.strictEqual(decision.outcome, "deny")
            assert.deepStrictEqual(output, [])
          }
        }
      }),
    { arbitrary: { runs: 6 }, timeout: 60_000 },
  )

  it.effect("[EXO-040] the bytes themselves open for nobody without the tenant's keys", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* it.send(actor("alice"), {
        to: ["nina@fabrikam.com"],
        subject: "S",
        body: secret,
        protection: "encrypt-only",
      })
      const bytes = (yield* it.blobs).get(`outside/nina@fabrikam.com/${id}/0`) ?? new Uint8Array()
      assert.isTrue(isEnvelope(bytes))
      const elsewhere = yield* memoryServices
      const world = yield* it.world
      const now = theMessage(world, id).sentAt
      const principal = "nina@fabrikam.com"
      const stolen = Effect.gen(function* () {
        yield* (yield* BlobStore).put("copy", bytes)
        const licence = yield* issueUseLicence(world, {
          bytes,
          principal,
          rights: ["OWNER"],
          validUntil: now,
          now,
        })
        return yield* openEnvelope(world, { bytes, licence, principal, now })
      })
      const exit = yield* Effect.exit(it.elsewhere(stolen, elsewhere))
      assert.strictEqual(exit._tag, "Failure")
    }),
  )
})

describe("rights only shrink", () => {
  it.effect.prop(
    "[EXO-168] [EXO-173] revocation never adds anything to what somebody may do",
    { to: some, protection: Protection },
    ({ to, protection }) =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const message = yield* it.send(actor("alice"), { to, subject: "S", protection })
        for (const address of to) yield* it.call(actor(address), "sign-in-portal", { message })
        const allowed = Effect.gen(function* () {
          const world = yield* it.world
          const now = yield* it.now
          return [...everybody, "alice@contoso.com"].flatMap((address) =>
            exchangeDomain.questions.flatMap(({ action, ask }) => {
              const call = { world, actor: actor(address), now, draw: noDraw }
              return ask(call, message)?.outcome === "allow" ? [`${address} ${action}`] : []
            }),
          )
        })
        const before = yield* allowed
        const { messageId } = theMessage(yield* it.world, message)
        const params = { MessageId: messageId, Revoke: true }
        yield* it.call(
          actor("heidi", "powershell", ["Exchange Administrator"]),
          "Set-OMEMessageRevocation",
          params,
        )
        const after = yield* allowed
        assert.includeMembers(before, after)
        assert.includeMembers(after, ["alice@contoso.com read", "alice@contoso.com print"])
      }),
    { arbitrary: { runs: 6 }, timeout: 60_000 },
  )

  it.effect("[EXO-133] after removal an answer is in clear, and what came before is not", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const first = yield* it.send(actor("alice"), {
        to: ["gus@gmail.com"],
        subject: "S",
        body: secret,
        protection: "encrypt-only",
      })
      yield* it.admin("New-TransportRule", {
        Name: "Clear answers",
        SentToScope: "InOrganization",
        RemoveOMEv2: true,
      })
      yield* it.allow(actor("gus@gmail.com"), "sign-in-portal", { message: first })
      yield* it.allow(actor("gus@gmail.com"), "reply-message", { message: first, body: "yes" })
      const world = yield* it.world
      const [original, answer] = messagesOf(world)
      assert.strictEqual(original?.copies[0]?.protection.kind, "encrypt-only")
      assert.strictEqual(answer?.copies[0]?.protection.kind, "none")
      const inside = yield* it.unsealed(`mailbox/alice@contoso.com/${answer?.id ?? ""}`)
      assert.include(Buffer.from(inside ?? []).toString(), secret)
      assert.notInclude(stored(yield* it.blobs), secret)
    }),
  )
})

describe("questions", () => {
  it.effect.prop(
    "ask the same gates as the actions",
    {
      to: some,
      protection: Protection,
      asked: Schema.Literals(everybody as [string, ...string[]]),
    },
    ({ to, protection, asked }) =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const message = yield* it.send(actor("alice"), { to, subject: "S", protection })
        for (const app of apps) {
          const who = actor(asked, app)
          for (const [use, requested] of [
            ["open-message", "open"],
            ["print-message", "print"],
            ["copy-message", "copy"],
          ] as const) {
            const world = yield* it.world
            const pure = evaluateMessage({
              world,
              actor: who,
              now: yield* it.now,
              name: message,
              requested,
            })
            const { decision } = yield* it.call(who, use, { message })
            assert.deepStrictEqual(decision, pure)
          }
        }
      }),
    { arbitrary: { runs: 6 }, timeout: 60_000 },
  )

  it("the domain offers them all", () => {
    assert.deepStrictEqual(
      exchangeDomain.questions.map(({ action }) => action),
      questions,
    )
  })
})

const noDraw = { guid: () => "", digits: () => "", token: () => "" }
