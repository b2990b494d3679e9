import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { isEnvelope } from "@twin/crypto"
import { hours } from "@twin/kernel"
import { labelOf, protectionOf } from "@twin/mip"
import { Effect } from "effect"
import { decodeContent } from "../../src/index.ts"
import { actor, makeTenant, type Tenant, theMessage } from "../tenant.ts"

/* oxlint-disable no-template-curly-in-string -- variables of labels look like templates */

const alice = actor("alice", "outlook-desktop")
const gus = actor("gus@gmail.com")
const judy = actor("judy", "powershell", ["Compliance Administrator"])
const digest = (text: string): string => createHash("sha256").update(text).digest("hex")
const card = "Visa 4111 1111 1111 1111"

const setLabel = (tenant: Tenant, name: string, more: object) =>
  tenant.allow(judy, "Set-Label", { Identity: name, ...more })
const setPolicy = (tenant: Tenant, settings: object) =>
  tenant.allow(judy, "Set-LabelPolicy", { Identity: "Global", AdvancedSettings: settings })

const autoPolicy = (tenant: Tenant, label: string, more: object = {}) =>
  Effect.gen(function* () {
    yield* tenant.allow(judy, "New-AutoSensitivityLabelPolicy", {
      Name: "Cards",
      ApplySensitivityLabel: label,
      ExchangeLocation: ["All"],
      Mode: "TestWithoutNotifications",
      ...more,
    })
    yield* tenant.allow(judy, "New-AutoSensitivityLabelRule", {
      Name: "Cards rule",
      Policy: "Cards",
      Workload: "Exchange",
      ContentContainsSensitiveInformation: [{ name: "Credit Card Number", mincount: "1" }],
    })
    yield* tenant.wait(hours(12))
    yield* tenant.allow(judy, "Set-AutoSensitivityLabelPolicy", {
      Identity: "Cards",
      Mode: "Enable",
    })
  })

const copyOf = (tenant: Tenant, id: string) =>
  Effect.gen(function* () {
    const message = theMessage(yield* tenant.world, id)
    const [copy] = message.copies
    if (copy === undefined) return yield* Effect.die(new Error("no copy"))
    return copy
  })
const labelOn = (tenant: Tenant, id: string) =>
  Effect.gen(function* () {
    const { labelId } = (yield* copyOf(tenant, id)).protection
    return labelId === undefined ? undefined : labelOf(yield* tenant.world, labelId)?.name
  })
const bodyAt = (tenant: Tenant, objectId: string) =>
  Effect.map(tenant.unsealed(objectId), (bytes) => decodeContent(bytes ?? new Uint8Array())?.body)

const idOf = (result: { readonly output: readonly { readonly [key: string]: unknown }[] }) =>
  String(result.output[0]?.["id"])
const invite = (label: string) => ({
  to: ["bob@contoso.com"],
  subject: "Board",
  body: "Agenda",
  meeting: true,
  label,
})

describe("marks in mail", () => {
  it.effect(
    "[MIP-138] [MIP-140] Exchange puts header and footer in after the message is sent, and no watermark",
    () =>
      Effect.gen(function* () {
        const tenant = yield* makeTenant()
        yield* setLabel(tenant, "General", {
          ApplyContentMarkingHeaderEnabled: true,
          ApplyContentMarkingHeaderText:
            "${If.App.Outlook}Mail${If.End} of ${User.Name}: ${Item.Label}",
          ApplyContentMarkingFooterEnabled: true,
          ApplyContentMarkingFooterText: "Contoso",
          ApplyWaterMarkingEnabled: true,
          ApplyWaterMarkingText: "DRAFT",
        })
        const id = yield* tenant.send(alice, {
          to: ["bob@contoso.com"],
          subject: "Hi",
          body: "Hello",
          label: "General",
        })
        const message = theMessage(yield* tenant.world, id)
        assert.strictEqual(
          yield* bodyAt(tenant, message.sentItem ?? ""),
          "Hello",
          "the sender's own copy has none",
        )
        const delivered = message.copies[0]?.deliveries[0]?.storedAs ?? ""
        assert.strictEqual(
          yield* bodyAt(tenant, delivered),
          "Mail of alice: General\nHello\nContoso",
        )
      }),
  )

  it.effect(
    "[MIP-140] Outlook on a device encrypts at once; the marks come in below the encryption afterwards",
    () =>
      Effect.gen(function* () {
        const tenant = yield* makeTenant()
        yield* setLabel(tenant, "Confidential", {
          ApplyContentMarkingHeaderEnabled: true,
          ApplyContentMarkingHeaderText: "Confidential",
        })
        const id = yield* tenant.send(alice, {
          to: ["bob@contoso.com"],
          subject: "Hi",
          body: "Hello",
          label: "Confidential",
        })
        const message = theMessage(yield* tenant.world, id)
        assert.isTrue(
          isEnvelope((yield* tenant.unsealed(message.sentItem ?? "")) ?? new Uint8Array()),
        )
        const read = yield* tenant.allow(actor("bob", "outlook-desktop"), "open-message", {
          message: id,
        })
        assert.strictEqual(read["bodyDigest"], digest("Confidential\nHello"))
      }),
  )
})

