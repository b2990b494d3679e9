import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto"
import { Context, Effect, HashMap, HashSet, Option, Ref, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { KeyNotFound } from "./Errors.ts"
import { gcmIvBytes, openGcm, sealGcm } from "./Primitives.ts"
import { type RsaKeyPair, rsaModulusBits } from "./RsaKeyPair.ts"
import { type RsaOrigin, type RsaPairMemory, RsaPairs } from "./RsaPairs.ts"

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
    /**
     * An RSA pair of 2048 bits or as many as are given, fixed by the seed that is drawn now and computed
     * when it is first used.
     */
    readonly createKeyPair: (
      keyId: string,
      modulusBits?: number,
    ) => Effect.Effect<void, never, SecureRandom.SecureRandom>
    /** A pair that somebody else made, under a new id; an existing key stays as it is. */
    readonly importKeyPair: (keyId: string, privateKey: KeyObject) => Effect.Effect<void>
    readonly symmetricKey: (keyId: string) => Effect.Effect<Uint8Array, KeyNotFound>
    readonly privateKey: (keyId: string) => Effect.Effect<KeyObject, KeyNotFound>
    readonly publicKey: (keyId: string) => Effect.Effect<KeyObject, KeyNotFound>
    readonly has: (keyId: string) => Effect.Effect<boolean>
    /** For ever, unless a backup holds it. What was wrapped under it stays wrapped. */
    readonly destroyKey: (keyId: string) => Effect.Effect<void>
    /** These keys, encrypted under another key of the vault and bound to `context` (CRY-049). */
    readonly backUp: (
      o: KeyBackup,
    ) => Effect.Effect<Uint8Array, KeyNotFound, SecureRandom.SecureRandom>
    /** Keys that were destroyed come back under their own names; none where the backup does not open. */
    readonly restore: (o: KeyBackup & { readonly sealed: Uint8Array }) => Effect.Effect<boolean>
  }
>()("@twin/crypto/KeyVault") {}

/** Keys on their way into a backup or out of it. */
export interface KeyBackup {
  readonly keyIds: readonly string[]
  readonly backupKeyId: string
  readonly context: string
}

