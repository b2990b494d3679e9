import { type Call, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Schema } from "effect"
import { KeyPermission } from "../customer-key/AzureKeyVault.ts"
import { evaluateVault } from "../decisions/evaluateVaultAccess.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { azureRoles } from "./vaults.ts"

/** Whom an entry or a role is for: exactly one of the three. */
export const principal = {
  ServicePrincipalName: Schema.optionalKey(text("Application id of a service")),
  UserPrincipalName: Schema.optionalKey(text("Account of a person")),
  ObjectId: Schema.optionalKey(text("Object id of a principal")),
}

export interface PrincipalFacets {
  readonly principals: number
}

export const onePrincipal = gate<PrincipalFacets>()({
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

/** Names of one principal. */
export interface PrincipalParams {
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
