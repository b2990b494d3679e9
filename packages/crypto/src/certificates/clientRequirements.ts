import { compareVersions } from "../transport/TlsClient.ts"

/** CRY-196: what a client has to be able to verify. */
export const requiredSignatures = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512"] as const
export const requiredCurves = ["P-256", "P-384", "P-521"] as const
export const requiredRsaBits = [2048, 3072, 4096] as const

/** CRY-196: the oldest systems whose trust store holds the roots. */
export const minimumTrustStores: readonly { readonly product: string; readonly version: string }[] =
  [
    { product: "Windows XP", version: "3" },
    { product: "Firefox", version: "32" },
    { product: "iOS", version: "7" },
    { product: "macOS", version: "10.9" },
    { product: "Android SDK", version: "5" },
    { product: "Java", version: "1.8.0.101" },
  ]

const dotted = (version: string): string => version.replace(/^SP\s*/i, "").replaceAll("_", ".")

/** The row that a product has to reach; undefined where the list says nothing about it (CRY-196). */
export const trustStoreRow = (product: string): (typeof minimumTrustStores)[number] | undefined =>
  minimumTrustStores.find((it) => it.product.toLowerCase() === product.toLowerCase())

/** Whether the trust store of this product is new enough; products off the list count as new (CRY-196). */
export const hasCurrentTrustStore = (product: string, version: string): boolean => {
  const row = trustStoreRow(product)
  return row === undefined || compareVersions(dotted(version), row.version) >= 0
}
