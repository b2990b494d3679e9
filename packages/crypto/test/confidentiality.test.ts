import { assert, describe, it } from "@effect/vitest"
import {
  type Actor,
  days,
  defaultClient,
  defaultEra,
  makeSimulation,
  type Services,
  seededBytes,
} from "@twin/kernel"
import { Context, Effect, Option, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import {
  BlobStore,
  type CryptoServices,
  KeyVault,
  memoryServices,
  protectBytes,
  sealAtRest,
} from "../src/index.ts"
import { recoveryPasswordOf } from "../src/volumes/RecoveryPassword.ts"
import { volumesIn } from "../src/volumes/VolumeEvent.ts"
import { openVolume } from "../src/volumes/volumeKeys.ts"
import { composition, ivan, mallory } from "./harness.ts"

const engineer: Actor = {
  id: "ed",
  kind: "datacenter-engineer",
  roles: ["SecretStoreAccess", "DkmKeyAccess"],
  client: defaultClient,
}
const stranger: Actor = { ...engineer, id: "sam", roles: [] }
const service: Actor = { ...engineer, id: "svc-exchange-store", kind: "service-account", roles: [] }

const volume = "exo-nam01-mbx01/disk1"
const server = "exo-nam01-mbx01"

/** One thing that can happen; the numbers choose among them. */
const steps: readonly (readonly [Actor, string, object])[] = [
  [
    mallory,
    "connect-account",
    { provider: "Gmail", account: "a@gmail.com", password: "hunter2 hunter2" },
  ],
  [
    mallory,
    "connect-account",
    { provider: "Yahoo", account: "b@yahoo.com", password: "other secret" },
  ],
  [service, "open-mail-secret", { secret: `${mallory.id}/a@gmail.com`, contains: "hunter2" }],
  [engineer, "open-mail-secret", { secret: `${mallory.id}/b@yahoo.com` }],
  [stranger, "open-mail-secret", { secret: `${mallory.id}/a@gmail.com` }],
  [stranger, "inspect-mail-secret", { secret: `${mallory.id}/a@gmail.com` }],
  [service, "Get-DkmKey", {}],
  [stranger, "inspect-volume", { volume, view: "platter" }],
  [stranger, "inspect-volume", { volume, contains: "text" }],
  [engineer, "list-volume-protectors", { volume }],
  [engineer, "unlock-volume", { volume, protector: "ExternalKey" }],
  [engineer, "unlock-volume", { volume, protector: "NumericalPassword" }],
  [engineer, "unlock-volume", { volume, protector: "DataRecoveryAgentCertificate" }],
  [stranger, "unlock-volume", { volume, protector: "TPM", residue: true }],
  [stranger, "unlock-volume", { volume, protector: "NumericalPassword", password: "1" }],
  [engineer, "release-password-part", {}],
  [stranger, "move-disk", { volume, machine: "elsewhere" }],
  [stranger, "move-disk", { volume, machine: server }],
  [stranger, "format-disk", { volume, keepRecoveryKey: true }],
  [stranger, "replace-tpm", { server }],
  [stranger, "reinstall-server", { server }],
  [service, "recover-volumes", { server }],
  [stranger, "access-blob-container", { container: "container-1", access: "enumerate" }],
  [mallory, "use-account-certificate", { device: "d", platform: "Windows" }],
  [mallory, "use-account-certificate", { device: "d", platform: "Mobile" }],
  [ivan, "Get-AipServiceKeys", {}],
  [stranger, "inspect-stored-bytes", { object: "o", observer: "service", contains: "text" }],
  [mallory, "connect-to-site", { url: "https://contoso.sharepoint.com/" }],
]

/** A vault that notes every key that anybody takes out of it. */
const watched = (base: Services<CryptoServices>, keys: Uint8Array[]): Services<CryptoServices> => {
  const vault = Context.get(base.context, KeyVault)
  const watching = KeyVault.of({
    ...vault,
    symmetricKey: (keyId) =>
      Effect.tap(vault.symmetricKey(keyId), (bytes) => Effect.sync(() => keys.push(bytes))),
    privateKey: (keyId) =>
      Effect.tap(vault.privateKey(keyId), (key) =>
        Effect.sync(() => {
          const { d = "", p = "", q = "" } = key.export({ format: "jwk" })
          for (const part of [d, p, q]) keys.push(Buffer.from(part, "base64url"))
        }),
      ),
  })
  return {
    context: Context.add(base.context, KeyVault, watching),
    copy: Effect.map(base.copy, (it) => watched(it, keys)),
  }
}

/** How bytes would look in a text, each cut so that what comes after does not matter. */
const formsOf = (key: Uint8Array): readonly string[] => {
  const bytes = Buffer.from(key)
  const whole = bytes.subarray(0, 15)
  return [
    whole.toString("hex"),
    whole.toString("hex").toUpperCase(),
    whole.toString("base64"),
    whole.toString("base64url"),
    [...whole].join(","),
    JSON.stringify(whole.toString("latin1")).slice(1, -1),
    JSON.stringify(whole.toString("utf8")).slice(1, -1),
  ]
}

const moves = Schema.Array(
  Schema.Struct({
    step: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: steps.length - 1 })),
    waitDays: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 })),
  }),
).check(Schema.isMaxLength(25))

