import { days, decideByGates, deny, gate, pass } from "@twin/kernel"
import { Effect, Result, Schema } from "effect"
import { certificateFrom } from "../certificates/Certificate.ts"
import { issueBelow } from "../certificates/simulatedAuthority.ts"
import type { CryptoEvent } from "../State.ts"
import type { MailDestination, MailHost, SendingServer } from "../transport/MailDestination.ts"
import { parseMtaStsFile, parseMtaStsRecord } from "../transport/MtaStsPolicy.ts"
import { parseTlsa, tlsaRecordOf } from "../transport/Tlsa.ts"
import { TlsVersion } from "../transport/TlsVersion.ts"
import { mailDestinationOf } from "../transport/transportLookup.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

const domainName = Schema.String.check(
  Schema.isPattern(/^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*$/),
).annotate({ description: "A domain outside, in lower case" })

const dnssec = Schema.Literals(["insecure", "secure", "bogus"]).annotate({
  description: "Whether DNS answers are signed; bogus: signed, and do not verify",
})

const certificate = Schema.Struct({
  names: Schema.optionalKey(
    Schema.Array(Schema.NonEmptyString).annotate({ description: "The host itself unless given" }),
  ),
  isTrusted: Schema.optionalKey(
    Schema.Boolean.annotate({
      description: "Below a root that everybody trusts; true unless given",
    }),
  ),
  expiresInDays: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: -3650, maximum: 3650 })),
  ),
  isRevoked: Schema.optionalKey(Schema.Boolean),
  hash: Schema.optionalKey(Schema.Literals(["sha1", "sha256", "sha384", "sha512"])),
})

const tlsaKind = Schema.Struct({
  usage: Schema.Literals([0, 1, 2, 3]),
  selector: Schema.Literals([0, 1]),
  matching: Schema.Literals([0, 1, 2]),
})

const host = Schema.Struct({
  host: text("Name of the server"),
  preference: Schema.optionalKey(Schema.Int),
  startTls: Schema.optionalKey(Schema.Boolean.annotate({ description: "true unless given" })),
  versions: Schema.optionalKey(Schema.Array(TlsVersion)),
  certificate: Schema.optionalKey(certificate),
  tlsa: Schema.optionalKey(
    Schema.Array(Schema.Union([tlsaKind, Schema.NonEmptyString])).annotate({
      description: "Records: computed from the certificate, or as text",
    }),
  ),
  dnssec: Schema.optionalKey(dnssec),
  tlsaAnswer: Schema.optionalKey(Schema.Literals(["answer", "servfail"])),
})
type HostWish = typeof host.Type

const sending = Schema.Struct({
  tls: Schema.optionalKey(
    Schema.Boolean.annotate({ description: "Speaks TLS where it is offered; true unless given" }),
  ),
  certificate: Schema.optionalKey(
    certificate.annotate({ description: "What the server shows as a client; none unless given" }),
  ),
  ipAddress: Schema.optionalKey(text("IPv4 address that the server connects from")),
})

const described = gate<{ readonly domain: string; readonly hosts: number }>()({
  name: "mail-destination",
  facts: ["CRY-200", "CRY-203", "CRY-204"],
  reads: ["domain", "hosts"],
  check: (found) => pass("The owner of the domain has set up its mail servers.", found),
})

