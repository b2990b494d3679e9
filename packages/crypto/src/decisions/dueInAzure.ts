import { type Due, days, decideByGates, deny, gate, hours, pass } from "@twin/kernel"
import {
  cacheRenewalHours,
  intermediateKeyCacheHours,
  rootAnswers,
  silentSince,
} from "../at-rest/rootRoute.ts"
import type { Vault } from "../customer-key/AzureKeyVault.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { geoEncryptionOf, policyById } from "../State.ts"

const allSitesDone = gate<object>()({
  name: "all-sites-done",
  facts: ["CRY-103"],
  reads: [],
  check: () => pass("All sites of the geo stand under the new keys."),
})

const accessBack = gate<object>()({
  name: "access-back",
  facts: ["CRY-116"],
  reads: [],
  check: () => pass("The restored keys have reached the front ends: sites can be read again."),
})

const renewalFailed = gate<object>()({
  name: "cache-renewal",
  facts: ["CRY-097"],
  reads: [],
  check: () =>
    deny("No root key answers: the intermediate key stays in the cache for two hours more."),
})

const retentionOver = gate<object>()({
  name: "retention-over",
  facts: ["CRY-060", "CRY-061"],
  reads: [],
  check: () => pass("The retention time has passed, so the service purges."),
})

const retentionCompleted = gate<object>()({
  name: "mandatory-retention-completed",
  facts: ["CRY-046"],
  reads: [],
  check: () => pass("Microsoft has verified the request and registered the subscription."),
})

/** A geo that registers or rolls is done at its moment (CRY-103). */
const geoDue = (world: CryptoWorld): readonly Due<CryptoEvent>[] => {
  const { doneAt, accessAt } = geoEncryptionOf(world)
  if (accessAt !== undefined) {
    return [
      {
        at: accessAt,
        name: "site-access-restored",
        decision: decideByGates([accessBack], {}),
        events: [{ _tag: "GeoAccessRestored", at: accessAt }],
      },
    ]
  }
  if (doneAt === undefined) return []
  return [
    {
      at: doneAt,
      name: "geo-encryption-finished",
      decision: decideByGates([allSitesDone], {}),
      events: [{ _tag: "GeoEncryptionFinished", at: doneAt }],
    },
  ]
}

/** Two hours before the cache ends the service tries once more; if that fails, engineers are told (CRY-097). */
const cacheAlert = (world: CryptoWorld): readonly Due<CryptoEvent>[] => {
  const { policyId, alertedSince, silentSince: remembered } = geoEncryptionOf(world)
  const policy = policyById(world, policyId)
  const since =
    remembered ?? (policy === undefined ? undefined : silentSince(rootAnswers(world, policy)))
  if (since === undefined || since === alertedSince) return []
  const at = since + hours(intermediateKeyCacheHours - cacheRenewalHours)
  return [
    {
      at,
      name: "intermediate-key-alert",
      decision: decideByGates([renewalFailed], {}),
      events: [{ _tag: "GeoCacheAlertRaised", since, at }],
    },
  ]
}

const purged = (name: string, at: number, event: CryptoEvent): Due<CryptoEvent> => ({
  at,
  name,
  decision: decideByGates([retentionOver], {}),
  events: [event],
})

/** What is deleted is purged when its retention time is over; protection ends there, too (CRY-061). */
const purgesOf = (vault: Vault): readonly Due<CryptoEvent>[] => {
  const retention = days(vault.retentionDays)
  if (vault.isPurged) return []
  if (vault.deletedAt !== undefined) {
    const event: CryptoEvent = { _tag: "VaultPurged", vault: vault.name }
    return [purged("key-vault-purged", vault.deletedAt + retention, event)]
  }
  return Object.values(vault.keys).flatMap(({ name, deletedAt, isPurged }) =>
    deletedAt === undefined || isPurged
      ? []
      : [
          purged("vault-key-purged", deletedAt + retention, {
            _tag: "VaultKeyPurged",
            vault: vault.name,
            key: name,
          }),
        ],
  )
}

const registrationsOf = (world: CryptoWorld): readonly Due<CryptoEvent>[] =>
  Object.values(world.crypto.subscriptions).flatMap(({ id, features }) =>
    Object.values(features).flatMap(({ provider, feature, state, dueAt }): Due<CryptoEvent>[] => {
      if (state !== "Pending" || dueAt === undefined) return []
      const registered = {
        subscription: id,
        provider,
        feature,
        state: "Registered",
        at: dueAt,
      } as const
      return [
        {
          at: dueAt,
          name: "mandatory-retention-registered",
          decision: decideByGates([retentionCompleted], {}),
          events: [{ _tag: "AzureFeatureChanged", ...registered }],
        },
      ]
    }),
  )

/** What falls due in Azure and in the geo until this moment. */
export const dueInAzure = (world: CryptoWorld, until: number): readonly Due<CryptoEvent>[] =>
  [
    ...geoDue(world),
    ...cacheAlert(world),
    ...registrationsOf(world),
    ...Object.values(world.crypto.vaults).flatMap(purgesOf),
  ].filter(({ at }) => at <= until)
