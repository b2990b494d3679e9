import { assert, describe, it } from "@effect/vitest"
import { isEnvelope } from "@twin/crypto"
import { Effect } from "effect"
import { decodeContent } from "../../src/index.ts"
import { actor, heidi, makeTenant, type Tenant, theMessage } from "../tenant.ts"

const alice = actor("alice")
const bob = actor("bob")
const nina = actor("nina@fabrikam.com")
const gus = actor("gus@gmail.com")
const secret = "The offer is 4.2 million."

const encrypted = (it: Tenant, to: readonly string[], more: object = {}) =>
  it.send(alice, { to, subject: "Offer", body: secret, protection: "encrypt-only", ...more })

/** Everything that is stored anywhere, in one text. */
const everything = (it: Tenant) =>
  Effect.map(it.blobs, (blobs) =>
    [...blobs.values()].map((bytes) => Buffer.from(bytes).toString("latin1")).join("\n"),
  )

describe("protection by the sender", () => {
  it.effect("[EXO-003] [EXO-005] encrypts before the mail leaves, without any set-up", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["bob@contoso.com", "nina@fabrikam.com", "gus@gmail.com"])
      assert.notInclude(yield* everything(it), secret)
      assert.notInclude(yield* it.journal, secret)
      const blobs = yield* it.blobs
      const outside = blobs.get(`outside/nina@fabrikam.com/${id}/0`) ?? new Uint8Array()
      assert.isTrue(isEnvelope(outside))
      const inside = yield* it.unsealed(`mailbox/bob@contoso.com/${id}`)
      assert.isTrue(isEnvelope(inside ?? new Uint8Array()))
    }),
  )

  it.effect("[EXO-003] a plain mail lies sealed in own mailboxes and open outside", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const to = ["bob@contoso.com", "gus@gmail.com"]
      const id = yield* it.send(alice, { to, subject: "Offer", body: secret })
      const outside = (yield* it.blobs).get(`outside/gus@gmail.com/${id}/0`)
      assert.strictEqual(decodeContent(outside ?? new Uint8Array())?.body, secret)
      const inside = yield* it.unsealed(`mailbox/bob@contoso.com/${id}`)
      assert.strictEqual(decodeContent(inside ?? new Uint8Array())?.body, secret)
      const sealed = [...(yield* it.blobs)].filter(([name]) => name.includes("bob@contoso.com"))
      for (const [, bytes] of sealed) {
        assert.notInclude(Buffer.from(bytes).toString("latin1"), secret)
      }
    }),
  )

  it.effect("[EXO-038] [MIP-163] Encrypt-Only gives everything but export and full control", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["bob@contoso.com"])
      const { rights } = yield* it.allow(bob, "open-message", { message: id })
      assert.includeMembers(rights as string[], ["VIEW", "FORWARD", "PRINT", "EXTRACT", "REPLY"])
      assert.notIncludeMembers(rights as string[], ["EXPORT"])
      assert.notInclude(rights as string[], "OWNER")
      for (const use of ["print-message", "copy-message"]) {
        yield* it.allow(bob, use, { message: id })
      }
    }),
  )

  it.effect("[EXO-039] [MIP-159] [MIP-164] Do Not Forward lets read and answer, nothing else", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["bob@contoso.com"], { protection: "do-not-forward" })
      yield* it.allow(bob, "open-message", { message: id })
      yield* it.allow(bob, "reply-message", { message: id, body: "Fine" })
      const uses: readonly (readonly [string, object])[] = [
        ["print-message", {}],
        ["copy-message", {}],
        ["forward-message", { to: ["carol@contoso.com"] }],
        ["reply-message", { body: "and you", all: true, addTo: ["carol@contoso.com"] }],
      ]
      for (const [use, more] of uses) {
        const gate = yield* it.refuse(bob, use, { message: id, ...more })
        assert.strictEqual(gate.name, "application-enforces", use)
      }
      assert.strictEqual((yield* it.mailbox("carol@contoso.com")).length, 0)
    }),
  )

  it.effect("[EXO-042] the sender keeps full control of a message", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["bob@contoso.com"], { protection: "do-not-forward" })
      const { rights } = yield* it.allow(alice, "open-message", { message: id })
      assert.include(rights as string[], "OWNER")
      yield* it.allow(alice, "print-message", { message: id })
    }),
  )

  it.effect("[EXO-040] nobody but the recipients opens it", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const id = yield* encrypted(it, ["bob@contoso.com", "gus@gmail.com"])
      for (const who of [actor("mallory"), nina, heidi]) {
        const gate = yield* it.refuse(who, "open-message", { message: id })
        assert.strictEqual(gate.name, "addressed-to-reader")
      }
      const missing = yield* it.refuse(bob, "open-message", { message: "no such message" })
      assert.strictEqual(missing.name, "message-exists")
    }),
  )

  it.effect(
    "[EXO-040] [MIP-054] a label with fixed rights opens for its list only, whoever gets the mail",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const to = ["bob@contoso.com", "nina@fabrikam.com"]
        const id = yield* it.send(alice, { to, subject: "S", body: secret, label: "Confidential" })
        yield* it.allow(bob, "open-message", { message: id })
        const gate = yield* it.refuse(nina, "open-message", { message: id })
        assert.strictEqual(gate.name, "usage-rights")
        assert.strictEqual(theMessage(yield* it.world, id).copies[0]?.protection.kind, "template")
      }),
  )

  it.effect("[EXO-040] passing on mail with fixed rights makes nobody its owner", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const to = ["bob@contoso.com"]
      const id = yield* it.send(alice, { to, subject: "S", body: secret, label: "Confidential" })
      const passed = yield* it.allow(bob, "forward-message", {
        message: id,
        to: ["carol@contoso.com", "nina@fabrikam.com"],
      })
      const message = passed["id"]
      for (const who of [bob, actor("carol")]) {
        const { rights } = yield* it.allow(who, "open-message", { message })
        assert.notInclude(rights as string[], "OWNER")
      }
      yield* it.refuse(nina, "open-message", { message })
    }),
  )

  it.effect("[EXO-046] [EXO-047] a label that lets users decide takes the recipients", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const to = ["nina@fabrikam.com"]
      const label = "Recipients Only"
      const id = yield* it.send(alice, { to, subject: "S", body: secret, label })
      yield* it.allow(nina, "open-message", { message: id })
      yield* it.allow(nina, "forward-message", { message: id, to: ["oscar@fabrikam.com"] })
      yield* it.refuse(actor("oscar@fabrikam.com"), "open-message", { message: id })
    }),
  )

  it.effect(
    "[EXO-029] mail is returned for whom the protection leaves out, when so configured",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const params = {
          to: ["bob@contoso.com", "nina@fabrikam.com"],
          subject: "S",
          body: secret,
          label: "Confidential",
        }
        yield* it.admin("Set-IRMConfiguration", { RejectIfRecipientHasNoRights: true })
        const id = yield* it.send(alice, params)
        const { copies, returned } = theMessage(yield* it.world, id)
        assert.deepStrictEqual(
          copies.flatMap(({ deliveries }) => deliveries.map(({ recipient }) => recipient)),
          ["bob@contoso.com"],
        )
        assert.deepStrictEqual(returned[0]?.recipients, ["nina@fabrikam.com"])
        assert.include((yield* it.lastMail("alice@contoso.com")).subject, "Undeliverable")
      }),
  )
})

