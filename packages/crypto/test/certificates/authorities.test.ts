import { assert, describe, it } from "@effect/vitest"
import { decidingGate, instant } from "@twin/kernel"
import {
  authorityChanges,
  baltimoreRoot,
  certificateAuthorities,
  chainOf,
  formerAuthorities,
  searchAuthorities,
} from "../../src/certificates/CertificateAuthority.ts"
import {
  hasCurrentTrustStore,
  minimumTrustStores,
  requiredCurves,
  requiredRsaBits,
  requiredSignatures,
} from "../../src/certificates/clientRequirements.ts"
import type { Pin } from "../../src/certificates/Pin.ts"
import { revocationHosts } from "../../src/certificates/revocationHosts.ts"
import { servedChains } from "../../src/certificates/ServedChain.ts"
import {
  type ClientTrust,
  evaluateTlsConnection,
  type TlsConnectionRequest,
} from "../../src/decisions/evaluateTlsConnection.ts"
import { everySuite, usualGroups } from "../../src/transport/TlsClient.ts"

const now = instant("2026-09-01")
const connect = (trust: ClientTrust, more: Partial<TlsConnectionRequest> = {}) =>
  evaluateTlsConnection({
    cloud: "Worldwide",
    service: "Teams",
    at: now,
    hello: { versions: ["TLS 1.2"], suites: everySuite, groups: usualGroups },
    trust,
    ...more,
  }).decision
const gateOf = (trust: ClientTrust, more: Partial<TlsConnectionRequest> = {}) => {
  const decision = connect(trust, more)
  return decision.outcome === "allow" ? "allow" : decidingGate(decision).name
}

const isListedOn = (name: string, day: string) =>
  searchAuthorities({ name, at: instant(day) }).length > 0

const rootsOn = (service: "Teams" | "SharePointOnline", day: string) =>
  servedChains({ cloud: "Worldwide", service, at: instant(day) }).map((it) => it.root.name)

const mailChainOn = (day: string) =>
  servedChains({ cloud: "Worldwide", service: "ExchangeOnline", at: instant(day) })[0]

