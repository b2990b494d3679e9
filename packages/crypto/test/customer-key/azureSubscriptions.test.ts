import { assert, describe, it, layer } from "@effect/vitest"
import { Effect } from "effect"
import {
  businessDaysAfter,
  isPaid,
  SubscriptionOffer,
} from "../../src/customer-key/AzureSubscription.ts"
import { recoveryLevelOf } from "../../src/customer-key/recoveryLevel.ts"
import { KeyVault, vaultOf } from "../../src/index.ts"
import { heidi, ivan, mallory, startTwin, textOf } from "../harness.ts"
import {
  makeKey,
  newPolicy,
  opens,
  Prepared,
  prepared,
  protect,
  retention,
  withSites,
} from "./prepared.ts"

const at = (iso: string): number => Date.parse(iso)
const day = 24 * 3_600_000

describe("subscriptions", () => {
  it("[CRY-036] three offers are paid for, five are not", () => {
    const paid = SubscriptionOffer.literals.filter(isPaid)
    assert.deepStrictEqual(paid, ["EnterpriseAgreement", "CloudSolutionProvider", "PayAsYouGo"])
    assert.strictEqual(SubscriptionOffer.literals.length, 8)
  })

  it("[CRY-046] five business days leave out the weekend", () => {
    // 2026-09-04 is a Friday, 2026-09-05 a Saturday.
    assert.strictEqual(businessDaysAfter(at("2026-09-04T10:00Z"), 5), at("2026-09-11T10:00Z"))
    assert.strictEqual(businessDaysAfter(at("2026-09-05T10:00Z"), 1), at("2026-09-07T10:00Z"))
    assert.strictEqual(businessDaysAfter(at("2026-09-07T10:00Z"), 4), at("2026-09-11T10:00Z"))
  })

  it.effect(
    "[CRY-046] a registration is asked for, completed by Microsoft, then put in force",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("retention")
        const SubscriptionId = "s-1"
        const vault = { Name: "contoso-r1", Location: "w", SubscriptionId, Sku: "Premium" }
        yield* twin.allow(ivan, "New-AzKeyVault", vault)
        yield* makeKey(twin, "contoso-r1", "k")
        const feature = { ...retention, SubscriptionId }
        const state = Effect.map(twin.allow(ivan, "Get-AzProviderFeature", feature), (rows) =>
          textOf(rows[0], "RegistrationState"),
        )
        const level = Effect.map(
          twin.allow(ivan, "Get-AzKeyVaultKey", { VaultName: "contoso-r1", Name: "k" }),
          (rows) => textOf(rows[0], "RecoveryLevel"),
        )
        assert.strictEqual(yield* state, "NotRegistered")
        const early = yield* twin.refuse(ivan, "request-mandatory-retention", {
          subscription: SubscriptionId,
        })
        assert.strictEqual(early.name, "mandatory-retention-request")
        yield* twin.allow(ivan, "Register-AzProviderFeature", feature)
        assert.strictEqual(yield* state, "Pending")
        // Nobody told Microsoft: nothing ever happens.
        yield* twin.advance(30 * day)
        assert.strictEqual(yield* state, "Pending")
        yield* twin.allow(ivan, "request-mandatory-retention", { subscription: SubscriptionId })
        const due = businessDaysAfter(yield* twin.now, 5)
        yield* twin.advance(due - (yield* twin.now) - 1)
        assert.strictEqual(yield* state, "Pending")
        yield* twin.advance(1)
        assert.strictEqual(yield* state, "Registered")
        // The vaults learn of it when their provider is registered again.
        assert.strictEqual(yield* level, "Recoverable+Purgeable")
        const provider = { ProviderNamespace: "Microsoft.KeyVault", SubscriptionId }
        const registered = Effect.map(
          twin.allow(ivan, "Get-AzResourceProvider", provider),
          (rows) => textOf(rows[0], "RegistrationState"),
        )
        assert.strictEqual(yield* registered, "NotRegistered")
        yield* twin.allow(ivan, "Register-AzResourceProvider", provider)
        assert.strictEqual(yield* registered, "Registered")
        assert.strictEqual(yield* level, "Recoverable+ProtectedSubscription")
        assert.strictEqual(
          (yield* twin.refuse(mallory, "Register-AzProviderFeature", feature)).name,
          "role",
        )
        const again = yield* twin.allow(ivan, "Register-AzProviderFeature", feature)
        assert.strictEqual(textOf(again[0], "RegistrationState"), "Registered")
        const other = { ...feature, FeatureName: "other" }
        const [row] = yield* twin.allow(ivan, "Register-AzProviderFeature", other)
        assert.strictEqual(textOf(row, "RegistrationState"), "Registered")
      }),
  )

  it.effect("[CRY-046] registering the provider before the feature does not count", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("order")
      const SubscriptionId = "s-1"
      const provider = { ProviderNamespace: "Microsoft.KeyVault", SubscriptionId }
      yield* twin.allow(ivan, "Register-AzResourceProvider", provider)
      yield* twin.advance(1)
      yield* twin.allow(ivan, "Register-AzProviderFeature", { ...retention, SubscriptionId })
      yield* twin.allow(ivan, "request-mandatory-retention", { subscription: SubscriptionId })
      yield* twin.advance(8 * day)
      yield* twin.allow(ivan, "New-AzKeyVault", { Name: "abc", Location: "w", SubscriptionId })
      const world = yield* twin.world
      const vault = vaultOf(world, "abc")
      assert.strictEqual(vault && recoveryLevelOf(world, vault), "Recoverable+Purgeable")
    }),
  )
})

