import type { KeyObject } from "node:crypto"
import type { Draw } from "@twin/kernel"
import { Effect } from "effect"
import { KeyVault } from "../KeyVault.ts"
import { issuerOf } from "./AccessToken.ts"
import { defaultSettings } from "./AppSettings.ts"
import type {
  AppRegistration,
  DeployedKey,
  DeployedKeyService,
  DoubleKeyEvent,
} from "./DoubleKeyEvent.ts"
import { activeEntry, type KeyAuthorization, type KeyEntry } from "./KeyEntry.ts"
import { type DoubleKeyWorld, keyServiceOf, parseKeyAddress } from "./keyServiceOf.ts"

/** Applications that get tokens for a key service (CRY-162). */
export const clientApplications = {
  office: "d3590ed6-52b3-4102-aeff-aad2292ab01c",
  informationProtection: "c00e9d32-3c8d-4a7d-832b-029040e7db99",
} as const

/** The registration that the documentation asks for (CRY-162). */
export const documentedRegistration = (origin: string): AppRegistration => ({
  redirectUri: origin,
  hasIdTokens: true,
  scope: "user_impersonation",
  authorizedClients: Object.values(clientApplications),
})

/** A service as the documentation sets it up, without a key yet: its own host is the audience. */
export const documentedService = (
  origin: string,
  validIssuers: readonly string[],
): DeployedKeyService => ({
  origin,
  keyStore: "HSM",
  hosting: "on-premises",
  jwtAudience: origin,
  jwtAuthorization: defaultSettings.jwtAuthorization,
  validIssuers,
  ldapPath: "",
  isRunning: true,
  keys: [],
  registration: documentedRegistration(origin),
})

/** A key for a service: made in the vault, or brought along. */
export const makeKey = Effect.fnUntraced(function* (
  draw: Draw,
  { privateKey, ...entry }: KeyEntry & { readonly privateKey?: KeyObject },
) {
  const vault = yield* KeyVault
  const vaultKeyId = `double-key/${draw.guid(`double key ${entry.name} ${entry.id}`)}`
  yield* privateKey === undefined
    ? vault.createKeyPair(vaultKeyId)
    : vault.importKeyPair(vaultKeyId, privateKey)
  const key: DeployedKey = { ...entry, vaultKeyId }
  return key
})

/** A key that people of these tenants may use, at an address of the customer's. */
export interface KeyServiceWish {
  /** `https://host/KeyName`. */
  readonly url: string
  readonly authorization: KeyAuthorization
  readonly tenantIds: readonly string[]
  readonly isRunning: boolean
  readonly now: number
}

/**
 * What it takes until a key answers at this address and serves these people: a service where there is
 * none, a key where there is none, new settings otherwise. Nothing for an address that is none.
 */
export const setUpKey = Effect.fn("setUpKey")(function* (
  world: DoubleKeyWorld,
  draw: Draw,
  { url, authorization, tenantIds, isRunning, now: at }: KeyServiceWish,
) {
  const address = parseKeyAddress(url)
  const events: DoubleKeyEvent[] = []
  if (address === undefined) return events
  const { name } = address
  const service = keyServiceOf(world, address.origin)
  const origin = service?.origin ?? address.origin
  const validIssuers = tenantIds.map(issuerOf)
  if (service === undefined) {
    const fresh = { ...documentedService(origin, validIssuers), isRunning }
    events.push({ _tag: "KeyServiceDeployed", service: fresh, at })
  } else events.push({ _tag: "KeyServiceChanged", origin, validIssuers, isRunning, at })
  if (activeEntry(service?.keys ?? [], name) === undefined) {
    const key = yield* makeKey(draw, { name, id: draw.guid(`key id of ${name}`), authorization })
    events.push({ _tag: "KeyServiceKeyAdded", origin, key, isActive: true, at })
  } else events.push({ _tag: "KeyServiceKeyAuthorized", origin, name, authorization, at })
  return events
})
