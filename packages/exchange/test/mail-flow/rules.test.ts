import { assert, describe, it } from "@effect/vitest"
import { isEnvelope } from "@twin/crypto"
import { instant, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { decodeContent } from "../../src/index.ts"
import { actor, makeTenant, type Tenant, theMessage } from "../tenant.ts"

const alice = actor("alice")
const bob = actor("bob")
const zoe = actor("zoe@outlook.com")
const gus = actor("gus@gmail.com")
const nina = actor("nina@fabrikam.com")
const secret = "Card number 4111 1111 1111 1111"

const encryptOutside = {
  Name: "Encrypt what leaves",
  FromScope: "InOrganization",
  SentToScope: "NotInOrganization",
  ApplyRightsProtectionTemplate: "Encrypt",
}

const copiesOf = (it: Tenant, id: string) =>
  Effect.map(it.world, (world) =>
    Object.fromEntries(
      theMessage(world, id).copies.flatMap(({ deliveries, protection }) =>
        deliveries.map(({ recipient, form }) => [recipient, `${protection.kind}/${form}`]),
      ),
    ),
  )

const outsideText = Effect.fnUntraced(function* (it: Tenant, address: string, id: string) {
  const bytes = (yield* it.blobs).get(`outside/${address}/${id}/0`) ?? new Uint8Array()
  return { isProtected: isEnvelope(bytes), body: decodeContent(bytes)?.body }
})

describe("rules that encrypt", () => {
  it.effect(
    "[EXO-125] [EXO-139] [MIP-168] what goes outside is encrypted, what stays inside is not",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const params = { to: ["bob@contoso.com", "nina@fabrikam.com"], subject: "S", body: secret }
        const before = yield* it.send(alice, params)
        assert.strictEqual((yield* outsideText(it, "nina@fabrikam.com", before)).body, secret)
        yield* it.admin("New-TransportRule", encryptOutside)
        const id = yield* it.send(alice, params)
        assert.deepStrictEqual(yield* copiesOf(it, id), {
          "bob@contoso.com": "none/plain",
          "nina@fabrikam.com": "encrypt-only/native",
        })
        assert.isTrue((yield* outsideText(it, "nina@fabrikam.com", id)).isProtected)
        yield* it.allow(nina, "open-message", { message: id })
        yield* it.allow(bob, "open-message", { message: id })
        yield* it.admin("Disable-TransportRule", { Identity: "Encrypt what leaves" })
        const after = yield* it.send(alice, params)
        assert.strictEqual((yield* outsideText(it, "nina@fabrikam.com", after)).body, secret)
      }),
  )

  it.effect("[EXO-044] [EXO-125] a template with fixed rights can be applied by its name", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-TransportRule", {
        Name: "Label it",
        SubjectContainsWords: ["confidential"],
        ApplyRightsProtectionTemplate: "Confidential",
      })
      const to = ["bob@contoso.com", "nina@fabrikam.com"]
      const id = yield* it.send(alice, { to, subject: "Confidential offer", body: secret })
      yield* it.allow(bob, "open-message", { message: id })
      assert.strictEqual(
        (yield* it.refuse(nina, "open-message", { message: id })).name,
        "usage-rights",
      )
      const plain = yield* it.send(alice, { to, subject: "Lunch" })
      yield* it.allow(nina, "open-message", { message: plain })
    }),
  )

  it.effect("[EXO-049] [MIP-168] a Do Not Forward mail is never turned into Encrypt-Only", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-TransportRule", encryptOutside)
      const to = ["nina@fabrikam.com"]
      const id = yield* it.send(alice, { to, subject: "S", protection: "do-not-forward" })
      assert.deepStrictEqual(yield* copiesOf(it, id), {
        "nina@fabrikam.com": "do-not-forward/native",
      })
    }),
  )

  it.effect(
    "[EXO-130] [MIP-168] mail from outside is delivered as it came; in May 2023 it was returned",
    () =>
      Effect.gen(function* () {
        const rule = { Name: "Encrypt all", ApplyRightsProtectionTemplate: "Encrypt" }
        const params = { to: ["bob@contoso.com"], subject: "S", body: secret }
        const today = yield* makeTenant()
        yield* today.admin("New-TransportRule", rule)
        const id = yield* today.send(gus, params)
        assert.deepStrictEqual(yield* copiesOf(today, id), { "bob@contoso.com": "none/plain" })
        const then = yield* makeTenant({ start: instant("2023-05-10") })
        yield* then.admin("New-TransportRule", rule)
        assert.strictEqual((yield* then.refuse(gus, "send-mail", params)).name, "mail-flow")
      }),
  )

  it.effect(
    "[EXO-015] a rule cannot encrypt while licensing is off: the mail comes back, not out",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        yield* it.admin("New-TransportRule", encryptOutside)
        yield* it.admin("Set-IRMConfiguration", { InternalLicensingEnabled: false })
        const params = { to: ["gus@gmail.com"], subject: "S", body: secret }
        assert.strictEqual((yield* it.refuse(alice, "send-mail", params)).name, "mail-flow")
        assert.strictEqual((yield* it.mailbox("gus@gmail.com")).length, 0)
        assert.include((yield* it.lastMail("alice@contoso.com")).subject, "Undeliverable")
      }),
  )

  it.effect("[EXO-109] a change takes up to half an hour, which a fault makes visible", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.fault("mail-flow-rule-delay")
      yield* it.admin("New-TransportRule", encryptOutside)
      const params = { to: ["nina@fabrikam.com"], subject: "S", body: secret }
      const early = yield* it.send(alice, params)
      assert.isFalse((yield* outsideText(it, "nina@fabrikam.com", early)).isProtected)
      yield* it.wait(minutes(30))
      const late = yield* it.send(alice, params)
      assert.isTrue((yield* outsideText(it, "nina@fabrikam.com", late)).isProtected)
    }),
  )

  it.effect("[EXO-108] a rule on content that fails lets the mail out in clear, or holds it", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const rule = {
        Name: "Cards",
        SubjectOrBodyContainsWords: ["card"],
        ApplyRightsProtectionTemplate: "Encrypt",
      }
      const params = { to: ["nina@fabrikam.com"], subject: "S", body: secret }
      yield* it.admin("New-TransportRule", rule)
      const seen = yield* it.send(alice, params)
      assert.isTrue((yield* outsideText(it, "nina@fabrikam.com", seen)).isProtected)
      yield* it.fault("mail-inspection-failure")
      const missed = yield* it.send(alice, params)
      assert.isFalse((yield* outsideText(it, "nina@fabrikam.com", missed)).isProtected)
      yield* it.admin("Set-TransportRule", { Identity: "Cards", RuleErrorAction: "Defer" })
      const held = yield* it.call(alice, "send-mail", params)
      assert.strictEqual(held.decision.outcome, "deny")
      assert.include(held.warnings[0] ?? "", "Pending")
    }),
  )

  it.effect("[EXO-137] a rejecting rule returns the mail with its code and text", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-TransportRule", {
        Name: "No cards",
        SubjectMatchesPatterns: ["card"],
        RejectMessageEnhancedStatusCode: "5.7.900",
      })
      const params = { to: ["gus@gmail.com"], subject: "card", body: secret }
      yield* it.refuse(alice, "send-mail", params)
      const { text } = yield* it.lastMail("alice@contoso.com")
      assert.include(text, "550 5.7.900 Delivery not authorized, message refused")
    }),
  )

  it.effect("[EXO-183] [EXO-184] an old rule encrypts with the product of its time", () =>
    Effect.gen(function* () {
      const rule = { Name: "Old", ApplyOME: true }
      const then = yield* makeTenant({ start: instant("2022-06-01") })
      yield* then.admin("New-TransportRule", rule)
      const params = { to: ["nina@fabrikam.com"], subject: "S", body: secret }
      const old = yield* then.send(alice, params)
      assert.deepStrictEqual(yield* copiesOf(then, old), {
        "nina@fabrikam.com": "encrypt-only/wrapper",
      })
      yield* then.wait(instant("2024-02-01") - instant("2022-06-01"))
      const current = yield* then.send(alice, params)
      assert.deepStrictEqual(yield* copiesOf(then, current), {
        "nina@fabrikam.com": "encrypt-only/native",
      })
      const today = yield* makeTenant()
      const heidi = actor("heidi", "powershell", ["Exchange Administrator"])
      const gate = yield* today.refuse(heidi, "New-TransportRule", rule)
      assert.strictEqual(gate.name, "legacy-encryption")
    }),
  )
})

