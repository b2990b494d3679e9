import { assert, describe, it } from "@effect/vitest"
import { days, hours } from "@twin/kernel"
import { evaluateAutomaticActivation, rmsServiceOf, templatesOf } from "@twin/mip"
import { Effect } from "effect"
import { actor, ivan, makeTenant, type Tenant, theMessage } from "../tenant.ts"

const alice = actor("alice")
const bob = actor("bob")
const secret = "The card is 4111 1111 1111 1111."
const state = (tenant: Tenant) =>
  Effect.map(tenant.world, (world) => rmsServiceOf(world).functionalState)

const buy = (on: string, more: object = {}) =>
  Effect.gen(function* () {
    const it = yield* makeTenant()
    if (Object.hasOwn(more, "updates")) {
      yield* it.admin("Set-IRMConfiguration", { AutomaticServiceUpdateEnabled: false })
    }
    const exchangeOnline = Object.hasOwn(more, "premises") ? { exchangeOnline: false } : {}
    yield* it.allow(ivan, "buy-rights-management", { on, ...exchangeOnline })
    return it
  })

describe("a subscription begins", () => {
  it("[MIP-001] [MIP-002] every combination of age, mail and updates", () => {
    for (const usesExchangeOnline of [true, false]) {
      for (const hasAutomaticUpdates of [true, false]) {
        const asked = (bought: "before-end-of-february-2018" | "since-end-of-february-2018") =>
          evaluateAutomaticActivation({ bought, usesExchangeOnline, hasAutomaticUpdates }).outcome
        assert.strictEqual(asked("since-end-of-february-2018"), "allow")
        assert.strictEqual(
          asked("before-end-of-february-2018"),
          usesExchangeOnline && hasAutomaticUpdates ? "allow" : "deny",
        )
      }
    }
  })

  it.effect("[MIP-002] an older one follows the IRM configuration, or waits for a cmdlet", () =>
    Effect.gen(function* () {
      const table: readonly (readonly [string, object, string])[] = [
        ["2018-02-27", {}, "Enabled"],
        ["2018-02-27", { updates: false }, "Disabled"],
        ["2018-02-27", { premises: true }, "Disabled"],
        ["2018-02-28", { updates: false }, "Enabled"],
        ["2018-02-28", { premises: true }, "Enabled"],
        ["2026-01-01", {}, "Enabled"],
      ]
      for (const [on, more, expected] of table) {
        assert.strictEqual(
          yield* state(yield* buy(on, more)),
          expected,
          `${on} ${JSON.stringify(more)}`,
        )
      }
      const waiting = yield* buy("2017-05-01", { premises: true })
      const defaults = Effect.map(
        waiting.world,
        (world) => templatesOf(world).filter(({ isReadOnly }) => isReadOnly).length,
      )
      assert.strictEqual(yield* defaults, 0, "no template before the first activation")
      yield* waiting.allow(ivan, "Connect-AipService", {})
      yield* waiting.allow(ivan, "Enable-AipService", {})
      assert.strictEqual(yield* state(waiting), "Enabled")
      assert.strictEqual(yield* defaults, 2)
      yield* waiting.allow(ivan, "Disable-AipService", {})
      assert.strictEqual(yield* defaults, 2, "they stay")
    }),
  )

  it.effect(
    "[MIP-004] servers on premises exclude message encryption until they are migrated",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const mail = { to: ["bob@contoso.com"], subject: "S", protection: "encrypt-only" }
        yield* it.allow(alice, "send-mail", mail)
        yield* it.allow(ivan, "set-ad-rms", { state: "deployed" })
        assert.strictEqual((yield* it.refuse(alice, "send-mail", mail)).name, "ad-rms")
        yield* it.allow(alice, "send-mail", { ...mail, protection: "none" })
        yield* it.allow(ivan, "set-ad-rms", { state: "migrated" })
        yield* it.allow(alice, "send-mail", mail)
      }),
  )
})

