import { decideByGates, deny, gate, pass, type Ruling } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import type { CryptoServices } from "../CryptoServices.ts"
import { privateKeyOf, readAppSettings } from "../double-key/AppSettings.ts"
import { askKeyService, headersWith, isReachable } from "../double-key/askKeyService.ts"
import { doubleKeyHostings } from "../double-key/clientSupport.ts"
import type { DeployedKeyService } from "../double-key/DoubleKeyEvent.ts"
import { documentedService, makeKey } from "../double-key/deployKeyService.ts"
import { activeEntry, entryOf, type KeyAuthorization } from "../double-key/KeyEntry.ts"
import { keyServiceAt, keyServiceOf, parseKeyAddress } from "../double-key/keyServiceOf.ts"
import { testKeyStore } from "../double-key/keyStoreTester.ts"
import { issueAccessToken } from "../double-key/tokenAuthority.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

/** Who runs the customer's own key service. */
const roles = ["Global Administrator", "Compliance Administrator"] as const

interface Facets {
  readonly problem: string
}

/** One rule of setting up: what keeps the service from doing as asked, empty where nothing does. */
const workable = gate<Facets>()({
  name: "key-service-settings",
  facts: ["CRY-157", "CRY-158", "CRY-159", "CRY-160"],
  reads: ["problem"],
  check: ({ problem }) =>
    problem === ""
      ? pass("The key service takes these settings.")
      : deny("The key service does not take these settings.", {}, { message: problem }),
})

const decide = (problem: string) => decideByGates([workable], { problem })
const refused = (problem: string): Ruling<CryptoEvent> => ({ decision: decide(problem) })
const addresses = Schema.optionalKey(Schema.Array(Schema.NonEmptyString))

/** Without a path: the address of the service as a whole. */
const originFrom = (address: string): string | undefined => {
  if (!URL.canParse(address)) return undefined
  const { protocol, origin, pathname } = new URL(address)
  return protocol === "https:" && pathname === "/" ? origin : undefined
}

const testKeysRefused = "Use of test keys is only supported for testing, DO NOT USE FOR PRODUCTION"

export const deployDoubleKeyService = cryptoOperation({
  name: "deploy-double-key-service",
  summary: "Starts the customer's key service with a settings file, or without keys at first.",
  params: Schema.Struct({
    address: text("https://host of the service"),
    settings: Schema.optionalKey(text("The text of appsettings.json, with test keys")),
    environment: Schema.optionalKey(Schema.Literals(["test", "production"])),
    validIssuers: addresses,
    hosting: Schema.optionalKey(
      Schema.Literals(doubleKeyHostings).annotate({
        description: "Own rooms or any cloud; on-premises unless given",
      }),
    ),
  }),
  roles,
  facts: ["CRY-157", "CRY-158", "CRY-160", "CRY-161", "CRY-162", "MIP-251"],
  secrets: ["settings"],
  decide: ({ world, now: at, draw }, params) =>
    Effect.gen(function* () {
      const { address, settings, environment, validIssuers = [] } = params
      const { hosting = "on-premises" } = params
      const origin = originFrom(address)
      if (origin === undefined) return refused("The address of the service is https://host.")
      if (keyServiceOf(world, origin) !== undefined) return refused("A service runs there already.")
      const bare = { ...documentedService(origin, validIssuers), hosting }
      if (settings === undefined) return deployed({ ...bare, keyStore: "HSM" }, at)
      if (environment !== "test") return refused(testKeysRefused)
      const read = yield* Effect.result(readAppSettings(settings))
      if (read._tag === "Failure") return refused(read.failure.message)
      const { keys: entries, authority: _, ...rest } = read.success
      const keys = []
      for (const entry of entries) {
        const { privatePem: _pem, ...fields } = entry
        const privateKey = Option.getOrUndefined(privateKeyOf(entry))
        if (privateKey === undefined) {
          keys.push({ ...fields, vaultKeyId: `double-key/unreadable ${entry.name}` })
        } else keys.push(yield* makeKey(draw, { ...fields, privateKey }))
      }
      return deployed({ ...bare, ...rest, keyStore: "TestKeys", keys }, at)
    }),
})

const deployed = (service: DeployedKeyService, at: number): Ruling<CryptoEvent> => ({
  decision: decide(""),
  events: [{ _tag: "KeyServiceDeployed", service, at }],
  output: [{ id: service.origin, keys: service.keys.map(({ name, id }) => `${name}/${id}`) }],
})

const located = (world: CryptoWorld, url: string) => {
  const service = keyServiceAt(world, url)
  const name = parseKeyAddress(url)?.name
  return service === undefined || name === undefined ? undefined : { service, name }
}
const noService = "No key service runs at this address."

