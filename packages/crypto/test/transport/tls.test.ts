import { assert, describe, it } from "@effect/vitest"
import { decidingGate, instant } from "@twin/kernel"
import { Schema } from "effect"
import { evaluateTlsConnection } from "../../src/decisions/evaluateTlsConnection.ts"
import {
  cipherSuiteOf,
  olderSuites,
  tls12Suites,
  tripleDesSuite,
} from "../../src/transport/CipherSuite.ts"
import { negotiateTls } from "../../src/transport/negotiateTls.ts"
import { isLegacyEndpointOpen, smtpTlsRefusal } from "../../src/transport/SmtpEndpoint.ts"
import {
  dotNetVersions,
  everySuite,
  unableClients,
  unableRowOf,
  usualGroups,
  windowsHello,
  winHttpVersions,
} from "../../src/transport/TlsClient.ts"
import {
  type CloudInstance,
  frontDoorSuites,
  olderTlsStatus,
  type PolicyQuestion,
  tlsDeprecations,
  tlsPolicyOf,
} from "../../src/transport/TlsPolicy.ts"
import {
  isAtLeastVersion,
  maskOfVersions,
  secureProtocolBits,
  type TlsVersion,
  tlsVersions,
  versionsOfMask,
} from "../../src/transport/TlsVersion.ts"

const now = instant("2026-09-01")
const before = (day: string) => instant(day) - 1

const connect = (versions: readonly TlsVersion[], question: Partial<PolicyQuestion> = {}) =>
  evaluateTlsConnection({
    cloud: "Worldwide",
    service: "ExchangeOnline",
    at: now,
    ...question,
    hello: { versions, suites: everySuite, groups: usualGroups },
    trust: {},
  })

describe("versions by cloud and day", () => {
  const disabled: readonly (readonly [CloudInstance, string])[] = [
    ["GCCHigh", "2020-01-15"],
    ["DoD", "2020-01-15"],
    ["Worldwide", "2020-10-15"],
    ["GCC", "2020-10-15"],
    ["21Vianet", "2023-06-30"],
  ]
  it.each(disabled)("[CRY-174] [EXO-202] %s refuses TLS 1.0 and 1.1 from %s on", (cloud, day) => {
    assert.strictEqual(tlsDeprecations.length, disabled.length)
    for (const version of ["TLS 1.0", "TLS 1.1"] as const) {
      assert.strictEqual(connect([version], { cloud, at: before(day) }).decision.outcome, "allow")
      const { decision } = connect([version], { cloud, at: instant(day) })
      assert.strictEqual(decision.outcome, "deny")
      assert.strictEqual(decidingGate(decision).name, "tls-version")
    }
    assert.strictEqual(olderTlsStatus(cloud, before("2018-10-31")), "supported")
    assert.strictEqual(olderTlsStatus(cloud, instant("2018-10-31")), "deprecated")
    assert.strictEqual(olderTlsStatus(cloud, instant(day)), "disabled")
  })

  it("[CRY-175] asks for TLS 1.2, and speaks TLS 1.3 where the service does", () => {
    assert.strictEqual(connect(["TLS 1.2"]).agreed?.version, "TLS 1.2")
    assert.strictEqual(connect(["TLS 1.2", "TLS 1.3"]).agreed?.version, "TLS 1.2")
    assert.strictEqual(
      connect(["TLS 1.2", "TLS 1.3"], { isTls13Enabled: true }).agreed?.version,
      "TLS 1.3",
    )
    assert.strictEqual(connect(["TLS 1.0", "TLS 1.1"]).decision.outcome, "deny")
    assert.strictEqual(connect([]).decision.outcome, "deny")
  })
})

const tripleDesFailure = (day: number) =>
  negotiateTls(
    { versions: ["TLS 1.2"], suites: [tripleDesSuite], groups: [] },
    tlsPolicyOf({ cloud: "Worldwide", service: "ExchangeOnline", at: day }),
  ).failed

