import { Effect, Option, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { KeyVault } from "../KeyVault.ts"
import { gcmIvBytes, oaepSeedBytes, openGcm, rsaUnwrap, rsaWrap, sealGcm } from "../Primitives.ts"
import type { PublishingLicence } from "./Envelope.ts"

/** The second key, which only the customer's own service holds. Its address knows case (CRY-151). */
export const doubleKeyId = (url: string): string => `double-key/${url}`

/**
 * Wraps first with the second key, then boxes the result: what the tenant key wraps opens the box
 * and no more (CRY-146). The box key is what a use licence will carry.
 */
export const boxWithDoubleKey = Effect.fnUntraced(function* (o: {
  readonly url: string
  readonly contentId: string
  readonly contentKey: Uint8Array
}) {
  const vault = yield* KeyVault
  const random = yield* SecureRandom.SecureRandom
  yield* vault.createKeyPair(doubleKeyId(o.url))
  const publicKey = yield* Effect.orDie(vault.publicKey(doubleKeyId(o.url)))
  const seed = yield* random.randomBytes(oaepSeedBytes)
  const plaintext = rsaWrap({ publicKey, key: o.contentKey, seed })
  const boxKey = yield* random.randomBytes(32)
  const iv = yield* random.randomBytes(gcmIvBytes)
  const sealed = sealGcm({ key: boxKey, iv, plaintext, aad: Buffer.from(o.contentId), head: iv })
  return { boxKey, doubleKey: { url: o.url, box: Buffer.from(sealed).toString("base64") } }
})

/** The content key out of what RMS handed over; none without the customer's key or with another. */
export const unboxContentKey = Effect.fnUntraced(function* (
  { doubleKey, contentId }: PublishingLicence,
  handedOver: Uint8Array,
) {
  if (doubleKey === undefined) return Option.some(handedOver)
  const vault = yield* KeyVault
  const privateKey = yield* Effect.option(vault.privateKey(doubleKeyId(doubleKey.url)))
  if (Option.isNone(privateKey)) return Option.none<Uint8Array>()
  const box = Buffer.from(doubleKey.box, "base64")
  const wrapped = openGcm({
    key: handedOver,
    iv: box.subarray(0, gcmIvBytes),
    sealed: box.subarray(gcmIvBytes),
    aad: Buffer.from(contentId),
  })
  return Result.getSuccess(Result.flatMap(wrapped, (it) => rsaUnwrap(privateKey.value, it)))
})
