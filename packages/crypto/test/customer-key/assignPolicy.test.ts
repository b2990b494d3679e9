import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { containerKey } from "../../src/at-rest/Hierarchy.ts"
import { BlobStore, KeyVault, keyOf, keysOfKind, sealAtRest } from "../../src/index.ts"
import { heidi, ivan, judy, textOf } from "../harness.ts"
import {
  exchange,
  mail,
  makeKey,
  newPolicy,
  opens,
  Prepared,
  parentOf,
  plaintext,
  prepared,
  revoke,
  site,
  withAlice,
} from "./prepared.ts"

const off = (Identity: string) => ({ Identity, Enabled: false })

layer(Prepared.layer)("assigning and rolling", (it) => {
  it.effect(
    "[CRY-067] [CRY-069] [CRY-073] the multi-workload policy takes every mailbox that has none of its own",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        const own = yield* parentOf(twin, "alice@contoso.com")
        yield* twin.allow(judy, "Set-M365DataAtRestEncryptionPolicyAssignment", {
          DataEncryptionPolicy: "All",
        })
        assert.strictEqual(yield* parentOf(twin, "alice@contoso.com"), own)
        assert.match((yield* parentOf(twin, "bob@contoso.com")) ?? "", /^dep-key\/(?!microsoft)/)
        assert.isTrue(yield* opens(twin, "mail of bob@contoso.com"))
        const fresh = {
          workload: "Exchange",
          container: "carol@contoso.com",
          objectId: "c",
          plaintext,
        } as const
        yield* twin.store((world) => sealAtRest(world, fresh))
        assert.strictEqual(
          yield* parentOf(twin, "carol@contoso.com"),
          yield* parentOf(twin, "bob@contoso.com"),
        )
      }),
  )

  it.effect("[CRY-068] the multi-workload policy leaves SharePoint alone", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      const before = keyOf(yield* twin.world, containerKey("SharePoint", site))
      yield* twin.allow(judy, "Set-M365DataAtRestEncryptionPolicyAssignment", {
        DataEncryptionPolicy: "All",
      })
      assert.deepStrictEqual(keyOf(yield* twin.world, containerKey("SharePoint", site)), before)
    }),
  )

  it.effect(
    "[CRY-070] [CRY-080] one is assigned at a time, and the assigned one cannot be disabled",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        const assign = (DataEncryptionPolicy: string) =>
          twin.allow(judy, "Set-M365DataAtRestEncryptionPolicyAssignment", { DataEncryptionPolicy })
        yield* twin.allow(judy, "New-M365DataAtRestEncryptionPolicy", newPolicy(uris, "Second"))
        yield* assign("All")
        yield* assign("Second")
        const rows = yield* twin.allow(judy, "Get-M365DataAtRestEncryptionPolicyAssignment", {})
        assert.deepStrictEqual(
          rows.map((row) => row["Name"]),
          ["Second"],
        )
        const refused = yield* twin.refuse(
          judy,
          "Set-M365DataAtRestEncryptionPolicy",
          off("Second"),
        )
        assert.strictEqual(refused.name, "switching-off")
        yield* twin.allow(judy, "Set-M365DataAtRestEncryptionPolicy", off("All"))
        const again = { DataEncryptionPolicy: "All" }
        assert.strictEqual(
          (yield* twin.refuse(judy, "Set-M365DataAtRestEncryptionPolicyAssignment", again)).name,
          "policy-usable",
        )
      }),
  )

  it.effect(
    "[CRY-003] [CRY-117] taking a policy away wraps with Microsoft's keys: never unencrypted",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        yield* twin.allow(heidi, "Set-Mailbox", {
          Identity: "alice@contoso.com",
          DataEncryptionPolicy: null,
        })
        assert.strictEqual(yield* parentOf(twin, "alice@contoso.com"), "dep-key/microsoft-managed")
        assert.isTrue(yield* opens(twin, mail))
        yield* revoke(twin, exchange)
        assert.isTrue(yield* opens(twin, mail))
        const own = { Identity: "alice@contoso.com", DataEncryptionPolicy: "microsoft-managed" }
        const refused = yield* twin.refuse(heidi, "Set-Mailbox", own)
        assert.strictEqual(refused.name, "data-encryption-policy")
      }),
  )

  it.effect("[CRY-106] [CRY-107] [CRY-090] a new key version is used only after a refresh", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withAlice
      const availability = keysOfKind(yield* twin.world, "AvailabilityKey").map(
        ({ keyId }) => keyId,
      )
      const depKey = yield* parentOf(twin, "alice@contoso.com")
      const before = yield* twin.allow(heidi, "Get-DataEncryptionPolicy", {
        Identity: "Legal mailboxes",
      })
      assert.deepStrictEqual(before[0]?.["AzureKeyIDs"], [...uris])
      const newest = [
        yield* makeKey(twin, "contoso-ck-a1", "root"),
        yield* makeKey(twin, "contoso-ck-b1", "root"),
      ]
      const old = yield* twin.allow(heidi, "Get-DataEncryptionPolicy", {
        Identity: "Legal mailboxes",
      })
      assert.deepStrictEqual(old[0]?.["AzureKeyIDs"], [...uris])
      const statistics = (Identity: string) =>
        twin.allow(heidi, "Get-MailboxStatistics", { Identity })
      const [first] = yield* statistics("alice@contoso.com")
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", {
        Identity: "Legal mailboxes",
        Refresh: true,
      })
      const rolled = yield* twin.allow(heidi, "Get-DataEncryptionPolicy", {
        Identity: "Legal mailboxes",
      })
      assert.deepStrictEqual(rolled[0]?.["AzureKeyIDs"], newest)
      const [second] = yield* statistics("alice@contoso.com")
      assert.notStrictEqual(first?.["DataEncryptionPolicyID"], second?.["DataEncryptionPolicyID"])
      const found = { Identity: second?.["DataEncryptionPolicyID"] }
      assert.strictEqual(
        (yield* twin.allow(heidi, "Get-DataEncryptionPolicy", found))[0]?.["Name"],
        "Legal mailboxes",
      )
      yield* twin.run(() =>
        Effect.flatMap(KeyVault, (vault) => Effect.forEach(uris, (uri) => vault.destroyKey(uri))),
      )
      assert.isTrue(yield* opens(twin, mail))
      const dep = yield* parentOf(twin, "alice@contoso.com")
      const copies = yield* twin.run(() =>
        Effect.flatMap(BlobStore, (blobs) => blobs.list(`wrapped-keys/${dep}/`)),
      )
      assert.strictEqual(copies.length, 3)
      // The availability key is the one that came with the policy (CRY-090).
      assert.isTrue(
        copies.some((id) => id.endsWith(`/by/${depKey?.replace("dep-key", "availability-key")}`)),
      )
      assert.deepStrictEqual(
        keysOfKind(yield* twin.world, "AvailabilityKey").map(({ keyId }) => keyId),
        availability,
      )
      assert.isFalse(copies.some((id) => uris.some((uri) => id.endsWith(uri))))
    }),
  )

  it.effect("[CRY-055] [CRY-106] an address with a version means that version, for good", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* prepared
      const newest = yield* makeKey(twin, "contoso-ck-a1", "root")
      const unversioned = newest.slice(0, newest.lastIndexOf("/"))
      const keysOf = (Name: string, first: string) =>
        Effect.map(
          twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy([first, uris[1]], Name)),
          ([row]) => row?.["AzureKeyIDs"],
        )
      assert.deepStrictEqual(yield* keysOf("Old", uris[0]), [...uris])
      assert.deepStrictEqual(yield* keysOf("New", unversioned), [newest, uris[1]])
    }),
  )

  it.effect("[CRY-108] replacing takes keys of other names, after the same validation", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withAlice
      const AzureKeyIDs = [
        yield* makeKey(twin, "contoso-ck-a1", "second"),
        yield* makeKey(twin, "contoso-ck-b1", "second"),
      ]
      const params = { Identity: "Legal mailboxes", Replace: true }
      const one = { ...params, AzureKeyIDs: AzureKeyIDs.slice(1) }
      assert.strictEqual(
        (yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", one)).name,
        "root-key-count",
      )
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", { ...params, AzureKeyIDs })
      yield* twin.run(() =>
        Effect.flatMap(KeyVault, (vault) => Effect.forEach(uris, (uri) => vault.destroyKey(uri))),
      )
      assert.isTrue(yield* opens(twin, mail))
    }),
  )

  it.effect("[CRY-115] mail is brought to new keys although the old ones are lost", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      for (const VaultName of ["contoso-ck-a1", "contoso-ck-b1"]) {
        yield* twin.allow(ivan, "Remove-AzKeyVaultKey", { VaultName, Name: "root" })
      }
      assert.isFalse(yield* opens(twin, mail))
      const keys = [
        yield* makeKey(twin, "contoso-ck-a1", "second"),
        yield* makeKey(twin, "contoso-ck-b1", "second"),
      ]
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(keys))
      yield* twin.allow(heidi, "Set-Mailbox", {
        Identity: "alice@contoso.com",
        DataEncryptionPolicy: "New one",
      })
      assert.isTrue(yield* opens(twin, mail))
    }),
  )

  it.effect(
    "[CRY-111] [CRY-075] a mailbox shows whether it is encrypted and under which policy version",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        const of = (Identity: string) => twin.allow(heidi, "Get-MailboxStatistics", { Identity })
        const [alice] = yield* of("alice@contoso.com")
        assert.strictEqual(alice?.["IsEncrypted"], true)
        assert.match(textOf(alice, "DataEncryptionPolicyID"), /^[0-9a-f-]{36}$/)
        assert.deepInclude((yield* of("bob@contoso.com"))[0], {
          IsEncrypted: true,
          DataEncryptionPolicyID: "",
        })
        assert.deepInclude((yield* of("nobody@contoso.com"))[0], { IsEncrypted: false })
      }),
  )
})
