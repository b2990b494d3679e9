import { type CipherSuite, cipherSuiteOf } from "./CipherSuite.ts"
import type { TlsPolicy } from "./TlsPolicy.ts"
import { sortedVersions, type TlsVersion } from "./TlsVersion.ts"

/** What a client brings to a handshake, as its first message says. */
export interface ClientHello {
  readonly versions: readonly TlsVersion[]
  /** IANA names, in the client's order; the server's order decides. */
  readonly suites: readonly string[]
  /** Curves. Without any the client says nothing about them, and TLS 1.2 takes the server's first. */
  readonly groups: readonly string[]
}

/** What both agree on. */
export interface NegotiatedTls {
  readonly version: TlsVersion
  readonly suite: string
  /** Empty where the key exchange needs no curve. */
  readonly group: string
  readonly hasForwardSecrecy: boolean
}

/** How far a handshake came. `failed` names what they have nothing in common of. */
export type Negotiation =
  | { readonly failed: undefined; readonly agreed: NegotiatedTls }
  | { readonly failed: "version" }
  | { readonly failed: "suite" | "group"; readonly version: TlsVersion }

/**
 * A handshake between two descriptions: the highest common version, then the first suite of the
 * server that the client offers, too, and that version knows (CRY-176, CRY-178). A curve is needed
 * for ECDHE and for TLS 1.3 (CRY-181). There is no second try with an older version.
 */
export const negotiateTls = (client: ClientHello, server: TlsPolicy): Negotiation => {
  const shared = sortedVersions(client.versions).filter((it) => server.versions.includes(it))
  const version = shared.at(-1)
  if (version === undefined) return { failed: "version" }
  const suites = server.suites
    .filter((name) => client.suites.includes(name))
    .flatMap((name) => cipherSuiteOf(name) ?? [])
    .filter(({ isTls13 }) => isTls13 === (version === "TLS 1.3"))
  const group = groupOf(client, server, version)
  const usable = suites.find((suite) => group !== undefined || !needsGroup(suite))
  if (usable === undefined) return { failed: suites.length === 0 ? "suite" : "group", version }
  const { name: suite, hasForwardSecrecy } = usable
  const curve = needsGroup(usable) ? (group ?? "") : ""
  return { failed: undefined, agreed: { version, suite, group: curve, hasForwardSecrecy } }
}

const needsGroup = ({ keyExchange }: CipherSuite): boolean =>
  keyExchange === "ECDHE" || keyExchange === "any"

const groupOf = (
  client: ClientHello,
  server: TlsPolicy,
  version: TlsVersion,
): string | undefined =>
  client.groups.length === 0 && version !== "TLS 1.3"
    ? server.groups[0]
    : server.groups.find((it) => client.groups.includes(it))
