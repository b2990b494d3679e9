import { assert, describe, it } from "@effect/vitest"
import { type Decision, days, decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import { adminLogOf, isSuperUser, rmsServiceOf, sdkErrorOf, templateOf } from "../../src/index.ts"
import { actor, contosoId, fabrikamId, group, groupIdOf, guest, labels, start } from "../world.ts"
import { admin, call, ivan, judy, type Sim, simulate } from "./stage.ts"

const connected = (sim: Sim) => Effect.as(call(sim, ivan, "Connect-AipService"), sim)

const group_ = (name: string) => ({ SecurityGroupObjectId: groupIdOf(name) })

describe("sessions", () => {
  it.effect("[MIP-009] every cmdlet of the module needs a session, an own account and a role", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([guest("nina@fabrikam.com")])
      assert.strictEqual(
        (yield* call(sim, ivan, "Get-AipService")).verdict,
        "deny by aip-service-session",
      )
      yield* call(sim, ivan, "Disable-AipService")
      assert.isEmpty(adminLogOf(yield* sim.world), "the service never saw the attempt")
      assert.strictEqual(rmsServiceOf(yield* sim.world).functionalState, "Enabled")
      assert.strictEqual(
        (yield* call(sim, actor("alice@contoso.com"), "Connect-AipService")).verdict,
        "deny by role",
      )
      const outsider = { ...ivan, id: "nina@fabrikam.com" }
      assert.strictEqual(
        (yield* call(sim, outsider, "Connect-AipService")).verdict,
        "deny by own-work-account",
      )
      for (const role of [
        "Global Administrator",
        "Azure Information Protection Administrator",
        "Compliance Administrator",
        "Compliance Data Administrator",
      ]) {
        const who = admin("ivan", role)
        assert.strictEqual((yield* call(sim, who, "Connect-AipService")).decision.outcome, "allow")
        assert.strictEqual((yield* call(sim, who, "Get-AipService")).decision.outcome, "allow")
        yield* call(sim, who, "Disconnect-AipService")
        assert.strictEqual((yield* call(sim, who, "Get-AipService")).decision.outcome, "deny")
      }
      const named = (TenantId: string) =>
        Effect.map(call(sim, ivan, "Connect-AipService", { TenantId }), ({ verdict }) => verdict)
      assert.strictEqual(yield* named(fabrikamId), "deny by own-tenant")
      assert.strictEqual(yield* named(contosoId.toUpperCase()), "allow by own-tenant")
      assert.strictEqual(
        (yield* call(sim, judy, "Get-AipService")).verdict,
        "deny by aip-service-session",
        "one administrator's session is not another's",
      )
    }),
  )
})

