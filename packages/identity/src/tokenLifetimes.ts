import { days, hours, minutes } from "@twin/kernel"
import type { RefreshToken } from "./SecurityTokenService.ts"

/** How long things of the issuer live (IDN-258). Milliseconds. */
export const tokenLifetimes = {
  accessShortest: minutes(60),
  accessLongest: minutes(90),
  continuousLongest: hours(28),
  id: hours(1),
  saml: hours(1),
  officeWeb: hours(1),
  refreshInactive: days(90),
  refreshSinglePage: hours(24),
  sessionNonPersistent: hours(24),
  sessionPersistent: days(90),
  configurableShortest: minutes(10),
  configurableLongest: days(1),
} as const

/** What the issuer knows when it decides how long an access token lives. */
export interface LifetimeQuestion {
  /** The client says cp1, and the resource is one that evaluates access continuously. */
  readonly isContinuous: boolean
  /** Minutes of a lifetime policy for this resource; absent without one. */
  readonly configuredMinutes?: number
  readonly isOfficeWeb: boolean
  readonly hasConditionalAccess: boolean
  /** Four decimal digits of chance. */
  readonly chance: string
}

/** Milliseconds: spread by chance, so that not all clients come back at once (IDN-258). */
export const accessTokenLifetime = (it: LifetimeQuestion): number => {
  const share = Number(it.chance) / 9999
  if (it.isContinuous) {
    return Math.round(hours(24) + share * (tokenLifetimes.continuousLongest - hours(24)))
  }
  if (it.configuredMinutes !== undefined) return minutes(it.configuredMinutes)
  if (it.isOfficeWeb && it.hasConditionalAccess) return tokenLifetimes.officeWeb
  const { accessShortest, accessLongest } = tokenLifetimes
  return Math.round((accessShortest + share * (accessLongest - accessShortest)) / 1000) * 1000
}

/** Milliseconds that an id token lives: an hour, or what a policy for the client says (IDN-258). */
export const idTokenLifetime = (configuredMinutes: number | undefined): number =>
  configuredMinutes === undefined ? tokenLifetimes.id : minutes(configuredMinutes)

/** Until when a refresh token can be used: sliding, but not for single-page applications. */
export const refreshExpiry = (
  it: Pick<RefreshToken, "isSinglePage" | "issuedAt" | "lastUsedAt">,
): number =>
  it.isSinglePage
    ? it.issuedAt + tokenLifetimes.refreshSinglePage
    : it.lastUsedAt + tokenLifetimes.refreshInactive

/** Until when the sign-in pages remember somebody; every use begins it anew. */
export const sessionExpiry = (it: {
  readonly isPersistent: boolean
  readonly lastUsedAt: number
}) =>
  it.lastUsedAt +
  (it.isPersistent ? tokenLifetimes.sessionPersistent : tokenLifetimes.sessionNonPersistent)
