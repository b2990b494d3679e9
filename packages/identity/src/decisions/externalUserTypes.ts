import { appIds } from "../CloudApp.ts"
import type { ExternalUserType } from "../ConditionalAccessPolicy.ts"
import { admission, collaborationSetting } from "../CrossTenantAccess.ts"
import { type DirectoryUser, userKindOf } from "../DirectoryUser.ts"
import { foreignOrganizationOf } from "../directory.ts"
import type { Person } from "../Person.ts"
import type { IdentityWorld } from "../State.ts"

const objectTypes = (user: DirectoryUser | undefined): readonly ExternalUserType[] => {
  if (user === undefined) return ["otherExternalUser"]
  switch (userKindOf(user)) {
    case "internal member":
      return []
    case "internal guest":
      return ["internalGuest"]
    case "external member":
      return ["b2bCollaborationMember"]
    case "external guest":
      return ["b2bCollaborationGuest"]
  }
}

/** Where shared channels live: the two resources in which both kinds of policy meet (IDN-159). */
const channelResources: readonly string[] = [appIds.teams, appIds.sharePointOnline]

/** Whether both sides let a work account of another organization into shared channels. */
const isDirectConnectEligible = (
  world: IdentityWorld,
  person: Person | undefined,
  appId: string,
): boolean => {
  const homeTenant = person?.homeTenant
  const organization = world.identity.organization
  if (homeTenant === undefined || organization === undefined) return false
  const home = foreignOrganizationOf(world, homeTenant)
  if (home === undefined) return false
  const asked = { userAndGroupIds: person?.objectId === undefined ? [] : [person.objectId], appId }
  const inbound = collaborationSetting(
    world.identity.crossTenantAccess,
    "b2bDirectConnectInbound",
    homeTenant,
  )
  const outbound = collaborationSetting(
    home.crossTenantAccess,
    "b2bDirectConnectOutbound",
    organization.tenantId,
  )
  return (
    admission(inbound.setting, asked) === "admitted" &&
    admission(outbound.setting, asked) === "admitted"
  )
}

/**
 * What policies call this person. Somebody with a guest object who uses a shared channel is both, and
 * so is a guest who could use one, in Teams and SharePoint (IDN-156, IDN-157, IDN-159).
 */
export const externalUserTypesOf = (asked: {
  readonly world: IdentityWorld
  readonly person: Person | undefined
  readonly user: DirectoryUser | undefined
  readonly appId: string | undefined
  readonly isDirectConnect: boolean
}): readonly ExternalUserType[] => {
  const { world, person, user, appId, isDirectConnect } = asked
  const types = objectTypes(user)
  if (isDirectConnect) {
    return ["b2bDirectConnectUser", ...types.filter((it) => it !== "otherExternalUser")]
  }
  const isGuest = types.includes("b2bCollaborationGuest")
  return isGuest &&
    appId !== undefined &&
    channelResources.includes(appId) &&
    isDirectConnectEligible(world, person, appId)
    ? [...types, "b2bDirectConnectUser"]
    : types
}
