import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { actor, heidi, ivan, makeTenant, type Tenant, theMessage } from "../tenant.ts"

const alice = actor("alice")
const bob = actor("bob")
const gus = actor("gus@gmail.com")
const zoe = actor("zoe@outlook.com")
const nina = actor("nina@fabrikam.com")

const customers = Effect.fnUntraced(function* (it: Tenant, settings: object = {}) {
  yield* it.admin("New-OMEConfiguration", { Identity: "Customers", ...settings })
  yield* it.admin("New-TransportRule", {
    Name: "Customers read in the portal",
    FromScope: "InOrganization",
    ApplyRightsProtectionTemplate: "Encrypt",
    ApplyRightsProtectionCustomizationTemplate: "Customers",
  })
})

const sendTo = (it: Tenant, to: readonly string[], more: object = {}) =>
  it.send(alice, { to, subject: "Contract", body: "Clause 7", ...more })

const formsOf = (it: Tenant, id: string) =>
  Effect.map(it.world, (world) =>
    Object.fromEntries(
      theMessage(world, id).copies.flatMap(({ deliveries }) =>
        deliveries.map(({ recipient, form }) => [recipient, form]),
      ),
    ),
  )

const everybody = ["bob@contoso.com", "nina@fabrikam.com", "zoe@outlook.com", "gus@gmail.com"]

describe("branding", () => {
  it.effect("[EXO-072] [EXO-073] a template forces everybody outside into the portal", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const plain = yield* sendTo(it, everybody, { protection: "encrypt-only" })
      assert.deepStrictEqual(yield* formsOf(it, plain), {
        "bob@contoso.com": "native",
        "nina@fabrikam.com": "native",
        "zoe@outlook.com": "native",
        "gus@gmail.com": "wrapper",
      })
      yield* customers(it)
      const id = yield* sendTo(it, everybody)
      assert.deepStrictEqual(yield* formsOf(it, id), {
        "bob@contoso.com": "native",
        "nina@fabrikam.com": "wrapper",
        "zoe@outlook.com": "wrapper",
        "gus@gmail.com": "wrapper",
      })
      assert.strictEqual(
        (yield* it.refuse(zoe, "open-message", { message: id })).name,
        "portal-identity",
      )
      yield* it.allow(bob, "open-message", { message: id })
    }),
  )

  it.effect(
    "[EXO-073] [EXO-126] so does the default template when a rule names it; alone it encrypts nothing",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        yield* it.admin("New-TransportRule", {
          Name: "Brand",
          ApplyRightsProtectionCustomizationTemplate: "OME Configuration",
        })
        const clear = yield* sendTo(it, ["nina@fabrikam.com"])
        assert.deepStrictEqual(yield* formsOf(it, clear), { "nina@fabrikam.com": "plain" })
        const id = yield* sendTo(it, ["nina@fabrikam.com"], { protection: "encrypt-only" })
        assert.deepStrictEqual(yield* formsOf(it, id), { "nina@fabrikam.com": "wrapper" })
      }),
  )

  it.effect("[EXO-009] [EXO-010] [EXO-154] templates of one's own need the larger plan", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-OMEConfiguration", { Identity: "First" })
      yield* it.allow(ivan, "change-subscription", { plan: "Microsoft 365 E3" })
      const gate = yield* it.refuse(heidi, "New-OMEConfiguration", { Identity: "Second" })
      assert.strictEqual(gate.name, "advanced-message-encryption")
      assert.include(gate.refusal?.message, "is not recognized as the name of a cmdlet")
      yield* it.admin("Set-OMEConfiguration", { Identity: "OME Configuration", PortalText: "Hi" })
      const addOn = "Microsoft 365 E3 with Microsoft 365 E5 Compliance"
      yield* it.allow(ivan, "change-subscription", { plan: addOn })
      yield* it.admin("New-OMEConfiguration", { Identity: "Second" })
    }),
  )
})

