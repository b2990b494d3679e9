import {
  type Decision,
  type Due,
  hours,
  isFaultOn,
  minutes,
  type OutgoingMail,
  refusalOf,
} from "@twin/kernel"
import { evaluateOutboundTls, type OutboundTls } from "../decisions/evaluateOutboundTls.ts"
import { dnsSpoofed, tlsStripped } from "../faults.ts"
import { ownValue } from "../ownValue.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { connectorFor } from "./OutboundConnector.ts"
import type { QueuedMail } from "./TransportState.ts"

export interface OutboundQuestion {
  readonly domain: string
  readonly now: number
  readonly isFinal?: boolean
  readonly isTlsRequired?: boolean
  readonly isStrictRfc?: boolean
}

/** The decision for one domain as the world is: its connector, its cached policy, the faults that are on. */
export const outboundTlsOf = (world: CryptoWorld, question: OutboundQuestion): OutboundTls => {
  const { transport } = world.crypto
  const domain = question.domain.toLowerCase()
  return evaluateOutboundTls({
    ...question,
    domain,
    cloud: "Worldwide",
    destination: ownValue(transport.destinations, domain),
    connector: connectorFor(Object.values(transport.connectors), domain),
    cachedPolicy: ownValue(transport.policies, domain),
    isDnsSpoofed: isFaultOn(world, dnsSpoofed),
    isTlsStripped: isFaultOn(world, tlsStripped),
  })
}

/** A fetched policy is remembered, whatever became of the mail. */
export const policyEventsOf = ({ mtaSts }: OutboundTls): readonly CryptoEvent[] =>
  mtaSts.cached === undefined ? [] : [{ _tag: "MtaStsPolicyCached", cached: mtaSts.cached }]

/** EXO-217: after a quarter of an hour, once more after another one, then every hour. */
export const nextTryAt = (mail: Pick<QueuedMail, "tries">, now: number): number =>
  now + (mail.tries <= 2 ? minutes(15) : hours(1))

/** Mails whose next try has come: each is evaluated anew, from DNS on (CRY-204). */
export const dueMails = (world: CryptoWorld, until: number): readonly Due<CryptoEvent>[] =>
  world.crypto.transport.queue
    .filter((mail) => mail.nextTryAt <= until)
    .map((mail) => tryAgain(world, mail))

const tryAgain = (world: CryptoWorld, mail: QueuedMail): Due<CryptoEvent> => {
  const { domain, isTlsRequired, nextTryAt: at } = mail
  const endsAt = mail.firstTriedAt + hours(world.crypto.transport.messageExpirationHours)
  const isFinal = at >= endsAt
  const outbound = outboundTlsOf(world, { domain, now: at, isFinal, isTlsRequired })
  const { decision } = outbound
  const remembered = policyEventsOf(outbound)
  if (decision.outcome === "allow" || isFinal) {
    const isReturned = decision.outcome !== "allow"
    return {
      at,
      name: isReturned ? "mail-returned" : "mail-sent-after-retry",
      decision,
      events: [...remembered, { _tag: "MailUnqueued", id: mail.id }],
      mail: isReturned ? [nonDeliveryReport(mail, decision)] : [],
    }
  }
  const tries = mail.tries + 1
  const next = Math.min(nextTryAt({ tries }, at), endsAt)
  const waiting: CryptoEvent = { _tag: "MailQueued", mail: { ...mail, tries, nextTryAt: next } }
  return { at, name: "mail-deferred", decision, events: [...remembered, waiting] }
}

/** What the sender gets back once the service has given up. */
const nonDeliveryReport = (mail: QueuedMail, decision: Decision): OutgoingMail => ({
  kind: "notification",
  from: "postmaster@contoso.com",
  to: mail.from,
  subject: `Undeliverable: mail to ${mail.domain}`,
  text: `Your message to ${mail.domain} couldn't be delivered.\n${refusalOf(decision)?.message ?? ""}`,
  link: mail.id,
})
