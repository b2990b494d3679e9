import { decideByGates, gate, hours, type OutputObject, pass, refusalOf } from "@twin/kernel"
import { Schema } from "effect"
import type { CryptoEvent } from "../State.ts"
import { nextTryAt, outboundTlsOf, policyEventsOf } from "../transport/mailQueue.ts"
import { connectorFor } from "../transport/OutboundConnector.ts"
import type { QueuedMail } from "../transport/TransportState.ts"
import { cryptoOperation, text } from "./cryptoOperation.ts"

export const sendOverSmtp = cryptoOperation({
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
  decide: ({ world, now, actor, draw }, { domain, requireTls = false }) => {
    const outbound = outboundTlsOf(world, { domain, now, isTlsRequired: requireTls })
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
    const queued: CryptoEvent = { _tag: "MailQueued", mail }
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

export const followMail = cryptoOperation({
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
  decide: ({ world, now }, { path, isMessageEncrypted = false }) => {
    const hops = path.map((domain, index) => {
      // Only the first hop is the organization's own: a later one knows nothing of its connectors.
      const own = index === 0 ? world : withoutConnectors(world)
      return {
        domain,
        from: path[index - 1] ?? "organization",
        ...outboundTlsOf(own, { domain, now }),
      }
    })
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

const withoutConnectors = <W extends { readonly crypto: { readonly transport: object } }>(
  world: W,
): W => ({
  ...world,
  crypto: { ...world.crypto, transport: { ...world.crypto.transport, connectors: {} } },
})

const listed = gate<object>()({
  name: "mail-queue",
  facts: ["CRY-204"],
  reads: [],
  check: () => pass("What waits to be sent may be seen."),
})

export const listMailQueue = cryptoOperation({
  name: "list-mail-queue",
  summary: "Lists what waits to be sent, how often it was tried, and when it will be given up.",
  params: Schema.Struct({}),
  facts: ["CRY-204", "EXO-217"],
  isReadOnly: true,
  decide: ({ world }) => ({
    decision: decideByGates([listed], {}),
    output: world.crypto.transport.queue.map((it) => ({
      id: it.id,
      From: it.from,
      Domain: it.domain,
      Tries: it.tries,
      NextTryAt: it.nextTryAt,
      ExpiresAt: it.firstTriedAt + hours(world.crypto.transport.messageExpirationHours),
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

export const listCertificateDuties = cryptoOperation({
  name: "list-certificate-duties",
  summary: "Says for which certificates the organization has to care itself.",
  params: Schema.Struct({
    domain: Schema.optionalKey(text("Only as far as mail to this domain needs it")),
  }),
  facts: ["CRY-186"],
  isReadOnly: true,
  decide: ({ world }, { domain }) => {
    const all = Object.values(world.crypto.transport.connectors).filter((it) => it.isEnabled)
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
