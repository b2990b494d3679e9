import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { fipsLevelOf, keyUri, parseKeyUri } from "../../src/customer-key/AzureKeyVault.ts"
import { vaultPlan } from "../../src/customer-key/customerKeyTables.ts"
import { servicePrincipals } from "../../src/index.ts"
import { heidi, ivan, judy, mallory, type Twin, textOf } from "../harness.ts"
import { mail, newPolicy, opens, Prepared, prepared, protect } from "./prepared.ts"

const role = "Managed HSM Crypto Service Encryption User"
const certificates = ["one.cer", "two.cer", "three.cer"]

const makeHsm = Effect.fnUntraced(function* (twin: Twin, Name: string, SubscriptionId: string) {
  yield* twin.allow(ivan, "New-AzKeyVaultManagedHsm", {
    Name,
    Location: "westeurope",
    SubscriptionId,
    Administrator: ["judy@contoso.com"],
  })
  const domain = { Name, OutputPath: `${Name}.json`, Certificates: certificates, Quorum: 2 }
  yield* twin.allow(judy, "Export-AzKeyVaultSecurityDomain", domain)
  const user = { HsmName: Name, RoleDefinitionName: "Managed HSM Crypto User", SignInName: judy.id }
  yield* twin.allow(judy, "New-AzKeyVaultRoleAssignment", user)
  const KeyOps = ["wrapKey", "unwrapKey"]
  const [row] = yield* twin.allow(judy, "Add-AzKeyVaultKey", {
    HsmName: Name,
    Name: "root",
    KeyOps,
  })
  return textOf(row, "Id")
})

const grant = (twin: Twin, HsmName: string, ApplicationId: string) =>
  twin.allow(judy, "New-AzKeyVaultRoleAssignment", {
    HsmName,
    RoleDefinitionName: role,
    ApplicationId,
    Scope: "/keys",
  })

