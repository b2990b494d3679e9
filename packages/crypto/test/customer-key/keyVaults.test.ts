import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { keyUri, parseKeyUri, rsaSizes } from "../../src/customer-key/AzureKeyVault.ts"
import { keyAnswer } from "../../src/customer-key/keyAnswer.ts"
import { servicePrincipals, vaultOf } from "../../src/index.ts"
import { heidi, ivan, startTwin, textOf } from "../harness.ts"
import { exchange, makeKey, Prepared, prepared } from "./prepared.ts"

const VaultName = "contoso-ck-a1"
const root = { VaultName, Name: "root" }
const inHsm = (params: object) => ({ VaultName, Destination: "HSM", ...params })

describe("key addresses", () => {
  it("[CRY-055] name vault, key and version, and nothing else is one", () => {
    const version = "0123456789abcdef0123456789abcdef"
    assert.deepStrictEqual(parseKeyUri(`https://Contoso-CK.vault.azure.net/keys/Root/${version}`), {
      vault: "contoso-ck",
      name: "root",
      version,
    })
    assert.deepStrictEqual(parseKeyUri("https://contoso.vault.azure.net/keys/root"), {
      vault: "contoso",
      name: "root",
    })
    for (const uri of [
      "",
      "contoso",
      "http://contoso.vault.azure.net/keys/root",
      "https://contoso.vault.azure.net/secrets/root",
      "https://contoso.vault.azure.net/keys/tenant-root/1234",
      "https://contoso.vault.azure.net.evil.example/keys/root",
      "https://evil.example/https://contoso.vault.azure.net/keys/root",
    ]) {
      assert.isUndefined(parseKeyUri(uri), uri)
    }
  })

  it.prop(
    "[CRY-055] written and read again they are the same",
    [Schema.Boolean],
    ([hasVersion]) => {
      const version = hasVersion ? "f".repeat(32) : undefined
      const uri = keyUri("vault-1", "key-1", version)
      assert.strictEqual(parseKeyUri(uri)?.version, version)
    },
  )
})

