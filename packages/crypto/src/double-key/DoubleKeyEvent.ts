import { Schema } from "effect"
import { ownValue } from "../ownValue.ts"
import { doubleKeyHostings } from "./clientSupport.ts"
import { DirectoryUser } from "./Directory.ts"
import { KeyAuthorization, KeyEntry } from "./KeyEntry.ts"

/** An entry of a deployed service; its private key lies in the vault, and nowhere else. */
export const DeployedKey = Schema.Struct({
  ...KeyEntry.fields,
  /** Id in the key vault. A new key never takes the id of an old one. */
  vaultKeyId: Schema.NonEmptyString,
})
export type DeployedKey = typeof DeployedKey.Type

/** How the service is known to the authority that makes tokens for it (CRY-162). */
export const AppRegistration = Schema.Struct({
  redirectUri: Schema.String,
  hasIdTokens: Schema.Boolean,
  scope: Schema.String,
  /** Application ids that get tokens for it without asking the user. */
  authorizedClients: Schema.Array(Schema.String),
})
export type AppRegistration = typeof AppRegistration.Type

/** A key service that the customer runs under an address of their own. */
export const DeployedKeyService = Schema.Struct({
  /** `https://host[:port]`, lower case. */
  origin: Schema.NonEmptyString,
  /** `TestKeys`: in the settings file, for tests alone. `HSM`: in a store of the customer (CRY-160). */
  keyStore: Schema.Literals(["TestKeys", "HSM"]),
  hosting: Schema.Literals(doubleKeyHostings),
  jwtAudience: Schema.String,
  jwtAuthorization: Schema.String,
  validIssuers: Schema.Array(Schema.String),
  ldapPath: Schema.String,
  isRunning: Schema.Boolean,
  keys: Schema.Array(DeployedKey),
  registration: Schema.optionalKey(AppRegistration),
})
export type DeployedKeyService = typeof DeployedKeyService.Type

/** A public key as a client keeps it; nothing in it is secret. */
export const CachedPublicKey = Schema.Struct({
  kid: Schema.NonEmptyString,
  n: Schema.NonEmptyString,
  e: Schema.Int,
  /** Epoch milliseconds. */
  expiresAt: Schema.Finite,
})
export type CachedPublicKey = typeof CachedPublicKey.Type

const Origin = Schema.NonEmptyString
const at = Schema.Finite

export const doubleKeyEvents = {
  /** Also over an earlier one: settings, keys and registration are those of the event. */
  KeyServiceDeployed: { service: DeployedKeyService, at },
  KeyServiceChanged: {
    origin: Origin,
    isRunning: Schema.optionalKey(Schema.Boolean),
    jwtAudience: Schema.optionalKey(Schema.String),
    validIssuers: Schema.optionalKey(Schema.Array(Schema.String)),
    ldapPath: Schema.optionalKey(Schema.String),
    registration: Schema.optionalKey(AppRegistration),
    at,
  },
  /** `isActive`: before all others of its name, so that it is the one that clients get (CRY-159). */
  KeyServiceKeyAdded: { origin: Origin, key: DeployedKey, isActive: Schema.Boolean, at },
  /** Every version of the name, or one. */
  KeyServiceKeyAuthorized: {
    origin: Origin,
    name: Schema.String,
    id: Schema.optionalKey(Schema.String),
    authorization: KeyAuthorization,
    at,
  },
  KeyServiceKeyRemoved: { origin: Origin, name: Schema.String, id: Schema.String, at },
  /** The service answers under another address from now on. */
  KeyServiceMoved: { origin: Origin, to: Origin, isOldAddressKept: Schema.Boolean, at },
  DirectoryUserSet: { ldapPath: Schema.NonEmptyString, user: DirectoryUser, at },
  PublicKeyCached: {
    holder: Schema.NonEmptyString,
    url: Schema.NonEmptyString,
    key: CachedPublicKey,
  },
  /** A value in the registry of somebody's device; absent: deleted. */
  ClientRegistrySet: {
    holder: Schema.NonEmptyString,
    path: Schema.NonEmptyString,
    value: Schema.optionalKey(Schema.Int),
    at,
  },
} as const

