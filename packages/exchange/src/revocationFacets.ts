import { personOf } from "@twin/identity"
import type { Actor } from "@twin/kernel"
import type { RevocationFacets } from "./decisions/evaluateRevocation.ts"
import { recipientKindOf } from "./recipientExperience.ts"
import { type ExchangeWorld, messageOf, subscriptionOf } from "./State.ts"
import { hasAdvancedMessageEncryption } from "./SubscriptionPlan.ts"

/** What gates on revocation look at, for one message and one actor. */
export const revocationFacets = (
  world: ExchangeWorld,
  o: { readonly by: RevocationFacets["by"]; readonly name: string; readonly actor: Actor },
): RevocationFacets => {
  const message = messageOf(world, o.name)
  const subscription = subscriptionOf(world)
  const deliveries = message?.copies.flatMap((copy) => copy.deliveries) ?? []
  const [only] = deliveries
  const mailbox = personOf(world, o.actor.id)?.address ?? o.actor.id.toLowerCase()
  return {
    by: o.by,
    messageExists: message?.isFromMailbox === true,
    isSender: message?.from === mailbox,
    plan: subscription.plan,
    hasAdvancedEncryption: hasAdvancedMessageEncryption(subscription),
    hasPremiumEncryption: subscription.hasPremiumEncryption,
    recipients: deliveries.length,
    linkRecipients: deliveries.filter(({ form }) => form === "wrapper").length,
    onlyRecipientKind:
      only === undefined || deliveries.length !== 1
        ? ""
        : recipientKindOf({
            address: only.recipient,
            isOwnMailbox: only.isInternal,
            account: personOf(world, only.recipient)?.account ?? "unknown",
          }),
    client: o.actor.client.app,
  }
}
