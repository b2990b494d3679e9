import { isExternalUser, issuerOf } from "./DirectoryUser.ts"
import { personOf, userOf } from "./directory.ts"
import type { AccountKind } from "./Person.ts"
import type { IdentityWorld } from "./State.ts"

/** What somebody is to this tenant, as flat facets for gates. */
export interface PrincipalFacets {
  /** `guest`: has a user object of an external identity or of type Guest; `external`: has none. */
  readonly kind: "member" | "guest" | "external"
  /** How the person proves the address; `unknown` for an address nobody in the world has. */
  readonly account: AccountKind | "unknown"
  readonly userType: "Member" | "Guest" | "none"
  /** IDN-005; `none` without a user object. */
  readonly authentication: "internal" | "external" | "none"
  readonly invitationState: "none" | "PendingAcceptance" | "Accepted"
  readonly accountEnabled: boolean
  /** Who vouches for the user object; empty without one. */
  readonly issuer: string
  /** Tenant of the work account; empty for other accounts. */
  readonly homeTenant: string
}

/** Facets of one principal: by address, principal name or object id. */
export const principalFacets = (world: IdentityWorld, address: string): PrincipalFacets => {
  const user = userOf(world, address)
  const person = personOf(world, address)
  const account = person?.account ?? "unknown"
  const homeTenant = person?.homeTenant ?? ""
  if (user === undefined) {
    return {
      kind: "external",
      account,
      userType: "none",
      authentication: "none",
      invitationState: "none",
      accountEnabled: person?.accountEnabled ?? true,
      issuer: "",
      homeTenant,
    }
  }
  const isExternal = isExternalUser(user)
  return {
    kind: user.userType === "Guest" || isExternal ? "guest" : "member",
    account,
    userType: user.userType,
    authentication: isExternal ? "external" : "internal",
    invitationState: user.externalUserState ?? "none",
    accountEnabled: user.accountEnabled,
    issuer: issuerOf(user),
    homeTenant,
  }
}