export const DoubleKeyEvent = Schema.TaggedUnion(doubleKeyEvents)
export type DoubleKeyEvent = typeof DoubleKeyEvent.Type

type Records<A> = Readonly<Record<string, A>>

export interface DoubleKeyState {
  /** By origin. */
  readonly services: Records<DeployedKeyService>
  /** An old address of a service -> its address now. */
  readonly addresses: Records<string>
  /** By LDAP path, then by SID. */
  readonly directories: Records<Records<DirectoryUser>>
  /** By holder, then by key address. */
  readonly publicKeys: Records<Records<CachedPublicKey>>
  /** By holder, then by registry path and name in lower case. */
  readonly registries: Records<Records<number>>
}

export const initialDoubleKeyState: DoubleKeyState = {
  services: {},
  addresses: {},
  directories: {},
  publicKeys: {},
  registries: {},
}

/** The only place where this part of the slice changes. */
export const evolveDoubleKey = (state: DoubleKeyState, event: DoubleKeyEvent): DoubleKeyState => {
  switch (event._tag) {
    case "KeyServiceDeployed":
      return withService(state, event.service)
    case "KeyServiceChanged": {
      const { _tag, origin, at: _at, ...change } = event
      return changeService(state, origin, (it) => ({ ...it, ...change }))
    }
    case "KeyServiceKeyAdded":
      return changeService(state, event.origin, (it) => ({
        ...it,
        keys: event.isActive ? [event.key, ...it.keys] : [...it.keys, event.key],
      }))
    case "KeyServiceKeyAuthorized": {
      const { name, id, authorization } = event
      return changeService(state, event.origin, (it) => ({
        ...it,
        keys: it.keys.map((key) =>
          key.name === name && (id === undefined || key.id === id)
            ? { ...key, authorization }
            : key,
        ),
      }))
    }
    case "KeyServiceKeyRemoved":
      return changeService(state, event.origin, (it) => ({
        ...it,
        keys: it.keys.filter(({ name, id }) => name !== event.name || id !== event.id),
      }))
    case "KeyServiceMoved":
      return moveService(state, event)
    case "DirectoryUserSet":
      return {
        ...state,
        directories: within(state.directories, event.ldapPath, event.user.objectSid, event.user),
      }
    case "PublicKeyCached":
      return {
        ...state,
        publicKeys: within(state.publicKeys, event.holder, event.url, event.key),
      }
    case "ClientRegistrySet":
      return {
        ...state,
        registries: within(state.registries, event.holder, event.path.toLowerCase(), event.value),
      }
  }
}

const moveService = (
  state: DoubleKeyState,
  { origin, to, isOldAddressKept }: DoubleKeyEvent & { readonly _tag: "KeyServiceMoved" },
): DoubleKeyState => {
  const service = ownValue(state.services, origin)
  if (service === undefined) return state
  const addresses = isOldAddressKept ? { ...state.addresses, [origin]: to } : state.addresses
  const { [origin]: _, ...services } = state.services
  return { ...state, addresses, services: { ...services, [to]: { ...service, origin: to } } }
}

const withService = (state: DoubleKeyState, service: DeployedKeyService): DoubleKeyState => ({
  ...state,
  services: { ...state.services, [service.origin]: service },
})

const changeService = (
  state: DoubleKeyState,
  origin: string,
  change: (service: DeployedKeyService) => DeployedKeyService,
): DoubleKeyState => {
  const service = ownValue(state.services, origin)
  return service === undefined ? state : withService(state, change(service))
}

/** Sets or, without a value, takes away one entry of one record. */
const within = <A>(
  records: Records<Records<A>>,
  outer: string,
  inner: string,
  value: A | undefined,
): Records<Records<A>> => {
  const { [inner]: _, ...others } = ownValue(records, outer) ?? {}
  return { ...records, [outer]: value === undefined ? others : { ...others, [inner]: value } }
}
