import { andThen, decideByGates, deny, gate, isoOf, type OutputObject, pass } from "@twin/kernel"
import { Effect, Schema } from "effect"
import { BlobStore } from "../BlobStore.ts"
import { managedHsmName, shownName, type Vault, vaultUri } from "../customer-key/AzureKeyVault.ts"
import { evaluateVault } from "../decisions/evaluateVaultAccess.ts"
import { subscriptionLive, vaultName } from "../decisions/vaultGates.ts"
import { ownValue } from "../ownValue.ts"
import { type CryptoEvent, type CryptoWorld, vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import {
  azureRoles,
  purgeRole,
  recoverVault,
  removeVault,
  retentionDays,
  vaultLifeFacets,
  vaultsOfKind,
} from "./vaults.ts"

const Name = text("Name of the Managed HSM")
const ResourceGroupName = Schema.optionalKey(text("Resource group"))
const binding = { positional: ["Name", "ResourceGroupName"], aliases: { HsmName: "Name" } } as const

/** The roles of somebody on a Managed HSM itself; those of the subscription do not count (CRY-066). */
export const localRolesOf = (
  world: CryptoWorld,
  hsm: string,
  account: string,
): readonly string[] => {
  const assignments = vaultOf(world, hsm)?.assignments ?? {}
  return ownValue(assignments, account.toLowerCase())?.roles ?? []
}

const hsmOutput = (vault: Vault): OutputObject => ({
  Name: shownName(vault),
  Location: vault.location,
  SubscriptionId: vault.subscription,
  HsmUri: `${vaultUri(vault.name)}/`,
  SecurityDomainActivated: vault.isActivated,
  FipsLevel: 3,
  EnableSoftDelete: true,
  SoftDeleteRetentionInDays: vault.retentionDays,
  EnablePurgeProtection: vault.isPurgeProtected,
  ...(vault.deletedAt === undefined ? {} : { DeletionDate: isoOf(vault.deletedAt) }),
})

export const newManagedHsm = cryptoOperation({
  name: "New-AzKeyVaultManagedHsm",
  summary: "Creates a Managed HSM: HSMs of one's own, of no use before they are activated.",
  params: Schema.Struct({
    Name,
    ResourceGroupName,
    Location: text("Azure region"),
    SubscriptionId: text("Subscription that pays for it"),
    Administrator: Schema.NonEmptyArray(text("Account")).annotate({
      description: "First administrators: only they can give out local roles",
    }),
    Sku: Schema.optionalKey(Schema.Literals(["StandardB1", "CustomB32"])),
    SoftDeleteRetentionInDays: Schema.optionalKey(retentionDays),
    EnablePurgeProtection: Schema.optionalKey(Schema.Boolean),
  }),
  roles: azureRoles,
  facts: ["CRY-038", "CRY-054", "CRY-066"],
  binding: {
    positional: ["Name", "ResourceGroupName", "Location", "Administrator"],
    switches: ["EnablePurgeProtection"],
    aliases: { HsmName: "Name" },
  },
  decide: (call, params) => {
    const vault = managedHsmName(params.Name)
    const facets = vaultLifeFacets(call, vault, params.SubscriptionId)
    const decision = decideByGates([vaultName, subscriptionLive], facets)
    if (decision.outcome !== "allow") return { decision }
    const created: CryptoEvent = {
      _tag: "VaultCreated",
      vault,
      kind: "ManagedHsm",
      permissionModel: "LocalRbac",
      subscription: params.SubscriptionId,
      location: params.Location,
      sku: "Premium",
      retentionDays: params.SoftDeleteRetentionInDays ?? 90,
      isPurgeProtected: params.EnablePurgeProtection ?? false,
      at: call.now,
    }
    const administrators = params.Administrator.map(
      (account): CryptoEvent => ({
        _tag: "VaultRolesSet",
        vault,
        principal: account.toLowerCase(),
        roles: ["Managed HSM Administrator"],
        at: call.now,
      }),
    )
    return { decision, events: [created, ...administrators] }
  },
})

export const getManagedHsm = cryptoOperation({
  name: "Get-AzKeyVaultManagedHsm",
  summary: "Shows one Managed HSM, or all of them.",
  params: Schema.Struct({
    Name: Schema.optionalKey(Name),
    ResourceGroupName,
    InRemovedState: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-054", "CRY-066"],
  binding: { ...binding, switches: ["InRemovedState"] },
  isReadOnly: true,
  decide: ({ world }, { Name: name, InRemovedState = false }) => {
    const found = vaultsOfKind(world, "ManagedHsm").filter(
      (it) =>
        (it.deletedAt !== undefined) === InRemovedState &&
        (name === undefined || it.name === managedHsmName(name)),
    )
    return { decision: decideByGates([listed], {}), output: found.map(hsmOutput) }
  },
})

const listed = gate<object>()({
  name: "listed",
  facts: ["CRY-066"],
  reads: [],
  check: () => pass("Whoever may see the subscription sees its Managed HSMs."),
})

interface ActivationFacets {
  readonly isAdministrator: boolean
  readonly certificates: number
  readonly quorum: number
}

const localAdministrator = gate<ActivationFacets>()({
  name: "managed-hsm-administrator",
  facts: ["CRY-066"],
  reads: ["isAdministrator"],
  check: ({ isAdministrator }) =>
    isAdministrator
      ? pass("The account is an administrator of the Managed HSM.")
      : deny(
          "Only a local administrator may do this; a role of the subscription does not help.",
          {},
          {
            code: "ForbiddenByRbac",
            message: "Caller is not authorized to perform action on resource.",
          },
        ),
})

/** Between 3 and 10 certificates, at least 2 of which are needed again (CRY-066). */
const quorum = gate<ActivationFacets>()({
  name: "security-domain-quorum",
  facts: ["CRY-066"],
  reads: ["certificates", "quorum"],
  check: ({ certificates, quorum: needed }) =>
    certificates >= 3 && certificates <= 10 && needed >= 2 && needed <= certificates
      ? pass("The security domain has holders enough.", { certificates, quorum: needed })
      : deny(
          "A security domain has 3 to 10 holders, and at least two of them open it.",
          { certificates, quorum: needed },
          {
            code: "BadParameter",
            message:
              "Between 3 and 10 certificates and a quorum from 2 to their number are required.",
          },
        ),
})

export const exportSecurityDomain = cryptoOperation({
  name: "Export-AzKeyVaultSecurityDomain",
  summary: "Downloads the security domain of a Managed HSM, which activates it.",
  params: Schema.Struct({
    Name,
    OutputPath: text("File for the security domain"),
    Certificates: Schema.Array(text("Certificate of a holder")),
    Quorum: Schema.Int.annotate({ description: "How many holders open it together" }),
    Force: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-066"],
  binding: { positional: ["Name"], aliases: { HsmName: "Name" }, switches: ["Force"] },
  decide: ({ world, actor }, params) =>
    Effect.gen(function* () {
      const vault = managedHsmName(params.Name)
      const roles = localRolesOf(world, vault, actor.id)
      const decision = andThen(evaluateVault(world, vault), () =>
        decideByGates([localAdministrator, quorum], {
          isAdministrator: roles.includes("Managed HSM Administrator"),
          certificates: new Set(params.Certificates).size,
          quorum: params.Quorum,
        }),
      )
      if (decision.outcome !== "allow") return { decision }
      const blobs = yield* BlobStore
      const domain = { hsm: params.Name, quorum: params.Quorum, holders: params.Certificates }
      yield* blobs.put(`security-domain/${params.OutputPath}`, Buffer.from(JSON.stringify(domain)))
      const event: CryptoEvent = { _tag: "ManagedHsmActivated", vault }
      return { decision, events: [event] }
    }),
})

export const removeManagedHsm = cryptoOperation({
  name: "Remove-AzKeyVaultManagedHsm",
  summary: "Deletes a Managed HSM; with -InRemovedState, purges a deleted one for ever.",
  params: Schema.Struct({
    Name,
    ResourceGroupName,
    Location: Schema.optionalKey(text("Azure region")),
    InRemovedState: Schema.optionalKey(Schema.Boolean),
    Force: Schema.optionalKey(Schema.Boolean),
  }),
  roles: [...azureRoles, purgeRole],
  facts: ["CRY-060", "CRY-061", "CRY-066"],
  binding: { ...binding, switches: ["InRemovedState", "Force"] },
  decide: (call, params) =>
    removeVault(call, managedHsmName(params.Name), params.InRemovedState === true),
})

export const undoManagedHsmRemoval = cryptoOperation({
  name: "Undo-AzKeyVaultManagedHsmRemoval",
  summary: "Recovers a deleted Managed HSM within its retention time.",
  params: Schema.Struct({
    Name,
    ResourceGroupName,
    Location: Schema.optionalKey(text("Azure region")),
  }),
  roles: azureRoles,
  facts: ["CRY-060", "CRY-066"],
  binding,
  decide: (call, params) => recoverVault(call, managedHsmName(params.Name)),
})

export const updateManagedHsm = cryptoOperation({
  name: "Update-AzKeyVaultManagedHsm",
  summary: "Switches purge protection of a Managed HSM on for ever.",
  params: Schema.Struct({ Name, ResourceGroupName, EnablePurgeProtection: Schema.Literal(true) }),
  roles: azureRoles,
  facts: ["CRY-061", "CRY-066"],
  binding: { ...binding, switches: ["EnablePurgeProtection"] },
  decide: ({ world }, params) => {
    const vault = managedHsmName(params.Name)
    const decision = evaluateVault(world, vault)
    const event: CryptoEvent = { _tag: "VaultChanged", vault, isPurgeProtected: true }
    return decision.outcome === "allow" ? { decision, events: [event] } : { decision }
  },
})