describe("Outlook on the web", () => {
  it.effect(
    "[MIP-016] a mailbox policy keeps its people from protecting there, and only there",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        const mail = { to: ["carol@contoso.com"], subject: "S", protection: "encrypt-only" }
        yield* it.admin("New-OwaMailboxPolicy", { Name: "No protection" })
        yield* it.admin("Set-CASMailbox", {
          Identity: "bob@contoso.com",
          OwaMailboxPolicy: "no protection",
        })
        yield* it.allow(bob, "send-mail", mail)
        yield* it.admin("Set-OwaMailboxPolicy", { Identity: "No Protection", IRMEnabled: false })
        assert.strictEqual((yield* it.refuse(bob, "send-mail", mail)).name, "owa-mailbox-policy")
        yield* it.allow(bob, "send-mail", { ...mail, protection: "none" })
        yield* it.allow(actor("bob", "outlook-desktop"), "send-mail", mail)
        yield* it.allow(alice, "send-mail", mail)
        const shown = yield* it.call(ivan, "Get-OwaMailboxPolicy", { Identity: "no protection" })
        assert.deepStrictEqual(shown.output, [
          { Name: "No protection", IRMEnabled: false, IsDefault: false },
        ])
        yield* it.admin("Set-OwaMailboxPolicy", { Identity: "No Protection", IRMEnabled: true })
        yield* it.allow(bob, "send-mail", mail)
        for (const [cmdlet, params, gate] of [
          ["Set-OwaMailboxPolicy", { Identity: "None", IRMEnabled: false }, "mailbox-policy"],
          [
            "Set-CASMailbox",
            { Identity: "bob@contoso.com", OwaMailboxPolicy: "None" },
            "mailbox-policy",
          ],
          [
            "Set-CASMailbox",
            { Identity: "gus@gmail.com", OwaMailboxPolicy: "No protection" },
            "mailbox",
          ],
        ] as const) {
          assert.strictEqual((yield* it.refuse(ivan, cmdlet, params)).name, gate)
        }
      }),
  )

  it.effect("[MIP-173] each switch of the IRM configuration does what it says", () =>
    Effect.gen(function* () {
      const refusals: readonly (readonly [string, string, object])[] = [
        ["AzureRMSLicensingEnabled", "irm-licensing", {}],
        ["InternalLicensingEnabled", "irm-licensing", {}],
        ["SimplifiedClientAccessEnabled", "protection-offered", {}],
      ]
      const mail = { to: ["bob@contoso.com"], subject: "S", protection: "encrypt-only" }
      for (const [setting, gate, more] of refusals) {
        const it = yield* makeTenant()
        yield* it.allow(alice, "send-mail", { ...mail, ...more })
        yield* it.admin("Set-IRMConfiguration", { [setting]: false })
        assert.strictEqual((yield* it.refuse(alice, "send-mail", mail)).name, gate, setting)
      }
      const hiding = [
        ["SimplifiedClientAccessEncryptOnlyDisabled", "encrypt-only"],
        ["SimplifiedClientAccessDoNotForwardDisabled", "do-not-forward"],
      ] as const
      for (const [setting, protection] of hiding) {
        const it = yield* makeTenant()
        yield* it.admin("Set-IRMConfiguration", { [setting]: true })
        const refused = yield* it.refuse(alice, "send-mail", { ...mail, protection })
        assert.strictEqual(refused.name, "protection-offered")
        const other = protection === "encrypt-only" ? "do-not-forward" : "encrypt-only"
        yield* it.allow(alice, "send-mail", { ...mail, protection: other })
      }
      const defaults = (yield* (yield* makeTenant()).call(ivan, "Get-IRMConfiguration", {})).output
      assert.include(defaults[0], {
        InternalLicensingEnabled: true,
        SearchEnabled: true,
        JournalReportDecryptionEnabled: true,
        TransportDecryptionSetting: "Optional",
        EDiscoverySuperUserEnabled: true,
        SimplifiedClientAccessEncryptOnlyDisabled: false,
        SimplifiedClientAccessDoNotForwardDisabled: false,
      })
    }),
  )
})

