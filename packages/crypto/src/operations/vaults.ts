import { type Call, decideByGates, deny, gate, type OutputObject, pass } from "@twin/kernel"
import { Schema } from "effect"
import { KeyPermission, type Vault, VaultSku } from "../customer-key/AzureKeyVault.ts"
import { evaluateVault } from "../decisions/evaluateVaultAccess.ts"
import { type CryptoEvent, type CryptoWorld, vaultOf } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

/** Azure roles that manage vaults; the tenant's Global Administrator is taken to own the subscriptions. */
export const azureRoles = [
  "Owner",
  "Contributor",
  "Key Vault Contributor",
  "Global Administrator",
] as const

interface NewVaultFacets {
  readonly vault: string
  readonly isTaken: boolean
  readonly isNameValid: boolean
}

const nameGate = gate<NewVaultFacets>()({
  name: "vault-name",
  facts: ["CRY-053"],
  reads: ["vault", "isTaken", "isNameValid"],
  check: ({ vault, isTaken, isNameValid }) => {
    if (!isNameValid) {
      return deny(
        "A vault name has 3 to 24 letters, digits and hyphens.",
        { vault },
        {
          code: "VaultNameNotValid",
          message: `The vault name '${vault}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.`,
        },
      )
    }
    return isTaken
      ? deny(
          "A vault name is unique in all of Azure, and this one is taken.",
          { vault },
          {
            code: "VaultAlreadyExists",
            message: `The vault name '${vault}' is already in use. Vault names are globally unique so it is possible that the name is already taken.`,
          },
        )
      : pass("The name is free.", { vault })
  },
})

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
      Schema.Int.check(Schema.isBetween({ minimum: 7, maximum: 90 })).annotate({
        description: "Days for which a deleted key can be recovered; cannot be changed later",
      }),
    ),
    EnablePurgeProtection: Schema.optionalKey(Schema.Boolean),
  }),
  roles: azureRoles,
  facts: ["CRY-037", "CRY-039", "CRY-045", "CRY-053", "CRY-060", "CRY-061"],
  binding: {
    positional: ["Name", "ResourceGroupName", "Location"],
    switches: ["EnablePurgeProtection"],
    aliases: { VaultName: "Name" },
  },
  decide: ({ world, actor, now }, params) => {
    const vault = params.Name.toLowerCase()
    const decision = decideByGates([nameGate], {
      vault,
      isTaken: vaultOf(world, vault) !== undefined,
      isNameValid: /^[a-z](?:-?[a-z0-9])+$/.test(vault) && vault.length >= 3 && vault.length <= 24,
    })
    if (decision.outcome !== "allow") return { decision }
    const created = {
      vault,
      subscription: params.SubscriptionId,
      location: params.Location,
      sku: params.Sku ?? ("Standard" as const),
      retentionDays: params.SoftDeleteRetentionInDays ?? 90,
      isPurgeProtected: params.EnablePurgeProtection ?? false,
    }
    const events: readonly CryptoEvent[] = [
      { _tag: "VaultCreated", ...created },
      {
        _tag: "VaultPermissionsSet",
        vault,
        principal: actor.id.toLowerCase(),
        keys: creatorPermissions,
        at: now,
      },
    ]
    return {
      decision,
      events,
      output: [vaultOutput({ ...created, name: vault, permissions: {}, keys: {} })],
    }
  },
})

const vaultOutput = (vault: Vault): OutputObject => ({
  VaultName: vault.name,
  Location: vault.location,
  SubscriptionId: vault.subscription,
  SKU: vault.sku,
  VaultUri: `https://${vault.name}.vault.azure.net/`,
  EnableSoftDelete: true,
  SoftDeleteRetentionInDays: vault.retentionDays,
  EnablePurgeProtection: vault.isPurgeProtected,
  AccessPolicies: Object.entries(vault.permissions)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([principal, { keys }]) => ({ Principal: principal, PermissionsToKeys: [...keys] })),
})