describe("tenant gates", () => {
  const params = { to: ["bob@contoso.com"], subject: "S", protection: "encrypt-only" }
  const megabytes = (count: number) => ({
    ...params,
    attachments: [{ name: "big.docx", content: "x", sizeBytes: count * 1024 * 1024 }],
  })

  it.effect(
    "[EXO-001] [EXO-002] [MIP-005] a fresh tenant encrypts; without rights management nothing does",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        yield* it.allow(alice, "send-mail", params)
        yield* it.call(
          actor("ivan", "powershell", ["Global Administrator"]),
          "Connect-AipService",
          {},
        )
        yield* it.call(
          actor("ivan", "powershell", ["Global Administrator"]),
          "Disable-AipService",
          {},
        )
        const gate = yield* it.refuse(alice, "send-mail", params)
        assert.strictEqual(gate.name, "rights-management-active")
        yield* it.allow(alice, "send-mail", { to: ["bob@contoso.com"], subject: "plain" })
      }),
  )

  it.effect("[EXO-014] [EXO-015] [EXO-035] the IRM configuration can switch encryption off", () =>
    Effect.gen(function* () {
      for (const setting of ["AzureRMSLicensingEnabled", "InternalLicensingEnabled"]) {
        const it = yield* makeTenant()
        yield* it.admin("Set-IRMConfiguration", { [setting]: false })
        const gate = yield* it.refuse(alice, "send-mail", params)
        assert.strictEqual(gate.name, "irm-licensing")
        yield* it.admin("Set-IRMConfiguration", { [setting]: true })
        yield* it.allow(alice, "send-mail", params)
      }
    }),
  )

  it.effect("[EXO-006] a plan without message encryption offers none", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const owner = actor("ivan", "browser", ["Global Administrator"])
      yield* it.allow(owner, "change-subscription", { plan: "Office 365 E1" })
      const gate = yield* it.refuse(alice, "send-mail", params)
      assert.strictEqual(gate.name, "message-encryption-licence")
      yield* it.allow(owner, "change-subscription", { plan: "Office 365 E3" })
      yield* it.allow(alice, "send-mail", params)
    }),
  )

  it.effect("[EXO-022] [EXO-023] hidden options are hidden in Outlook on the web only", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("Set-IRMConfiguration", { SimplifiedClientAccessEncryptOnlyDisabled: true })
      assert.strictEqual((yield* it.refuse(alice, "send-mail", params)).name, "protection-offered")
      yield* it.allow(alice, "send-mail", { ...params, protection: "do-not-forward" })
      yield* it.allow(actor("alice", "outlook-desktop"), "send-mail", params)
      yield* it.admin("Set-IRMConfiguration", {
        SimplifiedClientAccessEncryptOnlyDisabled: false,
        SimplifiedClientAccessDoNotForwardDisabled: true,
      })
      yield* it.allow(alice, "send-mail", params)
      const hidden = { ...params, protection: "do-not-forward" }
      assert.strictEqual((yield* it.refuse(alice, "send-mail", hidden)).name, "protection-offered")
      yield* it.admin("Set-IRMConfiguration", { SimplifiedClientAccessEnabled: false })
      assert.strictEqual((yield* it.refuse(alice, "send-mail", params)).name, "protection-offered")
    }),
  )

  it.effect("[EXO-058] above 25 MB nothing is encrypted, by sender or rule", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.allow(alice, "send-mail", megabytes(24))
      assert.strictEqual((yield* it.refuse(alice, "send-mail", megabytes(26))).name, "message-size")
      yield* it.admin("New-TransportRule", {
        Name: "Encrypt",
        ApplyRightsProtectionTemplate: "Encrypt",
      })
      const { protection: _, ...plain } = megabytes(26)
      const gate = yield* it.refuse(alice, "send-mail", plain)
      assert.strictEqual(gate.name, "mail-flow")
    }),
  )

  it.effect("nobody sends from a mailbox that does not exist, or to nobody", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const ghost = actor("ghost@nowhere.example")
      assert.strictEqual((yield* it.refuse(ghost, "send-mail", params)).name, "sender")
      const empty = { subject: "S" }
      assert.strictEqual((yield* it.refuse(alice, "send-mail", empty)).name, "recipients")
      const wrong = { to: ["nobody@contoso.com"], subject: "S" }
      const gate = yield* it.refuse(alice, "send-mail", wrong)
      assert.strictEqual(gate.name, "recipients")
    }),
  )
})

describe("reading offline", () => {
  it.effect(
    "[EXO-087] [MIP-088] [MIP-089] own mailboxes get a licence with the mail and open it without the service",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const outlook = actor("bob", "outlook-desktop")
        const first = yield* encrypted(it, ["bob@contoso.com"])
        yield* it.allow(outlook, "open-message", { message: first })
        const id = yield* encrypted(it, ["bob@contoso.com", "nina@fabrikam.com"])
        yield* it.fault("rights-management-unreachable")
        yield* it.allow(outlook, "open-message", { message: id })
        const abroad = actor("nina@fabrikam.com", "outlook-desktop")
        const gate = yield* it.refuse(abroad, "open-message", { message: id })
        assert.strictEqual(gate.name, "use-licence-on-device")
        assert.strictEqual(
          (yield* it.refuse(gus, "open-message", { message: id })).name,
          "addressed-to-reader",
        )
      }),
  )
})
