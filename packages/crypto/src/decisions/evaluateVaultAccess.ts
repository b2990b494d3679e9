import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import { type KeyPermission, permissionOf, shownName } from "../customer-key/AzureKeyVault.ts"
import { isTooMuch } from "../customer-key/keyAnswer.ts"
import { noKeyPermission } from "../customer-key/noKeyPermission.ts"
import { conditionAnswers, type ThrottledOperation } from "../customer-key/vaultCondition.ts"
import { type CryptoWorld, vaultOf } from "../State.ts"

interface VaultFacets {
  readonly organizationId: string
  readonly vault: string
  readonly location: string
  readonly isVaultKnown: boolean
  readonly isActivated: boolean
  readonly condition: keyof typeof conditionAnswers | "none"
  readonly isLetIn: boolean
  readonly ipAddress: string
  readonly actor: string
  readonly permission: string
  readonly permissionModel: string
  readonly isPermitted: boolean
  readonly isTooMuch: boolean
}

const vaultKnown = gate<VaultFacets>()({
  name: "key-vault",
  facts: ["CRY-053", "CRY-055"],
  reads: ["vault", "isVaultKnown"],
  check: ({ vault, isVaultKnown }) =>
    isVaultKnown
      ? pass("The key vault exists.", { vault })
      : deny(
          "There is no key vault of that name.",
          { vault },
          { code: "ResourceNotFound", message: `Cannot find vault '${vault}'.` },
        ),
})

const answering = gate<VaultFacets>()({
  name: "key-vault-answers",
  facts: ["CRY-064"],
  reads: ["condition"],
  check: ({ condition }) => {
    if (condition === "none") return pass("The vault answers.")
    const { code, message } = conditionAnswers[condition]
    return deny("The vault fails or cannot be reached.", { condition }, { code, message })
  },
})

const activated = gate<VaultFacets>()({
  name: "managed-hsm-activation",
  facts: ["CRY-066"],
  reads: ["vault", "isActivated"],
  check: ({ vault, isActivated }) =>
    isActivated
      ? pass("It is ready to be used.", { vault })
      : deny(
          "A Managed HSM is of no use before its security domain was downloaded.",
          { vault },
          {
            code: "ManagedHsmNotActivated",
            message: `The managed HSM '${vault}' is not activated. Download its security domain first.`,
          },
        ),
})

const firewall = gate<VaultFacets>()({
  name: "key-vault-firewall",
  facts: ["CRY-064"],
  reads: ["isLetIn", "ipAddress"],
  check: ({ isLetIn, ipAddress }) =>
    isLetIn
      ? pass("The vault's firewall lets this address through.", { ipAddress })
      : deny(
          "The vault's firewall keeps this address out.",
          { ipAddress },
          {
            code: "ForbiddenByFirewall",
            message: `Client address (${ipAddress}) is not authorized and caller is not a trusted service`,
          },
        ),
})

const permitted = gate<VaultFacets>()({
  name: "key-vault-permission",
  facts: ["CRY-044", "CRY-061", "CRY-064"],
  reads: [
    "organizationId",
    "vault",
    "location",
    "actor",
    "permission",
    "permissionModel",
    "isPermitted",
  ],
  check: (facets) => {
    const { organizationId, vault, location, actor, permission } = facets
    if (facets.isPermitted) return pass("The account may do this with keys.", { permission })
    const { permissionModel } = facets
    return permissionModel === "AccessPolicy"
      ? deny(
          "The vault's access policy does not permit this to the account.",
          { actor, permission },
          noKeyPermission({ organizationId, principal: actor, permission, vault, location }),
        )
      : deny(
          "No role that the account holds here permits this.",
          { permission, permissionModel },
          {
            code: "ForbiddenByRbac",
            message: "Caller is not authorized to perform action on resource.",
          },
        )
  },
})

const withinLimits = gate<VaultFacets>()({
  name: "key-vault-limits",
  facts: ["CRY-065"],
  reads: ["isTooMuch"],
  check: ({ isTooMuch: isTooMany }) =>
    isTooMany
      ? deny(
          "The vault had too many operations in ten seconds.",
          {},
          {
            code: conditionAnswers.throttled.code,
            message: conditionAnswers.throttled.message,
          },
        )
      : pass("The vault has room for one more operation."),
})

const rules: GateRules<VaultFacets> = [
  vaultKnown,
  answering,
  activated,
  firewall,
  permitted,
  withinLimits,
]

/** Somebody who wants to do something with the keys of a vault. */
export interface VaultAccess {
  readonly vault: string
  readonly actor: Actor
  readonly permission: KeyPermission
  /** Epoch milliseconds. */
  readonly now: number
  /** `Other` unless it is said. */
  readonly load?: ThrottledOperation
}

/** Whether the vault exists, answers, and lets this account do this with keys. */
export const evaluateVaultAccess = (world: CryptoWorld, o: VaultAccess): Decision => {
  const vault = vaultOf(world, o.vault)
  const { ipAddress } = o.actor.client
  const { network } = vault ?? {}
  return decideByGates(rules, {
    organizationId: world.kernel.organizationId,
    vault: vault === undefined ? o.vault : shownName(vault),
    location: vault?.location ?? "",
    isVaultKnown: vault !== undefined,
    isActivated: vault?.isActivated ?? false,
    condition: vault?.condition ?? "none",
    isLetIn:
      network?.defaultAction === "Allow" || network?.ipAddresses.includes(ipAddress) === true,
    ipAddress,
    actor: o.actor.id,
    permission: o.permission,
    permissionModel: vault?.permissionModel ?? "AccessPolicy",
    isPermitted: permissionOf(vault, o.actor.id)?.keys.includes(o.permission) ?? false,
    isTooMuch: vault !== undefined && isTooMuch(world, vault, o.load ?? "Other", o.now),
  })
}

/** Only whether there is such a vault: who may change it is an Azure role. */
export const evaluateVault = (world: CryptoWorld, vault: string): Decision =>
  decideByGates([vaultKnown], { vault, isVaultKnown: vaultOf(world, vault) !== undefined })
