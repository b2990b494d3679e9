import { isFaultOn } from "@twin/kernel"
import {
  type AssumedServer,
  evaluateOutboundTls,
  type OutboundTls,
} from "../decisions/evaluateOutboundTls.ts"
import { dnsSpoofed, tlsStripped } from "../faults.ts"
import { ownValue } from "../ownValue.ts"
import type { CryptoEvent, CryptoWorld } from "../State.ts"
import { connectorFor } from "./OutboundConnector.ts"

export interface OutboundQuestion {
  readonly domain: string
  /** Epoch milliseconds. */
  readonly now: number
  /** The last try before the mail is returned: the codes are final. */
  readonly isFinal?: boolean
  readonly isTlsRequired?: boolean
  readonly isStrictRfc?: boolean
  /** A later hop, by somebody else's servers: they know nothing of these connectors. */
  readonly isForeignHop?: boolean
  /** What the domain counts as where nobody described it; undefined: nobody answers for it. */
  readonly assumed?: AssumedServer | undefined
}

/** The decision for one domain as the world is: its connector, its cached policy, the faults that are on. */
export const outboundTlsOf = (world: CryptoWorld, question: OutboundQuestion): OutboundTls => {
  const { transport } = world.crypto
  const { isForeignHop = false, ...asked } = question
  const domain = asked.domain.toLowerCase()
  return evaluateOutboundTls({
    ...asked,
    domain,
    cloud: "Worldwide",
    destination: ownValue(transport.destinations, domain),
    connector: isForeignHop ? undefined : connectorFor(Object.values(transport.connectors), domain),
    cachedPolicy: ownValue(transport.policies, domain),
    isDnsSpoofed: isFaultOn(world, dnsSpoofed),
    isTlsStripped: isFaultOn(world, tlsStripped),
  })
}

/** A fetched policy is remembered, whatever became of the mail. */
export const policyEventsOf = ({ mtaSts }: OutboundTls): readonly CryptoEvent[] =>
  mtaSts.cached === undefined ? [] : [{ _tag: "MtaStsPolicyCached", cached: mtaSts.cached }]
