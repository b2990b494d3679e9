import type { KernelWorld } from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import { Workload } from "./Workload.ts"

/** What a key is in the hierarchy; the levels of CRY-081 and CRY-094. */
export const KeyKind = Schema.Literals([
  "ServiceRootKey",
  "DepKey",
  "TenantIntermediateKey",
  "SiteKey",
  "MailboxKey",
  "RmsTenantKey",
])
export type KeyKind = typeof KeyKind.Type

/** A key by name: where it stands and what it is wrapped by. Never its bytes. */
export interface KeyRecord {
  readonly keyId: string
  readonly kind: KeyKind
  /** Keys that each hold a wrapped copy of this one; empty for what lives in the vault. */
  readonly wrappedBy: readonly string[]
  readonly isDestroyed: boolean
}

/** One stored object: a version of a file, a message. Its chunks are listed in the content database. */
export interface StoredObject {
  readonly objectId: string
  readonly workload: Workload
  readonly container: string
  /** The site key or mailbox key that its chunks hang on. */
  readonly keyId: string
  readonly sizeBytes: number
  readonly chunks: number
}

export interface CryptoState {
  readonly keys: HashMap.HashMap<string, KeyRecord>
  readonly objects: HashMap.HashMap<string, StoredObject>
}

export interface CryptoWorld extends KernelWorld {
  readonly crypto: CryptoState
}

const KeyId = Schema.NonEmptyString

export const CryptoEvent = Schema.TaggedUnion({
  KeyCreated: { keyId: KeyId, kind: KeyKind, wrappedBy: Schema.Array(KeyId) },
  /** The key's wrapped copies were replaced; its bytes are the same. */
  KeyRewrapped: { keyId: KeyId, wrappedBy: Schema.Array(KeyId) },
  KeyDestroyed: { keyId: KeyId },
  ObjectStored: {
    objectId: Schema.NonEmptyString,
    workload: Workload,
    container: Schema.NonEmptyString,
    keyId: KeyId,
    sizeBytes: Schema.Int,
    chunks: Schema.Int,
    /** Chunks written by this save; the others stayed as they were (CRY-026). */
    newChunks: Schema.Int,
  },
  /** The service could not reach a key it needs, so nothing was written. */
  StoreRefused: {
    objectId: Schema.NonEmptyString,
    workload: Workload,
    container: Schema.NonEmptyString,
    gate: Schema.NonEmptyString,
  },
  ObjectErased: { objectId: Schema.NonEmptyString },
})
export type CryptoEvent = typeof CryptoEvent.Type

export const initialCryptoState: CryptoState = {
  keys: HashMap.empty(),
  objects: HashMap.empty(),
}

/** The only place where this slice changes. */
export const evolveCrypto = (state: CryptoState, event: CryptoEvent): CryptoState =>
  CryptoEvent.match(event, {
    KeyCreated: ({ keyId, kind, wrappedBy }) => ({
      ...state,
      keys: HashMap.set(state.keys, keyId, { keyId, kind, wrappedBy, isDestroyed: false }),
    }),
    KeyRewrapped: ({ keyId, wrappedBy }) => ({
      ...state,
      keys: HashMap.modify(state.keys, keyId, (key) => ({ ...key, wrappedBy })),
    }),
    KeyDestroyed: ({ keyId }) => ({
      ...state,
      keys: HashMap.modify(state.keys, keyId, (key) => ({ ...key, isDestroyed: true })),
    }),
    ObjectStored: ({ objectId, workload, container, keyId, sizeBytes, chunks }) => ({
      ...state,
      objects: HashMap.set(state.objects, objectId, {
        objectId,
        workload,
        container,
        keyId,
        sizeBytes,
        chunks,
      }),
    }),
    StoreRefused: () => state,
    ObjectErased: ({ objectId }) => ({
      ...state,
      objects: HashMap.remove(state.objects, objectId),
    }),
  })

/** Undefined: no key of that name was ever made. */
export const keyOf = (world: CryptoWorld, keyId: string): KeyRecord | undefined =>
  Option.getOrUndefined(HashMap.get(world.crypto.keys, keyId))

/** Undefined: nothing is stored under that id. */
export const storedObjectOf = (world: CryptoWorld, objectId: string): StoredObject | undefined =>
  Option.getOrUndefined(HashMap.get(world.crypto.objects, objectId))

/** All stored objects, sorted by id. */
export const storedObjects = (world: CryptoWorld): readonly StoredObject[] =>
  [...HashMap.values(world.crypto.objects)].toSorted((a, b) => (a.objectId < b.objectId ? -1 : 1))