describe("discovery", () => {
  const manager = actor("judy", "browser", ["eDiscovery Manager"])

  it.effect("[MIP-074] [MIP-173] opens protected mail without anybody being super user", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const mail = { to: ["bob@contoso.com"], subject: "Case", body: secret }
      const plain = yield* it.send(alice, mail)
      const message = yield* it.send(alice, { ...mail, protection: "do-not-forward" })
      const read = (id: string) => it.allow(manager, "ediscovery-export", { message: id })
      assert.isEmpty(rmsServiceOf(yield* it.world).superUsers)
      const found = yield* read(message)
      assert.strictEqual(found["isDecrypted"], true)
      assert.strictEqual(found["sha256"], (yield* read(plain))["sha256"], "the text itself")
      assert.strictEqual(
        (yield* it.refuse(actor("judy"), "open-message", { message })).name,
        "addressed-to-reader",
      )
      assert.strictEqual((yield* it.refuse(bob, "ediscovery-export", { message })).name, "role")
      yield* it.admin("Set-IRMConfiguration", { EDiscoverySuperUserEnabled: false })
      const refused = yield* it.refuse(manager, "ediscovery-export", { message })
      assert.strictEqual(refused.name, "discovery-decryption")
      yield* read(plain)
      const none = yield* it.refuse(manager, "ediscovery-export", { message: "none" })
      assert.strictEqual(none.name, "message-exists")
    }),
  )
})

describe("content with a second key", () => {
  it.effect("[MIP-170] transport and discovery see the outer message only", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const url = "https://keys.contoso.com/Board"
      const judy = actor("judy", "powershell", ["Compliance Administrator"])
      yield* it.allow(judy, "configure-double-key-service", {
        url,
        authorizedEmailAddresses: ["alice@contoso.com", "bob@contoso.com"],
      })
      yield* it.allow(judy, "New-Label", {
        Name: "Board",
        DisplayName: "Board",
        Tooltip: "x",
        EncryptionEnabled: true,
        EncryptionProtectionType: "Template",
        EncryptionRightsDefinitions: "contoso.com:VIEW,REPLY",
        EncryptionDoubleKeyEncryptionUrl: url,
      })
      yield* it.allow(judy, "Set-LabelPolicy", { Identity: "Global", AddLabels: ["Board"] })
      const rule = (Name: string, more: object) =>
        it.admin("New-TransportRule", {
          Name,
          SetHeaderName: `X-${Name}`,
          SetHeaderValue: "y",
          ...more,
        })
      yield* rule("Body", { SubjectOrBodyContainsWords: ["card"] })
      yield* rule("Subject", { SubjectContainsWords: ["offer"] })
      const mail = { to: ["bob@contoso.com"], subject: "Our offer", body: secret }
      const hits = Effect.fnUntraced(function* (more: object) {
        const outlook = actor("alice", "outlook-desktop")
        const message = yield* it.send(outlook, { ...mail, ...more })
        const copy = theMessage(yield* it.world, message).copies[0]
        return { message, rules: copy?.rules.map((hit) => hit.rule) }
      })
      const plain = yield* hits({ label: "Confidential" })
      assert.deepStrictEqual(plain.rules, ["Body", "Subject"])
      const board = yield* hits({ label: "Board" })
      assert.deepStrictEqual(board.rules, ["Subject"])
      const manager = actor("judy", "browser", ["eDiscovery Manager"])
      yield* it.allow(manager, "ediscovery-export", { message: plain.message })
      const refused = yield* it.refuse(manager, "ediscovery-export", { message: board.message })
      assert.strictEqual(refused.name, "no-second-key")
    }),
  )
})

