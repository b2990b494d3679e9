import { assert, describe, it } from "@effect/vitest"
import { hours, type OutputObject } from "@twin/kernel"
import { Effect } from "effect"
import { heidi, ivan, mallory, startTwin, type Twin } from "./harness.ts"

const domain = "fabrikam.com"
const mx = "mail.fabrikam.com"
const file = (mode: string, host = mx) =>
  `version: STSv1\nmode: ${mode}\nmx: ${host}\nmax_age: 604800\n`

const describeHost = (it: Twin, host: object = {}, more: object = {}) =>
  it.allow(ivan, "describe-mail-destination", { domain, hosts: [{ host: mx, ...host }], ...more })
const send = (it: Twin, params: object = {}) =>
  it.allow(heidi, "send-over-smtp", { domain, ...params })
const refused = (it: Twin, params: object = {}) =>
  it.refuse(heidi, "send-over-smtp", { domain, ...params })
const faultOn = (it: Twin, fault: string, isOn = true) =>
  it.allow(ivan, "switch-fault", { fault, on: isOn })
const connector = (it: Twin, params: object) =>
  it.allow(heidi, "New-OutboundConnector", {
    Name: "Partner",
    RecipientDomains: [domain],
    ...params,
  })
const row = (rows: readonly OutputObject[]) => rows[0] ?? {}
const dane = { dnssec: "secure" }
const tlsa = (usage: number, selector = 1, matching = 1) => ({
  tlsa: [{ usage, selector, matching }],
})

const readableHops = (rows: readonly OutputObject[]) => rows.map((it) => it["ContentReadable"])

describe("without a connector", () => {
  it.effect(
    "[CRY-200] [CRY-202] [EXO-196] takes TLS where there is some, and goes in clear without",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("opportunistic")
        yield* describeHost(it)
        assert.deepInclude(row(yield* send(it)), { Encrypted: true, TlsVersion: "TLS 1.2" })
        assert.strictEqual(row(yield* send(it))["ForwardSecrecy"], true)
        yield* describeHost(it, { startTls: false })
        assert.deepInclude(row(yield* send(it)), { Encrypted: false, Status: "Sent" })
        yield* describeHost(it, { versions: ["TLS 1.0", "TLS 1.1"] })
        assert.deepInclude(row(yield* send(it)), { Encrypted: false, Status: "Sent" })
        assert.strictEqual((yield* refused(it, { requireTls: true })).name, "connector-encryption")
        assert.strictEqual((yield* refused(it, { domain: "nowhere.example" })).name, "destination")
      }),
  )

  it.effect(
    "[CRY-199] [EXO-197] keeps TLS with forward secrecy between tenants, whatever happens",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("inside")
        yield* describeHost(it, { startTls: false }, { isExchangeOnline: true })
        yield* faultOn(it, "tls-stripped")
        assert.deepInclude(row(yield* send(it)), {
          Encrypted: true,
          TlsVersion: "TLS 1.2",
          ForwardSecrecy: true,
        })
      }),
  )

  it.effect(
    "[CRY-198] shows the content on a hop in clear, unless the message is encrypted itself",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("hops")
        yield* describeHost(it)
        const hosts = [{ host: "mail.tailspin.com", startTls: false }]
        yield* it.allow(ivan, "describe-mail-destination", { domain: "tailspin.com", hosts })
        const path = [domain, "tailspin.com"]
        assert.deepStrictEqual(readableHops(yield* it.allow(heidi, "follow-mail", { path })), [
          false,
          true,
        ])
        const own = { path, isMessageEncrypted: true }
        assert.deepStrictEqual(readableHops(yield* it.allow(heidi, "follow-mail", own)), [
          false,
          false,
        ])
      }),
  )
})