const authorizationOf = (o: {
  readonly AuthorizedEmailAddress?: readonly string[]
  readonly AuthorizedRoles?: readonly string[]
}): KeyAuthorization | string | undefined => {
  const { AuthorizedEmailAddress: mails, AuthorizedRoles: groups } = o
  if (mails !== undefined && groups !== undefined) {
    return "Both role and email authorizers cannot be used on the same test key"
  }
  if (groups !== undefined) return { _tag: "Role", roles: groups }
  return mails === undefined ? undefined : { _tag: "Email", addresses: mails }
}

export const addDoubleKey = cryptoOperation({
  name: "add-double-key",
  summary: "Adds a key, or a new version of one, to the customer's key service.",
  params: Schema.Struct({
    url: text("https://host/KeyName"),
    id: Schema.optionalKey(text("Id of the version; drawn unless given")),
    active: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "Whether clients get it from now on; yes unless given",
      }),
    ),
    AuthorizedEmailAddress: addresses,
    AuthorizedRoles: addresses,
    CacheExpirationInDays: Schema.optionalKey(Schema.Int),
  }),
  roles,
  facts: ["CRY-149", "CRY-157", "CRY-159"],
  decide: ({ world, now: at, draw }, params) =>
    Effect.gen(function* () {
      const found = located(world, params.url)
      if (found === undefined) return refused(noService)
      const { service, name } = found
      const given = authorizationOf(params)
      if (typeof given === "string") return refused(given)
      // A further version takes over who may use the one before it.
      const authorization = given ?? activeEntry(service.keys, name)?.authorization
      if (authorization === undefined) return refused("Value cannot be null. (Parameter 'keyAuth')")
      const id = params.id ?? draw.guid("double key id")
      if (entryOf(service.keys, name, id) !== undefined) return refused("The key has this version.")
      const days = params.CacheExpirationInDays
      const cache = days === undefined ? {} : { cacheExpirationInDays: days }
      const key = yield* makeKey(draw, { name, id, authorization, ...cache })
      const isActive = params.active ?? true
      return {
        decision: decide(""),
        events: [{ _tag: "KeyServiceKeyAdded", origin: service.origin, key, isActive, at }],
        output: [{ id, kid: `${service.origin}/${name}/${id}` }],
      } satisfies Ruling<CryptoEvent>
    }),
})

export const authorizeDoubleKey = cryptoOperation({
  name: "authorize-double-key",
  summary: "Says who may decrypt with a key: people by address or groups, never both.",
  params: Schema.Struct({
    url: text("https://host/KeyName"),
    AuthorizedEmailAddress: addresses,
    AuthorizedRoles: addresses,
  }),
  roles,
  facts: ["CRY-155", "CRY-156", "CRY-157"],
  decide: ({ world, now: at }, params) => {
    const found = located(world, params.url)
    if (found === undefined) return refused(noService)
    const authorization = authorizationOf(params)
    if (typeof authorization === "string") return refused(authorization)
    if (authorization === undefined) return refused("Value cannot be null. (Parameter 'keyAuth')")
    const { name, service } = found
    const { origin } = service
    return {
      decision: decide(""),
      events: [{ _tag: "KeyServiceKeyAuthorized", origin, name, authorization, at }],
    }
  },
})

export const removeDoubleKey = cryptoOperation({
  name: "remove-double-key",
  summary: "Takes a version of a key out of the service: what it protects opens no more.",
  params: Schema.Struct({ url: text("https://host/KeyName"), id: text("Id of the version") }),
  roles,
  facts: ["CRY-159"],
  decide: ({ world, now: at }, { url, id }) => {
    const found = located(world, url)
    if (found === undefined) return refused(noService)
    const { name, service } = found
    if (entryOf(service.keys, name, id) === undefined) return refused(`Key ${name}-${id} not found`)
    const { origin } = service
    return {
      decision: decide(""),
      events: [{ _tag: "KeyServiceKeyRemoved", origin, name, id, at }],
    }
  },
})

export const setDoubleKeyService = cryptoOperation({
  name: "set-double-key-service",
  summary: "Changes a key service: starts or stops it, accepts other tenants, moves it elsewhere.",
  params: Schema.Struct({
    address: text("https://host of the service"),
    running: Schema.optionalKey(Schema.Boolean),
    validIssuers: addresses,
    JwtAudience: Schema.optionalKey(Schema.NonEmptyString),
    moveTo: Schema.optionalKey(text("The new https://host")),
    keepOldAddress: Schema.optionalKey(Schema.Boolean),
  }),
  roles,
  facts: ["CRY-150", "CRY-161", "CRY-168"],
  decide: ({ world, now: at }, params) => {
    const service = keyServiceOf(world, originFrom(params.address) ?? "")
    if (service === undefined) return refused(noService)
    const { origin } = service
    const { running, validIssuers, JwtAudience, moveTo, keepOldAddress = false } = params
    const change: CryptoEvent = {
      _tag: "KeyServiceChanged",
      origin,
      ...(running === undefined ? {} : { isRunning: running }),
      ...(validIssuers === undefined ? {} : { validIssuers }),
      ...(JwtAudience === undefined ? {} : { jwtAudience: JwtAudience }),
      at,
    }
    if (moveTo === undefined) return { decision: decide(""), events: [change] }
    const to = originFrom(moveTo)
    if (to === undefined || keyServiceOf(world, to) !== undefined) {
      return refused("The new address is https://host, and nothing runs there.")
    }
    const moved: CryptoEvent = {
      _tag: "KeyServiceMoved",
      origin,
      to,
      isOldAddressKept: keepOldAddress,
      at,
    }
    return { decision: decide(""), events: [change, moved] }
  },
})

