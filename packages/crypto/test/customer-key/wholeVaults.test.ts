import { assert, layer } from "@effect/vitest"
import { type Actor } from "@twin/kernel"
import { Effect } from "effect"
import { keyAnswer } from "../../src/customer-key/keyAnswer.ts"
import { KeyVault, servicePrincipals } from "../../src/index.ts"
import { heidi, ivan, type Twin } from "../harness.ts"
import {
  exchange,
  liftRetention,
  mail,
  makeKey,
  opens,
  Prepared,
  prepared,
  withAlice,
} from "./prepared.ts"

const day = 24 * 3_600_000
const purger: Actor = { ...ivan, id: "purger@contoso.com", roles: ["Key Vault Purge Operator"] }

const rbacVault = Effect.fnUntraced(function* (twin: Twin) {
  const Name = "contoso-rbac"
  const vault = { Name, Location: "westeurope", SubscriptionId: "subscription-9", Sku: "Premium" }
  yield* twin.allow(ivan, "New-AzKeyVault", { ...vault, EnableRbacAuthorization: true })
  const Scope = `/subscriptions/subscription-9/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${Name}`
  const officer = { RoleDefinitionName: "Key Vault Crypto Officer", Scope, SignInName: ivan.id }
  yield* twin.allow(ivan, "New-AzRoleAssignment", officer)
  const uri = yield* makeKey(twin, Name, "root")
  const role = "Key Vault Crypto Service Encryption User"
  const service = { RoleDefinitionName: role, Scope, ApplicationId: exchange }
  yield* twin.allow(ivan, "New-AzRoleAssignment", service)
  const ask = Effect.map(twin.world, (world) =>
    keyAnswer(world, { uri, principal: exchange, operation: "unwrapKey" }),
  )
  return { Name, Scope, service, uri, ask }
})

