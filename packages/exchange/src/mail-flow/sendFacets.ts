import { personOf, userOf } from "@twin/identity"
import type { Call } from "@twin/kernel"
import { ledgerOf, rmsServiceOf } from "@twin/mip"
import type { SendFacets } from "../decisions/evaluateSend.ts"
import { irmInForce } from "../irmInForce.ts"
import { isIrmEnabledInOwa } from "../Mailboxes.ts"
import { type ExchangeWorld, subscriptionOf } from "../State.ts"
import { hasMessageEncryption } from "../SubscriptionPlan.ts"
import { type Draft, sizeOf } from "./Draft.ts"
import { isOwnMailbox, type ResolvedRecipients } from "./recipients.ts"

/** What the gates in front of mail flow look at, for one message. */
export const sendFacets = (
  { world, actor, now }: Pick<Call<ExchangeWorld>, "world" | "actor" | "now">,
  draft: Draft,
  { recipients }: ResolvedRecipients,
): SendFacets => {
  const irm = irmInForce(world, now)
  const subscription = subscriptionOf(world)
  const person = personOf(world, draft.from)
  const inside = recipients.filter(({ scope }) => scope === "InOrganization").length
  return {
    sender: isOwnMailbox(world, draft.from)
      ? "mailbox"
      : person === undefined
        ? "nobody"
        : "outside",
    isSenderEnabled:
      userOf(world, draft.from)?.accountEnabled !== false && person?.accountEnabled !== false,
    insideRecipients: inside,
    outsideRecipients: recipients.length - inside,
    isInConversation: draft.inReplyTo !== undefined,
    wanted: draft.protecting.kind,
    client: actor.client.app,
    senderAccount: person?.account ?? "unknown",
    plan: subscription.plan,
    hasMessageEncryption: hasMessageEncryption(subscription),
    functionalState: rmsServiceOf(world).functionalState,
    adRms: ledgerOf(world).subscription.adRms,
    isIrmEnabledInOwa: isIrmEnabledInOwa(world, draft.from),
    azureRmsLicensing: irm.AzureRMSLicensingEnabled,
    internalLicensing: irm.InternalLicensingEnabled,
    isEncryptButtonShown: irm.SimplifiedClientAccessEnabled,
    isEncryptOnlyHidden: irm.SimplifiedClientAccessEncryptOnlyDisabled,
    isDoNotForwardHidden: irm.SimplifiedClientAccessDoNotForwardDisabled,
    sizeBytes: sizeOf(draft),
  }
}
