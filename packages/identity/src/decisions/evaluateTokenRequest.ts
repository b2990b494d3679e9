import { type Decision, decideByGates, deny, type GateRules, gate, pass } from "@twin/kernel"
import { HashMap, Option } from "effect"
import { isExternalUser } from "../DirectoryUser.ts"
import {
  foreignOrganizationByDomain,
  foreignOrganizationOf,
  organizationOf,
  personOf,
  userOf,
} from "../directory.ts"
import { microsoftAccountTenantId } from "../Organization.ts"
import type { RefreshToken } from "../SecurityTokenService.ts"
import type { IdentityWorld } from "../State.ts"
import { refreshExpiry, sessionExpiry } from "../tokenLifetimes.ts"
import { stsError } from "./StsError.ts"

/** Where a token is asked for (IDN-251). */
export type AuthorityForm = "tenant" | "organizations" | "common" | "consumers" | "malformed"

export interface Authority {
  readonly form: AuthorityForm
  /** Tenant id or domain of a tenant-specific authority, lower case. */
  readonly tenant: string
}

/** Reads an authority; a bare tenant id or domain will do. */
export const authorityOf = (text: string): Authority => {
  const given = text.trim().toLowerCase().replace(/\/+$/, "")
  const path = given.startsWith("https://login.microsoftonline.com/")
    ? given.slice("https://login.microsoftonline.com/".length).replace(/\/v2\.0$/, "")
    : given
  if (path === "organizations" || path === "common" || path === "consumers") {
    return { form: path, tenant: "" }
  }
  const isTenant = /^[0-9a-z]([0-9a-z.-]{0,252}[0-9a-z])?$/.test(path)
  return { form: isTenant ? "tenant" : "malformed", tenant: isTenant ? path : "" }
}

export interface AuthorityFacets {
  readonly form: AuthorityForm
  readonly isTenantKnown: boolean
  readonly isOwnTenant: boolean
  readonly isExternal: boolean
  readonly isPersonal: boolean
}

const authorityGate = gate<AuthorityFacets>()

export const authorityServesUser = authorityGate({
  name: "authority",
  facts: ["IDN-251", "IDN-257", "IDN-270"],
  reads: ["form", "isTenantKnown", "isOwnTenant", "isExternal", "isPersonal"],
  check: ({ form, isTenantKnown, isOwnTenant, isExternal, isPersonal }) => {
    const details = { authority: form, isExternal, isPersonal }
    if (form === "malformed" || (form === "tenant" && !isTenantKnown)) {
      return deny("No tenant answers at this authority.", details, stsError(90002))
    }
    if (form === "tenant") {
      return isOwnTenant
        ? pass("The authority names this tenant.", details)
        : deny(
            "The authority names another tenant, which does not know the application.",
            details,
            stsError(50020),
          )
    }
    if (form === "organizations" && isPersonal) {
      return deny("This authority signs in work accounts only.", details, stsError(50020))
    }
    if (form === "consumers" && !isPersonal) {
      return deny("This authority signs in personal accounts only.", details, stsError(50020))
    }
    return isExternal
      ? deny(
          "The authority leads a guest to the home tenant, which does not know the application.",
          details,
          stsError(50020),
        )
      : pass("The authority leads to the tenant of the account, which is this one.", details)
  },
})

/** Whether a token for this tenant can come from an authority. */
export const evaluateAuthority = (
  world: IdentityWorld,
  address: string,
  text: string,
): Decision => {
  const { form, tenant } = authorityOf(text)
  const organization = organizationOf(world)
  const user = userOf(world, address)
  const person = personOf(world, address)
  const isOwnTenant =
    organization !== undefined &&
    [organization.tenantId, organization.initialDomain, ...organization.verifiedDomains].some(
      (it) => it.toLowerCase() === tenant,
    )
  return decideByGates([authorityServesUser], {
    form,
    isOwnTenant,
    isTenantKnown:
      isOwnTenant ||
      tenant === microsoftAccountTenantId ||
      foreignOrganizationOf(world, tenant) !== undefined ||
      foreignOrganizationByDomain(world, tenant) !== undefined,
    isExternal: user === undefined || isExternalUser(user),
    isPersonal: person?.account === "microsoft-account",
  })
}

interface RefreshFacets {
  readonly account: "present" | "absent"
  readonly isKnown: boolean
  readonly isOfClient: boolean
  readonly isSinglePage: boolean
  readonly isExpired: boolean
  readonly revokedBy: "nobody" | "everything" | "password"
}

const refreshGate = gate<RefreshFacets>()

const refreshKnown = refreshGate({
  name: "refresh-token-known",
  facts: ["IDN-277"],
  reads: ["isKnown", "isOfClient"],
  check: ({ isKnown, isOfClient }) =>
    isKnown && isOfClient
      ? pass("The refresh token was given to this client.")
      : deny(
          "The refresh token was not given to this client.",
          { isKnown, isOfClient },
          stsError(9002313),
        ),
})

