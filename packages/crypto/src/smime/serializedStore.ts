import { Result } from "effect"
import { type Certificate, certificateFrom } from "../certificates/Certificate.ts"
import { CertificateUnusable } from "../certificates/CertificateUnusable.ts"

const magic = 0x54_52_45_43
const certificateElement = 0x20
const storeLimit = 4 * 1024 * 1024

/**
 * The certificates of a serialized certificate store (SST): a header, elements of kind, encoding, size
 * and bytes, and an empty element at the end (CRY-207). Properties of certificates are passed over.
 */
export const readSerializedStore = (
  bytes: Uint8Array,
): Result.Result<readonly Certificate[], CertificateUnusable> =>
  Result.gen(function* () {
    const bad = () => new CertificateUnusable({ reason: "not-a-certificate" })
    if (bytes.length > storeLimit)
      return yield* Result.fail(new CertificateUnusable({ reason: "too-large" }))
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (bytes.length < 8 || view.getUint32(0, true) !== 0 || view.getUint32(4, true) !== magic) {
      return yield* Result.fail(bad())
    }
    const found: Certificate[] = []
    let offset = 8
    while (offset + 12 <= bytes.length) {
      const [kind, size] = [view.getUint32(offset, true), view.getUint32(offset + 8, true)]
      offset += 12
      if (kind === 0) break
      if (offset + size > bytes.length) return yield* Result.fail(bad())
      if (kind === certificateElement) {
        found.push(yield* certificateFrom(bytes.slice(offset, offset + size)))
      }
      offset += size
    }
    return found.length === 0
      ? yield* Result.fail(new CertificateUnusable({ reason: "empty-chain" }))
      : found
  })

/** The store that holds these certificates (DER): what an administrator exports. */
export const serializedStoreOf = (certificates: readonly Uint8Array[]): Uint8Array => {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(value)
    return bytes
  }
  const elements = certificates.flatMap((der) => [
    number(certificateElement),
    number(1),
    number(der.length),
    der,
  ])
  return Buffer.concat([number(0), number(magic), ...elements, Buffer.alloc(12)])
}
