import { type FaultDefinition, isFaultOn, minutes } from "@twin/kernel"
import type { ExchangeWorld } from "./State.ts"

/** Names of the disturbances that this domain knows. */
export const faultNames = {
  ruleDelay: "mail-flow-rule-delay",
  inspection: "mail-inspection-failure",
} as const

export const faults: readonly FaultDefinition[] = [
  {
    name: faultNames.ruleDelay,
    summary: "Changes of mail flow rules take their 30 minutes to reach mail.",
    facts: ["EXO-109"],
  },
  {
    name: faultNames.inspection,
    summary: "Mail flow rules cannot evaluate conditions on body and attachments.",
    facts: ["EXO-108"],
  },
]

/** How long a rule change may take to apply (EXO-109). */
export const ruleDelayMinutes = 30

/**
 * What becomes of a passcode mail: the disturbances of code mails are declared by identity and hold
 * for every mail with a code. Fifteen minutes is as long as a passcode of the portal lives (EXO-068).
 */
export const codeMailDelivery = (
  world: ExchangeWorld,
): { readonly delayMillis?: number; readonly isLost?: boolean } => {
  if (isFaultOn(world, "code-mail-lost")) return { isLost: true }
  return isFaultOn(world, "code-mail-delayed") ? { delayMillis: minutes(15) } : {}
}
