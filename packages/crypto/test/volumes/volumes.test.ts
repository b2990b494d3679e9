import { assert, describe, it } from "@effect/vitest"
import type { OutputObject } from "@twin/kernel"
import { Effect, Option } from "effect"
import {
  BlobStore,
  evaluateStoredBytes,
  KeyVault,
  openAtRest,
  sealAtRest,
} from "../../src/index.ts"
import { unwrapKey } from "../../src/Primitives.ts"
import { protectorCopies } from "../../src/volumes/KeyProtector.ts"
import { passwordKey } from "../../src/volumes/RecoveryPassword.ts"
import { serverOfVolume, volumeIds, volumesHolding } from "../../src/volumes/Server.ts"
import { numericalPassword } from "../../src/volumes/volumeKeys.ts"
import { mallory, textOf } from "../harness.ts"
import {
  attempt,
  digits,
  ed,
  elevated,
  look,
  mail,
  secret,
  server,
  started,
  volume,
} from "./disk.ts"

describe("encrypted volumes", () => {
  it.effect(
    "[CRY-001] [CRY-005] [CRY-011] a platter holds sectors, an open volume the service's ciphertext",
    () =>
      Effect.gen(function* () {
        const twin = yield* started
        const platter = yield* look(twin, "platter")
        assert.deepInclude(platter, { outcome: "deny", gate: "volume-open" })
        assert.deepInclude(platter.row, { files: 0, hasObject: false, containsText: false })
        const files = yield* look(twin, "files")
        assert.strictEqual(files.outcome, "allow")
        assert.deepInclude(files.row, { hasObject: true, containsText: false })
        assert.isAbove(Number(files.row["sectors"]), 6)
        const service = yield* twin.run((world) => openAtRest(world, "mail-1"))
        assert.include(Buffer.from(service).toString("utf8"), secret)
      }),
  )

  it.effect(
    "[CRY-011] [CRY-018] FVEK under VMK, VMK under each protector, and no key in the clear",
    () =>
      Effect.gen(function* () {
        const twin = yield* started
        yield* look(twin, "files")
        yield* twin.run(() =>
          Effect.gen(function* () {
            const blobs = yield* BlobStore
            const vault = yield* KeyVault
            const names = yield* blobs.list(`volumes/${volume}/1/`)
            assert.deepStrictEqual(
              names.map((it) => it.slice(`volumes/${volume}/1/`.length)),
              [
                "fvek",
                "vmk/DataRecoveryAgentCertificate",
                "vmk/ExternalKey",
                "vmk/NumericalPassword",
                "vmk/TPM",
              ],
            )
            const bytes = yield* Effect.orDie(vault.symmetricKey(numericalPassword(volume, 1)))
            const wrapped = yield* Effect.orDie(
              blobs.get(`volumes/${volume}/1/vmk/NumericalPassword`),
            )
            const vmk = Option.getOrThrow(
              Option.fromNullishOr(
                yield* Effect.option(
                  Effect.fromResult(unwrapKey(passwordKey(bytes, volume), wrapped)),
                ).pipe(Effect.map(Option.getOrUndefined)),
              ),
            )
            const sealed = yield* Effect.orDie(blobs.get(`volumes/${volume}/1/fvek`))
            const fvek = yield* Effect.orDie(Effect.fromResult(unwrapKey(vmk, sealed)))
            assert.strictEqual(fvek.length, 64)
            for (const name of yield* blobs.list()) {
              const all = Buffer.from(yield* Effect.orDie(blobs.get(name)))
              for (const key of [vmk, fvek, bytes]) assert.isFalse(all.includes(key), name)
            }
          }),
        )
      }),
  )

  it.effect("[CRY-012] [CRY-013] every copy of every protector, by kind of server", () =>
    Effect.gen(function* () {
      const twin = yield* started
      const rows = yield* twin.allow(ed, "list-volume-protectors", {})
      for (const volumeId of volumeIds) {
        const role = serverOfVolume(volumeId)?.role
        const mine = rows.filter((it) => it["volume"] === volumeId)
        const shown = mine.map((it) => `${textOf(it, "protector")} ${textOf(it, "storedIn")}`)
        const want = [
          "TPM TPM",
          "ExternalKey TPM",
          "ExternalKey SecretSafe",
          ...(role === "ExchangeMailbox" ? ["ExternalKey MailboxServerRegistry"] : []),
          "NumericalPassword ActiveDirectory",
          "DataRecoveryAgentCertificate BuildSystem",
        ]
        assert.deepStrictEqual(shown, want, volumeId)
      }
      const column = (protector: string, storedIn: string): OutputObject =>
        rows.find((it) => it["protector"] === protector && it["storedIn"] === storedIn) ?? {}
      const external = {
        description: "AES 256-bit External Key",
        granularity: "per server",
        generatedBy: "BitLocker APIs",
      }
      const guarded = "Lockbox / access control"
      assert.deepInclude(column("ExternalKey", "SecretSafe"), { ...external, protectedBy: guarded })
      assert.deepInclude(column("ExternalKey", "TPM"), { ...external, protectedBy: guarded })
      assert.deepInclude(column("ExternalKey", "MailboxServerRegistry"), {
        ...external,
        protectedBy: "TPM encryption",
      })
      assert.deepInclude(column("NumericalPassword", "ActiveDirectory"), {
        description: "48-digit Numerical Password",
        granularity: "per disk",
        generatedBy: "BitLocker APIs",
        protectedBy: guarded,
        keyProtectorType: "RecoveryPassword",
      })
      const agent = column("DataRecoveryAgentCertificate", "BuildSystem")
      assert.deepInclude(agent, { granularity: "environment", generatedBy: "Microsoft CA" })
      assert.match(textOf(agent, "protectedBy"), /^No single person knows the full password/)
      const none = yield* twin.refuse(ed, "list-volume-protectors", { volume: "nowhere/disk9" })
      assert.strictEqual(none.name, "volumes-listed")
    }),
  )

  it.effect("[CRY-013] a copy that servers of this kind do not keep opens nothing", () =>
    Effect.gen(function* () {
      const twin = yield* started
      for (const volumeId of volumeIds) {
        const role = serverOfVolume(volumeId)?.role
        for (const { protector, storedIn, roles } of protectorCopies) {
          if (protector === "DataRecoveryAgentCertificate") continue
          const params = { volume: volumeId, protector, place: storedIn }
          const result = yield* attempt(twin, elevated, params)
          const isThere = role !== undefined && roles.includes(role)
          assert.strictEqual(result, isThere ? "allow" : "key-protector", JSON.stringify(params))
        }
      }
    }),
  )

  it.effect(
    "[CRY-014] a disk in another machine: any one valid protector opens it, nothing else does",
    () =>
      Effect.gen(function* () {
        const twin = yield* started
        yield* twin.allow(mallory, "move-disk", { volume, machine: "flea-market-pc" })
        const taken = yield* look(twin, "files")
        assert.deepInclude(taken, { outcome: "deny", gate: "volume-open" })
        assert.deepInclude(taken.row, { machine: "flea-market-pc", isLocked: true, files: 0 })
        assert.deepInclude(taken.row, { containsText: false, hasObject: false })
        for (const params of [
          { protector: "TPM" },
          { protector: "ExternalKey", place: "TPM" },
          { protector: "ExternalKey", place: "MailboxServerRegistry" },
        ]) {
          assert.strictEqual(yield* attempt(twin, mallory, params), "volume-keys")
        }
        const typed = {
          protector: "NumericalPassword",
          password: "000000-".repeat(7).concat("000000"),
        }
        assert.strictEqual(yield* attempt(twin, mallory, typed), "volume-keys")
        // The service goes on: the disk held one of two copies.
        assert.strictEqual(evaluateStoredBytes(yield* twin.world, "mail-1").outcome, "allow")
        const password = yield* digits(twin)
        const known = { protector: "NumericalPassword", password }
        assert.strictEqual(yield* attempt(twin, mallory, known), "allow")
        const opened = yield* look(twin, "files")
        assert.deepInclude(opened.row, { hasObject: true, containsText: false })
        assert.notInclude(JSON.stringify(yield* twin.records), password)
      }),
  )

  it.effect(
    "[CRY-014] a disk that was taken keeps what it held; back home it is filled again",
    () =>
      Effect.gen(function* () {
        const twin = yield* started
        yield* twin.allow(ed, "move-disk", { volume, machine: "repair-shop" })
        yield* twin.store((world) => sealAtRest(world, { ...mail, objectId: "mail-1b" }))
        const later = volumesHolding("Exchange", "mail-1b").includes(volume) ? "mail-1b" : "mail-1"
        yield* twin.allow(elevated, "unlock-volume", { volume, protector: "ExternalKey" })
        const [away] = yield* twin.allow(ed, "inspect-volume", { volume, object: later })
        assert.strictEqual(away?.["hasObject"], later === "mail-1")
        const [back] = yield* twin.allow(ed, "move-disk", { volume, machine: server })
        assert.deepInclude(back, { isLocked: false })
        const [home] = yield* twin.allow(ed, "inspect-volume", { volume, object: later })
        assert.strictEqual(home?.["hasObject"], true)
      }),
  )

  it.effect(
    "[CRY-011] [CRY-012] [CRY-018] BitLocker's own cmdlets see and open the same disks",
    () =>
      Effect.gen(function* () {
        const twin = yield* started
        const all = yield* twin.allow(ed, "Get-BitLockerVolume", {})
        assert.deepStrictEqual(
          all.map((row) => textOf(row, "MountPoint")),
          volumeIds,
        )
        const MountPoint = volume
        const [open] = yield* twin.allow(ed, "Get-BitLockerVolume", { MountPoint: [volume] })
        assert.deepStrictEqual(open, {
          ComputerName: "exo-nam01-mbx01",
          MountPoint,
          EncryptionMethod: "XtsAes256",
          VolumeType: "Data",
          VolumeStatus: "FullyEncrypted",
          ProtectionStatus: "On",
          LockStatus: "Unlocked",
          EncryptionPercentage: 100,
          KeyProtector: ["Tpm", "ExternalKey", "RecoveryPassword", "PublicKey"],
        })
        yield* twin.allow(mallory, "move-disk", { volume, machine: "elsewhere" })
        const [locked] = yield* twin.allow(ed, "Get-BitLockerVolume", { MountPoint: [volume] })
        assert.deepInclude(locked, { LockStatus: "Locked", EncryptionPercentage: null })
        const wrong = { MountPoint, RecoveryPassword: "111111-".repeat(7).concat("111111") }
        assert.strictEqual(
          (yield* twin.refuse(mallory, "Unlock-BitLocker", wrong)).name,
          "volume-keys",
        )
        const odd = { MountPoint, RecoveryPassword: "111112-".repeat(7).concat("111112") }
        const gate = yield* twin.refuse(mallory, "Unlock-BitLocker", odd)
        assert.strictEqual(gate.refusal?.code, "InvalidRecoveryPassword")
        const RecoveryPassword = yield* digits(twin)
        yield* twin.allow(mallory, "Unlock-BitLocker", { MountPoint, RecoveryPassword })
        assert.notInclude(JSON.stringify(yield* twin.records), RecoveryPassword)
        const none = yield* twin.refuse(ed, "Get-BitLockerVolume", { MountPoint: ["C:"] })
        assert.strictEqual(none.name, "volume")
      }),
  )
})
