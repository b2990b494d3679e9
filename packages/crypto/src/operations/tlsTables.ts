import type { OutputObject } from "@twin/kernel"
import { Schema } from "effect"
import {
  authorityChanges,
  chainOf,
  formerAuthorities,
  searchAuthorities,
} from "../certificates/CertificateAuthority.ts"
import { revocationHosts } from "../certificates/revocationHosts.ts"
import { cipherSuiteOf, tls12Suites } from "../transport/CipherSuite.ts"
import {
  CloudInstance,
  FrontDoorPolicy,
  olderTlsStatus,
  TlsService,
  tlsDeprecations,
  tlsPolicyOf,
  tlsTimeline,
} from "../transport/TlsPolicy.ts"
import { cryptoOperation } from "./cryptoOperation.ts"
import { published } from "./tlsConnection.ts"

export const showTlsPolicy = cryptoOperation({
  name: "show-tls-policy",
  summary:
    "Shows which versions and cipher suites a service of a cloud accepts today, in its order.",
  params: Schema.Struct({
    cloud: Schema.optionalKey(CloudInstance),
    service: Schema.optionalKey(TlsService),
    frontDoorPolicy: Schema.optionalKey(FrontDoorPolicy),
    isTls13Enabled: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-174", "CRY-175", "CRY-176", "CRY-177", "CRY-179", "CRY-181"],
  isReadOnly: true,
  decide: ({ now }, params) => {
    const { cloud = "Worldwide", service = "ExchangeOnline" } = params
    const policy = tlsPolicyOf({ ...params, cloud, service, at: now })
    const rows = policy.suites.map((name, index): OutputObject => {
      const printed = tls12Suites.find((it) => it.name === name)
      const suite = cipherSuiteOf(name)
      return {
        Order: index + 1,
        Name: name,
        KeyExchange: printed?.keyExchange ?? suite?.keyExchange ?? "",
        ForwardSecrecy: suite?.hasForwardSecrecy ?? false,
        Cipher: printed?.cipher ?? suite?.cipher ?? "",
        Authentication: printed?.authentication ?? suite?.authentication ?? "",
        Versions: [...policy.versions],
        OlderTls: olderTlsStatus(cloud, now),
      }
    })
    return { decision: published, output: rows }
  },
})

export const showTlsTimeline = cryptoOperation({
  name: "show-tls-timeline",
  summary:
    "Shows when versions, suites and authorities came and went, and where each cloud stands.",
  params: Schema.Struct({}),
  facts: ["CRY-174", "CRY-179", "CRY-190"],
  isReadOnly: true,
  decide: ({ now }) => {
    const clouds = tlsDeprecations.map((row) => ({
      Day: row.disabled,
      What: `TLS 1.0 and 1.1 end in ${row.cloud}`,
      Cloud: row.cloud,
      Deprecated: row.deprecated,
      Disabled: row.disabled,
      Status: olderTlsStatus(row.cloud, now),
    }))
    const days = [...tlsTimeline, ...authorityChanges].map(({ day, what }) => ({
      Day: day,
      What: what,
    }))
    const output = [...clouds, ...days].toSorted((a, b) =>
      a.Day < b.Day ? -1 : a.Day > b.Day ? 1 : 0,
    )
    return { decision: published, output }
  },
})

export const findCertificateAuthority = cryptoOperation({
  name: "find-certificate-authority",
  summary: "Searches the published list of certificate authorities by name, serial or thumbprint.",
  params: Schema.Struct({
    name: Schema.optionalKey(Schema.String.annotate({ description: "Part of a name" })),
    parent: Schema.optionalKey(Schema.String),
    serial: Schema.optionalKey(Schema.String.annotate({ description: "Hexadecimal" })),
    thumbprint: Schema.optionalKey(Schema.String.annotate({ description: "SHA-1, hexadecimal" })),
    isRoot: Schema.optionalKey(Schema.Boolean),
    list: Schema.optionalKey(
      Schema.Literals(["Worldwide", "Government"]).annotate({
        description: "Government: GCC High and DoD; worldwide unless given",
      }),
    ),
    includesRemoved: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-188", "CRY-189", "CRY-190", "CRY-197"],
  isReadOnly: true,
  decide: ({ now }, { includesRemoved = false, ...search }) => {
    const found = searchAuthorities({ ...search, at: includesRemoved ? undefined : now })
    const rows = found.map(
      (it): OutputObject => ({
        Name: it.name,
        Parent: it.parent ?? "",
        SerialNumber: it.serial,
        Thumbprint: it.thumbprint,
        CrossSigned: it.isCrossSigned,
        Removed: it.removed ?? "",
        Expires: it.expires ?? "",
        Chain: chainOf(it, search.list).map(({ name }) => name),
      }),
    )
    const isPlain = search.serial === undefined && search.thumbprint === undefined
    const former = formerAuthorities.filter(
      ({ name }) =>
        includesRemoved &&
        isPlain &&
        search.list !== "Government" &&
        name.toLowerCase().includes((search.name ?? "").toLowerCase()),
    )
    const gone = former.map(({ name, removed }): OutputObject => ({ Name: name, Removed: removed }))
    return { decision: published, output: [...rows, ...gone] }
  },
})

export const listRevocationHosts = cryptoOperation({
  name: "list-revocation-hosts",
  summary:
    "Lists what a firewall has to let through on port 80 so that certificates can be checked.",
  params: Schema.Struct({}),
  facts: ["CRY-195"],
  isReadOnly: true,
  decide: () => ({
    decision: published,
    output: Object.entries(revocationHosts).flatMap(([Purpose, hosts]) =>
      hosts.map((Host): OutputObject => ({ Purpose, Host, Port: 80 })),
    ),
  }),
})
