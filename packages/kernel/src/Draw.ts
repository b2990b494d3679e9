import { createHash } from "node:crypto"
import { Effect, Random } from "effect"

/**
 * Chance for one operation: every purpose has its own sub-stream, so a new draw in one place moves
 * no other. The same entropy and purpose always give the same value.
 */
export interface Draw {
  /** A version 4 GUID in lower case. */
  readonly guid: (purpose: string) => string
  /** `count` decimal digits, for codes. */
  readonly digits: (purpose: string, count: number) => string
  /** `count` characters of the URL-safe alphabet, for link tokens. */
  readonly token: (purpose: string, count: number) => string
}

const urlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

/** Derives all draws from one entropy string. */
export const makeDraw = (entropy: string): Draw => {
  const block = (purpose: string, index: number): Buffer =>
    createHash("sha256").update(`${entropy}\n${index}\n${purpose}`).digest()
  /** Bytes that are below `limit`, so that taking them modulo a divisor of it has no bias. */
  const symbols = (purpose: string, count: number, alphabet: string): string => {
    const limit = 256 - (256 % alphabet.length)
    let text = ""
    for (let index = 0; text.length < count; index++) {
      for (const byte of block(purpose, index)) {
        if (byte < limit && text.length < count) text += alphabet.charAt(byte % alphabet.length)
      }
    }
    return text
  }
  return {
    guid: (purpose) => {
      const bytes = block(`guid ${purpose}`, 0).subarray(0, 16)
      bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
      const hex = bytes.toString("hex")
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        hex.slice(12, 16),
        hex.slice(16, 20),
        hex.slice(20),
      ].join("-")
    },
    digits: (purpose, count) => symbols(`digits ${purpose}`, count, "0123456789"),
    token: (purpose, count) => symbols(`token ${purpose}`, count, urlSafe),
  }
}

/** A draw whose entropy comes from the `Random` in force. */
export const drawFromRandom: Effect.Effect<Draw> = Effect.gen(function* () {
  const parts = [yield* Random.nextInt, yield* Random.nextInt, yield* Random.nextInt]
  return makeDraw(parts.join("/"))
})

/**
 * Random bytes of a simulation: a SHA-256 counter stream, different for each seed, the same for the
 * same seed. For simulated keys only; a real key takes its bytes from the system.
 */
export const seededBytes = (seed: string): ((size: number) => Uint8Array) => {
  let index = 0
  return (size) => {
    const bytes = new Uint8Array(size)
    for (let offset = 0; offset < size; offset += 32) {
      const block = createHash("sha256").update(`${seed}\n${index}`).digest()
      index += 1
      bytes.set(block.subarray(0, Math.min(32, size - offset)), offset)
    }
    return bytes
  }
}
