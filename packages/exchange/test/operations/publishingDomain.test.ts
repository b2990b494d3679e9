import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { baseline, heidi, makeTenant, type Tenant } from "../tenant.ts"

const in2016 = Date.UTC(2016, 8, 15, 8)
const location = "https://sp-rms.na.aadrm.com/TenantManagement/ServicePartner.svc"
const share = { RMSOnlineKeySharingLocation: location }
const bring = { RMSOnline: true, Name: "RMS Online" }
const importing = "Import-RMSTrustedPublishingDomain"
const switching = { InternalLicensingEnabled: true, Force: true }

const overall = (it: Tenant) =>
  Effect.map(it.admin("Test-IRMConfiguration", { Sender: "alice@contoso.com" }), (row) =>
    (row["Results"] as string).split("\n").at(-1),
  )
const templates = (it: Tenant) =>
  Effect.map(it.call(heidi, "Get-RMSTemplate", {}), ({ output }) => output.length)

const rule = (ApplyRightsProtectionTemplate: string) => ({
  Name: "Offers",
  SubjectContainsWords: ["offer"],
  ApplyRightsProtectionTemplate,
})

/** A tenant whose active key is the customer's own. */
const ownKey: typeof baseline = {
  ...baseline,
  crypto: {
    ...baseline.crypto,
    tenantKeys: {
      ...baseline.crypto.tenantKeys,
      brought: [
        {
          identifier: "11111111-1111-4111-8111-111111111111",
          keyId: "https://contoso.vault.azure.net/keys/rms/1",
          url: "https://contoso.vault.azure.net/keys/rms/1",
          createdAt: in2016,
        },
      ],
      activeIdentifier: "11111111-1111-4111-8111-111111111111",
    },
  },
}

describe("Exchange Online and rights management in 2016", () => {
  it.effect("[MIP-262] [EXO-037] location, import, licensing, and the test passes", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant({ start: in2016 })
      assert.strictEqual(yield* overall(it), "OVERALL RESULT: FAIL")
      assert.strictEqual(yield* templates(it), 0)
      yield* it.admin("Set-IRMConfiguration", share)
      const made = yield* it.admin(importing, bring)
      assert.strictEqual(made["Name"], "RMS Online - 1")
      assert.strictEqual(yield* overall(it), "OVERALL RESULT: FAIL", "licensing is still off")
      yield* it.admin("Set-IRMConfiguration", switching)
      assert.strictEqual(yield* overall(it), "OVERALL RESULT: PASS")
      assert.isAbove(yield* templates(it), 0)
      assert.strictEqual((yield* it.admin(importing, bring))["Name"], "RMS Online - 2")
    }),
  )

  it.effect("[MIP-262] no step works before the one in front of it", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant({ start: in2016 })
      assert.strictEqual(
        (yield* it.refuse(heidi, "Set-IRMConfiguration", switching)).name,
        "rights-keys-shared",
      )
      assert.strictEqual((yield* it.refuse(heidi, importing, bring)).name, "key-sharing-location")
      for (const RMSOnlineKeySharingLocation of [
        "https://sp-rms.mars.aadrm.com/TenantManagement/ServicePartner.svc",
        "https://evil.example/?https://sp-rms.na.aadrm.com/TenantManagement/ServicePartner.svc",
      ]) {
        yield* it.admin("Set-IRMConfiguration", { RMSOnlineKeySharingLocation })
        assert.strictEqual((yield* it.refuse(heidi, importing, bring)).name, "key-sharing-location")
      }
      yield* it.admin("Set-IRMConfiguration", share)
      assert.strictEqual(
        (yield* it.refuse(heidi, importing, { Name: "RMS Online" })).name,
        "import-needed",
      )
    }),
  )

  it.effect(
    "[MIP-262] a key of the customer's own cannot be imported, and IRM stays unavailable",
    () =>
      Effect.gen(function* () {
        const it = yield* makeTenant({ start: in2016, world: ownKey })
        yield* it.admin("Set-IRMConfiguration", share)
        const refused = yield* it.refuse(heidi, importing, bring)
        assert.strictEqual(refused.name, "tenant-key-exportable")
        assert.include(
          refused.refusal?.message ?? "",
          "FailureCategory=Cmdlet-FailedToGetTrustedPublishingDomainFromRmsOnlineException",
        )
        assert.strictEqual(yield* templates(it), 0)
      }),
  )

  it.effect("[MIP-262] today the service shares its keys by itself", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant()
      assert.isAbove(yield* templates(it), 0)
      yield* it.admin("Set-IRMConfiguration", share)
      assert.strictEqual((yield* it.refuse(heidi, importing, bring)).name, "import-needed")
    }),
  )

  it.effect("[MIP-261] one action of a mail flow rule applies a template of the organization", () =>
    Effect.gen(function* () {
      const it = yield* makeTenant({ start: in2016 })
      assert.notStrictEqual(
        (yield* it.call(heidi, "New-TransportRule", rule("Confidential"))).decision.outcome,
        "allow",
      )
      yield* it.admin("Set-IRMConfiguration", share)
      yield* it.admin(importing, bring)
      yield* it.admin("Set-IRMConfiguration", switching)
      yield* it.admin("New-TransportRule", rule("Confidential"))
      const alice = { ...heidi, id: "alice@contoso.com", roles: [] }
      const client = { ...alice.client, app: "outlook-desktop" as const }
      const sent = (subject: string) =>
        Effect.map(
          it.send(
            { ...alice, client },
            { to: ["bob@contoso.com"], subject, body: "The offer is 49." },
          ),
          (id) => id,
        )
      const id = yield* sent("Our offer")
      const world = yield* it.world
      const kinds = Object.values(
        [...world.mip.protections].map(([, it2]) => `${it2.name}: ${it2.kind}`),
      )
      assert.deepStrictEqual(kinds, ["Our offer: template"])
      assert.isString(id)
      yield* sent("Lunch")
      assert.lengthOf([...(yield* it.world).mip.protections], 1)
    }),
  )
})
