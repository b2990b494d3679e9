import type { Checkpoint } from "@twin/kernel"
import { Context, Effect, Layer } from "effect"
import { containerKey } from "../../src/at-rest/Hierarchy.ts"
import {
  BlobStore,
  type CryptoServices,
  type CryptoWorld,
  keyOf,
  openAtRest,
  sealAtRest,
  servicePrincipals,
} from "../../src/index.ts"
import { heidi, ivan, judy, resumeTwin, startTwin, type Twin, textOf } from "../harness.ts"

export const site = "https://contoso.sharepoint.com/sites/Launch"
export const plaintext = Buffer.from("The launch date is 14 May ".repeat(100))

/** Two vaults in two subscriptions with a key each, granted to all workloads; nothing uses them yet. */
export interface RootKeys {
  readonly uris: readonly [string, string]
}

const vaults = [
  ["contoso-ck-a1", "subscription-1"],
  ["contoso-ck-b1", "subscription-2"],
] as const

export const makeKey = Effect.fnUntraced(function* (twin: Twin, vault: string, name: string) {
  const params = {
    VaultName: vault,
    Name: name,
    Destination: "HSM",
    KeyOps: ["wrapKey", "unwrapKey"],
  }
  const [row] = yield* twin.allow(ivan, "Add-AzKeyVaultKey", params)
  return textOf(row, "Id")
})

const grant = Effect.fnUntraced(function* (twin: Twin, vault: string) {
  for (const ServicePrincipalName of Object.values(servicePrincipals)) {
    const PermissionsToKeys = ["get", "wrapKey", "unwrapKey"]
    const params = { VaultName: vault, ServicePrincipalName, PermissionsToKeys }
    yield* twin.allow(ivan, "Set-AzKeyVaultAccessPolicy", params)
  }
})

/** Mandatory retention for a subscription, up to the registration that puts it in force (CRY-046). */
export const protect = Effect.fnUntraced(function* (twin: Twin, SubscriptionId: string) {
  yield* twin.allow(ivan, "Register-AzProviderFeature", { ...retention, SubscriptionId })
  yield* twin.allow(ivan, "request-mandatory-retention", { subscription: SubscriptionId })
  yield* twin.advance(7 * 24 * 3_600_000)
  const provider = { ProviderNamespace: "Microsoft.KeyVault", SubscriptionId }
  yield* twin.allow(ivan, "Register-AzResourceProvider", provider)
})
/** As if nobody had ever asked for mandatory retention: otherwise nobody can purge. */
export const liftRetention = (twin: Twin) =>
  twin.establish(
    "retention lifted",
    vaults.map(([, subscription]) => ({
      _tag: "AzureFeatureChanged" as const,
      subscription,
      provider: retention.ProviderNamespace,
      feature: retention.FeatureName,
      state: "NotRegistered" as const,
      at: 0,
    })),
  )
export const retention = {
  FeatureName: "mandatoryRetentionPeriodEnabled",
  ProviderNamespace: "Microsoft.Resources",
}

/** A tenant that is onboarded to Customer Key, with two policies, and content in three places. */
export class Prepared extends Context.Service<
  Prepared,
  {
    readonly moment: Checkpoint<CryptoWorld, CryptoServices>
    readonly uris: readonly [string, string]
  }
