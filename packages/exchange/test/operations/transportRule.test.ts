import { assert, describe, it } from "@effect/vitest"
import { days, isoOf } from "@twin/kernel"
import { Effect } from "effect"
import { actor, heidi, makeTenant, type Tenant } from "../tenant.ts"

const cmdlet = "New-TransportRule"
const make = (it: Tenant, Name: string, more: object = {}) => it.admin(cmdlet, { Name, ...more })

const namesOf = (it: Tenant) =>
  Effect.map(it.call(heidi, "Get-TransportRule", {}), ({ output }) =>
    output.map((row) => `${row["Priority"] as number} ${row["Name"] as string}`),
  )

describe("mail flow rules by cmdlet", () => {
  it.effect("[EXO-105] a rule goes to the end, or to its place, and moves the later ones", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* make(it, "a")
      yield* make(it, "b")
      yield* make(it, "c", { Priority: 0 })
      assert.deepStrictEqual(yield* namesOf(it), ["0 c", "1 a", "2 b"])
      yield* it.admin("Set-TransportRule", { Identity: "b", Priority: 0 })
      assert.deepStrictEqual(yield* namesOf(it), ["0 b", "1 c", "2 a"])
      yield* it.admin("Remove-TransportRule", { Identity: "c" })
      assert.deepStrictEqual(yield* namesOf(it), ["0 b", "1 a"])
      for (const Priority of [-1, 3]) {
        assert.strictEqual(
          (yield* it.refuse(heidi, cmdlet, { Name: "d", Priority })).name,
          "rule-priority",
        )
      }
      yield* make(it, "d", { Priority: 2 })
      const beyond = { Identity: "d", Priority: 3 }
      assert.strictEqual(
        (yield* it.refuse(heidi, "Set-TransportRule", beyond)).name,
        "rule-priority",
      )
    }),
  )

  it.effect(
    "[EXO-110] [EXO-107] defaults: enabled, enforced, ignoring errors, looking at the header",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        yield* make(it, "a", { SentToScope: "NotInOrganization" })
        assert.include(yield* it.admin("Get-TransportRule", { Identity: "A" }), {
          State: "Enabled",
          Mode: "Enforce",
          RuleErrorAction: "Ignore",
          SenderAddressLocation: "Header",
          RecipientAddressType: "Resolved",
          StopRuleProcessing: false,
          SentToScope: "NotInOrganization",
        })
        yield* it.admin("Disable-TransportRule", { Identity: "a" })
        assert.include(yield* it.admin("Get-TransportRule", { Identity: "a" }), {
          State: "Disabled",
        })
        yield* it.admin("Enable-TransportRule", { Identity: "a" })
        const { output } = yield* it.call(heidi, "Get-TransportRule", { State: "Disabled" })
        assert.deepStrictEqual(output, [])
      }),
  )

  it.effect("[EXO-111] names are unique and at most 64 characters long", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* make(it, "a".repeat(64))
      for (const Name of ["a".repeat(65), "A".repeat(64)]) {
        assert.strictEqual((yield* it.refuse(heidi, cmdlet, { Name })).name, "rule-name")
      }
      const long = { Name: "b", Comments: "x".repeat(1025) }
      assert.strictEqual((yield* it.refuse(heidi, cmdlet, long)).name, "rule-limits")
      yield* make(it, "b", { Comments: "x".repeat(1024) })
      const large = {
        Name: "c",
        SubjectContainsWords: Array.from({ length: 100 }, (_, index) =>
          `${index}`.padStart(100, "x"),
        ),
      }
      assert.strictEqual((yield* it.refuse(heidi, cmdlet, large)).name, "rule-limits")
      const missing = yield* it.refuse(heidi, "Set-TransportRule", { Identity: "nothing" })
      assert.strictEqual(missing.name, "rule-name")
    }),
  )

  it.effect("[EXO-113] patterns, dates and pairs are read before anything is stored", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const wrong = [
        { SubjectMatchesPatterns: ["("] },
        { ExceptIfSubjectMatchesPatterns: ["[a-"] },
        { ActivationDate: "soon" },
        { MessageSizeOver: "many" },
        { HeaderContainsWords: ["x"] },
        { ExceptIfHeaderMatchesMessageHeader: "x" },
        { SetHeaderName: "X" },
      ]
      for (const more of wrong) {
        assert.strictEqual(
          (yield* it.refuse(heidi, cmdlet, { Name: "a", ...more })).name,
          "rule-values",
          JSON.stringify(more),
        )
      }
      yield* make(it, "a", { SubjectMatchesPatterns: ["(a|b)"], MessageSizeOver: "1 MB" })
      const failing = Effect.exit(it.call(heidi, cmdlet, { Name: "b", FromScope: "Everywhere" }))
      assert.strictEqual((yield* failing)._tag, "Failure")
    }),
  )

  it.effect("[EXO-128] [EXO-137] [EXO-100] actions that do not go together are refused", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const rows = [
        ["attachment-removal", { RemoveRMSAttachmentEncryption: true }],
        ["rejection-code", { RejectMessageEnhancedStatusCode: "5.7.2" }],
        ["blind-copy-recipients", { BlindCopyTo: ["finance@contoso.com"] }],
        ["rights-template", { ApplyRightsProtectionTemplate: "No such template" }],
        ["branding-template", { ApplyRightsProtectionCustomizationTemplate: "No such brand" }],
        ["legacy-encryption", { RemoveOME: true }],
      ] as const
      for (const [gate, more] of rows) {
        assert.strictEqual((yield* it.refuse(heidi, cmdlet, { Name: "a", ...more })).name, gate)
      }
      yield* make(it, "a", { RemoveRMSAttachmentEncryption: true, RemoveOMEv2: true })
      yield* make(it, "b", { RejectMessageEnhancedStatusCode: "5.7.950" })
      yield* make(it, "c", { BlindCopyTo: ["bob@contoso.com"] })
      yield* make(it, "d", { ApplyRightsProtectionTemplate: "confidential" })
    }),
  )

  it.effect("[EXO-015] a rule that protects is refused while licensing is off", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("Set-IRMConfiguration", { InternalLicensingEnabled: false })
      const params = { Name: "a", ApplyRightsProtectionTemplate: "Encrypt" }
      assert.strictEqual((yield* it.refuse(heidi, cmdlet, params)).name, "rights-template")
      yield* it.admin("Set-IRMConfiguration", { InternalLicensingEnabled: true })
      yield* it.admin(cmdlet, params)
    }),
  )

  it.effect("[EXO-123] data classifications are no condition of the cloud service", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const params = { Name: "a", MessageContainsDataClassifications: ["Credit Card Number"] }
      assert.strictEqual((yield* Effect.exit(it.call(heidi, cmdlet, params)))._tag, "Failure")
    }),
  )

  it.effect("[EXO-112] dates bound the time in which a rule acts", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const start = (yield* it.now) + days(1)
      yield* make(it, "a", {
        ActivationDate: isoOf(start),
        ExpiryDate: isoOf(start + days(1)),
        RejectMessageReasonText: "not now",
      })
      const mail = { to: ["bob@contoso.com"], subject: "S" }
      const alice = actor("alice")
      yield* it.allow(alice, "send-mail", mail)
      yield* it.wait(days(1))
      yield* it.refuse(alice, "send-mail", mail)
      yield* it.wait(days(1))
      yield* it.allow(alice, "send-mail", mail)
      assert.strictEqual(
        (yield* it.admin("Get-TransportRule", { Identity: "a" }))["ExpiryDate"],
        isoOf(start + days(1)),
      )
    }),
  )

  it.effect("nothing at all takes a condition away", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* make(it, "a", { SubjectContainsWords: ["x"], PrependSubject: "!" })
      yield* it.admin("Set-TransportRule", { Identity: "a", SubjectContainsWords: null, Name: "b" })
      const row = yield* it.admin("Get-TransportRule", { Identity: "b" })
      assert.isUndefined(row["SubjectContainsWords"])
      assert.strictEqual(row["PrependSubject"], "!")
    }),
  )
})
