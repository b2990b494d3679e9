import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import {
  doNotForward,
  encryptOnly,
  inheritedProtection,
  openContent,
  type ProtectContentRequest,
  prelicense,
  protectContent,
  protectionOf,
} from "../../src/index.ts"
import { fault, verdict } from "../asking.ts"
import { makeStage, type Stage } from "../makeStage.ts"
import { actor, plaintext, text } from "../world.ts"

const protect = (
  stage: Stage,
  more: Partial<ProtectContentRequest> = {},
  who = "alice@contoso.com",
) =>
  stage
    .run(who, (call) =>
      protectContent(call, { content: plaintext, form: "document", name: "offer.docx", ...more }),
    )
    .pipe(
      Effect.map((made) => ({
        ...made,
        bytes: made.bytes ?? new Uint8Array(),
        contentId: made.contentId ?? "none",
      })),
    )

const open = (
  stage: Stage,
  bytes: Uint8Array,
  who: string,
  more: Partial<Parameters<typeof openContent>[1]> = {},
) => stage.run(who, (call) => openContent(call, { bytes, ...more }))

const outlook = (id: string) => actor(id, "outlook-desktop")

describe("mail", () => {
  const mail = { form: "mail", name: "Offer" } as const

  it.effect("[MIP-159] [MIP-163] recipients open a protected message, and nobody else", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const to = ["bob@contoso.com", "nina@fabrikam.com"]
      for (const custom of [doNotForward(to), encryptOnly(to)]) {
        const made = yield* protect(stage, { ...mail, custom })
        const reads = (who: string, requested: "open" | "forward") =>
          Effect.map(
            stage.run(outlook(who), (call) => openContent(call, { bytes: made.bytes, requested })),
            ({ plaintext: it }) => it !== undefined,
          )
        for (const who of to) {
          assert.isTrue(yield* reads(who, "open"), who)
          assert.strictEqual(yield* reads(who, "forward"), custom.kind === "encrypt-only", who)
        }
        assert.isFalse(yield* reads("dave@contoso.com", "open"))
      }
    }),
  )

  it.effect("[MIP-054] forwarding what a label protects gives the new reader nothing", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { ...mail, label: "Confidential" })
      const reads = (who: string, requested: "open" | "forward") =>
        Effect.map(
          stage.run(outlook(who), (call) => openContent(call, { bytes: made.bytes, requested })),
          ({ decision }) => decision.outcome,
        )
      assert.strictEqual(yield* reads("bob@contoso.com", "forward"), "allow")
      assert.strictEqual(yield* reads("nina@fabrikam.com", "open"), "deny")
    }),
  )

  it.effect("[MIP-114] a reader without account opens it in the portal", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const made = yield* protect(stage, { ...mail, custom: encryptOnly(["pat@mailbox.example"]) })
      const inPortal = yield* stage.run(
        actor("pat@mailbox.example", "encrypted-message-portal"),
        (call) => openContent(call, { bytes: made.bytes }),
      )
      assert.strictEqual(text(inPortal.plaintext), text(plaintext))
      const native = yield* stage.run(outlook("pat@mailbox.example"), (call) =>
        openContent(call, { bytes: made.bytes }),
      )
      assert.strictEqual(verdict(native.decision), "deny by software-supports-identity")
    }),
  )

  it.effect("[MIP-161] [MIP-165] [MIP-135] attachments inherit what the message has", () =>
    Effect.gen(function* () {
      const stage = yield* makeStage()
      const to = ["bob@contoso.com"]
      const inherits = Effect.fnUntraced(function* (more: Partial<ProtectContentRequest>) {
        const message = yield* protect(stage, { ...mail, ...more })
        const noted = protectionOf(stage.world, message.contentId)
        if (noted === undefined) throw new Error("not protected")
        const inherited = inheritedProtection(noted)
        const attached = yield* protect(stage, {
          form: "mail-attachment",
          name: "plan.xlsx",
          ...inherited,
        })
        const bob = yield* open(stage, attached.bytes, "bob@contoso.com")
        const dave = yield* open(stage, attached.bytes, "dave@contoso.com")
        return [bob.decision.rights?.toSorted() ?? [], dave.decision.outcome] as const
      })
      const [rights, other] = yield* inherits({ custom: doNotForward(to) })
      assert.deepStrictEqual(rights, ["DOCEDIT", "EDIT", "OBJMODEL", "VIEW"])
      assert.strictEqual(other, "deny")
      const [wide] = yield* inherits({ custom: encryptOnly(to) })
      assert.include(wide, "PRINT")
      assert.notInclude(wide, "EXPORT")
      const [byLabel, everybody] = yield* inherits({ label: "Confidential" })
      assert.include(byLabel, "EXTRACT")
      assert.strictEqual(everybody, "allow", "the label's own audience")
    }),
  )

  it.effect(
    "[MIP-088] [MIP-089] delivery brings licences to members, who then read offline at once",
    () =>
      Effect.gen(function* () {
        const stage = yield* makeStage()
        const recipients = ["bob@contoso.com", "nina@fabrikam.com", "dave@contoso.com"]
        const made = yield* protect(stage, {
          ...mail,
          custom: encryptOnly(recipients.slice(0, 2)),
        })
        yield* stage.run("alice@contoso.com", (call) =>
          Effect.map(
            prelicense(call, { bytes: made.bytes, contentId: made.contentId, recipients }),
            (events) => ({ events }),
          ),
        )
        stage.apply(fault("rights-management-unreachable"), {
          _tag: "IdentityCertified",
          certificate: {
            address: "bob@contoso.com",
            issuedAt: stage.now,
            expiresAt: stage.now + days(31),
          },
        })
        const read = (who: string) =>
          stage.run(outlook(who), (call) => openContent(call, { bytes: made.bytes }))
        assert.strictEqual(text((yield* read("bob@contoso.com")).plaintext), text(plaintext))
        assert.isUndefined((yield* read("nina@fabrikam.com")).plaintext, "asks for herself")
        assert.isUndefined((yield* read("dave@contoso.com")).plaintext, "has no rights")
      }),
  )
})
