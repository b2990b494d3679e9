import { seededBytes } from "@twin/kernel"
import { Context, Layer } from "effect"
import { type RsaKeyPair, rsaKeyPairFrom } from "./RsaKeyPair.ts"

/** What a pair is made from: it is a function of this and nothing else. */
export interface RsaOrigin {
  readonly seed: Uint8Array
  readonly modulusBits: number
}

/** Makes pairs from their seeds, and remembers the last ones. */
export interface RsaPairMemory {
  readonly pairOf: (origin: RsaOrigin) => RsaKeyPair
}

const pairsLimit = 64

/** A memory of its own, empty. */
export const makeRsaPairMemory = (limit: number = pairsLimit): RsaPairMemory => {
  const last = new Map<string, RsaKeyPair>()
  return {
    pairOf: ({ seed, modulusBits }) => {
      const hex = Buffer.from(seed).toString("hex")
      const name = `${modulusBits} ${hex}`
      const pair = last.get(name) ?? rsaKeyPairFrom(seededBytes(`rsa ${hex}`), modulusBits)
      last.delete(name)
      last.set(name, pair)
      const [oldest] = last.keys()
      if (last.size > limit && oldest !== undefined) last.delete(oldest)
      return pair
    },
  }
}

/**
 * Finding the primes of a pair takes up to 100 ms, and forks, rewinds and counterproofs make the same
 * keys again: vaults that are made in one runtime share its memory. Without a layer of its own a
 * runtime has that of the process.
 */
export const RsaPairs = Context.Reference<RsaPairMemory>("@twin/crypto/RsaPairs", {
  defaultValue: () => makeRsaPairMemory(),
})

/** A runtime's own memory. */
export const layerRsaPairs = Layer.sync(RsaPairs, () => makeRsaPairMemory())
