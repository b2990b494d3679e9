import { mailQueueOf, policyEventsOf, type QueuedMail, transportSettingsOf } from "@twin/crypto"
import { type Decision, type Due, hours, minutes, type OutgoingMail, refusalOf } from "@twin/kernel"
import type { LowerEvent } from "../LowerEvent.ts"
import { waitingCopyOf } from "../messageStore.ts"
import { type ExchangeEvent, type ExchangeWorld, messageOf } from "../State.ts"
import { nextHopOf } from "./nextHop.ts"
import { nonDeliveryReport } from "./nonDelivery.ts"

/** EXO-217: after a quarter of an hour, once more after another one, then every hour. */
export const nextTryAt = (mail: Pick<QueuedMail, "tries">, now: number): number =>
  now + (mail.tries <= 2 ? minutes(15) : hours(1))

/** When a mail is given up (EXO-203). */
export const expiryOf = (world: ExchangeWorld, { firstTriedAt }: QueuedMail): number =>
  firstTriedAt + hours(transportSettingsOf(world).messageExpirationHours)

/** What one more try comes to. */
export interface Retry {
  readonly name: "mail-sent-after-retry" | "mail-deferred" | "mail-returned"
  readonly decision: Decision
  readonly events: readonly (ExchangeEvent | LowerEvent)[]
  readonly mail: readonly OutgoingMail[]
  /** What a message writes into its trace. */
  readonly detail: string
}

/** One more try, evaluated anew, from DNS on (CRY-204); what a message brings along is not touched. */
export const retry = (world: ExchangeWorld, mail: QueuedMail, now: number): Retry => {
  const { domain, isTlsRequired } = mail
  const isFinal = now >= expiryOf(world, mail)
  const outbound = nextHopOf(world, { domain, now, isFinal, isTlsRequired })
  const { decision } = outbound
  const remembered = policyEventsOf(outbound)
  const done: LowerEvent = { _tag: "MailUnqueued", id: mail.id }
  if (decision.outcome === "allow") {
    const events = [...remembered, done]
    return { name: "mail-sent-after-retry", decision, events, mail: [], detail: wayOf(outbound) }
  }
  const { message: detail = "" } = refusalOf(decision) ?? {}
  if (isFinal) {
    const report = nonDeliveryReport(world, reportOn(world, mail, detail))
    const events = [...remembered, done]
    return { name: "mail-returned", decision, events, mail: [report], detail }
  }
  const events = [...remembered, laterTry(world, mail, now)]
  return { name: "mail-deferred", decision, events, mail: [], detail }
}

/** The mail waits for the try after this one, at the latest for the last. */
export const laterTry = (world: ExchangeWorld, mail: QueuedMail, now: number): LowerEvent => {
  const tries = mail.tries + 1
  const next = Math.min(nextTryAt({ tries }, now), Math.max(expiryOf(world, mail), now + 1))
  return { _tag: "MailQueued", mail: { ...mail, tries, nextTryAt: next } }
}

/** The server that takes a mail, and how; what the trace shows. */
export const wayOf = ({
  host = "",
  tls,
}: Pick<ReturnType<typeof nextHopOf>, "host" | "tls">): string =>
  tls === undefined ? `${host}, in clear` : `${host}, ${tls.version}, ${tls.suite}`

const reportOn = (world: ExchangeWorld, mail: QueuedMail, error: string) => {
  const message = mail.message === undefined ? undefined : messageOf(world, mail.message)
  const recipients = waitingCopyOf(world, mail.id)?.copy.deliveries.map((it) => it.recipient)
  return {
    to: mail.from,
    subject: message?.subject ?? `mail to ${mail.domain}`,
    recipients: recipients ?? [mail.domain],
    error,
    link: mail.message ?? mail.id,
  }
}

/**
 * Mails whose next try has come. A message brings bytes along, so the service calls the operation
 * that handles them.
 */
export const dueMails = (
  world: ExchangeWorld,
  until: number,
): readonly Due<ExchangeEvent | LowerEvent>[] =>
  mailQueueOf(world)
    .filter((mail) => mail.nextTryAt <= until)
    .map((mail) => {
      const { name, decision, events, mail: reports } = retry(world, mail, mail.nextTryAt)
      const due = { at: mail.nextTryAt, name, decision }
      return mail.message === undefined
        ? { ...due, events, mail: reports }
        : { ...due, events: [], operation: { name: "try-queued-mail", params: { id: mail.id } } }
    })
