import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { actor, heidi, ivan, makeTenant, type Tenant } from "../tenant.ts"

const test = { Sender: "alice@contoso.com", Recipient: ["bob@contoso.com"] }

const results = (it: Tenant, params: object = test) =>
  Effect.map(it.admin("Test-IRMConfiguration", params), (row) => row["Results"] as string)

describe("Get- and Set-IRMConfiguration", () => {
  it.effect("[EXO-013] [EXO-017] there is one object with its documented defaults", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const { output } = yield* it.call(heidi, "Get-IRMConfiguration", {})
      assert.strictEqual(output.length, 1)
      assert.include(output[0], {
        Identity: "ControlPoint Configuration",
        InternalLicensingEnabled: true,
        ExternalLicensingEnabled: false,
        AzureRMSLicensingEnabled: true,
        TransportDecryptionSetting: "Optional",
        JournalReportDecryptionEnabled: true,
        SimplifiedClientAccessEnabled: true,
        SearchEnabled: true,
        EDiscoverySuperUserEnabled: true,
        DecryptAttachmentForEncryptOnly: false,
        EnablePdfEncryption: false,
        AutomaticServiceUpdateEnabled: true,
        RejectIfRecipientHasNoRights: false,
        EnablePortalTrackingLogs: false,
      })
    }),
  )

  it.effect("[EXO-013] the identity may be left out, or be the only one there is", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const cmdlet = "Set-IRMConfiguration"
      yield* it.admin(cmdlet, { SearchEnabled: false })
      const named = { Identity: "controlpoint configuration", SearchEnabled: true }
      yield* it.admin(cmdlet, named)
      const wrong = yield* it.refuse(heidi, cmdlet, { Identity: "Mine", SearchEnabled: true })
      assert.strictEqual(wrong.name, "irm-configuration")
    }),
  )

  it.effect("[EXO-016] switching licensing asks first, unless forced; anything else does not", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const warnings = (params: object) =>
        Effect.map(it.call(heidi, "Set-IRMConfiguration", params), (result) => result.warnings)
      assert.match((yield* warnings({ InternalLicensingEnabled: false }))[0] ?? "", /confirmation/)
      assert.deepStrictEqual(yield* warnings({ InternalLicensingEnabled: true, Force: true }), [])
      assert.deepStrictEqual(yield* warnings({ EnablePdfEncryption: true }), [])
      assert.match((yield* warnings({ EnablePdfEncryption: true }))[0] ?? "", /no settings/)
    }),
  )

  it.effect("[EXO-017] [EXO-030] parameters of servers on premises are unknown here", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      for (const name of ["ExternalLicensingEnabled", "ClientAccessServerEnabled"]) {
        const exit = yield* Effect.exit(it.call(heidi, "Set-IRMConfiguration", { [name]: true }))
        assert.strictEqual(exit._tag, "Failure")
      }
    }),
  )

  it.effect("[EXO-181] a change is an admin's record; without role there is no such cmdlet", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.admin("Set-IRMConfiguration", { EnablePdfEncryption: true })
      const [record] = yield* it.audit
      assert.include(record, {
        RecordType: 1,
        Operation: "Set-IRMConfiguration",
        UserId: "heidi@contoso.com",
      })
      const gate = yield* it.refuse(actor("alice"), "Set-IRMConfiguration", {})
      assert.strictEqual(gate.name, "role")
      assert.strictEqual(gate.refusal?.code, "CommandNotFoundException")
      const none = { EnablePdfEncryption: false, WhatIf: true }
      assert.match((yield* it.admin("Set-IRMConfiguration", none))["WhatIf"] as string, /^What if:/)
      const after = yield* it.admin("Get-IRMConfiguration", {})
      assert.strictEqual(after["EnablePdfEncryption"], true)
    }),
  )
})

describe("Test-IRMConfiguration", () => {
  it.effect(
    "[EXO-031] [EXO-033] [MIP-174] [MIP-195] a healthy tenant passes step by step, with real encryption",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant()
        assert.strictEqual(
          yield* results(it),
          [
            "Acquiring RMS Templates ...",
            "  - PASS: RMS Templates acquired.  Templates available: Confidential, Contoso  - Confidential \\ All Employees, Contoso  - Highly Confidential \\ All Employees, Encrypt, Do Not Forward.",
            "Verifying encryption ...",
            "  - PASS: Encryption verified successfully.",
            "Verifying decryption ...",
            "  - PASS: Decryption verified successfully.",
            "Verifying IRM is enabled ...",
            "  - PASS: IRM verified successfully.",
            "",
            "OVERALL RESULT: PASS",
          ].join("\n"),
        )
        assert.include(
          yield* results(it, { ...test, Recipient: ["gus@gmail.com"] }),
          "RESULT: PASS",
        )
      }),
  )

  it.effect(
    "[EXO-014] [EXO-015] [EXO-034] [MIP-173] [MIP-174] it fails where licensing is off, and passes again after",
    () =>
      Effect.gen(function* () {
        const off = yield* makeTenant()
        yield* off.allow(ivan, "Connect-AipService", {})
        yield* off.allow(ivan, "Disable-AipService", {})
        assert.include(yield* results(off), "OVERALL RESULT: FAIL")
        for (const name of ["AzureRMSLicensingEnabled", "InternalLicensingEnabled"]) {
          const it = yield* makeTenant()
          yield* it.admin("Set-IRMConfiguration", { [name]: false })
          const text = yield* results(it)
          assert.include(text, "FAIL: Failed to acquire RMS templates")
          assert.include(text, "FAIL: IRM is disabled.")
          assert.include(text, "OVERALL RESULT: FAIL")
          assert.deepStrictEqual((yield* it.call(heidi, "Get-RMSTemplate", {})).output, [])
          yield* it.admin("Set-IRMConfiguration", { [name]: true })
          assert.include(yield* results(it), "OVERALL RESULT: PASS")
        }
      }),
  )

  it.effect("[EXO-018] [EXO-034] the address of Azure RMS has to be the first", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const set = (...LicensingLocation: string[]) =>
        it.admin("Set-IRMConfiguration", { LicensingLocation })
      const azure = "https://c0000000.rms.na.aadrm.com/_wmcs/licensing"
      yield* set("https://rms.contoso.com/_wmcs/licensing", azure)
      assert.include(yield* results(it), "OVERALL RESULT: FAIL")
      yield* set(azure, "https://rms.contoso.com/_wmcs/licensing")
      assert.include(yield* results(it), "OVERALL RESULT: PASS")
    }),
  )

  it.effect("[EXO-031] a key that cannot be reached shows in the step that needs it", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      yield* it.fault("tenant-key-unreachable")
      const text = yield* results(it)
      assert.include(text, "PASS: RMS Templates acquired")
      assert.include(text, "FAIL: Failed to encrypt")
      assert.include(text, "OVERALL RESULT: FAIL")
    }),
  )

  it.effect("[EXO-032] the recipient is needed today and was not in 2019", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      const only = { Sender: "alice@contoso.com" }
      assert.strictEqual(
        (yield* it.refuse(heidi, "Test-IRMConfiguration", only)).name,
        "test-parameters",
      )
      const then = yield* makeTenant({ start: Date.UTC(2019, 5, 1) })
      assert.include(yield* results(then, only), "OVERALL RESULT: PASS")
      const ghost = { Sender: "nobody@contoso.com", Recipient: ["bob@contoso.com"] }
      yield* it.refuse(ivan, "Test-IRMConfiguration", ghost)
    }),
  )
})
