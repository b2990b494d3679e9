import { generateKeyPairSync } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { type CryptoServices, type CryptoWorld, sealAtRest, servicePrincipals } from "@twin/crypto"
import { type Actor, days, makeSimulation, type OutputObject, seededBytes } from "@twin/kernel"
import { Context, Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { evaluateServiceProcessing, localDocumentOf } from "../../src/index.ts"
import { warmServices } from "../makeStage.ts"
import { baseline, composition, start, type WorldEvent } from "../world.ts"
import { admin, call, ivan, judy, type Sim, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
const carol = "carol@contoso.com"
const heidi = admin("heidi", "Exchange Administrator")
const { Exchange, RightsManagement } = servicePrincipals
const yes = "allow by application-enforces"
const noKey = "deny by tenant-key"

const textOf = (row: OutputObject | undefined, name: string): string => {
  const value = row?.[name]
  return typeof value === "string" ? value : ""
}
const allowed = (sim: Sim, who: Actor | string, name: string, params: object = {}) =>
  Effect.map(call(sim, who, name, params), ({ decision, verdict, output }) => {
    assert.strictEqual(decision.outcome, "allow", `${name}: ${verdict}`)
    return output
  })
const verdictOf = (sim: Sim, who: Actor | string, name: string, params: object) =>
  Effect.map(call(sim, who, name, params), ({ verdict }) => verdict)
const grant = (sim: Sim, VaultName: string, principal: string, keys: readonly string[]) =>
  allowed(sim, ivan, "Set-AzKeyVaultAccessPolicy", {
    VaultName,
    ServicePrincipalName: principal,
    PermissionsToKeys: keys,
  })
const makeVault = Effect.fnUntraced(function* (sim: Sim, Name: string, SubscriptionId: string) {
  yield* allowed(sim, ivan, "New-AzKeyVault", {
    Name,
    Location: "westeurope",
    SubscriptionId,
    Sku: "Premium",
  })
  const key = { VaultName: Name, Name: "root", Destination: "HSM" }
  const [row] = yield* allowed(sim, ivan, "Add-AzKeyVaultKey", key)
  return textOf(row, "Id")
})
const rekeyTo = Effect.fnUntraced(function* (sim: Sim, KeyVaultKeyUrl: string) {
  const [row] = yield* allowed(sim, ivan, "Use-AipServiceKeyVaultKey", { KeyVaultKeyUrl })
  const KeyIdentifier = textOf(row, "KeyIdentifier")
  yield* allowed(sim, ivan, "Set-AipServiceKeyProperties", { KeyIdentifier, Active: true })
  return KeyIdentifier
})
const protect = (sim: Sim, file: string) =>
  allowed(sim, alice, "protect-document", { file, content: "x", to: [carol], level: "Viewer" })
const opens = (sim: Sim, file: string) =>
  verdictOf(sim, carol, "open-document", { file, freshDevice: true })

describe("a copy of the tenant key", () => {
  it.effect(
    "[MIP-236] support hands out Microsoft's key after weeks of checking, a brought one never",
    () =>
      Effect.gen(function* () {
        const sim = yield* simulate()
        yield* allowed(sim, ivan, "Connect-AipService")
        yield* protect(sim, "plan.docx")
        const url = yield* makeVault(sim, "contoso-byok", "s")
        yield* grant(sim, "contoso-byok", RightsManagement, ["get", "decrypt", "sign"])
        const brought = yield* rekeyTo(sim, url)
        const [own] = yield* allowed(sim, ivan, "Get-AipServiceKeys")
        const KeyIdentifier = textOf(own, "KeyIdentifier")
        const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
        const PublicKey = publicKey.export({ type: "spki", format: "pem" })
        const collect = { KeyIdentifier, PublicKey }
        const collected = verdictOf(sim, ivan, "collect-tenant-key-export", collect)
        assert.strictEqual(yield* collected, "deny by export-verification")
        const asked = { KeyIdentifier }
        const denied = yield* verdictOf(sim, carol, "request-tenant-key-export", asked)
        assert.strictEqual(denied, "deny by role")
        yield* allowed(sim, ivan, "request-tenant-key-export", asked)
        yield* sim.advance(days(20))
        assert.strictEqual(yield* collected, "deny by export-verification")
        yield* sim.advance(days(1))
        const [copy] = yield* allowed(sim, ivan, "collect-tenant-key-export", collect)
        assert.isAbove(Number(copy?.["bytes"]), 1000)
        for (const name of ["request-tenant-key-export", "collect-tenant-key-export"]) {
          const refused = yield* call(sim, ivan, name, {
            KeyIdentifier: brought,
            ...(name.startsWith("collect") ? { PublicKey } : {}),
          })
          assert.strictEqual(refused.verdict, "deny by exportable-key")
          assert.strictEqual(refused.code, "ExportNotSupported")
        }
        assert.notInclude(JSON.stringify(yield* sim.records), "PRIVATE KEY")
      }),
  )
})

/** A tenant with Customer Key for mail and a key of its own for rights management. */
const withBoth = Effect.fnUntraced(function* (isSameKey: boolean) {
  const services = yield* warmServices
  const context = Context.add(
    services.context,
    SecureRandom.SecureRandom,
    SecureRandom.make(seededBytes("both")),
  ) as Context.Context<CryptoServices>
  const initial = baseline
  const sim: Sim = yield* makeSimulation({
    composition: { ...composition, initial },
    seed: "both",
    // The very services: what is stored outside a call has to lie where calls look.
    services: { ...services, copy: Effect.succeed(services) },
    start,
  })
  yield* allowed(sim, ivan, "Connect-AipService")
  const roots: string[] = []
  for (const [vault, subscription] of [
    ["contoso-ck-a1", "subscription-1"],
    ["contoso-ck-b1", "subscription-2"],
  ] as const) {
    roots.push(yield* makeVault(sim, vault, subscription))
    for (const principal of Object.values(servicePrincipals)) {
      yield* grant(sim, vault, principal, ["get", "wrapKey", "unwrapKey"])
    }
    yield* allowed(sim, ivan, "Register-AzProviderFeature", {
      FeatureName: "mandatoryRetentionPeriodEnabled",
      ProviderNamespace: "Microsoft.Resources",
      SubscriptionId: subscription,
    })
    yield* allowed(sim, ivan, "request-mandatory-retention", { subscription })
    yield* sim.advance(days(7))
    yield* allowed(sim, ivan, "Register-AzResourceProvider", {
      ProviderNamespace: "Microsoft.KeyVault",
      SubscriptionId: subscription,
    })
  }
  yield* allowed(sim, ivan, "New-CustomerKeyOnboardingRequest", {
    Organization: "contoso.com",
    Scenario: "EXO",
    Subscription1: "subscription-1",
    KeyIdentifier1: roots[0],
    Subscription2: "subscription-2",
    KeyIdentifier2: roots[1],
    OnboardingMode: "Enable",
  })
  yield* allowed(sim, heidi, "New-DataEncryptionPolicy", { Name: "Mail", AzureKeyIDs: roots })
  const mail = { workload: "Exchange", container: alice, objectId: "mail" } as const
  const world: CryptoWorld = yield* sim.world
  const plaintext = Buffer.from("The offer is 4.2 million.")
  const sealed: readonly WorldEvent[] = yield* Effect.provideContext(
    sealAtRest(world, { ...mail, plaintext }),
    context,
  )
  yield* sim.establish("a mail", sealed)
  yield* allowed(sim, heidi, "Set-Mailbox", { Identity: alice, DataEncryptionPolicy: "Mail" })
  const tenantKeyVault = isSameKey ? "contoso-ck-a1" : "contoso-byok"
  const url = isSameKey ? (roots[0] ?? "") : yield* makeVault(sim, tenantKeyVault, "s")
  yield* grant(sim, tenantKeyVault, RightsManagement, ["get", "decrypt", "sign"])
  yield* rekeyTo(sim, url)
  yield* protect(sim, "plan.docx")
  const revoke = (VaultName: string, principal: string) =>
    allowed(sim, ivan, "Remove-AzKeyVaultAccessPolicy", {
      VaultName,
      ServicePrincipalName: principal,
    })
  const readsMail = Effect.map(
    call(sim, ivan, "inspect-stored-bytes", { object: "mail", observer: "service" }),
    ({ output }) => output[0]?.["canRead"],
  )
  return { sim, revoke, readsMail, tenantKeyVault }
})

describe("two hierarchies", () => {
  it.effect.each([{ isSameKey: false }, { isSameKey: true }])(
    "[MIP-237] revoking for rights management leaves Customer Key alone and the other way round %o",
    ({ isSameKey }) =>
      Effect.gen(function* () {
        const { sim, revoke, readsMail, tenantKeyVault } = yield* withBoth(isSameKey)
        assert.strictEqual(yield* opens(sim, "plan.docx"), yes)
        assert.isTrue(yield* readsMail)
        yield* revoke(tenantKeyVault, RightsManagement)
        assert.strictEqual(yield* opens(sim, "plan.docx"), noKey)
        assert.isTrue(yield* readsMail)
        yield* grant(sim, tenantKeyVault, RightsManagement, ["get", "decrypt", "sign"])
        for (const vault of ["contoso-ck-a1", "contoso-ck-b1"]) yield* revoke(vault, Exchange)
        assert.strictEqual(yield* opens(sim, "plan.docx"), yes)
        assert.isFalse(yield* readsMail)
        yield* protect(sim, "new.docx")
        assert.strictEqual(yield* opens(sim, "new.docx"), yes)
      }),
  )
})

describe("after a breach", () => {
  const table = [
    { breach: "KeyLeaked", does: /^\["Rekey/, doesRekeyHelp: true },
    { breach: "RightsMisused", does: /^\["Find out/, doesRekeyHelp: false },
    {
      breach: "HardwareWeak",
      does: /^\["Microsoft updates the hardware.*where/,
      doesRekeyHelp: true,
    },
    {
      breach: "AlgorithmBroken",
      does: /^\["Microsoft updates the service.*every tenant rekeys/,
      doesRekeyHelp: true,
    },
  ]
  it.effect.each(table)("[MIP-238] $breach: what to do", ({ breach, does, doesRekeyHelp }) =>
    Effect.gen(function* () {
      const sim = yield* simulate()
      const [row] = yield* allowed(sim, ivan, "plan-breach-response", { breach })
      assert.match(JSON.stringify(row?.["response"] ?? []), does)
      assert.strictEqual(row?.["doesRekeyHelp"], doesRekeyHelp)
    }),
  )
})

describe("a key on premises alone", () => {
  const server = "https://rms.contoso.com/_wmcs"
  const host = "https://dke.contoso.com"
  const legacy = Effect.gen(function* () {
    const sim = yield* simulate([], baseline, Date.UTC(2021, 5, 1))
    const members = [alice, carol]
    yield* allowed(sim, ivan, "install-rights-server", { url: server, members })
    const offer = { server, content: "The merger is off", readers: [carol, "nina@fabrikam.com"] }
    const hold = (client: string) => call(sim, alice, "protect-with-held-key", { ...offer, client })
    const contentId = textOf((yield* hold("office-2013-or-later")).output[0], "id")
    const open = (client = "office-2013-or-later", who = carol) =>
      verdictOf(sim, who, "open-held-content", { contentId, client })
    return { sim, hold, contentId, open }
  })

  it.effect("[MIP-239] it is never in the cloud: no tenant key, no service that reads it", () =>
    Effect.gen(function* () {
      const { sim, hold, open } = yield* legacy
      for (const client of ["office-2010", "mac", "mobile", "outlook-mobile", "cloud-service"]) {
        assert.strictEqual((yield* hold(client)).verdict, "deny by held-key-client", client)
      }
      assert.strictEqual(yield* open(), "allow by held-key-reader")
      assert.strictEqual(yield* open("cloud-service"), "deny by held-key-client")
      const outside = yield* open("office-2013-or-later", "nina@fabrikam.com")
      assert.strictEqual(outside, "deny by held-key-reader")
      yield* allowed(sim, ivan, "Connect-AipService")
      const rows = yield* allowed(sim, ivan, "Get-AipServiceKeys")
      assert.deepStrictEqual(
        rows.map((row) => row["KeyType"]),
        ["Microsoft-managed"],
      )
      // The service may be off and its key away: the cluster goes on.
      yield* allowed(sim, ivan, "Disable-AipService", { Force: true })
      assert.strictEqual(yield* open(), "allow by held-key-reader")
    }),
  )

  it.effect("[MIP-239] neither SharePoint nor Exchange processes a label that points there", () =>
    Effect.gen(function* () {
      const sim = yield* simulate([], baseline, Date.UTC(2021, 5, 1))
      const params = { file: "plan.docx", content: "x", label: "Confidential" }
      yield* allowed(sim, alice, "protect-document", params)
      const world = yield* sim.world
      const { contentId = "" } = localDocumentOf(world, "plan.docx") ?? {}
      const now = yield* sim.now
      const asks = (service: "SharePoint" | "Exchange") =>
        Effect.map(sim.world, (it) =>
          evaluateServiceProcessing({ world: it, contentId, now, service }),
        )
      for (const service of ["SharePoint", "Exchange"] as const) {
        assert.strictEqual((yield* asks(service)).outcome, "allow", service)
      }
      yield* allowed(sim, judy, "Set-Label", {
        Identity: "Confidential",
        EncryptionRightsUrl: server,
      })
      for (const service of ["SharePoint", "Exchange"] as const) {
        assert.strictEqual((yield* asks(service)).outcome, "deny", service)
      }
      const again = yield* call(sim, alice, "protect-document", { ...params, file: "new.docx" })
      assert.strictEqual(again.verdict, "deny by label-technology")
    }),
  )

  it.effect("[MIP-239] a second key leaves it alone; the scanner moves it, one by one", () =>
    Effect.gen(function* () {
      const { sim, contentId, open } = yield* legacy
      const key = { url: `${host}/Secret`, AuthorizedEmailAddress: [carol] }
      yield* allowed(sim, ivan, "deploy-double-key-service", { address: host, validIssuers: [] })
      yield* allowed(sim, ivan, "add-double-key", key)
      assert.strictEqual(yield* open(), "allow by held-key-reader")
      const relabel = { contentId, doubleKeyUrl: `${host}/Secret` }
      const early = yield* verdictOf(sim, carol, "relabel-with-scanner", relabel)
      assert.strictEqual(early, "deny by role")
      yield* allowed(sim, ivan, "relabel-with-scanner", relabel)
      assert.strictEqual(yield* open(), "deny by rights-server")
      const again = yield* verdictOf(sim, ivan, "relabel-with-scanner", relabel)
      assert.strictEqual(again, "deny by scanner-relabels")
    }),
  )
})
