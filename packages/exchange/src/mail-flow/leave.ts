import { type OutboundTls, policyEventsOf } from "@twin/crypto"
import { domainOf } from "@twin/identity"
import { type Call, type Decision, type Gate, refusalOf } from "@twin/kernel"
import type { LowerEvent } from "../LowerEvent.ts"
import type { TransportHop } from "../MailMessage.ts"
import type { RuleRecipient } from "../rules/RuleMessage.ts"
import type { ExchangeWorld } from "../State.ts"
import type { Finished } from "./finishCopy.ts"
import { wayOf } from "./mailQueue.ts"
import { nextHopOf } from "./nextHop.ts"

/** Recipients of one copy whose servers do not take it now as it has to be sent. */
export interface HeldBack {
  readonly finished: Finished
  readonly domain: string
  readonly isTlsRequired: boolean
  readonly code: string
  readonly text: string
}

/** What leaves at once, and what has to wait. */
export interface Leaving {
  readonly finished: readonly Finished[]
  readonly heldBack: readonly HeldBack[]
  /** Gates of the servers outside; undefined where everybody is inside. */
  readonly decision: Decision | undefined
  /** Policies that were learned on the way. */
  readonly events: readonly LowerEvent[]
  readonly hops: readonly TransportHop[]
}

/** A server outside asked for one copy. */
interface Asked {
  readonly finished: Finished
  readonly domain: string
  readonly recipients: readonly RuleRecipient[]
  readonly isTlsRequired: boolean
  readonly outbound: OutboundTls
}

/**
 * Asks for every domain outside whether and how mail may leave for it: connector, DANE, MTA-STS, else
 * as good as it gets (EXO-196 to EXO-223). What cannot leave waits; the rest of the copy goes on.
 */
export const leave = (call: Call<ExchangeWorld>, copies: readonly Finished[]): Leaving => {
  const asked = copies.flatMap((finished) => askedFor(call, finished))
  const kept = new Set(asked.filter(isRefused).flatMap(({ recipients }) => recipients))
  const finished = copies
    .map((it) => ({ ...it, recipients: it.recipients.filter((to) => !kept.has(to)) }))
    .filter(({ recipients }) => recipients.length > 0)
  const events = new Map(
    asked.map(({ domain, outbound }) => [domain, policyEventsOf(outbound)] as const),
  )
  return {
    finished,
    heldBack: asked.filter(isRefused).map(heldBack),
    decision: decisionOf(asked, finished.length > 0),
    events: [...events.values()].flat(),
    hops: asked.map((it) => hopOf(it, call.now)),
  }
}

const isRefused = ({ outbound }: Asked): boolean => outbound.decision.outcome !== "allow"

const askedFor = ({ world, now }: Call<ExchangeWorld>, finished: Finished): readonly Asked[] => {
  const isTlsRequired = finished.copy.requiresTls === true
  const outside = Map.groupBy(
    finished.recipients.filter(({ scope }) => scope !== "InOrganization"),
    ({ original }) => domainOf(original),
  )
  return [...outside].map(([domain, recipients]) => {
    const [first] = recipients
    const address = first === undefined ? {} : { address: first.original }
    const outbound = nextHopOf(world, { domain, now, isTlsRequired, ...address })
    return { finished, domain, recipients, isTlsRequired, outbound }
  })
}

const heldBack = ({ finished, domain, recipients, isTlsRequired, outbound }: Asked): HeldBack => {
  const { code = "", message: text = "" } = refusalOf(outbound.decision) ?? {}
  return { finished: { ...finished, recipients }, domain, isTlsRequired, code, text }
}

const hopOf = ({ domain, recipients, outbound }: Asked, at: number): TransportHop => {
  const isSent = outbound.decision.outcome === "allow"
  return {
    at,
    domain,
    recipients: recipients.map(({ original }) => original),
    event: isSent ? "SEND" : "DEFER",
    detail: isSent ? wayOf(outbound) : (refusalOf(outbound.decision)?.message ?? ""),
  }
}

/** Gates of the domains that refuse stand first: the last gate decides, as everywhere. */
const decisionOf = (asked: readonly Asked[], isAnyoneReached: boolean): Decision | undefined => {
  const routes = new Map(asked.map((it) => [`${it.domain} ${it.isTlsRequired}`, it] as const))
  const all = [...routes.values()].map(({ domain, outbound: { decision } }) => ({
    isSent: decision.outcome === "allow",
    outcome: decision.outcome,
    gates: decision.gates.map((it): Gate => ({ ...it, route: it.route ?? domain })),
  }))
  const refused = all.filter(({ isSent }) => !isSent)
  const sent = all.filter(({ isSent }) => isSent)
  const [first, ...rest] = [...refused, ...sent].flatMap(({ gates }) => gates)
  if (first === undefined) return undefined
  const outcome = isAnyoneReached ? "allow" : (refused.at(-1)?.outcome ?? "allow")
  return { outcome, gates: [first, ...rest] }
}