describe("labels of a message", () => {
  it.effect(
    "[MIP-134] the highest label of the attachments comes on, or is recommended; off by default",
    () =>
      Effect.gen(function* () {
        const tenant = yield* makeTenant()
        const office = actor("alice", "office-desktop")
        yield* tenant.allow(office, "protect-document", {
          file: "low.docx",
          content: "a",
          label: "General",
        })
        yield* tenant.allow(office, "protect-document", {
          file: "high.docx",
          content: "b",
          label: "Confidential",
        })
        const attachments = ["low.docx", "high.docx"].map((name) => ({ name, document: name }))
        const send = () =>
          tenant.call(alice, "send-mail", {
            to: ["bob@contoso.com"],
            subject: "Files",
            body: "x",
            attachments,
          })
        assert.isUndefined(yield* labelOn(tenant, idOf(yield* send())))
        yield* setPolicy(tenant, { AttachmentAction: "Recommended" })
        const recommended = yield* send()
        assert.isUndefined(yield* labelOn(tenant, idOf(recommended)))
        assert.match(recommended.warnings.join(), /'Confidential': it is recommended/)
        yield* setPolicy(tenant, { AttachmentAction: "Automatic" })
        assert.strictEqual(yield* labelOn(tenant, idOf(yield* send())), "Confidential")
        const chosen = yield* tenant.call(alice, "send-mail", {
          to: ["bob@contoso.com"],
          subject: "Files",
          body: "x",
          attachments,
          label: "General",
        })
        assert.strictEqual(yield* labelOn(tenant, idOf(chosen)), "General", "a choice stays")
      }),
  )

  it.effect(
    "[MIP-131] [MIP-132] [MIP-133] mail has a default of its own, and a mandatory label is asked for on sending",
    () =>
      Effect.gen(function* () {
        const tenant = yield* makeTenant()
        const send = () =>
          tenant.call(alice, "send-mail", { to: ["bob@contoso.com"], subject: "Hi", body: "x" })
        yield* setPolicy(tenant, { mandatory: "True" })
        const refused = yield* tenant.refuse(alice, "send-mail", {
          to: ["bob@contoso.com"],
          subject: "Hi",
          body: "x",
        })
        assert.strictEqual(refused.name, "mandatory-label")
        yield* setPolicy(tenant, { DisableMandatoryInOutlook: "True" })
        assert.strictEqual((yield* send()).decision.outcome, "allow")
        yield* setPolicy(tenant, { defaultlabelid: "Confidential", OutlookDefaultLabel: "General" })
        assert.strictEqual(yield* labelOn(tenant, idOf(yield* send())), "General")
        yield* setPolicy(tenant, { OutlookDefaultLabel: "None" })
        assert.isUndefined(yield* labelOn(tenant, idOf(yield* send())))
      }),
  )

  it.effect(
    "[MIP-106] an invitation takes labels whose scope has meetings; marks and encryption then act as in mail",
    () =>
      Effect.gen(function* () {
        const tenant = yield* makeTenant()
        const refused = yield* tenant.refuse(alice, "send-mail", invite("Confidential"))
        assert.strictEqual(refused.name, "label-in-scope")
        const wrong = yield* tenant.refuse(judy, "Set-Label", {
          Identity: "Confidential",
          ContentType: "File, Teamwork",
        })
        assert.strictEqual(wrong.name, "label-scope")
        yield* setLabel(tenant, "Confidential", {
          ContentType: "File, Email, Teamwork",
          ApplyContentMarkingHeaderEnabled: true,
          ApplyContentMarkingHeaderText: "Confidential",
        })
        const id = yield* tenant.send(alice, invite("Confidential"))
        assert.isDefined((yield* copyOf(tenant, id)).protection.contentId)
        const read = yield* tenant.allow(actor("bob", "outlook-desktop"), "open-message", {
          message: id,
        })
        assert.strictEqual(read["bodyDigest"], digest("Confidential\nAgenda"))
        const reply = yield* tenant.call(actor("bob", "outlook-desktop"), "reply-message", {
          message: id,
          body: "Yes",
        })
        assert.strictEqual(reply.decision.outcome, "allow")
      }),
  )
})

