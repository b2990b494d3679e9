import { createPublicKey } from "node:crypto"
import { instant } from "@twin/kernel"
import { Effect, Option, Schema } from "effect"
import { DoubleKeyRefused } from "../Errors.ts"
import { ownValue } from "../ownValue.ts"
import { askKeyService, headersWith, type KeyServiceWorld } from "./askKeyService.ts"
import type { CachedPublicKey, DoubleKeyEvent } from "./DoubleKeyEvent.ts"

/** What a client takes from the answer; kty and alg have one value each (CRY-148). */
const PublicKeyMessage = Schema.fromJsonString(
  Schema.Struct({
    key: Schema.Struct({
      kty: Schema.Literal("RSA"),
      n: Schema.NonEmptyString,
      e: Schema.Int,
      alg: Schema.Literal("RS256"),
      kid: Schema.NonEmptyString,
    }),
    cache: Schema.optionalKey(
      Schema.Struct({
        exp: Schema.String.check(Schema.isPattern(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)),
      }),
    ),
  }),
)
const decode = Schema.decodeUnknownOption(PublicKeyMessage)

/** Which key, for whose device. */
export interface PublicKeyWish {
  readonly url: string
  /** Whose device keeps it where the service allows that. */
  readonly holder: string
  readonly now: number
}

/**
 * The public key to protect with: the one on the device while it counts, otherwise the service's
 * active one. Without an expiry the service is asked every time (CRY-149, CRY-168).
 */
export const fetchPublicKey = Effect.fn("fetchPublicKey")(function* (
  world: KeyServiceWorld,
  { url, holder, now }: PublicKeyWish,
) {
  const kept = ownValue(ownValue(world.crypto.doubleKey.publicKeys, holder) ?? {}, url)
  if (kept !== undefined && now < kept.expiresAt) return { key: kept, events: [] }
  const request = { method: "GET", url, headers: headersWith(undefined), body: "" }
  const { response } = yield* askKeyService(world, request, now)
  const message = response.status === 200 ? decode(response.body) : Option.none()
  if (Option.isNone(message)) {
    return yield* new DoubleKeyRefused({ url, status: response.status })
  }
  const { key, cache } = message.value
  const expiresAt = cache === undefined ? now : instant(`${cache.exp}Z`)
  const fetched: CachedPublicKey = { kid: key.kid, n: key.n, e: key.e, expiresAt }
  const events: readonly DoubleKeyEvent[] =
    expiresAt > now ? [{ _tag: "PublicKeyCached", holder, url, key: fetched }] : []
  return { key: fetched, events }
})

/** The key object behind the numbers. */
export const publicKeyFrom = ({ n, e }: Pick<CachedPublicKey, "n" | "e">) => {
  const hex = e.toString(16)
  return createPublicKey({
    format: "jwk",
    key: {
      kty: "RSA",
      n: Buffer.from(n, "base64").toString("base64url"),
      e: Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").toString("base64url"),
    },
  })
}
