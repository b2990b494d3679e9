import { Result } from "effect"
import { type Certificate, certificateFrom } from "../certificates/Certificate.ts"
import { CertificateUnusable } from "../certificates/CertificateUnusable.ts"

const magic = 0x54_52_45_43
const certificateElement = 0x20
const storeLimit = 4 * 1024 * 1024

const notAStore = () => new CertificateUnusable({ reason: "not-a-certificate" })

/**
 * The certificates of a serialized certificate store (SST): a header, elements of kind, encoding, size
 * and bytes, and an empty element at the end (CRY-207). Properties of certificates are passed over.
 */
export const readSerializedStore = (
  bytes: Uint8Array,
): Result.Result<readonly Certificate[], CertificateUnusable> =>
  Result.gen(function* () {
    if (bytes.length > storeLimit)
      return yield* Result.fail(new CertificateUnusable({ reason: "too-large" }))
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length < 8 || view.getUint32(0, true) !== 0 || view.getUint32(4, true) !== magic) {
      return yield* Result.fail(notAStore())
    }
    const found: Certificate[] = []
    let offset = 8
    while (offset + 12 <= bytes.length) {
      const [kind, size] = [view.getUint32(offset, true), view.getUint32(offset + 8, true)]
      offset += 12
      if (kind === 0) break
      if (offset + size > bytes.length) return yield* Result.fail(notAStore())
      if (kind === certificateElement) {
        found.push(yield* certificateFrom(bytes.slice(offset, offset + size)))
      }
      offset += size
    }
    return found.length === 0
      ? yield* Result.fail(new CertificateUnusable({ reason: "empty-chain" }))
      : found
  })

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** The store that holds these certificates (DER): what an administrator exports. */
export const serializedStoreOf = (certificates: readonly Uint8Array[]): Uint8Array => {
  const elements = certificates.flatMap((der) => [
    uint32(certificateElement),
    uint32(1),
    uint32(der.length),
    der,
  ])
  return Buffer.concat([uint32(0), uint32(magic), ...elements, Buffer.alloc(12)])
}
