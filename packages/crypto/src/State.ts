import type { KernelWorld } from "@twin/kernel"
import { HashMap, Option, Schema } from "effect"
import type { Vault } from "./customer-key/AzureKeyVault.ts"
import {
  type AzureSubscription,
  evolveSubscriptions,
  type Subscriptions,
  subscriptionEvents,
  subscriptionOf,
} from "./customer-key/AzureSubscription.ts"
import {
  type CustomerTenant,
  customerTenantEvents,
  evolveCustomerTenant,
  initialCustomerTenant,
} from "./customer-key/CustomerTenant.ts"
import type { DataEncryptionPolicy } from "./customer-key/DataEncryptionPolicy.ts"
import {
  type CustomerKeyState,
  evolveCustomerKey,
  type GeoEncryption,
  initialCustomerKeyState,
  policyEvents,
} from "./customer-key/PolicyEvent.ts"
import { evolveVaults, type Vaults, vaultEvents } from "./customer-key/VaultEvent.ts"
import { type DkmState, dkmEvents, evolveDkm, initialDkmState } from "./dkm/DkmEvent.ts"
import {
  type DoubleKeyState,
  doubleKeyEvents,
  evolveDoubleKey,
  initialDoubleKeyState,
} from "./double-key/DoubleKeyEvent.ts"
import {
  evolveHoldYourOwnKey,
  type HoldYourOwnKeyState,
  holdYourOwnKeyEvents,
  initialHoldYourOwnKeyState,
} from "./hold-your-own-key/RightsServer.ts"
import { ownValue } from "./ownValue.ts"
import {
  evolveRightsSettings,
  initialRightsSettings,
  type RightsSettings,
  rightsSettingsEvents,
} from "./rights/RightsSettings.ts"
import {
  evolveTenantKeys,
  initialTenantKeys,
  type TenantKeys,
  tenantKeyEvents,
} from "./rights/TenantKeyEvent.ts"
import { evolveSmime, initialSmimeState, type SmimeState, smimeEvents } from "./smime/SmimeState.ts"
import {
  evolveTransport,
  initialTransportState,
  type TransportState,
  transportEvents,
} from "./transport/TransportState.ts"
import {
  evolveVolumes,
  initialVolumeState,
  type VolumeState,
  volumeEvents,
} from "./volumes/VolumeEvent.ts"
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
  "WorkloadKey",
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
  /** Subscriptions that the customer has in Azure. */
  readonly subscriptions: Subscriptions
  readonly vaults: Vaults
  readonly customerKey: CustomerKeyState
  /** Licences, recipients, onboarding and leaving of Customer Key. */
  readonly customerTenant: CustomerTenant
  /** Root keys of the protection service. */
  readonly tenantKeys: TenantKeys
  /** Cipher mode, connector, and certificates of accounts. */
  readonly rightsSettings: RightsSettings
  /** Key services that the customer runs, and what clients keep of them. */
  readonly doubleKey: DoubleKeyState
  readonly holdYourOwnKey: HoldYourOwnKeyState
  /** Connectors, domains outside, what waits to be sent. */
  readonly transport: TransportState
  readonly smime: SmimeState
  /** Encrypted disks of the service. */
  readonly volumes: VolumeState
  /** Keys of mail secrets and their group. */
  readonly dkm: DkmState
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
  ...subscriptionEvents,
  ...vaultEvents,
  ...policyEvents,
  ...customerTenantEvents,
  ...tenantKeyEvents,
  ...rightsSettingsEvents,
  ...doubleKeyEvents,
  ...holdYourOwnKeyEvents,
  ...transportEvents,
  ...smimeEvents,
  ...volumeEvents,
  ...dkmEvents,
})
export type CryptoEvent = typeof CryptoEvent.Type