describe("keys stay where they are", () => {
  it.effect.prop(
    "[CRY-018] no key shows in the journal, an output or an error, whatever happens in which order",
    { moves },
    ({ moves: chosen }) =>
      Effect.gen(function* () {
        const keys: Uint8Array[] = []
        const services = watched(yield* memoryServices, keys)
        const start = defaultEra
        const twin = yield* makeSimulation({ composition, seed: "leaks", services, start })
        const inside = Context.add(
          services.context,
          SecureRandom.SecureRandom,
          SecureRandom.make(seededBytes("leaks")),
        )
        const seen: string[] = []
        const plaintext = Buffer.from("some text")
        const mail = { workload: "Exchange", container: "a@x", objectId: "o", plaintext } as const
        const stored = yield* Effect.provideContext(sealAtRest(yield* twin.world, mail), inside)
        yield* twin.establish("store", stored)
        const policy = { contentId: "c", owner: "a@x", issuedAt: start, grants: [] }
        const wish = { contentId: "c", plaintext, policy }
        yield* Effect.provideContext(protectBytes(yield* twin.world, wish), inside)

        for (const { step, waitDays } of chosen) {
          const [who, operation, params] = steps[step] ?? [mallory, "Get-DkmKey", {}]
          const result = yield* Effect.result(twin.call(who, operation, params))
          seen.push(JSON.stringify(result))
          yield* twin.advance(days(waitDays))
        }

        const world = yield* twin.world
        for (const it of volumesIn(world.crypto.volumes)) {
          const way = { protector: "ExternalKey", place: "SecretSafe" } as const
          const fvek = yield* Effect.provideContext(openVolume(world, it, way), inside)
          if (Option.isSome(fvek)) keys.push(fvek.value)
        }
        seen.push(JSON.stringify(yield* twin.records))
        const all = seen.join("\n")
        assert.isAbove(keys.length, 3)
        for (const key of keys) {
          for (const form of formsOf(key)) assert.isFalse(all.includes(form), "a key in the clear")
          if (key.length === 32) assert.isFalse(all.includes(recoveryPasswordOf(key)))
        }
        for (const secret of ["hunter2 hunter2", "other secret", "some text"]) {
          assert.isFalse(all.includes(secret), secret)
          for (const form of formsOf(Buffer.from(secret))) {
            assert.isFalse(all.includes(form), `${secret} as ${form}`)
          }
        }
        // Nor does any of them lie on a disk, beside what it protects.
        const blobs = Context.get(services.context, BlobStore)
        for (const name of yield* blobs.list()) {
          const bytes = Buffer.from(yield* Effect.orDie(blobs.get(name)))
          for (const key of keys) assert.isFalse(bytes.includes(key.subarray(0, 16)), name)
        }
      }),
    { arbitrary: { runs: 40 } },
  )
})