describe("automatic labels on mail", () => {
  it.effect(
    "[MIP-143] [MIP-149] body and attachments are looked at, the subject is not; only the message gets the label",
    () =>
      Effect.gen(function* () {
        const tenant = yield* makeTenant()
        yield* autoPolicy(tenant, "Confidential")
        const send = (more: object) =>
          tenant.send(alice, { to: ["bob@contoso.com"], subject: "Hi", body: "x", ...more })
        assert.strictEqual(yield* labelOn(tenant, yield* send({ body: card })), "Confidential")
        assert.isUndefined(yield* labelOn(tenant, yield* send({ subject: card })))
        const attached = (name: string) => ({ attachments: [{ name, content: card }] })
        const withFile = yield* send(attached("cards.docx"))
        assert.strictEqual(yield* labelOn(tenant, withFile), "Confidential")
        assert.strictEqual((yield* copyOf(tenant, withFile)).attachments[0]?.state, "inherited")
        const withPdf = yield* send(attached("cards.pdf"))
        assert.strictEqual(yield* labelOn(tenant, withPdf), "Confidential")
        assert.strictEqual((yield* copyOf(tenant, withPdf)).attachments[0]?.state, "clear")
        yield* tenant.admin("Set-IRMConfiguration", { EnablePdfEncryption: true })
        assert.strictEqual(
          (yield* copyOf(tenant, yield* send(attached("cards.pdf")))).attachments[0]?.state,
          "inherited",
        )
        assert.isUndefined(yield* labelOn(tenant, yield* send(attached("cards.zip"))))
      }),
  )

  it.effect(
    "[MIP-148] the sender owns the protection; mail from outside is encrypted only where an owner is named",
    () =>
      Effect.gen(function* () {
        const tenant = yield* makeTenant()
        yield* autoPolicy(tenant, "Confidential")
        const own = yield* tenant.send(alice, {
          to: ["bob@contoso.com"],
          subject: "Hi",
          body: card,
        })
        const issuerOf = (id: string) =>
          Effect.gen(function* () {
            const { contentId } = (yield* copyOf(tenant, id)).protection
            return contentId === undefined
              ? undefined
              : protectionOf(yield* tenant.world, contentId)?.issuer
          })
        assert.strictEqual(yield* issuerOf(own), "alice@contoso.com")
        const incoming = yield* tenant.send(gus, {
          to: ["bob@contoso.com"],
          subject: "Hi",
          body: card,
        })
        assert.strictEqual(yield* labelOn(tenant, incoming), "Confidential")
        assert.isUndefined(yield* issuerOf(incoming))
        yield* tenant.allow(judy, "Set-AutoSensitivityLabelPolicy", {
          Identity: "Cards",
          ExternalMailRightsManagementOwner: "carol@contoso.com",
        })
        const owned = yield* tenant.send(gus, {
          to: ["bob@contoso.com"],
          subject: "Hi",
          body: card,
        })
        assert.strictEqual(yield* issuerOf(owned), "carol@contoso.com")
      }),
  )

  it.effect(
    "[MIP-149] a label by hand stays, a lower default is replaced, OverwriteLabel replaces all",
    () =>
      Effect.gen(function* () {
        const tenant = yield* makeTenant()
        yield* autoPolicy(tenant, "Confidential")
        const send = (more: object) =>
          tenant.send(alice, { to: ["bob@contoso.com"], subject: "Hi", body: card, ...more })
        assert.strictEqual(yield* labelOn(tenant, yield* send({ label: "General" })), "General")
        yield* setPolicy(tenant, { defaultlabelid: "General" })
        assert.strictEqual(yield* labelOn(tenant, yield* send({})), "Confidential")
        assert.strictEqual(
          yield* labelOn(tenant, yield* send({ label: "Recipients Only" })),
          "Recipients Only",
        )
        yield* tenant.allow(judy, "Set-AutoSensitivityLabelPolicy", {
          Identity: "Cards",
          OverwriteLabel: true,
        })
        assert.strictEqual(
          yield* labelOn(tenant, yield* send({ label: "General" })),
          "Confidential",
        )
        assert.strictEqual(
          yield* labelOn(tenant, yield* send({ label: "Recipients Only" })),
          "Confidential",
        )
      }),
  )

  it.effect(
    "[MIP-150] a label that encrypts wins over a rule that would; one that does not leaves the rule to it",
    () =>
      Effect.gen(function* () {
        const tenant = yield* makeTenant()
        yield* tenant.admin("New-TransportRule", {
          Name: "Encrypt all",
          From: ["alice@contoso.com"],
          ApplyRightsProtectionTemplate: "Do Not Forward",
        })
        yield* autoPolicy(tenant, "Confidential")
        const send = (more: object = {}) =>
          tenant.send(alice, { to: ["bob@contoso.com"], subject: "Hi", body: card, ...more })
        const both = (yield* copyOf(tenant, yield* send())).protection
        assert.deepInclude(both, { kind: "template" })
        assert.isDefined(both.labelId)
        const over = yield* send({ protection: "do-not-forward" })
        assert.deepInclude(
          (yield* copyOf(tenant, over)).protection,
          { kind: "template" },
          "protected without a label before",
        )
        yield* tenant.allow(judy, "Set-AutoSensitivityLabelPolicy", {
          Identity: "Cards",
          ApplySensitivityLabel: "General",
        })
        const plain = yield* send()
        assert.strictEqual(yield* labelOn(tenant, plain), "General")
        assert.strictEqual((yield* copyOf(tenant, plain)).protection.kind, "do-not-forward")
      }),
  )

  it.effect("[MIP-141] what a service labels in mail has the marks", () =>
    Effect.gen(function* () {
      const tenant = yield* makeTenant()
      yield* setLabel(tenant, "General", {
        ApplyContentMarkingFooterEnabled: true,
        ApplyContentMarkingFooterText: "General",
      })
      yield* autoPolicy(tenant, "General")
      const id = yield* tenant.send(alice, { to: ["bob@contoso.com"], subject: "Hi", body: card })
      const delivered = (yield* copyOf(tenant, id)).deliveries[0]?.storedAs ?? ""
      assert.strictEqual(yield* bodyAt(tenant, delivered), `${card}\nGeneral`)
    }),
  )

  it.effect("[MIP-110] a policy for mail alone may use a label that lets people decide", () =>
    Effect.gen(function* () {
      const tenant = yield* makeTenant()
      const files = yield* tenant.refuse(judy, "New-AutoSensitivityLabelPolicy", {
        Name: "Files",
        ApplySensitivityLabel: "Recipients Only",
        ExchangeLocation: ["All"],
        SharePointLocation: ["All"],
        Mode: "TestWithoutNotifications",
      })
      assert.strictEqual(files.name, "auto-label-target")
      yield* autoPolicy(tenant, "Recipients Only")
      const id = yield* tenant.send(alice, { to: ["bob@contoso.com"], subject: "Hi", body: card })
      assert.strictEqual((yield* copyOf(tenant, id)).protection.kind, "encrypt-only")
    }),
  )
})
