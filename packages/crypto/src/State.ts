import type { KernelWorld } from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import type { Vault } from "./customer-key/AzureKeyVault.ts"
import type { DataEncryptionPolicy } from "./customer-key/DataEncryptionPolicy.ts"
import {
  type CustomerKeyState,
  evolveCustomerKey,
  type GeoEncryption,
  initialCustomerKeyState,
  policyEvents,
} from "./customer-key/PolicyEvent.ts"
import { evolveVaults, type Vaults, vaultEvents } from "./customer-key/VaultEvent.ts"
import { ownValue } from "./ownValue.ts"
import {
  evolveTenantKeys,
  initialTenantKeys,
  type TenantKeys,
  tenantKeyEvents,
} from "./rights/TenantKeyEvent.ts"
import { Workload } from "./Workload.ts"

/** What a key is in the hierarchy; the levels of CRY-081 and CRY-094. */
export const KeyKind = Schema.Literals([
  "ServiceRootKey",
  "CustomerRootKey",
  "AvailabilityKey",
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
  readonly vaults: Vaults
  readonly customerKey: CustomerKeyState
  /** Root keys of the protection service. */
  readonly tenantKeys: TenantKeys
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
  ...vaultEvents,
  ...policyEvents,
  ...tenantKeyEvents,
})
export type CryptoEvent = typeof CryptoEvent.Type

export const initialCryptoState: CryptoState = {
  keys: HashMap.empty(),
  objects: HashMap.empty(),
  vaults: {},
  customerKey: initialCustomerKeyState,
  tenantKeys: initialTenantKeys,
}

/** The only place where this slice changes. */
export const evolveCrypto = (state: CryptoState, event: CryptoEvent): CryptoState => {
  switch (event._tag) {
    case "KeyCreated": {
      const { keyId, kind, wrappedBy } = event
      const key: KeyRecord = { keyId, kind, wrappedBy, isDestroyed: false }
      return { ...state, keys: HashMap.set(state.keys, keyId, key) }
    }
    case "KeyRewrapped":
      return changeKey(state, event.keyId, { wrappedBy: event.wrappedBy })
    case "KeyDestroyed":
      return changeKey(state, event.keyId, { isDestroyed: true })
    case "ObjectStored": {
      const { objectId, workload, container, keyId, sizeBytes, chunks } = event
      const stored: StoredObject = { objectId, workload, container, keyId, sizeBytes, chunks }
      return { ...state, objects: HashMap.set(state.objects, objectId, stored) }
    }
    case "StoreRefused":
      return state
    case "ObjectErased":
      return { ...state, objects: HashMap.remove(state.objects, event.objectId) }
    case "VaultCreated":
    case "VaultPermissionsSet":
    case "VaultKeyAdded":
    case "VaultKeyChanged":
    case "VaultKeyDeleted":
    case "VaultKeyRecovered":
    case "VaultKeyPurged":
      return { ...state, vaults: evolveVaults(state.vaults, event) }
    case "CustomerKeyOnboarded":
    case "DataEncryptionPolicyCreated":
    case "DataEncryptionPolicyChanged":
    case "DataEncryptionPolicyRolled":
    case "DataPurgeRequested":
    case "DataPurged":
    case "MailboxPolicyAssigned":
    case "TenantPolicyAssigned":
    case "GeoEncryptionStarted":
    case "GeoEncryptionFinished":
      return { ...state, customerKey: evolveCustomerKey(state.customerKey, event) }
    case "TenantKeyRegistered":
    case "TenantKeyActivated":
      return { ...state, tenantKeys: evolveTenantKeys(state.tenantKeys, event) }
  }
}

const changeKey = (state: CryptoState, keyId: string, change: Partial<KeyRecord>): CryptoState => ({
  ...state,
  keys: HashMap.modify(state.keys, keyId, (key) => ({ ...key, ...change })),
})

/** Undefined: no key of that name was ever made. */
export const keyOf = (world: CryptoWorld, keyId: string): KeyRecord | undefined =>
  Option.getOrUndefined(HashMap.get(world.crypto.keys, keyId))

/** All keys of one kind, sorted by name. */
export const keysOfKind = (world: CryptoWorld, kind: KeyKind): readonly KeyRecord[] =>
  [...HashMap.values(world.crypto.keys)]
    .filter((key) => key.kind === kind)
    .toSorted((a, b) => (a.keyId < b.keyId ? -1 : 1))

/** Undefined: nothing is stored under that id. */
export const storedObjectOf = (world: CryptoWorld, objectId: string): StoredObject | undefined =>
  Option.getOrUndefined(HashMap.get(world.crypto.objects, objectId))

/** All stored objects, sorted by id. */
export const storedObjects = (world: CryptoWorld): readonly StoredObject[] =>
  [...HashMap.values(world.crypto.objects)].toSorted((a, b) => (a.objectId < b.objectId ? -1 : 1))

/** Vault names know no case. */
export const vaultOf = (world: CryptoWorld, name: string): Vault | undefined =>
  ownValue(world.crypto.vaults, name.toLowerCase())

/** All policies, oldest first; purged ones are left out. */
export const dataEncryptionPolicies = (world: CryptoWorld): readonly DataEncryptionPolicy[] =>
  Object.values(world.crypto.customerKey.policies)
    .filter((policy) => !policy.isPurged)
    .toSorted((a, b) => a.createdAt - b.createdAt)

/** Undefined: not assigned, so a multi-workload policy or Microsoft's keys serve the mailbox. */
export const mailboxPolicyIdOf = (world: CryptoWorld, mailbox: string): string | undefined =>
  Option.getOrUndefined(HashMap.get(world.crypto.customerKey.mailboxes, mailbox.toLowerCase()))

export const policyById = (
  world: CryptoWorld,
  policyId: string | undefined,
): DataEncryptionPolicy | undefined =>
  policyId === undefined ? undefined : ownValue(world.crypto.customerKey.policies, policyId)

/** SharePoint and OneDrive of the geo. */
export const geoEncryptionOf = (world: CryptoWorld): GeoEncryption => world.crypto.customerKey.geo
