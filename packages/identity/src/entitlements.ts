import { HashMap, Option } from "effect"
import { domainOf, normalizeAddress } from "./Address.ts"
import { type DirectoryUser, isExternalUser } from "./DirectoryUser.ts"
import { groupsOf, personOf, userOf } from "./directory.ts"
import type {
  AccessPackage,
  Assignment,
  AssignmentPolicy,
  AssignmentRequest,
  Catalog,
  ConnectedOrganization,
  PackageRole,
} from "./EntitlementManagement.ts"
import type { IdentityWorld } from "./State.ts"

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const named = <A extends { readonly id: string; readonly displayName: string }>(
  map: HashMap.HashMap<string, A>,
  idOrName: string,
): A | undefined =>
  Option.getOrUndefined(HashMap.get(map, idOrName)) ??
  HashMap.toValues(map)
    .toSorted((a, b) => byText(a.id, b.id))
    .find(({ displayName }) => displayName.toLowerCase() === idOrName.toLowerCase())

export const catalogOf = (world: IdentityWorld, idOrName: string): Catalog | undefined =>
  named(world.identity.governance.catalogs, idOrName)

export const packageOf = (world: IdentityWorld, idOrName: string): AccessPackage | undefined =>
  named(world.identity.governance.packages, idOrName)

export const policyOf = (world: IdentityWorld, idOrName: string): AssignmentPolicy | undefined =>
  named(world.identity.governance.policies, idOrName)

export const policiesOfPackage = (
  world: IdentityWorld,
  packageId: string,
): readonly AssignmentPolicy[] =>
  HashMap.toValues(world.identity.governance.policies)
    .filter((it) => it.accessPackageId === packageId)
    .toSorted((a, b) => byText(a.displayName, b.displayName) || byText(a.id, b.id))

export const requestOf = (world: IdentityWorld, id: string): AssignmentRequest | undefined =>
  Option.getOrUndefined(HashMap.get(world.identity.governance.requests, id))

export const requestsOf = (world: IdentityWorld): readonly AssignmentRequest[] =>
  HashMap.toValues(world.identity.governance.requests).toSorted(
    (a, b) => a.at - b.at || byText(a.id, b.id),
  )

export const assignmentsOf = (world: IdentityWorld, userId?: string): readonly Assignment[] =>
  HashMap.toValues(world.identity.governance.assignments)
    .filter((it) => userId === undefined || it.userId === userId)
    .toSorted((a, b) => a.deliveredAt - b.deliveredAt || byText(a.id, b.id))

/** The connected organization that an address belongs to, by tenant or by domain. */
export const connectedOrganizationOf = (
  world: IdentityWorld,
  address: string,
): ConnectedOrganization | undefined => {
  const domain = domainOf(address)
  const tenantId = personOf(world, address)?.homeTenant
  return HashMap.toValues(world.identity.governance.connectedOrganizations)
    .toSorted((a, b) => byText(a.id, b.id))
    .find(
      (it) =>
        it.domains.includes(domain) || (tenantId !== undefined && it.tenantIds.includes(tenantId)),
    )
}

/** Who asks: somebody of the directory, or somebody from outside without an object. */
export interface Requestor {
  readonly address: string
  readonly user: DirectoryUser | undefined
  readonly isOutside: boolean
}

export const requestorOf = (world: IdentityWorld, who: string): Requestor => {
  const user = userOf(world, who)
  const address = normalizeAddress(personOf(world, who)?.address ?? who)
  return { address, user, isOutside: user === undefined || isExternalUser(user) }
}

/** Whether a policy lets somebody ask (IDN-240). */
export const isInTargetScope = (
  world: IdentityWorld,
  policy: AssignmentPolicy,
  { address, user, isOutside }: Requestor,
): boolean => {
  const connected = connectedOrganizationOf(world, address)
  switch (policy.allowedTargetScope) {
    case "notSpecified":
      return false
    case "allMemberUsers":
      return user?.userType === "Member"
    case "allDirectoryUsers":
      return user !== undefined
    case "specificDirectoryUsers":
      return (
        user !== undefined &&
        [user.id, ...groupsOf(world, user.id).map(({ id }) => id)].some((id) =>
          policy.targetIds.includes(id),
        )
      )
    case "specificConnectedOrganizationUsers":
      return isOutside && connected !== undefined && policy.targetIds.includes(connected.id)
    case "allConfiguredConnectedOrganizationUsers":
      return isOutside && connected?.state === "configured"
    case "allExternalUsers":
      return isOutside
  }
}

/** The policies of a package under which somebody may ask, by name. */
export const policiesFor = (
  world: IdentityWorld,
  packageId: string,
  requestor: Requestor,
): readonly AssignmentPolicy[] =>
  policiesOfPackage(world, packageId).filter((policy) => isInTargetScope(world, policy, requestor))

/** Places on sites that somebody has through packages: SharePoint keeps them open (IDN-240). */
export const siteRolesOf = (world: IdentityWorld, userId: string): readonly PackageRole[] =>
  assignmentsOf(world, userId)
    .filter(({ state }) => state === "delivered")
    .flatMap(({ accessPackageId }) => packageOf(world, accessPackageId)?.roles ?? [])
    .filter(({ kind }) => kind === "site")

/** Whether somebody from outside has anything to ask for: only then is a passcode sent (IDN-240). */
export const mayAskForSomething = (world: IdentityWorld, address: string): boolean => {
  const requestor = requestorOf(world, address)
  return HashMap.toValues(world.identity.governance.packages).some(
    ({ id, catalogId }) =>
      catalogOf(world, catalogId)?.isExternallyVisible === true &&
      policiesFor(world, id, requestor).length > 0,
  )
}