describe("connectors", () => {
  const bad = { isTrusted: false }
  const cases: readonly (readonly [string, object, object, string])[] = [
    ["EncryptionOnly", { startTls: false }, {}, "connector-encryption"],
    ["EncryptionOnly", { certificate: bad }, {}, ""],
    ["CertificateValidation", { startTls: false }, {}, "connector-encryption"],
    ["CertificateValidation", { certificate: bad }, {}, "connector-certificate"],
    ["CertificateValidation", { certificate: { expiresInDays: -1 } }, {}, "connector-certificate"],
    ["CertificateValidation", { certificate: { isRevoked: true } }, {}, "connector-certificate"],
    ["CertificateValidation", { certificate: { names: ["other.example"] } }, {}, ""],
    ["DomainValidation", {}, { TlsDomain: "*.fabrikam.com" }, ""],
    ["DomainValidation", {}, { TlsDomain: mx }, ""],
    [
      "DomainValidation",
      { certificate: { names: ["other.example"] } },
      { TlsDomain: "*.fabrikam.com" },
      "connector-domain",
    ],
    ["DomainValidation", { certificate: bad }, { TlsDomain: mx }, "connector-certificate"],
  ]
  it.effect.each(cases)("[CRY-201] [EXO-199] %s with %j: %j %s", ([level, host, more, gate]) =>
    Effect.gen(function* () {
      const it = yield* startTwin("levels")
      yield* describeHost(it, host)
      yield* connector(it, { TlsSettings: level, ...more })
      if (gate === "") assert.strictEqual(row(yield* send(it))["Encrypted"], true)
      else assert.strictEqual((yield* refused(it)).name, gate)
    }),
  )

  it.effect(
    "[CRY-201] defaults to nothing asked, and refuses settings that do not belong together",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("connectors")
        const made = row(yield* connector(it, {}))
        assert.deepInclude(made, {
          TlsSettings: null,
          TlsDomain: null,
          UseMXRecord: true,
          Enabled: true,
          SmtpDaneMode: "Opportunistic",
          MtaStsMode: "Opportunistic",
        })
        const gate = (params: object) =>
          Effect.map(
            it.refuse(heidi, "New-OutboundConnector", { Name: "B", ...params }),
            (it) => it.name,
          )
        assert.strictEqual(yield* gate({ Name: "partner" }), "connector-name")
        assert.strictEqual(yield* gate({ Name: "x".repeat(65) }), "connector-name")
        assert.strictEqual(yield* gate({ RecipientDomains: ["a.*.example"] }), "connector-domains")
        assert.strictEqual(yield* gate({ TlsSettings: "DomainValidation" }), "connector-tls")
        assert.strictEqual(yield* gate({ UseMXRecord: false }), "connector-route")
        assert.strictEqual(
          (yield* it.refuse(mallory, "New-OutboundConnector", { Name: "C" })).name,
          "role",
        )
        yield* it.allow(heidi, "Set-OutboundConnector", {
          Identity: "Partner",
          TlsSettings: "EncryptionOnly",
        })
        const [read] = yield* it.allow(heidi, "Get-OutboundConnector", { Identity: "Partner" })
        assert.strictEqual(read?.["TlsSettings"], "EncryptionOnly")
        yield* it.allow(heidi, "Remove-OutboundConnector", { Identity: "Partner" })
        assert.strictEqual(
          (yield* it.refuse(heidi, "Get-OutboundConnector", { Identity: "Partner" })).name,
          "connector",
        )
      }),
  )

  it.effect(
    "[CRY-201] [EXO-198] with -WhatIf connectors stay as they are, and nothing is audited",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("what if")
        yield* it.allow(heidi, "New-OutboundConnector", { Name: "Partner" })
        yield* it.allow(heidi, "New-InboundConnector", { Name: "Partner", SenderDomains: ["*"] })
        const before = [yield* it.world, (yield* it.records).length] as const
        for (const kind of ["InboundConnector", "OutboundConnector"]) {
          for (const [cmdlet, params] of [
            [`New-${kind}`, { Name: "Other", SenderDomains: ["*"] }],
            [`Set-${kind}`, { Identity: "Partner", Comment: "changed" }],
            [`Remove-${kind}`, { Identity: "Partner" }],
          ] as const) {
            const { SenderDomains: _inboundOnly, ...others } = { SenderDomains: [], ...params }
            const given = kind === "InboundConnector" ? params : others
            const [told] = yield* it.allow(heidi, cmdlet, { ...given, WhatIf: true })
            assert.match(JSON.stringify(told), new RegExp(`"What if: .*${cmdlet}`))
          }
        }
        const { crypto } = yield* it.world
        assert.deepStrictEqual(crypto.transport, before[0].crypto.transport)
        for (const { events, audit } of (yield* it.records).slice(before[1])) {
          assert.isEmpty([...events, ...audit])
        }
      }),
  )

  it.effect("[CRY-186] leaves only partners and own servers to care for certificates", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("duties")
      const duties = Effect.map(it.allow(heidi, "list-certificate-duties", {}), (rows) =>
        rows.map((it) => it["RenewedBy"]),
      )
      assert.deepStrictEqual(yield* duties, ["Microsoft"])
      yield* connector(it, { TlsSettings: "CertificateValidation" })
      assert.deepStrictEqual(yield* duties, ["Microsoft", "Microsoft", "Partner"])
      yield* connector(it, { Name: "Hybrid", ConnectorType: "OnPremises", RecipientDomains: ["*"] })
      assert.deepStrictEqual(yield* duties, ["Microsoft", "Microsoft", "Partner", "Tenant"])
    }),
  )

  it.effect("[CRY-180] refuses a chain that rests on SHA-1", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("sha1")
      yield* connector(it, { TlsSettings: "CertificateValidation" })
      yield* describeHost(it, { certificate: { hash: "sha1" } })
      assert.strictEqual((yield* refused(it)).details["chainProblem"], "WeakSignature")
      yield* describeHost(it)
      assert.strictEqual(row(yield* send(it))["Encrypted"], true)
    }),
  )
})

