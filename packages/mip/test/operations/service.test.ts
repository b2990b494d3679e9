import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import {
  isSuperUser,
  ledgerOf,
  requestLimit,
  requestsWithin,
  rmsServiceOf,
  serviceRequestsOf,
} from "../../src/index.ts"
import { fault, setService } from "../asking.ts"
import { actor, group, groupIdOf, joins, member, start, userIdOf } from "../world.ts"
import { admin, call, ivan, type Sim, simulate } from "./stage.ts"

const connected = (sim: Sim) => Effect.as(call(sim, ivan, "Connect-AipService"), sim)
const begin = (...events: Parameters<typeof simulate>[0] & object[]) =>
  Effect.flatMap(simulate(events), connected)
const carol = actor("carol@contoso.com", "powershell")
const add = "Add-AipServiceRoleBasedAdministrator"

describe("administrators of the service", () => {
  it.effect("[MIP-010] an account or a group administers, by id, name or address", () =>
    Effect.gen(function* () {
      const sim = yield* begin(
        group("Delegates", { mail: "", mailEnabled: false }),
        group("List", { securityEnabled: false }),
        joins("Delegates", userIdOf("carol")),
      )
      assert.strictEqual((yield* call(sim, carol, "Connect-AipService")).verdict, "deny by role")
      const named = { SecurityGroupDisplayName: "delegates" }
      assert.strictEqual((yield* call(sim, ivan, add, named)).decision.outcome, "allow")
      yield* call(sim, carol, "Connect-AipService")
      assert.strictEqual((yield* call(sim, carol, "Get-AipService")).decision.outcome, "allow")
      const list = yield* call(sim, ivan, "Get-AipServiceRoleBasedAdministrator")
      assert.deepStrictEqual(list.output, [
        {
          ObjectId: groupIdOf("Delegates"),
          DisplayName: "Delegates",
          EmailAddress: null,
          Role: "GlobalAdministrator",
        },
      ])
      yield* call(sim, ivan, "Remove-AipServiceRoleBasedAdministrator", {
        ObjectId: groupIdOf("Delegates"),
      })
      assert.strictEqual((yield* call(sim, carol, "Get-AipService")).verdict, "deny by role")
      for (const params of [
        { ObjectId: userIdOf("carol") },
        { EmailAddress: "Carol@contoso.com" },
      ]) {
        assert.strictEqual((yield* call(sim, ivan, add, params)).decision.outcome, "allow")
        assert.strictEqual((yield* call(sim, carol, "Get-AipService")).decision.outcome, "allow")
        yield* call(sim, ivan, "Clear-AipServiceRoleBasedAdministrator", { Force: true })
        assert.isEmpty(ledgerOf(yield* sim.world).administrators)
      }
      const refusals = {
        "administrator-named": [{}, { ObjectId: userIdOf("bob"), EmailAddress: "bob@contoso.com" }],
        "administrator-known": [
          { EmailAddress: "list@contoso.com" },
          { EmailAddress: "nobody@contoso.com" },
          { ObjectId: "bob@contoso.com" },
        ],
      }
      for (const [gate, tries] of Object.entries(refusals)) {
        for (const params of tries) {
          assert.strictEqual((yield* call(sim, ivan, add, params)).verdict, `deny by ${gate}`)
        }
      }
      assert.isEmpty(ledgerOf(yield* sim.world).administrators, "a refusal changes nothing")
      assert.strictEqual(
        (yield* call(sim, ivan, "Remove-AipServiceRoleBasedAdministrator", {
          ObjectId: userIdOf("carol"),
        })).verdict,
        "deny by administrator-listed",
      )
    }),
  )

  it.effect("[MIP-010] [MIP-072] an administrator of connectors puts servers on the list", () =>
    Effect.gen(function* () {
      const sim = yield* begin(member("exchange-servers"))
      yield* call(sim, ivan, add, {
        EmailAddress: "carol@contoso.com",
        Role: "ConnectorAdministrator",
      })
      yield* call(sim, carol, "Connect-AipService")
      for (const cmdlet of ["Get-AipService", "Disable-AipService", add]) {
        assert.strictEqual((yield* call(sim, carol, cmdlet)).verdict, "deny by role")
      }
      const authorize = (account: string, role: string) =>
        call(sim, carol, "authorize-connector-server", { account, role })
      const isOne = Effect.map(sim.world, (world) =>
        isSuperUser(world, "exchange-servers@contoso.com", start),
      )
      assert.strictEqual(rmsServiceOf(yield* sim.world).superUserFeature, "Disabled")
      yield* authorize("files@contoso.com", "FCI")
      yield* authorize("sharepoint@contoso.com", "SharePoint")
      assert.strictEqual(rmsServiceOf(yield* sim.world).superUserFeature, "Disabled")
      assert.isFalse(yield* isOne)
      yield* authorize("exchange-servers@contoso.com", "Exchange")
      assert.strictEqual(rmsServiceOf(yield* sim.world).superUserFeature, "Enabled")
      assert.deepStrictEqual(rmsServiceOf(yield* sim.world).superUsers, [
        "exchange-servers@contoso.com",
      ])
      assert.isTrue(yield* isOne)
      assert.strictEqual((yield* authorize("a b", "Exchange")).verdict, "deny by server-account")
      const list = yield* call(sim, carol, "list-connector-servers")
      assert.strictEqual(list.output.length, 3)
    }),
  )
})