>()("@twin/crypto/test/Prepared") {
  static readonly layer = Layer.effect(
    Prepared,
    Effect.gen(function* () {
      const twin = yield* startTwin("customer key")
      const uris: string[] = []
      for (const [Name, SubscriptionId] of vaults) {
        const Location = "westeurope"
        yield* twin.allow(ivan, "New-AzKeyVault", {
          Name,
          Location,
          SubscriptionId,
          Sku: "Premium",
        })
        yield* grant(twin, Name)
        uris.push(yield* makeKey(twin, Name, "root"))
      }
      const [first = "", second = ""] = uris
      for (const [, subscription] of vaults) yield* protect(twin, subscription)
      const kind = "SharePointGeo"
      const approvers = ["judy@contoso.com"]
      yield* twin.allow(ivan, "submit-customer-key-offer", { kind, approvers })
      const to = "spock@microsoft.com"
      yield* twin.allow(ivan, "mail-onboarding-request", { kind, to, keys: uris })
      for (const Scenario of ["EXO", "MDEP"]) {
        yield* twin.allow(ivan, "New-CustomerKeyOnboardingRequest", {
          Organization: "contoso.com",
          Scenario,
          Subscription1: "subscription-1",
          KeyIdentifier1: first,
          Subscription2: "subscription-2",
          KeyIdentifier2: second,
          OnboardingMode: "Enable",
        })
      }
      const AzureKeyIDs = uris
      yield* twin.allow(heidi, "New-DataEncryptionPolicy", { Name: "Legal mailboxes", AzureKeyIDs })
      yield* twin.allow(judy, "New-M365DataAtRestEncryptionPolicy", { Name: "All", AzureKeyIDs })
      for (const container of ["alice@contoso.com", "bob@contoso.com"]) {
        const mail = { workload: "Exchange", container, objectId: `mail of ${container}` } as const
        yield* twin.store((world) => sealAtRest(world, { ...mail, plaintext }))
      }
      const file = { workload: "SharePoint", container: site, objectId: "plan.docx" } as const
      yield* twin.store((world) => sealAtRest(world, { ...file, plaintext }))
      return Prepared.of({ moment: yield* twin.checkpoint, uris: [first, second] })
    }),
  )
}

/** A twin of one's own, at the prepared moment. */
export const prepared = Effect.gen(function* () {
  const { moment, uris } = yield* Prepared
  return { twin: yield* resumeTwin("customer key", moment), uris }
})

/** Alice's mailbox under the mailbox policy. */
export const withAlice = Effect.gen(function* () {
  const { twin, uris } = yield* prepared
  const params = { Identity: "alice@contoso.com", DataEncryptionPolicy: "Legal mailboxes" }
  yield* twin.allow(heidi, "Set-Mailbox", params)
  return { twin, uris }
})

/** Sites under Customer Key, and the time of registration over. */
export const withSites = Effect.gen(function* () {
  const { twin, uris } = yield* prepared
  const params = { PrimaryKeyVaultUri: uris[0], SecondaryKeyVaultUri: uris[1] }
  yield* twin.allow(ivan, "Register-SPODataEncryptionPolicy", params)
  yield* twin.advance(48 * 3_600_000)
  return { twin, uris }
})

export const mail = "mail of alice@contoso.com"
export const exchange = servicePrincipals.Exchange
export const sharePoint = servicePrincipals.SharePoint

/** Takes every permission from a service. */
export const revoke = Effect.fnUntraced(function* (twin: Twin, principal: string, count = 2) {
  for (const [VaultName] of vaults.slice(0, count)) {
    const params = { VaultName, ServicePrincipalName: principal }
    yield* twin.allow(ivan, "Remove-AzKeyVaultAccessPolicy", params)
  }
})

/** Whether the service reads it for a person now. */
export const opens = Effect.fnUntraced(function* (twin: Twin, objectId: string) {
  const now = yield* twin.now
  const result = yield* twin.run((world) => Effect.option(openAtRest(world, objectId, { now })))
  return result._tag === "Some"
})
/** How the copies of a key are wrapped, and how many bytes that makes. */
export const wrappedCopies = (twin: Twin, keyId: string) =>
  twin.run(() =>
    Effect.gen(function* () {
      const blobs = yield* BlobStore
      const found: string[] = []
      for (const id of yield* blobs.list(`wrapped-keys/${keyId}/by/`)) {
        const text = Buffer.from(yield* Effect.orDie(blobs.get(id))).toString("utf8")
        const { algorithm, bytes } = JSON.parse(text) as { algorithm: string; bytes: string }
        found.push(`${algorithm} ${Buffer.from(bytes, "base64").length}`)
      }
      return found.toSorted()
    }),
  )
/** The key that a mailbox key is wrapped by. */
export const parentOf = Effect.fnUntraced(function* (twin: Twin, mailbox: string) {
  return keyOf(yield* twin.world, containerKey("Exchange", mailbox))?.wrappedBy[0]
})
export const newPolicy = (AzureKeyIDs: readonly string[], Name = "New one") => ({
  Name,
  AzureKeyIDs,
})
