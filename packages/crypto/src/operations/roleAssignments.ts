import { andThen, type Call, type Decision, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Schema } from "effect"
import { managedHsmName } from "../customer-key/AzureKeyVault.ts"
import { type AnyVaultRole, ManagedHsmRole, VaultRole } from "../customer-key/vaultRoles.ts"
import { evaluateVault } from "../decisions/evaluateVaultAccess.ts"
import { ownValue } from "../ownValue.ts"
import { type CryptoEvent, type CryptoWorld, vaultOf } from "../State.ts"
import { onePrincipal } from "./accessPolicies.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"
import { localRolesOf } from "./managedHsms.ts"

/** Azure roles that give out roles. */
const accessRoles = ["Owner", "User Access Administrator", "Global Administrator"] as const

const principal = {
  ApplicationId: Schema.optionalKey(text("Application id of a service")),
  ObjectId: Schema.optionalKey(text("Object id of a principal")),
  SignInName: Schema.optionalKey(text("Account of a person")),
}

interface PrincipalParams {
  readonly ApplicationId?: string
  readonly ObjectId?: string
  readonly SignInName?: string
}

const given = ({ ApplicationId, ObjectId, SignInName }: PrincipalParams): readonly string[] =>
  [ApplicationId, ObjectId, SignInName].filter((it) => it !== undefined)

interface ScopeFacets {
  readonly scope: string
  readonly isVaultScope: boolean
}

const vaultScope = gate<ScopeFacets>()({
  name: "role-scope",
  facts: ["CRY-043"],
  reads: ["scope", "isVaultScope"],
  check: ({ scope, isVaultScope }) =>
    isVaultScope
      ? pass("The scope is a key vault.", { scope })
      : deny(
          "The scope is no key vault that exists.",
          { scope },
          { code: "BadRequest", message: `The scope '${scope}' is invalid.` },
        ),
})

interface HsmFacets {
  readonly mayAssign: boolean
}

const localRight = gate<HsmFacets>()({
  name: "managed-hsm-administrator",
  facts: ["CRY-066"],
  reads: ["mayAssign"],
  check: ({ mayAssign }) =>
    mayAssign
      ? pass("The account may give out local roles of this Managed HSM.")
      : deny(
          "Only a local administrator may do this; a role of the subscription does not help.",
          {},
          {
            code: "ForbiddenByRbac",
            message: "Caller is not authorized to perform action on resource.",
          },
        ),
})

const change = (
  { world, now }: Call<CryptoWorld>,
  o: {
    readonly vault: string
    readonly principal: string
    readonly role: AnyVaultRole
    readonly isAdded: boolean
  },
): CryptoEvent => {
  const assignments = vaultOf(world, o.vault)?.assignments ?? {}
  const before = ownValue(assignments, o.principal)?.roles ?? []
  const others = before.filter((role) => role !== o.role)
  return {
    _tag: "VaultRolesSet",
    vault: o.vault,
    principal: o.principal,
    roles: o.isAdded ? [...others, o.role] : others,
    at: now,
  }
}

const assign = (
  call: Call<CryptoWorld>,
  o: {
    readonly asked: Decision
    readonly vault: string
    readonly principals: readonly string[]
    readonly role: AnyVaultRole
    readonly isAdded: boolean
  },
) => {
  const { principals, vault, role, isAdded } = o
  const decision = andThen(o.asked, () =>
    decideByGates([onePrincipal], { principals: principals.length }),
  )
  if (decision.outcome !== "allow") return { decision }
  const who = (principals[0] ?? "").toLowerCase()
  const output = [{ RoleDefinitionName: role, Principal: who }]
  const events = [change(call, { vault, principal: who, role, isAdded })]
  return { decision, events, output: isAdded ? output : [] }
}

/** `.../providers/Microsoft.KeyVault/vaults/{name}`, as Azure writes the scope of a vault. */
const vaultOfScope = (scope: string): string =>
  (/\/providers\/Microsoft\.KeyVault\/vaults\/([^/]+)\/?$/i.exec(scope)?.[1] ?? "").toLowerCase()

const azureRole = (name: string, summary: string, isAdded: boolean) =>
  cryptoOperation({
    name,
    summary,
    params: Schema.Struct({
      RoleDefinitionName: VaultRole,
      Scope: text("/subscriptions/.../providers/Microsoft.KeyVault/vaults/{name}"),
      ...principal,
    }),
    roles: accessRoles,
    facts: ["CRY-043", "CRY-063"],
    decide: (call, params) => {
      const vault = vaultOfScope(params.Scope)
      const isVaultScope = vaultOf(call.world, vault)?.kind === "KeyVault"
      const asked = decideByGates([vaultScope], { scope: params.Scope, isVaultScope })
      const role = params.RoleDefinitionName
      return assign(call, { asked, vault, principals: given(params), role, isAdded })
    },
  })

export const newAzRoleAssignment = azureRole(
  "New-AzRoleAssignment",
  "Gives a role on a key vault that goes by roles.",
  true,
)

export const removeAzRoleAssignment = azureRole(
  "Remove-AzRoleAssignment",
  "Takes a role on a key vault away.",
  false,
)

const localRole = (name: string, summary: string, isAdded: boolean) =>
  cryptoOperation({
    name,
    summary,
    params: Schema.Struct({
      HsmName: text("Name of the Managed HSM"),
      RoleDefinitionName: ManagedHsmRole,
      Scope: Schema.optionalKey(Schema.Literals(["/", "/keys"])),
      ...principal,
    }),
    facts: ["CRY-043", "CRY-066"],
    binding: { positional: ["HsmName"] },
    decide: (call, params) => {
      const vault = managedHsmName(params.HsmName)
      const local = localRolesOf(call.world, vault, call.actor.id)
      const asked = andThen(evaluateVault(call.world, vault), () =>
        decideByGates([localRight], {
          mayAssign:
            local.includes("Managed HSM Administrator") ||
            local.includes("Managed HSM Policy Administrator"),
        }),
      )
      const role = params.RoleDefinitionName
      return assign(call, { asked, vault, principals: given(params), role, isAdded })
    },
  })

export const newKeyVaultRoleAssignment = localRole(
  "New-AzKeyVaultRoleAssignment",
  "Gives a local role of a Managed HSM.",
  true,
)

export const removeKeyVaultRoleAssignment = localRole(
  "Remove-AzKeyVaultRoleAssignment",
  "Takes a local role of a Managed HSM away.",
  false,
)

export const getKeyVaultRoleAssignment = cryptoOperation({
  name: "Get-AzKeyVaultRoleAssignment",
  summary: "Lists the local roles of a Managed HSM.",
  params: Schema.Struct({ HsmName: text("Name of the Managed HSM") }),
  facts: ["CRY-066"],
  binding: { positional: ["HsmName"] },
  isReadOnly: true,
  decide: ({ world }, { HsmName }) => {
    const vault = vaultOf(world, managedHsmName(HsmName))
    const output = Object.entries(vault?.assignments ?? {})
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([who, { roles }]) =>
        roles.map((role) => ({ Principal: who, RoleDefinitionName: role, Scope: "/keys" })),
      )
    return { decision: evaluateVault(world, managedHsmName(HsmName)), output }
  },
})
