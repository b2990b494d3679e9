import {
  type Actor,
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  pass,
} from "@twin/kernel"
import { type KeyPermission, permissionOf } from "../customer-key/AzureKeyVault.ts"
import { type CryptoWorld, vaultOf } from "../State.ts"

interface VaultFacets {
  readonly vault: string
  readonly location: string
  readonly isVaultKnown: boolean
  readonly actor: string
  readonly permission: string
  readonly isPermitted: boolean
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
          {
            code: "ResourceNotFound",
            message: `Cannot find vault '${vault}'.`,
          },
        ),
})

const permitted = gate<VaultFacets>()({
  name: "key-vault-permission",
  facts: ["CRY-044", "CRY-061", "CRY-064"],
  reads: ["vault", "location", "actor", "permission", "isPermitted"],
  check: ({ vault, location, actor, permission, isPermitted }) =>
    isPermitted
      ? pass("The vault's access policy permits this.", { permission })
      : deny(
          "The vault's access policy does not permit this to the account.",
          { permission },
          {
            code: "Forbidden",
            message:
              `The user, group or application '${actor}' does not have keys ${permission} permission on key vault ` +
              `'${vault};location=${location}'. For help resolving this issue, please see ` +
              "https://go.microsoft.com/fwlink/?linkid=2125287",
          },
        ),
})

const rules: GateRules<VaultFacets> = [vaultKnown, permitted]

/** Whether the vault exists and its access policy lets this account do this with keys. */
export const evaluateVaultAccess = (
  world: CryptoWorld,
  o: { readonly vault: string; readonly actor: Actor; readonly permission: KeyPermission },
): Decision => {
  const vault = vaultOf(world, o.vault)
  return decideByGates(rules, {
    vault: o.vault,
    location: vault?.location ?? "",
    isVaultKnown: vault !== undefined,
    actor: o.actor.id,
    permission: o.permission,
    isPermitted: permissionOf(vault, o.actor.id)?.keys.includes(o.permission) ?? false,
  })
}

/** Only whether there is such a vault: who may change its access policy is an Azure role. */
export const evaluateVault = (world: CryptoWorld, vault: string): Decision =>
  decideByGates([vaultKnown], { vault, isVaultKnown: vaultOf(world, vault) !== undefined })
