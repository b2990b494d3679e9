import { assert, layer } from "@effect/vitest"
import { type Actor, decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import { BlobStore, cryptoOperations, KeyVault, keysOfKind } from "../../src/index.ts"
import { grace, heidi, ivan, judy, mallory, startTwin, textOf } from "../harness.ts"
import {
  exchange,
  makeKey,
  newPolicy,
  Prepared,
  parentOf,
  prepared,
  revoke,
  withAlice,
} from "./prepared.ts"

const rename = (Identity: string, Name: string) => ({ Identity, Name })
const on = (Identity: string) => ({ Identity, Enabled: true })

layer(Prepared.layer)("creating policies", (it) => {
  it.effect("[CRY-077] [CRY-037] one key, two keys of one vault, unknown keys: all refused", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const [first] = uris
      const cases = [
        [[], "root-key-count"],
        [[first], "root-key-count"],
        [[first, first], "root-keys-apart"],
        [[first, "https://contoso-ck-b1.vault.azure.net/keys/none"], "root-keys-found"],
        [[first, "not an address"], "root-keys-found"],
      ] as const
      for (const [keys, gate] of cases) {
        const refused = yield* twin.refuse(heidi, "New-DataEncryptionPolicy", newPolicy(keys))
        assert.strictEqual(refused.name, gate, keys.join(" "))
      }
    }),
  )

  it.effect("[CRY-037] two vaults of one subscription are not enough", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const vault = {
        Name: "contoso-ck-a2",
        Location: "westeurope",
        SubscriptionId: "subscription-1",
      }
      yield* twin.allow(ivan, "New-AzKeyVault", { ...vault, Sku: "Premium" })
      const uri = yield* makeKey(twin, "contoso-ck-a2", "root")
      const refused = yield* twin.refuse(
        heidi,
        "New-DataEncryptionPolicy",
        newPolicy([uris[0], uri]),
      )
      assert.strictEqual(refused.name, "root-keys-apart")
    }),
  )

  it.effect("[CRY-037] the same subscription in capitals is the same subscription", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const vault = {
        Name: "contoso-ck-a2",
        Location: "westeurope",
        SubscriptionId: "SUBSCRIPTION-1",
      }
      yield* twin.allow(ivan, "New-AzKeyVault", { ...vault, Sku: "Premium" })
      const uri = yield* makeKey(twin, "contoso-ck-a2", "root")
      const keys = newPolicy([uris[0], uri])
      const refused = yield* twin.refuse(heidi, "New-DataEncryptionPolicy", keys)
      assert.strictEqual(refused.name, "root-keys-apart")
    }),
  )

  it.effect("[CRY-058] [CRY-107] a key that is not valid yet wraps no policy's key", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const later = { VaultName: "contoso-ck-a1", Name: "root", NotBefore: "2100-01-01" }
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", later)
      const refused = yield* twin.refuse(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
      assert.strictEqual(refused.refusal?.code, "CustomerKey.KeyNotYetValid")
      const refresh = { Identity: "Legal mailboxes", Refresh: true }
      assert.strictEqual(
        (yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", refresh)).name,
        "root-key-attributes",
      )
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...later, NotBefore: "2020-01-01" })
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
    }),
  )

  it.effect("[CRY-040] [CRY-048] [CRY-059] [CRY-041] [CRY-045] each defect of a key is named", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const [first] = uris
      const VaultName = "contoso-ck-b1"
      const refusalFor = (uri: string) =>
        Effect.map(
          twin.refuse(heidi, "New-DataEncryptionPolicy", newPolicy([first, uri])),
          (gate) => `${gate.name} ${gate.refusal?.code}`,
        )
      const ec = { VaultName, Name: "ec", Destination: "Software", KeyType: "EC" }
      const [row] = yield* twin.allow(ivan, "Add-AzKeyVaultKey", ec)
      assert.strictEqual(
        yield* refusalFor(textOf(row, "Id")),
        "root-key-type CustomerKey.KeyTypeNotSupported",
      )
      const dated = { VaultName, Name: "dated", Destination: "HSM", Expires: "2030-01-01" }
      yield* twin.allow(ivan, "Add-AzKeyVaultKey", dated)
      const uri = "https://contoso-ck-b1.vault.azure.net/keys/dated"
      assert.strictEqual(yield* refusalFor(uri), "root-key-attributes CustomerKey.KeyExpirySet")
      const moved = { VaultName, Name: "dated", Expires: "12/31/9999" }
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", moved)
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...moved, Enable: false })
      assert.strictEqual(yield* refusalFor(uri), "root-key-attributes CustomerKey.KeyDisabled")
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...moved, Enable: true })
      yield* revoke(twin, exchange)
      assert.strictEqual(yield* refusalFor(uri), "root-key-permissions CustomerKey.KeyAccessDenied")
      const only = {
        VaultName,
        ServicePrincipalName: exchange,
        PermissionsToKeys: ["get", "wrapKey"],
      }
      yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", only)
      assert.match(yield* refusalFor(uri), /^root-key-permissions/)
    }),
  )

  it.effect("[CRY-048] the one expiry that counts as none is accepted", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const moved = { VaultName: "contoso-ck-a1", Name: "root", Expires: "12/31/9999" }
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", moved)
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
    }),
  )

  it.effect("[CRY-045] a vault with a shorter recovery window is refused", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const Name = "contoso-ck-c1"
      const vault = { Name, Location: "w", SubscriptionId: "subscription-3", Sku: "Premium" }
      yield* twin.allow(ivan, "New-AzKeyVault", { ...vault, SoftDeleteRetentionInDays: 7 })
      const grant = { VaultName: Name, ServicePrincipalName: exchange }
      const PermissionsToKeys = ["get", "wrapKey", "unwrapKey"]
      yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", { ...grant, PermissionsToKeys })
      const uri = yield* makeKey(twin, Name, "root")
      const refused = yield* twin.refuse(
        heidi,
        "New-DataEncryptionPolicy",
        newPolicy([uris[0], uri]),
      )
      assert.strictEqual(refused.name, "soft-delete-retention")
    }),
  )

  it.effect("[CRY-078] names may hold spaces, and are unique", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const again = newPolicy(uris, "legal mailboxes")
      assert.strictEqual(
        (yield* twin.refuse(heidi, "New-DataEncryptionPolicy", again)).name,
        "policy-name",
      )
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris, "US Mailboxes"))
    }),
  )

  it.effect("[CRY-078] a policy is not given the name of another one later either", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris, "Second"))
      yield* twin.allow(judy, "New-M365DataAtRestEncryptionPolicy", newPolicy(uris, "Third"))
      for (const [who, cmdlet, params] of [
        [heidi, "Set-DataEncryptionPolicy", rename("Second", "LEGAL mailboxes")],
        [judy, "Set-M365DataAtRestEncryptionPolicy", rename("Third", "all")],
      ] as const) {
        assert.strictEqual((yield* twin.refuse(who, cmdlet, params)).name, "policy-name")
      }
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", rename("Second", "SECOND"))
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", rename("second", "All"))
      const [row] = yield* twin.allow(heidi, "Get-DataEncryptionPolicy", { Identity: "All" })
      assert.strictEqual(row?.["Name"], "All")
    }),
  )

  it.effect(
    "[CRY-071] the fifty-first active mailbox policy is refused, an inactive one counts not",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        for (let count = 2; count <= 50; count++) {
          yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris, `Policy ${count}`))
        }
        const refused = yield* twin.refuse(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
        assert.strictEqual(refused.name, "policy-limit")
        assert.strictEqual(refused.refusal?.code, "CustomerKey.DepLimitReached")
        yield* twin.allow(heidi, "Set-DataEncryptionPolicy", {
          Identity: "Policy 7",
          Enabled: false,
        })
        yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
        yield* twin.allow(judy, "New-M365DataAtRestEncryptionPolicy", newPolicy(uris, "Tenant"))
        // Fifty again: another may be made that is switched off, and none may be switched on.
        const passive = { ...newPolicy(uris, "Passive"), Enabled: false }
        yield* twin.allow(heidi, "New-DataEncryptionPolicy", passive)
        for (const name of ["Policy 7", "Passive"]) {
          const late = yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", on(name))
          assert.strictEqual(late.refusal?.code, "CustomerKey.DepLimitReached")
        }
        yield* twin.allow(heidi, "Set-DataEncryptionPolicy", on("Policy 8"))
        const off = { Identity: "Policy 8", Enabled: false }
        yield* twin.allow(heidi, "Set-DataEncryptionPolicy", off)
        yield* twin.allow(heidi, "Set-DataEncryptionPolicy", on("Passive"))
      }),
  )

  it.effect(
    "[CRY-052] [CRY-051] nothing before onboarding, and validating alone onboards nobody",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        const fresh = yield* startTwin("not onboarded")
        const refused = yield* fresh.refuse(heidi, "New-DataEncryptionPolicy", newPolicy(uris))
        assert.strictEqual(refused.name, "customer-key-onboarding")
        const request = {
          Organization: "contoso.com",
          Scenario: "EXO",
          Subscription1: "subscription-1",
          KeyIdentifier1: uris[0],
          Subscription2: "subscription-1",
          KeyIdentifier2: uris[0],
          OnboardingMode: "Validate",
        }
        const failed = yield* twin.call(ivan, "New-CustomerKeyOnboardingRequest", request)
        assert.deepInclude(failed.output[0], {
          ValidationResult: "Failed",
          FailedValidations: ["root-keys-apart"],
        })
        const wrong = { ...request, KeyIdentifier2: uris[1] }
        const mismatch = yield* twin.call(ivan, "New-CustomerKeyOnboardingRequest", wrong)
        assert.deepInclude(mismatch.output[0], {
          FailedValidations: ["onboarding-subscriptions"],
        })
        const good = { ...wrong, Subscription2: "subscription-2" }
        const validated = yield* twin.call(ivan, "New-CustomerKeyOnboardingRequest", good)
        assert.deepInclude(validated.output[0], { ValidationResult: "Success" })
        assert.deepStrictEqual(validated.record?.events, [])
      }),
  )

  it.effect(
    "[CRY-079] each kind of policy has its roles; without one the cmdlet is not there",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        const params = newPolicy(uris, "X")
        for (const [who, cmdlet] of [
          [judy, "New-DataEncryptionPolicy"],
          [heidi, "New-M365DataAtRestEncryptionPolicy"],
          [mallory, "New-DataEncryptionPolicy"],
        ] as const) {
          const refused = yield* twin.refuse(who, cmdlet, params)
          assert.strictEqual(refused.refusal?.code, "CommandNotFoundException")
          assert.include(refused.refusal?.message ?? "", cmdlet)
        }
        const keys = { PrimaryKeyVaultUri: uris[0], SecondaryKeyVaultUri: uris[1] }
        const of = { Identity: "X" }
        const one = { KeyVaultUri: uris[0], KeyType: "Primary" }
        const site = { Identity: "https://contoso.sharepoint.com/sites/Launch" }
        const cmdlets = [
          [[heidi, ivan], "Get-DataEncryptionPolicy", of],
          [[heidi, ivan], "Set-DataEncryptionPolicy", of],
          [[heidi, ivan], "Set-MailUser", of],
          [[judy, ivan], "Get-M365DataAtRestEncryptionPolicy", of],
          [[judy, ivan], "Set-M365DataAtRestEncryptionPolicy", of],
          [[judy, ivan], "Test-M365DataAtRestEncryptionPolicy", of],
          [[judy, ivan], "Get-M365DataAtRestEncryptionPolicyAssignment", {}],
          [
            [judy, ivan],
            "Set-M365DataAtRestEncryptionPolicyAssignment",
            { DataEncryptionPolicy: "X" },
          ],
          [[grace, ivan], "Register-SPODataEncryptionPolicy", keys],
          [[grace, ivan], "Restore-SPODataEncryptionPolicy", keys],
          [[grace, ivan], "Update-SPODataEncryptionPolicy", one],
          [[grace, ivan], "Get-SPODataEncryptionPolicy", {}],
          [[grace, ivan], "Get-SPOSiteDataEncryptionPolicy", site],
        ] as const
        for (const [allowed, cmdlet, given] of cmdlets) {
          const may: readonly Actor[] = allowed
          for (const who of [grace, heidi, ivan, judy, mallory]) {
            const { decision } = yield* (yield* prepared).twin.call(who, cmdlet, given)
            const gate = decidingGate(decision)
            const isStopped = gate.name === "role" && gate.verdict === "deny"
            assert.strictEqual(isStopped, !may.includes(who), `${cmdlet} ${who.id}`)
            if (isStopped) assert.strictEqual(gate.refusal?.code, "CommandNotFoundException")
          }
        }
        yield* twin.allow(grace, "Register-SPODataEncryptionPolicy", keys)
      }),
  )

  it.effect(
    "[CRY-088] [CRY-089] [CRY-081] the policy's key exists in three wrapped copies and nowhere in the clear",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        const dep = yield* parentOf(twin, "alice@contoso.com")
        const [ids, inVault] = yield* twin.run(() =>
          Effect.gen(function* () {
            const blobs = yield* BlobStore
            const vault = yield* KeyVault
            return [yield* blobs.list(`wrapped-keys/${dep}/`), yield* vault.has(dep ?? "")] as const
          }),
        )
        assert.strictEqual(ids.length, 3)
        assert.isFalse(inVault)
        const [row] = yield* twin.allow(heidi, "Get-DataEncryptionPolicy", {
          Identity: "Legal mailboxes",
        })
        assert.deepStrictEqual(Object.keys(row ?? {}).toSorted(), [
          "AzureKeyIDs",
          "Description",
          "Enabled",
          "Guid",
          "Identity",
          "Name",
          "PermanentDataPurgeContact",
          "PermanentDataPurgeReason",
        ])
        assert.notInclude(JSON.stringify(row), "availability")
        // No command of the domain but Microsoft's own knows the third key.
        const named = cryptoOperations.map(({ name }) => name).filter((it) => /availab/i.test(it))
        assert.deepStrictEqual(named, ["roll-availability-key"])
      }),
  )

  it.effect("[CRY-088] [CRY-090] each policy brings an availability key of its own", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const count = Effect.map(twin.world, (world) => keysOfKind(world, "AvailabilityKey").length)
      const before = yield* count
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris, "Fresh"))
      yield* twin.allow(judy, "New-M365DataAtRestEncryptionPolicy", newPolicy(uris, "Fresh"))
      assert.strictEqual(yield* count, before + 2)
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", { Identity: "Fresh", Refresh: true })
      assert.strictEqual(yield* count, before + 2)
    }),
  )

  it.effect("an unknown identity lists all policies, a known one itself", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris, "Second"))
      const names = (Identity: string | null) =>
        Effect.map(twin.allow(heidi, "Get-DataEncryptionPolicy", { Identity }), (rows) =>
          rows.map((row) => row["Name"]),
        )
      assert.deepStrictEqual(yield* names("second"), ["Second"])
      assert.deepStrictEqual(yield* names("nothing"), ["Legal mailboxes", "Second"])
      assert.deepStrictEqual(yield* names(null), ["Legal mailboxes", "Second"])
      yield* twin.allow(judy, "New-M365DataAtRestEncryptionPolicy", newPolicy(uris, "More"))
      for (const Identity of ["nothing", null]) {
        const rows = yield* twin.allow(judy, "Get-M365DataAtRestEncryptionPolicy", { Identity })
        assert.deepStrictEqual(
          rows.map((row) => row["Name"]),
          ["All", "More"],
        )
      }
    }),
  )
})
