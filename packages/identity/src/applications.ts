import { createHash } from "node:crypto"
import { HashMap } from "effect"
import type {
  Application,
  AppRole,
  PermissionGrant,
  PermissionScope,
  ServicePrincipal,
} from "./Application.ts"
import { appIdOf, appNameOf, clientNameOf, isMicrosoftApp, microsoftAppIds } from "./CloudApp.ts"
import { organizationOf } from "./directory.ts"
import { applicationPermissionsOf, delegatedPermissionsOf } from "./resourcePermissions.ts"
import type { IdentityWorld } from "./State.ts"

const byAge = <A extends { readonly createdAt: number; readonly id: string }>(a: A, b: A): number =>
  a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)

/** Every registration of this world, the oldest first; those of other tenants are among them. */
export const applicationsOf = (world: IdentityWorld): readonly Application[] =>
  HashMap.toValues(world.identity.applicationRegistry.applications).toSorted(byAge)

/** Registrations of this tenant. */
export const ownApplicationsOf = (world: IdentityWorld): readonly Application[] => {
  const tenantId = organizationOf(world)?.tenantId
  return applicationsOf(world).filter(({ homeTenant }) => homeTenant === tenantId)
}

/** A registration, wherever it was made, by object id, application id, identifier URI or name. */
export const applicationOf = (world: IdentityWorld, idOrName: string): Application | undefined => {
  const wanted = idOrName.trim().toLowerCase()
  const known = applicationsOf(world)
  return (
    known.find(({ id, appId }) => id === wanted || appId === wanted) ??
    known.find(({ identifierUris }) => identifierUris.some((it) => it.toLowerCase() === wanted)) ??
    known.find(({ displayName }) => displayName.toLowerCase() === wanted)
  )
}

/** The object id of one of Microsoft's own applications in a tenant: another one in each. */
const microsoftObjectId = (tenantId: string, appId: string): string => {
  const hex = createHash("sha256").update(`${tenantId}\n${appId}`).digest("hex")
  const [a, b, c, d, e] = [0, 8, 12, 16, 20].map((from, index, all) =>
    hex.slice(from, all[index + 1] ?? 32),
  )
  return [a, b, `4${c?.slice(1)}`, `8${d?.slice(1)}`, e].join("-")
}

/** Microsoft's own applications are in every tenant without anybody's doing. */
const microsoftPrincipal = (world: IdentityWorld, appId: string): ServicePrincipal => {
  const organization = organizationOf(world)
  return {
    id: microsoftObjectId(organization?.tenantId ?? "", appId),
    appId,
    displayName: clientNameOf(appId) ?? appNameOf(appId),
    accountEnabled: true,
    createdAt: organization?.createdAt ?? 0,
  }
}

/** Every service principal of this tenant that somebody added, the oldest first. */
export const addedPrincipalsOf = (world: IdentityWorld): readonly ServicePrincipal[] =>
  HashMap.toValues(world.identity.applicationRegistry.servicePrincipals).toSorted(byAge)

/** Those of Microsoft, by name, then those that were added. */
export const servicePrincipalsOf = (world: IdentityWorld): readonly ServicePrincipal[] => [
  ...microsoftPrincipals(world),
  ...addedPrincipalsOf(world),
]

const microsoftPrincipals = (world: IdentityWorld): readonly ServicePrincipal[] =>
  microsoftAppIds
    .map((appId) => microsoftPrincipal(world, appId))
    .toSorted((a, b) => (a.displayName < b.displayName ? -1 : 1))

/** A service principal of this tenant by object id, application id, identifier URI or name. */
export const servicePrincipalOf = (
  world: IdentityWorld,
  idOrName: string,
): ServicePrincipal | undefined => {
  const wanted = idOrName.trim().toLowerCase()
  const microsoft = appIdOf(wanted) ?? (isMicrosoftApp(wanted) ? wanted : undefined)
  if (microsoft !== undefined) return microsoftPrincipal(world, microsoft)
  const added = addedPrincipalsOf(world)
  const named = applicationOf(world, wanted)?.appId
  return (
    added.find(({ id, appId }) => id === wanted || appId === wanted) ??
    added.find(({ appId }) => appId === named) ??
    added.find(({ displayName }) => displayName.toLowerCase() === wanted) ??
    microsoftPrincipals(world).find(({ id }) => id === wanted)
  )
}

/** The application id that a request means: of something that is in this tenant (700016, 500011). */
export const resourceIdOf = (world: IdentityWorld, idOrName: string): string | undefined =>
  appIdOf(idOrName) ?? servicePrincipalOf(world, idOrName)?.appId

/** Whether people of this tenant may use a registration: it was made here, or for everybody. */
export const isForThisTenant = (
  world: IdentityWorld,
  { homeTenant, signInAudience }: Pick<Application, "homeTenant" | "signInAudience">,
): boolean =>
  homeTenant === organizationOf(world)?.tenantId ||
  signInAudience === "AzureADMultipleOrgs" ||
  signInAudience === "AzureADandPersonalMicrosoftAccount"

/**
 * The application that somebody can sign in to: one of this tenant, or one that comes into it with the
 * first consent (700016 for all others).
 */
export const signInTargetOf = (world: IdentityWorld, idOrName: string): string | undefined => {
  const known = resourceIdOf(world, idOrName)
  if (known !== undefined) return known
  const registered = applicationOf(world, idOrName)
  return registered !== undefined && isForThisTenant(world, registered)
    ? registered.appId
    : undefined
}

/** The name of an application, whoever made it; its id where it has none. */
export const applicationNameOf = (world: IdentityWorld, appId: string): string =>
  clientNameOf(appId) ??
  applicationsOf(world).find((it) => it.appId === appId)?.displayName ??
  appNameOf(appId)

/** Delegated permissions that a resource offers, by application id. */
export const scopesOf = (world: IdentityWorld, appId: string): readonly PermissionScope[] =>
  isMicrosoftApp(appId)
    ? delegatedPermissionsOf(appId)
    : (applicationOf(world, appId)?.scopes ?? [])

export const appRolesOf = (world: IdentityWorld, appId: string): readonly AppRole[] =>
  isMicrosoftApp(appId)
    ? applicationPermissionsOf(appId)
    : (applicationOf(world, appId)?.appRoles ?? [])

/** Every grant of delegated permissions, by id. */
export const permissionGrantsOf = (world: IdentityWorld): readonly PermissionGrant[] =>
  HashMap.toValues(world.identity.applicationRegistry.permissionGrants).toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  )

/** The grants that count for a user of a client: the user's own, and those for everybody. */
export const grantsFor = (
  world: IdentityWorld,
  asked: { readonly clientId: string | undefined; readonly userId: string | undefined },
): readonly PermissionGrant[] =>
  permissionGrantsOf(world).filter(
    ({ clientId, consentType, principalId }) =>
      clientId === asked.clientId &&
      (consentType === "AllPrincipals" || principalId === asked.userId),
  )
