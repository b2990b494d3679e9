import { type Decision, isFaultOn } from "@twin/kernel"
import { evaluateInboundMail } from "../decisions/evaluateInboundMail.ts"
import { tlsStripped } from "../faults.ts"
import type { CryptoWorld } from "../State.ts"
import { inboundConnectorFor } from "./InboundConnector.ts"
import type { SendingServer } from "./MailDestination.ts"
import { inboundConnectorsOf, mailDestinationOf } from "./transportLookup.ts"

export interface InboundQuestion {
  /** Domain of the sender. */
  readonly domain: string
  readonly now: number
  /** The sender is a tenant of the service as well: TLS is always used (CRY-199). */
  readonly isInsideService?: boolean
  /** What is known about this connection beyond what the owner of the domain described. */
  readonly seen?: Partial<Pick<SendingServer, "hasTls" | "ipAddress">>
}

/** The decision for mail from one domain as the world is. A domain nobody described speaks TLS. */
export const inboundMailOf = (world: CryptoWorld, question: InboundQuestion): Decision => {
  const { domain, now, seen = {}, isInsideService = false } = question
  const authority = mailDestinationOf(world, domain)
  const sending = { ...(authority?.sending ?? { hasTls: true, chain: [] }), ...seen }
  const isStripped = isFaultOn(world, tlsStripped)
  return evaluateInboundMail({
    now,
    connector: inboundConnectorFor(inboundConnectorsOf(world), domain),
    sending: { ...sending, hasTls: isInsideService || (sending.hasTls && !isStripped) },
    authority,
    isAssumed: authority?.sending === undefined,
  })
}
