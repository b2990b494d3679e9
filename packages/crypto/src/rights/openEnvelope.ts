import { Effect, Option, Result } from "effect"
import { EnvelopeInvalid, LicenceInvalid } from "../Errors.ts"
import { KeyVault } from "../KeyVault.ts"
import { rsaUnwrap, rsaVerify } from "../Primitives.ts"
import type { CryptoWorld } from "../State.ts"
import { decryptContent } from "./contentCipher.ts"
import type { Envelope } from "./Envelope.ts"
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
 * key with the account's private key, decrypts. It never asks the service again (CRY-136).
 */
export const openEnvelope = Effect.fn("openEnvelope")(function* (_world: CryptoWorld, o: Opening) {
  const envelope = yield* verifyEnvelope(o.bytes)
  const problem = yield* licenceProblem(envelope, o)
  if (problem !== undefined) return yield* new LicenceInvalid({ reason: problem })
  const vault = yield* KeyVault
  const privateKey = yield* Effect.option(vault.privateKey(accountKey(o.principal)))
  if (Option.isNone(privateKey)) return yield* new LicenceInvalid({ reason: "key-missing" })
  const contentKey = rsaUnwrap(privateKey.value, Buffer.from(o.licence.wrappedContentKey, "base64"))
  if (Result.isFailure(contentKey)) return yield* new LicenceInvalid({ reason: "key-missing" })
  const { licenceBytes, licence } = envelope
  const lock = { cipher: licence.contentCipher, contentKey: contentKey.success, licenceBytes }
  const plaintext = decryptContent(lock, envelope)
  if (Option.isNone(plaintext)) {
    return yield* new EnvelopeInvalid({ reason: "damaged", detail: "the content was changed." })
  }
  return plaintext.value
})

const licenceProblem = Effect.fnUntraced(function* (
  { licence: publishing }: Envelope,
  { licence, principal, now }: Opening,
) {
  const vault = yield* KeyVault
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
