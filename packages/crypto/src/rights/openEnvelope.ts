import type { KeyObject } from "node:crypto"
import { Effect, Option, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { EnvelopeInvalid, LicenceInvalid } from "../Errors.ts"
import { KeyVault } from "../KeyVault.ts"
import { rsaUnwrap, rsaVerify } from "../Primitives.ts"
import type { CryptoWorld } from "../State.ts"
import { type ContentLock, decryptContent, encryptContent } from "./contentCipher.ts"
import { type Envelope, encodeEnvelope } from "./Envelope.ts"
import { signedPart } from "./issueUseLicence.ts"
import type { UseLicence } from "./PublishingPolicy.ts"
import { verifyEnvelope } from "./readPublishingPolicy.ts"
import { accountKey } from "./TenantKey.ts"

/** A client's attempt: these bytes, with this licence, as this principal, now. */
export interface Opening {
  readonly bytes: Uint8Array
  readonly licence: UseLicence
  readonly principal: string
  readonly now: number
}

/**
 * What a client does on its own device: checks both signatures and the licence, unwraps the content
 * key with the account's private key, decrypts. It never asks a service again (CRY-136): where there
 * is a second key, `unlockUseLicence` has asked for it before.
 */
export const openEnvelope = Effect.fn("openEnvelope")(function* (world: CryptoWorld, o: Opening) {
  const { envelope, lock } = yield* unlockContent(world, o)
  const plaintext = decryptContent(lock, envelope)
  if (Option.isNone(plaintext)) {
    return yield* new EnvelopeInvalid({ reason: "damaged", detail: "the content was changed." })
  }
  return plaintext.value
})

/**
 * An edit: the same licence, policy and content key around other content (CRY-135). Whoever can open
 * can do this; whether the rights allow it is mip's question.
 */
export const resealEnvelope = Effect.fn("resealEnvelope")(function* (
  world: CryptoWorld,
  o: Opening & { readonly plaintext: Uint8Array },
) {
  const random = yield* SecureRandom.SecureRandom
  const { envelope, lock } = yield* unlockContent(world, o)
  const { licenceBytes, signature } = envelope
  const encrypted = encryptContent(lock, o.plaintext, yield* random.randomBytes(16))
  return encodeEnvelope({ licenceBytes, signature, ...encrypted })
})

const unlockContent = Effect.fnUntraced(function* (world: CryptoWorld, o: Opening) {
  const { envelope, handedOver, accountPrivateKey } = yield* unwrapLicence(world, o)
  const { licence, licenceBytes } = envelope
  const contentKey =
    licence.doubleKey === undefined
      ? Option.some(handedOver)
      : unwrapWith(accountPrivateKey, o.licence.unlockedContentKey ?? "")
  if (Option.isNone(contentKey)) return yield* new LicenceInvalid({ reason: "double-key" })
  const cipher = licence.contentCipher
  const lock: ContentLock = { cipher, contentKey: contentKey.value, licenceBytes }
  return { envelope, lock }
})

/** Checks everything, then takes out what the service handed over: the outer of the two locks. */
export const unwrapLicence = Effect.fnUntraced(function* (world: CryptoWorld, o: Opening) {
  const vault = yield* KeyVault
  const envelope = yield* verifyEnvelope(world, o.bytes)
  const problem = yield* licenceProblem(envelope, o)
  if (problem !== undefined) return yield* new LicenceInvalid({ reason: problem })
  const privateKey = yield* Effect.option(vault.privateKey(accountKey(o.principal)))
  if (Option.isNone(privateKey)) return yield* new LicenceInvalid({ reason: "key-missing" })
  const handedOver = unwrapWith(privateKey.value, o.licence.wrappedContentKey)
  if (Option.isNone(handedOver)) return yield* new LicenceInvalid({ reason: "key-missing" })
  return { envelope, handedOver: handedOver.value, accountPrivateKey: privateKey.value }
})

const unwrapWith = (privateKey: KeyObject, wrapped: string): Option.Option<Uint8Array> =>
  Result.getSuccess(rsaUnwrap(privateKey, Buffer.from(wrapped, "base64")))

const licenceProblem = Effect.fnUntraced(function* (
  { licence: publishing }: Envelope,
  { licence, principal, now }: Opening,
) {
  const vault = yield* KeyVault
  // The key that signed the content signs its licences, and no other key does.
  if (licence.tenantKeyId !== publishing.tenantKeyId) return "other-content" as const
  const publicKey = yield* Effect.option(vault.publicKey(licence.tenantKeyId))
  if (Option.isNone(publicKey)) return "key-missing" as const
  const signature = Buffer.from(licence.signature, "base64")
  const message = signedPart(licence)
  if (!rsaVerify({ publicKey: publicKey.value, message, signature })) return "signature" as const
  if (licence.contentId !== publishing.contentId) return "other-content" as const
  if (licence.principal !== principal.toLowerCase()) return "other-principal" as const
  if (now < licence.issuedAt) return "not-yet-valid" as const
  if (now > licence.validUntil) return "expired" as const
  return licence.rights.length === 0 ? ("no-rights" as const) : undefined
})
