import { Result } from "effect"
import { DoesNotOpen } from "../Errors.ts"

/** Bytes, or the reason why the primitive refuses. Never a part of the plaintext. */
export type Opened = Result.Result<Uint8Array, DoesNotOpen>

export const refuse = (algorithm: string, reason: DoesNotOpen["reason"]): Opened =>
  Result.fail(new DoesNotOpen({ algorithm, reason }))

/** Node throws on wrong keys and damaged bytes alike: both are one refusal here. */
export const attempt = (algorithm: string, open: () => Uint8Array): Opened => {
  try {
    return Result.succeed(open())
  } catch {
    return refuse(algorithm, "integrity")
  }
}

export const join = (...parts: readonly Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

export const nothing = new Uint8Array(0)

export const isAesKey = (key: Uint8Array): boolean => [16, 24, 32].includes(key.length)
