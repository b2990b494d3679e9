import { hours } from "@twin/kernel"
import { appIds } from "../CloudApp.ts"
import type { ConditionalAccessPolicy } from "../ConditionalAccessPolicy.ts"
import type { IdentityWorld } from "../State.ts"
import type { SignInSubject } from "./signInSubject.ts"

/** Resources that learn of critical events and of a changed address without waiting for a new token. */
export const continuousResources: readonly string[] = [
  appIds.exchangeOnline,
  appIds.sharePointOnline,
]

/** How long a token is used before the policies are asked again (IDN-166). */
export const tokenRefreshHours = 1

/** How long Exchange and SharePoint may go on with the policies they know; the longest time said (IDN-154). */
export const policyReplicationHours = 24

const tokenOf = ({ session, appId }: SignInSubject) =>
  appId === undefined || session?.tokens === undefined || !Object.hasOwn(session.tokens, appId)
    ? undefined
    : session.tokens[appId]

/**
 * The moment whose policies and memberships count for somebody who already has a token; undefined
 * means now, which is what every new sign-in gets (IDN-154).
 */
export const evaluatedAsOf = (subject: SignInSubject): number | undefined => {
  const token = tokenOf(subject)
  if (token === undefined) return undefined
  const { now } = subject.question
  const isContinuous = continuousResources.includes(subject.appId ?? "")
  const delay = hours(isContinuous ? policyReplicationHours : tokenRefreshHours)
  const asOf = Math.max(token.at, now - delay)
  return asOf < now ? asOf : undefined
}

/** The address that a token was given to, as long as nobody asks again (IDN-166). */
export const tokenAddress = (subject: SignInSubject): string | undefined => {
  const token = tokenOf(subject)
  return token !== undefined && subject.question.now - token.at < hours(tokenRefreshHours)
    ? token.ipAddress
    : undefined
}

/** The policies as they are, or as they were at a moment. */
export const policiesAsOf = (
  { identity }: IdentityWorld,
  asOf: number | undefined,
): readonly ConditionalAccessPolicy[] => {
  const current = Object.values(identity.conditionalAccess)
  if (asOf === undefined) return current
  const replacedLater = identity.replacedPolicies.filter(({ until }) => until > asOf)
  const ids = new Set(
    [...current, ...replacedLater.map(({ policy }) => policy)].map(({ id }) => id),
  )
  return [...ids].flatMap((id) => {
    const then =
      replacedLater.find(({ policy }) => policy.id === id)?.policy ??
      current.find((policy) => policy.id === id)
    return then !== undefined && then.createdAt <= asOf ? [then] : []
  })
}
