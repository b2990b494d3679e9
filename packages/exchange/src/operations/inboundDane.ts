import {
  type CryptoServices,
  certificateFrom,
  inboundDomainOf,
  inboundRouteOf,
  issueBelow,
  legacyMxHost,
  type PublishedDomain,
  publishedDomainOf,
  securedMxHost,
  tlsaRecordOf,
} from "@twin/crypto"
import { isOwnDomain } from "@twin/identity"
import {
  type Call,
  commonParams,
  commonSwitches,
  days,
  exchangeAdminAudit,
  inForce,
  notRecognized,
  type OutputObject,
  operation,
  type Ruling,
  whatIfOutput,
} from "@twin/kernel"
import { Effect, Result, Schema } from "effect"
import { evaluateInboundDane, type InboundDaneFacets } from "../decisions/evaluateInboundDane.ts"
import { inboundDane } from "../eras.ts"
import { inboundDomainStatusOf, printedMx } from "../inboundDomainStatus.ts"
import type { LowerEvent } from "../LowerEvent.ts"
import type { ExchangeWorld } from "../State.ts"
import { transportAdminRoles, transportReaderRoles } from "./cmdlet.ts"
import { evaluateCmdletExists } from "./cmdletExists.ts"

const DomainName = Schema.NonEmptyString.annotate({ description: "An accepted domain" })

const facetsOf = (world: ExchangeWorld, domain: string): InboundDaneFacets => ({
  domain,
  isAccepted: isOwnDomain(world, domain),
  isInitial: domain.endsWith(".onmicrosoft.com"),
  ...inboundDomainStatusOf(world, domain),
})

/** A real certificate of the service, valid for years: its renewal keeps the key, so records stay. */
const certify = Effect.fnUntraced(function* (now: number, host: string) {
  const { chain, root } = yield* issueBelow({
    authority: "public",
    keyId: "service/inbound-mail",
    commonName: host,
    hosts: [host, "mail.protection.outlook.com"],
    notBefore: now - days(30),
    notAfter: now + days(3650),
  })
  return [...chain, root]
})

interface Change {
  readonly name: string
  readonly step: "enable-dnssec" | "disable-dnssec" | "enable-dane" | "disable-dane"
  readonly summary: string
  readonly apply: (
    call: Call<ExchangeWorld>,
    domain: string,
  ) => Effect.Effect<
    Pick<Ruling<LowerEvent>, "events" | "output" | "warnings">,
    never,
    CryptoServices
  >
}

/** A cmdlet that switches something for one domain, and says how it went. */
const switching = ({ name, step, summary, apply }: Change) =>
  operation({
    name,
    summary,
    params: Schema.Struct({ DomainName, ...commonParams }),
    roles: transportAdminRoles,
    roleRefusal: notRecognized(name),
    facts: ["EXO-224", "EXO-225"],
    binding: { positional: ["DomainName"], switches: commonSwitches },
    decide: Effect.fnUntraced(function* (
      call: Call<ExchangeWorld>,
      params,
    ): Effect.fn.Return<Ruling<LowerEvent>, never, CryptoServices> {
      const { world, now } = call
      if (inForce(inboundDane, now) === "absent") return { decision: evaluateCmdletExists(name) }
      const domain = params.DomainName.toLowerCase()
      const decision = evaluateInboundDane(step, facetsOf(world, domain))
      if (decision.outcome !== "allow") return { decision }
      if (params.WhatIf === true) return { decision, output: whatIfOutput(name, domain) }
      const changed = yield* apply(call, domain)
      return { decision, ...changed, audit: [exchangeAdminAudit(name, domain, params)] }
    }),
  })

const succeeded: OutputObject = { Result: "Success", ErrorData: null }

export const enableDnssec = switching({
  name: "Enable-DnssecForVerifiedDomain",
  step: "enable-dnssec",
  summary: "Gives a domain a mail host in a signed zone, and prints the name for the MX record.",
  apply: Effect.fnUntraced(function* ({ world, now, draw }, domain) {
    const before = inboundDomainOf(world, domain)
    // A domain keeps the host that it once got.
    const partition = "abcdefghij".charAt(Number(draw.digits(`mx partition ${domain}`, 1)))
    const mxHost = before?.mxHost ?? securedMxHost(domain, partition)
    const chain = before?.chain ?? (yield* certify(now, mxHost))
    const inbound = { domain, hasDane: false, ...before, hasDnssec: true, mxHost, chain }
    const output = [{ Result: "Success", DnssecMxValue: mxHost, ErrorData: null }]
    return { events: [{ _tag: "InboundDomainSet", inbound }], output }
  }),
})

