import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { keysOfKind, openAtRest, rawBytesOf, sealAtRest } from "../../src/index.ts"
import { heidi, ivan, judy, resumeTwin, type Twin, textOf } from "../harness.ts"
import {
  exchange,
  mail,
  makeKey,
  newPolicy,
  opens,
  Prepared,
  plaintext,
  prepared,
  revoke,
  withAlice,
} from "./prepared.ts"

const vaults = ["contoso-ck-a1", "contoso-ck-b1"] as const
const Identity = "Legal mailboxes"
const refresh = { Identity, Refresh: true }

const newVersions = Effect.fnUntraced(function* (twin: Twin) {
  for (const VaultName of vaults) yield* makeKey(twin, VaultName, "root")
})
const disable = Effect.fnUntraced(function* (twin: Twin, uris: readonly string[], Enable = false) {
  for (const [index, VaultName] of vaults.entries()) {
    const Version = uris[index]?.split("/").at(-1)
    yield* twin.allow(ivan, "Update-AzKeyVaultKey", { VaultName, Name: "root", Version, Enable })
  }
})

layer(Prepared.layer)("rolling keys", (it) => {
  it.effect("[CRY-080] [CRY-107] a change of a policy is recorded with its parameters", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      for (const [given, written] of [
        [
          { Identity, Description: "Board" },
          { Name: "Description", Value: "Board" },
        ],
        [refresh, { Name: "Refresh", Value: "True" }],
      ] as const) {
        yield* twin.allow(heidi, "Set-DataEncryptionPolicy", given)
        const entry = (yield* twin.records).at(-1)?.audit[0]
        assert.strictEqual(entry?.Operation, "Set-DataEncryptionPolicy")
        assert.deepStrictEqual(entry?.["Parameters"], [
          { Name: "Identity", Value: Identity },
          written,
        ])
      }
    }),
  )

  it.effect(
    "[CRY-112] a rotation of the vault alone changes nothing until the policy is refreshed",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* withAlice
        yield* newVersions(twin)
        const shown = Effect.map(
          twin.allow(heidi, "Get-DataEncryptionPolicy", { Identity }),
          (rows) => rows[0],
        )
        assert.deepStrictEqual((yield* shown)?.["AzureKeyIDs"], [...uris])
        const report = yield* twin.allow(ivan, "get-customer-key-posture", {})
        const late = report.filter((row) => row["Check"] === "newest-version")
        assert.isTrue(late.length > 0 && late.every((row) => row["Result"] === "Attention"))
        // The old version still carries everything: without it nothing opens.
        yield* disable(twin, uris)
        assert.isFalse(yield* opens(twin, mail))
        yield* disable(twin, uris, true)
        yield* twin.allow(heidi, "Set-DataEncryptionPolicy", refresh)
        assert.notDeepEqual((yield* shown)?.["AzureKeyIDs"], [...uris])
        yield* disable(twin, uris)
        assert.isTrue(yield* opens(twin, mail))
      }),
  )

  it.effect("[CRY-110] without an old version what is current opens, and old copies do not", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withAlice
      const backup = yield* twin.checkpoint
      yield* newVersions(twin)
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", refresh)
      const { warnings } = yield* twin.call(ivan, "Remove-AzKeyVaultKey", {
        VaultName: vaults[0],
        Name: "root",
      })
      assert.include(warnings[0] ?? "", Identity)
      assert.match(warnings[0] ?? "", /may still need it/)
      const other = { VaultName: vaults[0], Name: "unused" }
      yield* twin.allow(ivan, "Add-AzKeyVaultKey", { ...other, Destination: "HSM" })
      const unused = yield* twin.call(ivan, "Remove-AzKeyVaultKey", other)
      assert.deepStrictEqual(unused.warnings, [])
      // The other vault has the new version: the mailbox opens.
      assert.isTrue(yield* opens(twin, mail))
      // A copy of before the roll hangs on the old versions only.
      const copy = yield* resumeTwin("customer key", backup)
      assert.isTrue(yield* opens(copy, mail))
      yield* disable(copy, uris)
      assert.isFalse(yield* opens(copy, mail))
    }),
  )

  it.effect("[CRY-110] the warning also names keys of former times", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      const AzureKeyIDs = [
        yield* makeKey(twin, vaults[0], "second"),
        yield* makeKey(twin, vaults[1], "second"),
      ]
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", { Identity, Replace: true, AzureKeyIDs })
      const { warnings } = yield* twin.call(ivan, "Remove-AzKeyVaultKey", {
        VaultName: vaults[0],
        Name: "root",
      })
      assert.isTrue(warnings.some((it) => it.includes(Identity)))
    }),
  )

  it.effect(
    "[CRY-107] [CRY-108] refresh, replace and purge are three commands, and replacing needs keys",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* withAlice
        for (const params of [
          { Refresh: true, Replace: true, AzureKeyIDs: uris },
          { Replace: true },
          { AzureKeyIDs: uris },
          { Refresh: true, PermanentDataPurgeRequested: true },
          { Refresh: true, Force: true },
          { Force: true },
          { PermanentDataPurgeReason: "r", PermanentDataPurgeContact: "c" },
        ]) {
          const refused = yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", {
            Identity,
            ...params,
          })
          assert.strictEqual(refused.refusal?.code, "AmbiguousParameterSet")
        }
        const m365 = { Identity: "All", Refresh: true, Replace: true, AzureKeyIDs: uris }
        assert.strictEqual(
          (yield* twin.refuse(judy, "Set-M365DataAtRestEncryptionPolicy", m365)).name,
          "parameter-set",
        )
        // There is nothing to purge here, so forcing hides no more than a question.
        const forced = { Identity: "All", Description: "d", Force: true }
        yield* twin.allow(judy, "Set-M365DataAtRestEncryptionPolicy", forced)
      }),
  )

  it.effect("[CRY-107] name, description and switch go along with a refresh, or nothing does", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withAlice
      const shown = Effect.map(twin.allow(heidi, "Get-DataEncryptionPolicy", {}), (rows) => rows[0])
      yield* newVersions(twin)
      const all = { Name: "Board", Description: "rolled", Enabled: false }
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris, "Taken"))
      const taken = { ...refresh, Name: "taken" }
      assert.strictEqual(
        (yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", taken)).name,
        "policy-name",
      )
      const late = { VaultName: vaults[0], Name: "root", NotBefore: "2100-01-01" }
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", late)
      const refused = yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", { ...refresh, ...all })
      assert.strictEqual(refused.name, "root-key-attributes")
      assert.deepInclude(yield* shown, { Name: Identity, AzureKeyIDs: [...uris] })
      yield* twin.allow(ivan, "Update-AzKeyVaultKey", { ...late, NotBefore: "2020-01-01" })
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", { ...refresh, ...all })
      const row = yield* shown
      assert.deepInclude(row, all)
      assert.notDeepEqual(row?.["AzureKeyIDs"], [...uris])
    }),
  )

  it.effect(
    "[CRY-107] [CRY-108] a multi-workload policy is refreshed and replaced, its availability key stays",
    () =>
      Effect.gen(function* () {
        const { twin, uris } = yield* prepared
        const assign = { DataEncryptionPolicy: "All" }
        yield* twin.allow(judy, "Set-M365DataAtRestEncryptionPolicyAssignment", assign)
        const keys = Effect.map(
          twin.allow(judy, "Get-M365DataAtRestEncryptionPolicy", {}),
          (rows) => rows[0]?.["AzureKeyIDs"],
        )
        const availability = Effect.map(twin.world, (world) =>
          keysOfKind(world, "AvailabilityKey").map(({ keyId }) => keyId),
        )
        const before = yield* availability
        yield* newVersions(twin)
        assert.deepStrictEqual(yield* keys, [...uris])
        const all = { Identity: "All" }
        const set = (params: object) =>
          twin.allow(judy, "Set-M365DataAtRestEncryptionPolicy", { ...all, ...params })
        yield* set({ Refresh: true })
        assert.notDeepEqual(yield* keys, [...uris])
        const AzureKeyIDs = [
          yield* makeKey(twin, vaults[0], "second"),
          yield* makeKey(twin, vaults[1], "second"),
        ]
        yield* set({ Replace: true, AzureKeyIDs })
        assert.deepStrictEqual(yield* keys, AzureKeyIDs)
        assert.deepStrictEqual(yield* availability, before)
        yield* disable(twin, uris)
        assert.isTrue(yield* opens(twin, "mail of bob@contoso.com"))
        // What is assigned is not switched off on the way either.
        const off = { ...all, Refresh: true, Enabled: false }
        const refused = yield* twin.refuse(judy, "Set-M365DataAtRestEncryptionPolicy", off)
        assert.strictEqual(refused.name, "switching-off")
      }),
  )

  it.effect("[CRY-107] the command pauses for an answer unless it is told not to", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      const warnings = (params: object) =>
        Effect.map(
          twin.call(heidi, "Set-DataEncryptionPolicy", { Identity, ...params }),
          (result) => result.warnings,
        )
      assert.match((yield* warnings({ Refresh: true }))[0] ?? "", /asks for confirmation/)
      assert.isEmpty(yield* warnings({ Refresh: true, Confirm: false }))
      assert.isEmpty(yield* warnings({ Refresh: true, Replace: true }), "nothing was done")
    }),
  )

  it.effect("[CRY-125] with its vaults gone a purge has to be forced", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      for (const VaultName of vaults) yield* twin.allow(ivan, "Remove-AzKeyVault", { VaultName })
      const purge = {
        Identity,
        PermanentDataPurgeRequested: true,
        PermanentDataPurgeReason: "r",
        PermanentDataPurgeContact: "c",
      }
      const refused = yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", purge)
      assert.strictEqual(refused.refusal?.code, "CustomerKey.VaultNotFound")
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", { ...purge, Force: true })
    }),
  )

  it.effect("[CRY-125] forcing does not help while a vault is there with its permissions", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      yield* twin.allow(ivan, "Remove-AzKeyVault", { VaultName: vaults[0] })
      const refused = yield* twin.refuse(heidi, "Set-DataEncryptionPolicy", {
        Identity,
        PermanentDataPurgeRequested: true,
        PermanentDataPurgeReason: "r",
        PermanentDataPurgeContact: "c",
        Force: true,
      })
      assert.strictEqual(refused.name, "purge-permissions-removed")
    }),
  )

  it.effect("[CRY-127] a purge takes all mailboxes of the policy and no other", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withAlice
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", newPolicy(uris, "Other"))
      for (const [box, policy] of [
        ["bob@contoso.com", Identity],
        ["erin@contoso.com", "Other"],
      ] as const) {
        yield* twin.allow(heidi, "Set-Mailbox", { Identity: box, DataEncryptionPolicy: policy })
      }
      const erin = {
        workload: "Exchange",
        container: "erin@contoso.com",
        objectId: "e",
        plaintext,
      } as const
      yield* twin.store((world) => sealAtRest(world, erin))
      yield* revoke(twin, exchange)
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", {
        Identity,
        PermanentDataPurgeRequested: true,
        PermanentDataPurgeReason: "r",
        PermanentDataPurgeContact: "c",
      })
      yield* twin.allow(heidi, "open-purge-ticket", { policy: Identity })
      const marked = yield* twin.allow(judy, "sign-data-purge", { policy: Identity })
      assert.deepStrictEqual(
        marked.map((row) => textOf(row, "Identity")),
        ["alice@contoso.com", "bob@contoso.com"],
      )
      const now = yield* twin.now
      const reads = (objectId: string) =>
        twin.run((world) => Effect.option(openAtRest(world, objectId, { origin: "System", now })))
      assert.strictEqual((yield* reads(mail))._tag, "None")
      assert.strictEqual((yield* reads("mail of bob@contoso.com"))._tag, "None")
      assert.strictEqual((yield* reads("e"))._tag, "Some")
    }),
  )

  it.effect("[CRY-106] no roll touches content", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      yield* twin.allow(heidi, "Set-Mailbox", {
        Identity: "alice@contoso.com",
        DataEncryptionPolicy: Identity,
      })
      const before = yield* twin.run(() => rawBytesOf(mail))
      for (let round = 0; round < 3; round++) {
        yield* newVersions(twin)
        yield* twin.allow(heidi, "Set-DataEncryptionPolicy", refresh)
      }
      assert.deepStrictEqual(yield* twin.run(() => rawBytesOf(mail)), before)
      assert.isTrue(yield* opens(twin, mail))
    }),
  )

  it.effect(
    "[CRY-044] [CRY-039] [CRY-045] the report names standing permissions, software and short windows",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        const rows = yield* twin.allow(ivan, "get-customer-key-posture", {})
        const of = (check: string) => rows.filter((row) => row["Check"] === check)
        assert.deepStrictEqual(
          of("sku").map((row) => row["Result"]),
          ["Good", "Good"],
        )
        assert.deepStrictEqual(
          of("soft-delete-days").map((row) => row["Detail"]),
          ["90", "90"],
        )
        assert.deepStrictEqual(
          of("recovery-level").map((row) => row["Result"]),
          ["Good", "Good"],
        )
        assert.deepStrictEqual(
          of("standing-delete-permission").map((row) => row["Detail"]),
          [ivan.id, ivan.id],
        )
        assert.isTrue(of("fips-140-2-level").every((row) => row["Detail"] === "Level 2"))
        for (const VaultName of vaults) {
          yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
            VaultName,
            UserPrincipalName: ivan.id,
            PermissionsToKeys: ["create", "import", "list", "get", "backup", "restore"],
          })
        }
        const later = yield* twin.allow(ivan, "get-customer-key-posture", {})
        assert.deepStrictEqual(
          later
            .filter((row) => row["Check"] === "standing-delete-permission")
            .map((row) => row["Result"]),
          ["Good", "Good"],
        )
      }),
  )
})
