import { Schema } from "effect"

/** The plans that the facts name, with what each brings (EXO-006, EXO-007). */
const plans = {
  "Exchange Online Plan 1": { messageEncryption: false, advanced: false },
  "Exchange Online Plan 1 with Azure Information Protection Plan 1": {
    messageEncryption: true,
    advanced: false,
  },
  "Office 365 E1": { messageEncryption: false, advanced: false },
  "Office 365 E1 with Azure Information Protection Plan 1": {
    messageEncryption: true,
    advanced: false,
  },
  "Office 365 E3": { messageEncryption: true, advanced: false },
  "Office 365 E5": { messageEncryption: true, advanced: true },
  "Office 365 A3": { messageEncryption: true, advanced: false },
  "Office 365 A5": { messageEncryption: true, advanced: true },
  "Microsoft 365 Business Basic": { messageEncryption: false, advanced: false },
  "Microsoft 365 Business Premium": { messageEncryption: true, advanced: false },
  "Microsoft 365 E3": { messageEncryption: true, advanced: false },
  "Microsoft 365 E3 with Microsoft 365 E5 Compliance": { messageEncryption: true, advanced: true },
  "Microsoft 365 E3 with Office 365 Advanced Compliance": {
    messageEncryption: true,
    advanced: true,
  },
  "Microsoft 365 A3 with Microsoft 365 E5/A5 Information Protection and Governance": {
    messageEncryption: true,
    advanced: true,
  },
  "Microsoft 365 E3 with Microsoft 365 E5/A5 Information Protection and Governance": {
    messageEncryption: true,
    advanced: true,
  },
  "Microsoft 365 E5": { messageEncryption: true, advanced: true },
} as const

export type SubscriptionPlan = keyof typeof plans
export const SubscriptionPlan = Schema.Literals(
  Object.keys(plans) as [SubscriptionPlan, ...SubscriptionPlan[]],
)

/** What the organization has bought, and the service plan inside it that can be switched off. */
export const Subscription = Schema.Struct({
  plan: SubscriptionPlan,
  /** "Premium Encryption in Office 365": needed for expiry and revocation (EXO-008). */
  hasPremiumEncryption: Schema.Boolean,
})
export type Subscription = typeof Subscription.Type

export const hasMessageEncryption = ({ plan }: Subscription): boolean =>
  plans[plan].messageEncryption

/** Several branding templates and portal logs (EXO-007, EXO-010). */
export const hasAdvancedMessageEncryption = ({ plan }: Subscription): boolean =>
  plans[plan].advanced

/** Expiry and revocation (EXO-008, EXO-175). */
export const hasExpiryAndRevocation = (subscription: Subscription): boolean =>
  hasAdvancedMessageEncryption(subscription) && subscription.hasPremiumEncryption
