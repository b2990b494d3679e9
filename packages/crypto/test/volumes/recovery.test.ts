import { assert, describe, it } from "@effect/vitest"
import { type Actor, decidingGate, minutes } from "@twin/kernel"
import { Effect } from "effect"
import { evaluateStoredBytes, KeyVault, openAtRest } from "../../src/index.ts"
import { numericalPassword } from "../../src/volumes/volumeKeys.ts"
import { ivan, mallory, textOf } from "../harness.ts"
import {
  attempt,
  digits,
  ed,
  elevated,
  eva,
  look,
  responder,
  server,
  started,
  volume,
} from "./disk.ts"

describe("formats, new machines and recovery", () => {
  it.effect(
    "[CRY-015] after a format the old sectors open with a kept recovery key, or with nothing",
    () =>
      Effect.gen(function* () {
        for (const keepRecoveryKey of [true, false]) {
          const twin = yield* started
          yield* look(twin, "files")
          const password = yield* digits(twin)
          yield* twin.allow(ed, "format-disk", { volume, keepRecoveryKey })
          const isKept = yield* twin.run(() =>
            Effect.flatMap(KeyVault, (it) => it.has(numericalPassword(volume, 1))),
          )
          assert.isFalse(isKept, "the directory forgets the password of the disk")
          const residue = true
          const gone = { protector: "NumericalPassword", residue, password }
          const refused = keepRecoveryKey ? "volume-keys" : "volume"
          assert.strictEqual(yield* attempt(twin, elevated, gone), refused)
          const machine = { protector: "TPM", residue }
          assert.strictEqual(yield* attempt(twin, elevated, machine), refused)
          const kept = { protector: "ExternalKey", residue }
          assert.strictEqual(
            yield* attempt(twin, elevated, kept),
            keepRecoveryKey ? "allow" : "volume",
          )
          // The disk itself goes on with keys of its own; the old password is not its password.
          assert.strictEqual(yield* attempt(twin, ed, { protector: "TPM" }), "allow")
          const old = { protector: "NumericalPassword", password }
          assert.strictEqual(yield* attempt(twin, elevated, old), "volume-keys")
        }
      }),
  )

  for (const how of ["reinstall-server", "replace-tpm"]) {
    it.effect(
      `[CRY-015] [CRY-016] after ${how} a recovery key unlocks, and binds to the new machine`,
      () =>
        Effect.gen(function* () {
          const twin = yield* started
          yield* look(twin, "files")
          const [row] = yield* twin.allow(ed, how, { server })
          assert.deepStrictEqual(row?.["locked"], [`${server}/disk1`, `${server}/disk2`])
          assert.strictEqual((yield* look(twin, "files")).gate, "volume-open")
          for (const place of ["TPM", "MailboxServerRegistry"]) {
            const copy = { protector: "ExternalKey", place }
            assert.strictEqual(yield* attempt(twin, elevated, copy), "volume-keys")
          }
          assert.strictEqual(yield* attempt(twin, elevated, { protector: "TPM" }), "volume-keys")
          assert.strictEqual(yield* attempt(twin, elevated, { protector: "ExternalKey" }), "allow")
          assert.strictEqual((yield* look(twin, "files")).outcome, "allow")
          assert.strictEqual(yield* attempt(twin, ed, { protector: "TPM" }), "allow")
        }),
    )
  }

  it.effect(
    "[CRY-016] responders of the service unlock by themselves, with what can be reached",
    () =>
      Effect.gen(function* () {
        const twin = yield* started
        yield* twin.allow(ed, "replace-tpm", { server })
        const person = yield* twin.refuse(elevated, "recover-volumes", { server })
        assert.strictEqual(person.name, "managed-availability")
        const first = yield* twin.allow(responder, "recover-volumes", { server })
        const opened = first.map(
          (it) => `${textOf(it, "protector")} ${JSON.stringify(it["isLocked"])}`,
        )
        assert.deepStrictEqual(opened, ["ExternalKey false", "ExternalKey false"])
        assert.deepStrictEqual(yield* twin.allow(responder, "recover-volumes", { server }), [])

        yield* twin.allow(ed, "replace-tpm", { server })
        yield* twin.allow(ivan, "switch-fault", { fault: "secret-safe-unavailable", on: true })
        const second = yield* twin.allow(responder, "recover-volumes", { server })
        assert.strictEqual(textOf(second[0], "protector"), "NumericalPassword")

        yield* twin.allow(ed, "replace-tpm", { server })
        yield* twin.allow(ivan, "switch-fault", { fault: "directory-unavailable", on: true })
        const third = yield* twin.allow(responder, "recover-volumes", { server })
        assert.deepInclude(third[0], { isLocked: true, protector: "" })
        const unknown = yield* twin.refuse(responder, "recover-volumes", { server: "nowhere" })
        assert.strictEqual(unknown.name, "server")
      }),
  )

  it.effect(
    "[CRY-017] a recovery key is handed out under an elevation, and every attempt is recorded",
    () =>
      Effect.gen(function* () {
        const twin = yield* started
        for (const who of [ed, mallory, ivan, { ...ivan, roles: ["SecretStoreAccess"] }]) {
          for (const protector of ["ExternalKey", "NumericalPassword"]) {
            const before = (yield* twin.records).length
            const gate = yield* twin.refuse(who, "unlock-volume", { volume, protector })
            assert.strictEqual(gate.name, "protector-reach")
            assert.strictEqual(gate.refusal?.code, "ElevationRequired")
            const [record] = (yield* twin.records).slice(before)
            assert.deepInclude(record?.audit[0], {
              Operation: "unlock-volume",
              ObjectId: volume,
              ResultStatus: "Failed",
              UserId: who.id,
            })
          }
        }
        for (const protector of ["ExternalKey", "NumericalPassword"]) {
          assert.strictEqual(yield* attempt(twin, elevated, { protector }), "allow")
          assert.strictEqual(yield* attempt(twin, responder, { protector }), "allow")
        }
      }),
  )

  it.effect("[CRY-012] the recovery agent's password takes two people within the hour", () =>
    Effect.gen(function* () {
      const twin = yield* started
      const agent = { protector: "DataRecoveryAgentCertificate" }
      const part = (who: Actor) => twin.allow(who, "release-password-part", {})
      assert.strictEqual(yield* attempt(twin, elevated, agent), "protector-reach")
      for (const who of [ed, ivan, responder]) {
        const gate = yield* twin.refuse(who, "release-password-part", {})
        assert.strictEqual(gate.name, "password-part")
      }
      yield* part(elevated)
      yield* part(elevated)
      assert.strictEqual(yield* attempt(twin, elevated, agent), "protector-reach")
      yield* part(eva)
      assert.strictEqual(yield* attempt(twin, elevated, agent), "allow")
      yield* twin.advance(minutes(60))
      assert.strictEqual(yield* attempt(twin, elevated, agent), "protector-reach")
    }),
  )

  it.effect(
    "[CRY-012] what cannot be a numerical password is refused before any key is tried",
    () =>
      Effect.gen(function* () {
        const twin = yield* started
        yield* look(twin, "files")
        const good = yield* digits(twin)
        const next = String(Number(good.slice(-6)) + 1).padStart(6, "0")
        const wrong = [
          "",
          "123",
          good.slice(0, -1),
          `${good}-000000`,
          good.replaceAll("-", " "),
          `${good.slice(0, -6)}${next}`,
          `${good.slice(0, -6)}720896`,
          `${good.slice(0, -6)}-00011`,
        ]
        for (const password of wrong.slice(1)) {
          const params = { protector: "NumericalPassword", password }
          assert.strictEqual(yield* attempt(twin, elevated, params), "numerical-password", password)
        }
        const largest = `${good.slice(0, -6)}720885`
        const params = { protector: "NumericalPassword", password: largest }
        assert.strictEqual(yield* attempt(twin, elevated, params), "volume-keys")
      }),
  )

  it.effect("[CRY-011] hostile names of disks and machines change nothing", () =>
    Effect.gen(function* () {
      const twin = yield* started
      const before = (yield* twin.world).crypto
      for (const name of [
        "__proto__",
        "constructor",
        "exo-nam01-mbx01",
        "exo-nam01-mbx01/disk3",
        "/",
      ]) {
        for (const [operation, params] of [
          ["inspect-volume", { volume: name }],
          ["unlock-volume", { volume: name, protector: "TPM" }],
          ["move-disk", { volume: name, machine: "x" }],
          ["format-disk", { volume: name }],
        ] as const) {
          assert.strictEqual((yield* twin.refuse(ed, operation, params)).name, "volume", name)
        }
      }
      for (const operation of ["reinstall-server", "replace-tpm"]) {
        assert.strictEqual(
          (yield* twin.refuse(ed, operation, { server: "__proto__" })).name,
          "server",
        )
      }
      assert.strictEqual((yield* twin.world).crypto, before)
    }),
  )

  it.effect("[CRY-014] [CRY-016] content is there as long as one disk with a copy is open", () =>
    Effect.gen(function* () {
      const twin = yield* started
      const verdict = Effect.map(twin.world, (world) => {
        const decision = evaluateStoredBytes(world, "mail-1")
        return decision.outcome === "allow" ? "allow" : decidingGate(decision).name
      })
      const isAsked = Effect.map(twin.world, (world) =>
        evaluateStoredBytes(world, "mail-1").gates.some(({ name }) => name === "stored-volume"),
      )
      assert.isFalse(yield* isAsked)
      yield* twin.allow(ed, "replace-tpm", { server: "exo-nam01-mbx01" })
      assert.isTrue(yield* isAsked)
      assert.strictEqual(yield* verdict, "allow")
      yield* twin.allow(ed, "replace-tpm", { server: "exo-nam01-mbx02" })
      assert.strictEqual(yield* verdict, "stored-volume")
      const read = yield* twin.run((world) => Effect.flip(openAtRest(world, "mail-1")))
      assert.strictEqual(read.reason === "refused" ? read.gate : "", "stored-volume")
      yield* twin.allow(responder, "recover-volumes", { server: "exo-nam01-mbx02" })
      assert.strictEqual(yield* verdict, "allow")
      yield* twin.run((world) => openAtRest(world, "mail-1"))
    }),
  )
})