layer(Prepared.layer)("key vaults", (it) => {
  it.effect("[CRY-053] a vault name is taken once in all of Azure", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const vault = { Location: "w", SubscriptionId: "s" }
      const taken = yield* twin.refuse(ivan, "New-AzKeyVault", { ...vault, Name: "Contoso-CK-A1" })
      assert.strictEqual(taken.refusal?.code, "VaultAlreadyExists")
      for (const Name of ["ab", "1abc", "a--b", "abc-", "a".repeat(25), "a_b"]) {
        const refused = yield* twin.refuse(ivan, "New-AzKeyVault", { ...vault, Name })
        assert.strictEqual(refused.refusal?.code, "VaultNameNotValid", Name)
      }
      // A name that every object has is a name like any other.
      yield* twin.allow(ivan, "New-AzKeyVault", { ...vault, Name: "constructor" })
      // What a vault is called stays: no command takes another name for it.
      const renamed = { VaultName, NewName: "contoso-ck-a2" }
      const error = yield* Effect.flip(twin.call(ivan, "Update-AzKeyVault", renamed))
      assert.strictEqual(error._tag, "ParametersInvalid")
      // Who asks for a vault that is not there gets an empty answer, and no error.
      assert.isEmpty(yield* twin.allow(ivan, "Get-AzKeyVault", { VaultName: "toString" }))
      const none = yield* twin.refuse(ivan, "Update-AzKeyVault", { VaultName: "toString" })
      assert.strictEqual(none.name, "key-vault")
    }),
  )

  it.effect("[CRY-060] [CRY-061] soft delete is on and purge protection off unless asked for", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const [row] = yield* twin.allow(ivan, "Get-AzKeyVault", { VaultName })
      assert.deepInclude(row, {
        EnableSoftDelete: true,
        SoftDeleteRetentionInDays: 90,
        EnablePurgeProtection: false,
      })
      for (const SoftDeleteRetentionInDays of [6, 91]) {
        const params = {
          Name: "x-1",
          Location: "w",
          SubscriptionId: "s",
          SoftDeleteRetentionInDays,
        }
        const error = yield* Effect.flip(twin.call(ivan, "New-AzKeyVault", params))
        assert.strictEqual(error._tag, "ParametersInvalid")
      }
      // Neither the days nor soft delete itself are changed later.
      for (const later of [{ SoftDeleteRetentionInDays: 30 }, { EnableSoftDelete: false }]) {
        const error = yield* Effect.flip(
          twin.call(ivan, "Update-AzKeyVault", { VaultName, ...later }),
        )
        assert.strictEqual(error._tag, "ParametersInvalid")
      }
    }),
  )

  it.effect("[CRY-058] [CRY-048] a key is enabled, valid at once and for ever unless told", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const key = { VaultName, Name: "plain" }
      const [made] = yield* twin.allow(ivan, "Add-AzKeyVaultKey", { ...key, Destination: "HSM" })
      assert.deepInclude(made, { Enabled: true, NotBefore: null, Expires: null })
      const expires = (params: object) =>
        Effect.gen(function* () {
          yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...key, ...params })
          const [row] = yield* twin.allow(ivan, "Get-AzKeyVaultKey", key)
          return row?.["Expires"]
        })
      assert.strictEqual(yield* expires({ Expires: "2030-01-01" }), "2030-01-01T00:00:00.000Z")
      // An expiry moves and never goes.
      assert.strictEqual(yield* expires({ Enable: true }), "2030-01-01T00:00:00.000Z")
      const never = { ...key, Expires: null }
      const error = yield* Effect.flip(twin.call(ivan, "Update-AzKeyVaultKey", never))
      assert.strictEqual(error._tag, "ParametersInvalid")
      assert.strictEqual(yield* expires({ Expires: "12/31/9999" }), "9999-12-31T00:00:00.000Z")
    }),
  )

  it.effect("[CRY-060] a deleted key is listed, and good for nothing else", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      yield* twin.allow(ivan, "Remove-AzKeyVaultKey", root)
      const gone = { ...root, InRemovedState: true }
      assert.strictEqual((yield* twin.allow(ivan, "Get-AzKeyVaultKey", gone)).length, 1)
      for (const [cmdlet, params] of [
        ["Update-AzKeyVaultKey", { Enable: false }],
        ["Backup-AzKeyVaultKey", { OutputFile: "late.backup" }],
      ] as const) {
        assert.strictEqual((yield* twin.refuse(ivan, cmdlet, { ...root, ...params })).name, "key")
      }
      const world = yield* twin.world
      for (const operation of ["wrapKey", "unwrapKey"] as const) {
        const answer = keyAnswer(world, { uri: uris[0], principal: exchange, operation })
        assert.deepInclude(answer, { result: "AccessDenied", status: 404 })
      }
    }),
  )

  it.effect("[CRY-044] contributors say who may do what, key administrators make keys", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const contributor = { ...ivan, id: "contributor@contoso.com", roles: ["Contributor"] }
      const keeper = { ...ivan, id: "keeper@contoso.com", roles: [] }
      const PermissionsToKeys = ["create", "import", "list", "get", "backup", "restore"]
      const grant = { VaultName, UserPrincipalName: keeper.id, PermissionsToKeys }
      const denied = yield* twin.refuse(keeper, "Set-AzKeyVaultAccessPolicy", grant)
      assert.strictEqual(denied.name, "role")
      yield* twin.allow(contributor, "Set-AzKeyVaultAccessPolicy", grant)
      const key = { VaultName, Name: "kept", Destination: "HSM" }
      yield* twin.allow(keeper, "Add-AzKeyVaultKey", key)
      yield* twin.allow(keeper, "Backup-AzKeyVaultKey", { VaultName, Name: "kept" })
      const kept = { VaultName, Name: "kept" }
      for (const [who, cmdlet] of [
        [keeper, "Remove-AzKeyVaultKey"],
        [contributor, "Add-AzKeyVaultKey"],
      ] as const) {
        assert.strictEqual((yield* twin.refuse(who, cmdlet, kept)).name, "key-vault-permission")
      }
    }),
  )

  it.effect(
    "[CRY-061] [CRY-044] nobody may purge by default, and whoever lacks a permission is told which",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        yield* twin.allow(ivan, "Remove-AzKeyVaultKey", root)
        const purge = { ...root, InRemovedState: true }
        const refused = yield* twin.refuse(ivan, "Remove-AzKeyVaultKey", purge)
        assert.strictEqual(refused.name, "key-vault-permission")
        assert.include(
          refused.refusal?.message ?? "",
          "does not have keys purge permission on key vault",
        )
        const stranger = yield* twin.refuse(heidi, "Get-AzKeyVaultKey", root)
        assert.include(stranger.refusal?.message ?? "", "keys get permission")
      }),
  )

  it.effect("[CRY-061] purge protection holds against everybody", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const vault = { Name: "contoso-ck-p1", Location: "w", SubscriptionId: "s" }
      yield* twin.allow(ivan, "New-AzKeyVault", { ...vault, EnablePurgeProtection: true })
      const PermissionsToKeys = ["create", "delete", "purge"]
      const grant = { VaultName: vault.Name, UserPrincipalName: ivan.id, PermissionsToKeys }
      yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", grant)
      const key = { VaultName: vault.Name, Name: "k" }
      yield* twin.allow(ivan, "Add-AzKeyVaultKey", { ...key, Destination: "Software" })
      yield* twin.allow(ivan, "Remove-AzKeyVaultKey", key)
      const purge = { ...key, InRemovedState: true }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "Remove-AzKeyVaultKey", purge)).name,
        "purge-protection",
      )
    }),
  )

  it.effect("[CRY-062] [CRY-113] a deleted key holds its name until it is recovered", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const add = { ...root, Destination: "HSM" }
      const early = yield* twin.refuse(ivan, "Undo-AzKeyVaultKeyRemoval", root)
      assert.strictEqual(early.name, "deleted-key")
      yield* twin.allow(ivan, "Remove-AzKeyVaultKey", root)
      const refused = yield* twin.refuse(ivan, "Add-AzKeyVaultKey", add)
      assert.strictEqual(refused.refusal?.code, "ObjectIsDeletedButRecoverable")
      assert.strictEqual((yield* twin.refuse(ivan, "Remove-AzKeyVaultKey", root)).name, "key")
      yield* twin.allow(ivan, "Undo-AzKeyVaultKeyRemoval", root)
      yield* twin.allow(ivan, "Add-AzKeyVaultKey", add)
    }),
  )

  it.effect(
    "[CRY-105] [CRY-055] adding a key of the same name makes a new version; the old stay",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        const newest = yield* makeKey(twin, VaultName, "root")
        const versions = yield* twin.allow(ivan, "Get-AzKeyVaultKey", {
          ...root,
          IncludeVersions: true,
        })
        assert.deepStrictEqual(
          versions.map((row) => row["Id"]),
          [uris[0], newest],
        )
        const [current] = yield* twin.allow(ivan, "Get-AzKeyVaultKey", root)
        assert.strictEqual(textOf(current, "Id"), newest)
      }),
  )

  it.effect("[CRY-039] HSM keys need a premium vault; software keys do not", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const vault = { Name: "contoso-std", Location: "w", SubscriptionId: "s" }
      yield* twin.allow(ivan, "New-AzKeyVault", vault)
      const key = { VaultName: vault.Name, Name: "k" }
      const refused = yield* twin.refuse(ivan, "Add-AzKeyVaultKey", { ...key, Destination: "HSM" })
      assert.strictEqual(refused.name, "key-material")
      yield* twin.allow(ivan, "Add-AzKeyVaultKey", { ...key, Destination: "Software" })
    }),
  )

  it.effect("[CRY-040] RSA keys have three sizes, and AES keys no place in a vault", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      for (const Size of rsaSizes) {
        const [row] = yield* twin.allow(
          ivan,
          "Add-AzKeyVaultKey",
          inHsm({ Name: `k${Size}`, Size }),
        )
        assert.deepInclude(row, { KeyType: "RSA-HSM", KeySize: Size })
      }
      for (const Size of [0, 1024, 2047, 8192]) {
        const refused = yield* twin.refuse(ivan, "Add-AzKeyVaultKey", inHsm({ Name: "k", Size }))
        assert.strictEqual(refused.refusal?.code, "BadParameter")
      }
      const aes = inHsm({ Name: "aes", KeyType: "oct" })
      assert.strictEqual((yield* twin.refuse(ivan, "Add-AzKeyVaultKey", aes)).name, "key-material")
    }),
  )

  it.effect(
    "[CRY-057] [CRY-043] no output holds key material, and an entry names one principal",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        const rows = yield* twin.allow(ivan, "Get-AzKeyVaultKey", { VaultName })
        assert.deepStrictEqual(
          Object.keys(rows[0] ?? {}).filter((name) => /^(n|d|p|q|x)$/i.test(name)),
          [],
        )
        const both = { VaultName, ServicePrincipalName: exchange, UserPrincipalName: ivan.id }
        const params = { ...both, PermissionsToKeys: ["get"] }
        assert.strictEqual(
          (yield* twin.refuse(ivan, "Set-AzKeyVaultAccessPolicy", params)).name,
          "one-principal",
        )
        const records = yield* twin.records
        assert.notMatch(JSON.stringify(records), /PRIVATE KEY|"d":"/)
      }),
  )

  it.effect("[CRY-058] [CRY-059] attributes stop new wraps; only disabling stops unwrapping", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const [uri] = uris
      const now = yield* twin.now
      const ask = (operation: "wrapKey" | "unwrapKey") =>
        Effect.map(twin.world, (world) =>
          keyAnswer(world, { uri, principal: exchange, operation, now }),
        )
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...root, Expires: "2020-01-01" })
      assert.strictEqual((yield* ask("unwrapKey")).result, "Success")
      assert.strictEqual((yield* ask("wrapKey")).result, "AccessDenied")
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", {
        ...root,
        Expires: "12/31/9999",
        Enable: false,
      })
      assert.deepStrictEqual((yield* ask("unwrapKey")).refusal, {
        code: "KeyDisabled",
        message: "Operation unwrapKey is not allowed on a disabled key.",
      })
      assert.strictEqual((yield* ask("wrapKey")).result, "Success")
    }),
  )

  it.effect("[CRY-064] without vault, key or permission there is no answer but a refusal", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const world = yield* twin.world
      const ask = (uri: string, principal: string = exchange) =>
        keyAnswer(world, { uri, principal, operation: "unwrapKey" })
      assert.strictEqual(ask(uris[0]).result, "Success")
      assert.strictEqual(ask("nonsense").refusal?.code, "KeyNotFound")
      assert.strictEqual(
        ask("https://no-vault.vault.azure.net/keys/root").refusal?.code,
        "KeyNotFound",
      )
      assert.strictEqual(ask(keyUri(VaultName, "none")).refusal?.code, "KeyNotFound")
      assert.strictEqual(
        ask(keyUri(VaultName, "root", "0".repeat(32))).refusal?.code,
        "KeyNotFound",
      )
      assert.strictEqual(ask(uris[0], "somebody").refusal?.code, "ForbiddenByPolicy")
      assert.isDefined(vaultOf(world, "CONTOSO-ck-a1"))
      assert.strictEqual(servicePrincipals.Exchange, "00000002-0000-0ff1-ce00-000000000000")
    }),
  )

  it.effect("a date that is none is refused at the edge", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("dates")
      const params = { ...root, Destination: "HSM", Expires: "next year" }
      const error = yield* Effect.flip(twin.call(ivan, "Add-AzKeyVaultKey", params))
      assert.strictEqual(error._tag, "ParametersInvalid")
    }),
  )
})
