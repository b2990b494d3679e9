import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { BlobStore } from "../../src/index.ts"
import { heidi, ivan, type Twin, textOf } from "../harness.ts"
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

const vaults = ["contoso-ck-a1", "contoso-ck-b1"] as const
const file = (VaultName: string): string => `${VaultName}.backup`

const mayPurge = Effect.fnUntraced(function* (twin: Twin) {
  yield* liftRetention(twin)
  for (const VaultName of vaults) {
    const PermissionsToKeys = ["get", "create", "delete", "purge", "backup", "restore"]
    yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
      VaultName,
      UserPrincipalName: ivan.id,
      PermissionsToKeys,
    })
  }
})

/** Both keys gone for ever, as far as the vaults are concerned. */
const lose = Effect.fnUntraced(function* (twin: Twin) {
  for (const VaultName of vaults) {
    const key = { VaultName, Name: "root" }
    yield* twin.allow(ivan, "Remove-AzKeyVaultKey", key)
    yield* twin.allow(ivan, "Remove-AzKeyVaultKey", { ...key, InRemovedState: true, Force: true })
  }
})

const backUp = (twin: Twin, VaultName: string, Force = false) =>
  twin.allow(ivan, "Backup-AzKeyVaultKey", {
    VaultName,
    Name: "root",
    OutputFile: file(VaultName),
    ...(Force ? { Force } : {}),
  })