describe("subscription and premises", () => {
  it.effect("[MIP-008] the tenant key is handed out before the end, not after", () =>
    Effect.gen(function* () {
      const sim = yield* begin()
      yield* call(sim, "alice@contoso.com", "protect-document", {
        file: "plan.docx",
        label: "Confidential",
      })
      const early = yield* call(sim, ivan, "Disable-AipService")
      assert.strictEqual(early.warnings.length, 1)
      yield* call(sim, ivan, "Enable-AipService")
      const exported = yield* call(sim, ivan, "export-trusted-publishing-domain")
      assert.strictEqual(exported.decision.outcome, "allow")
      assert.notMatch(JSON.stringify(exported), /PRIVATE KEY|"d":/, "no key bytes come out")
      assert.isEmpty((yield* call(sim, ivan, "Disable-AipService")).warnings)
      yield* call(sim, ivan, "Enable-AipService")
      yield* call(sim, ivan, "end-rights-subscription")
      assert.strictEqual(
        (yield* call(sim, ivan, "export-trusted-publishing-domain")).verdict,
        "deny by subscription-active",
      )
      yield* sim.advance(days(90))
      const bob = yield* call(sim, "bob@contoso.com", "open-document", { file: "plan.docx" })
      assert.strictEqual(bob.decision.outcome, "allow", "content still opens")
      const wish = { file: "new.docx", label: "Confidential" }
      const refused = yield* call(sim, "alice@contoso.com", "protect-document", wish)
      assert.strictEqual(refused.verdict, "deny by subscription")
      yield* call(sim, ivan, "end-rights-subscription", { renew: true })
      assert.strictEqual(
        (yield* call(sim, "alice@contoso.com", "protect-document", wish)).decision.outcome,
        "allow",
      )
    }),
  )

  it.effect("[MIP-004] servers on premises are migrated before the cloud service goes on", () =>
    Effect.gen(function* () {
      const sim = yield* begin()
      assert.isEmpty((yield* call(sim, ivan, "Enable-AipService")).warnings)
      yield* call(sim, ivan, "set-ad-rms", { state: "deployed" })
      assert.strictEqual((yield* call(sim, ivan, "Enable-AipService")).warnings.length, 1)
      yield* call(sim, ivan, "set-ad-rms", { state: "migrated" })
      assert.isEmpty((yield* call(sim, ivan, "Enable-AipService")).warnings)
    }),
  )
})

const burst = (count: number, at: number) => ({
  _tag: "ServiceRequested" as const,
  request: {
    at,
    requestType: "AcquireLicense" as const,
    userId: "script@contoso.com",
    result: "Success",
    count,
  },
})

