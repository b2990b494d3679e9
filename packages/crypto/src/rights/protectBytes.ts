import { canonicalJson } from "@twin/kernel"
import { Effect } from "effect"
import { SecureRandom } from "effect/crypto"
import { KeyVault } from "../KeyVault.ts"
import { gcmIvBytes, oaepSeedBytes, rsaSign, rsaWrap, sealGcm } from "../Primitives.ts"
import type { CryptoWorld } from "../State.ts"
import { type ContentKind, contentKeyBytes, encryptContent } from "./contentCipher.ts"
import { boxWithDoubleKey } from "./doubleKey.ts"
import { encodeEnvelope, licenceBytesOf, type PublishingLicence } from "./Envelope.ts"
import { contentCipherFor, type Publisher } from "./encryptionMode.ts"
import type { PublishingPolicy } from "./PublishingPolicy.ts"
import { ensureTenantKey, tenantKeyFor } from "./TenantKey.ts"

/** Content and the policy that is to travel with it. */
export interface Protecting {
  readonly contentId: string
  readonly plaintext: Uint8Array
  readonly policy: PublishingPolicy
  /** Decides the cipher together with the policy's date (CRY-133); a document unless given. */
  readonly kind?: ContentKind
  /** The application; the newest Microsoft 365 Apps unless given (CRY-134). */
  readonly publisher?: Publisher
  /** When a second key is asked for; the policy's date unless given. */
  readonly now?: number
  /** When the certificate of whoever publishes was issued: with it goes its tenant key (CRY-141). */
  readonly certifiedAt?: number
}

/**
 * Protects content: a new content key encrypts it, tenant key wraps content key and policy key, the
 * policy is encrypted, the licence signed and put before the content (CRY-135). A policy with a
 * double key wraps the content key with the customer's own key first, and protects nothing where the
 * public key cannot be had.
 */
export const protectBytes = Effect.fn("protectBytes")(function* (
  world: CryptoWorld,
  o: Protecting,
) {
  const vault = yield* KeyVault
  const random = yield* SecureRandom.SecureRandom
  const { keyId: tenantKeyId, events } = yield* ensureTenantKey(
    world,
    tenantKeyFor(world, o.policy.owner, o.policy.issuedAt, o.certifiedAt),
  )
  const publicKey = yield* Effect.orDie(vault.publicKey(tenantKeyId))
  const wrap = Effect.fnUntraced(function* (key: Uint8Array) {
    const seed = yield* random.randomBytes(oaepSeedBytes)
    return Buffer.from(rsaWrap({ publicKey, key, seed })).toString("base64")
  })
  const contentCipher = contentCipherFor(world, {
    kind: o.kind ?? "office",
    now: o.now ?? o.policy.issuedAt,
    ...(o.publisher === undefined ? {} : { publisher: o.publisher }),
  })
  const contentKey = yield* random.randomBytes(contentKeyBytes(contentCipher))
  const policyKey = yield* random.randomBytes(32)
  const policyIv = yield* random.randomBytes(gcmIvBytes)
  const { doubleKeyUrl } = o.policy
  const boxed =
    doubleKeyUrl === undefined
      ? undefined
      : yield* boxWithDoubleKey(world, {
          url: doubleKeyUrl,
          holder: o.policy.owner,
          now: o.now ?? o.policy.issuedAt,
          contentId: o.contentId,
          contentKey,
        })
  const licence: PublishingLicence = {
    contentId: o.contentId,
    tenantKeyId,
    contentCipher,
    wrappedContentKey: yield* wrap(boxed?.boxKey ?? contentKey),
    ...(boxed === undefined ? {} : { doubleKey: boxed.doubleKey }),
    wrappedPolicyKey: yield* wrap(policyKey),
    policy: sealPolicy(o.policy, policyKey, policyIv, o.contentId),
  }
  const licenceBytes = licenceBytesOf(licence)
  const signature = rsaSign(yield* Effect.orDie(vault.privateKey(tenantKeyId)), licenceBytes)
  const iv = yield* random.randomBytes(16)
  const lock = { cipher: contentCipher, contentKey, licenceBytes }
  const encrypted = encryptContent(lock, o.plaintext, iv)
  return {
    bytes: encodeEnvelope({ licenceBytes, signature, ...encrypted }),
    /** What wrapped the content key. */
    tenantKeyId,
    /** Address of the second key's version, where there is one (CRY-150). */
    ...(boxed === undefined ? {} : { doubleKeyId: boxed.doubleKey.kid }),
    events: [...events, ...(boxed?.events ?? [])],
  }
})

const sealPolicy = (
  policy: PublishingPolicy,
  key: Uint8Array,
  iv: Uint8Array,
  contentId: string,
): string => {
  const plaintext = Buffer.from(canonicalJson(policy))
  const sealed = sealGcm({ key, iv, plaintext, aad: Buffer.from(contentId) })
  return Buffer.concat([iv, sealed]).toString("base64")
}