layer(Prepared.layer)("what Customer Key asks of subscriptions", (it) => {
  it.effect("[CRY-036] a subscription that is not paid for is refused, whatever its offer", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      for (const offer of SubscriptionOffer.literals) {
        yield* twin.allow(ivan, "set-azure-subscription", { subscription: "subscription-2", offer })
        const { decision } = yield* twin.call(
          heidi,
          "New-DataEncryptionPolicy",
          newPolicy(uris, `With ${offer}`),
        )
        assert.strictEqual(decision.outcome, isPaid(offer) ? "allow" : "deny", offer)
        if (!isPaid(offer)) {
          assert.strictEqual(
            decision.gates.at(-1)?.refusal?.code,
            "CustomerKey.SubscriptionNotPaid",
          )
        }
      }
    }),
  )

  it.effect("[CRY-037] a subscription of another directory is refused", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const foreign = { subscription: "subscription-1", offer: "PayAsYouGo", isInTenant: false }
      yield* twin.allow(ivan, "set-azure-subscription", foreign)
      const refused = yield* twin.refuse(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
      assert.strictEqual(refused.refusal?.code, "CustomerKey.SubscriptionNotInTenant")
    }),
  )

  it.effect(
    "[CRY-047] [CRY-061] the recovery level tells how well a deleted key is protected",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("levels")
        const make = Effect.fnUntraced(function* (Name: string, params: object) {
          yield* twin.allow(ivan, "New-AzKeyVault", {
            Name,
            Location: "w",
            Sku: "Premium",
            ...params,
          })
          yield* makeKey(twin, Name, "k")
          const [row] = yield* twin.allow(ivan, "Get-AzKeyVaultKey", { VaultName: Name, Name: "k" })
          return textOf(row, "RecoveryLevel")
        })
        yield* protect(twin, "safe")
        const open = { SubscriptionId: "open" }
        const safe = { SubscriptionId: "safe" }
        const short = { SoftDeleteRetentionInDays: 30 }
        const purge = { EnablePurgeProtection: true }
        assert.deepStrictEqual(
          [
            yield* make("vault-1", open),
            yield* make("vault-2", { ...open, ...purge }),
            yield* make("vault-3", safe),
            yield* make("vault-4", { ...open, ...short }),
            yield* make("vault-5", { ...open, ...short, ...purge }),
            yield* make("vault-6", { ...safe, ...short, ...purge }),
          ],
          [
            "Recoverable+Purgeable",
            "Recoverable",
            "Recoverable+ProtectedSubscription",
            "CustomizedRecoverable+Purgeable",
            "CustomizedRecoverable",
            "CustomizedRecoverable+ProtectedSubscription",
          ],
        )
      }),
  )

  it.effect("[CRY-047] SharePoint takes no key without mandatory retention, Exchange does", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const Name = "contoso-open"
      const vault = { Name, Location: "w", SubscriptionId: "subscription-3", Sku: "Premium" }
      yield* twin.allow(ivan, "New-AzKeyVault", vault)
      for (const ServicePrincipalName of [
        "00000002-0000-0ff1-ce00-000000000000",
        "00000003-0000-0ff1-ce00-000000000000",
      ]) {
        const PermissionsToKeys = ["get", "wrapKey", "unwrapKey"]
        const grant = { VaultName: Name, ServicePrincipalName, PermissionsToKeys }
        yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", grant)
      }
      const keys = [uris[0], yield* makeKey(twin, Name, "k")] as const
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(keys))
      const params = { PrimaryKeyVaultUri: keys[0], SecondaryKeyVaultUri: keys[1] }
      const refused = yield* twin.refuse(ivan, "Register-SPODataEncryptionPolicy", params)
      assert.strictEqual(refused.refusal?.code, "CustomerKey.RecoveryLevelNotAcceptable")
    }),
  )

  it.effect(
    "[CRY-046] cancelled under mandatory retention, a subscription comes back with its keys",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withSites
        for (const Id of ["subscription-1", "subscription-2"]) {
          yield* twin.allow(ivan, "Disable-AzSubscription", { Id })
        }
        yield* twin.advance(2 * day)
        assert.isFalse(yield* opens(twin, "plan.docx"))
        const early = yield* twin.refuse(ivan, "Undo-AzKeyVaultRemoval", {
          VaultName: "contoso-ck-a1",
        })
        assert.strictEqual(early.name, "azure-subscription")
        const again = yield* twin.refuse(ivan, "Disable-AzSubscription", { Id: "subscription-1" })
        assert.strictEqual(again.name, "azure-subscription")
        yield* twin.allow(ivan, "Enable-AzSubscription", { Id: "subscription-1" })
        yield* twin.allow(ivan, "Undo-AzKeyVaultRemoval", { VaultName: "contoso-ck-a1" })
        assert.isTrue(yield* opens(twin, "plan.docx"))
      }),
  )

  it.effect("[CRY-046] without it the keys are gone at once and for ever", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("cancel")
      const SubscriptionId = "s-1"
      yield* twin.allow(ivan, "New-AzKeyVault", { Name: "abc", Location: "w", SubscriptionId })
      const [row] = yield* twin.allow(ivan, "Add-AzKeyVaultKey", {
        VaultName: "abc",
        Name: "k",
        Destination: "Software",
      })
      const id = textOf(row, "Id")
      yield* twin.allow(ivan, "Disable-AzSubscription", { Id: SubscriptionId })
      const left = yield* twin.run(() => Effect.flatMap(KeyVault, (keys) => keys.has(id)))
      assert.isFalse(left)
      const back = yield* twin.refuse(ivan, "Enable-AzSubscription", { Id: SubscriptionId })
      assert.strictEqual(back.name, "cancelled-subscription")
      const fresh = { Name: "def", Location: "w", SubscriptionId }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "New-AzKeyVault", fresh)).name,
        "azure-subscription",
      )
    }),
  )
})