describe("expiry", () => {
  it.effect("[EXO-165] [EXO-166] [MIP-172] after its days the mail opens for nobody outside", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* customers(it, { ExternalMailExpiryInDays: 7 })
      const id = yield* sendTo(it, ["bob@contoso.com", "gus@gmail.com"])
      assert.include((yield* it.lastMail("gus@gmail.com")).text, "expires on 2026-09-08")
      yield* it.wait(days(7) - 1)
      yield* it.allow(gus, "sign-in-portal", { message: id })
      yield* it.allow(gus, "open-message", { message: id })
      yield* it.wait(1)
      const gate = yield* it.refuse(gus, "open-message", { message: id })
      assert.strictEqual(gate.name, "mail-expiry")
      assert.strictEqual(
        (yield* it.refuse(gus, "reply-message", { message: id, body: "x" })).name,
        "mail-expiry",
      )
      yield* it.allow(bob, "open-message", { message: id })
      yield* it.allow(alice, "open-message", { message: id })
    }),
  )

  it.effect("[EXO-167] a later change of the template does not re-date mail", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* customers(it, { ExternalMailExpiryInDays: 7 })
      const id = yield* sendTo(it, ["gus@gmail.com"])
      yield* it.admin("Set-OMEConfiguration", {
        Identity: "Customers",
        ExternalMailExpiryInDays: 1,
      })
      yield* it.wait(days(3))
      yield* it.allow(gus, "sign-in-portal", { message: id })
      yield* it.allow(gus, "open-message", { message: id })
      const next = yield* sendTo(it, ["gus@gmail.com"])
      yield* it.wait(days(1))
      yield* it.refuse(gus, "open-message", { message: next })
    }),
  )

  it.effect(
    "[EXO-159] [EXO-165] [EXO-008] without days, template or service plan nothing expires",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        yield* customers(it, { ExternalMailExpiryInDays: 0 })
        const never = yield* sendTo(it, ["gus@gmail.com"])
        yield* it.admin("Set-OMEConfiguration", {
          Identity: "Customers",
          ExternalMailExpiryInDays: 1,
        })
        yield* it.allow(ivan, "change-subscription", { premiumEncryption: false })
        const unlicensed = yield* sendTo(it, ["gus@gmail.com"])
        const gate = yield* it.refuse(heidi, "Set-OMEConfiguration", {
          Identity: "Customers",
          ExternalMailExpiryInDays: 2,
        })
        assert.strictEqual(gate.name, "mail-expiry")
        yield* it.wait(days(800))
        yield* it.allow(gus, "sign-in-portal", { message: never })
        for (const message of [never, unlicensed]) yield* it.allow(gus, "open-message", { message })
      }),
  )
})

describe("revocation", () => {
  it.effect("[EXO-168] [EXO-169] [EXO-171] [MIP-172] an admin takes the links back", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* customers(it)
      const id = yield* sendTo(it, ["bob@contoso.com", "gus@gmail.com"])
      const { messageId } = theMessage(yield* it.world, id)
      const status = (MessageId: string) => it.admin("Get-OMEMessageStatus", { MessageId })
      assert.deepStrictEqual(yield* status(messageId), {
        Subject: "Contract",
        IsRevocable: true,
        Revoked: false,
      })
      yield* it.allow(gus, "sign-in-portal", { message: id })
      yield* it.admin("Set-OMEMessageRevocation", { MessageId: messageId, Revoke: true })
      const gate = yield* it.refuse(gus, "open-message", { message: id })
      assert.strictEqual(gate.name, "mail-revocation")
      assert.strictEqual(gate.refusal?.message, "The message is revoked by the sender")
      yield* it.allow(bob, "open-message", { message: id })
      yield* it.allow(alice, "open-message", { message: id })
      assert.strictEqual(
        (yield* status(messageId))["Message"],
        `The encrypted email with the subject "Contract" and Message ID "${messageId}" was successfully revoked`,
      )
      yield* it.admin("Set-OMEMessageRevocation", { MessageId: messageId, Revoke: false })
      yield* it.allow(gus, "open-message", { message: id })
    }),
  )

  it.effect("[EXO-168] [EXO-175] what nobody reads by link, or without licence, stays", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const inline = yield* sendTo(it, ["nina@fabrikam.com"], { protection: "encrypt-only" })
      const linked = yield* sendTo(it, ["gus@gmail.com"], { protection: "encrypt-only" })
      const revoke = (id: string) =>
        Effect.gen(function* () {
          const { messageId } = theMessage(yield* it.world, id)
          return { MessageId: messageId, Revoke: true }
        })
      const cmdlet = "Set-OMEMessageRevocation"
      assert.strictEqual(
        (yield* it.refuse(heidi, cmdlet, yield* revoke(inline))).name,
        "link-based-mail",
      )
      yield* it.allow(ivan, "change-subscription", { premiumEncryption: false })
      assert.strictEqual(
        (yield* it.refuse(heidi, cmdlet, yield* revoke(linked))).name,
        "advanced-message-encryption",
      )
      yield* it.allow(ivan, "change-subscription", { premiumEncryption: true })
      yield* it.admin(cmdlet, yield* revoke(linked))
      const unknown = { MessageId: "<none@contoso.com>", Revoke: true }
      assert.strictEqual((yield* it.refuse(heidi, cmdlet, unknown)).name, "message-exists")
    }),
  )

  it.effect(
    "[EXO-170] [EXO-174] the sender takes back from the web what went to one personal address",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        for (const protection of ["encrypt-only", "do-not-forward"]) {
          const message = yield* sendTo(it, ["gus@gmail.com"], { protection })
          yield* it.allow(actor("alice", "outlook-web"), "revoke-message", { message })
          yield* it.allow(gus, "sign-in-portal", { message })
          yield* it.refuse(gus, "open-message", { message })
        }
        const message = yield* sendTo(it, ["gus@gmail.com"], { protection: "encrypt-only" })
        const refusals = [
          [actor("alice", "outlook-desktop"), message, "remove-external-access"],
          [bob, message, "sender-of-the-message"],
          [
            alice,
            yield* sendTo(it, ["gus@gmail.com", "pat@mailbox.example"], {
              protection: "encrypt-only",
            }),
            "remove-external-access",
          ],
          [
            alice,
            yield* sendTo(it, ["nina@fabrikam.com"], { protection: "encrypt-only" }),
            "link-based-mail",
          ],
        ] as const
        for (const [who, id, gate] of refusals) {
          assert.strictEqual((yield* it.refuse(who, "revoke-message", { message: id })).name, gate)
        }
        yield* customers(it)
        const forced = yield* sendTo(it, ["nina@fabrikam.com"])
        assert.strictEqual(
          (yield* it.refuse(alice, "revoke-message", { message: forced })).name,
          "remove-external-access",
        )
      }),
  )

  it.effect("[EXO-173] an answer that quotes the message is a message of its own", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* sendTo(it, ["gus@gmail.com"], {
        protection: "encrypt-only",
        attachments: [{ name: "a.zip", content: "files" }],
      })
      yield* it.allow(gus, "sign-in-portal", { message: id })
      const saved = yield* it.allow(gus, "save-attachment", { message: id, attachment: "a.zip" })
      const answer = yield* it.allow(gus, "reply-message", { message: id, body: "Yes" })
      yield* it.allow(alice, "revoke-message", { message: id })
      yield* it.refuse(gus, "open-message", { message: id })
      yield* it.refuse(gus, "save-attachment", { message: id, attachment: "a.zip" })
      yield* it.allow(alice, "open-message", { message: answer["id"] })
      const bytes = (yield* it.blobs).get(saved["blob"] as string)
      assert.strictEqual(Buffer.from(bytes ?? []).toString(), "files")
    }),
  )
})

