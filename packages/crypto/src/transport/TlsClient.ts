import { Schema } from "effect"
import { olderSuites, tls12Suites, tls13Suites } from "./CipherSuite.ts"
import type { ClientHello } from "./negotiateTls.ts"
import type { CloudInstance } from "./TlsPolicy.ts"
import { type TlsVersion, versionsOfMask } from "./TlsVersion.ts"

/** A product up to a version that cannot speak TLS 1.2. */
export interface UnableClient {
  readonly product: string
  /** The last version that is unable; empty: every version. */
  readonly upTo: string
  /** Part of the operating system's name that the row is about; empty: any. */
  readonly system: string
  /** Clouds whose page lists it. */
  readonly clouds: "all" | readonly CloudInstance[]
}

/** CRY-182: clients known to be unable to speak TLS 1.2. */
export const unableClients: readonly UnableClient[] = [
  { product: "Android", upTo: "4.3", system: "", clouds: "all" },
  { product: "Firefox", upTo: "5.0", system: "", clouds: "all" },
  { product: "Internet Explorer", upTo: "10", system: "Windows 7", clouds: "all" },
  { product: "Internet Explorer", upTo: "10", system: "Windows Phone 8", clouds: "all" },
  { product: "Safari", upTo: "6.0.4", system: "OS X 10.8.4", clouds: "all" },
  { product: "Lync Phone", upTo: "", system: "", clouds: ["GCCHigh", "DoD"] },
]

const numbersOf = (version: string): readonly number[] => version.split(".").map(Number)

/** Compares dotted numbers; a missing part counts as 0. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}

export interface Product {
  readonly product: string
  /** Dotted numbers. */
  readonly version: string
  /** The operating system, where the table tells them apart. */
  readonly system?: string | undefined
}

/** The row that says a client is unable (CRY-182); undefined: none does. */
export const unableRowOf = (client: Product, cloud: CloudInstance): UnableClient | undefined =>
  unableClients.find(
    (row) =>
      row.product.toLowerCase() === client.product.toLowerCase() &&
      (row.clouds === "all" || row.clouds.includes(cloud)) &&
      isOnSystem(row.system, client.system ?? "") &&
      (row.upTo === "" || compareVersions(client.version, row.upTo) <= 0),
  )

const familyOf = (name: string) =>
  name
    .replace(/[\d.]+.*$/, "")
    .trim()
    .toLowerCase()

const numberOf = (name: string) => /[\d.]+/.exec(name)?.[0] ?? "0"

/** "and earlier" counts: an older system of the same family is in the row, too. */
const isOnSystem = (listed: string, given: string): boolean => {
  if (listed === "" || given === "") return true
  const isOlderName = familyOf(listed) === "windows" && /^windows (xp|vista)/i.test(given)
  return (
    isOlderName ||
    (familyOf(listed) === familyOf(given) &&
      compareVersions(numberOf(given), numberOf(listed)) <= 0)
  )
}

export const WindowsVersion = Schema.Literals([
  "Windows 7",
  "Windows 8",
  "Windows 8.1",
  "Windows 10",
  "Windows 11",
])
export type WindowsVersion = typeof WindowsVersion.Type

/** A Windows computer as WinHTTP and .NET see it. */
export const WindowsSettings = Schema.Struct({
  version: WindowsVersion,
  /** Whether the update KB 3140245 is there; it matters to Windows 7 alone. */
  hasKb3140245: Schema.optionalKey(Schema.Boolean),
  /** Bit mask of the registry value; the default of the system unless given. */
  defaultSecureProtocols: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff_ffff })),
  ),
})
export type WindowsSettings = typeof WindowsSettings.Type

/**
 * What WinHTTP offers (CRY-183). Windows 7 without the update knows no registry value and no TLS 1.1
 * or 1.2; with it, the value has to be set as well. Windows 8 and later have both by default.
 */
export const winHttpVersions = (windows: WindowsSettings): readonly TlsVersion[] => {
  const { version, hasKb3140245 = false, defaultSecureProtocols: mask } = windows
  const isWindows7 = version === "Windows 7"
  if (isWindows7 && (!hasKb3140245 || mask === undefined)) return versionsOfMask(0xa0)
  if (mask !== undefined) return versionsOfMask(mask)
  const byDefault = versionsOfMask(0xa80)
  return version === "Windows 11" ? [...byDefault, "TLS 1.3"] : byDefault
}

/**
 * What a .NET application offers (CRY-183): version 4.5 stops at TLS 1.1 unless it is configured,
 * later ones follow the operating system.
 */
export const dotNetVersions = (
  framework: string,
  isConfigured: boolean,
  windows: readonly TlsVersion[],
): readonly TlsVersion[] =>
  compareVersions(framework, "4.6") < 0 && !isConfigured ? ["TLS 1.0", "TLS 1.1"] : windows

const cbcAndDhe: readonly string[] = [
  "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
  "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
  ...olderSuites,
  "TLS_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_RSA_WITH_AES_128_GCM_SHA256",
]

/** Suites of a Windows version: before 10 no ECDHE with GCM, so Front Door needs DHE or CBC (CRY-181). */
export const windowsSuites = (version: WindowsVersion): readonly string[] => {
  const hasEcdheGcm = version === "Windows 10" || version === "Windows 11"
  if (!hasEcdheGcm) return cbcAndDhe
  const own = version === "Windows 11" ? tls13Suites : []
  return [...new Set([...own, ...tls12Suites.map(({ name }) => name), ...cbcAndDhe])]
}

/** What a client without further description offers: all that its versions know. */
export const everySuite: readonly string[] = [
  ...new Set([...tls13Suites, ...tls12Suites.map(({ name }) => name), ...cbcAndDhe]),
]

export const usualGroups: readonly string[] = ["secp256r1", "secp384r1"]

export const windowsHello = (
  windows: WindowsSettings,
  dotNet: { readonly framework: string; readonly isConfigured: boolean } | undefined,
): ClientHello => {
  const system = winHttpVersions(windows)
  const versions =
    dotNet === undefined ? system : dotNetVersions(dotNet.framework, dotNet.isConfigured, system)
  return { versions, suites: windowsSuites(windows.version), groups: usualGroups }
}
