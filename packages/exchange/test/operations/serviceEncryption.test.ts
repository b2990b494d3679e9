import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { days } from "@twin/kernel"
import { Effect } from "effect"
import { actor, heidi, ivan, makeTenant, type Tenant } from "../tenant.ts"

const alice = actor("alice")
const bob = actor("bob")
const discovery = actor("judy", "browser", ["eDiscovery Manager"])
const exchange = "00000002-0000-0ff1-ce00-000000000000"
const vaults = [
  ["contoso-ck-ex-a1", "subscription-a"],
  ["contoso-ck-ex-b1", "subscription-b"],
] as const

/** Bob's mailbox under a policy of its own, with a message in it. */
const underCustomerKey = Effect.gen(function* () {
  const it = yield* makeTenant()
  const uris: unknown[] = []
  for (const [VaultName, SubscriptionId] of vaults) {
    const vault = { Name: VaultName, Location: "westeurope", SubscriptionId, Sku: "Premium" }
    yield* it.allow(ivan, "New-AzKeyVault", vault)
    yield* it.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
      VaultName,
      ServicePrincipalName: exchange,
      PermissionsToKeys: ["get", "wrapKey", "unwrapKey"],
    })
    const key = { VaultName, Name: "root", Destination: "HSM" }
    uris.push((yield* it.allow(ivan, "Add-AzKeyVaultKey", key))["Id"])
  }
  yield* it.allow(ivan, "New-CustomerKeyOnboardingRequest", {
    Organization: "contoso.com",
    Scenario: "EXO",
    Subscription1: "subscription-a",
    KeyIdentifier1: uris[0],
    Subscription2: "subscription-b",
    KeyIdentifier2: uris[1],
    OnboardingMode: "Enable",
  })
  yield* it.allow(heidi, "New-DataEncryptionPolicy", { Name: "Board", AzureKeyIDs: uris })
  const assign = { Identity: "bob@contoso.com", DataEncryptionPolicy: "Board" }
  yield* it.call(heidi, "Set-Mailbox", assign)
  const mail = { to: ["bob@contoso.com"], subject: "Offer", body: "37 percent" }
  return { it, message: yield* it.send(alice, mail) }
})

const fallbacks = (it: Tenant) =>
  Effect.map(it.audit, (all) =>
    all.filter(({ Operation }) => Operation === "Fallback to Availability Key"),
  )
const revoke = Effect.fnUntraced(function* (it: Tenant) {
  for (const [VaultName] of vaults) {
    const params = { VaultName, ServicePrincipalName: exchange }
    yield* it.call(ivan, "Remove-AzKeyVaultAccessPolicy", params)
  }
})
const fail = Effect.fnUntraced(function* (it: Tenant, condition: string) {
  for (const [vault] of vaults) {
    yield* it.call(ivan, "set-key-vault-condition", { vault, condition })
  }
})

describe("messages under Customer Key", () => {
  it.effect(
    "[CRY-085] [CRY-086] [CRY-129] after a revocation discovery goes on, with a record; people do not",
    () =>
      Effect.gen(function* () {
        const { it, message } = yield* underCustomerKey
        yield* it.allow(bob, "open-message", { message })
        yield* it.allow(discovery, "ediscovery-export", { message })
        assert.isEmpty(yield* fallbacks(it), "the customer's keys answer")
        yield* revoke(it)
        for (const use of ["open-message", "print-message"]) {
          assert.strictEqual((yield* it.refuse(bob, use, { message })).name, "root-keys")
        }
        assert.isEmpty(yield* fallbacks(it), "what is refused uses no key")
        const found = yield* it.allow(discovery, "ediscovery-export", { message })
        assert.isString(found["sha256"])
        const [record, ...others] = yield* fallbacks(it)
        assert.isEmpty(others)
        assert.deepInclude(record, { RecordType: 69, Workload: "Exchange", UserId: discovery.id })
        const policy = (yield* it.allow(heidi, "Get-DataEncryptionPolicy", {}))["Guid"]
        assert.deepInclude(record, { ObjectId: policy, "Policy Id": policy })
        assert.match(JSON.stringify(record?.["Request Id"]), /^"[0-9a-f-]{36}"$/)
        assert.notInclude(JSON.stringify(record), message)
      }),
  )

  it.effect(
    "[CRY-086] [CRY-129] mail that comes in after a revocation is kept, with a record",
    () =>
      Effect.gen(function* () {
        const { it } = yield* underCustomerKey
        yield* revoke(it)
        const late = yield* it.send(alice, { to: ["bob@contoso.com"], subject: "Late", body: "41" })
        assert.deepStrictEqual(
          (yield* fallbacks(it)).map(({ UserId }) => UserId),
          [alice.id],
        )
        assert.strictEqual(
          (yield* it.refuse(bob, "open-message", { message: late })).name,
          "root-keys",
        )
        for (const [VaultName] of vaults) {
          yield* it.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
            VaultName,
            ServicePrincipalName: exchange,
            PermissionsToKeys: ["get", "wrapKey", "unwrapKey"],
          })
        }
        const opened = yield* it.allow(bob, "open-message", { message: late })
        assert.strictEqual(opened["bodyDigest"], createHash("sha256").update("41").digest("hex"))
      }),
  )

  it.effect(
    "[CRY-084] [CRY-129] people go on while both vaults are silent, each time recorded",
    () =>
      Effect.gen(function* () {
        const { it, message } = yield* underCustomerKey
        yield* fail(it, "timeout")
        yield* it.allow(bob, "open-message", { message })
        yield* it.allow(bob, "print-message", { message })
        yield* it.allow(bob, "reply-message", { message, body: "Fine." })
        const records = yield* fallbacks(it)
        assert.deepStrictEqual(
          records.map(({ UserId }) => UserId),
          [bob.id, bob.id, bob.id],
        )
        yield* fail(it, "none")
        yield* it.allow(bob, "open-message", { message })
        assert.strictEqual((yield* fallbacks(it)).length, 3)
      }),
  )

  it.effect("[CRY-126] [CRY-122] once the policy is purged discovery reads nothing either", () =>
    Effect.gen(function* () {
      const { it, message } = yield* underCustomerKey
      yield* revoke(it)
      yield* it.call(heidi, "Set-DataEncryptionPolicy", {
        Identity: "Board",
        PermanentDataPurgeRequested: true,
        PermanentDataPurgeReason: "Contoso leaves",
        PermanentDataPurgeContact: "Ivan",
      })
      yield* it.call(heidi, "open-purge-ticket", { policy: "Board" })
      yield* it.allow(discovery, "ediscovery-export", { message })
      yield* it.allow(ivan, "sign-data-purge", { policy: "Board" })
      yield* it.wait(days(1))
      const refused = yield* it.refuse(discovery, "ediscovery-export", { message })
      assert.strictEqual(refused.name, "key-hierarchy")
      assert.strictEqual((yield* it.refuse(bob, "open-message", { message })).name, "key-hierarchy")
      // Who is under Microsoft's keys has never depended on it.
      const own = yield* it.send(bob, { to: ["alice@contoso.com"], subject: "x", body: "y" })
      yield* it.allow(alice, "open-message", { message: own })
    }),
  )
})