export const getAzKeyVault = cryptoOperation({
  name: "Get-AzKeyVault",
  summary: "Shows one key vault, or all of them.",
  params: Schema.Struct({ VaultName: Schema.optionalKey(text("Name of the vault")) }),
  facts: ["CRY-045", "CRY-060"],
  binding: { positional: ["VaultName"], aliases: { Name: "VaultName" } },
  isReadOnly: true,
  decide: ({ world }, { VaultName }) => {
    if (VaultName !== undefined) {
      const vault = vaultOf(world, VaultName)
      const decision = evaluateVault(world, VaultName)
      return { decision, output: vault === undefined ? [] : [vaultOutput(vault)] }
    }
    const all = Object.values(world.crypto.vaults).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return { decision: decideByGates([listed], {}), output: all.map(vaultOutput) }
  },
})

const listed = gate<object>()({
  name: "listed",
  facts: ["CRY-045"],
  reads: [],
  check: () => pass("Whoever may see the subscription sees its vaults."),
})

const principal = {
  ServicePrincipalName: Schema.optionalKey(text("Application id of a service")),
  UserPrincipalName: Schema.optionalKey(text("Account of a person")),
  ObjectId: Schema.optionalKey(text("Object id of a principal")),
}

interface PrincipalFacets {
  readonly principals: number
}

const onePrincipal = gate<PrincipalFacets>()({
  name: "one-principal",
  facts: ["CRY-043"],
  reads: ["principals"],
  check: ({ principals }) =>
    principals === 1
      ? pass("The entry names one principal.")
      : deny(
          "The entry has to name exactly one principal.",
          { principals },
          {
            code: "AmbiguousParameterSet",
            message:
              "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot be used together or an insufficient number of parameters were provided.",
          },
        ),
})

interface PrincipalParams {
  readonly ServicePrincipalName?: string
  readonly UserPrincipalName?: string
  readonly ObjectId?: string
}

const policyChange = (
  { world, now }: Call<CryptoWorld>,
  vaultName: string,
  params: PrincipalParams,
  keys: readonly KeyPermission[],
) => {
  const known = evaluateVault(world, vaultName)
  if (known.outcome !== "allow") return { decision: known }
  const given = [params.ServicePrincipalName, params.UserPrincipalName, params.ObjectId].filter(
    (it) => it !== undefined,
  )
  const decision = decideByGates([onePrincipal], { principals: given.length })
  if (decision.outcome !== "allow") return { decision }
  const event: CryptoEvent = {
    _tag: "VaultPermissionsSet",
    vault: vaultName.toLowerCase(),
    principal: (given[0] ?? "").toLowerCase(),
    keys,
    at: now,
  }
  return { decision, events: [event] }
}

export const setAzKeyVaultAccessPolicy = cryptoOperation({
  name: "Set-AzKeyVaultAccessPolicy",
  summary:
    "Says what a service or person may do with the keys of a vault; replaces what was said before.",
  params: Schema.Struct({
    VaultName: text("Name of the vault"),
    ...principal,
    PermissionsToKeys: Schema.Array(KeyPermission).annotate({
      description: "wrapKey, unwrapKey and get for Customer Key",
    }),
  }),
  roles: azureRoles,
  facts: ["CRY-041", "CRY-042", "CRY-043", "CRY-044"],
  binding: { positional: ["VaultName"] },
  decide: (call, params) => policyChange(call, params.VaultName, params, params.PermissionsToKeys),
})

export const removeAzKeyVaultAccessPolicy = cryptoOperation({
  name: "Remove-AzKeyVaultAccessPolicy",
  summary: "Takes a service or person out of the access policy of a vault.",
  params: Schema.Struct({ VaultName: text("Name of the vault"), ...principal }),
  roles: azureRoles,
  facts: ["CRY-043", "CRY-122"],
  binding: { positional: ["VaultName"] },
  decide: (call, params) => policyChange(call, params.VaultName, params, []),
})
