import {
  type Decision,
  decideByGates,
  deny,
  type GateRules,
  gate,
  minutes,
  pass,
} from "@twin/kernel"
import { appIds } from "../CloudApp.ts"
import type { CriticalEvent } from "../SecurityTokenService.ts"

/** What a resource looks at before it believes a token. */
export interface TokenFacets {
  readonly form: "readable" | "unreadable"
  readonly signature: "good" | "bad" | "unknown-key"
  readonly issuer: string
  readonly isOwnIssuer: boolean
  readonly audience: string
  readonly expectedAudience: string
  readonly lifetime: "current" | "expired" | "not-yet"
  /** The critical event that ends the session at this resource; `none` where nothing does. */
  readonly criticalEvent: string
  readonly isLocationAllowed: boolean
}

const tokenGate = gate<TokenFacets>()

const unauthorized = (reason: string) => ({
  code: "InvalidAuthenticationToken",
  message: reason,
})

/** A resource that evaluates continuously asks for a new token with a claims challenge. */
const challenge = {
  code: "InvalidAuthenticationToken",
  message:
    'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp. WWW-Authenticate: Bearer error="insufficient_claims"',
}

const form = tokenGate({
  name: "token-form",
  facts: ["IDN-252"],
  reads: ["form"],
  check: (it) =>
    it.form === "readable"
      ? pass("The token can be read.")
      : deny("This is no token.", {}, unauthorized("IDX14100: JWT is not well formed.")),
})

const signature = tokenGate({
  name: "token-signature",
  facts: ["IDN-252"],
  reads: ["signature"],
  check: (it) =>
    it.signature === "good"
      ? pass("The issuer has signed the token.")
      : deny(
          "The issuer has not signed this.",
          { signature: it.signature },
          unauthorized("Access token validation failure. Invalid signature."),
        ),
})

const issuer = tokenGate({
  name: "token-issuer",
  facts: ["IDN-252"],
  reads: ["issuer", "isOwnIssuer"],
  check: (it) =>
    it.isOwnIssuer
      ? pass("The token comes from this tenant.", { issuer: it.issuer })
      : deny(
          "The token comes from another tenant.",
          { issuer: it.issuer },
          unauthorized("Access token validation failure. Invalid issuer."),
        ),
})

const audience = tokenGate({
  name: "token-audience",
  facts: ["IDN-252"],
  reads: ["audience", "expectedAudience"],
  check: (it) =>
    it.audience === it.expectedAudience
      ? pass("The token is meant for this resource.", { audience: it.audience })
      : deny(
          "The token is meant for another resource.",
          { audience: it.audience, expected: it.expectedAudience },
          unauthorized("Access token validation failure. Invalid audience."),
        ),
})

const lifetime = tokenGate({
  name: "token-lifetime",
  facts: ["IDN-258"],
  reads: ["lifetime"],
  check: (it) =>
    it.lifetime === "current"
      ? pass("The token is valid at this moment.")
      : deny(
          it.lifetime === "expired" ? "The token has expired." : "The token is not valid yet.",
          { lifetime: it.lifetime },
          unauthorized("Lifetime validation failed, the token is expired."),
        ),
})

const criticalEvents = tokenGate({
  name: "critical-event",
  facts: ["IDN-260"],
  reads: ["criticalEvent"],
  check: ({ criticalEvent }) =>
    criticalEvent === "none"
      ? pass("The resource has heard of nothing that ends the session.")
      : deny(
          "The resource has been told that something ended the session.",
          { criticalEvent },
          challenge,
        ),
})

const location = tokenGate({
  name: "token-location",
  facts: ["IDN-260"],
  reads: ["isLocationAllowed"],
  check: ({ isLocationAllowed }) =>
    isLocationAllowed
      ? pass("No policy keeps the resource from answering this address.")
      : deny(
          "A policy does not let this address in, and the resource sees it at once.",
          {},
          challenge,
        ),
})

export const tokenGates: GateRules<TokenFacets> = [
  form,
  signature,
  issuer,
  audience,
  lifetime,
  criticalEvents,
  location,
]

export const evaluateToken = (facets: TokenFacets): Decision => decideByGates(tokenGates, facets)

/** How long it takes until the resources have heard of a critical event (IDN-260). */
export const criticalEventDelay = minutes(15)

/** The event that a resource has heard of since a token was given; SharePoint hears of no risk. */
export const heardOf = (
  events: readonly CriticalEvent[],
  {
    issuedAt,
    audience: app,
    now,
  }: { readonly issuedAt: number; readonly audience: string; readonly now: number },
): string =>
  events.find(
    ({ kind, at }) =>
      at >= issuedAt &&
      now >= at + criticalEventDelay &&
      !(kind === "high-user-risk" && app === appIds.sharePointOnline),
  )?.kind ?? "none"