layer(Prepared.layer)("whole vaults", (it) => {
  it.effect("[CRY-043] where roles count, a role permits and an access policy does not", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const { Name, service, ask } = yield* rbacVault(twin)
      assert.strictEqual((yield* ask).result, "Success")
      yield* twin.allow(ivan, "Remove-AzRoleAssignment", service)
      assert.deepInclude(yield* ask, {
        result: "AccessDenied",
        status: 403,
        refusal: {
          code: "ForbiddenByRbac",
          message: "Caller is not authorized to perform action on resource.",
        },
      })
      const PermissionsToKeys = ["get", "wrapKey", "unwrapKey"]
      const grant = { VaultName: Name, ServicePrincipalName: exchange, PermissionsToKeys }
      yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", grant)
      assert.strictEqual((yield* ask).result, "AccessDenied")
      yield* twin.allow(ivan, "Update-AzKeyVault", {
        VaultName: Name,
        EnableRbacAuthorization: false,
      })
      assert.strictEqual((yield* ask).result, "Success")
      const lost = { ...service, Scope: "/subscriptions/x" }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "New-AzRoleAssignment", lost)).name,
        "role-scope",
      )
      const two = { ...service, SignInName: ivan.id }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "New-AzRoleAssignment", two)).name,
        "one-principal",
      )
      assert.strictEqual((yield* twin.refuse(heidi, "New-AzRoleAssignment", service)).name, "role")
    }),
  )

  it.effect(
    "[CRY-063] a recovered vault has its keys again, but none of its role assignments",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        const { Name, service, ask } = yield* rbacVault(twin)
        yield* twin.allow(ivan, "Remove-AzKeyVault", { VaultName: Name, Force: true })
        assert.deepInclude(yield* ask, { result: "AccessDenied", status: 404 })
        const [gone] = yield* twin.allow(ivan, "Get-AzKeyVault", { InRemovedState: true })
        assert.strictEqual(gone?.["VaultName"], Name)
        yield* twin.allow(ivan, "Undo-AzKeyVaultRemoval", { VaultName: Name })
        assert.strictEqual((yield* ask).refusal?.code, "ForbiddenByRbac")
        yield* twin.allow(ivan, "New-AzRoleAssignment", service)
        assert.strictEqual((yield* ask).result, "Success")
      }),
  )

  it.effect("[CRY-063] an access policy comes back with its vault", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      for (const VaultName of ["contoso-ck-a1", "contoso-ck-b1"]) {
        yield* twin.allow(ivan, "Remove-AzKeyVault", { VaultName })
      }
      assert.isFalse(yield* opens(twin, mail))
      yield* twin.allow(ivan, "Undo-AzKeyVaultRemoval", { VaultName: "contoso-ck-b1" })
      assert.isTrue(yield* opens(twin, mail))
    }),
  )

  it.effect("[CRY-060] [CRY-062] a deleted vault holds its name until its time is over", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const vault = { Name: "contoso-short", Location: "w", SubscriptionId: "s" }
      yield* twin.allow(ivan, "New-AzKeyVault", { ...vault, SoftDeleteRetentionInDays: 7 })
      yield* twin.allow(ivan, "Remove-AzKeyVault", { VaultName: "contoso-short" })
      const taken = yield* twin.refuse(ivan, "New-AzKeyVault", vault)
      assert.strictEqual(taken.refusal?.code, "ObjectIsDeletedButRecoverable")
      assert.include(taken.refusal?.message ?? "", "its name cannot be reused")
      yield* twin.advance(7 * day - 1)
      assert.strictEqual((yield* twin.refuse(ivan, "New-AzKeyVault", vault)).name, "vault-name")
      const due = yield* twin.advance(1)
      assert.deepStrictEqual(
        due.map(({ operation }) => operation),
        ["key-vault-purged"],
      )
      const late = yield* twin.refuse(ivan, "Undo-AzKeyVaultRemoval", {
        VaultName: "contoso-short",
      })
      assert.strictEqual(late.name, "deleted-vault")
      yield* twin.allow(ivan, "New-AzKeyVault", vault)
    }),
  )

  it.effect("[CRY-060] a deleted key is purged when its time is over, and not an hour before", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      const key = { VaultName: "contoso-ck-a1", Name: "root" }
      yield* twin.allow(ivan, "Remove-AzKeyVaultKey", key)
      const listed = yield* twin.allow(ivan, "Get-AzKeyVaultKey", { ...key, InRemovedState: true })
      assert.strictEqual(listed.length, 1)
      yield* twin.advance(90 * day - 1)
      yield* twin.allow(ivan, "Undo-AzKeyVaultKeyRemoval", key)
      yield* twin.allow(ivan, "Remove-AzKeyVaultKey", key)
      yield* twin.advance(90 * day)
      assert.strictEqual(
        (yield* twin.refuse(ivan, "Undo-AzKeyVaultKeyRemoval", key)).name,
        "deleted-key",
      )
    }),
  )

  it.effect(
    "[CRY-061] [CRY-046] purging a vault needs its own permission, and protection forbids it",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        const VaultName = "contoso-ck-a1"
        const purge = { VaultName, InRemovedState: true, Force: true }
        assert.strictEqual(
          (yield* twin.refuse(purger, "Remove-AzKeyVault", purge)).name,
          "deleted-vault",
        )
        yield* twin.allow(ivan, "Remove-AzKeyVault", { VaultName })
        assert.strictEqual(
          (yield* twin.refuse(ivan, "Remove-AzKeyVault", purge)).name,
          "purge-permission",
        )
        const kept = yield* twin.refuse(purger, "Remove-AzKeyVault", purge)
        assert.include(kept.reason, "mandatory retention")
        yield* liftRetention(twin)
        yield* twin.allow(purger, "Remove-AzKeyVault", purge)
        const left = yield* twin.run(() => Effect.flatMap(KeyVault, (keys) => keys.has(uris[0])))
        assert.isFalse(left)
      }),
  )

  it.effect("[CRY-061] purge protection can be switched on and never off", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const vault = { Name: "contoso-pp", Location: "w", SubscriptionId: "s" }
      yield* twin.allow(ivan, "New-AzKeyVault", vault)
      yield* twin.allow(ivan, "Update-AzKeyVault", {
        VaultName: "contoso-pp",
        EnablePurgeProtection: true,
      })
      const off = { VaultName: "contoso-pp", EnablePurgeProtection: false }
      const error = yield* Effect.flip(twin.call(ivan, "Update-AzKeyVault", off))
      assert.strictEqual(error._tag, "ParametersInvalid")
      yield* twin.allow(ivan, "Remove-AzKeyVault", { VaultName: "contoso-pp" })
      const purge = { VaultName: "contoso-pp", InRemovedState: true }
      assert.strictEqual(
        (yield* twin.refuse(purger, "Remove-AzKeyVault", purge)).name,
        "purge-protection",
      )
    }),
  )

  it.effect("[CRY-042] every service has a principal of its own, the onboarding too", () =>
    Effect.sync(() => {
      assert.deepStrictEqual(
        { ...servicePrincipals },
        {
          Exchange: "00000002-0000-0ff1-ce00-000000000000",
          SharePoint: "00000003-0000-0ff1-ce00-000000000000",
          M365DataAtRestEncryption: "c066d759-24ae-40e7-a56f-027002b5d3e4",
          Onboarding: "19f7f505-34aa-44a4-9dcc-6a768854d2ea",
          RightsManagement: "00000012-0000-0000-c000-000000000000",
        },
      )
    }),
  )
})
