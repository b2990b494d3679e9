import {
  connectorFor,
  mailQueueOf,
  outboundConnectorsOf,
  policyEventsOf,
  type QueuedMail,
} from "@twin/crypto"
import {
  type Call,
  decideByGates,
  gate,
  type OutputObject,
  operation,
  pass,
  type Ruling,
  refusalOf,
} from "@twin/kernel"
import { Schema } from "effect"
import type { LowerEvent } from "../LowerEvent.ts"
import { expiryOf, nextTryAt } from "../mail-flow/mailQueue.ts"
import { nextHopOf } from "../mail-flow/nextHop.ts"
import type { ExchangeWorld } from "../State.ts"

const text = (description: string) => Schema.NonEmptyString.annotate({ description })

export const sendOverSmtp = operation({
  name: "send-over-smtp",
  summary:
    "Hands a mail to the servers of another domain; what cannot go now waits and is tried again.",
  params: Schema.Struct({
    domain: text("Domain of the recipient"),
    requireTls: Schema.optionalKey(
      Schema.Boolean.annotate({ description: "A mail flow rule asks for TLS" }),
    ),
  }),
  facts: ["CRY-199", "CRY-200", "CRY-201", "CRY-202", "CRY-203", "CRY-204"],
  decide: (
    { world, now, actor, draw }: Call<ExchangeWorld>,
    { domain, requireTls = false },
  ): Ruling<LowerEvent> => {
    const outbound = nextHopOf(world, { domain, now, isTlsRequired: requireTls })
    const { decision, tls, host } = outbound
    const remembered = policyEventsOf(outbound)
    const row: OutputObject = {
      Domain: domain,
      Host: host ?? null,
      Encrypted: tls !== undefined,
      TlsVersion: tls?.version ?? null,
      CipherSuite: tls?.suite ?? null,
      ForwardSecrecy: tls?.hasForwardSecrecy ?? null,
      Dane: outbound.isDaneUsed,
      MtaSts: outbound.mtaSts.policy?.mode ?? "none",
      MtaStsSource: outbound.mtaSts.source,
    }
    if (decision.outcome === "allow") {
      return { decision, events: remembered, output: [{ ...row, Status: "Sent" }] }
    }
    const mail: QueuedMail = {
      id: draw.guid("queued mail"),
      from: actor.id,
      domain: domain.toLowerCase(),
      firstTriedAt: now,
      tries: 1,
      nextTryAt: nextTryAt({ tries: 1 }, now),
      isTlsRequired: requireTls,
    }
    const queued: LowerEvent = { _tag: "MailQueued", mail }
    const status = { Status: "Queued", LastError: refusalOf(decision)?.message ?? "" }
    return {
      decision,
      events: [...remembered, queued],
      output: [{ ...row, ...status, id: mail.id }],
    }
  },
})

interface HopFacets {
  readonly clearHops: number
  readonly isMessageEncrypted: boolean
}

const wholeWay = gate<HopFacets>()({
  name: "whole-way",
  facts: ["CRY-198", "CRY-202"],
  reads: ["clearHops", "isMessageEncrypted"],
  check: ({ clearHops, isMessageEncrypted }) => {
    if (clearHops === 0)
      return pass("Every hop of this way was encrypted by itself.", { clearHops })
    return isMessageEncrypted
      ? pass("A hop was in clear, but the message carries its own encryption.", { clearHops })
      : pass("A hop was in clear, and so the message was readable there.", { clearHops })
  },
})