describe("requests", () => {
  it.effect("[MIP-017] more than 7,500 requests in ten seconds are turned away with 429", () =>
    Effect.gen(function* () {
      const sim = yield* begin()
      const alice = "alice@contoso.com"
      yield* call(sim, alice, "protect-document", { file: "plan.docx", label: "Confidential" })
      const before = requestsWithin(yield* sim.world, start)
      yield* sim.establish("a script", [burst(requestLimit - before - 1, start)])
      const open = (freshDevice = true) =>
        call(sim, "bob@contoso.com", "open-document", { file: "plan.docx", freshDevice })
      assert.strictEqual((yield* open()).decision.outcome, "allow", "the last one that fits")
      const refused = yield* open()
      assert.strictEqual(refused.verdict, "deny by request-limit")
      assert.strictEqual(refused.code, "429")
      assert.strictEqual((yield* open(false)).decision.outcome, "allow", "a licence asks nobody")
      const mobile = yield* call(sim, actor(alice, "office-mobile"), "protect-document", {
        file: "other.docx",
        label: "Confidential",
      })
      assert.strictEqual(mobile.verdict, "deny by publishing-certificate")
      assert.strictEqual(mobile.code, "429")
      yield* sim.advance(10_000)
      assert.strictEqual((yield* open()).decision.outcome, "allow", "ten seconds later")
    }),
  )

  it.effect("[MIP-023] [MIP-029] a device is initialized once for a person, a phone never", () =>
    Effect.gen(function* () {
      const sim = yield* begin()
      const types = Effect.map(sim.world, (world) =>
        serviceRequestsOf(world).map((it) => `${it.userId.split("@")[0]} ${it.requestType}`),
      )
      yield* call(sim, "alice@contoso.com", "protect-document", { file: "a.docx", label: "Deal" })
      assert.isEmpty(yield* types, "a refused wish reaches nobody")
      const wish = { file: "a.docx", label: "Confidential" }
      yield* call(sim, "alice@contoso.com", "protect-document", wish)
      yield* call(sim, "alice@contoso.com", "protect-document", { ...wish, file: "b.docx" })
      assert.deepStrictEqual(yield* types, [
        "alice Certify",
        "alice GetClientLicensorCert",
        "alice AcquireTemplates",
      ])
      const open = (app: "office-desktop" | "office-mobile", freshDevice = false) =>
        call(sim, actor("bob@contoso.com", app), "open-document", { file: "a.docx", freshDevice })
      yield* open("office-mobile")
      yield* open("office-mobile")
      yield* open("office-desktop")
      yield* open("office-desktop")
      yield* open("office-desktop", true)
      yield* call(sim, actor("bob@contoso.com"), "open-document", { file: "b.docx" })
      assert.deepStrictEqual((yield* types).slice(3), [
        "bob FECreateEndUserLicenseV1",
        "bob FECreateEndUserLicenseV1",
        "bob Certify",
        "bob GetClientLicensorCert",
        "bob AcquireTemplates",
        "bob AcquireLicense",
        "bob Certify",
        "bob GetClientLicensorCert",
        "bob AcquireTemplates",
        "bob AcquireLicense",
        "bob AcquireLicense",
      ])
    }),
  )

  it.effect("[MIP-026] [MIP-029] offline only an initialized device publishes", () =>
    Effect.gen(function* () {
      const sim = yield* begin(setService({}))
      const alice = "alice@contoso.com"
      const protect = (file: string, app: "office-desktop" | "office-mobile" = "office-desktop") =>
        Effect.map(
          call(sim, actor(alice, app), "protect-document", { file, label: "Confidential" }),
          ({ verdict }) => verdict,
        )
      yield* sim.establish("offline", [fault("rights-management-unreachable")])
      assert.strictEqual(yield* protect("a.docx"), "deny by publishing-certificate")
      yield* sim.establish("online", [fault("rights-management-unreachable", false)])
      assert.strictEqual(yield* protect("a.docx"), "allow by keys-for-protecting")
      yield* sim.establish("offline", [fault("rights-management-unreachable")])
      assert.strictEqual(yield* protect("b.docx"), "allow by keys-for-protecting")
      assert.strictEqual(
        yield* protect("c.docx", "office-mobile"),
        "deny by publishing-certificate",
      )
      yield* sim.advance(days(31))
      assert.strictEqual(yield* protect("d.docx"), "deny by publishing-certificate")
      const elsewhere = { ...admin("bob"), client: actor(alice, "office-desktop").client }
      const bob = yield* call(sim, elsewhere, "protect-document", {
        file: "e.docx",
        label: "Confidential",
      })
      assert.strictEqual(bob.verdict, "deny by publishing-certificate")
    }),
  )
})