const publishPolicy = (it: Twin, mode: string, host = mx, id = "1") =>
  it.allow(ivan, "publish-mta-sts-policy", {
    domain,
    record: `v=STSv1; id=${id};`,
    file: file(mode, host),
  })

describe("MTA-STS", () => {
  it.effect(
    "[CRY-203] [EXO-206] [EXO-207] [EXO-208] enforces what the recipient's policy says",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("sts")
        yield* describeHost(it, { certificate: { isTrusted: false } })
        yield* publishPolicy(it, "testing", "*.other.example")
        assert.strictEqual(row(yield* send(it))["Status"], "Sent")
        yield* publishPolicy(it, "enforce", "*.other.example", "2")
        const unlisted = yield* refused(it)
        assert.strictEqual(
          unlisted.refusal?.message,
          "4.4.8 MX hosts of 'fabrikam.com' failed MTA-STS validation.",
        )
        yield* publishPolicy(it, "enforce", "*.fabrikam.com", "3")
        const untrusted = yield* refused(it)
        assert.match(
          untrusted.refusal?.message ?? "",
          /^4\.7\.5 Remote certificate failed MTA-STS validation/,
        )
        yield* describeHost(it, { certificate: { names: ["other.example"] } })
        assert.strictEqual((yield* refused(it)).details["problem"], "SubjectMismatch")
        yield* describeHost(it)
        assert.deepInclude(row(yield* send(it)), {
          MtaSts: "enforce",
          MtaStsSource: "cache",
          Encrypted: true,
        })
        yield* publishPolicy(it, "none", mx, "4")
        yield* faultOn(it, "tls-stripped")
        assert.strictEqual(row(yield* send(it))["Encrypted"], false)
      }),
  )

  it.effect(
    "[CRY-203] holds on to a remembered policy when somebody forges DNS or strips TLS",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("sts cache")
        yield* describeHost(it)
        yield* publishPolicy(it, "enforce")
        yield* send(it)
        yield* faultOn(it, "dns-spoofed")
        assert.strictEqual((yield* refused(it)).name, "mta-sts-host")
        yield* faultOn(it, "dns-spoofed", false)
        yield* faultOn(it, "tls-stripped")
        assert.strictEqual((yield* refused(it)).name, "mta-sts-certificate")
        yield* it.advance(hours(24 * 8))
        yield* it.allow(ivan, "publish-mta-sts-policy", { domain })
        assert.strictEqual(row(yield* send(it))["Encrypted"], false)
      }),
  )

  it.effect("[CRY-203] returns the mail with the final code after a day of tries", () =>
    Effect.gen(function* () {
      const it = yield* startTwin("ndr")
      yield* describeHost(it)
      yield* publishPolicy(it, "enforce", "*.other.example")
      yield* refused(it)
      const records = yield* it.advance(hours(25))
      const returned = records.find(({ operation }) => operation === "mail-returned")
      assert.include(JSON.stringify(returned), "5.4.8 MX hosts of 'fabrikam.com'")
      // Two quarters of an hour, then every hour (EXO-217).
      assert.strictEqual(
        records.filter(({ operation }) => operation === "mail-deferred").length,
        25,
      )
      assert.deepStrictEqual(yield* it.allow(heidi, "list-mail-queue", {}), [])
    }),
  )
})

