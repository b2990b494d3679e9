import { Option } from "effect"
import { deriveKey } from "../Primitives.ts"

const groups = 8
const groupDigits = 6
/** Each group stands for 16 bits and is that number times eleven, so that a slip of the pen shows. */
const check = 11
const groupLimit = 0x1_0000

/**
 * The 48-digit numerical password of 16 bytes: eight groups of six digits, each divisible by 11
 * (CRY-012; the format is BitLocker's own). Bytes beyond the sixteenth are left out.
 */
export const recoveryPasswordOf = (bytes: Uint8Array): string => {
  const words = Buffer.from(bytes.subarray(0, 2 * groups))
  return Array.from({ length: groups }, (_, index) =>
    String(words.readUInt16LE(2 * index) * check).padStart(groupDigits, "0"),
  ).join("-")
}

/** The 16 bytes again; none where the digits cannot be a password. */
export const readRecoveryPassword = (text: string): Option.Option<Uint8Array> => {
  if (!/^\d{6}(?:-\d{6}){7}$/.test(text)) return Option.none()
  const bytes = Buffer.alloc(2 * groups)
  for (const [index, digits] of text.split("-").entries()) {
    const value = Number(digits)
    if (value % check !== 0 || value / check >= groupLimit) return Option.none()
    bytes.writeUInt16LE(value / check, 2 * index)
  }
  return Option.some(bytes)
}

/**
 * The key that a numerical password stands for. BitLocker hashes a million times; the password is
 * random and has 128 bits, so the twin derives once.
 */
export const passwordKey = (password: Uint8Array, volumeId: string): Uint8Array =>
  deriveKey(password.subarray(0, 2 * groups), `numerical password of ${volumeId}`)