describe("the service", () => {
  it.effect("[MIP-001] [MIP-003] is on from the start, and goes off and on by cmdlet only", () =>
    Effect.gen(function* () {
      const sim = yield* Effect.flatMap(simulate(), connected)
      const state = Effect.map(
        call(sim, ivan, "Get-AipService"),
        ({ output }) => output[0]?.["Value"],
      )
      assert.strictEqual(yield* state, "Enabled")
      yield* call(sim, ivan, "Disable-AipService")
      assert.strictEqual(yield* state, "Disabled")
      yield* call(sim, ivan, "Enable-AipService")
      assert.strictEqual(yield* state, "Enabled")
      const shown = yield* call(sim, ivan, "Get-AipServiceConfiguration")
      const row = shown.output[0] ?? {}
      assert.include(row, {
        BPOSId: contosoId,
        RightsManagementServiceId: contosoId,
        FunctionalState: "Enabled",
        IPCv3FunctionalState: "Enabled",
        SuperUsersEnabled: "Disabled",
        DocumentTrackingFeatureState: "Enabled",
        KeyRolloverCount: 0,
        FciEnabledForConnectorAuthorization: false,
      })
      for (const name of ["Licensing", "Certification"]) {
        for (const net of ["Intranet", "Extranet"]) {
          assert.match(row[`${name}${net}DistributionPointUrl`] as string, /aadrm\.com\/_wmcs\//)
        }
      }
      assert.isTrue(Array.isArray(row["Keys"]) && row["Keys"].length === 1)
      assert.isTrue(Array.isArray(row["Templates"]) && row["Templates"].length >= 2)
    }),
  )

  it.effect(
    "[MIP-012] [MIP-013] the onboarding policy takes one security group, and replaces itself",
    () =>
      Effect.gen(function* () {
        const sim = yield* Effect.flatMap(
          simulate([
            group("Plain", { mail: "", mailEnabled: false }),
            group("List", { securityEnabled: false }),
          ]),
          connected,
        )
        const set = (params: object) =>
          call(sim, ivan, "Set-AipServiceOnboardingControlPolicy", {
            UseRmsUserLicense: false,
            ...params,
          })
        const first = yield* set(group_("Plain"))
        assert.strictEqual(first.decision.outcome, "allow")
        assert.strictEqual(first.warnings.length, 1, "it asks")
        assert.isEmpty((yield* set({ ...group_("Plain"), Force: true })).warnings)
        assert.strictEqual((yield* set(group_("List"))).verdict, "deny by onboarding-group")
        assert.strictEqual(
          (yield* set({ SecurityGroupObjectId: "alice@contoso.com" })).verdict,
          "deny by onboarding-group",
        )
        const shown = yield* call(sim, ivan, "Get-AipServiceOnboardingControlPolicy")
        assert.deepStrictEqual(shown.output, [
          { UseRmsUserLicense: false, SecurityGroupObjectId: groupIdOf("Plain"), Scope: "All" },
        ])
        yield* set({})
        assert.isUndefined(rmsServiceOf(yield* sim.world).onboarding.securityGroupObjectId)
      }),
  )

  it.effect("[MIP-077] the days of a use licence: 30 at first, 0 to 65535", () =>
    Effect.gen(function* () {
      const sim = yield* Effect.flatMap(simulate(), connected)
      const shown = Effect.map(
        call(sim, ivan, "Get-AipServiceMaxUseLicenseValidityTime"),
        ({ output }) => output[0]?.["Value"],
      )
      assert.strictEqual(yield* shown, 30)
      const set = (value: number) =>
        sim.call(ivan, "Set-AipServiceMaxUseLicenseValidityTime", {
          MaxUseLicenseValidityTime: value,
        })
      yield* set(0)
      assert.strictEqual(yield* shown, 0)
      for (const value of [-1, 65536, 1.5]) {
        assert.strictEqual((yield* Effect.flip(set(value)))._tag, "ParametersInvalid")
      }
      assert.strictEqual(yield* shown, 0)
    }),
  )

  it.effect("[MIP-073] changes stand in the administration log, refused attempts too", () =>
    Effect.gen(function* () {
      const sim = yield* Effect.flatMap(simulate(), connected)
      yield* call(sim, ivan, "Enable-AipServiceSuperUserFeature")
      yield* call(sim, ivan, "Add-AipServiceSuperUser", { EmailAddress: "nobody@contoso.com" })
      const log = yield* call(sim, ivan, "Get-AipServiceAdminLog", { Path: "log.txt" })
      assert.deepStrictEqual(
        log.output.map(({ Line }) => Line),
        [
          "2026-09-01T08:00:00.000Z ivan@contoso.com SetSuperUserFeatureState -state Enabled Passed True",
          "2026-09-01T08:00:00.000Z ivan@contoso.com AddSuperUser -id nobody@contoso.com Passed False",
        ],
      )
      const lines = (more: object) =>
        Effect.map(
          call(sim, ivan, "Get-AipServiceAdminLog", { Path: "log.txt", ...more }),
          ({ output, verdict }) => (verdict.startsWith("allow") ? output.length : verdict),
        )
      assert.strictEqual(
        yield* lines({ FromTime: "09/01/2026 0:00:00", ToTime: "09/30/2026 23:59:59" }),
        2,
      )
      assert.strictEqual(yield* lines({ FromTime: "2026-09-02" }), 0)
      assert.strictEqual(yield* lines({ ToTime: "8/31/2026" }), 0)
      assert.strictEqual(yield* lines({ FromTime: "yesterday" }), "deny by time-range")
      assert.strictEqual(yield* lines({ ToTime: "13/45/2026" }), "deny by time-range")
    }),
  )
})

describe("super users", () => {
  it.effect(
    "[MIP-068] [MIP-069] the list can be filled while the feature is off; it acts once it is on",
    () =>
      Effect.gen(function* () {
        const sim = yield* Effect.flatMap(simulate(), connected)
        const isOne = Effect.map(sim.world, (world) => isSuperUser(world, "bob@contoso.com", start))
        yield* call(sim, ivan, "Add-AipServiceSuperUser", { EmailAddress: "bob@contoso.com" })
        assert.isFalse(yield* isOne)
        yield* call(sim, ivan, "Enable-AipServiceSuperUserFeature")
        assert.isTrue(yield* isOne)
        yield* call(sim, ivan, "Remove-AipServiceSuperUser", { EmailAddress: "bob@contoso.com" })
        assert.isFalse(yield* isOne)
        const none = yield* call(sim, ivan, "Add-AipServiceSuperUser")
        assert.strictEqual(none.verdict, "deny by super-user-account")
        yield* call(sim, ivan, "Add-AipServiceSuperUser", { ServicePrincipalId: "app-1" })
        const list = yield* call(sim, ivan, "Get-AipServiceSuperUser")
        assert.match(JSON.stringify(list.output[0]?.["Value"]), /^"app-1@.*aadrm\.com"$/)
      }),
  )

  it.effect("[MIP-070] one mail-enabled group, replaced by the next", () =>
    Effect.gen(function* () {
      const sim = yield* Effect.flatMap(
        simulate([group("Bare", { mail: "", mailEnabled: false })]),
        connected,
      )
      const set = (address: string) =>
        call(sim, ivan, "Set-AipServiceSuperUserGroup", { GroupEmailAddress: address })
      assert.strictEqual((yield* set("finance@contoso.com")).decision.outcome, "allow")
      yield* set("partners@contoso.com")
      assert.strictEqual(rmsServiceOf(yield* sim.world).superUserGroup, "partners@contoso.com")
      assert.strictEqual((yield* set("Bare")).verdict, "deny by mail-enabled-group")
      assert.strictEqual((yield* set("none@contoso.com")).verdict, "deny by mail-enabled-group")
      yield* call(sim, ivan, "Clear-AipServiceSuperUserGroup")
      assert.isUndefined(rmsServiceOf(yield* sim.world).superUserGroup)
    }),
  )
})

describe("templates", () => {
  const names = { Names: { "1033": "Board" }, Descriptions: { "1033": "The board" } }
  const definition = { EmailAddress: "finance@contoso.com", Rights: ["VIEW", "EDIT"] }

  it.effect("[MIP-198] a template is made of names, rights, expiry and licence days", () =>
    Effect.gen(function* () {
      const sim = yield* Effect.flatMap(simulate(), connected)
      const made = yield* call(sim, ivan, "New-AipServiceRightsDefinition", definition)
      const add = (more: object) =>
        Effect.map(
          call(sim, ivan, "Add-AipServiceTemplate", {
            ...names,
            RightsDefinitions: made.output,
            Status: "Published",
            ...more,
          }),
          ({ verdict }) => verdict,
        )
      assert.strictEqual(yield* add({}), "allow by template-limits")
      assert.strictEqual(templateOf(yield* sim.world, "Board")?.licenceValidityDays, -1)
      assert.strictEqual(yield* add({ Names: { "1033": "A/B" } }), "deny by template-names")
      assert.strictEqual(yield* add({ Names: { "1031": "B" } }), "deny by template-names")
      assert.strictEqual(yield* add({ Names: { "1033": " " } }), "deny by template-names")
      assert.strictEqual(yield* add({ RightsDefinitions: [] }), "deny by template-rights")
      assert.strictEqual(
        yield* add({ ContentExpirationOption: "OnDate" }),
        "deny by template-limits",
      )
      assert.strictEqual(yield* add({ LicenseValidityDuration: 10000 }), "deny by template-limits")
    }),
  )

  it.effect(
    "[MIP-048] [MIP-067] any authenticated user is no rights definition, the owner is one",
    () =>
      Effect.gen(function* () {
        const sim = yield* Effect.flatMap(simulate(), connected)
        const make = (params: object) =>
          Effect.map(
            call(sim, ivan, "New-AipServiceRightsDefinition", { Rights: ["VIEW"], ...params }),
            ({ decision }) => decision.outcome,
          )
        assert.strictEqual(yield* make({ EmailAddress: "AuthenticatedUsers" }), "deny")
        assert.strictEqual(yield* make({ EmailAddress: "IPC_USER_ID_OWNER" }), "allow")
        assert.strictEqual(yield* make({ DomainName: "fabrikam.com" }), "allow")
        assert.strictEqual(yield* make({}), "deny")
        assert.strictEqual(yield* make({ DomainName: "fabrikam.com", Rights: ["READ"] }), "deny")
      }),
  )

  it.effect("[MIP-200] [MIP-201] custom templates can be removed, a label's own cannot", () =>
    Effect.gen(function* () {
      const sim = yield* Effect.flatMap(simulate(), connected)
      yield* call(sim, ivan, "Add-AipServiceTemplate", {
        ...names,
        RightsDefinitions: [definition],
      })
      const remove = (id: string) =>
        Effect.map(
          call(sim, ivan, "Remove-AipServiceTemplate", { TemplateId: id }),
          ({ verdict }) => verdict,
        )
      assert.strictEqual(yield* remove("Board"), "allow by template-editable")
      assert.isUndefined(templateOf(yield* sim.world, "Board"))
      assert.strictEqual(yield* remove("Board"), "deny by template-known")
      assert.strictEqual(yield* remove("Confidential"), "deny by template-editable")
      const shown = yield* call(sim, ivan, "Get-AipServiceTemplate")
      const own = shown.output.filter(({ ReadOnly }) => ReadOnly === false)
      assert.deepStrictEqual(
        own.map(({ TemplateId }) => TemplateId as string).toSorted(),
        labels.flatMap(({ encryption }) => encryption?.templateId ?? []).toSorted(),
      )
    }),
  )
})

const isOff = ({ decision }: { readonly decision: Decision }) => {
  assert.deepStrictEqual(sdkErrorOf(decision), { type: "ServiceDisabledError", extent: "Tenant" })
  assert.match(decidingGate(decision).refusal?.message ?? "", /Extent: Tenant/)
}

describe("a service that is off", () => {
  it.effect(
    "[MIP-006] refuses to protect and to open, for the whole tenant; who holds a licence opens until it ends",
    () =>
      Effect.gen(function* () {
        const sim = yield* Effect.flatMap(simulate(), connected)
        const bob = actor("bob@contoso.com")
        const protect = (file: string, wish: object) =>
          call(sim, actor("alice@contoso.com"), "protect-document", { file, content: "x", ...wish })
        const open = (who: string) =>
          call(sim, who === "bob@contoso.com" ? bob : actor(who), "open-document", {
            file: "a.docx",
          })
        yield* call(sim, judy, "Set-Label", {
          Identity: "Confidential",
          EncryptionOfflineAccessDays: 7,
        })
        yield* protect("a.docx", { label: "Confidential" })
        assert.strictEqual((yield* open("bob@contoso.com")).decision.outcome, "allow")
        yield* call(sim, ivan, "Disable-AipService")
        isOff(yield* protect("b.docx", { label: "Confidential" }))
        isOff(yield* protect("c.docx", { to: ["bob@contoso.com"] }))
        assert.strictEqual(
          (yield* protect("d.docx", { label: "General" })).decision.outcome,
          "allow",
          "nothing to encrypt",
        )
        isOff(yield* open("carol@contoso.com"))
        yield* sim.advance(days(6))
        assert.strictEqual((yield* open("bob@contoso.com")).decision.outcome, "allow")
        yield* sim.advance(days(2))
        isOff(yield* open("bob@contoso.com"))
        yield* call(sim, ivan, "Enable-AipService")
        for (const who of ["bob@contoso.com", "carol@contoso.com"]) {
          assert.strictEqual((yield* open(who)).decision.outcome, "allow", who)
        }
      }),
  )
})