layer(Prepared.layer)("Managed HSM", (it) => {
  it.effect("[CRY-066] it is of no use before its security domain was downloaded", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const Name = "contoso-hsm"
      yield* twin.allow(ivan, "New-AzKeyVaultManagedHsm", {
        Name,
        Location: "westeurope",
        SubscriptionId: "s-1",
        Administrator: ["Judy@contoso.com"],
      })
      const [row] = yield* twin.allow(ivan, "Get-AzKeyVaultManagedHsm", { Name })
      assert.deepInclude(row, {
        SecurityDomainActivated: false,
        SoftDeleteRetentionInDays: 90,
        EnablePurgeProtection: false,
        HsmUri: "https://contoso-hsm.managedhsm.azure.net/",
        FipsLevel: 3,
      })
      const key = { HsmName: Name, Name: "k" }
      assert.strictEqual(
        (yield* twin.refuse(judy, "Add-AzKeyVaultKey", key)).name,
        "managed-hsm-activation",
      )
      // The cmdlets of classic vaults do not know it.
      assert.isEmpty(yield* twin.allow(ivan, "Get-AzKeyVault", { VaultName: Name }))
      for (const cmdlet of ["Remove-AzKeyVault", "Update-AzKeyVault"]) {
        const unknown = yield* twin.refuse(ivan, cmdlet, { VaultName: Name })
        assert.strictEqual(unknown.refusal?.code, "ResourceNotFound", cmdlet)
      }
      const domain = { Name, OutputPath: "sd.json", Certificates: certificates, Quorum: 2 }
      for (const [given, gate] of [
        [{ Certificates: ["one.cer", "two.cer"] }, "security-domain-quorum"],
        [{ Certificates: ["one.cer", "one.cer", "one.cer"] }, "security-domain-quorum"],
        [
          { Certificates: Array.from({ length: 11 }, (_, n) => `${n}.cer`) },
          "security-domain-quorum",
        ],
        [{ Quorum: 1 }, "security-domain-quorum"],
        [{ Quorum: 4 }, "security-domain-quorum"],
      ] as const) {
        const refused = yield* twin.refuse(judy, "Export-AzKeyVaultSecurityDomain", {
          ...domain,
          ...given,
        })
        assert.strictEqual(refused.name, gate)
      }
      // Whoever owns the subscription is nobody here.
      const owner = yield* twin.refuse(ivan, "Export-AzKeyVaultSecurityDomain", domain)
      assert.strictEqual(owner.name, "managed-hsm-administrator")
      yield* twin.allow(judy, "Export-AzKeyVaultSecurityDomain", domain)
      const denied = yield* twin.refuse(ivan, "Add-AzKeyVaultKey", key)
      assert.strictEqual(denied.refusal?.code, "ForbiddenByRbac")
      const assign = {
        HsmName: Name,
        RoleDefinitionName: "Managed HSM Crypto User",
        SignInName: ivan.id,
      }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "New-AzKeyVaultRoleAssignment", assign)).name,
        "managed-hsm-administrator",
      )
      // An administrator of the HSM gives out roles, and has none for keys himself.
      assert.strictEqual(
        (yield* twin.refuse(judy, "Add-AzKeyVaultKey", key)).name,
        "key-vault-permission",
      )
      yield* twin.allow(judy, "New-AzKeyVaultRoleAssignment", assign)
      yield* twin.allow(ivan, "Add-AzKeyVaultKey", key)
      const rows = yield* twin.allow(judy, "Get-AzKeyVaultRoleAssignment", { HsmName: Name })
      assert.deepStrictEqual(
        rows.map((it) => `${textOf(it, "Principal")} ${textOf(it, "RoleDefinitionName")}`),
        ["ivan@contoso.com Managed HSM Crypto User", "judy@contoso.com Managed HSM Administrator"],
      )
    }),
  )

  it.effect("[CRY-066] [CRY-060] retention from 7 to 90 days, recovery, purge protection", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const hsm = {
        Name: "contoso-hsm",
        Location: "w",
        SubscriptionId: "s",
        Administrator: ["a@b.c"],
      }
      for (const SoftDeleteRetentionInDays of [6, 91]) {
        const error = yield* Effect.flip(
          twin.call(ivan, "New-AzKeyVaultManagedHsm", { ...hsm, SoftDeleteRetentionInDays }),
        )
        assert.strictEqual(error._tag, "ParametersInvalid")
      }
      yield* twin.allow(ivan, "New-AzKeyVaultManagedHsm", { ...hsm, SoftDeleteRetentionInDays: 7 })
      yield* twin.allow(ivan, "Remove-AzKeyVaultManagedHsm", { Name: hsm.Name })
      const taken = yield* twin.refuse(ivan, "New-AzKeyVaultManagedHsm", hsm)
      assert.strictEqual(taken.refusal?.code, "ObjectIsDeletedButRecoverable")
      yield* twin.allow(ivan, "Undo-AzKeyVaultManagedHsmRemoval", { Name: hsm.Name })
      yield* twin.allow(ivan, "Update-AzKeyVaultManagedHsm", {
        Name: hsm.Name,
        EnablePurgeProtection: true,
      })
      yield* twin.allow(ivan, "Remove-AzKeyVaultManagedHsm", { Name: hsm.Name })
      const purger = { ...ivan, roles: ["Key Vault Purge Operator"] }
      const purge = { Name: hsm.Name, InRemovedState: true }
      assert.strictEqual(
        (yield* twin.refuse(purger, "Remove-AzKeyVaultManagedHsm", purge)).name,
        "purge-protection",
      )
      assert.strictEqual(
        (yield* twin.refuse(mallory, "Remove-AzKeyVaultManagedHsm", purge)).name,
        "role",
      )
    }),
  )

  it.effect(
    "[CRY-038] [CRY-043] [CRY-054] two Managed HSMs serve all three kinds of policies",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        const names = ["contoso-hsm-a", "contoso-hsm-b"] as const
        const uris: string[] = []
        for (const [index, name] of names.entries()) {
          const SubscriptionId = `hsm-subscription-${index}`
          yield* protect(twin, SubscriptionId)
          uris.push(yield* makeHsm(twin, name, SubscriptionId))
        }
        assert.match(
          uris[0] ?? "",
          /^https:\/\/contoso-hsm-a\.managedhsm\.azure\.net\/keys\/root\/[0-9a-f]{32}$/,
        )
        const early = yield* twin.refuse(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
        assert.strictEqual(early.refusal?.code, "CustomerKey.KeyAccessDenied")
        for (const name of names) {
          yield* grant(twin, name, servicePrincipals.Exchange)
          yield* grant(twin, name, servicePrincipals.SharePoint)
          yield* grant(twin, name, servicePrincipals.M365DataAtRestEncryption)
        }
        yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris, "HSM mailboxes"))
        yield* twin.allow(judy, "New-M365DataAtRestEncryptionPolicy", newPolicy(uris, "HSM all"))
        yield* twin.allow(ivan, "Register-SPODataEncryptionPolicy", {
          PrimaryKeyVaultUri: uris[0],
          SecondaryKeyVaultUri: uris[1],
        })
        const assign = { Identity: "alice@contoso.com", DataEncryptionPolicy: "HSM mailboxes" }
        yield* twin.allow(heidi, "Set-Mailbox", assign)
        assert.isTrue(yield* opens(twin, mail))
        assert.isTrue(yield* opens(twin, "plan.docx"))
        for (const HsmName of names) {
          yield* twin.allow(judy, "Remove-AzKeyVaultRoleAssignment", {
            HsmName,
            RoleDefinitionName: role,
            ApplicationId: servicePrincipals.Exchange,
          })
        }
        assert.isFalse(yield* opens(twin, mail))
        assert.isTrue(yield* opens(twin, "plan.docx"))
      }),
  )

  it.effect(
    "[CRY-038] each kind of policy needs a pair of vaults, the Managed HSM one pair for all",
    () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(vaultPlan([]), { vaults: 0, managedHsms: 0, subscriptions: 2 })
        assert.deepStrictEqual(vaultPlan(["Mailbox"]), {
          vaults: 2,
          managedHsms: 2,
          subscriptions: 2,
        })
        assert.deepStrictEqual(
          vaultPlan(["Mailbox", "SharePointGeo", "MultiWorkload", "Mailbox"]),
          {
            vaults: 6,
            managedHsms: 2,
            subscriptions: 2,
          },
        )
        // The prepared tenant shares one pair of vaults between two kinds: the report says so.
        const { twin } = yield* prepared
        const rows = yield* twin.allow(ivan, "get-customer-key-posture", {})
        assert.deepInclude(rows[0], {
          Check: "vault-pairs",
          Result: "Attention",
          Detail: "2 of 4 for Mailbox, MultiWorkload",
        })
      }),
  )

  it.effect("[CRY-054] [CRY-055] levels and addresses", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        [
          fipsLevelOf("KeyVault", "RSA"),
          fipsLevelOf("KeyVault", "RSA-HSM"),
          fipsLevelOf("ManagedHsm", "RSA-HSM"),
        ],
        [1, 2, 3],
      )
      const uri = keyUri("contoso-hsm.managedhsm", "Top", "f".repeat(32))
      assert.strictEqual(uri, `https://contoso-hsm.managedhsm.azure.net/keys/top/${"f".repeat(32)}`)
      assert.strictEqual(parseKeyUri(uri)?.vault, "contoso-hsm.managedhsm")
      // A vault and a Managed HSM may have one name, and neither is the other.
      const { twin } = yield* prepared
      const hsm = { Name: "contoso-ck-a1", Location: "w", SubscriptionId: "s" }
      yield* twin.allow(ivan, "New-AzKeyVaultManagedHsm", { ...hsm, Administrator: ["a@b.c"] })
      const both = { VaultName: "contoso-ck-a1", HsmName: "contoso-ck-a1", Name: "root" }
      assert.strictEqual((yield* twin.refuse(ivan, "Get-AzKeyVaultKey", both)).name, "one-holder")
      yield* twin.allow(ivan, "Get-AzKeyVaultKey", { VaultName: "contoso-ck-a1", Name: "root" })
    }),
  )

  it.effect("[CRY-056] AES keys live here, and wrap with AES-KW", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      yield* makeHsm(twin, "contoso-hsm", "s-1")
      const HsmName = "contoso-hsm"
      const key = { HsmName, Name: "aes" }
      yield* twin.allow(judy, "Add-AzKeyVaultKey", { ...key, KeyType: "oct", Size: 256 })
      const Value = Buffer.alloc(32, 3).toString("base64")
      for (const Algorithm of ["A256KW", "A256GCM", "A256CBC"]) {
        const [there, back] = Algorithm === "A256KW" ? ["Wrap", "Unwrap"] : ["Encrypt", "Decrypt"]
        const use = { ...key, Algorithm }
        const [row] = yield* twin.allow(judy, "Invoke-AzKeyVaultKeyOperation", {
          ...use,
          Operation: there,
          Value,
        })
        const [opened] = yield* twin.allow(judy, "Invoke-AzKeyVaultKeyOperation", {
          ...use,
          Operation: back,
          Value: textOf(row, "Result"),
        })
        assert.strictEqual(textOf(opened, "Result"), Value, Algorithm)
      }
      const small = { ...key, Operation: "Wrap", Algorithm: "A128KW", Value }
      assert.strictEqual(
        (yield* twin.refuse(judy, "Invoke-AzKeyVaultKeyOperation", small)).name,
        "key-algorithm",
      )
      const odd = { ...key, Name: "odd", KeyType: "oct", Size: 100 }
      assert.strictEqual((yield* twin.refuse(judy, "Add-AzKeyVaultKey", odd)).name, "key-material")
    }),
  )
})