describe("templates in mail flow", () => {
  it.effect("[MIP-202] Exchange Online knows an edited template within the hour", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.allow(ivan, "Connect-AipService", {})
      yield* it.allow(ivan, "Add-AipServiceTemplate", {
        Names: { "1033": "Board" },
        Descriptions: { "1033": "The board" },
        RightsDefinitions: [{ EmailAddress: "bob@contoso.com", Rights: ["VIEW"] }],
        Status: "Published",
      })
      yield* it.admin("New-TransportRule", {
        Name: "Board",
        SubjectContainsWords: ["board"],
        ApplyRightsProtectionTemplate: "Board",
      })
      yield* it.wait(days(1))
      yield* it.fault("template-refresh-delay")
      yield* it.allow(ivan, "Set-AipServiceTemplateProperty", {
        TemplateId: "Board",
        Status: "Archived",
      })
      const send = it.call(alice, "send-mail", {
        to: ["bob@contoso.com"],
        subject: "board",
        body: secret,
      })
      assert.strictEqual((yield* send).decision.outcome, "allow")
      yield* it.wait(hours(1) - 1)
      assert.strictEqual((yield* send).decision.outcome, "allow")
      yield* it.wait(1)
      assert.strictEqual((yield* send).decision.outcome, "deny", "nothing leaves in clear")
    }),
  )
})

describe("labels and mail flow rules", () => {
  it.effect("[MIP-168] a rule applies Do Not Forward, and a template by its name", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const rule = (template: string) =>
        it.admin("New-TransportRule", {
          Name: template,
          SubjectContainsWords: [template.split(" ")[0]],
          ApplyRightsProtectionTemplate: template,
        })
      for (const template of ["Do Not Forward", "Confidential", "Encrypt"]) yield* rule(template)
      const kinds = { Do: "do-not-forward", Confidential: "template", Encrypt: "encrypt-only" }
      for (const [subject, kind] of Object.entries(kinds)) {
        const id = yield* it.send(alice, { to: ["bob@contoso.com"], subject, body: secret })
        assert.strictEqual(theMessage(yield* it.world, id).copies[0]?.protection.kind, kind)
      }
    }),
  )

  it.effect("[MIP-169] a rule tests a label by the header, and by properties of Office files", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const general = yield* it.call(ivan, "Get-Label", { Identity: "General" })
      const id = general.output[0]?.["Guid"] as string
      const rule = (Name: string, more: object) =>
        it.admin("New-TransportRule", {
          Name,
          SetHeaderName: `X-${Name}`,
          SetHeaderValue: "y",
          ...more,
        })
      yield* rule("Header", {
        HeaderContainsMessageHeader: "msip_labels",
        HeaderContainsWords: [`MSIP_Label_${id}_Enabled=True`],
      })
      yield* rule("File", {
        AttachmentPropertyContainsWords: [`MSIP_Label_${id}_Enabled:True`],
      })
      const hits = Effect.fnUntraced(function* (more: object) {
        const sent = yield* it.send(alice, { to: ["bob@contoso.com"], subject: "S", ...more })
        return theMessage(yield* it.world, sent).copies[0]?.rules.map((hit) => hit.rule)
      })
      assert.deepStrictEqual(yield* hits({}), [])
      assert.deepStrictEqual(yield* hits({ label: "General" }), ["Header"])
      const labelled = Effect.fnUntraced(function* (name: string) {
        const desktop = actor("alice", name.endsWith("pdf") ? "pdf-reader" : "office-desktop")
        yield* it.allow(desktop, "protect-document", { file: name, label: "General" })
        return { attachments: [{ name, document: name }] }
      })
      assert.deepStrictEqual(yield* hits(yield* labelled("a.docx")), ["File"])
      assert.deepStrictEqual(yield* hits(yield* labelled("a.pdf")), [])
    }),
  )
})
