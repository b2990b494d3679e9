import { Effect, Option, Result, Schema } from "effect"
import { SecureRandom } from "effect/crypto"
import { decryptAlgorithm } from "../decisions/evaluateKeyUse.ts"
import { askKeyService, decryptBody, headersWith } from "../double-key/askKeyService.ts"
import { fetchPublicKey, type PublicKeyWish, publicKeyFrom } from "../double-key/fetchPublicKey.ts"
import { DoubleKeyRefused, LicenceInvalid } from "../Errors.ts"
import { KeyVault } from "../KeyVault.ts"
import { gcmIvBytes, oaepSeedBytes, openGcm, rsaWrap, sealGcm } from "../Primitives.ts"
import type { CryptoWorld } from "../State.ts"
import { type Opening, unwrapLicence } from "./openEnvelope.ts"
import type { UseLicence } from "./PublishingPolicy.ts"
import { accountKey } from "./TenantKey.ts"

/**
 * Wraps with the public key of the customer's service first, then boxes the result: what the tenant
 * key wraps opens the box and no more (CRY-146). The box key is what a use licence will carry.
 */
export const boxWithDoubleKey = Effect.fnUntraced(function* (
  world: CryptoWorld,
  o: PublicKeyWish & { readonly contentId: string; readonly contentKey: Uint8Array },
) {
  const random = yield* SecureRandom.SecureRandom
  const { key, events } = yield* fetchPublicKey(world, o)
  const seed = yield* random.randomBytes(oaepSeedBytes)
  const plaintext = rsaWrap({ publicKey: publicKeyFrom(key), key: o.contentKey, seed })
  const boxKey = yield* random.randomBytes(32)
  const iv = yield* random.randomBytes(gcmIvBytes)
  const sealed = sealGcm({ key: boxKey, iv, plaintext, aad: Buffer.from(o.contentId), head: iv })
  const doubleKey = { kid: key.kid, box: Buffer.from(sealed).toString("base64") }
  return { boxKey, doubleKey, events }
})

const Answer = Schema.fromJsonString(Schema.Struct({ value: Schema.String }))
const decodeAnswer = Schema.decodeUnknownOption(Answer)

/** A client that holds a licence and shows the customer's key service who it is. */
export interface Unlocking extends Opening {
  /** For the audience of the key service; without one the service refuses. */
  readonly token?: string
}

/**
 * The client's second step: takes off the outer lock with the licence, has the customer's service
 * take off the inner one, and keeps the content key under the account key (CRY-146, CRY-168). The
 * service sees a wrapped key and never the content (CRY-147). Content without a second key needs
 * nothing: the licence comes back as it is.
 */
export const unlockUseLicence = Effect.fn("unlockUseLicence")(function* (
  world: CryptoWorld,
  o: Unlocking,
) {
  const vault = yield* KeyVault
  const random = yield* SecureRandom.SecureRandom
  const { envelope, handedOver } = yield* unwrapLicence(world, o)
  const { contentId, doubleKey } = envelope.licence
  if (doubleKey === undefined) return o.licence
  const box = Buffer.from(doubleKey.box, "base64")
  const wrapped = openGcm({
    key: handedOver,
    iv: box.subarray(0, gcmIvBytes),
    sealed: box.subarray(gcmIvBytes),
    aad: Buffer.from(contentId),
  })
  if (Result.isFailure(wrapped)) return yield* new LicenceInvalid({ reason: "double-key" })
  const url = `${doubleKey.kid}/decrypt`
  const body = decryptBody(decryptAlgorithm, wrapped.success)
  const request = { method: "POST", url, headers: headersWith(o.token), body }
  const { response } = yield* askKeyService(world, request, o.now)
  const answer = response.status === 200 ? decodeAnswer(response.body) : Option.none()
  if (Option.isNone(answer)) {
    return yield* new DoubleKeyRefused({ url, status: response.status })
  }
  const publicKey = yield* Effect.orDie(vault.publicKey(accountKey(o.principal)))
  const seed = yield* random.randomBytes(oaepSeedBytes)
  const key = Buffer.from(answer.value.value, "base64")
  const unlocked = rsaWrap({ publicKey, key, seed })
  const licence: UseLicence = {
    ...o.licence,
    unlockedContentKey: Buffer.from(unlocked).toString("base64"),
  }
  return licence
})