describe("the list of authorities", () => {
  const roots = certificateAuthorities.filter((it) => it.parent === undefined)
  const subordinates = certificateAuthorities.filter((it) => it.parent !== undefined)

  it("[CRY-188] finds every root by serial and thumbprint", () => {
    assert.strictEqual(roots.length, 7)
    assert.strictEqual(
      searchAuthorities({
        thumbprint: "df:3c:24:f9:bf:d6:66:76:1b:26:80:73:fe:06:d1:cc:8d:4f:82:a4",
      })[0]?.name,
      "DigiCert Global Root G2",
    )
    for (const it of roots) {
      assert.match(it.thumbprint, /^[0-9A-F]{40}$/)
      assert.deepStrictEqual(
        searchAuthorities({ serial: it.serial.replace(/^0/, "").toUpperCase() }),
        [it],
      )
      assert.deepStrictEqual(searchAuthorities({ thumbprint: it.thumbprint }), [it])
      assert.deepStrictEqual(chainOf(it), [it])
    }
  })

  it("[CRY-189] leads every subordinate up to a root of the list", () => {
    assert.strictEqual(subordinates.length, 40)
    assert.strictEqual(new Set(certificateAuthorities.map((it) => it.thumbprint)).size, 47)
    assert.strictEqual(new Set(certificateAuthorities.map((it) => it.serial)).size, 47)
    for (const it of subordinates) {
      assert.deepStrictEqual(searchAuthorities({ serial: it.serial }), [it])
      const root = chainOf(it).at(-1)
      assert.isTrue(
        roots.some(({ name }) => name === root?.name),
        it.name,
      )
    }
    assert.strictEqual(subordinates.filter((it) => it.isCrossSigned).length, 10)
    const found = searchAuthorities({ name: "Microsoft TLS G2 RSA CA OCSP 16" })[0]
    assert.strictEqual(found?.thumbprint, "27E6663299D340DFE54571CECCEC01BE74495DC6")
    assert.strictEqual(found?.parent, "Microsoft TLS RSA Root G2")
  })

  it("[CRY-190] knows the days on which authorities came and went", () => {
    assert.deepStrictEqual(
      authorityChanges.map(({ day }) => day),
      [
        "2021-02-15",
        "2022-01-01",
        "2022-05-31",
        "2022-10-31",
        "2023-02-07",
        "2023-07-17",
        "2024-06-27",
        "2024-10-08",
        "2025-05-12",
        "2025-09-05",
        "2025-09-09",
      ],
    )
    assert.isTrue(isListedOn("Baltimore", "2024-10-07"))
    assert.isFalse(isListedOn("Baltimore", "2024-10-08"))
    assert.isFalse(isListedOn("OCSP 02", "2025-09-04"))
    assert.isTrue(isListedOn("OCSP 02", "2025-09-05"))
    assert.isTrue(isListedOn("Entrust", "2025-09-04"))
    assert.isFalse(isListedOn("Entrust", "2025-09-05"))
    assert.strictEqual(formerAuthorities.filter((it) => it.removed === "2024-06-27").length, 8)
    assert.deepStrictEqual(rootsOn("SharePointOnline", "2021-02-14"), ["Baltimore CyberTrust Root"])
    assert.strictEqual(rootsOn("Teams", "2022-05-01").length, 2)
    assert.deepStrictEqual(rootsOn("Teams", "2022-10-31"), ["DigiCert Global Root G2"])
  })

  it("[CRY-187] moves mail from the Baltimore root to GlobalSign in September 2018", () => {
    assert.strictEqual(mailChainOn("2018-09-02").root.name, "Baltimore CyberTrust Root")
    assert.strictEqual(mailChainOn("2018-09-03").root.name, "GlobalSign Root CA - R1")
    assert.strictEqual(mailChainOn("2018-09-03").name, "mail.protection.outlook.com")
  })
})

const pinTo = (value: string, kind: Pin["kind"] = "thumbprint"): ClientTrust => ({
  pins: [{ kind, value }],
})