export const describeMailDestination = cryptoOperation({
  name: "describe-mail-destination",
  summary:
    "Stands for what the owner of another domain does: mail servers, certificates, DNS records.",
  params: Schema.Struct({
    domain: domainName,
    hosts: Schema.Array(host),
    dnssec: Schema.optionalKey(dnssec),
    isExchangeOnline: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "The domain belongs to another tenant" }),
    ),
    sending: Schema.optionalKey(
      sending.annotate({ description: "How the domain's servers hand in mail" }),
    ),
  }),
  facts: ["CRY-199", "CRY-200", "CRY-204", "EXO-200"],
  decide: ({ world, now }, params) =>
    Effect.gen(function* () {
      const signing = params.dnssec ?? "insecure"
      const made = yield* Effect.forEach(params.hosts, (it) =>
        makeHost({ wish: it, domain: params.domain, dnssec: signing, now }),
      )
      const sender = yield* makeSender({ wish: params.sending, domain: params.domain, now })
      const before = mailDestinationOf(world, params.domain)
      const trustedRoots = [...made.flatMap((it) => it.trustedRoots), ...sender.trustedRoots]
      const destination: MailDestination = {
        domain: params.domain,
        isExchangeOnline: params.isExchangeOnline ?? false,
        hosts: made.map((it) => it.host),
        dnssec: signing,
        trustedRoots,
        revoked: [...made.flatMap((it) => it.revoked), ...sender.revoked],
        ...(sender.sending === undefined ? {} : { sending: sender.sending }),
        ...(before?.mtaStsRecord === undefined ? {} : { mtaStsRecord: before.mtaStsRecord }),
        ...(before?.mtaStsFile === undefined ? {} : { mtaStsFile: before.mtaStsFile }),
      }
      const event: CryptoEvent = { _tag: "MailDestinationDescribed", destination }
      return {
        decision: decideByGates([described], { domain: params.domain, hosts: made.length }),
        events: [event],
        output: made.map((it) => ({
          id: it.host.host,
          Host: it.host.host,
          Thumbprint: it.thumbprint,
          SerialNumber: it.serial,
          Tlsa: [...it.host.tlsa],
        })),
      }
    }),
})

interface Issuing {
  readonly wish: typeof certificate.Type
  /** The name in the certificate unless the wish says another. */
  readonly name: string
  readonly keyId: string
  readonly now: number
}

const issueFor = Effect.fnUntraced(function* ({ wish, name, keyId, now }: Issuing) {
  const isTrusted = wish.isTrusted ?? true
  const notAfter = now + days(wish.expiresInDays ?? 365)
  const names = wish.names ?? [name]
  const issued = yield* issueBelow({
    authority: isTrusted ? "public" : "unknown",
    keyId,
    commonName: names[0] ?? name,
    hosts: names,
    notBefore: Math.min(now, notAfter) - days(90),
    notAfter,
    ...(wish.hash === undefined ? {} : { hash: wish.hash }),
  })
  const chain = [...issued.chain, issued.root]
  const certificates = chain.map((pem) => Result.getOrThrow(certificateFrom(pem)))
  const serial = certificates[0]?.x509.serialNumber ?? ""
  return {
    chain,
    certificates,
    serial,
    trustedRoots: isTrusted ? [issued.root] : [],
    revoked: wish.isRevoked === true ? [serial] : [],
  }
})

interface HostQuestion {
  readonly wish: HostWish
  readonly domain: string
  readonly dnssec: MailDestination["dnssec"]
  readonly now: number
}

const makeHost = Effect.fnUntraced(function* (question: HostQuestion) {
  const { wish, domain, now } = question
  const { chain, certificates, serial, ...known } = yield* issueFor({
    wish: wish.certificate ?? {},
    name: wish.host,
    keyId: `mail-server/${domain}`,
    now,
  })
  const [leaf, root] = certificates
  const tlsa = (wish.tlsa ?? []).flatMap((it) => {
    if (typeof it === "string") return [it]
    const subject = it.usage === 0 || it.usage === 2 ? root : leaf
    return subject === undefined ? [] : [tlsaRecordOf(subject, it)]
  })
  const made: MailHost = {
    host: wish.host.toLowerCase(),
    preference: wish.preference ?? 10,
    hasStartTls: wish.startTls ?? true,
    versions: wish.versions ?? ["TLS 1.2"],
    chain,
    tlsa,
    dnssec: wish.dnssec ?? question.dnssec,
    tlsaAnswer: wish.tlsaAnswer ?? "answer",
  }
  const thumbprint = (leaf?.x509.fingerprint ?? "").replaceAll(":", "")
  return { ...known, host: made, thumbprint, serial }
})

interface SenderQuestion {
  readonly wish: typeof sending.Type | undefined
  readonly domain: string
  readonly now: number
}

