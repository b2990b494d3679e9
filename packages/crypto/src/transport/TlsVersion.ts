import { Schema } from "effect"

/** Protocol versions from the oldest to the newest. */
export const tlsVersions = [
  "SSL 2.0",
  "SSL 3.0",
  "TLS 1.0",
  "TLS 1.1",
  "TLS 1.2",
  "TLS 1.3",
] as const

export const TlsVersion = Schema.Literals(tlsVersions)
export type TlsVersion = typeof TlsVersion.Type

export const isAtLeastVersion = (version: TlsVersion, minimum: TlsVersion): boolean =>
  tlsVersions.indexOf(version) >= tlsVersions.indexOf(minimum)

/** In the order of age, each once. */
export const sortedVersions = (versions: Iterable<TlsVersion>): readonly TlsVersion[] => {
  const given = new Set(versions)
  return tlsVersions.filter((version) => given.has(version))
}

/** Bits of `DefaultSecureProtocols` of WinHTTP (CRY-183). */
export const secureProtocolBits: ReadonlyMap<number, TlsVersion> = new Map([
  [0x08, "SSL 2.0"],
  [0x20, "SSL 3.0"],
  [0x80, "TLS 1.0"],
  [0x200, "TLS 1.1"],
  [0x800, "TLS 1.2"],
])

/** The versions that a mask switches on; bits without a meaning here are ignored (CRY-183). */
export const versionsOfMask = (mask: number): readonly TlsVersion[] =>
  [...secureProtocolBits].filter(([bit]) => (mask & bit) !== 0).map(([, version]) => version)

/** The mask that switches on these versions (CRY-183); there is no bit for TLS 1.3. */
export const maskOfVersions = (versions: readonly TlsVersion[]): number =>
  [...secureProtocolBits].reduce(
    (mask, [bit, version]) => (versions.includes(version) ? mask | bit : mask),
    0,
  )
