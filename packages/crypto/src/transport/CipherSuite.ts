/** What a suite's name says about itself. */
export interface CipherSuite {
  /** IANA name. */
  readonly name: string
  /** `any`: TLS 1.3 agrees on it apart from the suite, always ephemerally. */
  readonly keyExchange: "ECDHE" | "DHE" | "RSA" | "any"
  readonly authentication: "RSA" | "ECDSA" | "any"
  readonly cipher: string
  readonly keyBits: number
  /** Hash of the record code, or of the key schedule where the cipher authenticates by itself. */
  readonly hash: string
  readonly hasForwardSecrecy: boolean
  readonly isTls13: boolean
}

const bulk = /^(AES|CAMELLIA|ARIA)_(128|256)_(GCM|CBC|CCM_8|CCM)$/
const tls13 =
  /^TLS_(AES_128_GCM|AES_256_GCM|CHACHA20_POLY1305|AES_128_CCM|AES_128_CCM_8)_(SHA256|SHA384)$/
const older = /^TLS_(?:(ECDHE|DHE)_)?(RSA|ECDSA)_WITH_(.+?)(?:_(SHA|SHA256|SHA384|MD5))?$/

const keyBitsOf = (cipher: string): number | undefined => {
  if (cipher === "CHACHA20_POLY1305") return 256
  if (cipher === "3DES_EDE_CBC") return 168
  if (cipher === "RC4_128") return 128
  const sized = bulk.exec(cipher)
  return sized === null ? undefined : Number(sized[2])
}

/** Undefined: not a suite with certificates, or none that this package knows. */
export const cipherSuiteOf = (name: string): CipherSuite | undefined => {
  const modern = tls13.exec(name)
  if (modern !== null) {
    const [, cipher = "", hash = ""] = modern
    const keyBits = keyBitsOf(cipher) ?? 128
    const rest = { cipher, keyBits, hash, hasForwardSecrecy: true, isTls13: true }
    return { name, keyExchange: "any", authentication: "any", ...rest }
  }
  const [, ephemeral, signer, cipher = "", hash] = older.exec(name) ?? []
  const keyBits = keyBitsOf(cipher)
  if (signer === undefined || keyBits === undefined) return undefined
  const authentication = signer === "ECDSA" ? "ECDSA" : "RSA"
  const keyExchange = ephemeral === "ECDHE" || ephemeral === "DHE" ? ephemeral : "RSA"
  if (keyExchange === "RSA" && authentication === "ECDSA") return undefined
  const hasForwardSecrecy = keyExchange !== "RSA"
  const described = { name, keyExchange, authentication, cipher, keyBits } as const
  return { ...described, hash: hash ?? "SHA256", hasForwardSecrecy, isTls13: false }
}

/** A row as the service's technical reference prints it. */
export interface PublishedSuite {
  readonly name: string
  /** Algorithm and strength in bits, as printed. */
  readonly keyExchange: "ECDH/192" | "ECDH/128" | "RSA/112"
  readonly hasForwardSecrecy: boolean
  readonly cipher: "AES/256" | "AES/128"
  readonly authentication: "RSA/112"
}

const row = (
  name: string,
  keyExchange: PublishedSuite["keyExchange"],
  cipher: PublishedSuite["cipher"],
): PublishedSuite => ({
  name,
  keyExchange,
  hasForwardSecrecy: keyExchange !== "RSA/112",
  cipher,
  authentication: "RSA/112",
})

/** CRY-176: suites of TLS 1.2, the server's first choice first. The page prints the last as AES/256. */
export const tls12Suites: readonly PublishedSuite[] = [
  row("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDH/192", "AES/256"),
  row("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDH/128", "AES/128"),
  row("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "ECDH/192", "AES/256"),
  row("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDH/128", "AES/128"),
  row("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDH/192", "AES/256"),
  row("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDH/128", "AES/128"),
  row("TLS_RSA_WITH_AES_256_GCM_SHA384", "RSA/112", "AES/256"),
  row("TLS_RSA_WITH_AES_128_GCM_SHA256", "RSA/112", "AES/128"),
]

/** CRY-177: suites that served TLS 1.0, 1.1 and 1.2 until the older versions were switched off. */
export const olderSuites: readonly string[] = [
  "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
  "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
  "TLS_RSA_WITH_AES_256_CBC_SHA",
  "TLS_RSA_WITH_AES_128_CBC_SHA",
  "TLS_RSA_WITH_AES_256_CBC_SHA256",
  "TLS_RSA_WITH_AES_128_CBC_SHA256",
]

/** CRY-179: unsupported since 2018-10-31, switched off on 2019-02-28. */
export const tripleDesSuite = "TLS_RSA_WITH_3DES_EDE_CBC_SHA"

/** Suites of TLS 1.3 that the service offers where it speaks it, first choice first (CRY-175, CRY-181). */
export const tls13Suites: readonly string[] = ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"]