export const followMail = operation({
  name: "follow-mail",
  summary: "Follows a mail from domain to domain, and shows on which hop its content can be read.",
  params: Schema.Struct({
    path: Schema.Array(Schema.NonEmptyString).annotate({
      description: "Domains after the organization, in the order in which the mail passes them",
    }),
    isMessageEncrypted: Schema.optionalKey(Schema.Boolean),
  }),
  facts: ["CRY-198", "CRY-200", "CRY-202"],
  isReadOnly: true,
  decide: (
    { world, now }: Call<ExchangeWorld>,
    { path, isMessageEncrypted = false },
  ): Ruling<LowerEvent> => {
    const hops = path.map((domain, index) => ({
      domain,
      from: path[index - 1] ?? "organization",
      ...nextHopOf(world, { domain, now, isForeignHop: index > 0 }),
    }))
    const stopped = hops.findIndex(({ decision }) => decision.outcome !== "allow")
    const walked = stopped === -1 ? hops : hops.slice(0, stopped + 1)
    const rows = walked.map(({ from, domain, decision, tls }): OutputObject => {
      const isSent = decision.outcome === "allow"
      return {
        From: from,
        To: domain,
        Sent: isSent,
        Encrypted: tls !== undefined,
        ContentReadable: isSent && tls === undefined && !isMessageEncrypted,
      }
    })
    const refused = walked[stopped]
    const clearHops = walked.filter((it) => it.decision.outcome === "allow" && it.tls === undefined)
    return {
      decision:
        refused?.decision ??
        decideByGates([wholeWay], { clearHops: clearHops.length, isMessageEncrypted }),
      output: rows,
    }
  },
})

const listed = gate<object>()({
  name: "mail-queue",
  facts: ["CRY-204"],
  reads: [],
  check: () => pass("What waits to be sent may be seen."),
})

export const listMailQueue = operation({
  name: "list-mail-queue",
  summary: "Lists what waits to be sent, how often it was tried, and when it will be given up.",
  params: Schema.Struct({}),
  facts: ["CRY-204", "EXO-217"],
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>): Ruling<LowerEvent> => ({
    decision: decideByGates([listed], {}),
    output: mailQueueOf(world).map((it) => ({
      id: it.id,
      From: it.from,
      Domain: it.domain,
      Message: it.message ?? null,
      Tries: it.tries,
      NextTryAt: it.nextTryAt,
      ExpiresAt: expiryOf(world, it),
    })),
  }),
})

/** CRY-186: who buys and renews which certificate. */
const duties = (partners: number, isHybrid: boolean): readonly OutputObject[] => [
  { Certificate: "Endpoints of the service", BoughtBy: "Microsoft", RenewedBy: "Microsoft" },
  ...(partners === 0
    ? []
    : [
        {
          Certificate: "Own side of forced TLS with partners",
          BoughtBy: "Microsoft",
          RenewedBy: "Microsoft",
        },
        { Certificate: "Partner's side of forced TLS", BoughtBy: "Partner", RenewedBy: "Partner" },
      ]),
  ...(isHybrid
    ? [{ Certificate: "Own Exchange servers", BoughtBy: "Tenant", RenewedBy: "Tenant" }]
    : []),
]

export const listCertificateDuties = operation({
  name: "list-certificate-duties",
  summary: "Says for which certificates the organization has to care itself.",
  params: Schema.Struct({
    domain: Schema.optionalKey(text("Only as far as mail to this domain needs it")),
  }),
  facts: ["CRY-186"],
  isReadOnly: true,
  decide: ({ world }: Call<ExchangeWorld>, { domain }): Ruling<LowerEvent> => {
    const all = outboundConnectorsOf(world).filter((it) => it.isEnabled)
    const one = domain === undefined ? undefined : connectorFor(all, domain)
    const relevant = domain === undefined ? all : one === undefined ? [] : [one]
    const partners = relevant.filter(
      (it) => it.connectorType === "Partner" && it.tlsSettings !== null,
    )
    const isHybrid = relevant.some((it) => it.connectorType === "OnPremises")
    const count = partners.length
    return {
      decision: decideByGates([owners], { partners: count, isHybrid }),
      output: duties(count, isHybrid),
    }
  },
})

const owners = gate<{ readonly partners: number; readonly isHybrid: boolean }>()({
  name: "certificate-duties",
  facts: ["CRY-186"],
  reads: ["partners", "isHybrid"],
  check: (found) =>
    pass(
      "Microsoft brings the certificates of the service; with partners and own servers each side brings its own.",
      found,
    ),
})