interface SymmetricKey {
  readonly kind: "symmetric"
  readonly bytes: Uint8Array
}
interface KeyPair {
  readonly kind: "pair"
  /** What it was made from; absent where somebody else made it. */
  readonly origin?: RsaOrigin
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

export const makeMemoryKeyVault: Effect.Effect<MemoryKeyVault> = Effect.flatMap(RsaPairs, (pairs) =>
  vaultOf({ keys: HashMap.empty(), destroyed: HashSet.empty() }, pairs),
)

const vaultOf = (start: VaultContent, pairs: RsaPairMemory): Effect.Effect<MemoryKeyVault> =>
  Effect.gen(function* () {
    const content = yield* Ref.make(start)
    const find = (keyId: string) =>
      Effect.suspend(() => {
        const found = HashMap.get(Ref.getUnsafe(content).keys, keyId)
        return Option.isSome(found)
          ? Effect.succeed(found.value)
          : Effect.fail(new KeyNotFound({ keyId }))
      })
    const pair = Effect.fnUntraced(function* (keyId: string) {
      const key = yield* find(keyId)
      if (key.kind !== "pair") return yield* new KeyNotFound({ keyId })
      return key.pair()
    })
    const symmetricBytes = (keyId: string) =>
      Effect.flatMap(find(keyId), (key) =>
        key.kind === "symmetric"
          ? Effect.succeed(key.bytes)
          : Effect.fail(new KeyNotFound({ keyId })),
      )
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
      createKeyPair: (keyId, modulusBits = rsaModulusBits) =>
        add(keyId, (random) =>
          Effect.map(random.randomBytes(32), (seed) => keyPairOf({ seed, modulusBits }, pairs)),
        ),
      importKeyPair: Effect.fnUntraced(function* (keyId: string, privateKey: KeyObject) {
        if (yield* has(keyId)) return
        const { destroyed } = yield* Ref.get(content)
        if (HashSet.has(destroyed, keyId)) {
          return yield* Effect.die(new Error(`the key id '${keyId}' was used before`))
        }
        const made: RsaKeyPair = { privateKey, publicKey: createPublicKey(privateKey) }
        const key: KeyPair = { kind: "pair", pair: () => made }
        yield* Ref.update(content, (it) => ({ ...it, keys: HashMap.set(it.keys, keyId, key) }))
      }),
      symmetricKey: symmetricBytes,
      privateKey: (keyId) => Effect.map(pair(keyId), ({ privateKey }) => privateKey),
      publicKey: (keyId) => Effect.map(pair(keyId), ({ publicKey }) => publicKey),
      destroyKey: (keyId) =>
        Ref.update(content, ({ keys, destroyed }) => ({
          keys: HashMap.remove(keys, keyId),
          destroyed: HashSet.add(destroyed, keyId),
        })),
      backUp: Effect.fnUntraced(function* (o) {
        const wrapping = yield* symmetricBytes(o.backupKeyId)
        const iv = yield* (yield* SecureRandom.SecureRandom).randomBytes(gcmIvBytes)
        const stored = yield* Effect.forEach(o.keyIds, (keyId) =>
          Effect.map(find(keyId), storedForm),
        )
        const plaintext = Buffer.from(JSON.stringify(stored))
        return sealGcm({ key: wrapping, iv, plaintext, aad: Buffer.from(o.context), head: iv })
      }),
      restore: Effect.fnUntraced(function* (o) {
        const wrapping = yield* Effect.option(symmetricBytes(o.backupKeyId))
        if (Option.isNone(wrapping)) return false
        const opened = openGcm({
          key: wrapping.value,
          iv: o.sealed.subarray(0, gcmIvBytes),
          sealed: o.sealed.subarray(gcmIvBytes),
          aad: Buffer.from(o.context),
        })
        if (Result.isFailure(opened)) return false
        const stored = JSON.parse(Buffer.from(opened.success).toString()) as readonly StoredKey[]
        yield* Ref.update(content, ({ keys, destroyed }) => ({
          keys: o.keyIds.reduce((all, keyId, index) => {
            const key = stored[index]
            return key === undefined ? all : HashMap.set(all, keyId, keyOfStored(key, pairs))
          }, keys),
          destroyed: o.keyIds.reduce((all, keyId) => HashSet.remove(all, keyId), destroyed),
        }))
        return true
      }),
    })
    return { vault, copy: Effect.flatMap(Ref.get(content), (it) => vaultOf(it, pairs)) }
  })

/** A key as a backup holds it: what it is made from, or the private key itself; base64. */
interface StoredKey {
  readonly kind: "symmetric" | "seed" | "pkcs8"
  readonly bytes: string
  readonly modulusBits: number
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64")

const storedForm = (key: SymmetricKey | KeyPair): StoredKey => {
  if (key.kind === "symmetric")
    return { kind: "symmetric", bytes: base64(key.bytes), modulusBits: 0 }
  const { origin } = key
  if (origin !== undefined) {
    return { kind: "seed", bytes: base64(origin.seed), modulusBits: origin.modulusBits }
  }
  const bytes = key.pair().privateKey.export({ format: "der", type: "pkcs8" })
  return { kind: "pkcs8", bytes: base64(bytes), modulusBits: 0 }
}

const keyOfStored = (
  { kind, bytes, modulusBits }: StoredKey,
  pairs: RsaPairMemory,
): SymmetricKey | KeyPair => {
  const material = Buffer.from(bytes, "base64")
  if (kind === "symmetric") return { kind, bytes: new Uint8Array(material) }
  if (kind === "seed") return keyPairOf({ seed: new Uint8Array(material), modulusBits }, pairs)
  const privateKey = createPrivateKey({ key: material, format: "der", type: "pkcs8" })
  const pair: RsaKeyPair = { privateKey, publicKey: createPublicKey(privateKey) }
  return { kind: "pair", pair: () => pair }
}

const keyPairOf = (origin: RsaOrigin, pairs: RsaPairMemory): KeyPair => {
  let made: RsaKeyPair | undefined
  const pair = (): RsaKeyPair => {
    made ??= pairs.pairOf(origin)
    return made
  }
  return { kind: "pair", origin, pair }
}
