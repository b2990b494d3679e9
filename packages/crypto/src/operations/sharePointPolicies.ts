import {
  andThen,
  type Call,
  type Decision,
  decideByGates,
  deny,
  gate,
  hours,
  notRecognized,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { containersOf, policyInForce } from "../at-rest/Hierarchy.ts"
import type { CryptoServices } from "../CryptoServices.ts"
import { keyUri } from "../customer-key/AzureKeyVault.ts"
import type { DataEncryptionPolicy } from "../customer-key/DataEncryptionPolicy.ts"
import type { GeoEncryptionState } from "../customer-key/PolicyEvent.ts"
import {
  createPolicyKeys,
  moveContainers,
  namesOfPolicyKeys,
  rollPolicyKey,
  worldAfter,
} from "../customer-key/policyKeys.ts"
import { withVersion } from "../customer-key/policyLookup.ts"
import { rootKeyFacetsOf, rootKeyRules } from "../decisions/evaluateRootKeys.ts"
import { keysReachable, onboarding } from "../decisions/policyGates.ts"
import { type CryptoEvent, type CryptoWorld, geoEncryptionOf, policyById } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { isPolicyKeyReachable, noPolicy } from "./policyOperations.ts"

/** CRY-079. */
export const spoRoles = ["SharePoint Administrator", "Global Administrator"] as const
const roles = spoRoles

/** How long a geo registers or rolls: proportional to its sites in reality, so a twin parameter. */
export const geoEncryptionHours = 24

interface GeoFacets {
  readonly geoState: GeoEncryptionState
}

const geoUnregistered = gate<GeoFacets>()({
  name: "geo-unregistered",
  facts: ["CRY-072", "CRY-103"],
  reads: ["geoState"],
  check: ({ geoState }) =>
    geoState === "Unregistered"
      ? pass("The geo has no policy yet.", { geoState })
      : deny(
          "A geo has exactly one policy, and this one has it already.",
          { geoState },
          {
            code: "CustomerKey.AlreadyRegistered",
            message: "A data encryption policy is already registered for this geo.",
          },
        ),
})

const geoAtRest = gate<GeoFacets>()({
  name: "geo-state",
  facts: ["CRY-103", "CRY-109"],
  reads: ["geoState"],
  check: ({ geoState }) => {
    if (geoState === "Registered") return pass("No other roll is under way.", { geoState })
    return geoState === "Unregistered"
      ? deny(
          "The geo has no policy whose key could be rolled.",
          { geoState },
          {
            code: "CustomerKey.NotRegistered",
            message: "No data encryption policy is registered for this geo.",
          },
        )
      : deny(
          "A roll is under way: one key at a time, one after the other.",
          { geoState },
          {
            code: "CustomerKey.RollInProgress",
            message: "A key roll operation is in progress. Wait until it has completed.",
          },
        )
  },
})

/** The parameters that name one of the two keys. */
export const keyParams = (which: string) => ({
  [`${which}KeyVaultName`]: Schema.optionalKey(text(`Vault of the ${which.toLowerCase()} key`)),
  [`${which}KeyName`]: Schema.optionalKey(text(`Name of the ${which.toLowerCase()} key`)),
  [`${which}KeyVersion`]: Schema.optionalKey(text(`Version of the ${which.toLowerCase()} key`)),
  [`${which}KeyVaultUri`]: Schema.optionalKey(text(`Address of the ${which.toLowerCase()} key`)),
})

interface KeyParameterFacets {
  readonly given: string
  readonly isOneWay: boolean
}

/** Two parameter sets: addresses, or vault, name and version; nothing of both and nothing less. */
export const keyParameters = gate<KeyParameterFacets>()({
  name: "key-parameters",
  facts: ["CRY-055", "CRY-103", "CRY-109"],
  reads: ["given", "isOneWay"],
  check: ({ given, isOneWay }) =>
    isOneWay
      ? pass("Each key is named in the same way, and wholly.", { given })
      : deny(
          "Each key is named by its address, or else by vault, name and version.",
          { given },
          {
            code: "AmbiguousParameterSet",
            message:
              "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.",
          },
        ),
})

const nameParameters = ["KeyVaultName", "KeyName", "KeyVersion"] as const

/** How the keys are named; `Primary` and `Secondary`, or nothing where there is one key. */
export const keyParameterFacets = (
  params: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): KeyParameterFacets => {
  const isGiven = (key: string, name: string): boolean => params[`${key}${name}`] !== undefined
  const all = [...nameParameters, "KeyVaultUri"]
  const given = keys.flatMap((key) =>
    all.filter((name) => isGiven(key, name)).map((name) => `${key}${name}`),
  )
  const isByUri = keys.every((key) => isGiven(key, "KeyVaultUri")) && given.length === keys.length
  const isByName =
    keys.every((key) => nameParameters.every((name) => isGiven(key, name))) &&
    given.length === keys.length * nameParameters.length
  return { given: given.join(", "), isOneWay: isByUri || isByName }
}

const both = ["Primary", "Secondary"] as const
export const bothKeyFacets = (params: Readonly<Record<string, unknown>>): KeyParameterFacets =>
  keyParameterFacets(params, both)

/** A key by its address, or by vault, name and version. */
export const uriOf = (params: Readonly<Record<string, unknown>>, which: string): string => {
  const given = (name: string): string => {
    const value = params[`${which}${name}`]
    return typeof value === "string" ? value : ""
  }
  return given("KeyVaultUri") === ""
    ? keyUri(given("KeyVaultName"), given("KeyName"), given("KeyVersion").replaceAll("-", ""))
    : given("KeyVaultUri")
}

export const registerSpoPolicy = cryptoOperation({
  name: "Register-SPODataEncryptionPolicy",
  summary: "Puts SharePoint and OneDrive of the geo under the customer's two root keys.",
  params: Schema.Struct({ ...keyParams("Primary"), ...keyParams("Secondary") }),
  roles,
  roleRefusal: notRecognized("Register-SPODataEncryptionPolicy"),
  facts: ["CRY-031", "CRY-072", "CRY-087", "CRY-094", "CRY-100", "CRY-103", "CRY-119"],
  decide: (call, params) => {
    const given = [uriOf(params, "Primary"), uriOf(params, "Secondary")]
    const { world, now } = call
    const uris = given.map((uri) => withVersion(world, uri, false))
    const gates = [keyParameters, onboarding, geoUnregistered, ...rootKeyRules] as const
    const decision = decideByGates(gates, {
      ...noPolicy,
      ...bothKeyFacets(params),
      isOnboarded: world.crypto.customerKey.onboarded.includes("SPO"),
      geoState: geoEncryptionOf(world).state,
      ...rootKeyFacetsOf(world, { kind: "SharePointGeo", uris, now }),
    })
    return decision.outcome === "allow" ? registerGeo(call, decision, uris) : { decision }
  },
})

/** A new intermediate key of the tenant, and every site key under it. */
const registerGeo = Effect.fnUntraced(function* (
  { world, now, draw }: Call<CryptoWorld>,
  decision: Decision,
  rootKeys: readonly string[],
): Effect.fn.Return<Ruling<CryptoEvent>, never, CryptoServices> {
  const id = draw.guid("data encryption policy")
  const policy: DataEncryptionPolicy = {
    id,
    kind: "SharePointGeo",
    name: "SharePoint and OneDrive",
    description: "",
    isEnabled: true,
    rootKeys,
    ...namesOfPolicyKeys(id, "SharePointGeo"),
    versionIds: [draw.guid("data encryption policy version")],
    createdAt: now,
    isPurged: false,
  }
  const events: readonly CryptoEvent[] = [
    { _tag: "DataEncryptionPolicyCreated", policy },
    ...(yield* createPolicyKeys(world, policy)),
    started(id, "Registering", now),
  ]
  const after = worldAfter(world, events)
  const moved = yield* moveContainers(
    { before: world, after, now },
    containersOf(world, "SharePoint"),
  )
  if (Option.isNone(moved)) return { decision: unreachable(decision) }
  const all = [...events, ...moved.value]
  return { decision, events: all, output: [geoOutput(worldAfter(world, all), now)] }
})

const started = (
  policyId: string,
  state: GeoEncryptionState,
  now: number,
): Extract<CryptoEvent, { _tag: "GeoEncryptionStarted" }> => ({
  _tag: "GeoEncryptionStarted",
  policyId,
  state,
  at: now,
  doneAt: now + hours(geoEncryptionHours),
})

const unreachable = (decision: Decision): Decision =>
  andThen(decision, () => decideByGates([keysReachable], { areKeysReachable: false }))

export const updateSpoPolicy = cryptoOperation({
  name: "Update-SPODataEncryptionPolicy",
  summary: "Rolls one of the two root keys of SharePoint and OneDrive.",
  params: Schema.Struct({
    KeyVaultName: Schema.optionalKey(text("Vault of the new key")),
    KeyName: Schema.optionalKey(text("Name of the new key")),
    KeyVersion: Schema.optionalKey(text("Version of the new key")),
    KeyVaultUri: Schema.optionalKey(text("Address of the new key")),
    KeyType: Schema.Literals(["Primary", "Secondary"]),
  }),
  roles,
  roleRefusal: notRecognized("Update-SPODataEncryptionPolicy"),
  facts: ["CRY-103", "CRY-109"],
  decide: (call, params) =>
    Effect.gen(function* () {
      const { world, now } = call
      const geo = geoEncryptionOf(world)
      const policy = policyById(world, geo.policyId)
      const position = params.KeyType === "Primary" ? 0 : 1
      const uri = withVersion(world, uriOf(params, ""), false)
      const uris = (policy?.rootKeys ?? []).map((it, index) => (index === position ? uri : it))
      const gates = [keyParameters, geoAtRest, ...rootKeyRules, keysReachable] as const
      const decision = decideByGates(gates, {
        ...noPolicy,
        ...keyParameterFacets(params, [""]),
        geoState: geo.state,
        areKeysReachable: policy !== undefined && isPolicyKeyReachable(world, policy, now),
        ...rootKeyFacetsOf(world, { kind: "SharePointGeo", uris, now }),
      })
      if (decision.outcome !== "allow" || policy === undefined) return { decision }
      const rolled = yield* rollPolicyKey(world, policy, { rootKeys: uris, now })
      if (Option.isNone(rolled)) return { decision: unreachable(decision) }
      const versionId = call.draw.guid("data encryption policy version")
      const events: readonly CryptoEvent[] = [
        ...rolled.value,
        { _tag: "DataEncryptionPolicyRolled", policyId: policy.id, rootKeys: uris, versionId },
        started(policy.id, "Rolling", now),
      ]
      return { decision, events, output: [geoOutput(worldAfter(world, events), now)] }
    }),
})

const shown = gate<object>()({
  name: "listed",
  facts: ["CRY-089"],
  reads: [],
  check: () => pass("What is printed is what administrators may see; keys are never shown."),
})

/** Progress by time: the service shows the percentage of sites done (CRY-103). */
export const geoOutput = (world: CryptoWorld, now: number) => {
  const geo = geoEncryptionOf(world)
  const { startedAt = now, doneAt = now } = geo
  const [primary = "", secondary = ""] = policyById(world, geo.policyId)?.rootKeys ?? []
  const isDone = doneAt <= startedAt
  return {
    State: geo.state,
    PrimaryKeyVaultUri: primary,
    SecondaryKeyVaultUri: secondary,
    PercentageOfSitesEncrypted:
      geo.state === "Unregistered"
        ? 0
        : isDone
          ? 100
          : Math.min(100, Math.floor(((now - startedAt) * 100) / (doneAt - startedAt))),
  }
}

export const getSpoPolicy = cryptoOperation({
  name: "Get-SPODataEncryptionPolicy",
  summary: "Shows state and root keys of SharePoint and OneDrive.",
  params: Schema.Struct({ Identity: Schema.optionalKey(text("Accepted and ignored")) }),
  roles,
  roleRefusal: notRecognized("Get-SPODataEncryptionPolicy"),
  facts: ["CRY-103"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: ({ world, now }) => ({
    decision: decideByGates([shown], {}),
    output: [geoOutput(world, now)],
  }),
})

interface SiteFacets {
  readonly hasCustomerKey: boolean
}

const customerKeyInUse = gate<SiteFacets>()({
  name: "customer-key-in-use",
  facts: ["CRY-104"],
  reads: ["hasCustomerKey"],
  check: ({ hasCustomerKey }) =>
    hasCustomerKey
      ? pass("The tenant uses Customer Key for its sites.")
      : deny(
          "The tenant does not use Customer Key for its sites.",
          {},
          {
            code: "CustomerKey.NotRegistered",
            message: "Customer Key is not in use for this tenant.",
          },
        ),
})

export const getSpoSitePolicy = cryptoOperation({
  name: "Get-SPOSiteDataEncryptionPolicy",
  summary: "Shows which root keys a site stands under.",
  params: Schema.Struct({ Identity: text("Address of the site") }),
  roles,
  roleRefusal: notRecognized("Get-SPOSiteDataEncryptionPolicy"),
  facts: ["CRY-072", "CRY-104"],
  binding: { positional: ["Identity"] },
  isReadOnly: true,
  decide: ({ world, now }, { Identity }) => {
    const policy = policyInForce(world, "SharePoint", Identity)
    const decision = decideByGates([customerKeyInUse], { hasCustomerKey: policy !== undefined })
    if (policy === undefined) return { decision }
    return { decision, output: [{ Identity, ...geoOutput(world, now) }] }
  },
})
