import { assert, describe, it } from "@effect/vitest"
import { seededBytes } from "@twin/kernel"
import { Effect } from "effect"
import { KeyVault, memoryServices } from "../src/index.ts"
import { rsaSign, rsaUnwrap, rsaVerify, rsaWrap } from "../src/Primitives.ts"
import { rsaKeyPairFrom } from "../src/RsaKeyPair.ts"
import { inContext, withServices } from "./harness.ts"

const jwk = (seed: string) => rsaKeyPairFrom(seededBytes(seed)).privateKey.export({ format: "jwk" })

const has = (keyId: string) => Effect.flatMap(KeyVault, (vault) => vault.has(keyId))

describe("RSA key pairs from seeded bytes", () => {
  it("[CRY-132] are full RSA-2048 pairs, the same for the same seed", () => {
    const pair = rsaKeyPairFrom(seededBytes("a"))
    assert.deepInclude(pair.publicKey.asymmetricKeyDetails, {
      modulusLength: 2048,
      publicExponent: 65_537n,
    })
    assert.deepStrictEqual(jwk("a"), jwk("a"))
    assert.notStrictEqual(jwk("a").n, jwk("b").n)
  })

  it("[CRY-132] [CRY-209] wrap, unwrap, sign and verify with each other", () => {
    const { publicKey, privateKey } = rsaKeyPairFrom(seededBytes("c"))
    const key = seededBytes("content key")(32)
    const wrapped = rsaWrap({ publicKey, key, seed: seededBytes("padding")(32) })
    const unwrapped = rsaUnwrap(privateKey, wrapped)
    assert.isTrue(unwrapped._tag === "Success" && Buffer.from(unwrapped.success).equals(key))
    const signature = rsaSign(privateKey, key)
    assert.isTrue(rsaVerify({ publicKey, message: key, signature }))
    assert.isFalse(rsaVerify({ publicKey, message: wrapped, signature }))
  })

  it("have primes that divide the modulus and obey the exponents", () => {
    const key = jwk("d")
    const [n, e, d, p, q, dp, dq, qi] = (["n", "e", "d", "p", "q", "dp", "dq", "qi"] as const).map(
      (name) => BigInt(`0x${Buffer.from(String(key[name]), "base64url").toString("hex")}`),
    )
    if (!n || !e || !d || !p || !q || !dp || !dq || !qi) return assert.fail("a part is missing")
    assert.strictEqual(p * q, n)
    assert.strictEqual((e * d) % ((p - 1n) * (q - 1n)), 1n)
    assert.strictEqual(d % (p - 1n), dp)
    assert.strictEqual(d % (q - 1n), dq)
    assert.strictEqual((q * qi) % p, 1n)
    assert.isTrue(p > q)
  })
})

describe("KeyVault", () => {
  it.effect("never fills an id twice, and gives no key that it does not have", () =>
    Effect.gen(function* () {
      const vault = yield* KeyVault
      yield* vault.createSymmetricKey("k")
      const first = yield* vault.symmetricKey("k")
      yield* vault.createSymmetricKey("k")
      assert.deepStrictEqual(yield* vault.symmetricKey("k"), first)
      assert.strictEqual(first.length, 32)
      assert.strictEqual((yield* Effect.flip(vault.privateKey("k")))._tag, "KeyNotFound")
      assert.strictEqual((yield* Effect.flip(vault.symmetricKey("none")))._tag, "KeyNotFound")
      yield* vault.destroyKey("k")
      assert.strictEqual((yield* Effect.flip(vault.symmetricKey("k")))._tag, "KeyNotFound")
      assert.strictEqual((yield* Effect.exit(vault.createKeyPair("k")))._tag, "Failure")
    }).pipe(withServices()),
  )

  it.effect("a copy goes its own way, in both directions", () =>
    Effect.gen(function* () {
      const original = yield* memoryServices
      yield* inContext(
        original.context,
        "x",
      )(Effect.flatMap(KeyVault, (vault) => vault.createSymmetricKey("shared")))
      const copy = yield* original.copy
      yield* inContext(
        copy.context,
        "y",
      )(Effect.flatMap(KeyVault, (vault) => vault.createSymmetricKey("copied")))
      yield* inContext(
        original.context,
        "z",
      )(Effect.flatMap(KeyVault, (vault) => vault.destroyKey("shared")))
      assert.isFalse(yield* inContext(original.context, "")(has("copied")))
      assert.isTrue(yield* inContext(copy.context, "")(has("shared")))
    }),
  )
})
