import { createCipheriv, createDecipheriv } from "node:crypto"
import { attempt, join, type Opened, refuse } from "./Opened.ts"

/** What volume encryption works on, one after the other. */
export interface DataUnit {
  /** Two AES keys one after the other: 32 bytes for AES-128, 64 for AES-256 (CRY-211). */
  readonly key: Uint8Array
  /** Number of the sector, little-endian, at most 16 bytes; filled up with zeros (CRY-211). */
  readonly unit: Uint8Array
}

const algorithm = "AES-XTS"

/** There is no AES-192 here, a unit has at least one block, and the two halves must differ. */
const problem = ({ key, unit }: DataUnit, input: Uint8Array) => {
  if (key.length !== 32 && key.length !== 64) return "key-length" as const
  const half = key.length / 2
  if (Buffer.from(key.subarray(0, half)).equals(key.subarray(half))) return "key-length" as const
  if (unit.length > 16) return "iv-length" as const
  return input.length < 16 ? ("input-length" as const) : undefined
}

const nameOf = (key: Uint8Array) => `aes-${key.length * 4}-xts`

const tweakOf = (unit: Uint8Array): Uint8Array => {
  const tweak = new Uint8Array(16)
  tweak.set(unit)
  return tweak
}

/** AES-XTS of one sector: as long as its input. It hides, and notices no change. */
export const encryptXts = (o: DataUnit & { readonly plaintext: Uint8Array }): Opened => {
  const reason = problem(o, o.plaintext)
  if (reason !== undefined) return refuse(algorithm, reason)
  return attempt(algorithm, () => {
    const cipher = createCipheriv(nameOf(o.key), o.key, tweakOf(o.unit))
    return join(cipher.update(o.plaintext), cipher.final())
  })
}

export const decryptXts = (o: DataUnit & { readonly ciphertext: Uint8Array }): Opened => {
  const reason = problem(o, o.ciphertext)
  if (reason !== undefined) return refuse(algorithm, reason)
  return attempt(algorithm, () => {
    const decipher = createDecipheriv(nameOf(o.key), o.key, tweakOf(o.unit))
    return join(decipher.update(o.ciphertext), decipher.final())
  })
}
