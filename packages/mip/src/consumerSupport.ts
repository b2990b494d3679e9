import { contentCipherAt } from "@twin/crypto"
import { contentKindOf } from "./ContentFormat.ts"
import type { Protection } from "./Protection.ts"

/** What products can do from a version on; a version is a list of numbers, compared from the left. */
type Minimums = Readonly<Record<string, readonly number[]>>

/** Reading and writing AES-256-CBC (MIP-022). Versions of Exchange Server are months of updates. */
export const cbcSupport = {
  reads: { "MIP SDK": [1, 13], "Exchange Server": [2023, 8] },
  writes: { "MIP SDK": [1, 14], "Exchange Server": [2023, 10] },
} as const satisfies Readonly<Record<string, Minimums>>

/** Signing a Microsoft account in to open protected content (MIP-177). */
export const microsoftAccountSupport: Minimums = {
  "Office for Windows": [2019],
  "Office for Mac": [16, 42],
  "Office for Android": [16, 0, 13029],
  "Office for iOS": [2, 42],
}

/** Readers that know the ISO encryption of PDF (MIP-183); an empty version: any. */
export const protectedPdfSupport: Minimums = {
  Edge: [83, 0, 478, 37],
  "Adobe Reader with plug-in": [],
  "Adobe Acrobat with plug-in": [],
  "Foxit PDF Reader": [],
  "Information protection viewer": [],
  "Information protection viewer for iOS": [],
  "Information protection viewer for Android": [],
}

/** A product and, after it, its version: `MIP SDK 1.12`, `Exchange Server 2023-07`, `Preview`. */
export interface Consumer {
  readonly product: string
  readonly version: readonly number[]
}

/** Reads the name of a consumer; without a version it counts as the newest. */
export const parseConsumer = (text: string): Consumer => {
  const [, product = text, version = ""] =
    /^(.*?)(?:\s+(\d+(?:[.-]\d+)*))?$/.exec(text.trim()) ?? []
  return {
    product: product.trim(),
    version: version === "" ? [] : version.split(/[.-]/).map(Number),
  }
}

/** What consumers may be called: words, and a version. */
export const consumerPattern = /^[A-Za-z][A-Za-z -]*[A-Za-z](?: \d+(?:[.-]\d+){0,5})?$/

const isAtLeast = (version: readonly number[], minimum: readonly number[]): boolean => {
  for (const [index, wanted] of minimum.entries()) {
    const part = version[index] ?? 0
    if (part !== wanted) return part > wanted
  }
  return true
}

/** Whether a consumer is new enough; `unlisted` answers for products that the table does not name. */
export const isNewEnough = (
  consumer: string | undefined,
  minimums: Minimums,
  unlisted: boolean,
): boolean => {
  if (consumer === undefined || consumer === "") return true
  const { product, version } = parseConsumer(consumer)
  const found = Object.entries(minimums).find(
    ([name]) => name.toLowerCase() === product.toLowerCase(),
  )
  if (found === undefined) return unlisted
  return version.length === 0 || isAtLeast(version, found[1])
}

/** Readers that show and do nothing else: the viewers of phones (MIP-183). */
export const isViewOnly = (consumer: string): boolean =>
  /^information protection viewer for (ios|android)$/i.test(parseConsumer(consumer).product)

/** Whether a consumer can do this with the present cipher; anything not in the table can. */
export const supportsCbc = (consumer: string | undefined, use: "reads" | "writes"): boolean =>
  isNewEnough(consumer, cbcSupport[use], true)

/** How the bytes of a content are encrypted: as was usual when they were last saved (MIP-021). */
export const cipherOf = (protection: Protection): ReturnType<typeof contentCipherAt> =>
  contentCipherAt(contentKindOf(protection), protection.encryptedAt ?? protection.issuedAt)