export const disableDnssec = switching({
  name: "Disable-DnssecForVerifiedDomain",
  step: "disable-dnssec",
  summary: "Takes the mail host in the signed zone away from a domain.",
  apply: ({ world }, domain) => {
    const before = inboundDomainOf(world, domain)
    if (before === undefined) return Effect.succeed({ output: [succeeded] })
    const isInUse = publishedDomainOf(world, domain).mx.some(({ host }) => host === before.mxHost)
    return Effect.succeed({
      events: [{ _tag: "InboundDomainSet", inbound: { ...before, hasDnssec: false } }],
      output: [succeeded],
      warnings: isInUse
        ? [`The MX record of '${domain}' still points to '${before.mxHost}': mail is lost.`]
        : [],
    })
  },
})

export const enableDane = switching({
  name: "Enable-SmtpDaneInbound",
  step: "enable-dane",
  summary: "Publishes the TLSA record of a domain's mail host.",
  apply: ({ world }, domain) => {
    const before = inboundDomainOf(world, domain)
    const [pem = ""] = before?.chain ?? []
    const leaf = certificateFrom(pem)
    if (before === undefined || Result.isFailure(leaf)) return Effect.succeed({})
    const tlsa = tlsaRecordOf(leaf.success, { usage: 3, selector: 1, matching: 1 })
    const inbound = { ...before, hasDane: true, tlsa }
    return Effect.succeed({
      events: [{ _tag: "InboundDomainSet", inbound }],
      output: [succeeded],
      warnings:
        publishedDomainOf(world, domain).dnssec === "secure"
          ? []
          : [`The zone of '${domain}' is not signed, so no sender can use the record yet.`],
    })
  },
})

export const disableDane = switching({
  name: "Disable-SmtpDaneInbound",
  step: "disable-dane",
  summary: "Takes the TLSA record of a domain's mail host away.",
  apply: ({ world }, domain) => {
    const before = inboundDomainOf(world, domain)
    if (before === undefined) return Effect.succeed({ output: [succeeded] })
    const { tlsa: _, ...rest } = before
    const inbound = { ...rest, hasDane: false }
    return Effect.succeed({
      events: [{ _tag: "InboundDomainSet", inbound }],
      output: [succeeded],
    })
  },
})

const validity = (problem: string) => ({
  Status: problem === "" ? "Valid" : "Invalid",
  Errors: problem === "" ? [] : [problem],
  Warnings: [],
})

const skip = (description: string) => Schema.optionalKey(Schema.Boolean.annotate({ description }))

export const getDnssecStatus = operation({
  name: "Get-DnssecStatusForVerifiedDomain",
  summary: "Compares what is published about a domain with what DNSSEC for incoming mail needs.",
  params: Schema.Struct({
    DomainName,
    SkipDnsValidation: skip("Leaves the signatures of the zone out"),
    SkipMxValidation: skip("Leaves the MX record out"),
    SkipMtaStsValidation: skip("Leaves the policy of MTA-STS out"),
  }),
  roles: transportReaderRoles,
  roleRefusal: notRecognized("Get-DnssecStatusForVerifiedDomain"),
  facts: ["EXO-225"],
  binding: {
    positional: ["DomainName"],
    switches: ["SkipDnsValidation", "SkipMxValidation", "SkipMtaStsValidation"],
  },
  isReadOnly: true,
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const { name } = getDnssecStatus
    if (inForce(inboundDane, now) === "absent") return { decision: evaluateCmdletExists(name) }
    const domain = params.DomainName.toLowerCase()
    const facets = facetsOf(world, domain)
    const decision = evaluateInboundDane("look", facets)
    if (decision.outcome !== "allow") return { decision }
    const status = inboundDomainStatusOf(world, domain)
    const { hasDnssec, expectedHost, isZoneSigned, mtaStsMode } = status
    const unsigned = isZoneSigned ? "" : `The zone of '${domain}' is not signed.`
    const row: OutputObject = {
      DnssecFeatureStatus: { Value: hasDnssec ? "Enabled" : "Disabled" },
      ExpectedMxRecord: hasDnssec
        ? { Record: printedMx({ host: expectedHost, preference: 10, ttlSeconds: 60 }) }
        : null,
      DnsValidation:
        params.SkipDnsValidation === true
          ? null
          : {
              DnssecSupport: isZoneSigned ? "Valid" : "Invalid",
              Errors: validity(unsigned).Errors,
            },
      MxValidation:
        params.SkipMxValidation === true
          ? null
          : { ...validity(status.mxProblem), ActualMxRecords: [...status.actualMx] },
      MtaStsValidation:
        params.SkipMtaStsValidation === true
          ? null
          : {
              ...validity(status.mtaStsProblem),
              MtaStsAvailable: mtaStsMode !== "Unavailable",
              MtaStsMode: mtaStsMode,
            },
    }
    return { decision, output: [row] }
  },
})