describe("rules that remove encryption", () => {
  const removeInside = {
    Name: "Remove encryption from replies",
    SentToScope: "InOrganization",
    RemoveOMEv2: true,
  }

  it.effect("[EXO-133] [EXO-134] [MIP-168] replies to own encrypted mail arrive in clear", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const params = { to: ["gus@gmail.com"], subject: "Case 7", protection: "encrypt-only" }
      const id = yield* it.send(alice, { ...params, body: secret })
      yield* it.allow(gus, "sign-in-portal", { message: id })
      const first = yield* it.allow(gus, "reply-message", { message: id, body: "My number is 9" })
      assert.deepStrictEqual(yield* copiesOf(it, first["id"] as string), {
        "alice@contoso.com": "encrypt-only/native",
      })
      yield* it.admin("New-TransportRule", removeInside)
      const second = yield* it.allow(gus, "reply-message", { message: id, body: "My number is 9" })
      const answer = second["id"] as string
      assert.deepStrictEqual(yield* copiesOf(it, answer), { "alice@contoso.com": "none/plain" })
      const stored = yield* it.unsealed(`mailbox/alice@contoso.com/${answer}`)
      assert.include(decodeContent(stored ?? new Uint8Array())?.body, "My number is 9")
    }),
  )

  it.effect("[EXO-132] [EXO-090] what another organization protected is not removed", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-TransportRule", removeInside)
      const params = { to: ["alice@contoso.com"], subject: "S", body: secret }
      const id = yield* it.send(nina, { ...params, protection: "encrypt-only" })
      assert.deepStrictEqual(yield* copiesOf(it, id), { "alice@contoso.com": "foreign/native" })
      const read = yield* it.call(alice, "open-message", { message: id })
      assert.strictEqual(read.decision.outcome, "unknown")
      const blobs = [...(yield* it.blobs).values()]
      assert.isFalse(blobs.some((it2) => Buffer.from(it2).toString("latin1").includes(secret)))
    }),
  )

  it.effect("[EXO-024] [EXO-090] with mandatory decryption such mail is returned", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const params = {
        to: ["alice@contoso.com"],
        subject: "S",
        body: secret,
        protection: "encrypt-only",
      }
      for (const setting of ["Optional", "Disabled"]) {
        yield* it.admin("Set-IRMConfiguration", { TransportDecryptionSetting: setting })
        yield* it.allow(nina, "send-mail", params)
      }
      yield* it.admin("Set-IRMConfiguration", { TransportDecryptionSetting: "Mandatory" })
      assert.strictEqual((yield* it.refuse(nina, "send-mail", params)).name, "mail-flow")
      yield* it.allow(alice, "send-mail", { ...params, to: ["bob@contoso.com"] })
    }),
  )

  it.effect(
    "[EXO-093] [EXO-151] without transport decryption rules see headers, not the body",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        yield* it.admin("New-TransportRule", {
          Name: "By body",
          Priority: 0,
          SubjectOrBodyContainsWords: ["card"],
          SetHeaderName: "X-Seen",
          SetHeaderValue: "body",
        })
        yield* it.admin("New-TransportRule", {
          Name: "By type",
          MessageTypeMatches: "PermissionControlled",
          SetHeaderName: "X-Seen2",
          SetHeaderValue: "type",
        })
        const hits = Effect.fnUntraced(function* (setting: string) {
          yield* it.admin("Set-IRMConfiguration", { TransportDecryptionSetting: setting })
          const id = yield* it.send(alice, {
            to: ["bob@contoso.com"],
            subject: "S",
            body: secret,
            protection: "encrypt-only",
          })
          return theMessage(yield* it.world, id).copies[0]?.rules.map(({ rule }) => rule)
        })
        assert.deepStrictEqual(yield* hits("Optional"), ["By body", "By type"])
        assert.deepStrictEqual(yield* hits("Disabled"), ["By type"])
      }),
  )

  it.effect("[EXO-128] files that were protected before lose it only when the rule says so", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const first = yield* it.send(alice, {
        to: ["bob@contoso.com"],
        subject: "S",
        protection: "encrypt-only",
        attachments: [{ name: "a.docx", content: secret }],
      })
      const own = yield* it.allow(bob, "save-attachment", { message: first, attachment: "a.docx" })
      const params = {
        to: ["nina@fabrikam.com"],
        subject: "S",
        protection: "encrypt-only",
        attachments: [
          { name: "a.docx", document: own["document"] },
          { name: "b.docx", content: secret },
        ],
      }
      const states = (id: string) =>
        Effect.map(it.world, (world) =>
          theMessage(world, id).copies[0]?.attachments.map(({ state }) => state),
        )
      const rule = { Name: "Clear", RemoveOMEv2: true }
      yield* it.admin("New-TransportRule", rule)
      assert.deepStrictEqual(yield* states(yield* it.send(bob, params)), ["own", "clear"])
      yield* it.admin("Set-TransportRule", {
        Identity: "Clear",
        RemoveRMSAttachmentEncryption: true,
      })
      const id = yield* it.send(bob, params)
      assert.deepStrictEqual(yield* states(id), ["clear", "clear"])
      const bytes = (yield* it.blobs).get(`outside/nina@fabrikam.com/${id}/0`) ?? new Uint8Array()
      const files = decodeContent(bytes)?.attachments ?? []
      assert.deepStrictEqual(
        files.map((file) => Buffer.from(file.bytes).toString()),
        [secret, secret],
      )
    }),
  )

  it.effect(
    "[EXO-099] [MIP-168] an archive outside gets a clear copy, everybody else the encrypted one",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const archive = "archive@archive.example"
        yield* it.admin("New-TransportRule", {
          Name: "1 Archive",
          FromScope: "InOrganization",
          BlindCopyTo: [archive],
        })
        yield* it.admin("New-TransportRule", {
          Name: "2 Clear for the archive",
          SentTo: [archive],
          RemoveOMEv2: true,
        })
        const id = yield* it.send(alice, {
          to: ["bob@contoso.com", "zoe@outlook.com"],
          subject: "S",
          body: secret,
          protection: "encrypt-only",
        })
        assert.deepStrictEqual(yield* copiesOf(it, id), {
          [archive]: "none/plain",
          "bob@contoso.com": "encrypt-only/native",
          "zoe@outlook.com": "encrypt-only/native",
        })
        assert.strictEqual((yield* outsideText(it, archive, id)).body, secret)
        yield* it.allow(zoe, "open-message", { message: id })
      }),
  )

  it.effect("[EXO-092] an edited protected mail is closed again with the same rights", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-TransportRule", { Name: "Tag", PrependSubject: "[EXT] " })
      const to = ["nina@fabrikam.com"]
      const id = yield* it.send(alice, {
        to,
        subject: "S",
        body: secret,
        protection: "do-not-forward",
      })
      assert.isTrue((yield* outsideText(it, "nina@fabrikam.com", id)).isProtected)
      const opened = yield* it.allow(nina, "open-message", { message: id })
      assert.strictEqual(opened["subject"], "[EXT] S")
      yield* it.refuse(nina, "print-message", { message: id })
    }),
  )

  it.effect("[EXO-091] the keys decide: nothing leaves in clear when encryption fails", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("New-TransportRule", encryptOutside)
      yield* it.fault("tenant-key-unreachable")
      const params = { to: ["gus@gmail.com"], subject: "S", body: secret }
      assert.strictEqual((yield* it.refuse(alice, "send-mail", params)).name, "mail-flow")
      const { text } = yield* it.lastMail("alice@contoso.com")
      assert.notInclude(text, secret)
      assert.strictEqual((yield* it.mailbox("gus@gmail.com")).length, 0)
    }),
  )
})
