import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { KeyVault } from "../../src/index.ts"
import { grace, ivan } from "../harness.ts"
import {
  makeKey,
  opens,
  Prepared,
  prepared,
  revoke,
  sharePoint,
  site,
  withSites,
} from "./prepared.ts"

const names = (records: readonly { readonly operation: string }[]) =>
  records.map(({ operation }) => operation)
/** The version of a key, as the cmdlets of SharePoint want it. */
const guidOf = (uri: string) =>
  (uri.split("/").at(-1) ?? "").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
const roll = (KeyType: string, KeyVaultUri: string) => ({ KeyType, KeyVaultUri })

layer(Prepared.layer)("SharePoint and OneDrive", (it) => {
  it.effect("[CRY-103] [CRY-072] a geo registers once, with progress, and never back", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const state = Effect.map(twin.allow(grace, "Get-SPODataEncryptionPolicy", {}), (rows) => [
        rows[0]?.["State"],
        rows[0]?.["PercentageOfSitesEncrypted"],
      ])
      assert.deepStrictEqual(yield* state, ["Unregistered", 0])
      const keys = { PrimaryKeyVaultUri: uris[0], SecondaryKeyVaultUri: uris[1] }
      yield* twin.allow(grace, "Register-SPODataEncryptionPolicy", keys)
      assert.deepStrictEqual(yield* state, ["Registering", 0])
      yield* twin.advance(12 * 3_600_000)
      assert.deepStrictEqual(yield* state, ["Registering", 50])
      const again = yield* twin.refuse(grace, "Register-SPODataEncryptionPolicy", keys)
      assert.strictEqual(again.name, "geo-unregistered")
      const due = yield* twin.advance(12 * 3_600_000)
      assert.deepStrictEqual(
        due.map(({ operation }) => operation),
        ["geo-encryption-finished"],
      )
      assert.deepStrictEqual(yield* state, ["Registered", 100])
      assert.strictEqual((yield* twin.advance(1_000_000)).length, 0)
    }),
  )

  it.effect("[CRY-072] [CRY-055] keys are named in one of two ways, and sites not at all", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const primary = {
        PrimaryKeyVaultName: "contoso-ck-a1",
        PrimaryKeyName: "root",
        PrimaryKeyVersion: guidOf(uris[0]),
      }
      const secondary = {
        SecondaryKeyVaultName: "contoso-ck-b1",
        SecondaryKeyName: "root",
        SecondaryKeyVersion: guidOf(uris[1]),
      }
      const { SecondaryKeyVersion: _version, ...partial } = secondary
      const register = "Register-SPODataEncryptionPolicy"
      for (const params of [
        {},
        primary,
        { ...primary, ...partial },
        { ...primary, SecondaryKeyVaultUri: uris[1] },
        { ...primary, ...secondary, PrimaryKeyVaultUri: uris[0] },
        { PrimaryKeyVaultUri: uris[0] },
      ]) {
        const refused = yield* twin.refuse(grace, register, params)
        assert.strictEqual(refused.refusal?.code, "AmbiguousParameterSet", JSON.stringify(params))
        const restored = yield* twin.refuse(grace, "Restore-SPODataEncryptionPolicy", params)
        assert.strictEqual(restored.name, "key-parameters")
      }
      const keys = { ...primary, ...secondary }
      const chosen = { ...keys, Site: site }
      const error = yield* Effect.flip(twin.call(grace, register, chosen))
      assert.strictEqual(error._tag, "ParametersInvalid")
      const [row] = yield* twin.allow(grace, register, keys)
      assert.deepInclude(row, { PrimaryKeyVaultUri: uris[0], SecondaryKeyVaultUri: uris[1] })
      yield* twin.advance(48 * 3_600_000)
      const half = { KeyType: "Primary", KeyVaultName: "contoso-ck-a1" }
      assert.strictEqual(
        (yield* twin.refuse(grace, "Update-SPODataEncryptionPolicy", half)).name,
        "key-parameters",
      )
      const whole = { ...half, KeyName: "root", KeyVersion: guidOf(uris[0]) }
      yield* twin.allow(grace, "Update-SPODataEncryptionPolicy", whole)
    }),
  )

  it.effect("[CRY-104] asking for a site's policy is an error without Customer Key", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const params = { Identity: site }
      const refused = yield* twin.refuse(grace, "Get-SPOSiteDataEncryptionPolicy", params)
      assert.strictEqual(refused.name, "customer-key-in-use")
      const later = yield* withSites
      yield* later.twin.allow(grace, "Get-SPOSiteDataEncryptionPolicy", params)
    }),
  )

  it.effect("[CRY-109] keys roll one at a time, and a second roll waits", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withSites
      const key = yield* makeKey(twin, "contoso-ck-a1", "root")
      const early = yield* prepared
      assert.strictEqual(
        (yield* early.twin.refuse(
          grace,
          "Update-SPODataEncryptionPolicy",
          roll("Primary", uris[0]),
        )).refusal?.code,
        "CustomerKey.NotRegistered",
      )
      yield* twin.allow(grace, "Update-SPODataEncryptionPolicy", roll("Primary", key))
      const [rolling] = yield* twin.allow(grace, "Get-SPODataEncryptionPolicy", {})
      assert.deepInclude(rolling, { State: "Rolling", PercentageOfSitesEncrypted: 0 })
      assert.strictEqual(
        (yield* twin.refuse(grace, "Update-SPODataEncryptionPolicy", roll("Secondary", uris[1])))
          .refusal?.code,
        "CustomerKey.RollInProgress",
      )
      yield* twin.advance(24 * 3_600_000)
      const [row] = yield* twin.allow(grace, "Get-SPODataEncryptionPolicy", {})
      assert.deepInclude(row, {
        State: "Registered",
        PrimaryKeyVaultUri: key,
        SecondaryKeyVaultUri: uris[1],
      })
      yield* twin.run(() => Effect.flatMap(KeyVault, (vault) => vault.destroyKey(uris[0])))
      assert.isTrue(yield* opens(twin, "plan.docx"))
    }),
  )

  it.effect(
    "[CRY-097] [CRY-098] engineers are told two hours before the cache ends, once for each silence",
    () =>
      Effect.gen(function* () {
        const hour = 3_600_000
        const { twin } = yield* withSites
        yield* revoke(twin, sharePoint)
        assert.deepStrictEqual(names(yield* twin.advance(22 * hour - 1)), [])
        assert.deepStrictEqual(names(yield* twin.advance(1)), ["intermediate-key-alert"])
        assert.isTrue(yield* opens(twin, "plan.docx"))
        yield* twin.advance(2 * hour)
        assert.isFalse(yield* opens(twin, "plan.docx"))
        assert.deepStrictEqual(names(yield* twin.advance(100 * hour)), [])
        // An answer renews the cache; the next silence begins anew.
        const PermissionsToKeys = ["get", "wrapKey", "unwrapKey"]
        const grant = { VaultName: "contoso-ck-a1", ServicePrincipalName: sharePoint }
        yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", { ...grant, PermissionsToKeys })
        assert.isTrue(yield* opens(twin, "plan.docx"))
        yield* revoke(twin, sharePoint)
        yield* twin.advance(23 * hour)
        assert.isTrue(yield* opens(twin, "plan.docx"))
        assert.strictEqual(
          names(yield* twin.records).filter((it) => it === "intermediate-key-alert").length,
          2,
        )
      }),
  )

  it.effect("[CRY-098] another reason for the same silence does not renew the cache", () =>
    Effect.gen(function* () {
      const hour = 3_600_000
      const vaults = ["contoso-ck-a1", "contoso-ck-b1"]
      const later: readonly ((VaultName: string) => readonly [string, object])[] = [
        (VaultName) => ["Remove-AzKeyVault", { VaultName }],
        (VaultName) => ["Remove-AzKeyVaultKey", { VaultName, Name: "root" }],
        (VaultName) => [
          "Remove-AzKeyVaultAccessPolicy",
          { VaultName, ServicePrincipalName: sharePoint },
        ],
        (vault) => ["set-key-vault-condition", { vault, condition: "timeout" }],
        (VaultName) => [
          "Update-AzKeyVaultNetworkRuleSet",
          { VaultName, DefaultAction: "Deny", Bypass: "None" },
        ],
      ]
      for (const step of later) {
        const { twin } = yield* withSites
        for (const VaultName of vaults) {
          const off = { VaultName, Name: "root", Enable: false }
          yield* twin.allow(ivan, "Update-AzKeyVaultKey", off)
        }
        yield* twin.advance(25 * hour)
        assert.isFalse(yield* opens(twin, "plan.docx"))
        for (const name of vaults) yield* twin.allow(ivan, ...step(name))
        assert.isFalse(yield* opens(twin, "plan.docx"), step("")[0])
      }
    }),
  )

  it.effect("[CRY-098] nor does one reason that goes while another has come", () =>
    Effect.gen(function* () {
      const hour = 3_600_000
      const { twin } = yield* withSites
      const PermissionsToKeys = ["get", "wrapKey", "unwrapKey"]
      yield* revoke(twin, sharePoint)
      yield* twin.advance(25 * hour)
      for (const vault of ["contoso-ck-a1", "contoso-ck-b1"]) {
        yield* twin.allow(ivan, "set-key-vault-condition", { vault, condition: "timeout" })
        const grant = { VaultName: vault, ServicePrincipalName: sharePoint, PermissionsToKeys }
        yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", grant)
      }
      assert.isFalse(yield* opens(twin, "plan.docx"))
      const answer = { vault: "contoso-ck-b1", condition: "none" }
      yield* twin.allow(ivan, "set-key-vault-condition", answer)
      assert.isTrue(yield* opens(twin, "plan.docx"))
    }),
  )

  it.effect("[CRY-042] SharePoint asks for the permissions of its own principal", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      yield* revoke(twin, sharePoint, 1)
      const keys = { PrimaryKeyVaultUri: uris[0], SecondaryKeyVaultUri: uris[1] }
      const refused = yield* twin.refuse(grace, "Register-SPODataEncryptionPolicy", keys)
      assert.strictEqual(refused.name, "root-key-permissions")
      assert.isTrue(yield* opens(twin, "plan.docx"))
    }),
  )
})