export const getDaneStatus = operation({
  name: "Get-SmtpDaneInboundStatus",
  summary: "Shows whether the TLSA record of a domain's mail host is published.",
  params: Schema.Struct({ DomainName }),
  roles: transportReaderRoles,
  roleRefusal: notRecognized("Get-SmtpDaneInboundStatus"),
  facts: ["EXO-225"],
  binding: { positional: ["DomainName"] },
  isReadOnly: true,
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const { name } = getDaneStatus
    if (inForce(inboundDane, now) === "absent") return { decision: evaluateCmdletExists(name) }
    const domain = params.DomainName.toLowerCase()
    const facets = facetsOf(world, domain)
    const decision = evaluateInboundDane("look", facets)
    if (decision.outcome !== "allow") return { decision }
    return { decision, output: [{ Value: facets.hasDane ? "Enabled" : "Disabled" }] }
  },
})

const PublishDnsRecords = Schema.Struct({
  domain: DomainName,
  mx: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        host: Schema.NonEmptyString,
        preference: Schema.optionalKey(Schema.Int),
        ttlSeconds: Schema.optionalKey(Schema.Int),
      }),
    ).annotate({ description: "All MX records of the domain; preference 0 unless given" }),
  ),
  dnssec: Schema.optionalKey(
    Schema.Literals(["insecure", "secure", "bogus"]).annotate({
      description: "Whether the zone is signed; bogus: signed, and does not verify",
    }),
  ),
  mtaStsRecord: Schema.optionalKey(
    Schema.NullOr(Schema.String).annotate({ description: "TXT record; null takes it away" }),
  ),
  mtaStsFile: Schema.optionalKey(
    Schema.NullOr(Schema.String).annotate({ description: "The policy; null takes it away" }),
  ),
})
type PublishDnsRecords = typeof PublishDnsRecords.Type

export const publishDnsRecords = operation({
  name: "publish-dns-records",
  summary:
    "What an administrator does at the DNS host: MX records, signatures, the MTA-STS policy.",
  params: PublishDnsRecords,
  facts: ["EXO-210", "EXO-224", "EXO-225"],
  roles: transportAdminRoles,
  decide: Effect.fnUntraced(function* (
    { world, now }: Call<ExchangeWorld>,
    params: PublishDnsRecords,
  ): Effect.fn.Return<Ruling<LowerEvent>, never, CryptoServices> {
    const domain = params.domain.toLowerCase()
    const decision = evaluateInboundDane("look", facetsOf(world, domain))
    if (decision.outcome !== "allow") return { decision }
    const {
      mtaStsRecord: recordBefore,
      mtaStsFile: fileBefore,
      ...before
    } = publishedDomainOf(world, domain)
    const record = params.mtaStsRecord === undefined ? recordBefore : params.mtaStsRecord
    const file = params.mtaStsFile === undefined ? fileBefore : params.mtaStsFile
    const chain = before.chain.length > 0 ? before.chain : yield* certify(now, legacyMxHost(domain))
    const records: PublishedDomain = {
      ...before,
      chain,
      mx:
        params.mx?.map(({ host, preference = 0, ttlSeconds = 3600 }) => ({
          host: host.toLowerCase(),
          preference,
          ttlSeconds,
        })) ?? before.mx,
      dnssec: params.dnssec ?? before.dnssec,
      ...(typeof record === "string" ? { mtaStsRecord: record } : {}),
      ...(typeof file === "string" ? { mtaStsFile: file } : {}),
    }
    const published: LowerEvent = { _tag: "DomainRecordsPublished", records }
    const output = records.mx.map((it) => ({ id: it.host, Record: printedMx(it) }))
    return { decision, events: [published], output }
  }),
})

export const findInboundRoute = operation({
  name: "find-inbound-route",
  summary: "How a sender outside that asks for DANE and MTA-STS would reach the organization.",
  params: Schema.Struct({ domain: DomainName }),
  facts: ["CRY-203", "CRY-204", "EXO-224"],
  isReadOnly: true,
  decide: ({ world, now }: Call<ExchangeWorld>, params): Ruling<LowerEvent> => {
    const domain = params.domain.toLowerCase()
    const known = evaluateInboundDane("look", facetsOf(world, domain))
    if (known.outcome !== "allow") return { decision: known }
    const { decision, host, tls, isDaneUsed, mtaSts } = inboundRouteOf(world, domain, now)
    const row = {
      Domain: domain,
      Host: host ?? null,
      Encrypted: tls !== undefined,
      Dane: isDaneUsed,
      MtaSts: mtaSts.policy?.mode ?? "none",
      Tlsa: inboundDomainOf(world, domain)?.tlsa ?? null,
    }
    return { decision, output: [row] }
  },
})