const seen = gate<object>()({
  name: "key-service-asked",
  facts: ["CRY-148", "CRY-151"],
  reads: [],
  check: () => pass("Anybody may send a request; the answer is the service's."),
})

export const sendKeyServiceRequest = cryptoOperation({
  name: "send-key-service-request",
  summary: "Sends an HTTP request to a key service, with or without the caller's own token.",
  params: Schema.Struct({
    method: Schema.Literals(["GET", "POST"]),
    url: text("Address, with the key's name and, to decrypt, its version"),
    body: Schema.optionalKey(Schema.String),
    tenantId: Schema.optionalKey(text("Tenant of the caller's token; no token unless given")),
  }),
  facts: ["CRY-148", "CRY-151", "CRY-152"],
  isReadOnly: true,
  decide: ({ world, now, actor }, { method, url, body = "", tenantId }) =>
    Effect.gen(function* () {
      const origin = URL.canParse(url) ? new URL(url).origin : ""
      const audience = keyServiceOf(world, origin)?.jwtAudience ?? origin
      const token =
        tenantId === undefined
          ? undefined
          : yield* issueAccessToken({ tenantId, address: actor.id, audience, now })
      const request = { method, url, headers: headersWith(token), body }
      const answer = yield* Effect.option(askKeyService(world, request, now))
      const output = Option.match(answer, {
        onNone: () => ({ status: 0 }),
        onSome: ({ response }) => ({ ...response }),
      })
      return { decision: decideByGates([seen], {}), output: [output] }
    }),
})

export const runKeyStoreTester = cryptoOperation({
  name: "run-key-store-tester",
  summary: "Checks a key service from outside, like the script that comes with it.",
  params: Schema.Struct({ url: text("https://host/KeyName") }),
  facts: ["CRY-171"],
  isReadOnly: true,
  decide: ({ world, now }, { url }) =>
    Effect.gen(function* () {
      const result = yield* testKeyStore<CryptoServices>(url, (request) =>
        Effect.map(Effect.option(askKeyService(world, request, now)), (answer) =>
          Option.isNone(answer) ? undefined : answer.value.response,
        ),
      )
      return { decision: decideByGates([seen], {}), output: [{ result }] }
    }),
})

export const getDoubleKeyService = cryptoOperation({
  name: "get-double-key-service",
  summary: "Lists a key service and its keys, never the private ones.",
  params: Schema.Struct({ address: text("https://host of the service") }),
  roles,
  facts: ["CRY-159", "CRY-161", "CRY-162"],
  isReadOnly: true,
  decide: ({ world }, { address }) => {
    const service = keyServiceOf(world, originFrom(address) ?? "")
    if (service === undefined) return refused(noService)
    const { keys, registration, validIssuers, jwtAudience, origin, hosting } = service
    return {
      decision: decide(""),
      output: keys.map(({ name, id, authorization, cacheExpirationInDays = null }) => ({
        url: `${origin}/${name}`,
        id,
        isActive: activeEntry(keys, name)?.id === id,
        ...(authorization._tag === "Email"
          ? { AuthorizedEmailAddress: authorization.addresses }
          : { AuthorizedRoles: authorization.roles }),
        CacheExpirationInDays: cacheExpirationInDays,
        JwtAudience: jwtAudience,
        ValidIssuers: validIssuers,
        hosting,
        isRunning: isReachable(world, service),
        redirectUri: registration?.redirectUri ?? null,
        hasIdTokens: registration?.hasIdTokens ?? false,
        scope: registration?.scope ?? null,
        authorizedClients: registration?.authorizedClients ?? [],
      })),
    }
  },
})

/** Everything that can be done with key services. */
export const keyServiceOperations = [
  deployDoubleKeyService,
  addDoubleKey,
  authorizeDoubleKey,
  removeDoubleKey,
  setDoubleKeyService,
  getDoubleKeyService,
  sendKeyServiceRequest,
  runKeyStoreTester,
]
