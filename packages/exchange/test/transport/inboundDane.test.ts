import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { heidi, ivan, mallory, startTwin, type Twin, textOf } from "./harness.ts"

const DomainName = "contoso.com"
const legacy = "contoso-com.mail.protection.outlook.com"

const run = (it: Twin, cmdlet: string, params: object = {}) =>
  Effect.map(it.allow(heidi, cmdlet, { DomainName, ...params }), ([row]) => row ?? {})
const refused = (it: Twin, cmdlet: string, params: object = {}) =>
  Effect.map(it.refuse(heidi, cmdlet, { DomainName, ...params }), ({ name }) => name)
const publish = (it: Twin, records: object) =>
  it.allow(heidi, "publish-dns-records", { domain: DomainName, ...records })
const route = (it: Twin) =>
  Effect.map(it.allow(ivan, "find-inbound-route", { domain: DomainName }), ([row]) => row ?? {})
const policyFor = (host: string, id = "1") => ({
  mtaStsRecord: `v=STSv1; id=${id};`,
  mtaStsFile: `version: STSv1\nmode: enforce\nmx: ${host}\nmax_age: 604800\n`,
})

/** As the set-up goes: signed zone, a host, its MX record. */
const prepared = Effect.fnUntraced(function* (seed: string) {
  const it = yield* startTwin(seed)
  yield* publish(it, { dnssec: "secure" })
  const host = textOf(yield* run(it, "Enable-DnssecForVerifiedDomain"), "DnssecMxValue")
  yield* publish(it, { mx: [{ host, preference: 0 }] })
  return { it, host }
})

