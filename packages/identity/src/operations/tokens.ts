import { createHash } from "node:crypto"
import type { CryptoServices } from "@twin/crypto"
import {
  andThen,
  type Call,
  type Decision,
  isoOf,
  type OutputObject,
  operation,
  type Ruling,
} from "@twin/kernel"
import { Effect, HashMap, Option, Schema } from "effect"
import { resourceIdOf } from "../applications.ts"
import { appIds, clientIds } from "../CloudApp.ts"
import { defaultSignInFrequencyHours } from "../decisions/conditionalAccess.ts"
import { throughApplication } from "../decisions/evaluateApplicationSignIn.ts"
import type { ClientRequest } from "../decisions/evaluateClient.ts"
import { tokenScopes } from "../decisions/evaluateConsent.ts"
import { evaluateSignIn } from "../decisions/evaluateSignIn.ts"
import {
  authorityOf,
  evaluateAuthority,
  evaluateRefresh,
  evaluateSilentSession,
} from "../decisions/evaluateTokenRequest.ts"
import { continuousResources } from "../decisions/policiesInForce.ts"
import { registrationEvents, withSecondFactor } from "../decisions/secondFactor.ts"
import { conditionalAccessOf } from "../decisions/signInFacets.ts"
import {
  clientAppTypeOf,
  type SignInQuestion,
  type SignInSubject,
  signInSubject,
} from "../decisions/signInSubject.ts"
import { organizationOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { lifetimePolicyFor } from "../lifetimePolicies.ts"
import type { RefreshToken } from "../SecurityTokenService.ts"
import type { Session } from "../Session.ts"
import type { IdentityWorld } from "../State.ts"
import { signToken } from "../signToken.ts"
import { type ClaimsQuestion, tokenClaims } from "../tokenClaims.ts"
import { accessTokenLifetime, idTokenLifetime, refreshExpiry } from "../tokenLifetimes.ts"
import { consentGivenBy, shownAtConsent } from "./consentAtSignIn.ts"
import { errorCodeOf, shownAtSignIn, shownQuestion, signInAudit } from "./signIn.ts"

type TokenRuling = Effect.Effect<Ruling<IdentityEvent>, never, CryptoServices>

const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex")

/** The words of the protocol for refusals that are no `invalid_request`. */
const errorNames: Readonly<Record<number, string>> = {
  ...Object.fromEntries(
    [70008, 700082, 50173, 70043, 50076, 50072, 50079].map((code) => [code, "invalid_grant"]),
  ),
  50058: "interaction_required",
  65004: "access_denied",
  70011: "invalid_scope",
  500011: "invalid_resource",
  650057: "invalid_resource",
  700016: "unauthorized_client",
  7000112: "unauthorized_client",
}

/** The body of the issuer's error (IDN-262). */
const errorBody = ({ draw, now }: Call<IdentityWorld>, decision: Decision): OutputObject => {
  const said = decision.gates.at(-1)?.refusal
  const code = Number(errorCodeOf(decision))
  const traceId = draw.guid("trace")
  const correlationId = draw.guid("correlation")
  const timestamp = isoOf(now)
    .replace("T", " ")
    .replace(/\.\d+Z$/, "Z")
  return {
    error:
      decision.outcome === "challenge"
        ? "interaction_required"
        : (errorNames[code] ?? "invalid_request"),
    error_description: `${said?.message ?? ""} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  }
}

const wanted = {
  authority: Schema.optionalKey(
    Schema.String.annotate({
      description: "Tenant id or domain, organizations, common, consumers; this tenant if absent",
    }),
  ),
  resource: Schema.optionalKey(
    Schema.NonEmptyString.annotate({
      description: "Application by name or id; Microsoft Graph if absent",
    }),
  ),
  client: Schema.optionalKey(
    Schema.NonEmptyString.annotate({
      description: "Id of the client application; Office if absent",
    }),
  ),
  version: Schema.optionalKey(
    Schema.Literals(["1.0", "2.0"]).annotate({
      description: "Version of the tokens; 2.0 if absent",
    }),
  ),
  capabilities: Schema.optionalKey(
    Schema.Array(Schema.NonEmptyString).annotate({
      description: "cp1: the client can answer a claims challenge",
    }),
  ),
  implicit: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "true: implicit flow, no refresh token" }),
  ),
  singlePage: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "true: the client is a single-page application" }),
  ),
  scopes: Schema.optionalKey(
    Schema.Array(Schema.NonEmptyString).annotate({
      description: "Permissions; .default if absent",
    }),
  ),
  authenticationContext: Schema.optionalKey(
    Schema.NonEmptyString.annotate({ description: "Context that has to be satisfied, e.g. c1" }),
  ),
}
type Wanted = Schema.Struct<typeof wanted>["Type"]

interface Issuing {
  readonly call: Call<IdentityWorld>
  readonly wish: Wanted
  readonly subject: SignInSubject
  readonly session: Session
  readonly request: ClientRequest
}

/** What the client asks for; who asks for nothing in particular gets what the registration says. */
const requestOf = (
  { world }: Call<IdentityWorld>,
  wish: Wanted,
  authority: string,
): ClientRequest => {
  const { form } = authorityOf(authority)
  return {
    world,
    client: (wish.client ?? clientIds.microsoftOffice).toLowerCase(),
    resource: resourceIdOf(world, wish.resource ?? "Microsoft Graph"),
    isSharedEndpoint: form === "common" || form === "organizations",
    ...(wish.scopes === undefined ? {} : { scopes: wish.scopes }),
  }
}

const isContinuousFor = (wish: Wanted, resource: string): boolean =>
  wish.capabilities?.includes("cp1") === true && continuousResources.includes(resource)

const lifetimeOf = ({ call, wish }: Issuing, resource: string): number => {
  const { world, draw, actor } = call
  // Sessions of browsers at SharePoint are a matter of Conditional Access (IDN-258).
  const isBrowserAtSharePoint =
    resource === appIds.sharePointOnline && clientAppTypeOf({ client: actor.client }) === "browser"
  const policy = isBrowserAtSharePoint ? undefined : lifetimePolicyFor(world, resource)
  return accessTokenLifetime({
    isContinuous: isContinuousFor(wish, resource),
    isOfficeWeb: actor.client.app === "office-web",
    hasConditionalAccess: Object.values(world.identity.conditionalAccess).some(
      ({ state }) => state === "enabled",
    ),
    chance: draw.digits("token lifetime", 4),
    ...(policy === undefined ? {} : { configuredMinutes: policy.accessTokenLifetimeMinutes }),
  })
}

/** Access and id token for somebody who has been let in. */
const issue = Effect.fnUntraced(function* (it: Issuing) {
  const { call, wish, subject, session } = it
  const { world, now, draw, actor } = call
  const tenantId = organizationOf(world)?.tenantId ?? ""
  const { user } = subject
  if (user === undefined) return undefined
  const resource = subject.appId ?? appIds.microsoftGraph
  const clientId = wish.client ?? clientIds.microsoftOffice
  const lifetime = lifetimeOf(it, resource)
  const common: Omit<ClaimsQuestion, "kind" | "audience" | "tokenId" | "lifetime"> = {
    world,
    tenantId,
    user,
    session,
    version: wish.version ?? "2.0",
    clientId,
    flow: wish.implicit === true ? "implicit" : "code",
    scopes: tokenScopes({ ...it.request, user }) ?? wish.scopes ?? [".default"],
    capabilities: wish.capabilities ?? [],
    authenticationContexts:
      wish.authenticationContext === undefined ? [] : [wish.authenticationContext],
    ipAddress: actor.client.ipAddress,
    now,
  }
  const access = tokenClaims({
    ...common,
    kind: "access",
    audience: resource,
    tokenId: draw.token("access token", 22),
    lifetime,
  })
  const id = tokenClaims({
    ...common,
    kind: "id",
    audience: clientId,
    tokenId: draw.token("id token", 22),
    lifetime: idTokenLifetime(lifetimePolicyFor(world, clientId)?.accessTokenLifetimeMinutes),
  })
  return {
    access_token: yield* signToken(tenantId, access),
    id_token: yield* signToken(tenantId, id),
    token_type: "Bearer",
    expires_in: Math.round(lifetime / 1000),
    scope: common.scopes.join(" "),
  }
})

/** Signs in and answers with tokens, as the authorize and token endpoints do together. */
export const acquireToken = operation({
  name: "acquire-token",
  summary: "Signs in and gets an access token, an id token and a refresh token.",
  params: Schema.Struct({
    ...wanted,
    silent: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "true: ask nothing; works only while a session is kept",
      }),
    ),
    keepSignedIn: Schema.optionalKey(
      Schema.Boolean.annotate({
        description: "true: the sign-in pages remember the person for long",
      }),
    ),
    ...shownAtSignIn,
    ...shownAtConsent,
  }),
  facts: [
    "IDN-251",
    "IDN-252",
    "IDN-253",
    "IDN-254",
    "IDN-256",
    "IDN-258",
    "IDN-262",
    "IDN-275",
    "IDN-276",
  ],
  decide: (call: Call<IdentityWorld>, params): TokenRuling =>
    Effect.gen(function* () {
      const { world, actor, now, draw } = call
      const app = params.resource ?? "Microsoft Graph"
      const { subject, question } = shownQuestion(call, params, {
        app,
        asksFor: "resource",
        isInteractive: params.silent !== true,
        ...(params.authenticationContext === undefined
          ? {}
          : { authenticationContext: params.authenticationContext }),
      })
      const address = subject.person?.address ?? actor.id
      const where = params.authority ?? organizationOf(world)?.tenantId ?? ""
      const request = requestOf(call, params, where)
      const authority = evaluateAuthority(world, address, where)
      const known =
        params.silent === true
          ? andThen(authority, () => evaluateSilentSession(world, address, now))
          : authority
      const decision = throughApplication(request, question, params.consent, () =>
        andThen(known, () => withSecondFactor(evaluateSignIn(question), subject, params)),
      )
      const { session } = question
      const audit = known.outcome === "allow" ? signInAudit(question, subject, decision) : []
      if (decision.outcome !== "allow" || session === undefined || subject.user === undefined) {
        return { decision, audit, output: [errorBody(call, decision)] }
      }
      const tokens = yield* issue({ call, wish: params, subject, session, request })
      const consent = consentGivenBy(call, request, subject, params.consent)
      const secret = draw.token("refresh token", 64)
      const refresh: RefreshToken = {
        hash: hashOf(secret),
        address,
        userId: subject.user.id,
        clientId: params.client ?? clientIds.microsoftOffice,
        isSinglePage: params.singlePage === true,
        isPasswordBased: session.provider !== "emailOneTimePasscode",
        issuedAt: now,
        lastUsedAt: now,
      }
      const kept = world.identity.securityTokenService.browserSessions
      const before = Option.getOrUndefined(HashMap.get(kept, address))
      return {
        decision,
        audit: [...consent.audit, ...audit],
        events: [
          ...consent.events,
          ...registrationEvents(subject, params, now),
          { _tag: "SignedIn", session },
          {
            _tag: "BrowserSessionKept",
            session: {
              address,
              isPersistent:
                params.keepSignedIn ?? (params.silent === true && before?.isPersistent === true),
              lastUsedAt: now,
            },
          },
          ...(params.implicit === true
            ? []
            : [{ _tag: "RefreshTokenIssued" as const, token: refresh }]),
        ],
        output: [{ ...tokens, ...(params.implicit === true ? {} : { refresh_token: secret }) }],
      }
    }),
})

/** Without a policy every use begins the time of a session anew (IDN-175, IDN-258). */
const rolling = (
  asked: SignInQuestion,
  subject: SignInSubject,
  token: RefreshToken | undefined,
): SignInQuestion => {
  const { session } = subject
  const isByPolicy = conditionalAccessOf(subject).signInFrequencyHours < defaultSignInFrequencyHours
  return session === undefined || token === undefined || isByPolicy
    ? asked
    : { ...asked, session: { ...session, authenticatedAt: token.lastUsedAt } }
}

/** New tokens for an old refresh token, without a word from the person. */
export const refreshTokens = operation({
  name: "refresh-tokens",
  summary: "Exchanges a refresh token for new tokens.",
  params: Schema.Struct({
    ...wanted,
    refreshToken: Schema.NonEmptyString.annotate({ description: "The refresh token" }),
  }),
  secrets: ["refreshToken"],
  facts: ["IDN-258", "IDN-259", "IDN-277"],
  decide: (call: Call<IdentityWorld>, params): TokenRuling =>
    Effect.gen(function* () {
      const { world, now, actor } = call
      const hash = hashOf(params.refreshToken)
      const { refreshTokens: known } = world.identity.securityTokenService
      const token = Option.getOrUndefined(HashMap.get(known, hash))
      const asked: SignInQuestion = {
        world,
        address: token?.address ?? actor.id,
        app: params.resource ?? "Microsoft Graph",
        asksFor: "resource",
        isInteractive: false,
        client: actor.client,
        now,
      }
      const subject = signInSubject(asked)
      const request = requestOf(call, params, "")
      const decision = andThen(
        evaluateRefresh(world, token, params.client ?? clientIds.microsoftOffice, now),
        () =>
          throughApplication(request, asked, undefined, () =>
            evaluateSignIn(rolling(asked, subject, token)),
          ),
      )
      const { session } = subject
      if (decision.outcome !== "allow" || token === undefined || session === undefined) {
        return { decision, output: [errorBody(call, decision)] }
      }
      const tokens = yield* issue({ call, wish: params, subject, session, request })
      const used = { ...token, lastUsedAt: now }
      return {
        decision,
        events: [{ _tag: "RefreshTokenUsed", hash, at: now }],
        output: [
          {
            ...tokens,
            refresh_token: params.refreshToken,
            refresh_token_expires_in: Math.round((refreshExpiry(used) - now) / 1000),
          },
        ],
      }
    }),
})
