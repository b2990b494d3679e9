import { Effect, Option } from "effect"
import type { JWK } from "jose"
import { KeyVault } from "../KeyVault.ts"
import { issuerOf, mintToken, signingKeyOf } from "./AccessToken.ts"

/** The key with which the twin's authority signs tokens, the same one for every tenant. */
export const tokenSigningKey = "token-signing-key/common"

/** Who wants a token, for which service. */
export interface AccessRequest {
  readonly tenantId: string
  /** Becomes the claim `upn`. */
  readonly address: string
  readonly audience: string
  /** Claim `onprem_sid`, for people who come from a local directory. */
  readonly sid?: string
  readonly now: number
}

const lifetimeMinutes = 60

/**
 * A token for one person and one service. It stands in for the sign-in, which is not this package's:
 * whoever calls has to have proven who they are.
 */
export const issueAccessToken = Effect.fn("issueAccessToken")(function* (o: AccessRequest) {
  const vault = yield* KeyVault
  yield* vault.createKeyPair(tokenSigningKey)
  const privateKey = yield* Effect.orDie(vault.privateKey(tokenSigningKey))
  return yield* mintToken(
    { kid: tokenSigningKey, privateKey },
    {
      issuer: issuerOf(o.tenantId),
      audience: o.audience,
      claims: {
        upn: o.address,
        tid: o.tenantId,
        scp: "user_impersonation",
        ...(o.sid === undefined ? {} : { onprem_sid: o.sid }),
      },
      now: o.now,
      lifetimeMinutes,
    },
  )
})

/** What the authority publishes; nothing before it has signed for the first time. */
export const authorityKeys: Effect.Effect<readonly JWK[], never, KeyVault> = Effect.gen(
  function* () {
    const vault = yield* KeyVault
    const publicKey = yield* Effect.option(vault.publicKey(tokenSigningKey))
    return Option.match(publicKey, {
      onNone: () => [],
      onSome: (it) => [signingKeyOf(tokenSigningKey, it)],
    })
  },
)
