import { digest, type Hash } from "./Digest.ts"
import { join } from "./Opened.ts"

/** MGF1, RFC 8017 appendix B.2.1. */
export const maskFrom = (hash: Hash, seed: Uint8Array, size: number): Uint8Array => {
  const blocks: Uint8Array[] = []
  for (let counter = 0, made = 0; made < size; counter++) {
    const block = digest(hash, join(seed, Uint8Array.of(0, 0, counter >> 8, counter & 0xff)))
    blocks.push(block)
    made += block.length
  }
  return join(...blocks).subarray(0, size)
}

export const xor = (a: Uint8Array, b: Uint8Array): Uint8Array =>
  a.map((byte, index) => byte ^ (b[index] ?? 0))
