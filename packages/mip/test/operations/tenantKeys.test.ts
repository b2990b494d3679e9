import { createPrivateKey, createPublicKey } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { servicePrincipals } from "@twin/crypto"
import { days, hours, type OutputObject } from "@twin/kernel"
import { Effect } from "effect"
import { localDocumentOf, protectionOf } from "../../src/index.ts"
import { call, ivan, type Sim, simulate } from "./stage.ts"

const alice = "alice@contoso.com"
const bob = "bob@contoso.com"
const carol = "carol@contoso.com"
const dave = "dave@contoso.com"
const VaultName = "contoso-byok"
const usable = ["get", "decrypt", "sign"]
const microsoft = "rms-tenant-key/microsoft-managed"

const textOf = (row: OutputObject | undefined, name: string): string => {
  const value = row?.[name]
  return typeof value === "string" ? value : ""
}
/** Calls what has to be allowed, and gives its rows. */
const allowed = (sim: Sim, who: Parameters<typeof call>[1], name: string, params: object = {}) =>
  Effect.map(call(sim, who, name, params), ({ decision, verdict, output }) => {
    assert.strictEqual(decision.outcome, "allow", `${name}: ${verdict}`)
    return output
  })
const grant = (sim: Sim, permissions: readonly string[] = usable) =>
  allowed(sim, ivan, "Set-AzKeyVaultAccessPolicy", {
    VaultName,
    ServicePrincipalName: servicePrincipals.RightsManagement,
    PermissionsToKeys: permissions,
  })
/** A vault, and a key in it that the protection service may use. */
const withVault = Effect.gen(function* () {
  const sim = yield* simulate()
  yield* allowed(sim, ivan, "Connect-AipService")
  const vault = { Name: VaultName, Location: "westeurope", SubscriptionId: "s", Sku: "Premium" }
  yield* allowed(sim, ivan, "New-AzKeyVault", vault)
  yield* grant(sim)
  return sim
})
const makeKey = Effect.fnUntraced(function* (sim: Sim, Name = "rms") {
  const [row] = yield* allowed(sim, ivan, "Add-AzKeyVaultKey", {
    VaultName,
    Name,
    Destination: "HSM",
  })
  return textOf(row, "Id")
})
const register = Effect.fnUntraced(function* (sim: Sim, KeyVaultKeyUrl: string) {
  const [row] = yield* allowed(sim, ivan, "Use-AipServiceKeyVaultKey", { KeyVaultKeyUrl })
  return textOf(row, "KeyIdentifier")
})
const activate = (sim: Sim, KeyIdentifier: string) =>
  allowed(sim, ivan, "Set-AipServiceKeyProperties", { KeyIdentifier, Active: true })
const keys = (sim: Sim) => allowed(sim, ivan, "Get-AipServiceKeys")
const statuses = (sim: Sim) =>
  Effect.map(keys(sim), (rows) =>
    rows.map((row) => `${textOf(row, "KeyType")} ${textOf(row, "Status")}`),
  )

const tryProtect = (sim: Sim, file: string, who = alice) =>
  call(sim, who, "protect-document", {
    file,
    content: `Inside ${file}`,
    to: [carol],
    level: "Viewer",
  })
/** The id of the tenant key that a new document got. */
const protect = Effect.fnUntraced(function* (sim: Sim, file: string, who = alice) {
  assert.strictEqual((yield* tryProtect(sim, file, who)).decision.outcome, "allow", file)
  return yield* keyOf(sim, file)
})
const keyOf = Effect.fnUntraced(function* (sim: Sim, file: string) {
  const world = yield* sim.world
  const { contentId = "" } = localDocumentOf(world, file) ?? {}
  return protectionOf(world, contentId)?.tenantKeyId ?? ""
})
const open = (sim: Sim, file: string, who = carol, freshDevice = true) =>
  call(sim, who, "open-document", { file, freshDevice })
const opens = (sim: Sim, file: string, who = carol, freshDevice = true) =>
  Effect.map(open(sim, file, who, freshDevice), ({ verdict }) => verdict)

const yes = "allow by application-enforces"
const noKey = "deny by tenant-key"

