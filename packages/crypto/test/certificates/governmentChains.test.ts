import { assert, describe, it } from "@effect/vitest"
import { decidingGate, instant } from "@twin/kernel"
import {
  certificateAuthorities,
  chainOf,
  governmentAuthorities,
  searchAuthorities,
} from "../../src/certificates/CertificateAuthority.ts"
import { governmentAuthorityRows } from "../../src/certificates/governmentAuthorityRows.ts"
import type { Pin } from "../../src/certificates/Pin.ts"
import {
  governmentRevocationHosts,
  revocationHostsOf,
} from "../../src/certificates/revocationHosts.ts"
import { servedChains } from "../../src/certificates/ServedChain.ts"
import { evaluateTlsConnection } from "../../src/decisions/evaluateTlsConnection.ts"
import { everySuite, usualGroups } from "../../src/transport/TlsClient.ts"
import type { CloudInstance } from "../../src/transport/TlsPolicy.ts"

const list = "Government"
const listDay = "2020-10-16"
const chainsOn = (day: string, cloud: CloudInstance = "GCCHigh") =>
  servedChains({ cloud, service: "SharePointOnline", at: instant(day) })
const servedOn = (thumbprint: string, day: string) =>
  chainsOn(day).some(({ subordinate }) => subordinate.thumbprint === thumbprint)
const connect = (day: string, pins: readonly Pin[], cloud: CloudInstance = "DoD") =>
  evaluateTlsConnection({
    cloud,
    service: "SharePointOnline",
    at: instant(day),
    hello: { versions: ["TLS 1.2"], suites: everySuite, groups: usualGroups },
    trust: { pins },
  }).decision
const nextDay = (day: string) => new Date(instant(day) + 86_400_000).toISOString().slice(0, 10)
const dayBefore = (day: string) => new Date(instant(day) - 86_400_000).toISOString().slice(0, 10)

const rows = governmentAuthorityRows.map(([name, parent, serial, thumbprint, from, until]) => ({
  name,
  parent,
  serial,
  thumbprint,
  from,
  until,
}))
const subordinates = rows.filter(({ parent }) => parent !== "")

describe("the list of GCC High and DoD", () => {
  it("[CRY-197] has roots and subordinates of DigiCert, Entrust and Microsoft", () => {
    assert.lengthOf(rows, 27)
    assert.lengthOf(subordinates, 20)
    assert.strictEqual(new Set(rows.map(({ thumbprint }) => thumbprint)).size, 27)
    assert.strictEqual(new Set(rows.map(({ serial }) => serial)).size, 27)
    for (const { name } of rows) assert.match(name, /^(DigiCert|Entrust|Microsoft|Baltimore)/)
  })

  it.each(rows)("[CRY-197] finds $name by serial $serial", (row) => {
    const { name, serial, thumbprint } = row
    assert.match(thumbprint, /^[0-9A-F]{40}$/)
    assert.match(serial, /^[0-9a-f]{6,32}$/)
    const [found, ...more] = searchAuthorities({ serial: serial.toUpperCase(), list })
    assert.lengthOf(more, 0)
    assert.strictEqual(found?.name, name)
    assert.deepStrictEqual(searchAuthorities({ thumbprint, list })[0], found)
    const chain = found === undefined ? [] : chainOf(found, list)
    assert.lengthOf(chain, row.parent === "" ? 1 : 2)
    assert.strictEqual(chain.at(-1)?.name, row.parent === "" ? name : row.parent)
    assert.isUndefined(chain.at(-1)?.parent)
  })

  it.each(subordinates)(
    "[CRY-197] $name ($serial) serves while it is valid, and no longer",
    (row) => {
      const gone = governmentAuthorities.find((it) => it.serial === row.serial)?.removed
      const until = gone === undefined || gone > row.until ? row.until : gone
      assert.isFalse(servedOn(row.thumbprint, dayBefore(row.from)))
      assert.isTrue(servedOn(row.thumbprint, row.from))
      assert.isTrue(servedOn(row.thumbprint, dayBefore(until)))
      assert.isFalse(servedOn(row.thumbprint, until))
    },
  )

  it.each(subordinates)("[CRY-197] a pin to $name ($serial) is met there, not worldwide", (row) => {
    const day = row.from > listDay ? nextDay(row.from) : listDay
    const pins: readonly Pin[] = [{ kind: "thumbprint", value: row.thumbprint }]
    // Other chains of the list are met as well, so nobody can promise a yes.
    assert.strictEqual(connect(day, pins).outcome, "unknown")
    assert.strictEqual(decidingGate(connect(day, pins)).name, "chain-served")
    assert.strictEqual(connect(row.until, pins).outcome, "deny")
    const worldwide = connect("2023-06-01", pins, "Worldwide")
    assert.strictEqual(decidingGate(worldwide).name, "certificate-pin")
  })

  it("[CRY-197] pins to every root of the list together are met whatever chain is served", () => {
    const roots = rows.filter(({ parent }) => parent === "")
    const pins = roots.map(({ thumbprint }): Pin => ({ kind: "thumbprint", value: thumbprint }))
    for (const day of [listDay, "2023-06-01", "2026-09-01"]) {
      assert.strictEqual(connect(day, pins).outcome, "allow", day)
    }
    for (const cloud of ["GCCHigh", "DoD"] as const) {
      assert.isAbove(chainsOn(listDay, cloud).length, 10)
      assert.isFalse(
        chainsOn("2026-09-01", cloud).some(({ root }) => /Entrust|Baltimore/.test(root.name)),
      )
    }
  })

  it("[CRY-197] the worldwide list lacks authorities that are met there", () => {
    const known = new Set(certificateAuthorities.map(({ thumbprint }) => thumbprint))
    assert.isAbove(rows.filter(({ thumbprint }) => !known.has(thumbprint)).length, 15)
    assert.lengthOf(searchAuthorities({ name: "Entrust Certification Authority - L1K" }), 0)
    assert.lengthOf(searchAuthorities({ name: "Entrust Certification Authority - L1K", list }), 1)
  })

  it("[CRY-197] each chain is checked at the hosts of its own list", () => {
    const all: readonly string[] = [
      ...governmentRevocationHosts.CRL,
      ...governmentRevocationHosts.OCSP,
    ]
    for (const { name } of subordinates) {
      const hosts = revocationHostsOf(name, list)
      for (const host of hosts) assert.include(all, host, name)
      const company = name.startsWith("Entrust") ? "entrust.net" : "digicert.com"
      for (const host of hosts) assert.isTrue(host.endsWith(company), name)
    }
  })
})