describe("DANE", () => {
  const codes: readonly (readonly [string, object, object, string, string])[] = [
    [
      "no STARTTLS",
      { startTls: false, ...tlsa(3) },
      dane,
      "dane-starttls",
      "4.7.321 starttls-not-supported: Destination mail server must support TLS to receive mail.",
    ],
    [
      "expired",
      { certificate: { expiresInDays: -1 }, ...tlsa(3) },
      dane,
      "dane-certificate",
      "4.7.322 certificate-expired: Destination mail server's certificate is expired.",
    ],
    [
      "no match",
      { tlsa: [`3 1 1 ${"00".repeat(32)}`] },
      dane,
      "dane-certificate",
      "4.7.323 tlsa-invalid: The domain failed DANE validation.",
    ],
    [
      "bogus",
      tlsa(3),
      { dnssec: "bogus" },
      "dnssec",
      "4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records",
    ],
    [
      "servfail",
      { ...tlsa(3), tlsaAnswer: "servfail" },
      dane,
      "dnssec",
      "4.7.324 dnssec-invalid: Destination domain returned invalid DNSSEC records",
    ],
    [
      "name",
      { certificate: { names: ["other.example"] }, ...tlsa(2) },
      dane,
      "dane-certificate",
      "4.7.325 certificate-host-mismatch: Remote certificate MUST have a common name or subject alternative name matching the hostname (DANE)",
    ],
  ]
  it.effect.each(codes)("[CRY-204] [EXO-220] says why: %s", ([, host, more, gate, message]) =>
    Effect.gen(function* () {
      const it = yield* startTwin("dane codes")
      yield* describeHost(it, host, more)
      const found = yield* refused(it)
      assert.strictEqual(found.name, gate)
      assert.strictEqual(found.refusal?.message, message)
      const records = yield* it.advance(hours(24))
      const returned = records.find(({ operation }) => operation === "mail-returned")
      assert.include(JSON.stringify(returned), message.replace(/^4/, "5"))
    }),
  )

  it.effect(
    "[CRY-204] [EXO-218] matches real certificates by every selector and matching type",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("dane match")
        for (const usage of [2, 3]) {
          for (const selector of [0, 1]) {
            for (const matching of [0, 1, 2]) {
              yield* describeHost(
                it,
                { certificate: { isTrusted: false }, ...tlsa(usage, selector, matching) },
                dane,
              )
              const sent = row(yield* send(it))
              assert.deepInclude(
                sent,
                { Dane: true, Encrypted: true },
                `${usage} ${selector} ${matching}`,
              )
            }
          }
        }
        yield* describeHost(it, tlsa(1), dane)
        assert.strictEqual(row(yield* send(it))["Dane"], true)
        yield* describeHost(it, { startTls: false, ...tlsa(1) }, dane)
        assert.strictEqual((yield* refused(it)).name, "dane-starttls")
        yield* describeHost(it, { startTls: false, tlsa: [`3 1 1 ${"00".repeat(32)}`] })
        assert.deepInclude(row(yield* send(it)), { Dane: false, Encrypted: false })
      }),
  )

  it.effect(
    "[CRY-204] never sends to a forged server for a signed domain, and goes on by itself afterwards",
    () =>
      Effect.gen(function* () {
        const it = yield* startTwin("dane forged")
        yield* describeHost(it, tlsa(3), dane)
        yield* faultOn(it, "dns-spoofed")
        assert.strictEqual((yield* refused(it)).name, "dnssec")
        yield* faultOn(it, "dns-spoofed", false)
        const records = yield* it.advance(hours(1))
        assert.deepStrictEqual(
          records.map(({ operation }) => operation),
          ["mail-sent-after-retry"],
        )
      }),
  )
})
