import { createHash } from "node:crypto"
import { type CryptoServices, KeyVault } from "@twin/crypto"
import { Effect } from "effect"
import type { Claims } from "./tokenClaims.ts"

/** The key of the vault that signs the tokens of a tenant. */
export const signingKeyId = (tenantId: string): string => `security token service/${tenantId}`

// A heavy library that few calls need.
const jose = Effect.promise(() => import("jose"))

const keyIdOf = (publicKey: { readonly n?: string }): string =>
  createHash("sha256")
    .update(publicKey.n ?? "")
    .digest("base64url")
    .slice(0, 27)

/** The public key as the key set of the tenant shows it; makes the pair where there is none yet. */
export const publicSigningKey = Effect.fnUntraced(function* (tenantId: string) {
  const vault = yield* KeyVault
  yield* vault.createKeyPair(signingKeyId(tenantId))
  const key = yield* Effect.orDie(vault.publicKey(signingKeyId(tenantId)))
  const { exportJWK } = yield* jose
  const jwk = yield* Effect.promise(() => exportJWK(key))
  return { kty: "RSA", use: "sig", kid: keyIdOf(jwk), n: jwk.n ?? "", e: jwk.e ?? "" }
})

/** A signed JWT: RS256, by the key of the tenant. The same claims and key give the same bytes. */
export const signToken = Effect.fnUntraced(function* (tenantId: string, claims: Claims) {
  const { kid } = yield* publicSigningKey(tenantId)
  const vault = yield* KeyVault
  const key = yield* Effect.orDie(vault.privateKey(signingKeyId(tenantId)))
  const { SignJWT } = yield* jose
  return yield* Effect.promise(() =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: "RS256", typ: "JWT", kid }).sign(key),
  )
})

export interface ReadToken {
  readonly claims: Readonly<Record<string, unknown>> | undefined
  readonly signature: "good" | "bad" | "unknown-key"
}

const read = (text: string): unknown => JSON.parse(Buffer.from(text, "base64url").toString("utf8"))

const isObject = (it: unknown): it is Record<string, unknown> =>
  typeof it === "object" && it !== null && !Array.isArray(it)

const partsOf = (
  token: string,
): readonly [Record<string, unknown>, Record<string, unknown>] | undefined => {
  const [header, body, signature, ...more] = token.split(".")
  if (header === undefined || body === undefined || !signature || more.length > 0) return undefined
  try {
    const parts = [read(header), read(body)] as const
    const [first, second] = parts
    return isObject(first) && isObject(second) ? [first, second] : undefined
  } catch {
    return undefined
  }
}

/** Reads a token and checks its signature; never believes the algorithm that it names. */
export const readToken = Effect.fnUntraced(function* (tenantId: string, token: string) {
  const parts = partsOf(token)
  if (parts === undefined) return { claims: undefined, signature: "bad" } satisfies ReadToken
  const [header, claims] = parts
  const vault = yield* KeyVault
  if (!(yield* vault.has(signingKeyId(tenantId)))) {
    return { claims, signature: "unknown-key" } satisfies ReadToken
  }
  const { kid } = yield* publicSigningKey(tenantId)
  if (header["kid"] !== kid) return { claims, signature: "unknown-key" } satisfies ReadToken
  const key = yield* Effect.orDie(vault.publicKey(signingKeyId(tenantId)))
  const { compactVerify } = yield* jose
  const isGood = yield* Effect.promise(() =>
    compactVerify(token, key, { algorithms: ["RS256"] }).then(
      () => true,
      () => false,
    ),
  )
  return { claims, signature: isGood ? "good" : "bad" } satisfies ReadToken
})

export type TokenServices = CryptoServices
