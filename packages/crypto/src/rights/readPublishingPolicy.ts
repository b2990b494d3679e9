import { Effect, Option, Result, Schema } from "effect"
import { EnvelopeInvalid } from "../Errors.ts"
import { KeyVault } from "../KeyVault.ts"
import { gcmIvBytes, openGcm, rsaUnwrap, rsaVerify } from "../Primitives.ts"
import type { CryptoWorld } from "../State.ts"
import { decodeEnvelope, type Envelope } from "./Envelope.ts"
import { PublishingPolicy } from "./PublishingPolicy.ts"
import { tenantKeyStateOf, tenantKeysOf } from "./TenantKey.ts"

const invalid = (reason: EnvelopeInvalid["reason"], detail: string) =>
  new EnvelopeInvalid({ reason, detail })

/** Takes protected bytes apart and checks that this tenant signed the licence in them. */
export const verifyEnvelope = Effect.fnUntraced(function* (world: CryptoWorld, bytes: Uint8Array) {
  const vault = yield* KeyVault
  const envelope = decodeEnvelope(bytes)
  if (Option.isNone(envelope)) {
    return yield* invalid("not-protected", "the bytes hold no publishing licence.")
  }
  const { licence, licenceBytes, signature } = envelope.value
  // Only a tenant key may sign: otherwise whoever holds any key of the vault could.
  const isTenantKey = tenantKeysOf(world).some(({ keyId }) => keyId === licence.tenantKeyId)
  const publicKey = yield* Effect.option(vault.publicKey(isTenantKey ? licence.tenantKeyId : ""))
  if (Option.isNone(publicKey)) {
    return yield* invalid("tenant-key-missing", "the key that it was protected with is gone.")
  }
  if (!rsaVerify({ publicKey: publicKey.value, message: licenceBytes, signature })) {
    return yield* invalid("signature", "the publishing licence was changed.")
  }
  return envelope.value
})

/** Unwraps one of the keys of a verified licence with the tenant key. */
export const unwrapWithTenantKey = Effect.fnUntraced(function* (
  world: CryptoWorld,
  { licence }: Envelope,
  wrapped: string,
) {
  const vault = yield* KeyVault
  if (tenantKeyStateOf(world, licence.tenantKeyId) !== "reachable") {
    return yield* invalid("tenant-key-missing", "the service cannot use the key of its protection.")
  }
  const privateKey = yield* Effect.option(vault.privateKey(licence.tenantKeyId))
  if (Option.isNone(privateKey)) {
    return yield* invalid("tenant-key-missing", "the key that it was protected with is gone.")
  }
  const key = rsaUnwrap(privateKey.value, Buffer.from(wrapped, "base64"))
  if (Result.isFailure(key)) return yield* invalid("damaged", "a wrapped key does not unwrap.")
  return key.success
})

const decodePolicy = Schema.decodeUnknownOption(Schema.fromJsonString(PublishingPolicy))

/** What only the service can read: who may do what. The signature is checked first. */
export const readPublishingPolicy = Effect.fn("readPublishingPolicy")(function* (
  world: CryptoWorld,
  bytes: Uint8Array,
) {
  const envelope = yield* verifyEnvelope(world, bytes)
  const { licence } = envelope
  const key = yield* unwrapWithTenantKey(world, envelope, licence.wrappedPolicyKey)
  const stored = Buffer.from(licence.policy, "base64")
  const opened = openGcm({
    key,
    iv: stored.subarray(0, gcmIvBytes),
    sealed: stored.subarray(gcmIvBytes),
    aad: Buffer.from(licence.contentId),
  })
  const policy = Option.flatMap(Result.getSuccess(opened), (it) =>
    decodePolicy(Buffer.from(it).toString("utf8")),
  )
  if (Option.isNone(policy)) return yield* invalid("damaged", "the policy does not decrypt.")
  return policy.value
})