const makeSender = Effect.fnUntraced(function* ({ wish, domain, now }: SenderQuestion) {
  if (wish === undefined) return { sending: undefined, trustedRoots: [], revoked: [] }
  const { certificate: given, ipAddress } = wish
  const issued =
    given === undefined
      ? undefined
      : yield* issueFor({ wish: given, name: domain, keyId: `mail-sender/${domain}`, now })
  const made: SendingServer = {
    hasTls: wish.tls ?? true,
    chain: issued?.chain ?? [],
    ...(ipAddress === undefined ? {} : { ipAddress }),
  }
  const { trustedRoots = [], revoked = [] } = issued ?? {}
  return { sending: made, trustedRoots, revoked }
})

interface PublishFacets {
  readonly domain: string
  readonly isKnown: boolean
  readonly problem: string
}

const known = gate<PublishFacets>()({
  name: "mail-destination",
  facts: ["CRY-203"],
  reads: ["domain", "isKnown"],
  check: ({ domain, isKnown }) =>
    isKnown
      ? pass("The domain has mail servers.", { domain })
      : deny("Nothing is known about this domain.", { domain }),
})

const wellFormed = gate<PublishFacets>()({
  name: "published-record",
  facts: ["CRY-203", "CRY-204"],
  reads: ["problem"],
  check: ({ problem }) =>
    problem === ""
      ? pass("What is published can be read.")
      : pass("What is published cannot be read, so senders will pass over it.", { problem }),
})

export const publishMtaSts = cryptoOperation({
  name: "publish-mta-sts-policy",
  summary:
    "Stands for what the owner of another domain does: publishes a policy for mail, or withdraws it.",
  params: Schema.Struct({
    domain: domainName,
    record: Schema.optionalKey(
      Schema.String.annotate({ description: "TXT record, for example v=STSv1; id=1;" }),
    ),
    file: Schema.optionalKey(Schema.String.annotate({ description: "The policy file" })),
  }),
  facts: ["CRY-203", "EXO-210"],
  decide: ({ world }, { domain, record, file }) => {
    const before = mailDestinationOf(world, domain)
    const id = record === undefined ? undefined : parseMtaStsRecord(record)
    const policy = file === undefined ? undefined : parseMtaStsFile(file)
    const problems = [
      ...(id !== undefined && Result.isFailure(id) ? [id.failure.message] : []),
      ...(policy !== undefined && Result.isFailure(policy) ? [policy.failure.message] : []),
    ]
    const decision = decideByGates([known, wellFormed], {
      domain,
      isKnown: before !== undefined,
      problem: problems.join(" "),
    })
    if (before === undefined) return { decision }
    const { mtaStsRecord: _, mtaStsFile: __, ...rest } = before
    const destination: MailDestination = {
      ...rest,
      ...(record === undefined ? {} : { mtaStsRecord: record }),
      ...(file === undefined ? {} : { mtaStsFile: file }),
    }
    return { decision, events: [{ _tag: "MailDestinationDescribed", destination }] }
  },
})

export const publishTlsa = cryptoOperation({
  name: "publish-tlsa-records",
  summary:
    "Stands for what the owner of another domain does: replaces the TLSA records of a server.",
  params: Schema.Struct({
    domain: domainName,
    host: text("Name of the server"),
    records: Schema.Array(Schema.NonEmptyString),
  }),
  facts: ["CRY-204"],
  decide: ({ world }, { domain, host: name, records }) => {
    const before = mailDestinationOf(world, domain)
    const isKnown = before?.hosts.some((it) => it.host === name.toLowerCase()) ?? false
    const problems = records.flatMap((it) => {
      const read = parseTlsa(it)
      return Result.isFailure(read) ? [read.failure.message] : []
    })
    const decision = decideByGates([known, wellFormed], {
      domain,
      isKnown,
      problem: problems.join(" "),
    })
    if (before === undefined || !isKnown) return { decision }
    const hosts = before.hosts.map((it) =>
      it.host === name.toLowerCase() ? { ...it, tlsa: [...records] } : it,
    )
    const destination: MailDestination = { ...before, hosts }
    return { decision, events: [{ _tag: "MailDestinationDescribed", destination }] }
  },
})
