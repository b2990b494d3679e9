import { HashMap, Option } from "effect"
import { type Cases, casesOf } from "./evolveExtensions.ts"
import type { IdentityEvent } from "./IdentityEvent.ts"
import {
  evolveTokens,
  type SecurityTokenService,
  type TokenEvent,
  tokenEvents,
  withCritical,
  withRevocation,
} from "./SecurityTokenService.ts"
import type { IdentityState } from "./State.ts"

/** The cases of tokens, for the match of the slice. */
export const tokenCases = (state: IdentityState): Cases<TokenEvent> =>
  casesOf(tokenEvents, (event: TokenEvent) =>
    event._tag === "PasswordChanged" && !HashMap.has(state.users, event.userId)
      ? state
      : { ...state, securityTokenService: evolveTokens(state.securityTokenService, event) },
  )

const observed = (
  before: IdentityState,
  it: SecurityTokenService,
  event: IdentityEvent,
): SecurityTokenService => {
  const idOf = (address: string): string =>
    Option.getOrElse(HashMap.get(before.userIds, address), () => "")
  switch (event._tag) {
    case "UserDeleted":
      return withCritical(it, event.userId, { kind: "user-deleted", at: event.at })
    case "UserUpdated":
      return event.changes.accountEnabled === false
        ? withCritical(it, event.userId, { kind: "user-disabled", at: event.at })
        : it
    case "MfaMethodRegistered":
      return withCritical(it, event.userId, { kind: "mfa-enabled", at: event.at })
    case "SessionsRevoked": {
      const revoked = withRevocation(it, event.address, "all", event.at)
      return withCritical(revoked, idOf(event.address), { kind: "admin-revocation", at: event.at })
    }
    case "UserRiskRaised":
      return event.level === "high"
        ? withCritical(it, idOf(event.address), { kind: "high-user-risk", at: event.at })
        : it
    default:
      return it
  }
}

/** What the issuer and the resources learn from events that are about something else (IDN-260). */
export const withObserved = (
  before: IdentityState,
  after: IdentityState,
  event: IdentityEvent,
): IdentityState => {
  const isAboutSomebody =
    "userId" in event && typeof event.userId === "string"
      ? HashMap.has(before.users, event.userId)
      : "address" in event && HashMap.has(before.userIds, event.address)
  if (!isAboutSomebody) return after
  const securityTokenService = observed(before, after.securityTokenService, event)
  return securityTokenService === after.securityTokenService
    ? after
    : { ...after, securityTokenService }
}
