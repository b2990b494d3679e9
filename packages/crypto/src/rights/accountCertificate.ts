import { canonicalJson, days } from "@twin/kernel"
import { Effect, Option, Result } from "effect"
import { SecureRandom } from "effect/crypto"
import { BlobStore } from "../BlobStore.ts"
import { KeyVault } from "../KeyVault.ts"
import { rsaSign, rsaVerify, unwrapKey, wrapKey } from "../Primitives.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { type AccountDevice, deviceKey } from "./RightsSettings.ts"
import { accountKey, ensureTenantKey } from "./TenantKey.ts"

/** Days that a rights account certificate serves; nobody can set another number (CRY-137). */
export const accountCertificateDays = 31

const certificateBlob = (key: string): string => `devices/${key}/certificate`
const keyBlob = (key: string): string => `devices/${key}/key`
/** The data protection interface of one Windows device. */
const dpapiKey = (key: string): string => `dpapi/${key}`

const signedBytes = (certificate: AccountDevice): Uint8Array =>
  Buffer.from(canonicalJson({ ...certificate }))

/**
 * Issues the certificate of an account on a device, signed by the tenant key. A Windows device keeps
 * a key of its own, guarded by the data protection interface; a phone's key serves once and stays
 * nowhere (CRY-137).
 */
export const issueCertificate = Effect.fnUntraced(function* (
  world: CryptoWorld,
  o: Pick<AccountDevice, "principal" | "device" | "platform"> & { readonly now: number },
) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const random = yield* SecureRandom.SecureRandom
  const principal = o.principal.toLowerCase()
  const { keyId, events } = yield* ensureTenantKey(world)
  yield* vault.createKeyPair(accountKey(principal))
  const certificate: AccountDevice = {
    principal,
    device: o.device,
    platform: o.platform,
    issuedAt: o.now,
    validUntil: o.now + days(accountCertificateDays),
  }
  const name = deviceKey(principal, o.device)
  const privateKey = yield* Effect.orDie(vault.privateKey(keyId))
  yield* blobs.put(certificateBlob(name), rsaSign(privateKey, signedBytes(certificate)))
  const deviceSecret = yield* random.randomBytes(32)
  if (o.platform === "Windows") {
    yield* vault.createSymmetricKey(dpapiKey(name))
    const guard = yield* Effect.orDie(vault.symmetricKey(dpapiKey(name)))
    yield* blobs.put(keyBlob(name), Result.getOrThrow(wrapKey(guard, deviceSecret)))
  } else {
    yield* blobs.remove(keyBlob(name))
  }
  const issued: CryptoEvent = { _tag: "AccountCertificateIssued", certificate }
  return [...events, issued]
})

/** Whether a certificate is one of this tenant, as it was issued. */
export const isGenuine = Effect.fnUntraced(function* (
  certificate: AccountDevice,
  tenantKeyIds: readonly string[],
) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const name = deviceKey(certificate.principal, certificate.device)
  const signature = yield* Effect.option(blobs.get(certificateBlob(name)))
  if (Option.isNone(signature)) return false
  for (const keyId of tenantKeyIds) {
    const publicKey = yield* Effect.option(vault.publicKey(keyId))
    if (Option.isNone(publicKey)) continue
    const message = signedBytes(certificate)
    if (rsaVerify({ publicKey: publicKey.value, message, signature: signature.value })) return true
  }
  return false
})

/** What a device keeps of its key: Windows a guarded copy, a phone nothing. */
export const keptDeviceKey = Effect.fnUntraced(function* (principal: string, device: string) {
  const vault = yield* KeyVault
  const blobs = yield* BlobStore
  const name = deviceKey(principal, device)
  const wrapped = yield* Effect.option(blobs.get(keyBlob(name)))
  const guard = yield* Effect.option(vault.symmetricKey(dpapiKey(name)))
  return Option.flatMap(wrapped, (it) =>
    Option.flatMap(guard, (key) => Result.getSuccess(unwrapKey(key, it))),
  )
})
