import {
  andThen,
  type Call,
  decideByGates,
  gate,
  isoOf,
  type OutputObject,
  pass,
} from "@twin/kernel"
import { Effect, Schema } from "effect"
import {
  type KeyPermission,
  keyUri,
  openNetwork,
  shownName,
  type Vault,
  VaultSku,
  vaultUri,
} from "../customer-key/AzureKeyVault.ts"
import { hasMandatoryRetention } from "../customer-key/AzureSubscription.ts"
import { evaluateVault } from "../decisions/evaluateVaultAccess.ts"
import {
  purgeAllowed,
  subscriptionLive,
  type VaultLifeFacets,
  vaultDeleted,
  vaultName,
  vaultPurge,
} from "../decisions/vaultGates.ts"
import { KeyVault } from "../KeyVault.ts"
import {
  anyVaultOf,
  azureSubscriptionOf,
  type CryptoEvent,
  type CryptoWorld,
  deletedVaultOf,
  vaultOf,
} from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

/** Azure roles that manage vaults; the tenant's Global Administrator is taken to own the subscriptions. */
export const azureRoles = [
  "Owner",
  "Contributor",
  "Key Vault Contributor",
  "Global Administrator",
] as const

/** Brings the permission to purge a deleted vault; nobody has it by default (CRY-061). */
export const purgeRole = "Key Vault Purge Operator"

/** All that the portal's template grants to whoever makes a vault; never `purge` (CRY-061). */
const creatorPermissions: readonly KeyPermission[] = [
  "get",
  "list",
  "create",
  "import",
  "update",
  "delete",
  "backup",
  "restore",
  "recover",
]

/** What the gates about whole vaults see of one, by the name under which it is kept. */
export const vaultLifeFacets = (
  { world, actor }: Pick<Call<CryptoWorld>, "world" | "actor">,
  name: string,
  subscriptionId?: string,
): VaultLifeFacets => {
  const vault = anyVaultOf(world, name)
  const shown = name.toLowerCase().replace(/\.managedhsm$/, "")
  const subscription = azureSubscriptionOf(world, subscriptionId ?? vault?.subscription ?? "")
  return {
    vault: shown,
    isTaken: vaultOf(world, name) !== undefined,
    isNameDeleted: deletedVaultOf(world, name) !== undefined,
    isNameValid: /^[a-z](?:-?[a-z0-9])+$/.test(shown) && shown.length >= 3 && shown.length <= 24,
    isDeleted: deletedVaultOf(world, name) !== undefined,
    isPurgeProtected: vault?.isPurgeProtected ?? true,
    isProtectedSubscription: hasMandatoryRetention(subscription),
    isSubscriptionCancelled: subscription.isCancelled,
    mayPurge: actor.roles.includes(purgeRole),
    isAccessPolicyModel: vault?.permissionModel === "AccessPolicy",
  }
}

/** Days for which what is deleted can be recovered; the same range everywhere (CRY-060, CRY-066). */
export const retentionDays = Schema.Int.check(Schema.isBetween({ minimum: 7, maximum: 90 }))

export const newAzKeyVault = cryptoOperation({
  name: "New-AzKeyVault",
  summary: "Creates a key vault in one of the customer's Azure subscriptions.",
  params: Schema.Struct({
    Name: text("Globally unique name of the vault"),
    ResourceGroupName: Schema.optionalKey(text("Resource group")),
    Location: text("Azure region"),
    SubscriptionId: text("Subscription that pays for the vault"),
    Sku: Schema.optionalKey(VaultSku.annotate({ description: "Premium has HSM keys" })),
    SoftDeleteRetentionInDays: Schema.optionalKey(
      retentionDays.annotate({
        description: "Days for which a deleted key can be recovered; cannot be changed later",
      }),
    ),
    EnablePurgeProtection: Schema.optionalKey(Schema.Boolean),
    EnableRbacAuthorization: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "Roles instead of an access policy" }),
    ),
  }),
  roles: azureRoles,
  facts: ["CRY-037", "CRY-039", "CRY-043", "CRY-045", "CRY-053", "CRY-060", "CRY-061", "CRY-062"],
  binding: {
    positional: ["Name", "ResourceGroupName", "Location"],
    switches: ["EnablePurgeProtection", "EnableRbacAuthorization"],
    aliases: { VaultName: "Name" },
  },
  decide: (call, params) => {
    const { actor, now } = call
    const vault = params.Name.toLowerCase()
    const facets = vaultLifeFacets(call, vault, params.SubscriptionId)
    const decision = decideByGates([vaultName, subscriptionLive], facets)
    if (decision.outcome !== "allow") return { decision }
    const isRbac = params.EnableRbacAuthorization === true
    const created = {
      kind: "KeyVault" as const,
      permissionModel: isRbac ? ("AzureRbac" as const) : ("AccessPolicy" as const),
      subscription: params.SubscriptionId,
      location: params.Location,
      sku: params.Sku ?? ("Standard" as const),
      retentionDays: params.SoftDeleteRetentionInDays ?? 90,
      isPurgeProtected: params.EnablePurgeProtection ?? false,
    }
    const principal = actor.id.toLowerCase()
    const granted: readonly CryptoEvent[] = isRbac
      ? []
      : [{ _tag: "VaultPermissionsSet", vault, principal, keys: creatorPermissions, at: now }]
    return {
      decision,
      events: [{ _tag: "VaultCreated", vault, ...created, at: now }, ...granted],
      output: [
        vaultOutput({
          ...created,
          name: vault,
          permissions: {},
          network: openNetwork,
        }),
      ],
    }
  },
})

