import type { KeyObject } from "node:crypto"
import { seededBytes } from "@twin/kernel"
import { Context, Effect, HashMap, HashSet, Option, Ref } from "effect"
import { SecureRandom } from "effect/crypto"
import { KeyNotFound } from "./Errors.ts"
import { type RsaKeyPair, rsaKeyPairFrom } from "./RsaKeyPair.ts"

/**
 * Where unwrapped keys live, and nowhere else: roots, tenant keys, account keys. Everything below a
 * root exists only wrapped, in the blob store. An id names one key for ever: it is never filled again
 * after its key was destroyed.
 */
export class KeyVault extends Context.Service<
  KeyVault,
  {
    /** 32 random bytes under a new id; an existing key stays as it is. */
    readonly createSymmetricKey: (
      keyId: string,
    ) => Effect.Effect<void, never, SecureRandom.SecureRandom>
    /** An RSA-2048 pair, fixed by the seed that is drawn now and computed when it is first used. */
    readonly createKeyPair: (keyId: string) => Effect.Effect<void, never, SecureRandom.SecureRandom>
    readonly symmetricKey: (keyId: string) => Effect.Effect<Uint8Array, KeyNotFound>
    readonly privateKey: (keyId: string) => Effect.Effect<KeyObject, KeyNotFound>
    readonly publicKey: (keyId: string) => Effect.Effect<KeyObject, KeyNotFound>
    readonly has: (keyId: string) => Effect.Effect<boolean>
    /** For ever. What was wrapped under it stays wrapped. */
    readonly destroyKey: (keyId: string) => Effect.Effect<void>
  }
>()("@twin/crypto/KeyVault") {}

interface SymmetricKey {
  readonly kind: "symmetric"
  readonly bytes: Uint8Array
}
interface KeyPair {
  readonly kind: "pair"
  /** Computes once; copies of the vault share the result, which depends on the seed alone. */
  readonly pair: () => RsaKeyPair
}

/** All keys at one moment. Immutable, so that a copy of a vault costs nothing. */
interface VaultContent {
  readonly keys: HashMap.HashMap<string, SymmetricKey | KeyPair>
  readonly destroyed: HashSet.HashSet<string>
}

/** A vault in memory, and how to take an independent copy of it. */
export interface MemoryKeyVault {
  readonly vault: KeyVault["Service"]
  readonly copy: Effect.Effect<MemoryKeyVault>
}

export const makeMemoryKeyVault: Effect.Effect<MemoryKeyVault> = Effect.suspend(() =>
  vaultOf({ keys: HashMap.empty(), destroyed: HashSet.empty() }),
)

const vaultOf = (start: VaultContent): Effect.Effect<MemoryKeyVault> =>
  Effect.gen(function* () {
    const content = yield* Ref.make(start)
    const find = Effect.fnUntraced(function* (keyId: string) {
      const found = HashMap.get((yield* Ref.get(content)).keys, keyId)
      if (Option.isNone(found)) return yield* new KeyNotFound({ keyId })
      return found.value
    })
    const pair = Effect.fnUntraced(function* (keyId: string) {
      const key = yield* find(keyId)
      if (key.kind !== "pair") return yield* new KeyNotFound({ keyId })
      return key.pair()
    })
    const has = (keyId: string) =>
      Effect.map(Ref.get(content), ({ keys }) => HashMap.has(keys, keyId))
    const add = Effect.fnUntraced(function* (
      keyId: string,
      make: (random: SecureRandom.SecureRandom["Service"]) => Effect.Effect<SymmetricKey | KeyPair>,
    ) {
      if (yield* has(keyId)) return
      const { destroyed } = yield* Ref.get(content)
      if (HashSet.has(destroyed, keyId)) {
        return yield* Effect.die(new Error(`the key id '${keyId}' was used before`))
      }
      const key = yield* make(yield* SecureRandom.SecureRandom)
      yield* Ref.update(content, (it) => ({ ...it, keys: HashMap.set(it.keys, keyId, key) }))
    })

    const vault = KeyVault.of({
      has,
      createSymmetricKey: (keyId) =>
        add(keyId, (random) =>
          Effect.map(random.randomBytes(32), (bytes) => ({ kind: "symmetric", bytes })),
        ),
      createKeyPair: (keyId) =>
        add(keyId, (random) =>
          Effect.map(random.randomBytes(32), (seed) => ({ kind: "pair", pair: lazyPair(seed) })),
        ),
      symmetricKey: Effect.fnUntraced(function* (keyId: string) {
        const key = yield* find(keyId)
        if (key.kind !== "symmetric") return yield* new KeyNotFound({ keyId })
        return key.bytes
      }),
      privateKey: (keyId) => Effect.map(pair(keyId), ({ privateKey }) => privateKey),
      publicKey: (keyId) => Effect.map(pair(keyId), ({ publicKey }) => publicKey),
      destroyKey: (keyId) =>
        Ref.update(content, ({ keys, destroyed }) => ({
          keys: HashMap.remove(keys, keyId),
          destroyed: HashSet.add(destroyed, keyId),
        })),
    })
    return { vault, copy: Effect.flatMap(Ref.get(content), vaultOf) }
  })

const lazyPair = (seed: Uint8Array): (() => RsaKeyPair) => {
  let made: RsaKeyPair | undefined
  return () => {
    made ??= pairOf(`rsa ${Buffer.from(seed).toString("hex")}`)
    return made
  }
}

/**
 * The pair of a seed. Finding its primes takes 100 ms, and forks, rewinds and counterproofs make the
 * same keys again: the last ones are remembered. A pair is a function of its seed and nothing else.
 */
const pairOf = (seed: string): RsaKeyPair => {
  const pair = lastPairs.get(seed) ?? rsaKeyPairFrom(seededBytes(seed))
  lastPairs.delete(seed)
  lastPairs.set(seed, pair)
  const [oldest] = lastPairs.keys()
  if (lastPairs.size > lastPairsLimit && oldest !== undefined) lastPairs.delete(oldest)
  return pair
}

const lastPairs = new Map<string, RsaKeyPair>()
const lastPairsLimit = 64
