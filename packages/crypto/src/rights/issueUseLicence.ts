import { canonicalJson } from "@twin/kernel"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { KeyVault } from "../KeyVault.ts"
import { oaepSeedBytes, rsaSign, rsaWrap } from "../Primitives.ts"
import type { CryptoWorld } from "../State.ts"
import type { UseLicence } from "./PublishingPolicy.ts"
import { unwrapWithTenantKey, verifyEnvelope } from "./readPublishingPolicy.ts"
import { accountKey } from "./TenantKey.ts"

/** For whom, with which rights, until when. That they are due is the caller's decision. */
export interface Licensing {
  readonly bytes: Uint8Array
  readonly principal: string
  readonly rights: readonly string[]
  readonly validUntil: number
  readonly now: number
}

/** The bytes of a licence that its signature covers. */
export const signedPart = (licence: UseLicence): Uint8Array => {
  const { unlockedContentKey: _unlocked, ...signed } = licence
  return Buffer.from(canonicalJson({ ...signed, signature: "" }))
}

/**
 * The service's answer to a client that may open: the content key again, now under the key of this
 * principal's account, with rights and validity, signed (CRY-136).
 */
export const issueUseLicence = Effect.fn("issueUseLicence")(function* (
  world: CryptoWorld,
  o: Licensing,
) {
  const vault = yield* KeyVault
  const random = yield* SecureRandom.SecureRandom
  const envelope = yield* verifyEnvelope(world, o.bytes)
  const { contentId, tenantKeyId, wrappedContentKey } = envelope.licence
  const contentKey = yield* unwrapWithTenantKey(world, envelope, wrappedContentKey)
  const principal = o.principal.toLowerCase()
  yield* vault.createKeyPair(accountKey(principal))
  const publicKey = yield* Effect.orDie(vault.publicKey(accountKey(principal)))
  const seed = yield* random.randomBytes(oaepSeedBytes)
  const wrapped = rsaWrap({ publicKey, key: contentKey, seed })
  const unsigned = {
    format: "twin-use-licence/1",
    contentId,
    principal,
    rights: o.rights,
    issuedAt: o.now,
    validUntil: o.validUntil,
    tenantKeyId,
    wrappedContentKey: Buffer.from(wrapped).toString("base64"),
    signature: "",
  } as const
  const privateKey = yield* Effect.orDie(vault.privateKey(tenantKeyId))
  const signature = rsaSign(privateKey, signedPart(unsigned))
  const licence: UseLicence = { ...unsigned, signature: Buffer.from(signature).toString("base64") }
  return licence
})
