import type { KeyObject } from "node:crypto"
import { DateTime, Effect } from "effect"
import type { JSONWebKeySet, JWK, JWTPayload } from "jose"

/**
 * What the check of a bearer token found. The service answers all but `valid` alike; the difference
 * is for people who look for the reason (CRY-152, CRY-161).
 */
export type TokenVerdict =
  | "valid"
  | "missing"
  | "malformed"
  | "signature"
  | "issuer"
  | "audience"
  | "expired"
  | "not-yet-valid"

/** A claim of a token, in the order in which the token lists them. */
export interface Claim {
  readonly type: string
  readonly value: string
}

/** A checked token. No claims where it is not valid: nothing of it may be believed then. */
export interface CheckedToken {
  readonly verdict: TokenVerdict
  readonly claims: readonly Claim[]
}

/** What a service accepts: from whom, for whom, signed with what. */
export interface TokenExpectation {
  readonly validIssuers: readonly string[]
  readonly audience: string
  /** Public keys of the authority, each with a `kid`. */
  readonly signingKeys: readonly JWK[]
  /** Epoch milliseconds. */
  readonly now: number
}

/** Clocks may differ by five minutes: the default of the framework, not of the facts (inferred). */
export const clockSkewSeconds = 300

/** The issuer of a tenant's tokens, as `ValidIssuers` lists it (CRY-161). */
export const issuerOf = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`

/** What an authority says about somebody. */
export interface TokenRequest {
  readonly issuer: string
  readonly audience: string
  /** Written in this order. */
  readonly claims: Readonly<Record<string, string>>
  /** Epoch milliseconds. */
  readonly now: number
  readonly lifetimeMinutes: number
}

/** Who signs tokens: the private key never leaves whoever holds it. */
export interface TokenSigner {
  readonly kid: string
  readonly privateKey: KeyObject
}

/** A token signed with RS256; the same request and key give the same token. */
export const mintToken = Effect.fn("mintToken")(function* (signer: TokenSigner, o: TokenRequest) {
  const issuedAt = Math.floor(o.now / 1000)
  const payload: JWTPayload = {
    aud: o.audience,
    iss: o.issuer,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + o.lifetimeMinutes * 60,
    ...o.claims,
  }
  return yield* Effect.promise(async () => {
    const { SignJWT } = await import("jose")
    const header = { typ: "JWT", alg: "RS256", kid: signer.kid }
    return await new SignJWT(payload).setProtectedHeader(header).sign(signer.privateKey)
  })
})

/** The public half of a signer, as an authority publishes it. */
export const signingKeyOf = (kid: string, publicKey: KeyObject): JWK => ({
  ...(publicKey.export({ format: "jwk" }) as JWK),
  kid,
  alg: "RS256",
  use: "sig",
})

/** Checks what stands behind `Bearer` in an `Authorization` header. */
export const checkAuthorization = Effect.fn("checkAuthorization")(function* (
  header: string | undefined,
  expected: TokenExpectation,
) {
  const token = /^bearer +(\S+) *$/i.exec(header ?? "")?.[1]
  return token === undefined ? refused("missing") : yield* checkToken(token, expected)
})

/** Signature, issuer, audience and time, with no algorithm but RS256. */
const checkToken = Effect.fnUntraced(function* (token: string, o: TokenExpectation) {
  const { createLocalJWKSet, errors, jwtVerify } = yield* Effect.promise(() => import("jose"))
  const keys: JSONWebKeySet = { keys: [...o.signingKeys] }
  return yield* Effect.tryPromise({
    try: () =>
      jwtVerify(token, createLocalJWKSet(keys), {
        issuer: [...o.validIssuers],
        audience: o.audience,
        algorithms: ["RS256"],
        requiredClaims: ["exp"],
        clockTolerance: clockSkewSeconds,
        currentDate: DateTime.toDateUtc(DateTime.makeUnsafe(o.now)),
      }),
    catch: (cause): TokenVerdict => {
      if (cause instanceof errors.JWTExpired) return "expired"
      if (cause instanceof errors.JWTClaimValidationFailed) {
        return verdictOfClaim[cause.claim] ?? "malformed"
      }
      if (cause instanceof errors.JWSInvalid || cause instanceof errors.JWTInvalid) {
        return "malformed"
      }
      return "signature"
    },
  }).pipe(
    Effect.match({
      onFailure: refused,
      onSuccess: ({ payload }): CheckedToken => ({ verdict: "valid", claims: claimsOf(payload) }),
    }),
  )
})

const verdictOfClaim: Readonly<Record<string, TokenVerdict>> = {
  iss: "issuer",
  aud: "audience",
  nbf: "not-yet-valid",
  exp: "expired",
}

const refused = (verdict: TokenVerdict): CheckedToken => ({ verdict, claims: [] })

/** A list of values counts as so many claims of one type, as the framework reads it. */
const claimsOf = (payload: JWTPayload): readonly Claim[] =>
  Object.entries(payload).flatMap(([type, value]) =>
    (Array.isArray(value) ? value : [value]).map((it) => ({ type, value: String(it) })),
  )