layer(Prepared.layer)("backups of keys", (it) => {
  it.effect(
    "[CRY-049] [CRY-114] a purged key comes back out of its backup, and with it the mail",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* withAlice
        yield* mayPurge(twin)
        for (const VaultName of vaults) yield* backUp(twin, VaultName)
        const InputFile = file(vaults[0])
        const there = yield* twin.refuse(ivan, "Restore-AzKeyVaultKey", {
          VaultName: vaults[0],
          InputFile,
        })
        assert.strictEqual(there.refusal?.code, "Conflict")
        yield* lose(twin)
        assert.isFalse(yield* opens(twin, mail))
        const [row] = yield* twin.allow(ivan, "Restore-AzKeyVaultKey", {
          VaultName: vaults[0],
          InputFile,
        })
        assert.strictEqual(textOf(row, "Name"), "root")
        assert.isTrue(yield* opens(twin, mail))
      }),
  )

  it.effect("[CRY-114] also a deleted key is in the way, and all versions come back", () =>
    Effect.gen(function* () {
      const { twin, uris } = yield* withAlice
      yield* mayPurge(twin)
      const VaultName = vaults[0]
      yield* makeKey(twin, VaultName, "root")
      yield* backUp(twin, VaultName)
      yield* twin.allow(ivan, "Remove-AzKeyVaultKey", { VaultName, Name: "root" })
      const restore = { VaultName, InputFile: file(VaultName) }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "Restore-AzKeyVaultKey", restore)).name,
        "key-restore-name",
      )
      yield* twin.allow(ivan, "Remove-AzKeyVaultKey", {
        VaultName,
        Name: "root",
        InRemovedState: true,
      })
      yield* twin.allow(ivan, "Restore-AzKeyVaultKey", restore)
      const versions = yield* twin.allow(ivan, "Get-AzKeyVaultKey", {
        VaultName,
        Name: "root",
        IncludeVersions: true,
      })
      assert.strictEqual(versions.length, 2)
      assert.strictEqual(textOf(versions[0], "Id"), uris[0])
    }),
  )

  it.effect("[CRY-049] a backup from before a roll does not hold the new version", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      yield* mayPurge(twin)
      for (const VaultName of vaults) yield* backUp(twin, VaultName)
      for (const VaultName of vaults) yield* makeKey(twin, VaultName, "root")
      yield* twin.allow(heidi, "Set-DataEncryptionPolicy", {
        Identity: "Legal mailboxes",
        Refresh: true,
      })
      yield* lose(twin)
      for (const VaultName of vaults) {
        yield* twin.allow(ivan, "Restore-AzKeyVaultKey", { VaultName, InputFile: file(VaultName) })
      }
      assert.isFalse(yield* opens(twin, mail))
    }),
  )

  it.effect("[CRY-049] it serves only in the subscription that it came from", () =>
    Effect.gen(function* () {
      const { twin } = yield* prepared
      yield* backUp(twin, vaults[0])
      const vault = { Name: "contoso-other", Location: "w", SubscriptionId: "another" }
      yield* twin.allow(ivan, "New-AzKeyVault", vault)
      const InputFile = file(vaults[0])
      const refused = yield* twin.refuse(ivan, "Restore-AzKeyVaultKey", {
        VaultName: "contoso-other",
        InputFile,
      })
      assert.strictEqual(refused.name, "key-backup-subscription")
      const sibling = { ...vault, Name: "contoso-sibling", SubscriptionId: "subscription-1" }
      yield* twin.allow(ivan, "New-AzKeyVault", { ...sibling, Sku: "Premium" })
      yield* twin.allow(ivan, "Restore-AzKeyVaultKey", { VaultName: "contoso-sibling", InputFile })
    }),
  )

  it.effect("[CRY-049] the file is encrypted, and one changed byte spoils it", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      yield* mayPurge(twin)
      yield* backUp(twin, vaults[0])
      yield* lose(twin)
      const restore = { VaultName: vaults[0], InputFile: file(vaults[0]) }
      const text = yield* twin.run(() =>
        Effect.gen(function* () {
          const blobs = yield* BlobStore
          const bytes = Buffer.from(
            yield* Effect.orDie(blobs.get(`key-backups/${file(vaults[0])}`)),
          )
          const written = bytes.toString()
          const sealed = (JSON.parse(written) as { sealed: string }).sealed
          const spoilt = `${sealed.startsWith("A") ? "B" : "A"}${sealed.slice(1)}`
          yield* blobs.put(
            `key-backups/${file(vaults[0])}`,
            Buffer.from(written.replace(sealed, spoilt)),
          )
          return written
        }),
      )
      assert.notMatch(text, /PRIVATE KEY|"seed"|"kind":"symmetric"/)
      const refused = yield* twin.refuse(ivan, "Restore-AzKeyVaultKey", restore)
      assert.strictEqual(refused.name, "key-backup")
      const none = { VaultName: vaults[0], InputFile: "nothing.backup" }
      assert.strictEqual(
        (yield* twin.refuse(ivan, "Restore-AzKeyVaultKey", none)).name,
        "key-backup",
      )
    }),
  )

  it.effect("[CRY-049] a key of the same name made anew is another key", () =>
    Effect.gen(function* () {
      const { twin } = yield* withAlice
      yield* mayPurge(twin)
      yield* lose(twin)
      for (const VaultName of vaults) yield* makeKey(twin, VaultName, "root")
      assert.isFalse(yield* opens(twin, mail))
    }),
  )

  it.effect(
    "[CRY-049] [CRY-044] the file ends with .backup, is not overwritten, and needs permission",
    () =>
      Effect.gen(function* () {
        const { twin } = yield* prepared
        yield* backUp(twin, vaults[0])
        const again = { VaultName: vaults[0], Name: "root", OutputFile: file(vaults[0]) }
        assert.strictEqual(
          (yield* twin.refuse(ivan, "Backup-AzKeyVaultKey", again)).name,
          "output-file",
        )
        yield* backUp(twin, vaults[0], true)
        const odd = yield* twin.call(ivan, "Backup-AzKeyVaultKey", {
          ...again,
          OutputFile: "key.bin",
        })
        assert.match(odd.warnings[0] ?? "", /\.backup/)
        const stranger = yield* twin.refuse(heidi, "Backup-AzKeyVaultKey", again)
        assert.include(stranger.refusal?.message ?? "", "keys backup permission")
        const [row] = yield* twin.allow(ivan, "Backup-AzKeyVaultKey", {
          VaultName: vaults[1],
          Name: "root",
        })
        assert.match(textOf(row, "OutputFile"), /^backup-contoso-ck-b1-root-.*\.backup$/)
        yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", {
          VaultName: vaults[0],
          ServicePrincipalName: exchange,
          PermissionsToKeys: ["get"],
        })
      }),
  )
})
