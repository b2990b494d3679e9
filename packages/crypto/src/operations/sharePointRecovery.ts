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
import { cachedKey, containersOf } from "../at-rest/Hierarchy.ts"
import type { CryptoServices } from "../CryptoServices.ts"
import type { DataEncryptionPolicy } from "../customer-key/DataEncryptionPolicy.ts"
import {
  createPolicyKeys,
  moveContainers,
  namesOfPolicyKeys,
  worldAfter,
} from "../customer-key/policyKeys.ts"
import { withVersion } from "../customer-key/policyLookup.ts"
import { rootKeyFacetsOf, rootKeyRules } from "../decisions/evaluateRootKeys.ts"
import { keysReachable } from "../decisions/policyGates.ts"
import { KeyVault } from "../KeyVault.ts"
import { type CryptoEvent, type CryptoWorld, geoEncryptionOf, policyById } from "../State.ts"
import { cryptoOperation } from "./cryptoOperation.ts"
import {
  bothKeyFacets,
  geoOutput,
  keyParameters,
  keyParams,
  spoRoles,
  uriOf,
} from "./sharePointPolicies.ts"

/** Hours after which the sites can be read again (CRY-116). */
export const accessAfterRestoreHours = 4

/** Hours until every site is done: in proportion to their number, so a twin parameter (CRY-116). */
export const restoreHours = (sites: number): number => accessAfterRestoreHours + sites

interface RecoveryFacets {
  readonly hasGeoPolicy: boolean
  readonly isRecovering: boolean
}

const geoInUse = gate<RecoveryFacets>()({
  name: "geo-in-use",
  facts: ["CRY-099", "CRY-116"],
  reads: ["hasGeoPolicy", "isRecovering"],
  check: ({ hasGeoPolicy, isRecovering }) => {
    if (isRecovering) return deny("Microsoft was asked already.", { isRecovering })
    return hasGeoPolicy
      ? pass("The sites stand under the customer's keys.")
      : deny("The sites stand under Microsoft's keys, so there is nothing to recover.")
  },
})

const recoveryMode = gate<RecoveryFacets>()({
  name: "recovery-mode",
  facts: ["CRY-116"],
  reads: ["isRecovering"],
  check: ({ isRecovering }) =>
    isRecovering
      ? pass("Microsoft has activated the availability key for a restore.")
      : deny(
          "The command works in recovery mode only: Microsoft has to be asked first.",
          {},
          {
            code: "CustomerKey.NotInRecoveryMode",
            message: "The tenant is not in recovery mode.",
          },
        ),
})

const facetsOf = (world: CryptoWorld): RecoveryFacets => ({
  hasGeoPolicy: geoEncryptionOf(world).policyId !== undefined,
  isRecovering: world.crypto.customerTenant.recoverySince !== undefined,
})

export const requestSharePointRecovery = cryptoOperation({
  name: "request-sharepoint-recovery",
  summary:
    "Asks Microsoft to activate the availability key of SharePoint, because the keys are lost.",
  params: Schema.Struct({}),
  roles: spoRoles,
  facts: ["CRY-099", "CRY-116"],
  decide: ({ world, now }) => {
    const decision = decideByGates([geoInUse], facetsOf(world))
    const event: CryptoEvent = { _tag: "CustomerRecoveryStarted", at: now }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})

export const restoreSpoPolicy = cryptoOperation({
  name: "Restore-SPODataEncryptionPolicy",
  summary:
    "In recovery mode, puts the sites under new root keys with the help of the availability key.",
  params: Schema.Struct({ ...keyParams("Primary"), ...keyParams("Secondary") }),
  roles: spoRoles,
  roleRefusal: notRecognized("Restore-SPODataEncryptionPolicy"),
  facts: ["CRY-099", "CRY-100", "CRY-116"],
  decide: (call, params) => {
    const { world, now } = call
    const given = [uriOf(params, "Primary"), uriOf(params, "Secondary")]
    const uris = given.map((uri) => withVersion(world, uri, false))
    const decision = decideByGates([keyParameters, recoveryMode, ...rootKeyRules], {
      ...bothKeyFacets(params),
      ...facetsOf(world),
      ...rootKeyFacetsOf(world, { kind: "SharePointGeo", uris, now }),
    })
    return decision.outcome === "allow" ? restore(call, decision, uris) : { decision }
  },
})

/** A new policy with an intermediate key of its own, because each new policy rolls it (CRY-100). */
const restore = Effect.fnUntraced(function* (
  { world, now, draw }: Call<CryptoWorld>,
  decision: Decision,
  rootKeys: readonly string[],
): Effect.fn.Return<Ruling<CryptoEvent>, never, CryptoServices> {
  const id = draw.guid("data encryption policy")
  const old = policyById(world, geoEncryptionOf(world).policyId)
  const policy: DataEncryptionPolicy = {
    id,
    kind: "SharePointGeo",
    name: old?.name ?? "SharePoint and OneDrive",
    description: "",
    isEnabled: true,
    rootKeys,
    ...namesOfPolicyKeys(id, "SharePointGeo"),
    // The forest's key, whichever it is now (CRY-100).
    ...(old === undefined ? {} : { availabilityKeyId: old.availabilityKeyId }),
    versionIds: [draw.guid("data encryption policy version")],
    createdAt: now,
    isPurged: false,
  }
  const sites = containersOf(world, "SharePoint")
  const events: readonly CryptoEvent[] = [
    { _tag: "DataEncryptionPolicyCreated", policy },
    ...(yield* createPolicyKeys(world, policy)),
    ...(old === undefined
      ? []
      : [{ _tag: "DataEncryptionPolicyChanged" as const, policyId: old.id, isEnabled: false }]),
    {
      _tag: "GeoEncryptionStarted",
      policyId: id,
      state: "Registering",
      at: now,
      doneAt: now + hours(restoreHours(sites.length)),
      accessAt: now + hours(accessAfterRestoreHours),
    },
    { _tag: "CustomerRecoveryEnded" },
  ]
  const after = worldAfter(world, events)
  const moved = yield* moveContainers({ before: world, after, now, isRecovery: true }, sites)
  if (Option.isNone(moved)) {
    return {
      decision: andThen(decision, () =>
        decideByGates([keysReachable], { areKeysReachable: false }),
      ),
    }
  }
  // The front ends forget the old intermediate key.
  if (old !== undefined) yield* (yield* KeyVault).destroyKey(cachedKey(old.depKeyId))
  const all = [...events, ...moved.value]
  return { decision, events: all, output: [geoOutput(worldAfter(world, all), now)] }
})