describe("what a client insists on", () => {
  const globalG2 = "DF3C24F9BFD666761B268073FE06D1CC8D4F82A4"

  it("[CRY-191] accepts only a pinned certificate, at any level and by any property", () => {
    assert.strictEqual(gateOf({}), "allow")
    assert.strictEqual(gateOf(pinTo(globalG2)), "allow")
    assert.strictEqual(gateOf(pinTo("DigiCert Global Root G2", "commonName")), "allow")
    assert.strictEqual(gateOf(pinTo("CN=teams.microsoft.com", "subject")), "allow")
    assert.strictEqual(gateOf(pinTo("33af1e6a711a9a0bb2864b11d09fae5", "serial")), "allow")
    const root: Pin = { kind: "commonName", level: "leaf", value: "DigiCert Global Root G2" }
    assert.strictEqual(gateOf({ pins: [root] }), "certificate-pin")
    assert.strictEqual(gateOf(pinTo("00", "publicKey")), "certificate-pin")
    assert.strictEqual(gateOf(pinTo("A8985D3A65E5E5C4B2D7D66D40C6DD2FB19C5436")), "certificate-pin")
  })

  it("[CRY-192] breaks a pin to the Baltimore root once the service has left it", () => {
    const pinned = pinTo(baltimoreRoot.thumbprint)
    const at = (day: string) => connect(pinned, { at: instant(day) })
    assert.strictEqual(at("2021-12-31").outcome, "allow")
    assert.strictEqual(at("2022-05-01").outcome, "unknown")
    const broken = at("2022-11-01")
    assert.strictEqual(
      decidingGate(broken).refusal?.message,
      "The root of the certificate chain is not a trusted root authority.",
    )
    for (const day of ["2021-12-31", "2022-05-01", "2022-11-01"]) {
      assert.strictEqual(connect({}, { at: instant(day) }).outcome, "allow")
    }
  })

  it("[CRY-193] tells two authorities of one name apart by their thumbprints", () => {
    const name = "Microsoft Azure RSA TLS Issuing CA 03"
    const [cross, self] = searchAuthorities({ name })
    assert.strictEqual(cross?.name, self?.name)
    const crossPin = pinTo(cross?.thumbprint ?? "")
    assert.strictEqual(gateOf(crossPin, { chainVariant: "cross-signed" }), "allow")
    assert.strictEqual(gateOf(crossPin, { chainVariant: "self-rooted" }), "certificate-pin")
    for (const chainVariant of ["cross-signed", "self-rooted"] as const) {
      assert.strictEqual(gateOf(pinTo(name, "commonName"), { chainVariant }), "allow")
    }
  })

  it("[CRY-194] lets a pin be replaced at once: a second pin beside the first keeps the client in", () => {
    const both = {
      pins: [baltimoreRoot.thumbprint, globalG2].map(
        (value): Pin => ({ kind: "thumbprint", value }),
      ),
    }
    assert.strictEqual(gateOf(both, { at: instant("2021-12-31") }), "allow")
    assert.strictEqual(gateOf(both, { at: instant("2022-05-01") }), "allow")
    assert.strictEqual(gateOf(both), "allow")
  })

  it("[CRY-195] fails without revocation hosts only where the client insists", () => {
    assert.strictEqual(revocationHosts.AIA.length, 5)
    assert.strictEqual(revocationHosts.CRL.length, 4)
    assert.strictEqual(revocationHosts.OCSP.length, 3)
    const blockedHosts = [...revocationHosts.CRL, ...revocationHosts.OCSP]
    assert.strictEqual(gateOf({ revocation: "hard" }), "allow")
    assert.strictEqual(gateOf({ revocation: "none", blockedHosts }), "allow")
    assert.strictEqual(gateOf({ revocation: "soft", blockedHosts }), "allow")
    assert.strictEqual(gateOf({ revocation: "hard", blockedHosts }), "revocation-check")
    assert.strictEqual(
      gateOf({ revocation: "hard", blockedHosts: blockedHosts.slice(0, 4) }),
      "allow",
    )
  })

  it("[CRY-196] asks for algorithms and for a trust store that is new enough", () => {
    assert.deepStrictEqual(requiredSignatures, [
      "ES256",
      "ES384",
      "ES512",
      "RS256",
      "RS384",
      "RS512",
    ])
    assert.deepStrictEqual(requiredCurves, ["P-256", "P-384", "P-521"])
    assert.deepStrictEqual(requiredRsaBits, [2048, 3072, 4096])
    assert.strictEqual(gateOf({ signatures: requiredSignatures }), "allow")
    assert.strictEqual(gateOf({ signatures: ["RS256"] }), "signature-algorithm")
    assert.strictEqual(gateOf({ hasCurrentTrustStore: false }), "certificate-trust")
    const rows: readonly (readonly [string, string, string])[] = [
      ["Windows XP", "SP2", "SP3"],
      ["Firefox", "31", "32"],
      ["iOS", "6", "7"],
      ["macOS", "10.8", "10.9"],
      ["Android SDK", "4.4", "5"],
      ["Java", "1.8.0_100", "1.8.0_101"],
    ]
    assert.strictEqual(minimumTrustStores.length, rows.length)
    for (const [product, old, current] of rows) {
      assert.isFalse(hasCurrentTrustStore(product, old), product)
      assert.isTrue(hasCurrentTrustStore(product, current), product)
    }
  })

  it.each(["GCCHigh", "DoD"] as const)(
    "[CRY-197] %s takes no client with the worldwide list",
    (cloud) => {
      assert.strictEqual(gateOf({ chainList: "Worldwide" }, { cloud }), "chain-list")
      assert.strictEqual(gateOf({ chainList: "Government" }, { cloud }), "allow")
      assert.strictEqual(gateOf({ chainList: "Government" }), "chain-list")
      assert.strictEqual(gateOf({ chainList: "Worldwide" }), "allow")
    },
  )
})
