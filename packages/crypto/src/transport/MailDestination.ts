import { Schema } from "effect"
import { TlsVersion } from "./TlsVersion.ts"

/** A mail server of a domain outside, as whoever connects to it meets it. */
export const MailHost = Schema.Struct({
  host: Schema.NonEmptyString,
  /** Lower comes first. */
  preference: Schema.Int,
  hasStartTls: Schema.Boolean,
  versions: Schema.Array(TlsVersion),
  /** What it presents: PEM, end entity first. */
  chain: Schema.Array(Schema.NonEmptyString),
  /** Records at `_25._tcp.<host>`, as text: usage, selector, matching type, data. */
  tlsa: Schema.Array(Schema.String),
  /** Whether the answer with its addresses and TLSA records is authentic by DNSSEC. */
  dnssec: Schema.Literals(["insecure", "secure", "bogus"]),
  /** What a question for the TLSA records is answered with; `servfail` includes no answer at all. */
  tlsaAnswer: Schema.Literals(["answer", "servfail"]),
})
export type MailHost = typeof MailHost.Type

/** How the servers of a domain hand in mail. */
export const SendingServer = Schema.Struct({
  /** Whether they speak TLS where it is offered. */
  hasTls: Schema.Boolean,
  /** The certificate they show when asked: PEM, end entity first; empty: none. */
  chain: Schema.Array(Schema.NonEmptyString),
  /** The IPv4 address they connect from; absent: nobody said. */
  ipAddress: Schema.optionalKey(Schema.NonEmptyString),
})
export type SendingServer = typeof SendingServer.Type

/** A domain outside: what its owner has published. */
export const MailDestination = Schema.Struct({
  domain: Schema.NonEmptyString,
  /** Also a tenant of Exchange Online: mail never leaves the service (CRY-199). */
  isExchangeOnline: Schema.Boolean,
  hosts: Schema.Array(MailHost),
  /** Authenticity of the MX answer. */
  dnssec: Schema.Literals(["insecure", "secure", "bogus"]),
  /** TXT record at `_mta-sts.<domain>`; absent: none. */
  mtaStsRecord: Schema.optionalKey(Schema.String),
  /** The file at `https://mta-sts.<domain>/.well-known/mta-sts.txt`; absent: it cannot be fetched. */
  mtaStsFile: Schema.optionalKey(Schema.String),
  /** Roots (PEM) that count as trusted by everybody. */
  trustedRoots: Schema.Array(Schema.NonEmptyString),
  /** Serial numbers that their authority has revoked. */
  revoked: Schema.Array(Schema.String),
  /** Absent: nobody described how the domain sends. */
  sending: Schema.optionalKey(SendingServer),
})
export type MailDestination = typeof MailDestination.Type