const refreshAccount = refreshGate({
  name: "signed-in-account",
  facts: ["IDN-275"],
  reads: ["account"],
  check: ({ account }) =>
    account === "present"
      ? pass("The directory still has the account that signed in.", { account })
      : deny(
          "The directory has no account any more of whoever signed in.",
          { account },
          stsError(51004),
        ),
})

const refreshRevoked = refreshGate({
  name: "refresh-token-revoked",
  facts: ["IDN-259", "IDN-277"],
  reads: ["revokedBy"],
  check: ({ revokedBy }) =>
    revokedBy === "nobody"
      ? pass("Nobody has revoked the refresh token.")
      : deny("The refresh token has been revoked.", { revokedBy }, stsError(50173)),
})

const refreshExpired = refreshGate({
  name: "refresh-token-expired",
  facts: ["IDN-258", "IDN-277"],
  reads: ["isExpired", "isSinglePage"],
  check: ({ isExpired, isSinglePage }) =>
    isExpired
      ? deny(
          "The refresh token has expired.",
          { isSinglePage },
          stsError(isSinglePage ? 70008 : 700082),
        )
      : pass("The refresh token is still good.", { isSinglePage }),
})

const refreshGates: GateRules<RefreshFacets> = [
  refreshKnown,
  refreshAccount,
  refreshRevoked,
  refreshExpired,
]

/** Whether a refresh token still gives new tokens. */
export const evaluateRefresh = (
  world: IdentityWorld,
  token: RefreshToken | undefined,
  clientId: string,
  now: number,
): Decision => {
  const revoked =
    token === undefined
      ? undefined
      : Option.getOrUndefined(
          HashMap.get(world.identity.securityTokenService.revocations, token.address),
        )
  const revokedBy =
    token === undefined || revoked === undefined
      ? "nobody"
      : token.issuedAt <= revoked.all
        ? "everything"
        : token.isPasswordBased && token.issuedAt <= revoked.password
          ? "password"
          : "nobody"
  return decideByGates(refreshGates, {
    account:
      token === undefined || userOf(world, token.userId) !== undefined ? "present" : "absent",
    isKnown: token !== undefined,
    isOfClient: token?.clientId === clientId,
    isSinglePage: token?.isSinglePage ?? false,
    isExpired: token !== undefined && refreshExpiry(token) <= now,
    revokedBy,
  })
}

interface SilentFacets {
  /** `elsewhere`: with the account of another organization, at its own address. */
  readonly session: "kept" | "elsewhere" | "expired" | "none"
  readonly account: "present" | "absent"
}

const silentGate = gate<SilentFacets>()

const browserSession = silentGate({
  name: "browser-session",
  facts: ["IDN-258", "IDN-275"],
  reads: ["session"],
  check: ({ session }) =>
    session === "kept" || session === "elsewhere"
      ? pass("The sign-in pages remember the person.", { session })
      : deny(
          "Nothing can be shown, and the sign-in pages remember nobody.",
          { session },
          stsError(50058),
        ),
})

const sessionAccount = silentGate({
  name: "signed-in-account",
  facts: ["IDN-275"],
  reads: ["session", "account"],
  check: ({ session, account }) => {
    if (account === "present") {
      return pass("The directory has the account that the pages remember.", { account })
    }
    return session === "elsewhere"
      ? deny(
          "The pages remember an account of another organization, which nobody has added here.",
          { session, account },
          stsError(16003),
        )
      : deny(
          "The pages remember an account that the directory does not have any more.",
          { session, account },
          stsError(51004),
        )
  },
})

const silentGates: GateRules<SilentFacets> = [browserSession, sessionAccount]

const sessionKept = (
  world: IdentityWorld,
  address: string,
  now: number,
): SilentFacets["session"] => {
  const session = Option.getOrUndefined(
    HashMap.get(world.identity.securityTokenService.browserSessions, address),
  )
  if (session !== undefined && now < sessionExpiry(session)) return "kept"
  const atHome = Option.getOrUndefined(
    HashMap.get(world.identity.partnership.homeSessions, address),
  )
  const isKept =
    atHome !== undefined && now < sessionExpiry({ isPersistent: false, lastUsedAt: atHome })
  return isKept ? "elsewhere" : session === undefined ? "none" : "expired"
}

/** Whether somebody can be signed in without being asked anything (IDN-258, IDN-275). */
export const evaluateSilentSession = (
  world: IdentityWorld,
  address: string,
  now: number,
): Decision =>
  decideByGates(silentGates, {
    session: sessionKept(world, address, now),
    account: userOf(world, address) === undefined ? "absent" : "present",
  })
