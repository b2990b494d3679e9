import { Effect, Result } from "effect"
import { bufferOf } from "../certificates/issueCertificate.ts"
import { SmimeUnusable } from "./SmimeUnusable.ts"

export type CmsLibraries = readonly [typeof import("pkijs"), typeof import("asn1js")]

/** Loaded when the first message needs them: they would cost every start. */
export const cmsLibraries: Effect.Effect<CmsLibraries> = Effect.promise(() =>
  Promise.all([import("pkijs"), import("asn1js")]),
)

/** Messages above this are refused before anybody parses them. */
export const cmsLimitBytes = 16 * 1024 * 1024

/** Runs a reader over bytes from outside: whatever it stumbles over becomes the one error of this place. */
export const readCms = <A>(read: () => A, bytes: Uint8Array): Result.Result<A, SmimeUnusable> => {
  if (bytes.length > cmsLimitBytes) return Result.fail(new SmimeUnusable({ reason: "too-large" }))
  try {
    return Result.succeed(read())
  } catch (cause) {
    return Result.fail(
      cause instanceof SmimeUnusable ? cause : new SmimeUnusable({ reason: "not-cms" }),
    )
  }
}

export const nameAndSerial = ([pkijs]: CmsLibraries, der: Uint8Array) => {
  const certificate = pkijs.Certificate.fromBER(bufferOf(der))
  return new pkijs.IssuerAndSerialNumber({
    issuer: certificate.issuer,
    serialNumber: certificate.serialNumber,
  })
}

export const isSameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