const connectTeams = (windows: "Windows 7" | "Windows 8.1" | "Windows 10", at: number) =>
  evaluateTlsConnection({
    cloud: "Worldwide",
    service: "Teams",
    at,
    hello: windowsHello(
      { version: windows, hasKb3140245: true, defaultSecureProtocols: 0x800 },
      undefined,
    ),
    trust: {},
  })

describe("cipher suites", () => {
  it("[CRY-176] lists the suites of TLS 1.2 in the order of the server", () => {
    const rows = tls12Suites.map((it) => [it.keyExchange, it.hasForwardSecrecy, it.cipher])
    assert.deepStrictEqual(rows, [
      ["ECDH/192", true, "AES/256"],
      ["ECDH/128", true, "AES/128"],
      ["ECDH/192", true, "AES/256"],
      ["ECDH/128", true, "AES/128"],
      ["ECDH/192", true, "AES/256"],
      ["ECDH/128", true, "AES/128"],
      ["RSA/112", false, "AES/256"],
      ["RSA/112", false, "AES/128"],
    ])
    const { suites } = tlsPolicyOf({ cloud: "Worldwide", service: "ExchangeOnline", at: now })
    assert.deepStrictEqual(
      suites,
      [
        "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        "ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        "ECDHE_RSA_WITH_AES_256_CBC_SHA",
        "ECDHE_RSA_WITH_AES_128_CBC_SHA",
        "RSA_WITH_AES_256_GCM_SHA384",
        "RSA_WITH_AES_128_GCM_SHA256",
      ].map((it) => `TLS_${it}`),
    )
    for (const row of tls12Suites) {
      const suite = cipherSuiteOf(row.name)
      assert.strictEqual(suite?.hasForwardSecrecy, row.hasForwardSecrecy)
      assert.strictEqual(`AES/${suite?.keyBits}`, row.cipher)
      assert.strictEqual(row.authentication, "RSA/112")
    }
  })

  it.each(olderSuites)("[CRY-177] %s served every older version until the end of them", (suite) => {
    for (const version of ["TLS 1.0", "TLS 1.1", "TLS 1.2"] as const) {
      const hello = { versions: [version], suites: [suite], groups: usualGroups }
      const at = (day: number) =>
        negotiateTls(hello, tlsPolicyOf({ cloud: "Worldwide", service: "ExchangeOnline", at: day }))
      assert.strictEqual(at(before("2020-10-15")).failed, undefined)
      const isStillListed = version === "TLS 1.2" && suite.startsWith("TLS_ECDHE")
      assert.strictEqual(at(now).failed === undefined, isStillListed)
    }
    assert.strictEqual(olderSuites.length, 6)
  })

  it("[CRY-178] takes the first suite of the server that the client offers, or refuses", () => {
    for (const [index] of tls12Suites.entries()) {
      const offered = tls12Suites.slice(index).map(({ name }) => name)
      const hello = {
        versions: ["TLS 1.2"] as const,
        suites: offered.toReversed(),
        groups: usualGroups,
      }
      const policy = tlsPolicyOf({ cloud: "Worldwide", service: "ExchangeOnline", at: now })
      const answer = negotiateTls(hello, policy)
      assert.strictEqual(answer.failed === undefined && answer.agreed.suite, offered[0])
    }
    const { decision } = evaluateTlsConnection({
      cloud: "Worldwide",
      service: "ExchangeOnline",
      at: now,
      hello: { versions: ["TLS 1.2"], suites: ["TLS_RSA_WITH_RC4_128_MD5"], groups: [] },
      trust: {},
    })
    assert.strictEqual(decidingGate(decision).name, "cipher-suite")
    assert.strictEqual(decision.outcome, "deny")
  })

  it("[CRY-179] serves 3DES until the end of February 2019", () => {
    assert.strictEqual(tripleDesFailure(before("2019-02-28")), undefined)
    assert.strictEqual(tripleDesFailure(instant("2019-02-28")), "suite")
  })

  it("[CRY-181] asks for a suite of Front Door, and for a curve with TLS 1.3", () => {
    const early = instant("2021-06-01")
    assert.match(connectTeams("Windows 8.1", early).agreed?.suite ?? "", /DHE_RSA/)
    assert.strictEqual(
      connectTeams("Windows 7", early).agreed?.suite,
      "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    )
    assert.strictEqual(decidingGate(connectTeams("Windows 8.1", now).decision).name, "cipher-suite")
    assert.strictEqual(connectTeams("Windows 10", now).decision.outcome, "allow")
    assert.isTrue(
      tlsPolicyOf({ cloud: "Worldwide", service: "AzureFrontDoor", at: now }).name.endsWith(
        "TLSv1.2_2023",
      ),
    )
    assert.strictEqual(frontDoorSuites["TLSv1.2_2023"].length, 4)
    assert.strictEqual(
      connect(["TLS 1.2", "TLS 1.3"], { service: "AzureFrontDoor" }).agreed?.version,
      "TLS 1.3",
    )
    assert.strictEqual(connect(["TLS 1.1"], { service: "AzureFrontDoor" }).decision.outcome, "deny")
    for (const group of ["secp384r1", "secp256r1", "secp521r1", "x25519"]) {
      const { decision } = evaluateTlsConnection({
        cloud: "Worldwide",
        service: "AzureFrontDoor",
        at: now,
        hello: { versions: ["TLS 1.3"], suites: everySuite, groups: [group] },
        trust: {},
      })
      assert.strictEqual(decision.outcome, group === "x25519" ? "deny" : "allow", group)
      if (group === "x25519") assert.strictEqual(decidingGate(decision).name, "key-exchange-group")
    }
  })
})

const isUnable = (
  product: string,
  version: string,
  system = "",
  cloud: CloudInstance = "Worldwide",
) => unableRowOf({ product, version, system }, cloud) !== undefined

const canConnect = (versions: readonly TlsVersion[]) =>
  connect(versions).decision.outcome === "allow"

describe("clients", () => {
  it("[CRY-182] knows the clients that are unable to speak TLS 1.2", () => {
    assert.strictEqual(unableClients.length, 6)
    assert.isTrue(isUnable("Android", "4.3"))
    assert.isTrue(isUnable("android", "2.2"))
    assert.isFalse(isUnable("Android", "4.4"))
    assert.isTrue(isUnable("Firefox", "5.0"))
    assert.isFalse(isUnable("Firefox", "27"))
    for (const version of ["8", "9", "10"])
      assert.isTrue(isUnable("Internet Explorer", version, "Windows 7"))
    assert.isFalse(isUnable("Internet Explorer", "11", "Windows 7"))
    assert.isTrue(isUnable("Internet Explorer", "10", "Windows Phone 8"))
    assert.isTrue(isUnable("Internet Explorer", "8", "Windows XP"))
    assert.isTrue(isUnable("Safari", "6.0.4", "OS X 10.8.4"))
    assert.isFalse(isUnable("Safari", "7", "OS X 10.9"))
    assert.isTrue(isUnable("Lync Phone", "1", "", "GCCHigh"))
    assert.isTrue(isUnable("Lync Phone", "1", "", "DoD"))
    assert.isFalse(isUnable("Lync Phone", "1"))
  })

  it("[CRY-183] reads the bit mask of WinHTTP, bit by bit", () => {
    assert.deepStrictEqual(
      [...secureProtocolBits],
      [
        [0x08, "SSL 2.0"],
        [0x20, "SSL 3.0"],
        [0x80, "TLS 1.0"],
        [0x200, "TLS 1.1"],
        [0x800, "TLS 1.2"],
      ],
    )
    assert.deepStrictEqual(versionsOfMask(0xa80), ["TLS 1.0", "TLS 1.1", "TLS 1.2"])
    assert.deepStrictEqual(versionsOfMask(0xa00), ["TLS 1.1", "TLS 1.2"])
    assert.deepStrictEqual(versionsOfMask(0x880), ["TLS 1.0", "TLS 1.2"])
    assert.strictEqual(maskOfVersions(versionsOfMask(0xa80)), 0xa80)
  })

  it("[CRY-183] lets Windows 7 in with the update and the value, Windows 8 as it is", () => {
    assert.isFalse(canConnect(winHttpVersions({ version: "Windows 7" })))
    assert.isFalse(
      canConnect(winHttpVersions({ version: "Windows 7", defaultSecureProtocols: 0xa80 })),
    )
    const updated = { version: "Windows 7", hasKb3140245: true } as const
    assert.isFalse(canConnect(winHttpVersions(updated)))
    assert.isTrue(canConnect(winHttpVersions({ ...updated, defaultSecureProtocols: 0xa00 })))
    assert.isTrue(canConnect(winHttpVersions({ version: "Windows 8" })))
    const ten = winHttpVersions({ version: "Windows 10" })
    assert.isFalse(canConnect(dotNetVersions("4.5", false, ten)))
    assert.isTrue(canConnect(dotNetVersions("4.5", true, ten)))
    assert.isTrue(canConnect(dotNetVersions("4.8", false, ten)))
  })
})

describe("authenticated submission", () => {
  it("[CRY-184] [EXO-201] tells an older client to upgrade", () => {
    const { decision } = connect(["TLS 1.1"], { service: "SmtpSubmission" })
    assert.deepStrictEqual(decidingGate(decision).refusal, smtpTlsRefusal)
    assert.strictEqual(
      smtpTlsRefusal.message,
      "421 4.7.66 TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to support TLS 1.2. Visit https://aka.ms/smtp_auth_tls",
    )
  })

  it("[CRY-185] opens the legacy endpoint for the clouds and days that have one", () => {
    const rows: readonly (readonly [CloudInstance, string, boolean])[] = [
      ["Worldwide", "2026-09-01", true],
      ["GCC", "2026-09-01", false],
      ["GCCHigh", "2022-01-01", false],
      ["DoD", "2022-01-01", false],
      ["21Vianet", "2023-06-29", true],
      ["21Vianet", "2023-06-30", false],
    ]
    for (const [cloud, day, isOpen] of rows) {
      const at = instant(day)
      assert.strictEqual(isLegacyEndpointOpen(true, cloud, at), isOpen, `${cloud} ${day}`)
      assert.isFalse(isLegacyEndpointOpen(false, cloud, at))
    }
    const legacy = { service: "SmtpLegacySubmission", isLegacyEndpointOpen: true } as const
    assert.strictEqual(connect(["TLS 1.0"], legacy).decision.outcome, "allow")
    const normal = { service: "SmtpSubmission", isLegacyEndpointOpen: true } as const
    assert.strictEqual(connect(["TLS 1.0"], normal).decision.outcome, "deny")
  })
})

describe("whatever both bring along", () => {
  const suites = Schema.Array(
    Schema.Literals([...everySuite.slice(0, 12), tripleDesSuite, "TLS_X"]),
  )
  it.prop(
    "what is agreed was offered by both and never lies below the minimum",
    {
      versions: Schema.Array(Schema.Literals(tlsVersions)),
      suites,
      groups: Schema.Array(Schema.Literals(["secp256r1", "secp384r1", "secp521r1", "x25519"])),
      isTls13Enabled: Schema.Boolean,
      service: Schema.Literals(["ExchangeOnline", "Teams", "SmtpSubmission"]),
    },
    ({ isTls13Enabled, service, ...hello }) => {
      const policy = tlsPolicyOf({ cloud: "Worldwide", service, at: now, isTls13Enabled })
      const answer = negotiateTls(hello, policy)
      if (answer.failed !== undefined) return
      const { version, suite, group } = answer.agreed
      assert.isTrue(hello.versions.includes(version) && policy.versions.includes(version))
      assert.isTrue(hello.suites.some((it) => it === suite) && policy.suites.includes(suite))
      assert.isTrue(isAtLeastVersion(version, "TLS 1.2"))
      if (hello.groups.length > 0 && group !== "")
        assert.isTrue(hello.groups.some((it) => it === group))
    },
  )
})
