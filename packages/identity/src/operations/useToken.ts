import type { CryptoServices } from "@twin/crypto"
import {
  type Call,
  decideByGates,
  gate,
  minutes,
  type OutputObject,
  operation,
  pass,
  type Ruling,
} from "@twin/kernel"
import { Effect, HashMap, Option, Schema } from "effect"
import { resourceIdOf } from "../applications.ts"
import { evaluateToken, heardOf } from "../decisions/evaluateToken.ts"
import { continuousResources } from "../decisions/policiesInForce.ts"
import { conditionalAccessOf } from "../decisions/signInFacets.ts"
import { signInSubject } from "../decisions/signInSubject.ts"
import { organizationOf } from "../directory.ts"
import type { IdentityEvent } from "../IdentityEvent.ts"
import { judgingClock } from "../judgingClock.ts"
import type { IdentityWorld } from "../State.ts"
import { publicSigningKey, readToken } from "../signToken.ts"
import { issuers } from "../tokenClaims.ts"

type TokenRuling = Effect.Effect<Ruling<IdentityEvent>, never, CryptoServices>

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")
const numberOf = (value: unknown): number => (typeof value === "number" ? value : Number.NaN)

/** Small differences of clocks are forgiven. */
const toleratedSkew = minutes(5)

const isBlockedHere = (
  world: IdentityWorld,
  who: { readonly address: string; readonly app: string },
  call: Call<IdentityWorld>,
): boolean => {
  const subject = signInSubject({ world, ...who, client: call.actor.client, now: call.now })
  return conditionalAccessOf({ ...subject, session: undefined }).outcome === "blocked"
}

/** What a resource says to a token, with the address that it sees now. */
export const useToken = operation({
  name: "use-token",
  summary: "Shows a token to a resource, which checks it.",
  params: Schema.Struct({
    token: Schema.NonEmptyString.annotate({ description: "The access token" }),
    resource: Schema.optionalKey(
      Schema.NonEmptyString.annotate({
        description: "Application by name or id; Microsoft Graph if absent",
      }),
    ),
  }),
  secrets: ["token"],
  isReadOnly: true,
  facts: ["IDN-252", "IDN-258", "IDN-260", "IDN-261"],
  decide: (call: Call<IdentityWorld>, params): TokenRuling =>
    Effect.gen(function* () {
      const { world, now, actor } = call
      const tenantId = organizationOf(world)?.tenantId ?? ""
      const resource =
        resourceIdOf(world, params.resource ?? "Microsoft Graph") ?? params.resource ?? ""
      const { claims = {}, signature } = yield* readToken(tenantId, params.token)
      const watch = judgingClock(world, now)
      const issuedAt = numberOf(claims["iat"]) * 1000
      const userId = textOf(claims["oid"])
      const capabilities = claims["xms_cc"]
      const isContinuous =
        Array.isArray(capabilities) &&
        capabilities.includes("cp1") &&
        continuousResources.includes(resource)
      const events = Option.getOrElse(
        HashMap.get(world.identity.securityTokenService.criticalEvents, userId),
        () => [],
      )
      const decision = evaluateToken({
        form: Object.keys(claims).length === 0 ? "unreadable" : "readable",
        signature,
        issuer: textOf(claims["iss"]),
        isOwnIssuer: [issuers.v1(tenantId), issuers.v2(tenantId)].includes(textOf(claims["iss"])),
        audience: textOf(claims["aud"]),
        expectedAudience: resource,
        lifetime:
          watch + toleratedSkew < issuedAt
            ? "not-yet"
            : watch - toleratedSkew >= numberOf(claims["exp"]) * 1000
              ? "expired"
              : "current",
        criticalEvent: isContinuous
          ? heardOf(events, { issuedAt, audience: resource, now })
          : "none",
        isLocationAllowed:
          !isContinuous ||
          actor.client.ipAddress === claims["ipaddr"] ||
          !isBlockedHere(world, { address: userId, app: resource }, call),
      })
      return decision.outcome === "allow"
        ? { decision, output: [JSON.parse(JSON.stringify(claims)) as OutputObject] }
        : { decision }
    }),
})

const published = gate<{ readonly tenantId: string }>()({
  name: "openid-configuration",
  facts: ["IDN-251"],
  reads: ["tenantId"],
  check: ({ tenantId }) => pass("Everybody may read where tokens come from.", { tenantId }),
})

/** What clients read before they ask for a token: the endpoints, the issuer and the public keys. */
export const openIdConfiguration = operation({
  name: "read-openid-configuration",
  summary: "Shows the endpoints, the issuer and the public signing keys of the tenant.",
  params: Schema.Struct({}),
  facts: ["IDN-251", "IDN-252"],
  decide: ({ world }: Call<IdentityWorld>): TokenRuling =>
    Effect.gen(function* () {
      const tenantId = organizationOf(world)?.tenantId ?? ""
      const base = `https://login.microsoftonline.com/${tenantId}`
      const key = yield* publicSigningKey(tenantId)
      return {
        decision: decideByGates([published], { tenantId }),
        output: [
          {
            issuer: issuers.v2(tenantId),
            authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
            token_endpoint: `${base}/oauth2/v2.0/token`,
            jwks_uri: `${base}/discovery/v2.0/keys`,
            subject_types_supported: ["pairwise"],
            id_token_signing_alg_values_supported: ["RS256"],
            keys: [key],
          },
        ],
      }
    }),
})
