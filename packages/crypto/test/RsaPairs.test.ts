import { assert, describe, it } from "@effect/vitest"
import { seededBytes } from "@twin/kernel"
import { Effect } from "effect"
import { KeyVault, layerRsaPairs, memoryServices } from "../src/index.ts"
import { makeRsaPairMemory } from "../src/RsaPairs.ts"
import { inContext } from "./harness.ts"

const origin = (seed: string) => ({ seed: seededBytes(seed)(32), modulusBits: 1024 })

/** The private key that a new vault makes with the chance of this seed. */
const keyOfNewVault = Effect.gen(function* () {
  const { context } = yield* memoryServices
  return yield* Effect.gen(function* () {
    const vault = yield* KeyVault
    yield* vault.createKeyPair("key", 1024)
    return yield* vault.privateKey("key")
  }).pipe(inContext(context, "same"))
})

describe("pairs that are remembered", () => {
  it("are the same object again, until others push them out", () => {
    const memory = makeRsaPairMemory(2)
    const [first, second, third] = [origin("a"), origin("b"), origin("c")]
    const pair = memory.pairOf(first)
    memory.pairOf(second)
    assert.strictEqual(memory.pairOf(first), pair)
    memory.pairOf(third)
    assert.strictEqual(memory.pairOf(first), pair)
    const again = makeRsaPairMemory(1)
    const made = again.pairOf(first)
    again.pairOf(second)
    assert.notStrictEqual(again.pairOf(first), made)
    assert.deepStrictEqual(
      again.pairOf(first).privateKey.export({ format: "jwk" }),
      pair.privateKey.export({ format: "jwk" }),
    )
  })

  it.effect("belong to the runtime: its vaults share them, another has its own, equal ones", () =>
    Effect.gen(function* () {
      const pair = Effect.all([keyOfNewVault, keyOfNewVault])
      const [one, two] = yield* pair.pipe(Effect.provide(layerRsaPairs))
      const [other] = yield* pair.pipe(Effect.provide(layerRsaPairs, { local: true }))
      assert.strictEqual(one, two)
      assert.notStrictEqual(one, other)
      assert.isTrue(one.equals(other))
    }),
  )
})
