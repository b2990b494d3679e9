import { transportSettingsOf } from "@twin/crypto"
import { domainOf } from "@twin/identity"
import type { OutgoingMail } from "@twin/kernel"
import { defaultDomainOf } from "../defaultDomain.ts"
import { type ExchangeWorld, scopeOf } from "../State.ts"

/** The mailbox of the service itself, the same in every organization. */
const systemMailbox = "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e"

/**
 * Who reports: to a sender of the organization the service itself, to a sender outside the
 * postmaster, whose address `ExternalPostmasterAddress` may change. Either in the default domain.
 */
const reporterTo = (world: ExchangeWorld, sender: string): string => {
  const domain = defaultDomainOf(world) ?? domainOf(sender)
  if (scopeOf(world, sender) === "InOrganization") return `${systemMailbox}@${domain}`
  return transportSettingsOf(world).externalPostmasterAddress ?? `postmaster@${domain}`
}

interface NonDelivery {
  readonly to: string
  readonly subject: string
  readonly recipients: readonly string[]
  /** Enhanced code and text, as the last server said it. */
  readonly error: string
  readonly link: string
}

/** What the sender gets back for recipients who get nothing. */
export const nonDeliveryReport = (world: ExchangeWorld, o: NonDelivery): OutgoingMail => ({
  kind: "notification",
  from: reporterTo(world, o.to),
  to: o.to,
  subject: `Undeliverable: ${o.subject}`,
  text:
    `Your message to ${o.recipients.join(", ")} couldn't be delivered.\n` +
    `Remote server returned '550 ${o.error}'`,
  link: o.link,
})
