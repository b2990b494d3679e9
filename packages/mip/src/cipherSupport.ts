import { contentCipherAt } from "@twin/crypto"
import { contentKindOf } from "./ContentFormat.ts"
import type { Protection } from "./Protection.ts"

/** From which version a consumer reads and writes AES-256-CBC (MIP-022). Exchange: month of update. */
export const cbcSupport = {
  "MIP SDK": { reads: [1, 13], writes: [1, 14] },
  "Exchange Server": { reads: [2023, 8], writes: [2023, 10] },
} as const

export type CbcProduct = keyof typeof cbcSupport

/** A consumer by product and version: `MIP SDK 1.12`, `Exchange Server 2023-07`. */
export const consumerPattern = /^(MIP SDK|Exchange Server) (\d+)[.-](\d+)$/

const isAtLeast = ([a = 0, b = 0]: readonly number[], [c = 0, d = 0]: readonly number[]): boolean =>
  a > c || (a === c && b >= d)

/** Whether a consumer can do this with the present cipher; anything not in the table can. */
export const supportsCbc = (consumer: string | undefined, use: "reads" | "writes"): boolean => {
  const [, product, major, minor] = consumerPattern.exec(consumer ?? "") ?? []
  if (product !== "MIP SDK" && product !== "Exchange Server") return true
  return isAtLeast([Number(major), Number(minor)], cbcSupport[product][use])
}

/** How the bytes of a content are encrypted: as was usual when they were last saved (MIP-021). */
export const cipherOf = (protection: Protection): ReturnType<typeof contentCipherAt> =>
  contentCipherAt(contentKindOf(protection), protection.encryptedAt ?? protection.issuedAt)