export const initialCryptoState: CryptoState = {
  keys: HashMap.empty(),
  objects: HashMap.empty(),
  subscriptions: {},
  vaults: {},
  customerKey: initialCustomerKeyState,
  customerTenant: initialCustomerTenant,
  tenantKeys: initialTenantKeys,
  rightsSettings: initialRightsSettings,
  doubleKey: initialDoubleKeyState,
  holdYourOwnKey: initialHoldYourOwnKeyState,
  transport: initialTransportState,
  smime: initialSmimeState,
  volumes: initialVolumeState,
  dkm: initialDkmState,
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
    case "IrmEncryptionModeSet":
    case "RmsConnectorSet":
    case "AccountCertificateIssued":
      return { ...state, rightsSettings: evolveRightsSettings(state.rightsSettings, event) }
    case "VolumeEncrypted":
    case "DiskMoved":
    case "VolumeUnlocked":
    case "VolumeAccessRefused":
    case "DiskFormatted":
    case "ServerReinstalled":
    case "TpmReplaced":
    case "PasswordPartReleased":
      return { ...state, volumes: evolveVolumes(state.volumes, event) }
    case "DkmKeyRolled":
    case "DkmMemberAdded":
    case "DkmMemberRemoved":
    case "DkmSecretWritten":
    case "DkmAccessRefused":
    case "DkmSecretOpened":
      return { ...state, dkm: evolveDkm(state.dkm, event) }
    case "AzureSubscriptionSet":
    case "AzureFeatureChanged":
    case "AzureProviderRegistered":
    case "AzureSubscriptionCancelled":
      return { ...state, subscriptions: evolveSubscriptions(state.subscriptions, event) }
    case "VaultCreated":
    case "VaultChanged":
    case "ManagedHsmActivated":
    case "VaultNetworkSet":
    case "VaultConditionSet":
    case "VaultUsed":
    case "VaultRolesSet":
    case "VaultDeleted":
    case "VaultRecovered":
    case "VaultPurged":
    case "VaultPermissionsSet":
    case "VaultKeyAdded":
    case "VaultKeyRestored":
    case "VaultKeyChanged":
    case "VaultKeyBackedUp":
    case "VaultKeyDeleted":
    case "VaultKeyRecovered":
    case "VaultKeyPurged":
      return { ...state, vaults: evolveVaults(state.vaults, event) }
    case "CustomerKeyOnboarded":
    case "DataEncryptionPolicyCreated":
    case "DataEncryptionPolicyChanged":
    case "DataEncryptionPolicyRolled":
    case "AvailabilityKeyRolled":
    case "DataPurgeRequested":
    case "DataPurgeDocumentIssued":
    case "DataPurged":
    case "MailboxPolicyAssigned":
    case "TenantPolicyAssigned":
    case "TenantPolicyUnassigned":
    case "GeoCacheAlertRaised":
    case "GeoAccessRestored":
    case "GeoEncryptionStarted":
    case "GeoEncryptionFinished":
      return { ...state, customerKey: evolveCustomerKey(state.customerKey, event) }
    case "CustomerKeyOfferSubmitted":
    case "LicencesSet":
    case "RecipientTypeSet":
    case "RecipientItemHeld":
    case "RecipientMoveMarked":
    case "RecipientMoved":
    case "CustomerKeyOffboardingAsked":
    case "CustomerKeyOffboarded":
    case "CustomerRecoveryStarted":
    case "CustomerRecoveryEnded":
      return { ...state, customerTenant: evolveCustomerTenant(state.customerTenant, event) }
    case "TenantKeyRegistered":
    case "TenantKeyActivated":
    case "TenantKeyExportRequested":
      return { ...state, tenantKeys: evolveTenantKeys(state.tenantKeys, event) }
    case "KeyServiceDeployed":
    case "KeyServiceChanged":
    case "KeyServiceKeyAdded":
    case "KeyServiceKeyAuthorized":
    case "KeyServiceKeyRemoved":
    case "KeyServiceMoved":
    case "DirectoryUserSet":
    case "PublicKeyCached":
    case "ClientRegistrySet":
      return { ...state, doubleKey: evolveDoubleKey(state.doubleKey, event) }
    case "RightsServerInstalled":
    case "HeldContentProtected":
    case "HeldContentRelabelled":
      return { ...state, holdYourOwnKey: evolveHoldYourOwnKey(state.holdYourOwnKey, event) }
    case "TransportConfigChanged":
    case "OutboundConnectorSet":
    case "OutboundConnectorRemoved":
    case "InboundConnectorSet":
    case "InboundConnectorRemoved":
    case "InboundDomainSet":
    case "DomainRecordsPublished":
    case "MailDestinationDescribed":
    case "MtaStsPolicyCached":
    case "MailQueued":
    case "MailUnqueued":
      return { ...state, transport: evolveTransport(state.transport, event) }
    case "SmimeConfigChanged":
    case "SmimeCertificateEnrolled":
    case "SmimeCertificatePublished":
    case "SmimeMessageSent":
      return { ...state, smime: evolveSmime(state.smime, event) }
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

/** One that is in use. Vault names know no case. */
export const vaultOf = (world: CryptoWorld, name: string): Vault | undefined => {
  const vault = anyVaultOf(world, name)
  return vault?.deletedAt === undefined && vault?.isPurged !== true ? vault : undefined
}

/** Also one that is deleted and can still be recovered; the last trace of one that was purged. */
export const anyVaultOf = (world: CryptoWorld, name: string): Vault | undefined =>
  ownValue(world.crypto.vaults, name.toLowerCase())

/** One that can be recovered (CRY-060). */
export const deletedVaultOf = (world: CryptoWorld, name: string): Vault | undefined => {
  const vault = anyVaultOf(world, name)
  return vault?.deletedAt !== undefined && !vault.isPurged ? vault : undefined
}

/** The subscription that pays for a vault; one that nobody described is a paid one of the tenant. */
export const azureSubscriptionOf = (world: CryptoWorld, id: string): AzureSubscription =>
  subscriptionOf(world.crypto.subscriptions, id)

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
