import { readdirSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { defaultEra } from "@twin/kernel"
import { Effect } from "effect"
import { BlobStore, protectBytes, sealAtRest } from "../src/index.ts"
import { type From, systemKeySource } from "../src/SystemKeySource.ts"
import { mallory, startTwin } from "./harness.ts"

const source = new URL("../src/", import.meta.url)
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((it) => it.endsWith(".ts"))
  .toSorted()
const textOf = (file: string) => readFileSync(new URL(file, source), "utf8")

/** What the system's own chance is called, wherever it comes from. */
const systemChance =
  /\b(?:generateKeyPair(?:Sync)?|generateKey(?:Sync)?|generatePrime(?:Sync)?|getRandomValues|randomUUID|randomInt|randomFill(?:Sync)?|Math\.random)\b|SecureRandom\.layer|import \{[^}]*\brandomBytes\b[^}]*\} from "node:crypto"/

const useRealKey = (key: From<"system", Uint8Array>): number => key.length

describe("chance", () => {
  it("only the source of real keys asks the system for chance", () => {
    const found = files.filter((file) => systemChance.test(textOf(file)))
    assert.deepStrictEqual(found, ["SystemKeySource.ts"])
  })

  it("nothing of a simulation reaches for the source of real keys: it is there for callers", () => {
    const users = files.filter((file) => /SystemKeySource\.ts"/.test(textOf(file)))
    assert.deepStrictEqual(users, ["index.ts"])
  })

  const everything = Effect.gen(function* () {
    const twin = yield* startTwin("same")
    const file = { workload: "SharePoint", container: "s", objectId: "o" } as const
    yield* twin.store((world) => sealAtRest(world, { ...file, plaintext: Buffer.from("text") }))
    const account = { provider: "Gmail", account: "a@gmail.com", password: "p" }
    yield* twin.allow(mallory, "connect-account", account)
    yield* twin.call(mallory, "inspect-volume", { volume: "spo-nam01-content01/disk1" })
    const policy = { contentId: "c", owner: "a@x", issuedAt: defaultEra, grants: [] }
    const { bytes } = yield* twin.run((world) =>
      protectBytes(world, { contentId: "c", plaintext: Buffer.from("text"), policy }),
    )
    return yield* twin.run(() =>
      Effect.gen(function* () {
        const blobs = yield* BlobStore
        const stored: string[] = [Buffer.from(bytes).toString("hex")]
        for (const name of yield* blobs.list()) {
          const blob = yield* Effect.orDie(blobs.get(name))
          stored.push(`${name} ${Buffer.from(blob).toString("hex")}`)
        }
        return stored
      }),
    )
  })

  it.effect("the same seed makes the same keys and the same ciphertext, byte for byte", () =>
    Effect.gen(function* () {
      const first = yield* everything
      assert.isAbove(first.length, 10)
      assert.deepStrictEqual(yield* everything, first)
    }),
  )

  it("real keys come from the system, and no simulated byte passes for one", () => {
    assert.strictEqual(useRealKey(systemKeySource.bytes(32)), 32)
    assert.notDeepEqual(systemKeySource.bytes(32), systemKeySource.bytes(32))
    // @ts-expect-error Bytes of a simulation say nothing about the system.
    assert.strictEqual(useRealKey(new Uint8Array(32)), 32)
    const { privateKey, publicKey } = systemKeySource.keyPair()
    assert.strictEqual(privateKey.asymmetricKeyDetails?.modulusLength, 2048)
    assert.strictEqual(publicKey.type, "public")
  })
})