type ShownVault = Pick<
  Vault,
  | "name"
  | "kind"
  | "permissionModel"
  | "subscription"
  | "location"
  | "sku"
  | "retentionDays"
  | "isPurgeProtected"
  | "permissions"
  | "network"
  | "deletedAt"
>

const vaultOutput = (vault: ShownVault): OutputObject => ({
  VaultName: shownName(vault),
  Location: vault.location,
  SubscriptionId: vault.subscription,
  SKU: vault.sku,
  VaultUri: `${vaultUri(vault.name)}/`,
  EnableSoftDelete: true,
  SoftDeleteRetentionInDays: vault.retentionDays,
  EnablePurgeProtection: vault.isPurgeProtected,
  EnableRbacAuthorization: vault.permissionModel === "AzureRbac",
  NetworkAcls: {
    DefaultAction: vault.network.defaultAction,
    Bypass: vault.network.bypass,
    IpAddressRanges: [...vault.network.ipAddresses],
  },
  AccessPolicies: Object.entries(vault.permissions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([principal, { keys }]) => ({ Principal: principal, PermissionsToKeys: [...keys] })),
  ...(vault.deletedAt === undefined ? {} : { DeletionDate: isoOf(vault.deletedAt) }),
})

/** All of one kind, sorted. */
export const vaultsOfKind = (world: CryptoWorld, kind: Vault["kind"]): readonly Vault[] =>
  Object.values(world.crypto.vaults)
    .filter((it) => it.kind === kind && !it.isPurged)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))