describe("DNSSEC and DANE for mail that comes in", () => {
  it.effect("[EXO-224] gives a host below mx.microsoft, and the same one again", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("host")
      const row = yield* run(it, "Enable-DnssecForVerifiedDomain")
      assert.strictEqual(row["Result"], "Success")
      const host = textOf(row, "DnssecMxValue")
      assert.match(host, /^contoso-com\.[a-j]-v1\.mx\.microsoft$/)
      yield* run(it, "Disable-DnssecForVerifiedDomain")
      const again = yield* run(it, "Enable-DnssecForVerifiedDomain")
      assert.strictEqual(again["DnssecMxValue"], host)
    }),
  )

  it.effect("[EXO-225] refuses in the order of the set-up", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("order")
      const enable = "Enable-SmtpDaneInbound"
      assert.strictEqual(
        yield* refused(it, enable, { DomainName: "fabrikam.com" }),
        "accepted-domain",
      )
      const initial = { DomainName: "contoso.onmicrosoft.com" }
      assert.strictEqual(yield* refused(it, enable, initial), "domain-eligible")
      assert.strictEqual(
        yield* refused(it, "Enable-DnssecForVerifiedDomain", initial),
        "domain-eligible",
      )
      assert.strictEqual(yield* refused(it, enable), "dnssec-feature")
      const host = textOf(yield* run(it, "Enable-DnssecForVerifiedDomain"), "DnssecMxValue")
      const mxProblem = Effect.map(
        it.refuse(heidi, enable, { DomainName }),
        ({ details }) => details["mxProblem"] ?? "",
      )
      assert.include(yield* mxProblem, "No MX record points to")
      yield* publish(it, { mx: [{ host, preference: 20 }, { host: legacy }] })
      assert.include(yield* mxProblem, "Another MX record stands beside")
      yield* publish(it, { mx: [{ host, preference: 20 }] })
      assert.include(yield* mxProblem, "is 20 instead of 0 or 10")
      yield* publish(it, { mx: [{ host, preference: 10 }], ...policyFor(legacy) })
      assert.strictEqual(yield* refused(it, enable), "own-mta-sts-policy")
      yield* publish(
        it,
        policyFor("*.a-v1.mx.microsoft".replace("a", host.split(".")[1]?.[0] ?? "")),
      )
      yield* run(it, enable)
      assert.strictEqual((yield* run(it, "Get-SmtpDaneInboundStatus"))["Value"], "Enabled")
      assert.strictEqual(yield* refused(it, "Disable-DnssecForVerifiedDomain"), "dane-off")
      yield* run(it, "Disable-SmtpDaneInbound")
      assert.strictEqual((yield* run(it, "Get-SmtpDaneInboundStatus"))["Value"], "Disabled")
      const warned = yield* it.call(heidi, "Disable-DnssecForVerifiedDomain", { DomainName })
      assert.include(warned.warnings.join(), "still points to")
      assert.strictEqual((yield* it.refuse(mallory, enable, { DomainName })).name, "role")
    }),
  )

  it.effect("[EXO-225] compares what is published with what the service expects", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("status")
      const status = run(it, "Get-DnssecStatusForVerifiedDomain")
      assert.deepInclude(yield* status, {
        DnssecFeatureStatus: { Value: "Disabled" },
        ExpectedMxRecord: null,
      })
      const host = textOf(yield* run(it, "Enable-DnssecForVerifiedDomain"), "DnssecMxValue")
      const early = yield* status
      assert.deepInclude(early, { ExpectedMxRecord: { Record: `@ 60 IN MX 10 ${host}` } })
      assert.deepInclude(early["DnsValidation"], { DnssecSupport: "Invalid" })
      assert.deepInclude(early["MxValidation"], {
        Status: "Invalid",
        ActualMxRecords: [`@ 3600 IN MX 0 ${legacy}`],
      })
      assert.deepInclude(early["MtaStsValidation"], { Status: "Valid", MtaStsMode: "Unavailable" })
      yield* publish(it, {
        dnssec: "secure",
        mx: [{ host, preference: 10, ttlSeconds: 60 }],
        ...policyFor(legacy),
      })
      const late = yield* status
      assert.deepInclude(late["DnsValidation"], { DnssecSupport: "Valid" })
      assert.deepInclude(late["MxValidation"], {
        Status: "Valid",
        ActualMxRecords: [`@ 60 IN MX 10 ${host}`],
      })
      assert.deepInclude(late["MtaStsValidation"], {
        Status: "Invalid",
        MtaStsAvailable: true,
        MtaStsMode: "Enforce",
      })
      const skipped = yield* run(it, "Get-DnssecStatusForVerifiedDomain", {
        SkipDnsValidation: true,
        SkipMxValidation: true,
        SkipMtaStsValidation: true,
      })
      assert.deepInclude(skipped, {
        DnsValidation: null,
        MxValidation: null,
        MtaStsValidation: null,
      })
    }),
  )

  it.effect("[CRY-204] [EXO-224] keeps senders from a forged server only while DANE is on", () =>
    Effect.gen(function* () {
      const { it, host } = yield* prepared("attack")
      const fault = (name: string, on: boolean) =>
        it.allow(ivan, "switch-fault", { fault: name, on })
      assert.deepInclude(yield* route(it), { Host: host, Encrypted: true, Dane: false })
      yield* fault("tls-stripped", true)
      assert.deepInclude(yield* route(it), { Host: host, Encrypted: false })
      yield* run(it, "Enable-SmtpDaneInbound")
      const stripped = yield* it.refuse(ivan, "find-inbound-route", { domain: DomainName })
      assert.strictEqual(stripped.name, "dane-starttls")
      yield* fault("tls-stripped", false)
      const good = yield* route(it)
      assert.deepInclude(good, { Host: host, Encrypted: true, Dane: true })
      assert.match(textOf(good, "Tlsa"), /^3 1 1 [0-9a-f]{64}$/)
      yield* fault("dns-spoofed", true)
      const forged = yield* it.refuse(ivan, "find-inbound-route", { domain: DomainName })
      assert.strictEqual(forged.name, "dnssec")
      yield* fault("dns-spoofed", false)
      yield* run(it, "Disable-SmtpDaneInbound")
      assert.deepInclude(yield* route(it), { Host: host, Dane: false, Tlsa: null })
      yield* run(it, "Enable-SmtpDaneInbound")
      yield* fault("dns-spoofed", true)
      // Without a signed zone nobody can tell a forged answer, whatever the service publishes.
      yield* publish(it, { dnssec: "insecure" })
      assert.notStrictEqual((yield* route(it))["Host"], host)
    }),
  )

  it.effect("[EXO-225] loses mail for a host that was taken away, and finds the old one", () =>
    Effect.gen(function* () {
      const { it } = yield* prepared("back")
      yield* run(it, "Disable-DnssecForVerifiedDomain")
      const lost = yield* it.refuse(ivan, "find-inbound-route", { domain: DomainName })
      assert.strictEqual(lost.name, "destination")
      yield* publish(it, { mx: [{ host: legacy }] })
      assert.deepInclude(yield* route(it), { Host: legacy, Encrypted: true })
    }),
  )

  it.effect("[EXO-210] an own policy of MTA-STS protects the old host as well", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("sts")
      yield* publish(it, policyFor("*.mail.protection.outlook.com"))
      assert.deepInclude(yield* route(it), { Host: legacy, MtaSts: "enforce" })
      yield* it.allow(ivan, "switch-fault", { fault: "tls-stripped", on: true })
      const gate = yield* it.refuse(ivan, "find-inbound-route", { domain: DomainName })
      assert.strictEqual(gate.name, "mta-sts-certificate")
      yield* publish(it, { mtaStsRecord: null, mtaStsFile: null })
      assert.deepInclude(yield* route(it), { Encrypted: false, MtaSts: "none" })
    }),
  )

  it.effect("[EXO-224] is not there before the preview of July 2024", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("era", Date.UTC(2024, 5, 30))
      for (const cmdlet of [
        "Enable-DnssecForVerifiedDomain",
        "Get-DnssecStatusForVerifiedDomain",
        "Get-SmtpDaneInboundStatus",
      ]) {
        assert.strictEqual(yield* refused(it, cmdlet), "cmdlet-introduced")
      }
    }),
  )
})