describe("the keys of the tenant", () => {
  it.effect(
    "[MIP-232] one RSA key of 2048 bits is Microsoft's own; a brought one shows its public half",
    () =>
      Effect.gen(function* () {
        const sim = yield* withVault
        const [own] = yield* keys(sim)
        assert.match(textOf(own, "KeyIdentifier"), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
        assert.deepInclude(own, { KeyType: "Microsoft-managed", Status: "Active" })
        assert.notProperty(own, "PublicKey")
        const url = yield* makeKey(sim)
        yield* register(sim, url)
        const rows = yield* keys(sim)
        assert.lengthOf(rows, 2)
        assert.deepInclude(rows[1], { KeyType: "Customer-managed (BYOK)", Status: "Archived" })
        const der = Buffer.from(textOf(rows[1], "PublicKey"), "base64")
        const publicKey = createPublicKey({ key: der, format: "der", type: "spki" })
        assert.strictEqual(publicKey.asymmetricKeyType, "rsa")
        assert.strictEqual(publicKey.asymmetricKeyDetails?.modulusLength, 2048)
        assert.throws(() => createPrivateKey({ key: der, format: "der", type: "pkcs8" }))
        assert.notInclude(JSON.stringify(rows), "PRIVATE")
        for (const Size of [3072, 4096]) {
          const key = { VaultName, Name: `rsa-${Size}`, Destination: "HSM", Size }
          const [wide] = yield* allowed(sim, ivan, "Add-AzKeyVaultKey", key)
          const wish = { KeyVaultKeyUrl: textOf(wide, "Id") }
          const { verdict } = yield* call(sim, ivan, "Use-AipServiceKeyVaultKey", wish)
          assert.strictEqual(verdict, "deny by brought-key-kind", `${Size} bits`)
        }
      }),
  )

  it.effect("[MIP-233] a key is registered as archived, and only if the service may use it", () =>
    Effect.gen(function* () {
      const sim = yield* withVault
      const KeyVaultKeyUrl = yield* makeKey(sim)
      for (const missing of usable) {
        yield* grant(
          sim,
          usable.filter((it) => it !== missing),
        )
        const failed = yield* call(sim, ivan, "Use-AipServiceKeyVaultKey", { KeyVaultKeyUrl })
        assert.strictEqual(failed.verdict, "deny by brought-key-permissions", missing)
        const gate = failed.decision.gates.at(-1)
        assert.strictEqual(
          gate?.refusal?.message,
          "The Rights Management service failed to add the key.",
        )
        assert.strictEqual(gate?.refusal?.code, "KeyVaultAccessFailed")
      }
      assert.deepStrictEqual(yield* statuses(sim), ["Microsoft-managed Active"])
      yield* grant(sim)
      const [row] = yield* allowed(sim, ivan, "Use-AipServiceKeyVaultKey", {
        KeyVaultKeyUrl,
        FriendlyName: "Contoso 2026",
      })
      assert.strictEqual((yield* keys(sim))[1]?.["FriendlyName"], "Contoso 2026")
      assert.deepStrictEqual(yield* statuses(sim), [
        "Microsoft-managed Active",
        "Customer-managed (BYOK) Archived",
      ])
      assert.strictEqual(yield* protect(sim, "before.docx"), microsoft)
      yield* activate(sim, textOf(row, "KeyIdentifier"))
      assert.deepStrictEqual(yield* statuses(sim), [
        "Microsoft-managed Archived",
        "Customer-managed (BYOK) Active",
      ])
      assert.strictEqual(yield* protect(sim, "after.docx", dave), KeyVaultKeyUrl)
    }),
  )
})

describe("after a rekey", () => {
  it.effect("[MIP-234] old content stays with the archived key, new content gets the new one", () =>
    Effect.gen(function* () {
      const sim = yield* withVault
      assert.strictEqual(yield* protect(sim, "old.docx"), microsoft)
      const url = yield* makeKey(sim)
      const identifier = yield* register(sim, url)
      yield* sim.advance(hours(1))
      yield* activate(sim, identifier)
      const [own, brought] = yield* keys(sim)
      const passive = { KeyIdentifier: textOf(brought, "KeyIdentifier"), Active: false }
      const refused = yield* call(sim, ivan, "Set-AipServiceKeyProperties", passive)
      assert.strictEqual(refused.verdict, "deny by activation")
      // Who is new takes the new key at once; who has a certificate goes on with the old one.
      assert.strictEqual(yield* protect(sim, "new.docx", dave), url)
      assert.strictEqual(yield* protect(sim, "still.docx"), microsoft)
      for (const file of ["old.docx", "new.docx", "still.docx"]) {
        assert.strictEqual(yield* opens(sim, file), yes, file)
        assert.strictEqual(yield* opens(sim, file, bob), "deny by usage-rights", file)
      }
      // No byte of the old content has changed.
      assert.strictEqual(yield* keyOf(sim, "old.docx"), microsoft)
      // The certificate lasts 31 days; its renewal brings the new key.
      yield* sim.advance(days(31))
      assert.strictEqual(yield* protect(sim, "later.docx"), url)
      assert.strictEqual(yield* opens(sim, "old.docx"), yes)
      // Back again: exactly one key is active at any time.
      yield* activate(sim, textOf(own, "KeyIdentifier"))
      assert.deepStrictEqual(yield* statuses(sim), [
        "Microsoft-managed Active",
        "Customer-managed (BYOK) Archived",
      ])
      assert.strictEqual(yield* opens(sim, "later.docx"), yes)
    }),
  )

  it.effect("[MIP-234] a device that is initialized anew uses the new key without waiting", () =>
    Effect.gen(function* () {
      const sim = yield* withVault
      yield* protect(sim, "old.docx")
      const url = yield* makeKey(sim)
      const identifier = yield* register(sim, url)
      yield* sim.advance(hours(1))
      yield* activate(sim, identifier)
      assert.strictEqual(yield* protect(sim, "still.docx"), microsoft)
      yield* sim.advance(hours(1))
      assert.strictEqual(yield* opens(sim, "old.docx", alice, true), yes)
      assert.strictEqual(yield* protect(sim, "moved.docx"), url)
    }),
  )

  it.effect(
    "[MIP-235] the vault says no: nobody gets a licence for what hangs on that key, others do",
    () =>
      Effect.gen(function* () {
        const sim = yield* withVault
        yield* protect(sim, "old.docx", dave)
        yield* activate(sim, yield* register(sim, yield* makeKey(sim)))
        yield* protect(sim, "new.docx")
        assert.strictEqual(yield* opens(sim, "new.docx", carol, false), yes)
        yield* allowed(sim, ivan, "Add-AipServiceSuperUser", { EmailAddress: bob })
        yield* allowed(sim, ivan, "Enable-AipServiceSuperUserFeature")
        assert.strictEqual(yield* opens(sim, "new.docx", bob), yes)
        yield* allowed(sim, ivan, "Remove-AzKeyVaultAccessPolicy", {
          VaultName,
          ServicePrincipalName: servicePrincipals.RightsManagement,
        })
        for (const who of [carol, alice, bob]) {
          const refused = yield* open(sim, "new.docx", who)
          assert.strictEqual(refused.verdict, noKey, who)
          assert.strictEqual(refused.code, "CustomerKeyUnavailableError")
        }
        const nothing = yield* tryProtect(sim, "none.docx", dave)
        assert.strictEqual(nothing.decision.outcome, "deny")
        assert.strictEqual(nothing.code, "CustomerKeyUnavailableError")
        // Archived, but within reach; and a licence on a device needs no key.
        assert.strictEqual(yield* opens(sim, "old.docx"), yes)
        assert.strictEqual(yield* opens(sim, "new.docx", carol, false), yes)
        yield* grant(sim)
        for (const who of [carol, alice, bob]) {
          assert.strictEqual(yield* opens(sim, "new.docx", who), yes)
        }
        yield* protect(sim, "again.docx")
      }),
  )

  it.effect("[MIP-235] an archived key out of reach stops its own content and nothing else", () =>
    Effect.gen(function* () {
      const sim = yield* withVault
      const [own] = yield* keys(sim)
      yield* activate(sim, yield* register(sim, yield* makeKey(sim)))
      yield* protect(sim, "brought.docx")
      yield* activate(sim, textOf(own, "KeyIdentifier"))
      yield* grant(sim, ["get"])
      assert.strictEqual(yield* protect(sim, "own.docx", dave), microsoft)
      assert.strictEqual(yield* opens(sim, "own.docx"), yes)
      assert.strictEqual(yield* opens(sim, "brought.docx"), noKey)
    }),
  )
})
