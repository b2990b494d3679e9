import { createHash } from "node:crypto"
import type { Schema } from "effect"
import { domainOf } from "./Address.ts"
import { type DirectoryUser, isExternalUser, issuerOf } from "./DirectoryUser.ts"
import { boundProviderOf } from "./decisions/identityProvider.ts"
import { groupsOfObject, isOwnDomain, personOf, rolesOf } from "./directory.ts"
import { templateIdOf } from "./Role.ts"
import type { Session } from "./Session.ts"
import type { IdentityWorld } from "./State.ts"

export const issuers = {
  /** Version 1.0. */
  v1: (tenantId: string): string => `https://sts.windows.net/${tenantId}/`,
  /** Version 2.0. */
  v2: (tenantId: string): string => `https://login.microsoftonline.com/${tenantId}/v2.0`,
}

/** More groups than this, and the token points to Graph instead (IDN-256). */
export const groupClaimLimits = { jwt: 200, saml: 150, implicit: 6 } as const

/** Every user holds it; no assignment is needed. */
const defaultUserRole = "b79fbf4d-3ef9-4689-8143-76b194e85509"

export interface ClaimsQuestion {
  readonly world: IdentityWorld
  readonly tenantId: string
  readonly user: DirectoryUser
  readonly session: Session
  readonly version: "1.0" | "2.0"
  readonly clientId: string
  /** Application id of the resource, or of the client for an id token. */
  readonly audience: string
  readonly kind: "access" | "id"
  readonly flow: "code" | "implicit"
  readonly scopes: readonly string[]
  /** `cp1` where the client can answer a claims challenge. */
  readonly capabilities: readonly string[]
  readonly authenticationContexts: readonly string[]
  readonly ipAddress: string
  readonly tokenId: string
  readonly now: number
  readonly lifetime: number
}

export type Claims = Readonly<Record<string, Schema.Json>>

/** The issuer that vouched for a guest; undefined where this tenant did itself (IDN-252). */
export const identityProviderClaim = (
  world: IdentityWorld,
  user: DirectoryUser,
): string | undefined => {
  if (!isExternalUser(user)) return undefined
  const home = personOf(world, user.id)?.homeTenant
  switch (boundProviderOf(user)) {
    case "azureActiveDirectory":
      return home === undefined ? issuerOf(user) : issuers.v1(home)
    case "microsoftAccount":
      return "live.com"
    case "emailOneTimePasscode":
      return "mail"
    case "google":
      return "google.com"
    default:
      return issuerOf(user)
  }
}

const hardware: readonly string[] = ["fido2", "certificate", "authenticatorPhoneSignIn"]

/** Methods of the authentication (IDN-254); `mfa` is there when a second factor was given (IDN-255). */
export const authenticationMethods = ({ provider, mfa }: Session): readonly string[] => {
  const first =
    provider === "emailOneTimePasscode"
      ? "otp"
      : provider === "google" || provider === "externalFederation"
        ? "fed"
        : "pwd"
  if (mfa === undefined) return [first]
  if (mfa.method === "windowsHelloForBusiness") return [first, "ngcmfa", "mfa"]
  if (hardware.includes(mfa.method)) return [first, "rsa", "mfa"]
  return mfa.method === "sms" && first !== "otp" ? [first, "otp", "mfa"] : [first, "mfa"]
}

/** Different for every application, so that two of them cannot compare notes (IDN-253). */
export const pairwiseSubject = (tenantId: string, objectId: string, clientId: string): string =>
  createHash("sha256").update(`${tenantId}\n${objectId}\n${clientId}`).digest("base64url")

/** Whether the domain of the address is known to belong to whom it says (IDN-254). */
const isDomainVerified = (world: IdentityWorld, user: DirectoryUser, email: string): boolean => {
  if (!isExternalUser(user)) return isOwnDomain(world, domainOf(email))
  const provider = boundProviderOf(user)
  return provider !== "externalFederation"
}

const groupClaims = ({ world, user, flow, tenantId }: ClaimsQuestion): Claims => {
  const ids = groupsOfObject(world, user.id)
    .filter(({ securityEnabled }) => securityEnabled)
    .map(({ id }) => id)
  if (ids.length === 0) return {}
  if (ids.length <= groupClaimLimits[flow === "implicit" ? "implicit" : "jwt"])
    return { groups: ids }
  return flow === "implicit"
    ? { hasgroups: true }
    : {
        _claim_names: { groups: "src1" },
        _claim_sources: {
          src1: {
            endpoint: `https://graph.microsoft.com/v1.0/${tenantId}/users/${user.id}/getMemberObjects`,
          },
        },
      }
}

const nameClaims = ({ world, user, version }: ClaimsQuestion, idp: string | undefined): Claims => {
  const address = personOf(world, user.id)?.address ?? user.mail ?? user.userPrincipalName
  const isExternal = isExternalUser(user)
  const email = isExternal ? address : (user.mail ?? "")
  return {
    name: user.displayName,
    ...(isExternal ? { email } : {}),
    ...(isExternal && email !== "" ? { xms_edov: isDomainVerified(world, user, email) } : {}),
    ...(version === "1.0"
      ? {
          unique_name: isExternal && idp === "live.com" ? `live.com#${address}` : address,
          ...(isExternal ? {} : { upn: user.userPrincipalName }),
        }
      : { preferred_username: isExternal ? address : user.userPrincipalName }),
  }
}

/** The claims of a token for a user of this tenant (IDN-252 to IDN-256). Times are epoch seconds. */
export const tokenClaims = (it: ClaimsQuestion): Claims => {
  const { world, tenantId, user, session, version, clientId, kind, now } = it
  const idp = identityProviderClaim(world, user)
  const seconds = Math.floor(now / 1000)
  const wids = [
    ...rolesOf(world, user.id, now).flatMap((role) => templateIdOf(role) ?? []),
    defaultUserRole,
  ]
  return {
    aud: it.audience,
    iss: version === "1.0" ? issuers.v1(tenantId) : issuers.v2(tenantId),
    iat: seconds,
    nbf: seconds,
    exp: Math.floor((now + it.lifetime) / 1000),
    tid: tenantId,
    oid: user.id,
    sub: pairwiseSubject(tenantId, user.id, clientId),
    uti: it.tokenId,
    ver: version,
    ...nameClaims(it, idp),
    ...(idp === undefined ? {} : { idp }),
    acct: user.userType === "Guest" ? 1 : 0,
    ...(it.authenticationContexts.length === 0 ? {} : { acrs: it.authenticationContexts }),
    ...(version === "1.0"
      ? {
          amr: authenticationMethods(session),
          acr: session.provider === "emailOneTimePasscode" && session.mfa === undefined ? "0" : "1",
        }
      : {}),
    ...groupClaims(it),
    ...(kind === "access"
      ? {
          wids: wids.toSorted(),
          scp: it.scopes.join(" "),
          ipaddr: it.ipAddress,
          ...(version === "1.0" ? { appid: clientId } : { azp: clientId }),
          ...(it.capabilities.length === 0 ? {} : { xms_cc: it.capabilities }),
        }
      : {}),
  }
}