const portalRecords = (it: Tenant) =>
  Effect.map(it.audit, (all) => all.filter((record) => record["RecordType"] === 154))

describe("portal log", () => {
  it.effect(
    "[EXO-021] [EXO-176] [EXO-177] what happens in the portal is on record once switched on",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const first = yield* sendTo(it, ["gus@gmail.com"], { protection: "encrypt-only" })
        yield* it.allow(gus, "sign-in-portal", { message: first })
        assert.deepStrictEqual(yield* portalRecords(it), [])
        yield* it.admin("Set-IRMConfiguration", { EnablePortalTrackingLogs: true })
        const id = yield* sendTo(it, ["gus@gmail.com", "nina@fabrikam.com"], {
          protection: "encrypt-only",
          attachments: [{ name: "a.docx", content: "x" }],
        })
        yield* it.allow(gus, "sign-in-portal", { message: id })
        yield* it.allow(gus, "open-message", { message: id })
        yield* it.allow(gus, "save-attachment", { message: id, attachment: "a.docx" })
        yield* it.allow(gus, "forward-message", { message: id, to: ["pat@mailbox.example"] })
        yield* it.allow(nina, "open-message", { message: id })
        const records = yield* portalRecords(it)
        assert.deepStrictEqual(
          records.map((record) => record["Operation"]),
          ["AuthenticateRequest", "MessageAccess", "AttachmentDownload", "MessageForward"],
        )
        const [, access] = records
        assert.include(access, {
          Workload: "Exchange",
          UserId: "alice@contoso.com",
          UserType: 0,
          Recipient: "gus@gmail.com",
          Sender: "alice@contoso.com",
          AuthenticationMethod: "Google",
          OperationStatus: 0,
          ResultStatus: "Success",
        })
        yield* it.allow(alice, "revoke-message", { message: first })
        yield* it.refuse(gus, "open-message", { message: first })
        assert.include((yield* portalRecords(it)).at(-1), {
          OperationStatus: 1,
          ResultStatus: "Failure",
        })
      }),
  )

  it.effect("[EXO-021] the log belongs to the larger plan", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.allow(ivan, "change-subscription", { plan: "Office 365 E3" })
      const on = { EnablePortalTrackingLogs: true }
      assert.strictEqual(
        (yield* it.refuse(heidi, "Set-IRMConfiguration", on)).name,
        "advanced-message-encryption",
      )
      yield* it.admin("Set-IRMConfiguration", { EnablePortalTrackingLogs: false })
      yield* it.allow(ivan, "change-subscription", { plan: "Office 365 E5" })
      yield* it.admin("Set-IRMConfiguration", on)
    }),
  )
})
