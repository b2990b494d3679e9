import { HashMap, Option, Schema } from "effect"

const id = Schema.NonEmptyString
/** Epoch milliseconds. */
const at = Schema.Number

/** What the issuer remembers of a refresh token; the token itself is known to its holder alone. */
export const RefreshToken = Schema.Struct({
  /** SHA-256 of the token, hexadecimal. */
  hash: id,
  /** Lower-case address of the person. */
  address: id,
  /** Object id in this tenant. */
  userId: id,
  clientId: id,
  /** Single-page applications get short ones (IDN-258). */
  isSinglePage: Schema.Boolean,
  /** A password opened the session; decides what a change of password ends (IDN-259). */
  isPasswordBased: Schema.Boolean,
  issuedAt: at,
  lastUsedAt: at,
})
export type RefreshToken = typeof RefreshToken.Type

/** A cookie of the sign-in pages (IDN-258). */
export const BrowserSession = Schema.Struct({
  address: id,
  isPersistent: Schema.Boolean,
  lastUsedAt: at,
})
export type BrowserSession = typeof BrowserSession.Type

/** What services that evaluate access continuously are told about (IDN-260). */
export const criticalEventKinds = [
  "user-deleted",
  "user-disabled",
  "password-changed",
  "mfa-enabled",
  "admin-revocation",
  "high-user-risk",
] as const
export type CriticalEventKind = (typeof criticalEventKinds)[number]

export interface CriticalEvent {
  readonly kind: CriticalEventKind
  readonly at: number
}

/** Lifetime of access and id tokens, for the organization or for some applications (IDN-258). */
export const TokenLifetimePolicy = Schema.Struct({
  id,
  displayName: id,
  accessTokenLifetimeMinutes: Schema.Number,
  isOrganizationDefault: Schema.Boolean,
  /** Application ids that the policy is assigned to. */
  appliesTo: Schema.Array(id),
})
export type TokenLifetimePolicy = typeof TokenLifetimePolicy.Type

/** Who changed a password decides which refresh tokens survive (IDN-259). */
export const PasswordChange = Schema.Literals([
  "user",
  "self-service-reset",
  "admin-reset",
  "expiry",
])

export const tokenEvents = {
  RefreshTokenIssued: { token: RefreshToken },
  RefreshTokenUsed: { hash: id, at },
  BrowserSessionKept: { session: BrowserSession },
  PasswordChanged: { userId: id, address: id, by: PasswordChange, at },
  TokenLifetimePolicySet: { policy: TokenLifetimePolicy },
  TokenLifetimePolicyRemoved: { policyId: id },
}
const union = Schema.TaggedUnion(tokenEvents)
export type TokenEvent = typeof union.Type

/** The issuer's part of the slice. */
export interface SecurityTokenService {
  readonly refreshTokens: HashMap.HashMap<string, RefreshToken>
  readonly browserSessions: HashMap.HashMap<string, BrowserSession>
  /** By object id. */
  readonly criticalEvents: HashMap.HashMap<string, readonly CriticalEvent[]>
  /** Address -> when all refresh tokens, or those opened with a password, were revoked. */
  readonly revocations: HashMap.HashMap<string, { readonly all: number; readonly password: number }>
  readonly expiredPasswords: readonly string[]
  readonly lifetimePolicies: readonly TokenLifetimePolicy[]
}

export const noTokens: SecurityTokenService = {
  refreshTokens: HashMap.empty(),
  browserSessions: HashMap.empty(),
  criticalEvents: HashMap.empty(),
  revocations: HashMap.empty(),
  expiredPasswords: [],
  lifetimePolicies: [],
}

export const withCritical = (
  it: SecurityTokenService,
  userId: string,
  event: CriticalEvent,
): SecurityTokenService => ({
  ...it,
  criticalEvents: HashMap.set(it.criticalEvents, userId, [
    ...Option.getOrElse(HashMap.get(it.criticalEvents, userId), () => []),
    event,
  ]),
})

/** From this moment on earlier refresh tokens of the person are worth nothing. */
export const withRevocation = (
  it: SecurityTokenService,
  address: string,
  which: "all" | "password",
  moment: number,
): SecurityTokenService => {
  const before = Option.getOrElse(HashMap.get(it.revocations, address), () => ({
    all: Number.NEGATIVE_INFINITY,
    password: Number.NEGATIVE_INFINITY,
  }))
  return {
    ...it,
    revocations: HashMap.set(it.revocations, address, { ...before, [which]: moment }),
  }
}

const withPassword = (
  it: SecurityTokenService,
  { userId, address, by, at: moment }: Extract<TokenEvent, { readonly _tag: "PasswordChanged" }>,
): SecurityTokenService => {
  const others = it.expiredPasswords.filter((one) => one !== userId)
  if (by === "expiry") return { ...it, expiredPasswords: [...others, userId] }
  const changed = { ...it, expiredPasswords: others }
  const revoked = withRevocation(changed, address, by === "user" ? "password" : "all", moment)
  return withCritical(revoked, userId, { kind: "password-changed", at: moment })
}

export const evolveTokens = (it: SecurityTokenService, event: TokenEvent): SecurityTokenService =>
  union.match(event, {
    RefreshTokenIssued: ({ token }) => ({
      ...it,
      refreshTokens: HashMap.set(it.refreshTokens, token.hash, token),
    }),
    RefreshTokenUsed: ({ hash, at: moment }) => ({
      ...it,
      refreshTokens: HashMap.modify(it.refreshTokens, hash, (token) => ({
        ...token,
        lastUsedAt: moment,
      })),
    }),
    BrowserSessionKept: ({ session }) => ({
      ...it,
      browserSessions: HashMap.set(it.browserSessions, session.address, session),
    }),
    PasswordChanged: (changed) => withPassword(it, changed),
    TokenLifetimePolicySet: ({ policy }) => ({
      ...it,
      lifetimePolicies: [...it.lifetimePolicies.filter((one) => one.id !== policy.id), policy],
    }),
    TokenLifetimePolicyRemoved: ({ policyId }) => ({
      ...it,
      lifetimePolicies: it.lifetimePolicies.filter((one) => one.id !== policyId),
    }),
  })
