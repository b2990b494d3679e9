import { deny, gate, pass } from "@twin/kernel"

/** What the gates about whole vaults and Managed HSMs look at. */
export interface VaultLifeFacets {
  readonly vault: string
  readonly isTaken: boolean
  readonly isNameDeleted: boolean
  readonly isNameValid: boolean
  readonly isDeleted: boolean
  readonly isPurgeProtected: boolean
  readonly isProtectedSubscription: boolean
  readonly isSubscriptionCancelled: boolean
  readonly mayPurge: boolean
  readonly isAccessPolicyModel: boolean
}

export const vaultName = gate<VaultLifeFacets>()({
  name: "vault-name",
  facts: ["CRY-053", "CRY-062"],
  reads: ["vault", "isTaken", "isNameDeleted", "isNameValid"],
  check: ({ vault, isTaken, isNameDeleted, isNameValid }) => {
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
    if (isNameDeleted) {
      return deny(
        "A deleted vault holds this name until it is recovered or purged.",
        { vault },
        {
          code: "ObjectIsDeletedButRecoverable",
          message: `Vault ${vault} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the vault can only be recovered or purged.`,
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

export const subscriptionLive = gate<VaultLifeFacets>()({
  name: "azure-subscription",
  facts: ["CRY-036", "CRY-046"],
  reads: ["isSubscriptionCancelled"],
  check: ({ isSubscriptionCancelled }) =>
    isSubscriptionCancelled
      ? deny(
          "The subscription was cancelled.",
          {},
          {
            code: "ReadOnlyDisabledSubscription",
            message:
              "The subscription is disabled and therefore marked as read only. You cannot perform any write actions on it until it is enabled again.",
          },
        )
      : pass("The subscription is in force."),
})

export const vaultDeleted = gate<VaultLifeFacets>()({
  name: "deleted-vault",
  facts: ["CRY-060", "CRY-063"],
  reads: ["vault", "isDeleted"],
  check: ({ vault, isDeleted }) =>
    isDeleted
      ? pass("The vault is deleted and still recoverable.", { vault })
      : deny(
          "There is no deleted vault of that name.",
          { vault },
          { code: "ResourceNotFound", message: `Cannot find deleted vault '${vault}'.` },
        ),
})

export const vaultPurge = gate<VaultLifeFacets>()({
  name: "purge-permission",
  facts: ["CRY-061"],
  reads: ["mayPurge"],
  check: ({ mayPurge }) =>
    mayPurge
      ? pass("The account was given the permission to purge.")
      : deny(
          "Purging needs a permission of its own, which not even owners have.",
          {},
          {
            code: "AuthorizationFailed",
            message:
              "The client does not have authorization to perform action 'Microsoft.KeyVault/locations/deletedVaults/purge/action'.",
          },
        ),
})

export const purgeAllowed = gate<VaultLifeFacets>()({
  name: "purge-protection",
  facts: ["CRY-046", "CRY-061"],
  reads: ["isPurgeProtected", "isProtectedSubscription"],
  check: ({ isPurgeProtected, isProtectedSubscription }) => {
    if (isProtectedSubscription) {
      return deny(
        "In a subscription under mandatory retention only the service purges, on its schedule.",
        { isProtectedSubscription },
        {
          code: "Forbidden",
          message:
            'Operation "purge" is not allowed because the subscription is under a mandatory retention period.',
        },
      )
    }
    return isPurgeProtected
      ? deny(
          "Purge protection keeps what is deleted until its retention time has passed.",
          { isPurgeProtected },
          {
            code: "Forbidden",
            message:
              'Operation "purge" is not allowed because purge protection is enabled for this vault.',
          },
        )
      : pass("Nothing protects what is deleted from being purged.")
  },
})

export const rbacModel = gate<VaultLifeFacets>()({
  name: "permission-model",
  facts: ["CRY-043"],
  reads: ["isAccessPolicyModel"],
  check: ({ isAccessPolicyModel }) =>
    isAccessPolicyModel
      ? pass("The vault goes by its access policy.")
      : deny(
          "The vault goes by role assignments, so an access policy cannot be set.",
          {},
          {
            code: "BadRequest",
            message: "The vault has RBAC authorization enabled; access policies are not used.",
          },
        ),
})