export const getAzKeyVault = cryptoOperation({
  name: "Get-AzKeyVault",
  summary: "Shows one key vault, or all of them; with -InRemovedState those that are deleted.",
  params: Schema.Struct({
    VaultName: Schema.optionalKey(text("Name of the vault")),
    ResourceGroupName: Schema.optionalKey(text("Resource group")),
    Location: Schema.optionalKey(text("Azure region")),
    InRemovedState: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-045", "CRY-060"],
  binding: {
    positional: ["VaultName"],
    aliases: { Name: "VaultName" },
    switches: ["InRemovedState"],
  },
  isReadOnly: true,
  decide: ({ world }, { VaultName, InRemovedState = false }) => {
    const isShown = (it: Vault): boolean =>
      (it.deletedAt !== undefined) === InRemovedState &&
      (VaultName === undefined || it.name === VaultName.toLowerCase())
    const found = vaultsOfKind(world, "KeyVault").filter(isShown)
    // A name that no vault has is no error: scripts ask whether the answer is empty (azure-powershell 10090).
    return { decision: decideByGates([listed], {}), output: found.map(vaultOutput) }
  },
})

const listed = gate<object>()({
  name: "listed",
  facts: ["CRY-045"],
  reads: [],
  check: () => pass("Whoever may see the subscription sees its vaults."),
})

export const updateAzKeyVault = cryptoOperation({
  name: "Update-AzKeyVault",
  summary: "Switches purge protection on for ever, or lets roles say who may do what.",
  params: Schema.Struct({
    VaultName: text("Name of the vault"),
    ResourceGroupName: Schema.optionalKey(text("Resource group")),
    EnablePurgeProtection: Schema.optionalKey(Schema.Literal(true)),
    EnableRbacAuthorization: Schema.optionalKey(Schema.Boolean),
  }),
  roles: azureRoles,
  facts: ["CRY-043", "CRY-060", "CRY-061"],
  binding: {
    positional: ["VaultName", "ResourceGroupName"],
    aliases: { Name: "VaultName" },
    switches: ["EnablePurgeProtection"],
  },
  decide: ({ world }, { VaultName, EnablePurgeProtection, EnableRbacAuthorization }) => {
    const decision = evaluateVault(world, VaultName)
    if (decision.outcome !== "allow") return { decision }
    const event: CryptoEvent = {
      _tag: "VaultChanged",
      vault: VaultName.toLowerCase(),
      ...(EnablePurgeProtection === undefined ? {} : { isPurgeProtected: true }),
      ...(EnableRbacAuthorization === undefined
        ? {}
        : { permissionModel: EnableRbacAuthorization ? "AzureRbac" : "AccessPolicy" }),
    }
    return { decision, events: [event] }
  },
})

/** Destroys every key of a vault: nothing that hangs on them opens through them again. */
export const destroyKeysOf = Effect.fnUntraced(function* (vault: Vault) {
  const keys = yield* KeyVault
  for (const { name, versions } of Object.values(vault.keys)) {
    for (const { version } of versions) yield* keys.destroyKey(keyUri(vault.name, name, version))
  }
})

/** Deletes a vault or Managed HSM, or purges one that is deleted. */
export const removeVault = Effect.fnUntraced(function* (
  call: Call<CryptoWorld>,
  name: string,
  isPurge: boolean,
) {
  const facets = vaultLifeFacets(call, name)
  if (!isPurge) {
    const decision = evaluateVault(call.world, name)
    const event: CryptoEvent = { _tag: "VaultDeleted", vault: name.toLowerCase(), at: call.now }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  }
  const decision = andThen(decideByGates([vaultDeleted], facets), () =>
    decideByGates([vaultPurge, purgeAllowed], facets),
  )
  const vault = deletedVaultOf(call.world, name)
  if (decision.outcome !== "allow" || vault === undefined) return { decision }
  yield* destroyKeysOf(vault)
  const event: CryptoEvent = { _tag: "VaultPurged", vault: vault.name }
  return { decision, events: [event] }
})

/** Recovers a deleted vault or Managed HSM with its keys. */
export const recoverVault = (call: Call<CryptoWorld>, name: string) => {
  const facets = vaultLifeFacets(call, name)
  const decision = decideByGates([vaultDeleted, subscriptionLive], facets)
  const event: CryptoEvent = { _tag: "VaultRecovered", vault: name.toLowerCase(), at: call.now }
  return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
}

export const removeAzKeyVault = cryptoOperation({
  name: "Remove-AzKeyVault",
  summary: "Deletes a vault with its keys; with -InRemovedState, purges a deleted one for ever.",
  params: Schema.Struct({
    VaultName: text("Name of the vault"),
    ResourceGroupName: Schema.optionalKey(text("Resource group")),
    Location: Schema.optionalKey(text("Azure region")),
    InRemovedState: Schema.optionalKey(Schema.Boolean),
    Force: Schema.optionalKey(Schema.Boolean),
  }),
  roles: [...azureRoles, purgeRole],
  facts: ["CRY-060", "CRY-061", "CRY-063"],
  binding: {
    positional: ["VaultName", "ResourceGroupName", "Location"],
    aliases: { Name: "VaultName" },
    switches: ["InRemovedState", "Force"],
  },
  decide: (call, { VaultName, InRemovedState = false }) =>
    removeVault(call, VaultName, InRemovedState),
})

export const undoAzKeyVaultRemoval = cryptoOperation({
  name: "Undo-AzKeyVaultRemoval",
  summary: "Recovers a deleted vault within its retention time; its role assignments stay away.",
  params: Schema.Struct({
    VaultName: text("Name of the vault"),
    ResourceGroupName: Schema.optionalKey(text("Resource group")),
    Location: Schema.optionalKey(text("Azure region")),
  }),
  roles: azureRoles,
  facts: ["CRY-060", "CRY-063"],
  binding: {
    positional: ["VaultName", "ResourceGroupName", "Location"],
    aliases: { Name: "VaultName" },
  },
  decide: (call, { VaultName }) => recoverVault(call, VaultName),
})
